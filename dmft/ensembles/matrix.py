"""Matrix: a given connectivity, rotated by a random orthogonal matrix."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike
from scipy import linalg
from scipy.interpolate import CubicSpline

from ..base import checks
from ..base.allocation import require
from ..base.annotations import Sparse
from ..base.array_data import ArrayData
from ..base.errors import ConvergenceError
from ..base.matrices import square_matrix
from ..equations import fluctuations as equations
from ..grids.order_parameters import Frequencies, OrderParameters
from .causal_matrix import CausalMatrix, inverse_of_products
from .tuning import LEAST_RESPONSE, RESPONSE_NODES


@dataclass(frozen=True, eq=False)
class Matrix(ArrayData):
    """J = Q A Q^T with a given matrix A and a random orthogonal Q.

    J has the singular values of A and the overlaps of all its singular vectors, in a random basis.
    Noise and memory are those of the linear network z phi = J phi + xi with the same C and S: its
    response (1/N) Tr (z - A)^{-1} = S determines z, and with h = (1/N) Tr (z - A)^{-1}
    (z - A)^{-dagger} the memory is K = z - 1/S and the noise is C (1/abs(S)^2 - 1/h). Traces of
    four resolvents are its four-point function F, and W'' = Q - F^{-1}.

    Parameters
    ----------
    matrix : (N, N) array, Connectivity or scipy.sparse matrix
        A, from neuron j (column) to neuron i (row).

    Raises
    ------
    ModelError
        If it is not square, contains NaN, or is zero.

    Examples
    --------
    >>> import dmft
    >>> one = dmft.Matrix([[0.0, 2.0], [0.5, 0.0]])
    >>> one.noise_gain, one.has_memory
    (None, True)
    """

    matrix: np.ndarray

    noise_gain = None
    has_memory = True

    if TYPE_CHECKING:  # accepts more than the fields keep; test_types.py compares the two
        def __init__(self, matrix: ArrayLike | Sparse) -> None: ...

    def __post_init__(self):
        matrix = square_matrix("matrix", self.matrix)
        if not np.any(matrix):
            checks.reject("matrix", matrix, "is zero", "give a matrix with couplings")
        object.__setattr__(self, "matrix", matrix)

    @cached_property
    def _schur(self) -> np.ndarray:
        """Complex Schur form of A: upper triangular, eigenvalues on the diagonal."""
        return linalg.schur(self.matrix.astype(complex), output="complex")[0]

    @property
    def eigenvalues(self) -> np.ndarray:
        """(N,) eigenvalues of A."""
        return np.diag(self._schur)

    def noise(self, order: OrderParameters | Frequencies) -> tuple[np.ndarray, float]:
        """Spectrum (n,) and static variance of the noise."""
        gain = self._on_grid(order, self._noise_gain)
        return order.C_spectrum * gain.real, float(np.real(order.C_static * gain[0]))

    def memory(self, order: OrderParameters | Frequencies) -> np.ndarray:
        """Transfer function (n,) of the memory kernel."""
        return self._on_grid(order, lambda S, z: equations.resolvent_memory(z, S))

    def _noise_gain(self, S: np.ndarray, z: np.ndarray) -> np.ndarray:
        h = np.array([np.sum(np.abs(self._resolvent(one)) ** 2) for one in z]) / len(self.matrix)
        return equations.resolvent_noise(1.0, S, h).astype(complex)

    @cached_property
    def _norm(self) -> float:
        return float(np.linalg.norm(self.matrix, 2))

    def _on_grid(self, order, function) -> np.ndarray:
        """function(S, z) at the frequencies of `order`; a spline interpolates if they are many."""
        n = len(order.S)
        # For weaker responses the limits have been reached, and z - 1/S cancels to rounding.
        response, size = order.S, np.abs(order.S)
        least = LEAST_RESPONSE / self._norm
        response = np.where(size < least, least * np.where(size > 0, response, 1)
                            / np.where(size > 0, size, 1), response)
        if n <= 2 * RESPONSE_NODES:
            return function(response, self._resolvent_argument(response))
        place = np.arcsinh(order.omega / (0.05 * (self._norm + 1.0)))
        chosen = np.unique(np.searchsorted(place, np.linspace(0, place[-1], RESPONSE_NODES)))
        chosen = np.unique(np.append(np.minimum(chosen, n - 1), [0, n - 1]))
        S = response[chosen]
        values = function(S, self._resolvent_argument(S))
        return CubicSpline(place[chosen], values)(place)

    def _resolvent_argument(self, S: np.ndarray) -> np.ndarray:
        """z with (1/N) Tr (z - A)^{-1} = S, outside the eigenvalues, for each of the S (n,).

        Newton's method, continued along a ray from small S, where z = 1/S + (1/N) Tr A.
        """
        values, mean = self.eigenvalues, np.trace(self.matrix) / len(self.matrix)
        start = 1 / (4 * np.max(np.abs(values)) + 4 * np.abs(mean) + 1e-300)
        smallest = np.minimum(1.0, start / np.abs(S))
        z = 1 / (S * smallest) + mean
        for share in np.linspace(0, 1, 24):
            target = S * smallest ** (1 - share)
            z = self._newton(z, target, values)
        return z

    @staticmethod
    def _newton(z: np.ndarray, S: np.ndarray, values: np.ndarray) -> np.ndarray:
        for _ in range(40):
            inverse = 1 / (z[:, None] - values)
            off = np.mean(inverse, axis=1) - S
            # The step of the equation in 1/S, which is nearly linear.
            step = off / np.mean(inverse**2, axis=1) * S / (off + S)
            z = z + step
            if np.max(np.abs(step) / np.abs(z)) < 1e-13:
                return z
        raise ConvergenceError("no z gives the matrix this response: an eigenvalue of the "
                               "connectivity is unstable; give a matrix of smaller norm")

    def _resolvent(self, z: complex) -> np.ndarray:
        inverse, info = linalg.lapack.ztrtri(z * np.eye(len(self.matrix)) - self._schur)
        if info:
            raise ConvergenceError("the resolvent of the connectivity is needed at one of its "
                                   "eigenvalues; give a matrix of smaller norm")
        return inverse

    def hessian(self, one: Frequencies, two: Frequencies) -> CausalMatrix:
        """W'' at all pairs of frequencies one (n1,) and two (n2,), from traces of resolvents."""
        N = len(self.matrix)
        require(16.0 * 4 * N**2 * (len(one.S) + len(two.S)), "matrix", (N, N),
                "give the modes of the network, by RandomModeNetwork.from_connectivity")

        def trace(a: np.ndarray, b: np.ndarray) -> np.ndarray:
            return a.reshape(len(a), -1) @ np.swapaxes(b, 1, 2).reshape(len(b), -1).T / N

        full = inverse_of_products(trace, self._propagators(one), self._propagators(two))
        sites = ((at.C_spectrum, at.S, np.conj(at.S)) for at in (one, two))
        return inverse_of_products(np.outer, *sites) - full

    def _propagators(self, at: Frequencies) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(n, N, N): correlations nu G G^dagger of trace N C, then G and G^dagger."""
        G = np.array([self._resolvent(z) for z in self._resolvent_argument(at.S)])
        H = np.conj(np.swapaxes(G, 1, 2))
        X = G @ H
        noise = at.C_spectrum / (np.trace(X, axis1=1, axis2=2).real / len(self.matrix))
        return noise[:, None, None] * X, G, H

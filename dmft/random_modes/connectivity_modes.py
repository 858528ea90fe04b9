"""The modes of a given connectivity matrix: strengths, overlaps, and effective rank."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike
from scipy import linalg, optimize

from ..base import checks
from ..base.allocation import require
from ..base.annotations import Seed, Sparse
from ..base.array_data import ArrayData
from ..base.matrices import square_matrix
from ..equations import random_modes as equations
from .connectivity_gains import balancing_gains
from .tuning import DECOMPOSED_COPIES, ZERO_SINGULAR_VALUE


@dataclass(frozen=True, eq=False)
class ConnectivityModes(ArrayData):
    """Modes, overlaps and gains of a connectivity matrix, from `dmft.measure_connectivity`.

    Parameters
    ----------
    matrix : (N, N) array
        Couplings from j (column) to i (row), with their mean subtracted if that was requested.
    mean : float
        The mean coupling that was subtracted; 0 if none was.
    singular_values : (N,) array
        s of the singular value decomposition U s V^T, descending.
    overlaps : (N,) array
        v_a . u_a of right and left singular vectors.
    strengths : (N,) array
        D: singular values corrected for the contribution of random couplings alone.
    unstructured : float
        g of the independent couplings that account for the rest of the variance.
    overlap_rms, shuffled_rms : float
        Root mean square of v_a . u_a, and of v_a . u_b over all other pairs, of modes with nonzero
        singular value.
    p_value : float
        Fraction of random pairings of left and right modes whose mean square overlap, weighted by
        s^2, is at least that of the matrix (at least 1 / (`shuffles` + 1)); NaN without shuffles.

    Examples
    --------
    >>> import dmft
    >>> import numpy as np
    >>> J = np.random.default_rng(1).standard_normal((50, 50)) / np.sqrt(50)
    >>> found = dmft.measure_connectivity(J)
    >>> found.neurons, found.singular_values.shape, bool(found.p_value > 0.05)
    (50, (50,), True)
    """

    matrix: np.ndarray
    mean: float
    singular_values: np.ndarray
    overlaps: np.ndarray
    strengths: np.ndarray
    unstructured: float
    overlap_rms: float
    shuffled_rms: float
    p_value: float

    @property
    def neurons(self) -> int:
        """Number of neurons N."""
        return len(self.matrix)

    @property
    def g_eff(self) -> float:
        """sqrt((1/N) sum s^2): root mean square coupling times sqrt(N)."""
        return float(np.sqrt(np.mean(self.singular_values**2)))

    @property
    def raw_rank(self) -> float:
        """(sum s^2)^2 / (N sum s^4), uncorrected: 1/2 for independent couplings."""
        return float(np.mean(self.singular_values**2) ** 2 / np.mean(self.singular_values**4))

    @property
    def effective_rank(self) -> float:
        """PR_D, from 1/PR_D = 1/raw_rank - 2; of order N, formally infinite, for independent ones.

        (For independent couplings, which have no modes.)
        """
        return float(self.g_eff**4 / np.mean(self.strengths**4))

    def scale(self, g: float | None) -> float:
        """The factor that rescales the matrix to g_eff = g; 1 for None."""
        return 1.0 if g is None else checks.positive("g", g) / self.g_eff

    @cached_property
    def gains(self) -> tuple[np.ndarray, np.ndarray]:
        """(N,) input gains u and (N,) output gains v: J_ij = u_i B_ij v_j.

        Every row and every column of B has the same mean square; u and v have mean square 1.
        """
        return balancing_gains(self.matrix)

    def __str__(self) -> str:
        mean_overlap = np.average(self.overlaps, weights=self.singular_values**2)
        test = "" if np.isnan(self.p_value) else f", p = {self.p_value:.2g} against shuffled pairs"
        return "\n".join([
            f"{self.neurons} neurons, mean coupling {self.mean:.4g} removed",
            f"g_eff = {self.g_eff:.4g}",
            f"effective rank = {self.effective_rank:.4g} per neuron ({self.raw_rank:.4g} before "
            "the contribution of random couplings is subtracted)",
            f"modes above the random part: {int(np.sum(self.strengths > 0))}, strongest "
            f"{self.strengths[0]:.4g}; unstructured g = {self.unstructured:.4g}",
            f"overlaps of left and right modes: rms {self.overlap_rms:.3g}, of other pairs "
            f"{self.shuffled_rms:.3g}, mean weighted by s^2 {mean_overlap:.3g}{test}",
            "gains: mean fourth power over squared mean square " + " and ".join(
                f"{np.mean(gain**4):.3g} ({name})"
                for gain, name in zip(self.gains, ("input", "output"), strict=True))
            + ", 1 for homogeneous gains"])


AnyConnectivity = ArrayLike | Sparse | ConnectivityModes  # a matrix, or its measured modes


def measure_connectivity(J: ArrayLike | Sparse, remove_mean: bool = True, shuffles: int = 1000,
                         rng: Seed = 0) -> ConnectivityModes:
    """Singular value decomposition of a connectivity matrix, interpreted as a sum of random modes.

    J = U s V^T. Independent couplings alone have singular values between 0 and 2 g, with
    (1/N) sum s^4 = 2 g^4, so that the singular values of a sum of modes with strengths D have
    (1/N) sum s^4 = (1/N) sum D^4 + 2 g_eff^4. The estimate corrects this bias: D_a^2 =
    max(s_a^2 - threshold, 0), and the variance removed by the threshold is assigned to independent
    couplings. The threshold is that for which both moments, g_eff and (1/N) sum D^4, are preserved
    (Clark et al. 2025: without overlaps, variance and dimension depend on these two alone).

    Overlaps are v_a . u_a. Modes of random directions have overlaps of order 1/sqrt(N); whether
    those of a matrix are larger is tested by pairing left and right modes at random.

    Parameters
    ----------
    J : (N, N) array, Connectivity or scipy.sparse matrix
        Couplings from neuron j (column) to neuron i (row); 2 neurons or more.
    remove_mean : bool
        Subtract the mean coupling first.
    shuffles : int
        Number of random pairings for the p value; 0 for none.
    rng : int, SeedSequence or Generator
        Seed of the pairings.

    Returns
    -------
    ConnectivityModes
        `.g_eff`, `.effective_rank`, `.strengths`, `.overlaps`, `.p_value`; printed, a summary.
        `RandomModeNetwork.from_connectivity`, `HeterogeneousNetwork.from_connectivity` and
        `rotated_network` make networks of it.

    Raises
    ------
    ModelError
        For a matrix that is not square, holds NaN or infinity, or is constant.

    Examples
    --------
    >>> J = np.random.default_rng(1).standard_normal((300, 300)) / np.sqrt(300)
    >>> found = measure_connectivity(J)
    >>> round(found.g_eff, 2), round(found.raw_rank, 2)
    (1.0, 0.5)
    """
    matrix = np.array(square_matrix("J", J))
    if len(matrix) < 2:
        checks.reject("J", matrix.shape, "not a square matrix of two neurons or more",
                      "give couplings with one row and one column per neuron")
    shuffles = checks.whole("shuffles", shuffles, 0)
    checks.flag("remove_mean", remove_mean)
    largest = float(np.max(np.abs(matrix)))
    if 0 < largest < 1e-100:
        checks.reject("J", J, f"so small (at most {largest:.1e}) that its squares underflow",
                      "multiply it by a constant")
    mean = float(np.mean(matrix)) if remove_mean else 0.0
    matrix -= mean
    if np.max(np.abs(matrix)) <= 1e-14 * abs(mean) or not np.any(matrix):
        checks.reject("J", J, "all couplings are equal: there is no structure to measure",
                      "give a matrix whose couplings differ")
    require(8.0 * DECOMPOSED_COPIES * matrix.size, "J", matrix.shape, "give fewer neurons")
    U, s, Vt = linalg.svd(matrix, check_finite=False)
    strengths, unstructured = _strengths(s)
    own = np.einsum("ai,ia->a", Vt, U)
    # Modes with zero singular value have arbitrary vectors, whose overlaps are meaningless.
    kept = s > ZERO_SINGULAR_VALUE * s[0]
    M, own_square = int(np.sum(kept)), float(np.sum(own[kept] ** 2))
    # With all modes V^T U is orthogonal, and the squares of its entries sum to N.
    total = float(M) if np.all(kept) else float(np.sum((Vt[kept] @ U[:, kept]) ** 2))
    others = max(total - own_square, 0.0) / max(M * (M - 1), 1)
    p_value = _p_value(Vt @ U, s, shuffles, checks.generator(rng)) if shuffles else np.nan
    for array in (matrix, s, own, strengths):
        array.flags.writeable = False
    return ConnectivityModes(matrix, mean, s, own, strengths, unstructured,
                             float(np.sqrt(own_square / M)), float(np.sqrt(others)), p_value)


def measured_modes(J: AnyConnectivity, remove_mean: bool = True) -> ConnectivityModes:
    """J itself if it is a ConnectivityModes; else the modes of J, without the overlap test."""
    if isinstance(J, ConnectivityModes):
        return J
    return measure_connectivity(J, remove_mean=remove_mean, shuffles=0)


def _strengths(s: np.ndarray) -> tuple[np.ndarray, float]:
    """D and the unstructured g, such that (1/N) sum D^4 is (1/N) sum s^4 - 2 g_eff^4."""
    square = s**2 / np.mean(s**2)
    # The effective rank is at most N: 1/PR_D below 1/N cannot be resolved with N neurons.
    inverse_rank = float(equations.haar_inverse_rank(1.0, np.mean(square**2)))
    target = max(inverse_rank, 1.0 / len(s))

    def excess(threshold: float) -> float:
        return float(np.mean(np.maximum(square - threshold, 0.0) ** 2)) - target

    threshold = 0.0 if excess(0.0) <= 0 else float(
        optimize.brentq(excess, 0.0, float(square[0]), xtol=1e-14))
    kept = np.maximum(square - threshold, 0.0)
    scale = float(np.mean(s**2))
    return np.sqrt(scale * kept), float(np.sqrt(scale * max(1.0 - float(np.mean(kept)), 0.0)))


def _p_value(O: np.ndarray, s: np.ndarray, shuffles: int, rng: np.random.Generator) -> float:
    """Fraction of random pairings of left and right modes with as much overlap, weighted by s^2."""
    rows, weight = np.arange(len(O)), s**2
    observed = float(weight @ np.diag(O) ** 2)
    reached = sum(float(weight @ O[rows, rng.permutation(len(O))] ** 2) >= observed
                  for _ in range(shuffles))
    return (1 + reached) / (1 + shuffles)

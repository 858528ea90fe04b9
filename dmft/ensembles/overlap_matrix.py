"""OverlapMatrix: modes with overlaps between every left and every right vector."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ..base.allocation import require
from ..grids.order_parameters import Frequencies
from .causal_matrix import CausalMatrix
from .tuning import NUMBERS_PER_BLOCK, WORST_CONDITION


class OverlapMatrix:
    """The formulas of single modes, with the M x M matrix T / S = (1 - S D O)^{-1} D.

    Averages over modes become traces, tr = (1/N) Tr: the noise gain is tr[T T+]/abs(S)^2, the
    memory tr[O T]/S.

    Parameters
    ----------
    strengths, overlaps : (M,), (M, M) arrays
        D_a, and O_ab = r_a . l_b.
    weight : float
        1/N per mode: alpha / M.
    """

    def __init__(self, strengths: np.ndarray, overlaps: np.ndarray, weight: float):
        self.D, self.O, self.weight = strengths, overlaps, weight

    @cached_property
    def _eigen(self) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
        """lambda, V, V^{-1} of D O = V diag(lambda) V^{-1}; None if V is ill-conditioned."""
        values, V = np.linalg.eig(self.D[:, None] * self.O)
        if np.linalg.cond(V) > WORST_CONDITION:
            return None
        return values, V, np.linalg.inv(V)

    @cached_property
    def eigenvalues(self) -> np.ndarray:
        """(M,) eigenvalues lambda of D O."""
        return np.linalg.eigvals(self.D[:, None] * self.O)

    def memory(self, S: np.ndarray) -> np.ndarray:
        """tr[O T] / S = (1/N) sum of lambda / (1 - S lambda), at the responses S (n,)."""
        each = self.eigenvalues / (1 - np.asarray(S)[:, None] * self.eigenvalues)
        return self.weight * np.sum(each, axis=1)

    def noise_gain(self, S: np.ndarray) -> np.ndarray:
        """tr[T T+] / abs(S)^2 at the responses S (n,)."""
        if self._eigen is None:
            return np.concatenate([self.weight * np.sum(np.abs(part) ** 2, axis=(1, 2))
                                   for part in self._transfer_in_blocks(S)])
        values, V, inverse = self._eigen
        gram = (V.conj().T @ V) * ((inverse * self.D**2) @ inverse.conj().T).T
        f = 1 / (1 - np.asarray(S)[:, None] * values)
        return self.weight * np.sum((f @ gram.T) * f.conj(), axis=1).real

    def transfer(self, S: np.ndarray) -> np.ndarray:
        """(n, M, M) matrices T / S at the responses S (n,)."""
        if self._eigen is None:
            return np.linalg.solve(np.eye(len(self.D)) - S[:, None, None] * self.D[:, None]
                                   * self.O, np.diag(self.D).astype(complex))
        values, V, inverse = self._eigen
        f = 1 / (1 - S[:, None] * values)
        return (V * f[:, None, :]) @ (inverse * self.D)

    def _transfer_in_blocks(self, S: np.ndarray):
        step = max(1, NUMBERS_PER_BLOCK // len(self.D) ** 2)
        return (self.transfer(np.asarray(S)[k:k + step]) for k in range(0, len(S), step))

    def hessian(self, one: Frequencies, two: Frequencies) -> CausalMatrix:
        """W'' at all pairs of frequencies: traces of products of the propagators of the modes."""
        M = len(self.D)
        require(16.0 * 6 * M**2 * (len(one.S) + len(two.S)), "overlaps", (M, M),
                "give only the diagonal of the matrix, or fewer modes")
        t1, t2 = self.transfer(one.S), self.transfer(two.S)
        h1, h2 = _dagger(t1), _dagger(t2)
        O, C1, C2 = self.O, one.C_spectrum[:, None], two.C_spectrum

        def trace(a: np.ndarray, b: np.ndarray) -> np.ndarray:
            """(1/N) Tr[a_k b_l] for all pairs k, l."""
            n, m = len(a), len(b)
            return self.weight * (a.reshape(n, -1) @ np.swapaxes(b, 1, 2).reshape(m, -1).T)

        both1, both2 = t1 @ h1, t2 @ h2
        return CausalMatrix(
            k03=-trace(t1, h2), k30=-trace(h1, t2),
            k11=trace(t1 @ O, t2 @ O), k22=trace(h1 @ O.T, h2 @ O.T),
            k13=C2 * trace(t1 @ O, both2), k31=C1 * trace(both1, t2 @ O),
            k23=-C1 * trace(both1 @ O.T, h2), k32=-C2 * trace(h1, both2 @ O.T),
            k33=C1 * C2 * trace(both1, both2))


def _dagger(a: np.ndarray) -> np.ndarray:
    return np.conj(np.swapaxes(a, 1, 2))


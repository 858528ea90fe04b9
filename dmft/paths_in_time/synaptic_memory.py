"""SynapticMemory: plastic couplings in the basis of the modes, a small matrix that is fed and read.
"""

from __future__ import annotations

import numpy as np

from .row_control import grown


class SynapticMemory:
    """A = (k/p) Q M Q^T, M = sum over s of w_s exp(-(t-s)/p) l_s L_s^T, and the surrogate's like.

    The sum over the past is that of the trapezoidal rule. While plasticity is halted, M is constant
    and does not decay.

    Parameters
    ----------
    k, p, dt : float
        Strength and time constant of the plasticity, and the step.
    """

    def __init__(self, k: float, p: float, dt: float):
        self.strength, self.half, self.decay = k / p, dt / 2, np.exp(-dt / p)
        self.M = np.zeros((0, 0))
        self.linear = np.zeros((0, 0))  # sum of w L_s x_L,s^T <phi'>_s, in coordinates
        self.last: tuple[np.ndarray, ...] | None = None

    def feed(self, fed: bool, factor: float, own: np.ndarray, row: np.ndarray,
             slope: np.ndarray) -> None:
        """Advance by the interval that ends now, if plasticity acted in it.

        `own` and `row` are the present l and L, `slope` the coordinates of <phi'> x_L.
        """
        m = len(row)
        self.M, self.linear = grown(self.M, m), grown(self.linear, m, len(slope))
        if fed and self.last is not None:
            self._add(*self.last)
            self.M *= self.decay
            self.linear *= self.decay
            self._add(own, row, slope, factor)
        self.last = (own, row, slope, factor)

    def read(self, row: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Coordinates of the current on the paths, per sqrt(P), and on the surrogate."""
        return self.strength * (self.M @ row), self.strength * (row @ self.linear)

    def _add(self, own: np.ndarray, row: np.ndarray, slope: np.ndarray, factor: float) -> None:
        m, w = len(row), factor * self.half
        self.M[:len(own), :m] += w * np.outer(own, row)
        self.linear[:m, :len(slope)] += w * np.outer(row, slope)

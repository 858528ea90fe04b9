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
        # the newest term of the sums and its weight, which is not in the matrices yet
        self.newest = (np.zeros(0), np.zeros(0), np.zeros(0))
        self.factor = self.end = 0.0

    def feed(self, fed: bool, factor: float, own: np.ndarray, row: np.ndarray,
             slope: np.ndarray) -> None:
        """Advance by the interval that ends now, if plasticity acted in it.

        `own` and `row` are the present l and L, `slope` the coordinates of <phi'> x_L.
        """
        weight = self.end + (self.factor * self.half if fed else 0.0)
        if weight:
            before, row_before, slope_before = self.newest
            m = len(before)
            self.M[:m, :m] += np.outer(weight * before, row_before)
            self.linear[:m, :len(slope_before)] += np.outer(weight * row_before, slope_before)
        if fed:
            self.M *= self.decay
            self.linear *= self.decay
        self.M, self.linear = grown(self.M, len(row)), grown(self.linear, len(row), len(slope))
        self.newest, self.factor = (own, row, slope), factor
        self.end = factor * self.half if fed else 0.0

    def read(self, row: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Coordinates of the current on the paths, per sqrt(P), and on the surrogate.

        `row` is the present L.
        """
        own, _, slope = self.newest
        end = self.end * float(row @ row)
        return (self.strength * (self.M @ row + end * own),
                self.strength * (row @ self.linear + end * slope))

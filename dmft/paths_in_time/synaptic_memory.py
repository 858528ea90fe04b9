"""SynapticMemory: plastic couplings in the basis of the modes, a small matrix that is fed and read.
"""

from __future__ import annotations

import numpy as np

from .row_control import grown

# l of the units that receive, L of those that send, and phi(x_L) in the coordinates of x_L
Vectors = tuple[np.ndarray, np.ndarray, np.ndarray]


class SynapticMemory:
    """A = (k/p) Q M Q^T, M = int exp(-(t-s)/p) l_s L_s^T ds, and the like of the surrogate.

    l are the coordinates of phi of the population that receives, L those of the one that sends.

    M is advanced by steps of third order. While plasticity is halted, it is constant and does not
    decay.

    Parameters
    ----------
    k, p : float
        Strength and time constant of the plasticity.
    """

    def __init__(self, k: float, p: float):
        self.strength, self.rate = k / p, 1 / p
        self.M = np.zeros((0, 0))
        self.linear = np.zeros((0, 0))  # int exp(-(t-s)/p) L_s phi(x_L,s)^T ds, in coordinates
        # the last values with their factors; the newest has the weight `end`, and is not yet in M
        self.past: list[tuple[float, Vectors]] = []
        self.end = 0.0

    def feed(self, step: tuple[float, tuple[float, ...]] | None, before: float, after: float,
             now: Vectors) -> None:
        """Advance by the interval that ends now.

        Parameters
        ----------
        step : (decay, weights) or None
            Decay, and weights of the values now, before, ...; None if plasticity is halted.
        before, after : float
            Factor of k until now, and from now on.
        now : (l, L, phi(x_L))
        """
        if self.past:
            self._add(self.end * (step[0] if step else 1.0), self.past[-1],
                      decay=step[0] if step else 1.0)
        if step:
            for weight, value in zip(step[1][1:], reversed(self.past), strict=False):
                self._add(weight * value[0], value)
        own, rows, columns = (len(one) for one in now)
        self.M, self.linear = grown(self.M, own, rows), grown(self.linear, rows, columns)
        self.end = before * step[1][0] if step else 0.0
        self.past = [*self.past[-1:], (after, now)]

    def read(self, row: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Coordinates of the current on the paths, per sqrt(P), and on the surrogate.

        `row` is the present L of those that send.
        """
        own, _, slope = self.past[-1][1]
        end = self.end * float(row @ row)
        return (self.strength * (self.M @ row + end * own),
                self.strength * (row @ self.linear + end * slope))

    def _add(self, weight: float, value: tuple[float, Vectors], decay: float = 1.0) -> None:
        if decay != 1:
            self.M *= decay
            self.linear *= decay
        if weight:
            own, row, slope = value[1]
            self.M[:len(own), :len(row)] += np.outer(weight * own, row)
            self.linear[:len(row), :len(slope)] += np.outer(weight * row, slope)

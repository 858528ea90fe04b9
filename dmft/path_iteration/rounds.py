"""Rounds of an iteration whose offset, the regression on features, is renewed in each."""

from __future__ import annotations

import numpy as np

from .tuning import MOST_ROUNDS, ROUND_RATIO, ROUND_SHARE, ROUND_TOLS


class Rounds:
    """When the solution has settled.

    Attributes
    ----------
    left : float
        How far further rounds would move the solution, if the moves are a geometric sequence.
    """

    def __init__(self) -> None:
        self.count, self.moved, self.left = 0, np.inf, np.inf

    def tol(self, error: float) -> float:
        """Tolerance of the next round: after the first, well below the sampling error."""
        first, later = ROUND_TOLS
        return first if self.count == 0 else float(np.clip(error / 10, later / 10, later))

    def finished(self, moved: float, error: float) -> bool:
        """Whether a round that moved the solution by so much, relative to it, is the last.

        `error` is the relative sampling error.
        """
        self.count += 1
        before, self.moved = self.moved, max(moved, 1e-15)
        ratio = self.moved / before
        self.left = self.moved * min(1.0, ratio)
        small = self.left < max(ROUND_SHARE * error, ROUND_TOLS[1] / 10)
        scatters = ratio > ROUND_RATIO and self.moved < error
        return self.count == MOST_ROUNDS or (self.count > 1 and (small or scatters))

"""Snapshots: states at the reference times, stored for measures of pairs of units."""

from __future__ import annotations

import numpy as np


class Snapshots:
    """States of every trial at equally spaced steps: `states` (2, B, T, N), x and phi.

    Cross-correlations are computed from products of whole states at all pairs of times, in
    different trials (see `cross_moments`), so that the states themselves must be stored.

    Parameters
    ----------
    every, first, references : int
        Steps from one snapshot to the next, step of the first one, and their number T.
    """

    def __init__(self, every: int, first: int, references: int):
        self.every, self.first, self.references = every, first, references
        self.states: np.ndarray | None = None

    def record(self, step: int, x: np.ndarray, phi: np.ndarray) -> None:
        """Store the states x and phi(x), (N, B), if this step is one of the snapshots."""
        index, rest = divmod(step - self.first, self.every)
        if rest or not 0 <= index < self.references:
            return
        if self.states is None:
            units, trials = x.shape
            self.states = np.empty((2, trials, self.references, units), dtype=x.dtype)
        self.states[0, :, index] = x.T
        self.states[1, :, index] = phi.T

"""Snapshots: states at the reference times, kept for what pairs of units do."""

from __future__ import annotations

import numpy as np


class Snapshots:
    """States of every trial at equally spaced steps: `states` (2, B, T, N), x and phi.

    Correlations of units with one another are products of whole states at all pairs of times, in
    different trials (see `cross_moments`): the states themselves must be kept.

    Parameters
    ----------
    every, first, references : int
        Steps from one snapshot to the next, step of the first one, and T.
    """

    def __init__(self, every: int, first: int, references: int):
        self.every, self.first, self.references = every, first, references
        self.states: np.ndarray | None = None

    def see(self, step: int, x: np.ndarray, phi: np.ndarray) -> None:
        """Take in the states (N, B) of one step."""
        index, rest = divmod(step - self.first, self.every)
        if rest or not 0 <= index < self.references:
            return
        if self.states is None:
            units, trials = x.shape
            self.states = np.empty((2, trials, self.references, units), dtype=x.dtype)
        self.states[0, :, index] = x.T
        self.states[1, :, index] = phi.T

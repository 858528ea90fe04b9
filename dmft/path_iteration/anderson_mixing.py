"""Anderson mixing: the combination of the last steps whose change is smallest."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .tuning import ANDERSON_RCOND


class AndersonMixing:
    """The next move from the last vectors and the changes of the map there.

    Parameters
    ----------
    scale : (len,) array
        Units in which the components count alike; infinite for those that do not count.
    depth : int
        Number of steps before the last one that are mixed with it.
    """

    def __init__(self, scale: np.ndarray, depth: int):
        self.scale, self.depth = scale, depth
        self.points: list[np.ndarray] = []
        self.changes: list[np.ndarray] = []

    def next(self, u: np.ndarray, change: np.ndarray, step_of: Callable) -> np.ndarray:
        """The move from u, where the map changes it by `change`."""
        self.points = [*self.points[-self.depth:], u]
        self.changes = [*self.changes[-self.depth:], change]
        steps = np.stack([step_of(one) for one in self.changes])
        if len(steps) == 1:
            return steps[0]
        dS, dU = np.diff(steps, axis=0), np.diff(np.stack(self.points), axis=0)
        amounts, *_ = np.linalg.lstsq((dS / self.scale).T, steps[-1] / self.scale,
                                      rcond=ANDERSON_RCOND)
        return steps[-1] - amounts @ (dU + dS)

    def forget(self) -> None:
        """Keep the last vector only."""
        self.points, self.changes = self.points[-1:], self.changes[-1:]

"""Progress of an iteration: sweeps without any, and the mean of the last steps."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .tuning import (
    AVERAGED_ERROR,
    AVERAGED_STEP,
    AVERAGED_STEPS,
    MOST_AVERAGED,
    OUTLYING,
    PROGRESS,
    STALLED_AFTER,
)


class Progress:
    """The last steps, and the sweep in which their size last decreased.

    Where single paths alternate between two states, the steps do not become small, and their mean
    is the solution.
    """

    def __init__(self) -> None:
        self.recent: list[np.ndarray] = []
        self.sizes: list[float] = []
        self.restart(0)

    def restart(self, iteration: int) -> None:
        """Expect progress from this sweep on only."""
        self.smallest, self.since = np.inf, iteration

    def add(self, iteration: int, point: np.ndarray, size: float) -> None:
        """Note where a step of this size led."""
        self.recent = [*self.recent[1 - MOST_AVERAGED:], point]
        self.sizes = [*self.sizes[1 - MOST_AVERAGED:], size]
        if size < PROGRESS * self.smallest:
            self.smallest, self.since = size, iteration

    def steady(self, iteration: int) -> bool:
        """Whether the steps are small and no longer decrease, so that their mean counts."""
        return (iteration - self.since > STALLED_AFTER and len(self.recent) >= AVERAGED_STEPS
                and bool(np.median(self.sizes[-AVERAGED_STEPS:]) < AVERAGED_STEP))

    def averaged(self, iteration: int, size_of: Callable[[np.ndarray, np.ndarray], float],
                 tol: float) -> tuple[np.ndarray, float] | None:
        """The mean of steady steps and its error, size_of(spread, mean); None before it is known.

        Steps are averaged until the error is below `tol` or AVERAGED_ERROR, or there are enough.
        """
        if not self.steady(iteration):
            return None
        mean, spread = self.mean(iteration)
        error = size_of(spread, mean)
        enough = iteration - self.since > MOST_AVERAGED
        return (mean, error) if enough or error < max(tol, AVERAGED_ERROR) else None

    def mean(self, iteration: int) -> tuple[np.ndarray, np.ndarray]:
        """The mean of the steps since the last progress, or of the last AVERAGED_STEPS of them.

        With it comes its standard error, if every second step is independent.

        A few steps that are much longer than the others are left out: Anderson mixing among steps
        at the level of rounding takes some that lead far away, and returns.
        """
        last = slice(-max(iteration - self.since - STALLED_AFTER, AVERAGED_STEPS), None)
        sizes = np.array(self.sizes[last])
        kept = np.array(self.recent[last])[sizes <= OUTLYING * np.median(sizes)]
        return kept.mean(axis=0), kept.std(axis=0) / np.sqrt(len(kept) / 2)

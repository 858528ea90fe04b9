"""Progress of an iteration: sweeps without any, and the mean of the last steps."""

from __future__ import annotations

import numpy as np

from .tuning import AVERAGED_STEP, AVERAGED_STEPS, OUTLYING, PROGRESS, STALLED_AFTER


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
        self.recent = [*self.recent[1 - AVERAGED_STEPS:], point]
        self.sizes = [*self.sizes[1 - AVERAGED_STEPS:], size]
        if size < PROGRESS * self.smallest:
            self.smallest, self.since = size, iteration

    def steady(self, iteration: int) -> bool:
        """Whether the steps are small and no longer decrease, so that their mean counts."""
        return (iteration - self.since > STALLED_AFTER and len(self.recent) == AVERAGED_STEPS
                and bool(np.median(self.sizes) < AVERAGED_STEP))

    def mean(self) -> tuple[np.ndarray, np.ndarray]:
        """The mean of the last steps, and its standard error if every second one is independent.

        A few steps that are much longer than the others are left out: Anderson mixing among steps
        at the level of rounding takes some that lead far away, and returns.
        """
        sizes = np.array(self.sizes)
        kept = np.array(self.recent)[sizes <= OUTLYING * np.median(sizes)]
        return kept.mean(axis=0), kept.std(axis=0) / np.sqrt(len(kept) / 2)

"""MeanInput: couplings without disorder, which give every unit of a population the same input."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .operators import of_regions


@dataclass(frozen=True, eq=False)
class MeanInput:
    """The input sum over b of mean[a, b] times the average of phi over population b.

    Parameters
    ----------
    mean : (R, R) array
    sizes : (R,) tuple of int
        Numbers of units of the populations.
    """

    mean: np.ndarray
    sizes: tuple[int, ...]
    memoryless = True

    def apply(self, phi: np.ndarray) -> np.ndarray:
        rates = np.stack([own.mean(axis=0) for own in of_regions(phi, self.sizes)])
        return np.repeat(self.mean.astype(phi.dtype) @ rates, self.sizes, axis=0)

    def advance(self, phi: np.ndarray, dt: float) -> None:
        """Fixed couplings do not change."""

    def astype(self, dtype) -> MeanInput:
        return self

"""GaussianAverages: the Gaussian averages of phi at one variance that solvers require."""

from __future__ import annotations

from typing import Protocol

import numpy as np

Numbers = np.ndarray | float


class GaussianAverages(Protocol):
    """Averages over zero-mean Gaussians x, y of equal variance, as functions of <x y>."""

    @property
    def variance(self) -> float:
        """<x^2> = <y^2>."""

    @property
    def mean(self) -> float:
        """<phi(x)>."""

    @property
    def mean_slope(self) -> float:
        """<phi'(x)>."""

    @property
    def error(self) -> float:
        """Estimated largest error of `slope`, relative to its largest value."""

    def correlation(self, covariance: Numbers) -> np.ndarray:
        """<phi(x) phi(y)> at each covariance, which must lie within +-variance."""

    def slope(self, covariance: Numbers) -> np.ndarray:
        """<phi'(x) phi'(y)>, the derivative of `correlation` (Price's theorem)."""

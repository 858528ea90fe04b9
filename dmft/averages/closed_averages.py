"""Gaussian averages in closed form at one variance, and their limit at variance zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..network.nonlinearity import ClosedForm, Nonlinearity
from .protocol import Numbers


@dataclass(frozen=True)
class AveragesAtZero:
    """The limit of vanishing variance, where phi is its tangent, or one tangent on either side."""

    phi: Nonlinearity
    variance: float = 0.0
    error: float = 0.0

    @property
    def mean(self) -> float:
        return self.phi.at_zero

    @property
    def mean_slope(self) -> float:
        return float(np.mean(self._slopes()))

    def correlation(self, covariance: Numbers) -> np.ndarray:
        return np.full(np.shape(covariance), self.mean**2)

    def slope(self, covariance: Numbers) -> np.ndarray:
        return np.full(np.shape(covariance), float(np.mean(self._slopes() ** 2)))

    def _slopes(self) -> np.ndarray:
        return self.phi.derivative(np.array([-1e-200, 1e-200]))


@dataclass(frozen=True)
class ClosedAverages:
    """The closed forms at one variance."""

    form: ClosedForm
    variance: float

    @property
    def error(self) -> float:
        return self.form.error(self.variance)

    @property
    def mean(self) -> float:
        return float(self.form.mean(self.variance))

    @property
    def mean_slope(self) -> float:
        return float(self.form.mean_slope(self.variance))

    def correlation(self, covariance: Numbers) -> np.ndarray:
        inside = np.clip(covariance, -self.variance, self.variance)
        return self.form.correlation(inside, self.variance, self.variance)

    def slope(self, covariance: Numbers) -> np.ndarray:
        inside = np.clip(covariance, -self.variance, self.variance)
        return self.form.slope(inside, self.variance, self.variance)

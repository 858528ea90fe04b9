"""Gaussian averages of a nonlinearity at one variance: what solvers ask, and closed forms."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from .checks import reject

if TYPE_CHECKING:
    from .nonlinearity import Nonlinearity

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
        """Estimated error of `slope`, relative to its largest value."""

    def correlation(self, covariance: Numbers) -> np.ndarray:
        """<phi(x) phi(y)> at each covariance, which must lie within +-variance."""

    def slope(self, covariance: Numbers) -> np.ndarray:
        """<phi'(x) phi'(y)>, the derivative of `correlation` (Price's theorem)."""


@dataclass(frozen=True)
class AveragesAtZero:
    """The limit of vanishing variance: phi is its tangent, or one tangent on either side."""

    phi: Nonlinearity
    variance: float = 0.0
    error: float = 0.0

    @property
    def mean(self) -> float:
        return float(self.phi(np.zeros(1))[0])

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
class ClosedForm:
    """Averages of phi over zero-mean Gaussians x, y, as functions of their second moments.

    Parameters
    ----------
    correlation, slope : callables
        <phi(x) phi(y)> and <phi'(x) phi'(y)> of (covariance, variance of x, variance of y),
        elementwise on arrays.
    mean, mean_slope : callables
        <phi(x)> and <phi'(x)> of the variance.

    Raises
    ------
    ModelError
        If one of them is not callable.
    """

    correlation: Callable
    slope: Callable
    mean: Callable
    mean_slope: Callable

    def __post_init__(self):
        for field in dataclasses.fields(self):
            if not callable(getattr(self, field.name)):
                reject(field.name, getattr(self, field.name), "not callable",
                       "give a function of covariances and variances")


@dataclass(frozen=True)
class ClosedAverages:
    """The closed forms at one variance."""

    form: ClosedForm
    variance: float
    error: float = 1e-16

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

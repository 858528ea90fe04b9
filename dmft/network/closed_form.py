"""ClosedForm: Gaussian averages of phi in closed form, as functions of second moments."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

from ..base import checks


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

    Examples
    --------
    >>> import dmft
    >>> round(float(dmft.erf.closed.correlation(0.5, 1.0, 1.0)), 6)  # of unit variances
    0.197652
    """

    correlation: Callable
    slope: Callable
    mean: Callable
    mean_slope: Callable

    def __post_init__(self):
        for own in dataclasses.fields(self):
            if not callable(getattr(self, own.name)):
                checks.reject(own.name, getattr(self, own.name), "not callable",
                              "give a function of covariances and variances")

    def error(self, variance: float) -> float:
        """Estimated relative error of `slope` and `correlation` at this variance: rounding."""
        return 1e-16

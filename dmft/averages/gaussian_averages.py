"""gaussian_averages: averages of phi at one variance, in closed form or by a Chebyshev series."""

from __future__ import annotations

from functools import lru_cache, singledispatch

import numpy as np

from ..base import checks
from ..network.nonlinearity import Nonlinearity
from .chebyshev_averages import ChebyshevAverages
from .closed_averages import AveragesAtZero, ClosedAverages
from .line_panels import line_average, line_primitive
from .protocol import GaussianAverages
from .tuning import CORNER_SHARE, REST_VARIANCE, SERIES_TAIL


def gaussian_averages(phi: Nonlinearity, variance: float) -> GaussianAverages:
    """Averages of phi over zero-mean Gaussians of one variance, at any covariance.

    Closed forms if phi has them; otherwise a Chebyshev series in the angle of the correlation.

    Parameters
    ----------
    phi : Nonlinearity
        The transfer function.
    variance : float
        <x^2> = <y^2>, 0 or above.

    Returns
    -------
    GaussianAverages
        `.mean` <phi(x)>, `.mean_slope` <phi'(x)>; `.correlation(c)` <phi(x) phi(y)> and
        `.slope(c)` <phi'(x) phi'(y)> at covariances c of any shape; `.error`, the estimated
        relative error.

    Raises
    ------
    ModelError
        If phi is not a Nonlinearity, the variance is negative, or it is too large for quadrature.

    Examples
    --------
    >>> from dmft import tanh
    >>> round(float(gaussian_averages(tanh, 1.0).correlation(0.5)), 6)
    0.186324
    """
    if not isinstance(phi, Nonlinearity):
        checks.reject("phi", phi, "not a Nonlinearity", "give dmft.tanh, dmft.erf, ...")
    return averages_at(phi, checks.nonnegative("variance", variance))


@singledispatch
def averages_at(phi: Nonlinearity, variance: float,
                tail: float = SERIES_TAIL) -> GaussianAverages:
    """The averages at one variance, without checks of the arguments; see `gaussian_averages`.

    `tail` is the relative accuracy of a series; closed forms are accurate to rounding.
    """
    if variance == 0:
        return AveragesAtZero(phi)
    if phi.closed is not None:
        return ClosedAverages(phi.closed, variance)
    return _by_series(phi, variance, tail)


@lru_cache(maxsize=64)
def _by_series(phi: Nonlinearity, variance: float, tail: float) -> ChebyshevAverages:
    """The series, which a solver needs several times at the variance that it found."""
    return ChebyshevAverages(phi, variance, tail)


@singledispatch
def mean_square(phi: Nonlinearity, variance: float) -> float:
    """<phi(x)^2> for a zero-mean Gaussian x of this variance, 0 or above."""
    if phi.closed is not None:
        return float(phi.closed.correlation(variance, variance, variance))
    if variance == 0:
        return phi.at_zero**2
    with np.errstate(over="ignore", invalid="ignore"):  # see ChebyshevAverages
        return line_average(phi, lambda x: phi.function(x) ** 2, float(np.sqrt(variance)))


@singledispatch
def mean_square_slope(phi: Nonlinearity, variance: float) -> float:
    """<phi'(x)^2> for a zero-mean Gaussian x of this variance, above 0."""
    if phi.closed is not None:
        return float(phi.closed.slope(variance, variance, variance))
    with np.errstate(over="ignore", invalid="ignore"):
        return line_average(phi, lambda x: phi.derivative(x) ** 2, float(np.sqrt(variance)))


def square_slope_at_rest(phi: Nonlinearity) -> float:
    """<phi'^2> of small x, also <phi^2>/<x^2> where phi(0) = 0: that of both sides of a corner."""
    return mean_square_slope(phi, REST_VARIANCE)


def has_corner_at_rest(phi: Nonlinearity) -> bool:
    """Whether the slopes of phi differ on both sides of zero, so that rest has no linear theory."""
    return abs(square_slope_at_rest(phi) - phi.slope_at_zero**2) > CORNER_SHARE * max(
        phi.slope_at_zero**2, 1e-12)


@singledispatch
def integrated_correlation(phi: Nonlinearity, variance: float) -> float:
    """The integral of <phi phi> over the covariance, from 0 to this variance, above 0.

    It is <Phi^2> - <Phi>^2, with Phi the primitive of phi (Price's theorem).
    """
    with np.errstate(over="ignore", invalid="ignore"):
        primitive, weight = line_primitive(phi, float(np.sqrt(variance)))
        return float(weight @ (primitive - weight @ primitive) ** 2)

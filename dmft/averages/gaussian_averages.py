"""gaussian_averages: averages of phi at one variance, in closed form or by a Chebyshev series."""

from __future__ import annotations

from functools import singledispatch

from ..base import checks
from ..network.nonlinearity import Nonlinearity
from .chebyshev_averages import ChebyshevAverages
from .closed_averages import AveragesAtZero, ClosedAverages
from .protocol import GaussianAverages
from .quadrature import gaussian_average


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
def averages_at(phi: Nonlinearity, variance: float) -> GaussianAverages:
    """The averages at one variance, without checks of the arguments; see `gaussian_averages`."""
    if variance == 0:
        return AveragesAtZero(phi)
    if phi.closed is not None:
        return ClosedAverages(phi.closed, variance)
    return ChebyshevAverages(phi, variance)


@singledispatch
def mean_square(phi: Nonlinearity, variance: float) -> float:
    """<phi(x)^2> for a zero-mean Gaussian x of this variance, 0 or above."""
    if phi.closed is not None:
        return float(phi.closed.correlation(variance, variance, variance))
    return gaussian_average(lambda x: phi.function(x) ** 2, variance)

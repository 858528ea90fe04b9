"""SiteStatistics: correlation, response and gain of one site, as its sampled paths have them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..grids.lags import Lags
from ..grids.order_parameters import OrderParameters


@dataclass(frozen=True, eq=False)
class SiteStatistics:
    """C_phi, the mean response and the gain of a site.

    Parameters
    ----------
    lags : Lags
        The grid, n lags.
    C : (n,) array
        <phi(t) phi(t + tau)>, static part included.
    static : float
        The part of it that does not decay.
    S : (n,) complex array
        Mean response of phi to the site's input at `lags.omega`.
    slope, square_slope : float
        <phi'> and <phi'^2>.
    """

    lags: Lags
    C: np.ndarray
    static: float
    S: np.ndarray
    slope: float
    square_slope: float

    def order(self, noise: float) -> OrderParameters:
        """As the ensembles ask for it; white noise gives C the corner noise^2 <phi'^2>."""
        return OrderParameters(self.lags, self.C - self.static, self.static, self.S,
                               noise**2 * self.square_slope)

"""SiteStatistics: correlation, mean response and gain of one site, estimated from its paths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..grids.lags import Lags
from ..grids.order_parameters import OrderParameters
from ..units.leaky import LEAKY
from ..units.unit import Unit


@dataclass(frozen=True, eq=False)
class SiteStatistics:
    """Correlation C_phi, mean response S and gain <phi'> of a site.

    Parameters
    ----------
    lags : Lags
        The grid, n lags.
    C : (n,) array
        <phi(t) phi(t + tau)>, including the static part.
    static : float
        The part of C that does not decay.
    S : (n,) complex array
        Mean response of phi to the input of the site at `lags.omega`.
    slope, square_slope : float
        <phi'> and <phi'^2>.
    unit : Unit
        Linear response of the site.
    mean : float
        <phi>.
    """

    lags: Lags
    C: np.ndarray
    static: float
    S: np.ndarray
    slope: float
    square_slope: float
    unit: Unit = LEAKY
    mean: float = 0.0

    def order_parameters(self, noise: float) -> OrderParameters:
        """The order parameters that ensembles take; white noise gives C a corner at zero lag.

        The corner is that of x times <phi'^2>.
        """
        return OrderParameters(self.lags, self.C - self.static, self.static, self.S,
                               noise**2 * self.unit.kink * self.square_slope, self.mean)

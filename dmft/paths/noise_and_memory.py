"""Effective noise and memory kernel of one unit, summed over the network's ensembles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..equations import linear_response
from ..grids.lags import Lags
from ..grids.order_parameters import OrderParameters
from ..network.network import AnyNetwork, unit_of
from .gaussian_paths import white_spectrum
from .site_statistics import SiteStatistics


@dataclass(frozen=True, eq=False)
class Drive:
    """The drive of one unit, x = v + H K phi(x): spectrum of the Gaussian v, and the memory K.

    Parameters
    ----------
    lags : Lags
        The grid, n lags.
    V : (n,) array
        Spectrum of v on the grid: filtered noise, white noise and bias. A static part
        contributes at frequency zero.
    K : (n,) complex array
        Transfer function of the memory kernel.
    H : (n,) complex array
        Linear response of the unit.
    """

    lags: Lags
    V: np.ndarray
    K: np.ndarray
    H: np.ndarray

    @property
    def feedback(self) -> np.ndarray:
        """(n,) H K, the transfer function from phi to x through the unit's own memory."""
        return self.H * self.K


def drive(network: AnyNetwork, statistics: SiteStatistics, clipped: bool = True) -> Drive:
    """Noise and memory that follow from the statistics of a site, summed over the ensembles.

    A sampled spectrum may be negative where there is little power: it is set to zero, unless
    `clipped` is False, as derivatives need it.
    """
    lags, order = statistics.lags, statistics.order_parameters(network.noise)
    noises = [one.noise(order) for one in network.ensembles]
    decaying = np.sum([n[0] for n in noises], axis=0)
    static = float(sum(n[1] for n in noises)) + network.bias**2
    decaying = np.maximum(decaying, 0.0) if clipped else decaying
    unit = unit_of(network)
    V = decaying * unit.power(lags.omega)
    if network.noise:
        V = V + white_spectrum(lags, network.noise, unit)
    if static > 0:
        V[0] += 2 * lags.span * static * unit.static_gain**2
    K = np.sum([one.memory(order) for one in network.ensembles], axis=0)
    return Drive(lags, V, np.asarray(K, dtype=complex), unit.response(lags.omega))


def depends_on_response(network: AnyNetwork) -> bool:
    """Whether the mean response of the units drives them, and not their correlation alone."""
    lags = Lags(1.0, 0.5)
    order = OrderParameters(lags, np.zeros(len(lags)), 0.0, linear_response.lowpass(lags.omega))
    return any(np.any(one.memory(order)) for one in network.ensembles)


def depends_on_mean(network: AnyNetwork) -> bool:
    """Whether the mean output of the units drives the paths."""
    lags = Lags(1.0, 0.25)
    S = linear_response.lowpass(lags.omega)
    none, some = (OrderParameters(lags, np.exp(-lags.tau), 0.0, S, mean=mean)
                  for mean in (0.0, 1.0))
    return any(np.any(one.memory(none) != one.memory(some)) for one in network.ensembles)


def responds(network: AnyNetwork) -> bool:
    """Whether the paths are driven by the mean response too, and not by their correlation alone."""
    lags = Lags(1.0, 0.25)
    order = OrderParameters(lags, np.exp(-lags.tau), 0.0, linear_response.lowpass(lags.omega))
    other = OrderParameters(lags, order.C, 0.0, 2 * order.S)
    for one in network.ensembles:
        if (np.any(one.memory(order) != one.memory(other))
                or np.any(one.noise(order)[0] != one.noise(other)[0])):
            return True
    return False

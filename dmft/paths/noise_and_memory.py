"""The noise and the memory that a network's ensembles, summed, give to one unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..equations import linear_response
from ..grids.lags import Lags
from ..network.network import AnyNetwork
from .gaussian_paths import white_spectrum
from .site_statistics import SiteStatistics


@dataclass(frozen=True, eq=False)
class Drive:
    """The Gaussian part v of x = v + H K phi(x), and the memory.

    Parameters
    ----------
    V : (n,) array
        Spectrum of v, the low-passed noise, white noise and bias, on the grid (a static part is
        in the frequency zero).
    K : (n,) complex array
        Transfer function of the memory.
    """

    lags: Lags
    V: np.ndarray
    K: np.ndarray

    @property
    def returned(self) -> np.ndarray:
        """H K, from phi to x."""
        return linear_response.lowpass(self.lags.omega) * self.K


def drive(network: AnyNetwork, statistics: SiteStatistics) -> Drive:
    """The drive that the ensembles make of a site's statistics."""
    lags, order = statistics.lags, statistics.order(network.noise)
    noises = [one.noise(order) for one in network.ensembles]
    decaying = np.sum([n[0] for n in noises], axis=0)
    static = float(sum(n[1] for n in noises)) + network.bias**2
    V = np.maximum(decaying, 0.0) * linear_response.lowpass_power(lags.omega)
    if network.noise:
        V = V + white_spectrum(lags, network.noise)
    if static > 0:
        V[0] += 2 * lags.span * static
    K = np.sum([one.memory(order) for one in network.ensembles], axis=0)
    return Drive(lags, V, np.asarray(K, dtype=complex))

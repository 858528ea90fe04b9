"""The self-consistent map Delta -> <x x> of the stationary theory without memory (Gaussian x)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..averages.gaussian_averages import averages_at
from ..averages.protocol import GaussianAverages
from ..base.convergence import Check
from ..grids.corners import correlation_of_corner
from ..grids.lags import Lags
from ..grids.order_parameters import OrderParameters
from ..grids.resolution import resolution_checks
from ..network.network import AnyNetwork, unit_of
from ..units.unit import Unit


@dataclass(frozen=True, eq=False)
class SelfConsistentMap:
    """Delta(tau) -> <x x> of the single site driven by the effective noise that Delta generates.

    The ensembles determine the noise from C_phi(tau) = <phi phi> at correlation Delta; x is the
    filtered noise: each frequency of the noise spectrum is multiplied by |H|^2 of the unit,
    between two cosine transforms. A state has n + 1 entries: Delta at the n lags, and the static
    part, which does not decay.
    """

    network: AnyNetwork
    lags: Lags

    def __call__(self, state: np.ndarray) -> np.ndarray:
        spectrum, static = self.noise(self.order_parameters(state))
        image = self.filtered(spectrum, static + self.network.bias**2)
        image[:-1] += self.white
        return image

    @cached_property
    def unit(self) -> Unit:
        """The unit of the network."""
        return unit_of(self.network)

    @cached_property
    def white(self) -> np.ndarray:
        """(n,) the correlation of x that white noise alone causes."""
        return white_correlation(self.network, self.lags.tau)

    @cached_property
    def power(self) -> np.ndarray:
        """(n,) factor by which the unit multiplies the spectrum of its input."""
        return self.unit.power(self.lags.omega)

    def filtered(self, spectrum: np.ndarray, static: float) -> np.ndarray:
        """The part of <x x> that noise of this spectrum and static variance causes."""
        static = static * self.unit.static_gain**2
        return np.append(self._to_lags(spectrum * self.power) + static, static)

    def order_parameters(self, state: np.ndarray,
                         averages: GaussianAverages | None = None) -> OrderParameters:
        """C_phi(tau) and the response S(omega) of the Gaussian site with correlation `state`.

        `averages`, those at the variance of `state`, are computed where they are not given.
        """
        averages = averages or self.averages(state)
        C = averages.correlation(state)
        S = averages.mean_slope * self.unit.response(self.lags.omega)
        kink = self.kink * float(averages.slope(state[0])) if self.kink else 0.0
        return OrderParameters(self.lags, C[:-1] - C[-1], float(C[-1]), S, kink,
                               float(averages.mean))

    @property
    def kink(self) -> float:
        """Minus the slope of <x x> at zero lag, which white noise causes."""
        return self.network.noise**2 * self.unit.kink

    def averages(self, state: np.ndarray) -> GaussianAverages:
        return averages_at(self.network.phi, float(state[0]))

    def noise(self, order: OrderParameters) -> tuple[np.ndarray, float]:
        """Spectrum and static variance of the noise, summed over the ensembles."""
        parts = [one.noise(order) for one in self.network.ensembles]
        return np.sum([p[0] for p in parts], axis=0), float(sum(p[1] for p in parts))

    def admissible(self, state: np.ndarray, slack: float = 1e-12,
                   depth: float = 1e-8) -> bool:
        """Whether `state` can be a correlation: positive at zero, largest there, spectrum >= 0.

        `slack` and `depth` are the shares of Delta(0) and of the largest spectrum by which the
        last two conditions may be violated.
        """
        total, static = state[0], state[-1]
        if not (total > 0 and np.all(np.isfinite(state))):
            return False
        if np.max(np.abs(state)) > total * (1 + slack) or static < -slack * total:
            return False
        return self.negative_spectrum(state) < depth

    def negative_spectrum(self, state: np.ndarray) -> float:
        """Depth of the most negative value of the spectrum of x, relative to its largest.

        The contribution of white noise, whose corner at zero lag the grid does not resolve, is
        transformed in closed form, as in OrderParameters.
        """
        noise, lags = self.network.noise, self.lags
        spectrum = lags.spectrum(state[:-1] - state[-1] - self.white)
        if noise:
            spectrum = spectrum + 2 * noise**2 * self.power
        largest = float(np.max(np.abs(spectrum)))
        return max(0.0, -float(np.min(spectrum)) / largest) if largest else 0.0

    def _to_lags(self, spectrum: np.ndarray) -> np.ndarray:
        """Inverse transform, with the corner that white noise makes."""
        if self.kink == 0:
            return self.lags.correlation(spectrum)
        return correlation_of_corner(self.lags, spectrum)


def resolution_of(network: AnyNetwork, lags: Lags, state: np.ndarray, fatal: bool = False
                  ) -> list[Check]:
    """Checks of the grid for a state of n + 1 entries; in discrete time, of its span only."""
    found = resolution_checks(lags, state[:-1], float(state[-1]),
                              white_correlation(network, lags.tau), fatal)
    return found if unit_of(network).time_step is None else found[:1]


def unit_grid(network: AnyNetwork, lags: Lags) -> Lags:
    """The lags; with the step of the unit and at least the same span in discrete time."""
    step = unit_of(network).time_step
    return lags if step is None else Lags(step * np.ceil(lags.span / step - 1e-9), step)


def static_variance(network: AnyNetwork) -> float:
    """Variance of x that the bias of a network alone causes."""
    return (network.bias * unit_of(network).static_gain) ** 2


def driven_variance(network: AnyNetwork) -> float:
    """Variance of x that the white noise of a network alone causes."""
    return float(white_correlation(network, np.zeros(1))[0])


def white_correlation(network: AnyNetwork, tau: np.ndarray) -> np.ndarray:
    """(n,) correlation of x at lags tau that the white noise of a network alone causes."""
    if not network.noise:
        return np.zeros(np.shape(tau))
    return network.noise**2 * unit_of(network).white_correlation(tau)

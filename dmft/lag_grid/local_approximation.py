"""An approximation without mixing of lags, valid near the most amplified frequency."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..base.errors import ModelError
from ..equations import linear_response
from ..grids.lags import Lags
from ..grids.order_parameters import OrderParameters
from ..network.network import AnyNetwork
from ..stationary.gaussian_problem import GaussianProblem
from ..stationary.heterogeneous_units import effective_phi
from ..stationary.self_consistent_map import (
    SelfConsistentMap,
    driven_variance,
    static_variance,
    unit_grid,
)
from ..stationary.variance_bound import variance_bound
from .linearised_map import frequency_gains
from .tuning import (
    GAIN_GRID,
    GAIN_LONGEST_SPAN,
    GAIN_PEAK_WIDTH,
    PROPORTIONAL_LIMIT,
)


@dataclass(frozen=True)
class LocalApproximation:
    """The gain m(omega) of the map from C to <x x>, by its maximum and its curvature there.

    Near its maximum m = gain / (1 + stretch^2 (omega - peak)^2), so that the part of Delta that
    decays slowly satisfies, in units of `stretch`, the equation of a network of independent
    couplings of variance `gain`, which has a first integral. For `peak` > 0, Delta oscillates at
    this frequency, with an envelope that decays in this way. The approximation becomes exact at a
    transition, where only frequencies near the maximum have power.

    Parameters
    ----------
    gain : float
        Largest m(omega).
    peak : float
        Its frequency.
    stretch : float
        Time scale of the slow part, in neuronal time constants.
    static_gain : float
        The gain of the static part.
    proportional : bool
        Whether the noise is linear in C, at each frequency separately. m is then the same at every
        activity, and Delta(0) <= gain <phi^2> for every solution without input.
    """

    gain: float
    peak: float
    stretch: float
    static_gain: float
    proportional: bool

    def problem(self, network: AnyNetwork) -> GaussianProblem:
        """The problem with a first integral, in units of `stretch`."""
        noise = np.sqrt(driven_variance(network) / self.stretch)
        bias = np.sqrt(static_variance(network))
        return GaussianProblem(effective_phi(network), self.gain, noise, bias)

    def static_problem(self, network: AnyNetwork) -> GaussianProblem:
        """The problem of the solutions that are constant in time."""
        return GaussianProblem(effective_phi(network), self.static_gain, 0.0,
                               np.sqrt(static_variance(network)))

    def excludes_activity(self, network: AnyNetwork) -> bool:
        """Whether no active state exists: Delta(0) <= gain <phi^2>, and no variance satisfies it.

        False where this is not known.
        """
        if network.noise or not self.proportional:
            return False
        try:
            bound = variance_bound(self.problem(network))
        except ModelError:
            return False
        return bound.static and bound.variance == 0 and np.isinf(bound.grows_above)

    def growth(self, network: AnyNetwork) -> str:
        """Which constant states grow without bound; empty where none does, or it is not known."""
        if not self.proportional:
            return ""
        try:
            return variance_bound(self.static_problem(network)).note
        except ModelError:
            return ""


def local_approximation(network: AnyNetwork) -> LocalApproximation:
    """The local approximation of a network without memory, from the noise of a small impulse."""
    lags = unit_grid(network, GAIN_GRID)
    while True:
        step = SelfConsistentMap(network, lags)
        order = without_activity(step)
        gains, static = frequency_gains(step, order)
        at = int(np.argmax(gains))
        gain, offset, bend = _parabola(gains, at)
        if bend < GAIN_PEAK_WIDTH * gain or lags.span > GAIN_LONGEST_SPAN:
            break
        lags = Lags(2 * lags.span, lags.dt)
    spacing = float(lags.omega[1])
    stretch = np.sqrt(bend / gain) / spacing if gain > 0 and bend > 0 else 1.0
    return LocalApproximation(gain, (at + offset) * spacing, float(max(stretch, 1e-3)), static,
                              _is_proportional(step, gains, static))


def without_activity(step: SelfConsistentMap, static: float = 0.0) -> OrderParameters:
    """Order parameters of units whose x is constant in time, with <phi phi> = static."""
    S = step.averages(np.zeros(1)).mean_slope * step.unit.response(step.lags.omega)
    return OrderParameters(step.lags, np.zeros(len(step.lags)), static, S)


def _parabola(values: np.ndarray, at: int) -> tuple[float, float, float]:
    """Maximum of the parabola through three values, its offset from `at`, and its curvature/2."""
    if at == 0:  # even in the frequency
        return float(values[0]), 0.0, float(values[0] - values[1])
    low, mid, high = values[at - 1], values[at], values[min(at + 1, len(values) - 1)]
    bend = float(2 * mid - low - high) / 2
    offset = float(high - low) / (4 * bend) if bend > 0 else 0.0
    return float(mid) + bend * offset**2, offset, bend


def _is_proportional(step: SelfConsistentMap, gains: np.ndarray, static: float) -> bool:
    """Whether the noise of a correlation of order one is that of the gains."""
    lags = step.lags
    order = OrderParameters(lags, linear_response.response(lags.tau / 2), 0.5,
                            without_activity(step).S)
    spectrum, constant = step.noise(order)
    expected = gains * order.C_spectrum
    constant = constant * step.unit.static_gain**2
    off = np.max(np.abs(spectrum * step.power - expected))
    return bool(off <= PROPORTIONAL_LIMIT * np.max(np.abs(expected))
                and abs(constant - static / 2) <= PROPORTIONAL_LIMIT * abs(static / 2))

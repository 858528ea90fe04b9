"""Correlations from which Newton's method starts, on any grid of lags."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import CubicSpline

from ..averages.gaussian_averages import mean_square
from ..base.checks import reject
from ..base.errors import ConvergenceError, ModelError
from ..grids.lags import Lags
from ..network.network import AnyNetwork, unit_of
from ..stationary.self_consistent_map import (
    SelfConsistentMap,
    driven_variance,
    static_variance,
    unit_grid,
    white_correlation,
)
from ..stationary.solution import Solution
from ..stationary.stationary_variance import stationary_variance
from ..stationary.tuning import LEAST_LAGS, WINDOW_DECAYS
from .local_approximation import LocalApproximation
from .tuning import (
    GAIN_GRID,
    LAGS_PER_RADIAN,
    LARGE_VARIANCE,
    LEAST_MAP_SPAN,
    MOST_WINDOW_LAGS,
)


@dataclass(frozen=True)
class StartingCorrelation:
    """static + white noise + (rest) cos(frequency tau) sech(rate tau), with Delta(0) = total."""

    network: AnyNetwork
    total: float
    static: float
    rate: float
    frequency: float = 0.0

    def grid(self) -> Lags:
        """A window in which it decays, with a step that resolves it."""
        rate, unit = self.rate, unit_of(self.network)
        if self.network.noise:
            rate = min(rate, -float(np.max(unit.rates.real)))
        span = WINDOW_DECAYS / rate
        if unit.time_step is not None:
            return unit_grid(self.network, Lags(max(span, LEAST_MAP_SPAN), 1.0))
        count, least = LEAST_LAGS, LAGS_PER_RADIAN * span * self.frequency
        if least > MOST_WINDOW_LAGS:
            raise ConvergenceError(
                f"so close to a transition, the correlation oscillates at frequency "
                f"{self.frequency:.3g} over {1 / self.rate:.3g} time constants, and {least:.2g} "
                f"lags are needed (at most {MOST_WINDOW_LAGS}): give couplings further from the "
                "transition, or lags=")
        while count < least:
            count *= 2
        return Lags(span, span / count)

    def on(self, lags: Lags) -> np.ndarray:
        """The state of n + 1 entries: at the lags, and the static part."""
        decay = np.exp(-self.rate * lags.tau)
        shape = 2 * decay / (1 + decay**2) * np.cos(self.frequency * lags.tau)
        white = white_correlation(self.network, lags.tau)
        rest = self.total - self.static - white[0]
        return np.append(self.static + white + rest * shape, self.static)


def from_first_integral(network: AnyNetwork,
                        local: LocalApproximation) -> StartingCorrelation | None:
    """The largest fluctuating solution of the local approximation; None where there is none.

    sech is its shape close to a transition, where phi contributes its cubic term only. That term
    is 3/4 as large for an oscillation as for a constant, which changes the rate by its square root.
    """
    problem = local.problem(network)
    try:
        found = stationary_variance(problem)
    except ModelError:  # concerns the approximation alone: no stationary variance, or rounding
        return None
    if found.branch in ("quiescent", "static"):
        return None
    stiffness = float(problem.stiffness(found.static, found.averages))
    rate = np.sqrt(max(stiffness, 1e-12)) / local.stretch
    if local.peak > 0:
        rate *= np.sqrt(3) / 2
    total = found.total - problem.noise**2 + driven_variance(network)
    return StartingCorrelation(network, total, found.static, rate, local.peak)


def from_saturation(network: AnyNetwork, local: LocalApproximation,
                    share: float = 1.0) -> StartingCorrelation:
    """A slow decay from (a share of) an upper estimate of the variance of the fluctuating state."""
    driven, static = driven_variance(network), static_variance(network)
    total = static + driven + 1.0
    for _ in range(50):  # towards Delta = gain <phi^2> + bias^2 + noise^2
        total = local.gain * mean_square(network.phi, total) + static + driven
        if not np.isfinite(total) or total > 1e12:
            total = 1.0 + static + driven
            break
    if not local.proportional:  # the noise of strong activity is not that of the gain
        grid = unit_grid(network, GAIN_GRID)
        step = SelfConsistentMap(network, grid)
        strong = StartingCorrelation(network, LARGE_VARIANCE + driven, static,
                                     0.5 / local.stretch, local.peak)
        total = max(total, float(step(strong.on(grid))[0]))
    above = max(total - static - driven, 0.0)
    total = static + driven + share * above
    return StartingCorrelation(network, total, static, 0.5 / local.stretch, local.peak)


def from_input(network: AnyNetwork, local: LocalApproximation) -> StartingCorrelation | None:
    """The correlation of uncoupled units; None without noise."""
    if not network.noise:
        return None
    static = static_variance(network)
    return StartingCorrelation(network, driven_variance(network) + static, static,
                               0.5 / local.stretch)


def from_solution(initial: Solution, lags: Lags) -> np.ndarray:
    """The state of a solution of a similar network on the lags."""
    if float(initial.C_x[0]) <= 0:
        reject("initial", initial, "has no activity: the iteration would remain there",
               "give a solution with positive variance, or leave out initial")
    state = np.append(initial.C_x.value, float(initial.C_x_static))
    return on_other_lags(state, initial.lags, lags, initial.network)


def on_other_lags(state: np.ndarray, lags: Lags, other: Lags,
                  network: AnyNetwork) -> np.ndarray:
    """The state interpolated to other lags; it has decayed beyond the last of `lags`.

    The part of the white noise, which has a corner at zero lag, is known at all lags.
    """
    static = state[-1]
    smooth = state[:-1] - static - white_correlation(network, lags.tau)
    spline = CubicSpline(lags.tau, smooth, bc_type=((1, 0.0), "not-a-knot"))
    inside = np.where(other.tau <= lags.span, spline(np.minimum(other.tau, lags.span)), 0.0)
    white = white_correlation(network, other.tau)
    return np.append(inside + white + static, static)

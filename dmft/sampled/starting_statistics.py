"""Initial statistics of the iteration: of strong activity, or of another solution."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.interpolate import CubicSpline

from ..averages.gaussian_averages import averages_at, mean_square
from ..base.checks import reject
from ..grids.lags import Lags
from ..grids.order_parameters import OrderParameters
from ..network.network import AnyNetwork, unit_of
from ..paths.site_statistics import SiteStatistics
from ..stationary.self_consistent_map import driven_variance, static_variance
from ..stationary.solution import Solution
from .tuning import (
    LARGEST_START_VARIANCE,
    START_DECAY_SHARE,
    START_DECAY_TIME,
    START_VARIANCE_FACTOR,
)


def memory_length(network: AnyNetwork) -> float:
    """Mean delay of a memory that sustains activity, K(0) > 0; 0 where there is none."""
    lags = Lags(400.0, 1.0)
    zero = np.zeros(len(lags))
    order = OrderParameters(lags, zero, 1.0, zero.astype(complex))
    K = np.sum([one.memory(order) for one in network.ensembles], axis=0)
    if K[0].real <= 0:
        return 0.0
    return float(-K[1].imag / (lags.omega[1] * K[0].real))


def start_time(network: AnyNetwork, span: float) -> float:
    """Decay time of the initial correlation of x, in a window of this span."""
    if memory_length(network) == 0:
        return START_DECAY_TIME
    return max(START_DECAY_TIME, START_DECAY_SHARE * span)


def from_above(network: AnyNetwork, lags: Lags) -> SiteStatistics:
    """Statistics of strong activity, with a variance that the solution is unlikely to exceed.

    It is the variance of the noise, with the memory of static activity added in phase.
    """
    phi = network.phi
    own = driven_variance(network) + static_variance(network)
    total, zero = own + LARGEST_START_VARIANCE, np.zeros(len(lags))
    for _ in range(50):
        order = OrderParameters(lags, zero, mean_square(phi, total), zero.astype(complex))
        total = own + sum(float(one.noise(order)[1]) for one in network.ensembles)
        K = float(sum(one.memory(order)[0].real for one in network.ensembles))
        if K > 0:
            total = START_VARIANCE_FACTOR * (np.sqrt(total) + K * np.sqrt(order.C_static)) ** 2
        total = min(max(total, 1e-3), LARGEST_START_VARIANCE + own)
    averages = averages_at(phi, total)
    time = start_time(network, lags.span) if K > 0 else START_DECAY_TIME
    C = averages.correlation(total * np.exp(-lags.tau / time))
    static = averages.mean**2
    S = averages.mean_slope * unit_of(network).response(lags.omega)
    return SiteStatistics(lags, C, static, S, averages.mean_slope, float(averages.slope(total)),
                          unit_of(network), float(averages.mean))


def on_grid(known: SiteStatistics, lags: Lags) -> SiteStatistics:
    """The statistics, interpolated to another grid."""
    C = np.interp(lags.tau, known.lags.tau, known.C, right=known.static)
    H, old = known.unit.response(lags.omega), known.unit.response(known.lags.omega)
    ratio = known.S / old  # tends to the slope at high frequency
    last = ratio[-2]
    S = H * (np.interp(lags.omega, known.lags.omega[:-1], ratio[:-1].real, right=last.real)
             + 1j * np.interp(lags.omega, known.lags.omega[:-1], ratio[:-1].imag, right=0.0))
    return SiteStatistics(lags, C, known.static, S, known.slope, known.square_slope,
                          known.unit, known.mean)


def refined(known: SiteStatistics, finer: Lags) -> SiteStatistics:
    """The statistics on a finer grid of the same span, C by a cubic spline.

    Linear interpolation, good enough for a start, lowers C near zero lag by (dt^2/8) C''. Where a
    mode is slow, the response to this is a hundred times that to the change of the step.
    """
    return replace(on_grid(known, finer), C=CubicSpline(known.lags.tau, known.C)(finer.tau))


def from_solution(solution: Solution, lags: Lags) -> SiteStatistics:
    """Statistics of a solution of another network."""
    if float(solution.C_x[0]) <= 0:
        reject("initial", solution, "has no activity: an iteration from it remains quiescent",
               "give a solution with positive variance, or leave it out")
    grid, gain = solution.lags, float(solution.gain)
    unit = unit_of(solution.network)
    rest = solution.R_phi.value - gain * unit.impulse(grid.tau)
    padded = np.concatenate([rest, np.zeros(len(rest) - 2)])
    S = gain * unit.response(grid.omega) + grid.dt * np.fft.rfft(padded)
    averages = averages_at(solution.network.phi, float(solution.C_x[0]))
    known = SiteStatistics(grid, solution.C_phi.value, float(solution.C_phi_static), S, gain,
                           float(averages.slope(averages.variance)), unit,
                           float(averages.mean))
    return on_grid(known, lags)

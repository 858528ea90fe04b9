"""Checks of a sampled solution: its step, its decay, and its equation of motion."""

from __future__ import annotations

import numpy as np

from ..base.convergence import Check
from ..grids.lags import Lags
from ..network.network import AnyNetwork
from ..path_iteration.newton_iteration import solve_paths
from ..path_iteration.sampled_paths import SampledPaths, path_map
from ..path_iteration.unknowns import NAMES, Moments, Unknowns
from ..paths.noise_and_memory import drive
from ..paths.site_statistics import SiteStatistics
from ..paths.window import high_frequency_share, lag_window
from .starting_statistics import on_grid, refined
from .tuning import (
    CUT_OFF_FACTOR,
    NOISE_OF_LAGS,
    REPLICATES,
    STATIC_SHARE,
    STEP_CHECK_ITERATIONS,
    STEP_CHECK_PATHS,
    STEP_CHECK_SWEEPS,
    STEP_CHECK_TOL,
)


def step_check(found: SampledPaths, time: float, seed: int, tol: float) -> Check:
    """Change of C_phi(0) at half the step, with the same noise.

    Where the correlation alone drives the paths, it is the response to the change of the map. With
    the mean response, which is not the same function on both grids, both are solved again.
    """
    lags, network, statistics = found.unknowns.lags, found.path_map.network, found.statistics
    finer = Lags(lags.span, lags.dt / 2)
    count = min(len(found.path_map.paths), STEP_CHECK_PATHS)
    if found.unknowns.responding:
        off = _change_of_solution(network, statistics, finer, time, seed, count)
    else:
        off = _response_to_change(found, finer, seed, count)
    return Check("step", float(off), max(tol, 1e-3), "halving the step changes C_phi(0): give a "
                 "smaller dt")


def _change_of_solution(network: AnyNetwork, statistics: SiteStatistics, finer: Lags, time: float,
                        seed: int, count: int) -> float:
    each = []
    for start in (statistics, on_grid(statistics, finer)):
        own, u = path_map(network, start, lag_window(start.lags, time), seed, count)
        fixed = solve_paths(own, u, STEP_CHECK_TOL, STEP_CHECK_ITERATIONS)
        each.append(float(fixed.u[0] + fixed.u[own.unknowns.static])
                    if fixed.ending.converged else np.inf)
    return abs(each[1] / each[0] - 1) if np.all(np.isfinite(each)) else np.inf


def _response_to_change(found: SampledPaths, finer: Lags, seed: int, count: int) -> float:
    network, unknowns, lags = found.path_map.network, found.unknowns, found.unknowns.lags
    statistics = found.statistics
    both = []
    for start in (statistics, refined(statistics, finer)):
        own, _ = path_map(network, start, unknowns.window, seed, count)
        own.control = found.path_map.last_control
        at = own.prepared_at(start)
        both.append(_on_coarse(own.moments(at, STEP_CHECK_SWEEPS), start.lags, lags))
    coarse, fine = both
    root = np.sqrt(drive(network, statistics).V)
    change = Moments(*(getattr(fine, name) - getattr(coarse, name)
                       for name in NAMES))
    moved = unknowns.vector(change, root)
    effect = found.response.solve(moved) if found.response is not None else moved
    return float(abs(effect[0] + effect[unknowns.static]) / statistics.C[0])


def _on_coarse(moments: Moments, lags: Lags, coarse: Lags) -> Moments:
    """Moments on a grid of the same span with a longer step: correlations at its lags."""
    stride = (len(lags) - 1) // (len(coarse) - 1)
    phi, x = (coarse.spectrum(lags.correlation(one)[::stride])
              for one in (moments.phi, moments.x))
    cross = moments.cross[:len(coarse)].copy()
    cross[-1] = cross[-1].real
    return Moments(phi, x, cross, moments.slope, moments.square, moments.mean)


def static_share(found: SampledPaths) -> float:
    """Share of C(0) that decays below which a state counts as static: what the iteration left."""
    return max(STATIC_SHARE, found.fixed.residual)


def path_checks(found: SampledPaths, tol: float) -> list[Check]:
    """Checks of the decay in the window, the spectrum at high frequency, and the variance of x."""
    unknowns, network = found.unknowns, found.path_map.network
    lags = unknowns.lags
    rows = found.replicates(REPLICATES)

    def motion(u: np.ndarray) -> float:
        return _variance_by_motion(network, unknowns, u) / float(
            u[unknowns.x][0] + u[unknowns.x_static]) - 1

    decay, allowed = _late_correlation(found, rows)
    variance, variance_error = _with_error(motion, found.u, rows)
    whole = found.statistics
    spectrum = whole.order_parameters(network.noise).C_spectrum
    constant = whole.C[0] - whole.static < static_share(found) * whole.C[0]
    discrete = unknowns.unit.time_step is not None
    high = (0.0 if network.noise > 0 or constant or discrete
            else high_frequency_share(spectrum, 0.5))
    return [
        Check("decay", decay, allowed,
              f"the correlation has not decayed at span={lags.span:g}: give a longer span; if it "
              "decays at no span, the activity is frozen (a static solution of an odd phi)"),
        Check("motion", abs(variance), 2 * tol + 4 * variance_error,
              "the variance of x differs from the one that follows from response and memory: give "
              "a smaller tol"),
        Check("high frequencies", high, 1e-3,
              f"the spectrum has not decayed at pi/dt, dt={lags.dt:g}: give a smaller dt"),
    ]


def cut_by_window(found: SampledPaths) -> bool:
    """Whether the correlation has not decayed where the lag window falls to zero."""
    decay, allowed = _late_correlation(found, found.replicates(REPLICATES))
    return decay > allowed


def _late_correlation(found: SampledPaths, rows: np.ndarray) -> tuple[float, float]:
    """Size of the mean of C/C(0) where the lag window falls, and the largest that is allowed."""
    unknowns = found.unknowns
    window = unknowns.window[:unknowns.m]
    ramp = np.flatnonzero(window < 1)

    def late(u: np.ndarray) -> float:
        whole = u[0] + u[unknowns.static]
        return float(np.sum(u[ramp]) / np.sum(window[ramp]) / whole) if len(ramp) else 0.0

    decay, error = _with_error(late, found.u, rows)
    return abs(decay), 5e-3 + 4 * error


def _with_error(of, u: np.ndarray, rows: np.ndarray) -> tuple[float, float]:
    each = np.array([of(row) for row in rows])
    return of(u), float(each.std(ddof=1) / np.sqrt(len(each)))


def cut_off(found: SampledPaths) -> float:
    """Error of the correlation of x, over its variance, by what the lag window removes.

    What is removed is missing from the drive of the units too: CUT_OFF_FACTOR allows for that.
    What stays below NOISE_OF_LAGS standard errors counts as sampling noise, which the window is
    meant to remove.
    """
    unknowns, u = found.unknowns, found.u
    C_x, error = found.path_map.correlation_of_x(u)
    removed = (1 - unknowns.window) * (C_x - u[unknowns.x_static])
    beyond = np.abs(removed) - NOISE_OF_LAGS * (1 - unknowns.window) * error
    return CUT_OFF_FACTOR * max(float(np.max(beyond)), 0.0) / float(C_x[0])


def _variance_by_motion(network: AnyNetwork, unknowns: Unknowns, u: np.ndarray) -> float:
    """<x^2> of x = H (eta + K phi) from C, S and K alone, with <phi eta*> = S <eta eta*>."""
    statistics = unknowns.statistics(u)
    now = drive(network, statistics)
    H = now.H
    spectrum = (now.V * (1 + 2 * (now.feedback * statistics.S / H).real)
                + np.abs(now.feedback) ** 2 * now.lags.spectrum(statistics.C))
    return float(now.lags.correlation(spectrum)[0])

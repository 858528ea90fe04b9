"""Stationary solution by fixed-point iteration on the lag grid, verified by the first integral."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..averages.gaussian_averages import mean_square
from ..base.checks import reject
from ..base.convergence import Check, Convergence
from ..base.errors import ConvergenceError
from ..base.iteration import FixedPoint, iterate
from ..grids.lags import Lags
from ..grids.resolution import resolution_checks
from ..network.network import AnyNetwork
from .first_integral import orbit
from .first_integral_solve import (
    averages_check,
    natural_lags,
    solution_from_state,
    solve_by_first_integral,
)
from .gaussian_problem import GaussianProblem
from .self_consistent_map import SelfConsistentMap
from .solution import Solution
from .stationary_variance import stationary_variance
from .tuning import FIRST_INTEGRAL_LIMIT, LONGEST_WINDOW, MAP_ROUNDING, STATIC_LAGS


def solve_by_lag_iteration(network: AnyNetwork, problem: GaussianProblem | None,
                           lags: Lags | None, tol: float, max_iter: int,
                           initial: Solution | None, callback: Callable | None) -> Solution:
    """Iterate the self-consistent map from an exponential (or from `initial`).

    `problem` is None where no first integral exists; the window is then doubled until the
    correlation decays within it.
    """
    variance, grid = None, lags or STATIC_LAGS
    if problem is not None:
        variance = stationary_variance(problem)
        if variance.branch in ("quiescent", "static"):
            return solve_by_first_integral(network, problem, lags, tol)
        grid = lags or natural_lags(orbit(problem, variance))
    while True:
        step = SelfConsistentMap(network, grid)
        end = iterate(step, _start(network, grid, initial), tol=tol, max_iter=max_iter,
                      admissible=step.admissible, floor=MAP_ROUNDING, callback=callback)
        resolution = resolution_checks(grid, end.value[:-1], end.value[-1], network.noise,
                                       fatal=True)
        if lags is not None or variance is not None or all(c.passed for c in resolution):
            break
        if grid.span > LONGEST_WINDOW:
            break
        grid = Lags(2 * grid.span, grid.dt)
    checks = [*resolution, *_shape_checks(step, end)]
    if end.value[0] > 0 and np.all(np.isfinite(end.value)):
        checks.append(averages_check(network.phi, step.averages(end.value)))
    if variance is not None:
        off = abs(end.value[0] - variance.total) / variance.total
        checks.append(Check("first integral", off, FIRST_INTEGRAL_LIMIT,
                            "Delta(0) differs from the root of the first integral: the iteration "
                            "reached another root, or the window is too short or the step too "
                            "coarse; use method='energy'"))
    error = end.residual
    if 0 < end.rate < 1:  # distance to the fixed point of a map with this contraction factor
        error = end.residual * end.rate / (1 - end.rate)
    convergence = Convergence(end.converged, end.iterations, end.residual, error, "fourier",
                              end.message, tuple(checks), end.ending.outcome)
    if end.value[0] <= 0 or not np.all(np.isfinite(end.value)):
        raise ConvergenceError("the iteration ended at a state that is not a correlation function: "
                               f"{end.message}")
    branch = variance.branch if variance is not None else _branch(network, end.value)
    return solution_from_state(network, grid, end.value, branch, convergence)


def _branch(network: AnyNetwork, state: np.ndarray) -> str:
    """Branch of a solution that was found without a first integral."""
    if network.noise > 0:
        return "driven"
    return "static" if state[0] - state[-1] < 1e-6 * state[0] else "chaotic"


def _start(network: AnyNetwork, lags: Lags, initial: Solution | None) -> np.ndarray:
    """Initial state: `initial` on the lags, or an exponential decay from an estimated variance."""
    if initial is not None:
        if float(initial.C_x[0]) <= 0:
            reject("initial", initial, "has no activity: the iteration would remain there",
                   "give a solution with positive variance, or leave out initial")
        known = np.interp(lags.tau, initial.lags.tau, initial.C_x.value,
                          right=float(initial.C_x_static))
        return np.append(known, float(initial.C_x_static))
    gains = [one.noise_gain for one in network.ensembles]
    gain = sum(g for g in gains if g is not None) or 1.0
    total = network.noise**2 + network.bias**2 + 1.0
    # towards Delta = gain <phi^2> + ..., which is an upper estimate of the chaotic variance
    for _ in range(50):
        total = gain * mean_square(network.phi, total) + network.bias**2 + network.noise**2
    static = network.bias**2
    return np.append(static + (total - static) * np.exp(-0.5 * lags.tau), static)


def _shape_checks(step: SelfConsistentMap, end: FixedPoint) -> list[Check]:
    """Checks that the result is a correlation: largest at zero lag, with a spectrum >= 0."""
    total = end.value[0]
    excess = float(np.max(np.abs(end.value))) / total - 1 if total > 0 else np.inf
    return [
        Check("spectrum", step.negative_spectrum(end.value), 1e-8,
              "the spectrum has negative values: this root is no correlation; give another initial "
              "solution"),
        Check("peak", excess, 1e-9,
              "C_x is not largest at zero lag: this root is no correlation; give another initial "
              "solution"),
    ]

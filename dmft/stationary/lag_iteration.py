"""The stationary solve by iteration on the grid, with the first integral as its check."""

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
    AT_REST,
    averages_check,
    natural_lags,
    solution_from_state,
    solve_by_energy,
)
from .self_consistent_map import SelfConsistentMap
from .solution import Solution
from .stationary_variance import stationary_variance
from .variance_bound import Gaussian

FLOOR = 2e-15  # rounding of the map
LONGEST = 1e5  # span up to which the window grows by itself
ORACLE_LIMIT = 1e-6


def solve_by_fourier(network: AnyNetwork, problem: Gaussian | None, lags: Lags | None, tol: float,
                     max_iter: int, initial: Solution | None, callback: Callable | None
                     ) -> Solution:
    """Iterate the self-consistent map from an exponential (or from `initial`)."""
    variance, grid = None, lags or AT_REST
    if problem is not None:
        variance = stationary_variance(problem)
        if variance.branch in ("quiescent", "static"):
            return solve_by_energy(network, problem, lags, tol)
        grid = lags or natural_lags(orbit(problem, variance))
    while True:
        step = SelfConsistentMap(network, grid)
        end = iterate(step, _start(network, grid, initial), tol=tol, max_iter=max_iter,
                      admissible=step.admissible, floor=FLOOR, callback=callback)
        held = resolution_checks(grid, end.value[:-1], end.value[-1], network.noise, fatal=True)
        if lags is not None or variance is not None or all(c.passed for c in held):
            break
        if grid.span > LONGEST:
            break
        grid = Lags(2 * grid.span, grid.dt)
    checks = [*held, *_shape_checks(step, end)]
    if end.value[0] > 0 and np.all(np.isfinite(end.value)):
        checks.append(averages_check(network.phi, step.averages(end.value)))
    if variance is not None:
        off = abs(end.value[0] - variance.total) / variance.total
        checks.append(Check("first integral", off, ORACLE_LIMIT,
                            "Delta(0) differs from the energy condition's root: another root, a "
                            "short window or a coarse step; use method='energy'"))
    error = end.residual
    if 0 < end.rate < 1:  # the distance to the fixed point of a map that contracts at this rate
        error = end.residual * end.rate / (1 - end.rate)
    convergence = Convergence(end.converged, end.iterations, end.residual, error, "fourier",
                              end.message, tuple(checks), end.ending.outcome)
    if end.value[0] <= 0 or not np.all(np.isfinite(end.value)):
        raise ConvergenceError(f"the iteration left the correlations: {end.message}")
    branch = variance.branch if variance is not None else _branch(network, end.value)
    return solution_from_state(network, grid, end.value, branch, convergence)


def _branch(network: AnyNetwork, state: np.ndarray) -> str:
    """What kind of solution an iteration without a first integral found."""
    if network.noise > 0:
        return "driven"
    return "static" if state[0] - state[-1] < 1e-6 * state[0] else "chaotic"


def _start(network: AnyNetwork, lags: Lags, initial: Solution | None) -> np.ndarray:
    """Exponential decay from the variance of a saturated site, or another solution."""
    if initial is not None:
        if float(initial.C_x[0]) <= 0:
            reject("initial", initial, "has no activity: the iteration would stay there",
                   "give a solution with positive variance, or none")
        known = np.interp(lags.tau, initial.lags.tau, initial.C_x.value,
                          right=float(initial.C_x_static))
        return np.append(known, float(initial.C_x_static))
    gains = [one.noise_gain for one in network.ensembles]
    gain = sum(g for g in gains if g is not None) or 1.0
    total = network.noise**2 + network.bias**2 + 1.0
    for _ in range(50):  # towards Delta = gain <phi^2>: an upper estimate of the chaotic one
        total = gain * mean_square(network.phi, total) + network.bias**2 + network.noise**2
    static = network.bias**2
    return np.append(static + (total - static) * np.exp(-0.5 * lags.tau), static)


def _shape_checks(step: SelfConsistentMap, end: FixedPoint) -> list[Check]:
    """A correlation is largest at zero and has a positive spectrum."""
    total = end.value[0]
    excess = float(np.max(np.abs(end.value))) / total - 1 if total > 0 else np.inf
    return [
        Check("spectrum", step.negative_spectrum(end.value), 1e-8,
              "the spectrum is negative: this root is no correlation; start from another one"),
        Check("peak", excess, 1e-9, "C_x is not largest at zero lag: this root is no correlation"),
    ]

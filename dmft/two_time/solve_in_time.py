"""Time-dependent solution: causal marches with halved steps and Richardson extrapolation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np

from ..averages.two_variances import PairAverages, pair_averages
from ..base import checks
from ..base.convergence import Check, Convergence
from ..grids.times import Times
from ..network.inputs import Pulse
from ..network.network import AnyNetwork
from ..network.preparation import prepared
from ..network.regional_mean_field import MeanField, mean_field
from ..network.structure import structure
from .causal_march import MarchResult, march
from .filtered_inputs import filtered_inputs
from .march_cost import check_cost, finest_factor
from .time_solution import TimeSolution
from .tuning import ERROR_ORDERS, MOST_HALVINGS, MOST_STEPS


def solve_in_time(network: AnyNetwork, times: Times, currents, variance, tol: float,
                  callback: Callable | None = None) -> TimeSolution:
    """March on the grid of `times` and on finer grids, and extrapolate to zero step.

    The step is halved until two successive extrapolations differ by at most `tol`, relative to the
    largest current and variance.
    """
    field = mean_field(network)
    start = prepared(network, currents, variance)
    check_cost(field, times, "times", times, factors=(1, 2), finest=finest_factor(len(times) - 1),
               advice="give a larger dt, a smaller stop, or method='march' for one march only",
               stacklevel=5)
    averages = pair_averages(field.phi)
    steps = len(times) - 1
    smooth = not isinstance(field.signal, Pulse) or field.signal.fits(times.t)
    # Row k of the table: the march with step dt / 2^k, followed by its extrapolations.
    table: list[list[MarchResult]] = []
    while True:
        factor = 2 ** len(table)
        dt = times.dt / factor
        progress = None if callback is None else (
            lambda step, of, level=factor: callback(level, step / of, None))
        result = march(field, averages, steps * factor, dt, start.z0, start.v0,
                     filtered_inputs(field, steps * factor, dt),
                     None if times.keep is None else times.keep * factor, progress)
        _check_finite(network, result, times)
        row = [_at_grid_times(result, factor)]
        if table:
            # with an input that jumps within a step the error is no power series in the step
            for order, coarse in zip(ERROR_ORDERS if smooth else (), table[-1], strict=False):
                row.append(_extrapolated(row[-1], coarse, order))
        table.append(row)
        if len(table) < 2:
            continue
        error = _errors(row[-1], row[-2] if smooth else table[-2][0])
        # filtered inputs are exact at any step unless the signal jumps within one
        error = np.maximum(error, _input_errors(row[0], table[-2][0]))
        if np.max(error) <= tol or len(table) > MOST_HALVINGS or 2 * steps * factor > MOST_STEPS:
            break
    best, largest = row[-1], float(np.max(error))
    until = times.t[np.argmax(error > tol)] if largest > tol else times.stop
    check = Check("refinement", largest, tol,
                  f"the error exceeds {tol:.0e} from t={until:g} on: give a smaller dt, a grid of "
                  "times that contains the times at which inputs jump, or a larger tol; chaotic "
                  "currents amplify any error and can be computed for a limited time only; "
                  "dmft.solution_class and dmft.lyapunov_exponent take the network itself and "
                  "measure them")
    convergence = Convergence(
        True, len(table), float(np.max(_errors(row[0], table[-2][0]))), largest, "march",
        f"second-order steps down to {dt:.3g}, extrapolated to order {len(row) + 1}",
        (check, _averages_check(field, averages)))
    return _solution(network, times, best, error, convergence)


def march_once(network: AnyNetwork, times: Times, currents, variance,
               callback: Callable | None = None) -> TimeSolution:
    """A single second-order march with the step of `times`; its error is not estimated (NaN)."""
    field = mean_field(network)
    start = prepared(network, currents, variance)
    check_cost(field, times, "times", times, factors=(1,), stacklevel=5)
    averages, steps = pair_averages(field.phi), len(times) - 1
    progress = None if callback is None else (lambda step, of: callback(1, step / of, None))
    result = march(field, averages, steps, times.dt, start.z0, start.v0,
                   filtered_inputs(field, steps, times.dt), times.keep, progress)
    _check_finite(network, result, times)
    convergence = Convergence(True, 1, np.nan, np.nan, "march",
                              f"one march of second-order steps of {times.dt:.3g}, not refined: "
                              "its error is not known", (_averages_check(field, averages),))
    return _solution(network, times, result, np.full(len(times), np.nan), convergence)


def _averages_check(field: MeanField, averages: PairAverages) -> Check:
    return Check("averages", averages.error, 1e-8,
                 f"phi={field.phi.name} is not smooth enough for interpolation of its averages "
                 "(a kink?): give a smooth phi, or its averages as Nonlinearity(..., "
                 "closed=ClosedForm(...))")


def _solution(network: AnyNetwork, times: Times, best: MarchResult, error: np.ndarray,
              convergence: Convergence) -> TimeSolution:
    shape, P = structure(network).current_shape, len(best.S)
    return TimeSolution(
        network, times, best.y[:P].T.reshape(len(times), *shape),
        best.S.T.reshape(len(times), *shape),
        best.psi.T.copy(), best.variance.T.copy(), best.y[P:].T.copy(), best.Delta, best.C, error,
        convergence)


def _check_finite(network: AnyNetwork, result: MarchResult, times: Times) -> None:
    variance = result.variance
    finite = np.all(np.isfinite(variance), axis=0) & (np.max(variance, axis=0) < 1e12)
    if not np.all(finite):
        at = times.stop * float(np.argmin(finite)) / (len(finite) - 1)
        checks.reject("network", network, f"its variance grows without bound (t={at:.3g})",
                      "give a smaller g or T, or a phi that saturates")


def _at_grid_times(result: MarchResult, factor: int) -> MarchResult:
    """One-time functions at the times of the grid, of a march with `factor` steps per grid step."""
    return replace(result, **{name: getattr(result, name)[:, ::factor]
                              for name in ("y", "S", "variance", "psi")})


def _extrapolated(fine: MarchResult, coarse: MarchResult, order: int) -> MarchResult:
    """Richardson extrapolation, which removes the error of this order."""
    share = 1.0 / (2.0**order - 1)
    better = {}
    for field in fields(fine):
        value = getattr(fine, field.name)
        if value is not None:
            better[field.name] = value + share * (value - getattr(coarse, field.name))
    return replace(fine, **better)


def _input_errors(one: MarchResult, other: MarchResult) -> np.ndarray:
    """(n,) difference of filtered inputs with two steps, relative to the largest input."""
    P = len(one.S)
    a, b = one.y[P:], other.y[P:]
    if not a.size:
        return np.zeros(one.y.shape[1])
    return np.max(np.abs(a - b), axis=0) / max(float(np.max(np.abs(a))), 1e-12)


def _errors(one: MarchResult, other: MarchResult) -> np.ndarray:
    """(n,) largest difference of currents, inputs and variances, each relative to its largest.

    Currents and inputs have separate scales, so that small currents beside a large input are as
    accurate as large ones.
    """
    P, worst = len(one.S), np.zeros(one.variance.shape[1])
    for a, b in ((one.y[:P], other.y[:P]), (one.y[P:], other.y[P:]),
                 (one.variance, other.variance)):
        if a.size:
            scale = max(float(np.max(np.abs(a))), 1e-12)
            worst = np.maximum(worst, np.max(np.abs(a - b), axis=0) / scale)
    return worst

"""The time-dependent solve: a causal march, refined and extrapolated until its error is small."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np

from ..averages.two_variances import PairAverages, pair_averages
from ..base import checks
from ..base.allocation import require
from ..base.convergence import Check, Convergence
from ..grids.times import Times
from ..network.inputs import Pulse
from ..network.mean_field import MeanField, mean_field
from ..network.network import AnyNetwork
from ..network.preparation import prepared
from ..network.structure import structure
from .causal_march import Path, march
from .filtered_inputs import filtered_inputs
from .time_solution import TimeSolution

MOST_HALVINGS = 6  # of the step, from that of the grid down
MOST_STEPS = 60_000  # of one march
ORDERS = (2, 3, 4, 5, 6)  # powers of the step in the march's error, taken off in turn


def solve_in_time(network: AnyNetwork, times: Times, currents, variance, tol: float,
                  callback: Callable | None = None) -> TimeSolution:
    """March on the grid of `times` and on finer ones, and extrapolate in the step."""
    field = mean_field(network)
    start = prepared(network, currents, variance)
    _check_memory(field, times)
    averages = pair_averages(field.phi)
    steps = len(times) - 1
    even = not isinstance(field.signal, Pulse) or field.signal.fits(times.t)
    # Row k of the table: marches with step dt / 2^k, and what extrapolation makes of them.
    table: list[list[Path]] = []
    while True:
        factor = 2 ** len(table)
        dt = times.dt / factor
        seen = None if callback is None else (
            lambda step, of, level=factor: callback(level, step / of, None))
        path = march(field, averages, steps * factor, dt, start.z0, start.v0,
                     filtered_inputs(field, steps * factor, dt),
                     None if times.keep is None else times.keep * factor, seen)
        _check_finite(network, path, times)
        row = [_thinned(path, factor)]
        if table:
            # an input that jumps within a step leaves no power of the step to take off
            for order, coarse in zip(ORDERS if even else (), table[-1], strict=False):
                row.append(_extrapolated(row[-1], coarse, order))
        table.append(row)
        if len(table) < 2:
            continue
        error = _errors(row[-1], row[-2] if even else table[-2][0])
        # filtered inputs are exact at any step unless the signal jumps within one
        error = np.maximum(error, _input_errors(row[0], table[-2][0]))
        if np.max(error) <= tol or len(table) > MOST_HALVINGS or 2 * steps * factor > MOST_STEPS:
            break
    best, largest = row[-1], float(np.max(error))
    until = times.t[np.argmax(error > tol)] if largest > tol else times.stop
    check = Check("refinement", largest, tol,
                  f"known to {tol:.0e} until t={until:g} only: give a smaller dt, times at which "
                  "inputs jump, or a larger tol; chaotic currents cannot be known for longer")
    convergence = Convergence(
        True, len(table), float(np.max(_errors(row[0], table[-2][0]))), largest, "march",
        f"second-order steps of {dt:.3g} and longer, extrapolated to order {len(row) + 1}",
        (check, _averages_check(field, averages)))
    return _solution(network, times, best, error, convergence)


def march_once(network: AnyNetwork, times: Times, currents, variance,
               callback: Callable | None = None) -> TimeSolution:
    """One march of second order with the step of `times`; its error is not estimated (NaN)."""
    field = mean_field(network)
    start = prepared(network, currents, variance)
    _check_memory(field, times)
    averages, steps = pair_averages(field.phi), len(times) - 1
    seen = None if callback is None else (lambda step, of: callback(1, step / of, None))
    path = march(field, averages, steps, times.dt, start.z0, start.v0,
                 filtered_inputs(field, steps, times.dt), times.keep, seen)
    _check_finite(network, path, times)
    convergence = Convergence(True, 1, np.nan, np.nan, "march",
                              f"one march of second-order steps of {times.dt:.3g}, not refined: "
                              "its error is not known", (_averages_check(field, averages),))
    return _solution(network, times, path, np.full(len(times), np.nan), convergence)


def _averages_check(field: MeanField, averages: PairAverages) -> Check:
    return Check("averages", averages.error, 1e-8,
                 f"phi={field.phi.name} is not smooth enough for its table (a kink?): give a "
                 "smooth phi, or its averages as Nonlinearity(..., closed=ClosedForm(...))")


def _solution(network: AnyNetwork, times: Times, best: Path, error: np.ndarray,
              convergence: Convergence) -> TimeSolution:
    shape, P = structure(network).current_shape, len(best.S)
    return TimeSolution(
        network, times, best.y[:P].T.reshape(len(times), *shape),
        best.S.T.reshape(len(times), *shape),
        best.psi.T.copy(), best.variance.T.copy(), best.y[P:].T.copy(), best.Delta, best.C, error,
        convergence)


def _check_memory(field: MeanField, times: Times) -> None:
    kept = len(times.kept)
    # two functions at two levels of the table and in extrapolation; rows of currents and noise
    need = 8.0 * field.regions * (8 * kept**2 + 12 * len(times) * 2**MOST_HALVINGS)
    need += 8.0 * 3 * len(field.target) * len(times) * 2**MOST_HALVINGS
    if kept:
        require(need, "keep", times.keep, f"give a larger one: Delta and C_phi of {field.regions} "
                f"regions at {kept} x {kept} pairs of times")
    else:
        require(need, "times", times, "give a longer dt or end sooner")


def _check_finite(network, path: Path, times: Times) -> None:
    finite = np.all(np.isfinite(path.variance), axis=0) & (np.max(path.variance, axis=0) < 1e12)
    if not np.all(finite):
        at = times.stop * float(np.argmin(finite)) / (len(finite) - 1)
        checks.reject("network", network, f"its variance grows without bound (t={at:.3g})",
                      "give a smaller g or T, or a phi that saturates")


def _thinned(path: Path, factor: int) -> Path:
    """At the times of the grid."""
    return replace(path, **{name: getattr(path, name)[:, ::factor]
                            for name in ("y", "S", "variance", "psi")})


def _extrapolated(fine: Path, coarse: Path, order: int) -> Path:
    """Richardson's: the error of this order taken off."""
    share = 1.0 / (2.0**order - 1)
    better = {}
    for field in fields(fine):
        value = getattr(fine, field.name)
        if value is not None:
            better[field.name] = value + share * (value - getattr(coarse, field.name))
    return replace(fine, **better)


def _input_errors(one: Path, other: Path) -> np.ndarray:
    """(n,) difference of filtered inputs at two steps, relative to the largest."""
    P = len(one.S)
    a, b = one.y[P:], other.y[P:]
    if not a.size:
        return np.zeros(one.y.shape[1])
    return np.max(np.abs(a - b), axis=0) / max(float(np.max(np.abs(a))), 1e-12)


def _errors(one: Path, other: Path) -> np.ndarray:
    """(n,) largest difference, over currents, inputs and variances, each relative to its largest.

    Currents and inputs apart: a small current beside a large input is asked for as sharply.
    """
    P, worst = len(one.S), np.zeros(one.variance.shape[1])
    for a, b in ((one.y[:P], other.y[:P]), (one.y[P:], other.y[P:]),
                 (one.variance, other.variance)):
        if a.size:
            scale = max(float(np.max(np.abs(a))), 1e-12)
            worst = np.maximum(worst, np.max(np.abs(a - b), axis=0) / scale)
    return worst

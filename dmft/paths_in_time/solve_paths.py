"""Solve in time by marches of independent sets of paths, extrapolated in the step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..averages.two_variances import PairAverages, pair_averages
from ..base import checks
from ..base.convergence import Check, Convergence
from ..base.estimate import Estimate
from ..grids.times import Times
from ..network.network import AnyNetwork
from ..network.preparation import prepared
from .path_cost import check_cost, enough_paths
from .path_march import PathMarch
from .path_options import PathOptions
from .path_solution import SampledTimeSolution, student
from .response_in_time import response
from .schedule import NOTHING, Schedule
from .site_in_time import SiteInTime, site_in_time
from .tuning import EXPLAINED_FROM, LONGEST_STEP, MOST_REPEATS

Curves = dict[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class _Problem:
    """What all marches of a solve have in common."""

    site: SiteInTime
    averages: PairAverages
    schedule: Schedule
    times: Times
    variance: float
    options: PathOptions
    paths: int
    refined: bool


def solve_paths(network: AnyNetwork, times: Times, currents, variance, schedule: Schedule | None,
                options: Any, tol: float, refined: bool, rng,
                callback: Callable | None = None) -> SampledTimeSolution:
    """Solve a network with memory, or with a schedule, in time.

    Each replicate is a march with steps of at most 0.1 and one with twice the step, extrapolated to
    zero step; without `refined`, one march with the step of `times`.

    Raises
    ------
    ModelError
        For a network whose theory in time is not derived, events that are not times of the grid,
        too little memory, or activity that diverges.
    """
    site = site_in_time(network)
    options = _checked(options)
    schedule = NOTHING if schedule is None else schedule
    for name in ("halt", "release"):
        for time in getattr(schedule, name):
            _require_on_grid(name, time, times)
    start = prepared(network, currents, variance)
    paths = enough_paths(site, times, options)
    problem = _Problem(site, pair_averages(site.phi), schedule, times, float(start.v0[0]), options,
                       paths, refined)
    check_cost(site, times, paths, options, _steps(times, refined))
    draws = checks.generator(rng)
    found: list[Curves] = []
    _extend(problem, network, found, options.repeats, draws, callback)
    error = _relative_error(found)
    more = int(np.ceil(len(found) * (error / tol) ** 2)) - len(found)
    if more > 0:
        _extend(problem, network, found, min(more, MOST_REPEATS - len(found)), draws, callback)
        error = _relative_error(found)
    return _solution(problem, network, found, error, tol)


def _checked(options: Any) -> PathOptions:
    if options is None:
        return PathOptions()
    if not isinstance(options, PathOptions):
        checks.reject("options", options, "not options of a solve in time by paths",
                      "give dmft.PathOptions(paths=2000)")
    return options


def _require_on_grid(name: str, time: float, times: Times) -> None:
    if abs(time / times.dt - round(time / times.dt)) > 1e-6 or time >= times.stop:
        checks.reject(name, time, f"not a time of the grid before its end, {times.stop:g}",
                      f"give a multiple of dt={times.dt:g}, or another grid")


def _steps(times: Times, refined: bool) -> tuple[int, ...]:
    """Numbers of steps per step of the grid: of the fine march, then of the coarse one."""
    coarse = int(np.ceil(times.dt / LONGEST_STEP - 1e-9))
    return (2 * coarse, coarse) if refined else (1,)


def _extend(problem: _Problem, network: AnyNetwork, found: list[Curves], count: int,
            draws: np.random.Generator, callback: Callable | None) -> None:
    for seed in draws.spawn(max(count, 0)):
        marches = [_march(problem, network, factor, own) for factor, own in zip(
            _steps(problem.times, problem.refined), seed.spawn(2), strict=False)]
        found.append(marches[0] if len(marches) == 1 else {
            name: fine if name in ("explained", "modes")
            else fine + (fine - marches[1][name]) / 3 for name, fine in marches[0].items()})
        found[-1]["step"] = (np.zeros(1) if len(marches) == 1 else np.asarray(
            marches[0]["variance"] - marches[1]["variance"]) / 3)
        if callback is not None:
            callback(len(found), _relative_error(found), None)


def _march(problem: _Problem, network: AnyNetwork, factor: int, rng: np.random.Generator) -> Curves:
    """One march with `factor` steps per step of the grid, at the times of the grid."""
    times, keep = problem.times, problem.times.keep
    dt = times.dt / factor
    steps = (len(times) - 1) * factor
    march = PathMarch(problem.site, problem.averages, problem.schedule, steps, dt,
                      problem.variance, problem.paths, factor, keep and keep * factor, rng,
                      problem.options.control)
    rows = march.run()
    if not np.all(np.isfinite(rows.variance)) or np.max(rows.variance) > 1e12:
        at = times.t[int(np.argmin(np.isfinite(rows.variance) & (rows.variance < 1e12)))]
        checks.reject("network", network, f"its variance grows without bound (t={at:.3g})",
                      "give a smaller g or k, or a phi that saturates")
    at_grid = rows.rows[::factor]
    out = {"variance": rows.variance, "mean": rows.mean, "psi": rows.psi,
           "power": np.einsum("nm,nm->n", at_grid, at_grid),
           "explained": np.asarray(rows.explained), "modes": np.asarray(float(rows.modes))}
    if keep:
        kept = at_grid[::keep]
        out |= {"Delta": rows.Delta, "C_phi": kept @ kept.T}
        if problem.site.groups:
            out["R_phi"] = response(rows.noises, rows.inputs, rows.psi[::keep], keep * factor, dt)
    return out


def _relative_error(found: list[Curves]) -> float:
    """Largest standard error of the variance, relative to its largest value."""
    own = _estimate(found, "variance")
    return float(np.max(own.stderr) / max(float(np.max(own.value)), 1e-300))


def _estimate(found: list[Curves], name: str) -> Estimate:
    values = np.array([one[name] for one in found])
    spread = values.std(axis=0, ddof=1) * student(len(values))
    return Estimate(values.mean(axis=0), spread / np.sqrt(len(values)))


def _solution(problem: _Problem, network: AnyNetwork, found: list[Curves], error: float,
              tol: float) -> SampledTimeSolution:
    one = {name: _estimate(found, name) for name in found[0]}
    largest = max(float(np.max(one["variance"].value)), 1e-300)
    step = float(np.max(np.abs(one["step"].value))) / largest
    explained = float(one["explained"])
    sampling = Check("sampling", error, tol, "the standard error of the variance stays above tol: "
                     "give dmft.PathOptions with more paths, or a larger tol", resolution=True)
    note = ("" if explained > EXPLAINED_FROM else f"; the surrogate explains {explained:.2f} of x "
            "at least, too little to control all rows: a bias of order 1/paths is left, about "
            "0.01 of C_phi at 1000 paths")
    message = (f"{len(found)} sets of {problem.paths} paths, {float(one['modes']):.0f} modes"
               + (f", extrapolated in the step, which changes the variance by {step:.1e}"
                  if problem.refined else f", steps of {problem.times.dt:.3g}, not refined") + note)
    convergence = Convergence(True, len(found), step, error, "paths in time", message, (sampling,))
    replicates = np.array([each["C_phi"] for each in found]) if problem.times.keep else None
    Delta, C_phi, R_phi = (one[name][None] if name in one else None
                           for name in ("Delta", "C_phi", "R_phi"))
    return SampledTimeSolution(
        network, problem.times, problem.schedule, one["variance"][:, None], one["mean"][:, None],
        one["power"][:, None], one["psi"][:, None], Delta, C_phi, R_phi, replicates, convergence)

"""Solve in time by marches of independent sets of paths, extrapolated in the step."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..base import checks
from ..base.convergence import Check, Convergence
from ..base.errors import ModelError
from ..base.estimate import Estimate
from ..grids.times import Times
from ..network.network import AnyNetwork
from .path_cost import check_cost, enough_paths
from .path_march import PathMarch, Start
from .path_options import PathOptions
from .path_solution import SampledTimeSolution, student
from .response_in_time import response
from .schedule import NOTHING, Schedule
from .site_in_time import SitesInTime, sites_in_time
from .time_steps import TimeSteps
from .tuning import (
    EXPLAINED_FROM,
    LARGEST_VARIANCE,
    LEAST_SETS,
    LONGEST_STEP,
    MOST_HALVINGS,
    MOST_REPEATS,
    STEP_SETS,
)

Curves = dict[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class _Problem:
    """What all marches of a solve have in common."""

    sites: SitesInTime
    schedule: Schedule
    times: Times
    start: Start
    options: PathOptions
    paths: int
    factor: int  # steps per step of the grid
    lead: int = 0  # steps of the grid before t = 0, which are marched and left out


def solve_paths(network: AnyNetwork, times: Times, start: Start, schedule: Schedule | None,
                options: Any, tol: float, refined: bool, rng, callback: Callable | None = None,
                lead: float = 0.0) -> SampledTimeSolution:
    """Solve a network with memory, or with a schedule, in time; t = 0 is `lead` after the start.

    Each set of paths is marched with steps of at most LONGEST_STEP (shorter for fast units), or
    with the step of `times` unless `refined`. The error of the step is estimated from two more sets
    with a longer step; where it is above `tol`, the step is halved.

    Raises
    ------
    ModelError
        For a network whose theory in time is not derived, events that are not times of the grid,
        too little memory, or activity that diverges.
    """
    sites = sites_in_time(network)
    options = _checked(options)
    schedule = NOTHING if schedule is None else schedule
    for name in ("halt", "release"):
        if getattr(schedule, name) and not any(hasattr(one, "p") for one in network.ensembles):
            checks.reject(name, getattr(schedule, name), "the network has no plastic couplings",
                          "leave it out, or give plastic couplings, k")
        for time in getattr(schedule, name):
            _require_on_grid(name, time, times)
    factor = steps_per_step(sites, times) if refined else 1
    if refined and factor == 1 and len(times) % 2 == 0:
        factor = 2  # an odd number of steps has no grid of twice the step to be compared with
    _require_resolved_memory(network, times.dt / factor)
    unit = 2 * (times.keep or 1)  # so that a grid of twice the step, and one of kept times, fit
    before = unit * math.ceil(lead / times.dt / unit)
    problem = _Problem(sites, schedule.after(before * times.dt), times, start, options, 0, factor,
                       before)
    problem = _with_steps(problem, factor)
    draws = checks.generator(rng)
    found: list[Curves] = []
    _extend(problem, network, found, options.repeats, draws, callback)
    step = _StepError()
    if refined:
        coarse, longer = _coarser(problem, network, draws)
        step = _StepError.of(coarse, found, longer)
        for _ in range(MOST_HALVINGS):
            if step.certain <= tol:
                break
            try:
                problem = _with_steps(problem, 2 * problem.factor)
            except ModelError:  # too few paths, or too little memory
                break
            coarse, found = found, []
            _extend(problem, network, found, options.repeats, draws, callback)
            step = _StepError.of(coarse, found, 2.0)
    error = _relative_error(found)
    more = int(np.ceil(len(found) * (error / tol) ** 2)) - len(found)
    if more > 0:
        _extend(problem, network, found, min(more, MOST_REPEATS - len(found)), draws, callback)
        error = _relative_error(found)
    return _solution(problem, network, schedule, found, error, tol, step)


def _with_steps(problem: _Problem, factor: int) -> _Problem:
    """The problem with `factor` steps per step of the grid, and as many paths as they need.

    Raises
    ------
    ModelError
        If the options give too few paths, or for too little memory.
    """
    steps = (len(problem.times) - 1 + problem.lead) * factor
    paths = enough_paths(problem.sites, problem.times, problem.options, steps)
    check_cost(problem.sites, problem.times, paths, problem.options, steps)
    return replace(problem, factor=factor, paths=paths)


def _checked(options: Any) -> PathOptions:
    if options is None:
        return PathOptions()
    if not isinstance(options, PathOptions):
        checks.reject("options", options, "not options of a solve in time by paths",
                      "give dmft.PathOptions(paths=2000)")
    return options


def _require_on_grid(name: str, time: float, times: Times) -> None:
    if time >= times.stop:
        checks.reject(name, time, f"not before the end of the grid, {times.stop:g}",
                      "give an earlier time, or times with a later stop")
    if abs(time / times.dt - round(time / times.dt)) > 1e-6:
        checks.reject(name, time, f"not a time of the grid of dt={times.dt:g}",
                      f"give a multiple of {times.dt:g}, or another grid")


def _require_resolved_memory(network: AnyNetwork, step: float) -> None:
    """Refuse synapses that are faster than the step: their effect would be lost."""
    for one in network.ensembles:
        p = getattr(one, "p", None)
        if p is not None and p < step:
            checks.reject("p", p, f"shorter than the step in time, {step:g}",
                          "give times with a smaller dt, or a larger p")


def steps_per_step(sites: SitesInTime, times: Times) -> int:
    """Number of steps per step of the grid, which are no longer than the units need."""
    longest = LONGEST_STEP * min(one.unit.step_factor for one in sites.populations)
    return int(np.ceil(times.dt / longest - 1e-9))


def _extend(problem: _Problem, network: AnyNetwork, found: list[Curves], count: int,
            draws: np.random.Generator, callback: Callable | None) -> None:
    factor = problem.factor
    for seed in draws.spawn(max(count, 0)):
        found.append(_march(problem, network, factor, seed))
        if callback is not None:
            known = len(found) > LEAST_SETS  # from fewer the error has none itself
            callback(len(found), _relative_error(found) if known else np.nan, None)


def _march(problem: _Problem, network: AnyNetwork, factor: int, rng: np.random.Generator) -> Curves:
    """One march with `factor` steps per step of the grid, at the times of the grid."""
    times, keep, lead = problem.times, problem.times.keep, problem.lead
    on_grid, zero = len(times) - 1 + lead, lead * times.dt
    events = tuple(sorted({*problem.schedule.events, *problem.sites.events, zero} - {0.0}))
    steps = TimeSteps.of(on_grid * times.dt, on_grid * factor, events)
    steps = replace(steps, recorded=steps.recorded[::factor])
    found = PathMarch(problem.sites, problem.schedule, steps, problem.start, problem.paths, keep,
                      rng, problem.options.control).run()
    square = np.array([one.square for one in found])
    fine = np.all(np.isfinite(square) & (square < LARGEST_VARIANCE), axis=0)
    if not np.all(fine):
        checks.reject("network", network, "its activity grows without bound "
                      f"(t={int(np.argmin(fine)) * times.dt - zero:.3g})",
                      "give a smaller g, k or mean, or a phi that saturates")
    at_grid = [one.rows[steps.recorded] for one in found]
    out = {name: np.array([getattr(one, name) for one in found]).T
           for name in ("mean", "rate", "psi")}
    out |= {"variance": square.T, "power": np.array([np.einsum("nm,nm->n", rows, rows)
                                                     for rows in at_grid]).T,
            "explained": np.asarray(min(one.explained for one in found)),
            "modes": np.asarray(float(max(one.modes for one in found)))}
    if keep:
        out |= {"Delta": np.array([one.Delta for one in found]),
                "C_phi": np.array([rows[::keep] @ rows[::keep].T for rows in at_grid])}
        if problem.sites.groups:
            out["R_phi"] = np.array([
                response(one, steps, keep, site.unit) if problem.sites.responds(a) else
                np.full_like(one.Delta, np.nan)
                for a, (one, site) in enumerate(zip(found, problem.sites.populations,
                                                    strict=True))])
    return {name: _from_zero(name, value, lead, keep or 1) for name, value in out.items()}


def _from_zero(name: str, value: np.ndarray, lead: int, keep: int) -> np.ndarray:
    """Without the times before t = 0."""
    if name in ("Delta", "C_phi", "R_phi"):
        return value[:, lead // keep:, lead // keep:]
    return value[lead:] if value.ndim else value


@dataclass(frozen=True)
class _StepError:
    """Error of the variance by the step: estimated, and beyond three errors of the sampling.

    Relative to the largest variance in a population, for a scheme of third order, from sets whose
    step is `longer` times as long.
    """

    estimate: float = np.nan
    certain: float = 0.0

    @classmethod
    def of(cls, coarse: list[Curves], fine: list[Curves], longer: float) -> _StepError:
        values, others = (np.array([one["variance"] for one in sets]) for sets in (fine, coarse))
        values = values[:, ::(values.shape[1] - 1) // (others.shape[1] - 1)]
        mean, off = values.mean(axis=0), np.abs(others.mean(axis=0) - values.mean(axis=0))
        noise = values.std(axis=0, ddof=1) * np.sqrt(1 / len(fine) + 1 / len(coarse))
        scale = longer**3 - 1
        return cls(_largest(off, mean) / scale, _largest(np.maximum(off - 3 * noise, 0.0), mean)
                   / scale)


def _coarser(problem: _Problem, network: AnyNetwork, rng: np.random.Generator
             ) -> tuple[list[Curves], float]:
    """A few sets with a longer step, and the ratio of the steps."""
    times, factor = problem.times, problem.factor
    fewer = max(1, factor // 2)
    coarse = problem if factor > 1 else replace(problem, times=Times(times.stop, 2 * times.dt),
                                                lead=problem.lead // 2)
    sets = [_march(coarse, network, fewer, seed) for seed in rng.spawn(STEP_SETS)]
    return sets, factor / fewer if factor > 1 else 2.0


def _relative_error(found: list[Curves]) -> float:
    """Largest standard error of the variance, relative to its largest value in the population."""
    own = _estimate(found, "variance")
    return _largest(own.stderr, own.value)


def _largest(errors: np.ndarray, values: np.ndarray) -> float:
    """Largest of the errors (n, R) of R populations, relative to the largest value of each."""
    sizes = np.maximum(np.max(np.abs(values), axis=0), 1e-300)
    return float(np.max(np.max(np.abs(errors), axis=0) / sizes))


def _estimate(found: list[Curves], name: str) -> Estimate:
    values = np.array([one[name] for one in found])
    spread = values.std(axis=0, ddof=1) * student(len(values))
    return Estimate(values.mean(axis=0), spread / np.sqrt(len(values)))


def _solution(problem: _Problem, network: AnyNetwork, schedule: Schedule, found: list[Curves],
              error: float, tol: float, step: _StepError) -> SampledTimeSolution:
    one = {name: _estimate(found, name) for name in found[0]}
    explained = float(one["explained"])
    sampling = Check("sampling", error, tol, "the standard error of the variance stays above tol: "
                     "give dmft.PathOptions with more paths, or a larger tol", resolution=True)
    steps = Check("step", step.certain, tol, "the error of the variance by the step in time is "
                  "above tol: give times with a smaller dt, or a larger tol", resolution=True)
    note = ("" if explained > EXPLAINED_FROM else f"; the surrogate explains {explained:.2f} of x "
            "at least, too little to control all rows: a bias of order 1/paths is left, about "
            "0.01 of C_phi at 1000 paths")
    message = (f"{len(found)} sets of {problem.paths} paths, {float(one['modes']):.0f} modes"
               f", third-order steps of {problem.times.dt / problem.factor:.3g}" + note)
    convergence = Convergence(True, len(found), step.estimate, error, "paths in time", message,
                              (sampling, steps))
    replicates = np.array([each["C_phi"] for each in found]) if problem.times.keep else None
    Delta, C_phi, R_phi = (one.get(name) for name in ("Delta", "C_phi", "R_phi"))
    return SampledTimeSolution(
        network, problem.times, schedule, one["variance"], one["mean"], one["rate"],
        one["power"], one["psi"], Delta, C_phi, R_phi, replicates, convergence,
        problem.lead * problem.times.dt)

"""All stationary states of populations with mean couplings that are found from many starts."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from ..base import checks
from ..base.convergence import Check, Convergence
from ..base.errors import ConvergenceError
from ..base.newton_krylov import newton_krylov
from ..ensembles.properties import drift_of, memory_advice, noise_gains
from ..grids.lags import Lags
from ..grids.resolution import resolution_checks
from ..network.network import AnyNetwork
from ..network.populations import populations
from ..network.structure import structure
from .mean_stability import mean_growth, slowest_mode
from .population_map import LinearisedPopulationMap, PopulationMap
from .population_states import PopulationState, PopulationStates, stable_state_check
from .tuning import (
    BETWEEN,
    CONSTANT_SHARE,
    FIRST_LAGS,
    GRID_CHANGE,
    LARGEST_CHANGE,
    LONGEST_SPAN,
    MOST_LAGS,
    PLAIN_STEPS,
    PLAIN_TAIL,
    RANDOM_STARTS,
    SAME_ROOT,
    SAME_START,
    SETTLING_STEPS,
    START_TIMES,
)


def solve_populations(network: AnyNetwork, lags: Lags | None, tol: float, max_iter: int, rng,
                      callback: Callable | None) -> PopulationStates:
    """The states of a network whose couplings have means, each with its stability.

    From every start, Newton's method for the means and correlations follows a few plain steps at
    fixed means, and a long plain iteration with free means; roots that agree are one state. The
    starts are means between the largest and the smallest that the couplings can cause, and then
    means between the states that were found, for those that separate them.

    Raises
    ------
    ModelError
        For couplings with memory, currents or gains, which are not treated together with means.
    ConvergenceError
        If no start leads to a state.
    """
    step = population_map(network, lags)
    starts = _starts(step, checks.generator(rng))
    found: list[tuple[PopulationMap, np.ndarray, float]] = []
    tried: list[np.ndarray] = []
    rest = np.zeros(step.R * (len(step.lags) + 1) + step.R)
    if not np.any(step.image(rest)):  # x = 0, which iterations approach and never reach
        found.append((step, rest, 0.0))
    for index, means in enumerate(starts):
        for state in _settled(step, means):
            if any(_close(state, other) for other in tried):
                continue
            tried.append(state)
            end = _converged(step, state, tol, max_iter, lags is not None)
            if end is not None and not any(_same(end, other) for other in found):
                found.append(end)
        if callback is not None:
            callback(index, (index + 1) / len(starts), means)
    for first, second in list(itertools.combinations(found, 2)):
        ends = [own.split(state)[1] for own, state, _ in (first, second)]
        for place in BETWEEN if not _close(*ends) else ():
            near = _at_fixed_means(step, (1 - place) * ends[0] + place * ends[1], START_TIMES[0])
            end = _converged(step, near, tol, max_iter, lags is not None)
            if end is not None and not any(_same(end, other) for other in found):
                found.append(end)
    if not found:
        raise ConvergenceError(f"no stationary state was found from {len(starts)} starts: there "
                               "may be none, where phi does not saturate and activity grows "
                               "without bound; or give lags with a longer span and a smaller dt, "
                               "or a larger max_iter")
    resolved = [_resolved(*one, tol, max_iter, lags is not None) for one in found]
    judged = [(_state(*one), _checks(*one, tol, change)) for one, change in resolved]
    if any(one.stable and _passed(own) for one, own in judged):
        # beside them, unstable states that their window or iteration does not reach are left out
        judged = [(one, own) for one, own in judged if one.stable or _passed(own)]
    judged.sort(key=lambda pair: (not pair[0].stable, tuple(np.round(pair[0].rates, 9))))
    states = tuple(one for one, _ in judged)
    worst = max(one.residual for one in states)
    checks_made = [one for _, own in judged for one in own]
    error = max(worst, *(change for _, change in resolved))
    convergence = Convergence(True, len(starts), worst, error, "populations",
                              f"{len(states)} states from {len(starts)} starts",
                              (*_worst_of_each(checks_made), stable_state_check(states)))
    return PopulationStates(network, states, len(starts), convergence)


def population_map(network: AnyNetwork, lags: Lags | None = None) -> PopulationMap:
    """The map of means and correlations of a network; refuses what it does not treat."""
    own = structure(network)
    for one in network.ensembles:
        if one.has_memory and own.kinds > 1:
            checks.reject("ensembles", network.ensembles, "have memory (reciprocity, plasticity) "
                          "in several populations, whose theory is in time only", "give "
                          f"times=dmft.Times(stop, dt), or {memory_advice(*network.ensembles)}")
        if one.has_memory or own.currents or own.inputs or noise_gains(one) is None:
            checks.reject("ensembles", one, "not treated together with mean couplings, which "
                          "drive the means of x", memory_advice(one) or "leave it out, or use "
                          "dmft.validation.simulate")
    if own.gains is not None:
        checks.reject("network", network, "has gains together with mean couplings",
                      "leave one of them out")
    drift, gains = drift_of(network.ensembles), [noise_gains(one) for one in network.ensembles]
    assert drift is not None  # as the table of solvers requires
    kinds = populations(network)
    time_step = kinds[0].unit.time_step
    grid = lags or FIRST_LAGS
    if time_step is not None:
        grid = lags or Lags(FIRST_LAGS.span, time_step)
    known = [one for one in gains if one is not None]  # all of them, as checked above
    return PopulationMap(kinds, drift, np.sum(known, axis=0), grid)


def _starts(step: PopulationMap, rng: np.random.Generator) -> list[np.ndarray]:
    """Means (R,) from which the search begins."""
    far = np.array([[float(one.phi(np.array([x]))[0]) for x in (-50.0, 50.0)]
                    for one in step.populations])
    largest = np.minimum(np.max(np.abs(far), axis=1), 2.0)  # of phi that do not saturate, a guess
    inputs = np.array([one.input for one in step.populations])
    reach = np.abs(step.static_gain) * (np.abs(step.mean) @ largest)
    centre = step.static_gain * inputs
    if step.R <= 3:
        corners = itertools.product((-1.0, 0.0, 1.0), repeat=step.R)
        return [centre + np.array(one) * reach for one in corners]
    return [centre + rng.uniform(-1, 1, step.R) * reach for _ in range(RANDOM_STARTS)]


def _settled(step: PopulationMap, means: np.ndarray) -> list[np.ndarray]:
    """States to begin from: correlations that follow these means, and free means later on."""
    begun = [_at_fixed_means(step, means, time) for time in START_TIMES]
    later, step = begun[0], replace(step, tail=PLAIN_TAIL)
    for _ in range(PLAIN_STEPS):
        later = 0.5 * later + 0.5 * step.image(later)
        if not np.all(np.isfinite(later)) or np.max(np.abs(later)) > 1e8:
            return begun
    return [*begun, later]


def _at_fixed_means(step: PopulationMap, means: np.ndarray, time: float) -> np.ndarray:
    """Correlations that decay within this time, after a few plain steps at these means."""
    rows = np.append(np.exp(-step.lags.tau / time), 0.0)[None] * np.ones((step.R, 1))
    rows = rows * np.maximum(step.gains.sum(axis=1), 0.1)[:, None]
    rows[:, :-1] += step.white
    state, step = np.append(rows.ravel(), means), replace(step, tail=PLAIN_TAIL)
    for _ in range(SETTLING_STEPS):
        state = step.image(state, fixed_means=True)
    return state


def _converged(step: PopulationMap, state: np.ndarray, tol: float, max_iter: int, fixed: bool
               ) -> tuple[PopulationMap, np.ndarray, float] | None:
    """Newton's method on one grid after the other; None where it does not end at a state."""
    while True:
        end = newton_krylov(step, partial(LinearisedPopulationMap, step), state, tol=tol,
                            max_iter=min(max_iter, 60),
                            admissible=step.admissible)
        if end.residual > 100 * tol or not step.admissible(end.value):
            return None
        better = None if fixed else _better_grid(step, end.value)
        if better is None:
            return step, end.value, end.residual
        state = _on_other_lags(step, end.value, better)
        step = replace(step, lags=better)


def _resolved(step: PopulationMap, state: np.ndarray, residual: float, tol: float, max_iter: int,
              fixed: bool) -> tuple[tuple[PopulationMap, np.ndarray, float], float]:
    """The state on a grid whose halved step changes it little, and this change of variances.

    Without white noise correlations are smooth, and the decay of their spectrum tells enough.
    """
    while True:
        if not np.any(step.white) or step.populations[0].unit.time_step is not None:
            return (step, state, residual), 0.0
        finer = replace(step, lags=Lags(step.lags.span, step.lags.dt / 2))
        end = newton_krylov(finer, partial(LinearisedPopulationMap, finer),
                            _on_other_lags(step, state, finer.lags), tol=tol,
                            max_iter=min(max_iter, 60), admissible=finer.admissible)
        before, after = step.split(state)[0][:, 0], finer.split(end.value)[0][:, 0]
        change = float(np.max(np.abs(after - before)) / max(np.max(before), 1e-300))
        if fixed or not change > GRID_CHANGE or 2 * len(finer.lags) > MOST_LAGS:
            return (step, state, residual), change
        step, state, residual = finer, end.value, end.residual


def _better_grid(step: PopulationMap, state: np.ndarray) -> Lags | None:
    lags = step.lags
    found = {one.name: one for one in _resolution(step, state)}
    if not found["decay"].passed and lags.span < LONGEST_SPAN and 2 * len(lags) < MOST_LAGS:
        return Lags(2 * lags.span, lags.dt)
    if "nyquist" in found and not found["nyquist"].passed and 2 * len(lags) < MOST_LAGS:
        return Lags(lags.span, lags.dt / 2)
    return None


def _checks(step: PopulationMap, state: np.ndarray, residual: float, tol: float, change: float
            ) -> list[Check]:
    return [Check("residual", residual, 10 * tol, "a state is not self-consistent: give a larger "
                  "max_iter"), *_resolution(step, state),
            Check("refinement", change, LARGEST_CHANGE, "variances change where the step of the "
                  "lags is halved: give lags with a smaller dt", resolution=True)]


def _passed(checks_made: list[Check]) -> bool:
    return all(one.passed or one.resolution for one in checks_made)


def _resolution(step: PopulationMap, state: np.ndarray) -> list[Check]:
    """The checks of the grid for the population that it resolves worst."""
    each: list[Check] = []
    for row, white, one in zip(step.split(state)[0], step.white, step.populations, strict=True):
        if row[0] - row[-1] > CONSTANT_SHARE * row[0]:
            own = resolution_checks(step.lags, row[:-1], float(row[-1]), white, fatal=True)
            each += own if one.unit.time_step is None else own[:1]
    return _worst_of_each(each) or [Check("decay", 0.0, 1.0, "constant")]


def _worst_of_each(found: list[Check]) -> list[Check]:
    return [max((one for one in found if one.name == name), key=lambda one: one.value)
            for name in dict.fromkeys(one.name for one in found)]


def _on_other_lags(step: PopulationMap, state: np.ndarray, lags: Lags) -> np.ndarray:
    rows, means = step.split(state)
    other = replace(step, lags=lags)
    new = []
    for row, white, fresh in zip(rows, step.white, other.white, strict=True):
        smooth = row[:-1] - row[-1] - white
        inside = np.interp(lags.tau, step.lags.tau, smooth, right=0.0)
        new.append(np.append(inside + fresh + row[-1], row[-1]))
    return np.append(np.concatenate(new), means)


def _close(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(np.max(np.abs(one - other)) < SAME_START * max(1.0, float(np.max(np.abs(one)))))


def _same(one: tuple[PopulationMap, np.ndarray, float],
          other: tuple[PopulationMap, np.ndarray, float]) -> bool:
    values = []
    for step, state, _ in (one, other):
        rows, means = step.split(state)
        values.append(np.concatenate([means, rows[:, 0], rows[:, -1]]))
    size = max(1.0, float(np.max(np.abs(values[0]))))
    return bool(np.max(np.abs(values[0] - values[1])) < SAME_ROOT * size)


def _state(step: PopulationMap, state: np.ndarray, residual: float) -> PopulationState:
    rows, means = step.split(state)
    found = step.averages(state)
    rates = np.array([one.mean for one in found])
    slopes = np.array([one.mean_slope for one in found])
    C = np.array([one.correlation(np.clip(row, -row[0], row[0]))
                  for one, row in zip(found, rows, strict=True)])
    branch = tuple(
        "driven" if one.noise else "static" if row[0] - row[-1] <= CONSTANT_SHARE * row[0]
        else "chaotic" for one, row in zip(step.populations, rows, strict=True))
    return PopulationState(
        rates, means.copy(), rows[:, 0].copy(), rows[:, -1].copy(), slopes, branch,
        mean_growth(step.populations, step.mean * slopes), slowest_mode(step, state), step.lags,
        rows[:, :-1].copy(), C[:, :-1].copy(), rows[:, -1].copy(), C[:, -1].copy(), residual)

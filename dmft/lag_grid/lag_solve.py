"""One solution of the map on the lag grid: Newton's method on a window that grows as needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..base.iteration import FixedPoint, iterate
from ..base.newton_krylov import newton_krylov
from ..base.outcomes import Ending, Outcome
from ..grids.lags import Lags
from ..network.network import AnyNetwork, unit_of
from ..stationary.self_consistent_map import SelfConsistentMap, resolution_of
from ..stationary.tuning import MOST_LAGS, NYQUIST_SPECTRUM
from .linearised_map import LinearisedMap
from .starting_correlation import on_other_lags
from .tuning import (
    COLLAPSED_SHARE,
    FLUCTUATING_SHARE,
    GROWN_FACTOR,
    LONGEST_WINDOW,
    MAP_ROUNDING,
    MOST_WINDOW_LAGS,
    PEAK_LIMIT,
    REFINEMENT_LIMIT,
    SPECTRUM_LIMIT,
    TRIAL_DEPTH,
    TRIAL_SLACK,
    WINDOW_TAIL,
)

GREW = Ending(Outcome.DIVERGED, "the variance of x grows without bound")


@dataclass(frozen=True)
class Budget:
    """The tolerance of a solve, and the number of iterations that all its starts share.

    Parameters
    ----------
    tol : float
    max_iter : int
    callback : callable or None
        callback(iteration, residual, state).
    fixed : bool
        Whether the grid of lags was given, and is not to be changed.
    """

    tol: float
    max_iter: int
    callback: Callable | None
    fixed: bool


@dataclass(frozen=True)
class LagSolution:
    """A state of n + 1 entries on a grid of n lags, and how the iteration that found it ended."""

    network: AnyNetwork
    lags: Lags
    end: FixedPoint

    @property
    def state(self) -> np.ndarray:
        return self.end.value

    @property
    def outcome(self) -> Outcome:
        return self.end.ending.outcome

    @property
    def fluctuates(self) -> bool:
        """Whether the iteration converged to a correlation that is not constant in time."""
        return (self.end.converged and self.state[0] > 0
                and bool(self.state[0] - self.state[-1] > FLUCTUATING_SHARE * self.state[0])
                and SelfConsistentMap(self.network, self.lags).admissible(
                    self.state, PEAK_LIMIT, SPECTRUM_LIMIT))


class _Collapsed(Exception):
    """The activity decays to zero, which plain steps approach and never reach."""


class _Grown(Exception):
    """The variance grows without bound."""


def solve_on_lags(network: AnyNetwork, lags: Lags, start: np.ndarray, budget: Budget,
                  stages: tuple[tuple[int, float], ...], used: int) -> LagSolution:
    """The fluctuating state that is reached from a start, or how the search for it ended.

    Parameters
    ----------
    stages : tuple of (steps, residual)
        In each stage, plain steps are made, at most `steps` and until the change is below
        `residual`. Newton's method starts where they end. If it finds no fluctuating state, the
        next stage continues the plain steps. Plain steps approach a state that is stable under the
        map; Newton's method may converge to any state, and should start near a stable one.
    used : int
        Number of iterations made before.
    """
    for steps, residual in stages:
        plain = _plain_steps(network, lags, start, budget, used, steps, residual)
        used = plain.iterations
        if plain.ending.outcome in (Outcome.DECAYED, Outcome.DIVERGED) or used >= budget.max_iter:
            return LagSolution(network, lags, plain)
        found = _with_growing_window(network, lags, plain.value, budget, used)
        used = found.end.iterations
        if found.fluctuates:
            break
        start = plain.value
    return found


def _plain_steps(network: AnyNetwork, lags: Lags, start: np.ndarray, budget: Budget, used: int,
                 steps: int, residual: float) -> FixedPoint:
    """At most `steps` plain steps; they end early where the activity decays to zero, or grows.
    """
    def watch(iteration: int, residual: float, state: np.ndarray) -> None:
        if budget.callback is not None:
            budget.callback(used + iteration, residual, state)

    def bounded(state: np.ndarray) -> np.ndarray:  # averages at huge variances take very long
        if state[0] < COLLAPSED_SHARE * start[0]:
            raise _Collapsed
        if state[0] > GROWN_FACTOR * start[0]:
            raise _Grown
        return step(state)

    step, most = SelfConsistentMap(network, lags), min(steps, budget.max_iter - used)
    try:
        end = iterate(bounded, start, tol=max(residual, budget.tol), max_iter=max(most, 1),
                      accelerate=False, callback=watch)
    except _Collapsed:
        return FixedPoint(np.zeros_like(start), used, 0.0, np.nan, Ending(Outcome.DECAYED))
    except _Grown:
        return FixedPoint(start, used, np.inf, np.nan, GREW)
    used += end.iterations
    if end.ending.outcome == Outcome.DIVERGED:
        return replace(end, iterations=used, ending=GREW)
    return replace(end, iterations=used, ending=Ending(
        Outcome.MAX_ITER, f"max_iter={budget.max_iter} reached at residual {end.residual:.1e}, "
        f"above tol={budget.tol:.1e}"))


def _with_growing_window(network: AnyNetwork, lags: Lags, state: np.ndarray, budget: Budget,
                         used: int) -> LagSolution:
    """Newton's method. Unless the grid is given, the window is doubled until the correlation has
    decayed in it, and the step is halved until the spectrum has; the solution so far is the start.
    """
    while True:
        end = newton_on_lags(network, lags, state, budget, used)
        found = LagSolution(network, lags, end)
        better = None
        if found.fluctuates and not budget.fixed:
            better = _better_grid(network, lags, end.value)
        if better is None:
            return found
        state, lags = on_other_lags(end.value, lags, better, network), better
        used = end.iterations


def newton_on_lags(network: AnyNetwork, lags: Lags, state: np.ndarray, budget: Budget,
                   used: int = 0) -> FixedPoint:
    """Newton's method on one grid."""
    step = SelfConsistentMap(network, lags)
    return newton_krylov(
        step, lambda at: LinearisedMap(step, at), state, tol=budget.tol, max_iter=budget.max_iter,
        used=used, floor=MAP_ROUNDING, callback=budget.callback,
        admissible=lambda at: step.admissible(at, TRIAL_SLACK, TRIAL_DEPTH))


def refined(found: LagSolution, budget: Budget) -> tuple[LagSolution, float]:
    """The solution, and its largest change, over Delta(0), on twice the window with half the step.

    The step is halved where this change exceeds the limit; in discrete time there is no other. The
    change is NaN, which fails a check, where no solution is found on the refined grid.
    """
    budget = replace(budget, callback=None)
    while True:
        lags = found.lags
        discrete = unit_of(found.network).time_step is not None
        change = _change(found, Lags(2 * lags.span, lags.dt / (1 if discrete else 2)), budget)
        if discrete or not change > REFINEMENT_LIMIT or 2 * lags.span / lags.dt > MOST_WINDOW_LAGS:
            return found, change
        finer = Lags(lags.span, lags.dt / 2)
        start = on_other_lags(found.state, lags, finer, found.network)
        end = newton_on_lags(found.network, finer, start, budget)
        better = LagSolution(found.network, finer,
                             replace(end, iterations=end.iterations + found.end.iterations))
        if not better.fluctuates:
            return found, change
        found = better


def _change(found: LagSolution, lags: Lags, budget: Budget) -> float:
    start = on_other_lags(found.state, found.lags, lags, found.network)
    end = newton_on_lags(found.network, lags, start, budget)
    if not (end.converged or end.ending.outcome == Outcome.AT_FLOOR):
        return np.nan
    stride = round(found.lags.dt / lags.dt)
    both = stride * (len(found.lags) - 1) + 1
    return float(np.max(np.abs(end.value[:both:stride] - found.state[:-1]))) / found.state[0]


def _better_grid(network: AnyNetwork, lags: Lags, state: np.ndarray) -> Lags | None:
    """A longer or finer grid where this one does not resolve the state; None where it does."""
    decay, *nyquist = (one.value for one in resolution_of(network, lags, state))
    may_double = lags.span < LONGEST_WINDOW and 2 * lags.span / lags.dt <= MOST_WINDOW_LAGS
    if decay > WINDOW_TAIL and may_double:
        return Lags(2 * lags.span, lags.dt)
    if max(nyquist, default=0.0) > NYQUIST_SPECTRUM and len(lags) < MOST_LAGS:
        return Lags(lags.span, lags.dt / 2)
    return None

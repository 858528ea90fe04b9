"""Stationary solution by iteration on the lag grid: which states exist, and which is returned."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from ..averages.gaussian_averages import averages_at
from ..base.checks import reject
from ..base.convergence import Check, Convergence
from ..base.errors import ConvergenceError
from ..base.iteration import FixedPoint
from ..base.outcomes import Ending, Outcome
from ..grids.lags import Lags
from ..network.network import AnyNetwork
from ..stationary.first_integral_solve import averages_check, solution_from_state
from ..stationary.gaussian_problem import GaussianProblem
from ..stationary.self_consistent_map import SelfConsistentMap, resolution_of, unit_grid
from ..stationary.solution import Solution
from ..stationary.stationary_variance import Variance, stationary_variance
from ..stationary.tuning import STATIC_LAGS
from .constant_states import ConstantState, largest_constant_state, quiescent_state
from .lag_solve import Budget, LagSolution, refined, solve_on_lags
from .local_approximation import LocalApproximation, local_approximation
from .starting_correlation import (
    from_first_integral,
    from_input,
    from_saturation,
    from_solution,
)
from .tuning import (
    FAR_STAGES,
    FIRST_INTEGRAL_LIMIT,
    FLUCTUATING_SHARE,
    NEAR_STAGES,
    PEAK_LIMIT,
    REFINEMENT_LIMIT,
    SATURATION_SHARES,
    SPECTRUM_LIMIT,
)

Starts = Iterator[tuple[Lags, np.ndarray, tuple[tuple[int, float], ...]]]


def solve_by_lag_iteration(network: AnyNetwork, problem: GaussianProblem | None,
                           lags: Lags | None, tol: float, max_iter: int,
                           initial: Solution | None, callback: Callable | None) -> Solution:
    """The largest solution of the self-consistent map, on a grid of lags.

    Without noise, the static state of largest variance is returned if it is stable to
    fluctuations of every frequency; otherwise a fluctuating state, if one is reached from any of
    several starts; otherwise the quiescent state, if it is stable and the activity decays to
    it from the last of them. The message counts the starts that decayed.

    `problem`, where the network has a first integral, checks the variance; it does not enter the
    iteration.
    """
    exact = None if problem is None else stationary_variance(problem)
    local, budget = local_approximation(network), Budget(tol, max_iter, callback, lags is not None)
    constant, quiescent = None, quiescent_state(network, local)
    if not network.noise:
        constant = largest_constant_state(network, local)
        decisive = constant or quiescent
        if decisive is not None and decisive.marginal:
            reject("ensembles", network.ensembles, "so close to a transition that rounding decides "
                   "on which side they lie", "give couplings further from the transition")
        if constant is not None and constant.stable and constant.total > 0:
            return _constant(network, constant, lags, exact, _remark(quiescent))
    if initial is not None:
        starts = _from_initial(network, initial, lags)
    else:
        starts = _starts(network, local, quiescent, lags)
    tried: list[LagSolution] = []
    for grid, start, stages in starts:
        used = tried[-1].end.iterations if tried else 0
        tried.append(solve_on_lags(network, grid, start, budget, stages, used))
        if tried[-1].fluctuates or tried[-1].end.iterations >= max_iter:
            break
    decayed = all(one.outcome == Outcome.DECAYED for one in tried[-1:])  # of the starts from above
    if quiescent is not None and quiescent.stable and decayed:
        lost = initial is not None and bool(tried)
        return _constant(network, quiescent, lags, exact, _how(tried), lost)
    if not tried:
        raise ConvergenceError("no start for a fluctuating state was found: give initial=, a "
                               "solution of a similar network")
    found = tried[-1]
    remark = _remark(quiescent)
    growth = local.growth(network)
    if growth:
        remark += f"; {growth}"
    elif found.fluctuates and any(one.outcome == Outcome.DIVERGED for one in tried):
        remark += "; from larger variances the activity grows without bound"
    return _fluctuating(network, found, budget, exact, remark)


def _starts(network: AnyNetwork, local: LocalApproximation, quiescent: ConstantState | None,
            lags: Lags | None) -> Starts:
    """Starts from the local approximation and from above, on their grids.

    None where the noise is linear in C and no variance satisfies Delta = gain <phi^2>: no state
    is active then.
    """
    near = from_first_integral(network, local)
    if near is not None:
        grid = lags or near.grid()
        yield grid, near.on(grid), NEAR_STAGES
    if (quiescent is None or quiescent.stable) and local.excludes_activity(network):
        return
    for far in (*(from_saturation(network, local, share) for share in SATURATION_SHARES),
                from_input(network, local)):
        if far is not None:
            grid = lags or far.grid()
            yield grid, far.on(grid), FAR_STAGES


def _from_initial(network: AnyNetwork, initial: Solution, lags: Lags | None) -> Starts:
    grid = lags or unit_grid(network, initial.lags)
    yield grid, from_solution(initial, grid), NEAR_STAGES + FAR_STAGES


def _remark(quiescent: ConstantState | None) -> str:
    """A remark that the quiescent state is a stable solution too."""
    return f"; a second solution: {quiescent}" if quiescent and quiescent.stable else ""


def _how(tried: list[LagSolution]) -> str:
    """Why no state is active."""
    if tried:
        decayed = sum(one.outcome == Outcome.DECAYED for one in tried)
        others = [one.outcome.value for one in tried if one.outcome != Outcome.DECAYED]
        more = f"; the iteration from others: {', '.join(others)}" if others else ""
        return f"; the activity decays from {decayed} of {len(tried)} starts{more}"
    return "; no variance satisfies Delta = gain <phi^2>, so that no state is active"


def _fluctuating(network: AnyNetwork, found: LagSolution, budget: Budget, exact: Variance | None,
                 remark: str) -> Solution:
    """The solution with its checks."""
    change = np.nan
    if found.fluctuates and not budget.fixed:
        found, change = refined(found, budget)
    state, end, lags = found.state, found.end, found.lags
    if found.outcome == Outcome.DECAYED:
        raise ConvergenceError("the activity decays from every start, though the quiescent state "
                               "is unstable: give initial=, a solution of a similar network")
    if found.outcome == Outcome.DIVERGED:
        raise ConvergenceError(f"{end.message}")
    if not (state[0] > 0 and np.all(np.isfinite(state))):
        raise ConvergenceError("the iteration ended at a state that is not a correlation function: "
                               f"{end.message}")
    averages = averages_at(network.phi, float(state[0]))
    step = SelfConsistentMap(network, lags)
    checks = [*resolution_of(network, lags, state, fatal=True),
              *_shape_checks(step, end), averages_check(network.phi, averages)]
    if end.converged and not found.fluctuates and checks[0].passed:
        checks.append(Check("fluctuations", 1.0, 0.0, (
            f"they are below {FLUCTUATING_SHARE:g} of the variance, less than this method "
            "resolves: give stronger noise, none, or method='auto'" if network.noise else
            "the iteration ended at a constant state, which is unstable: give initial=, a solution "
            "of a similar network")))
    error = max(end.error, end.residual)
    if found.fluctuates and not budget.fixed:
        error = max(error, change)
        checks.append(Check("refinement", change, REFINEMENT_LIMIT,
                            "the solution changes on a longer and finer grid: give lags with a "
                            "longer span and a smaller dt"))
    if exact is not None:
        checks.append(_first_integral_check(float(state[0]), exact))
    branch = "driven" if network.noise else "chaotic"
    ending = end.ending
    convergence = Convergence(
        ending.converged, end.iterations, end.residual, error, "fourier",
        (ending.message if not ending.converged else "Newton's method on the lags") + remark,
        tuple(checks), ending.outcome)
    return solution_from_state(network, lags, state, branch, convergence)


def _constant(network: AnyNetwork, state: ConstantState, lags: Lags | None, exact: Variance | None,
              remark: str, lost: bool = False) -> Solution:
    """The quiescent or static solution, with a check of its stability.

    `lost`: whether an active branch was to be continued, which does not exist for this network.
    """
    grid, total = lags or unit_grid(network, STATIC_LAGS), state.total
    values = np.full(len(grid) + 1, total)
    residual = 0.0
    if total:
        residual = float(np.max(np.abs(SelfConsistentMap(network, grid)(values) - values))) / total
    checks = [Check("instability", state.growth - 1, 0.0, f"{state}"),
              Check("self-consistency", residual, 1e-9,
                    "the variance is not self-consistent: report this network"),
              averages_check(network.phi, averages_at(network.phi, total))]
    if exact is not None:
        checks.append(_first_integral_check(total, exact))
    ending = Ending(Outcome.CONVERGED if total else Outcome.DECAYED, f"{state}{remark}")
    if lost:
        ending = Ending(Outcome.BRANCH_LOST, f"{state}{remark}")
    convergence = Convergence(ending.converged, 0, residual, residual, "fourier", ending.message,
                              tuple(checks), ending.outcome)
    return solution_from_state(network, grid, values, state.name, convergence)


def _first_integral_check(total: float, exact: Variance) -> Check:
    off = abs(total - exact.total) / max(total, exact.total, 1e-300)
    return Check("first integral", off, FIRST_INTEGRAL_LIMIT,
                 "Delta(0) differs from the root of the first integral: the iteration reached "
                 "another root, or the window is too short or the step too coarse; use "
                 "method='energy'")


def _shape_checks(step: SelfConsistentMap, end: FixedPoint) -> list[Check]:
    """Checks that the result is a correlation: largest at zero lag, with a spectrum >= 0."""
    total = end.value[0]
    excess = float(np.max(np.abs(end.value))) / total - 1 if total > 0 else np.inf
    return [
        Check("spectrum", step.negative_spectrum(end.value), SPECTRUM_LIMIT,
              "the spectrum has negative values: this root is not a correlation; give another "
              "initial solution"),
        Check("peak", excess, PEAK_LIMIT,
              "C_x is not largest at zero lag: this root is not a correlation; give another "
              "initial solution"),
    ]

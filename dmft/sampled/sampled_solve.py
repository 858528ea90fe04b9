"""The sampled solver: stationary theory of couplings that give a unit a memory of its past."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ..base import checks
from ..base.allocation import require
from ..base.convergence import Check, Convergence
from ..grids.lags import Lags
from ..network.network import AnyNetwork, unit_of
from ..path_iteration.sampled_paths import path_map, solve_with_errors
from ..paths.noise_and_memory import drive
from ..paths.sampling_cost import warn_of_cost
from ..paths.tuning import STEPS
from ..paths.window import output_grid
from ..stationary.self_consistent_map import unit_grid
from ..stationary.solution import Solution
from .path_checks import cut_off, path_checks, static_share, step_check
from .pilot import PilotResult, longer_window, replace_grid
from .quiescent_and_failed import (
    QUIESCENT_LAGS,
    UNDRIVEN,
    failed_solution,
    quiescent_branch,
    quiescent_solution,
    without_branch,
    without_requested,
)
from .sample_size import first_count, next_count
from .sampled_fields import solution_fields
from .sampling_options import SamplingOptions
from .slow_starts import search
from .starting_statistics import from_above
from .tuning import (
    BYTES_PER_COEFFICIENT,
    GRID_ERROR,
    MORE_PATHS_FACTOR,
    WEAKEST_BIAS,
)


def solve_single_site(network: AnyNetwork, lags: Lags | None, tol: float, max_iter: int,
                      initial: Solution | None, rng, callback: Callable | None,
                      options: SamplingOptions | None = None, branch: str | None = None
                      ) -> Solution:
    """Solve (1 + d/dt) x = eta + K * phi(x) + xi by sampled paths, self-consistently.

    The noise eta is Gaussian. Its spectrum and the memory kernel K follow, for each ensemble, from
    the paths' own C = <phi phi> and mean response S, which Novikov's theorem gives as
    <phi eta*>/C_eta. (Random networks with reciprocity: Sompolinsky, Crisanti & Sommers 1988; modes
    with overlaps: Clark, Marschall, van Meegen & Litwin-Kumar 2025, where x is not Gaussian.)

    Parameters
    ----------
    network : Network
        Any sum of ensembles, homogeneous (one kind of sites).
    lags : Lags or None
        The grid. With None, the window is six times the lag beyond which C(tau)/C(0) stays below
        0.1, and the step resolves the spectrum of phi.
    tol : float
        Target of the relative standard error of C_phi(0), which determines the number of paths.
    max_iter : int
        Largest number of iterations of one solve.
    initial : Solution or None
        Start of the iteration; by default strong activity, so that the largest of several
        solutions is found.
    rng : int, SeedSequence, Generator or None
        Seed of the noise, 0 for None. The same seed gives the same result.
    callback : callable or None
        callback(iteration, residual, C_phi) in each iteration.
    options : SamplingOptions or None
        Numbers of paths, and the length of the window; None for the defaults.
    branch : str or None
        The branch that is requested. "quiescent" takes no sampling; any other that is not the one
        found makes the solve fail.

    Returns
    -------
    Solution
        Its standard errors follow from the residual of each path by linear response; 32 groups of
        paths are kept as `replicates`. Where the iteration or a check failed,
        `convergence.success` is False and the message states what to change.
    """
    generator = checks.generator(rng)
    options = options or SamplingOptions()
    if 0 < network.bias < WEAKEST_BIAS:
        checks.reject("bias", network.bias, "so weak that rounding decides in sampled paths",
                      f"give 0, or at least {WEAKEST_BIAS:g}")
    seeds = [int(s) for s in generator.integers(2**63, size=options.tries + 1)]
    iteration = {"max_iter": max_iter, "callback": callback}
    with np.errstate(over="ignore", invalid="ignore"):  # divergence is detected and reported
        if branch == "quiescent":
            return quiescent_branch(network, lags or unit_grid(network, QUIESCENT_LAGS))
        found = _solved(network, lags, tol, initial, seeds, options, iteration)
    return found if branch in (None, found.branch) else without_requested(found, branch)


def _solved(network: AnyNetwork, lags: Lags | None, tol: float, initial: Solution | None,
            seeds: list[int], options: SamplingOptions, iteration: dict) -> Solution:
    if initial is None and not np.any(drive(network, from_above(network, QUIESCENT_LAGS)).V):
        return quiescent_solution(network, lags or unit_grid(network, QUIESCENT_LAGS), UNDRIVEN)
    searched = search(network, lags, initial, seeds[-1], options, **iteration)
    if searched.found is None or searched.found.decayed:
        quiescent = quiescent_solution(network, lags or unit_grid(network, QUIESCENT_LAGS),
                                       searched)
        return quiescent if initial is None else without_branch(quiescent)
    found = searched.found
    if not found.fixed.ending.converged:
        return failed_solution(network, found.path_map, found.fixed)
    for _ in STEPS:
        solution, step = _sampled(network, found, lags, seeds[:-1], tol, options, iteration)
        halved = replace_grid(found, found.lags.dt / 2)
        discrete = unit_of(network).time_step is not None
        if discrete or lags is not None or step.passed or halved.lags.dt < STEPS[-1] / 2:
            return solution
        found = halved
    return solution


def _sampled(network: AnyNetwork, found: PilotResult, requested: Lags | None, seeds: Sequence[int],
             tol: float, options: SamplingOptions, iteration: dict) -> tuple[Solution, Check]:
    """Solve some paths; then as many as their error requires; then check step and window."""
    lags, count, start = found.lags, first_count(found, tol, options.first_paths), found.start
    iterations = found.fixed.iterations
    for k, seed in enumerate(seeds[:options.tries]):
        _require_memory(count, lags)
        own, u = path_map(network, start, found.window, seed, count)
        last = k == options.tries - 1
        solved = solve_with_errors(own, u, found.time, worst=np.inf if last else tol, **iteration)
        iterations += solved.fixed.iterations
        if solved.response is None:
            count *= MORE_PATHS_FACTOR  # too few to keep the solution
            warn_of_cost(count, lags, stacklevel=7)
            continue
        error, start = solved.error, solved.statistics
        longer = longer_window(found, solved, options) if requested is None and not last else None
        if longer is not None:
            found, lags, start = longer, longer.lags, longer.start
            continue
        if error <= tol or last:
            break
        count = next_count(solved, tol)
        warn_of_cost(count, lags, stacklevel=7)
    if solved.response is None:
        return failed_solution(network, own, solved.fixed), _no_check()
    discrete = unit_of(network).time_step is not None
    output = requested or (lags if discrete else output_grid(lags))
    fields = solution_fields(solved, output)
    step = _no_check() if discrete else step_check(solved, found.time, seeds[0], tol)
    decaying = float(fields["C_phi"][0]) - float(fields["C_phi_static"])
    branch = "driven" if network.noise > 0 else (
        "static" if decaying < static_share(solved) * float(fields["C_phi"][0]) else "chaotic")
    checks_made = (
        Check("standard error", error, tol, "the standard error of C_phi(0) is above tol: give a "
              "larger tol, a longer window, or options=dmft.SamplingOptions(first_paths=...)"),
        step, *path_checks(solved, tol),
        Check("iteration", solved.fixed.residual, tol / 4, "the iteration did not become "
              "stationary, so that correlation times are not certain: give a larger tol"))
    x_error = float(fields["C_x"][0].stderr) / float(fields["C_x"][0])
    cut = cut_off(solved)
    checks_made += (Check("window", cut, max(5 * tol, 1e-2), "the lag window removes a part of the "
                          "correlation: give lags with a longer span", resolution=True),)
    size = len(solved.path_map.paths)
    convergence = Convergence(
        True, iterations, solved.fixed.residual,
        max(error, x_error, step.value + cut, solved.fixed.residual, GRID_ERROR), "sampled",
        f"{size} paths after a pilot of {options.pilot_paths}", checks_made,
        ended=solved.fixed.ending.outcome)
    return Solution(network, output, branch=branch, convergence=convergence, **fields), step


def _require_memory(count: int, lags: Lags) -> None:
    require(count * len(lags) * BYTES_PER_COEFFICIENT, "paths", count,
            "give a larger tol, or fewer lags: the paths would not fit into memory")


def _no_check() -> Check:
    return Check("step", 0.0, 1.0, "not checked")

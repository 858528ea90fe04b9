"""The sampled solver: stationary theory of couplings that give a unit a memory of its past."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from ..base import checks
from ..base.convergence import Check, Convergence
from ..grids.lags import Lags
from ..network.network import AnyNetwork
from ..paths.noise_and_memory import drive
from ..paths.sampling_cost import warn_of_cost
from ..paths.tuning import STEPS
from ..paths.window import output_grid
from ..stationary.solution import Solution
from .path_checks import cut_off, path_checks, step_check
from .pilot import PilotResult, replace_grid
from .quiescent_and_failed import (
    QUIESCENT_LAGS,
    UNDRIVEN,
    failed_solution,
    quiescent_branch,
    quiescent_solution,
    without_branch,
    without_requested,
)
from .replicates import GroupedSolves, solution_fields, solve_groups, solve_more
from .sampling_options import SamplingOptions
from .slow_starts import search
from .starting_statistics import from_above
from .tuning import (
    GRID_ERROR,
    GROUPS,
    ITERATION_TOL_DIVISOR,
    LARGEST_SCATTER,
    MORE_PATHS_FACTOR,
    PATHS_MARGIN,
    STATIC_SHARE,
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
        Its standard errors are estimated from 16 groups of paths, each solved by itself; their
        scatter is kept as `replicates`. Where the iteration or a check failed,
        `convergence.success` is False and the message states what to change.
    """
    generator = checks.generator(rng)
    seeds = [int(s) for s in generator.integers(2**63, size=2 * GROUPS + 1)]
    options = options or SamplingOptions()
    iteration = {"max_iter": max_iter, "callback": callback}
    with np.errstate(over="ignore", invalid="ignore"):  # divergence is detected and reported
        if branch == "quiescent":
            return quiescent_branch(network, lags or QUIESCENT_LAGS)
        found = _solved(network, lags, tol, initial, seeds, options, iteration)
    return found if branch in (None, found.branch) else without_requested(found, branch)


def _solved(network: AnyNetwork, lags: Lags | None, tol: float, initial: Solution | None,
            seeds: list[int], options: SamplingOptions, iteration: dict) -> Solution:
    if initial is None and not np.any(drive(network, from_above(network, QUIESCENT_LAGS)).V):
        return quiescent_solution(network, lags or QUIESCENT_LAGS, UNDRIVEN)
    searched = search(network, lags, initial, seeds[-1], options, **iteration)
    if searched.found is None or searched.found.iterated.decayed:
        quiescent = quiescent_solution(network, lags or QUIESCENT_LAGS, searched)
        return quiescent if initial is None else without_branch(quiescent)
    found = searched.found
    if not found.iterated.converged:
        return failed_solution(network, found)
    for _ in STEPS:
        solution, step = _sampled(network, found, lags, seeds[:-1], tol, options, iteration)
        halved = replace_grid(found, found.lags.dt / 2)
        if lags is not None or step.passed or halved.lags.dt < STEPS[-1] / 2:
            return solution
        found = halved
    return solution


def _sampled(network: AnyNetwork, found: PilotResult, requested: Lags | None, seeds: Sequence[int],
             tol: float, options: SamplingOptions, iteration: dict) -> tuple[Solution, Check]:
    """Solve groups of paths; then as many paths as their scatter requires; then check the step."""
    lags, window = found.lags, found.window
    output = requested or output_grid(lags)
    own = {**iteration, "tol": tol / ITERATION_TOL_DIVISOR, "stepping": found.iterated.stepping}
    size, iterations = -(-options.first_paths // GROUPS), found.iterated.iterations
    may_be_static = network.bias > 0 or not network.phi.odd
    for remaining in reversed(range(options.tries)):
        groups = solve_groups(network, lags, window, seeds[:GROUPS], size, found.start, **own)
        iterations += groups.together.iterations + groups.each.iterations
        if not remaining or (groups.converged and _scatter(groups) < LARGEST_SCATTER):
            break
        size *= MORE_PATHS_FACTOR  # too few for a group to keep the solution, or to be near it
        warn_of_cost(2 * size * GROUPS, lags, stacklevel=7)
    count = size * GROUPS
    if groups.converged and remaining:
        factor = PATHS_MARGIN * (_relative_error(groups) / tol) ** 2
        if factor > PATHS_MARGIN:
            warn_of_cost(factor * count, lags, stacklevel=7)
            groups = solve_more(network, groups, lags, window, seeds[GROUPS:], size, factor, **own)
            iterations += groups.together.iterations
            count = round(count * groups.ratio)
    if not groups.converged:
        failed = groups.each if groups.together.converged else groups.together
        return failed_solution(network, replace(found, iterated=failed)), _no_check()
    fields = solution_fields(groups, lags, output, window, may_be_static)
    error = _relative_error(groups)
    step = step_check(network, found, seeds[0], size, groups, tol, own)
    decaying = float(fields["C_phi"][0]) - float(fields["C_phi_static"])
    branch = "driven" if network.noise > 0 else (
        "static" if decaying < STATIC_SHARE * float(fields["C_phi"][0]) else "chaotic")
    checks_made = (
        Check("standard error", error, tol, "the standard error of C_phi(0) is above tol: give a "
              "larger tol, a longer window, or options=dmft.SamplingOptions(first_paths=...)"),
        step, *path_checks(network, groups, lags, window, tol))
    how = ("block time stepping, because waveform sweeps did not converge"
           if groups.each.stepping else "waveform sweeps")
    x_error = float(fields["C_x"][0].stderr) / float(fields["C_x"][0])
    cut = cut_off(groups, window, float(fields["C_x_static"]))
    residual = max(groups.together.residual, groups.each.residual)
    checks_made += (Check("window", cut, max(5 * tol, 1e-2), "the lag window removes a part of the "
                          "correlation: give lags with a longer span", resolution=True),)
    convergence = Convergence(True, iterations, residual,
                              max(error, x_error, step.value, cut, GRID_ERROR), "sampled",
                              f"{how}; {count} paths, errors from {GROUPS} groups of "
                              f"{size}, after a pilot of {options.pilot_paths} paths", checks_made)
    return Solution(network, output, branch=branch, convergence=convergence, **fields), step


def _relative_error(groups: GroupedSolves) -> float:
    """Standard error of C(0), over C(0)."""
    C, _ = groups.bias_corrected(lambda one: one.statistics.C[0])
    return float(C.stderr) / float(C)


def _scatter(groups: GroupedSolves) -> float:
    """Standard deviation of C(0) over the groups, over C(0)."""
    C = np.array([one.C[0] for one in groups.each.statistics])
    return float(np.std(C, ddof=1) / groups.together.statistics[0].C[0])


def _no_check() -> Check:
    return Check("step", 0.0, 1.0, "not checked")

"""The sampled single site: the stationary theory of couplings that return a unit's own past."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from ..base import checks
from ..base.convergence import Check, Convergence
from ..grids.lags import Lags
from ..network.network import AnyNetwork
from ..paths.noise_and_memory import drive
from ..paths.window import (
    STEPS,
    shown_grid,
)
from ..stationary.solution import Solution
from .path_checks import path_checks, step_check
from .pilot import STATIC, Found, find_window, replace_grid
from .replicates import GROUPS, curves, repeat
from .starting_statistics import from_above
from .unsettled import AT_REST, UNDRIVEN, failed_solution, quiescent_solution, without_branch

LEAST = 384  # paths of the first try
TRIES = 4
GRID_ERROR = 3e-4  # of the grid, beside the sampling: what is seen of cases that are known exactly


def solve_single_site(network: AnyNetwork, lags: Lags | None, tol: float, max_iter: int,
                      initial: Solution | None, rng, callback: Callable | None) -> Solution:
    """Solve (1 + d/dt) x = eta + K * phi(x) + xi by sampled paths, self-consistently.

    The noise eta is Gaussian; its spectrum and the memory K are made by the ensembles from the
    paths' own C = <phi phi> and mean response S, which Novikov's theorem gives as <phi eta*>/C_eta.
    (Random networks with reciprocity: Sompolinsky, Crisanti & Sommers 1988; modes with overlaps:
    Clark, Marschall, van Meegen & Litwin-Kumar 2025, where the site is not Gaussian.)

    Parameters
    ----------
    network : Network
        Any sum of ensembles of one kind of sites.
    lags : Lags or None
        The grid; with None the window is six times as long as the lag at which C(tau)/C(0) ends
        to be above 0.1, and the step resolves the spectrum of phi.
    tol : float
        Relative standard error of C_phi(0) that is aimed at: paths are added until it is met.
    max_iter : int
        Largest number of iterations of one solve.
    initial : Solution or None
        Where the iteration starts; by default from strong activity, so that of several solutions
        the largest is found.
    rng : int, SeedSequence, Generator or None
        Seed of the noise, 0 for None: the same gives the same result.
    callback : callable or None
        callback(iteration, residual, C_phi) in each iteration.

    Returns
    -------
    Solution
        Its estimates have the standard errors of eight groups of paths, each solved by itself and
        kept as `replicates`. `convergence.success` is False, with what to change, where the
        iteration or a check failed.
    """
    generator = checks.generator(rng)
    seeds = [int(s) for s in generator.integers(2**63, size=GROUPS + 1)]
    options = {"max_iter": max_iter, "callback": callback}
    with np.errstate(over="ignore", invalid="ignore"):  # what diverges is found and said
        return _solved(network, lags, tol, initial, seeds, options)


def _solved(network: AnyNetwork, lags: Lags | None, tol: float, initial: Solution | None,
            seeds: list[int], options: dict) -> Solution:
    if initial is None and not np.any(drive(network, from_above(network, AT_REST)).V):
        return quiescent_solution(network, lags or AT_REST, UNDRIVEN)
    found = find_window(network, lags, initial, seeds[-1], **options)
    if found.iterated.dead:
        rest = quiescent_solution(network, lags or AT_REST, found.iterated)
        return rest if initial is None else without_branch(rest)
    if not found.iterated.converged:
        return failed_solution(network, found)
    for _ in STEPS:
        solution, step = _sampled(network, found, lags, seeds[:-1], tol, options)
        halved = replace_grid(found, found.lags.dt / 2)
        if lags is not None or step.passed or halved.lags.dt < STEPS[-1] / 2:
            return solution
        found = halved
    return solution


def _sampled(network: AnyNetwork, found: Found, asked: Lags | None, seeds: Sequence[int],
             tol: float, options: dict) -> tuple[Solution, Check]:
    """Solve with more and more paths until the standard error is small; then halve the step."""
    lags, window, start = found.lags, found.window, found.start
    shown = asked or shown_grid(lags)
    own = {**options, "tol": tol / 100, "stepping": found.iterated.stepping}
    size, iterations = LEAST // GROUPS, found.iterated.iterations
    resting = network.bias > 0 or not network.phi.odd
    for _ in range(TRIES):
        repeats = repeat(network, lags, window, seeds, size, start, **own)
        iterations += repeats.together.iterations + repeats.each.iterations
        if not repeats.converged or repeats.together.dead or repeats.each.dead:
            return failed_solution(network, replace(found, iterated=repeats.each)), _no_check()
        fields = curves(repeats, lags, shown, window, resting)
        error = float(fields["C_phi"][0].stderr) / float(fields["C_phi"][0])
        start = repeats.together.statistics[0]
        if error <= tol:
            break
        size = int(np.ceil(size * min(16.0, 1.3 * (error / tol) ** 2)))
    step = step_check(network, found, seeds[0], size, repeats, tol, own)
    moving = float(fields["C_phi"][0]) - float(fields["C_phi_static"])
    branch = "driven" if network.noise > 0 else (
        "static" if moving < STATIC * float(fields["C_phi"][0]) else "chaotic")
    checks_made = (
        Check("standard error", error, tol, "the standard error of C_phi(0) is above tol: give a "
              "larger tol, or a longer window"),
        step, *path_checks(network, repeats, lags, window, tol))
    how = ("stepped in time, because waveform sweeps did not converge"
           if repeats.each.stepping else "waveform sweeps")
    x_error = float(fields["C_x"][0].stderr) / float(fields["C_x"][0])
    residual = max(repeats.together.residual, repeats.each.residual)
    convergence = Convergence(True, iterations, residual,
                              max(error, x_error, step.value, GRID_ERROR), "sampled",
                              f"{how}; {GROUPS} groups of {size} paths", checks_made)
    return Solution(network, shown, branch=branch, convergence=convergence, **fields), step


def _no_check() -> Check:
    return Check("step", 0.0, 1.0, "not tried")

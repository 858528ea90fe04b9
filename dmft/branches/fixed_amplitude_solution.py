"""The solution with a given amplitude C_phi(0), and the parameter at which it exists."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..base.convergence import Check, Convergence
from ..base.errors import ConvergenceError
from ..base.estimate import Estimate
from ..grids.lags import Lags
from ..network.network import AnyNetwork
from ..paths.gaussian_paths import Paths
from ..paths.tuning import LONGEST_SPAN, SHORTEST_SPAN, SPAN_IN_MEMORY_TIMES
from ..paths.window import fast_grid, lag_window, memory_time, output_grid
from ..sampled.joint_iteration import Iterated
from ..sampled.redrawn_paths import path_grid
from ..sampled.replicates import GroupedSolves, bias_corrected, solution_fields
from ..sampled.starting_statistics import from_solution
from ..sampled.tuning import GROUPS
from ..stationary.solution import Solution
from .branch import BranchPoint
from .fixed_amplitude_iteration import Family, iterate_at_fixed_amplitude
from .tuning import (
    FIXED_AMPLITUDE_ITERATIONS,
    FIXED_AMPLITUDE_TOL,
    GROUP_TOL_FACTOR,
    LARGEST_LATE_CORRELATION,
    PATHS_PER_GROUP,
)


def solution_at_fixed_amplitude(family: Family, near: Solution, amplitude: float, value: float,
                                scale: float, seed: int, size: int = PATHS_PER_GROUP
                                ) -> tuple[BranchPoint, float, np.ndarray]:
    """The solution with C_phi(0) = amplitude, starting from a similar solution.

    Parameters
    ----------
    family : callable
        family(value) -> network.
    near : Solution
    amplitude, value : float
        C_phi(0) that is held fixed, and the initial value of the parameter.
    scale : float
        Typical scale of the parameter.
    seed, size : int
        Seed of the paths, and the number of paths in each of 16 groups.

    Returns
    -------
    point : BranchPoint
    whole, groups : float, (16,) array
        Value of the parameter for all paths together, and for each group.

    Raises
    ------
    ConvergenceError
        If the iteration does not converge.
    """
    grid, _ = path_grid(near)
    time = memory_time(near.C_phi.value, float(near.C_phi_static), near.lags)
    span = min(max(SHORTEST_SPAN, SPAN_IN_MEMORY_TIMES * time), LONGEST_SPAN)
    lags = fast_grid(span, grid.dt)
    window = lag_window(lags, time)
    start = from_solution(near, lags)
    start = replace(start, C=start.C * amplitude / start.C[0])
    seeds = [int(s) for s in np.random.default_rng(seed).integers(2**63, size=GROUPS)]
    pool = Paths.draw(seeds, size, lags, window)
    with np.errstate(over="ignore", invalid="ignore"):
        whole, values = iterate_at_fixed_amplitude(
            family, [pool], start, value, scale, tol=FIXED_AMPLITUDE_TOL,
            max_iter=FIXED_AMPLITUDE_ITERATIONS)
        _require_converged(whole)
        each, groups = iterate_at_fixed_amplitude(
            family, pool.split(GROUPS), whole.statistics[0], float(values[0]), scale,
            tol=GROUP_TOL_FACTOR * FIXED_AMPLITUDE_TOL, max_iter=FIXED_AMPLITUDE_ITERATIONS)
        _require_converged(each)
    estimate, _ = bias_corrected(values[0], groups)
    solution = _as_solution(family(float(estimate)), GroupedSolves(whole, each), lags, window,
                            estimate)
    return BranchPoint(estimate, solution), float(values[0]), groups


def _require_converged(iterated: Iterated) -> None:
    if not iterated.converged:
        raise ConvergenceError(iterated.message)


def _as_solution(network: AnyNetwork, groups: GroupedSolves, lags: Lags, window: np.ndarray,
                 value: Estimate) -> Solution:
    output, may_be_static = output_grid(lags), network.bias > 0 or not network.phi.odd
    fields = solution_fields(groups, lags, output, window, may_be_static)
    error = float(value.stderr) / max(abs(float(value)), 1e-300)
    ramp, one = (window > 0) & (window < 1), groups.together.measured[0]
    late = float(abs(np.mean(one.C[ramp]) / one.C[0])) if np.any(ramp) else 0.0
    convergence = Convergence(
        True, groups.together.iterations + groups.each.iterations, groups.together.residual,
        error, "fixed amplitude", "the parameter was solved for at fixed C_phi(0)",
        (Check("decay", late, LARGEST_LATE_CORRELATION,
               f"the correlation has not decayed at span={lags.span:g}"),))
    return Solution(network, output, branch="driven" if network.noise > 0 else "chaotic",
                    convergence=convergence, **fields)

"""The solution of a given amplitude, with the parameter at which it is one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..base.convergence import Check, Convergence
from ..base.errors import ConvergenceError
from ..base.estimate import Estimate
from ..grids.lags import Lags
from ..network.network import AnyNetwork
from ..paths.gaussian_paths import Paths
from ..paths.window import (
    LEAST_SPAN,
    MOST_SPAN,
    TIMES_LONG,
    fast_grid,
    lag_window,
    memory_time,
    shown_grid,
)
from ..sampled.joint_iteration import Iterated
from ..sampled.redrawn_paths import own_grid
from ..sampled.replicates import GROUPS, Repeats, corrected, curves
from ..sampled.starting_statistics import from_solution
from ..stationary.solution import Solution
from .branch import BranchPoint
from .fixed_amplitude_iteration import Family, iterate_pinned

SIZE, TOL, ITERATIONS = 32, 1e-4, 400  # paths of a group; of the iteration
NOT_DECAYED = 0.02


def pinned_solution(family: Family, near: Solution, amplitude: float, value: float, scale: float,
                    seed: int, size: int = SIZE) -> tuple[BranchPoint, float, np.ndarray]:
    """The solution with C_phi(0) = amplitude, from one near it.

    Parameters
    ----------
    family : callable
        family(value) -> network.
    near : Solution
    amplitude, value : float
        C_phi(0) that is held, and the parameter where its search starts.
    scale : float
        Size of natural changes of the parameter.
    seed, size : int
        Of the paths, and how many of them in each of eight groups.

    Returns
    -------
    point : BranchPoint
    whole, groups : float, (8,) array
        The parameter for all paths together, and for each group.

    Raises
    ------
    ConvergenceError
        If the iteration does not end.
    """
    grid, _ = own_grid(near)
    time = memory_time(near.C_phi.value, float(near.C_phi_static), near.lags)
    span = min(max(LEAST_SPAN, TIMES_LONG * time), MOST_SPAN)
    lags = fast_grid(span, grid.dt)
    window = lag_window(lags, time)
    start = from_solution(near, lags)
    start = replace(start, C=start.C * amplitude / start.C[0])
    seeds = [int(s) for s in np.random.default_rng(seed).integers(2**63, size=GROUPS)]
    pool = Paths.draw(seeds, size, lags, window)
    with np.errstate(over="ignore", invalid="ignore"):
        whole, values = iterate_pinned(family, [pool], start, value, scale, tol=TOL,
                                       max_iter=ITERATIONS)
        _require(whole)
        each, groups = iterate_pinned(family, pool.split(GROUPS), whole.statistics[0],
                                      float(values[0]), scale, tol=4 * TOL, max_iter=ITERATIONS)
        _require(each)
    estimate, _ = corrected(values[0], groups)
    solution = _as_solution(family(float(estimate)), Repeats(whole, each), lags, window, estimate)
    return BranchPoint(estimate, solution), float(values[0]), groups


def _require(iterated: Iterated) -> None:
    if not iterated.converged:
        raise ConvergenceError(iterated.message)


def _as_solution(network: AnyNetwork, repeats: Repeats, lags: Lags, window: np.ndarray,
                 value: Estimate) -> Solution:
    shown = shown_grid(lags)
    fields = curves(repeats, lags, shown, window, network.bias > 0 or not network.phi.odd)
    error = float(value.stderr) / max(abs(float(value)), 1e-300)
    ramp, one = (window > 0) & (window < 1), repeats.together.measured[0]
    late = float(abs(np.mean(one.C[ramp]) / one.C[0])) if np.any(ramp) else 0.0
    convergence = Convergence(
        True, repeats.together.iterations + repeats.each.iterations, repeats.together.residual,
        error, "pinned", "C_phi(0) held, the parameter solved for",
        (Check("decay", late, NOT_DECAYED,
               f"the correlation has not decayed at span={lags.span:g}"),))
    return Solution(network, shown, branch="driven" if network.noise > 0 else "chaotic",
                    convergence=convergence, **fields)

"""Paths of a solution, drawn again: a solution keeps its curves, not its paths."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..base.allocation import require
from ..base.checks import generator
from ..base.errors import ConvergenceError
from ..base.long_call import show_step
from ..base.outcomes import Outcome
from ..grids.lags import Lags
from ..path_iteration.path_map import PathMap
from ..path_iteration.sampled_paths import SampledPaths, path_map, solve_with_errors
from ..paths.linear_surrogate import linear_surrogate
from ..paths.noise_and_memory import drive
from ..paths.response_fit import fastest_rate
from ..paths.site_statistics import SiteStatistics
from ..paths.window import fast_grid, lag_window, memory_time, required_step
from ..stationary.solution import Solution, require_converged
from .starting_statistics import from_solution
from .tuning import (
    BYTES_PER_COEFFICIENT,
    GROUPS,
    REDRAWN_ITERATIONS,
    REDRAWN_SWEEPS,
    SAMPLE_INTERVAL,
)


@dataclass(frozen=True, eq=False)
class RedrawnPaths:
    """P paths at given statistics.

    Parameters
    ----------
    statistics : SiteStatistics
        Of all paths of which these are a group, with what this group deviates from them; on a
        grid of n lags.
    window : (n,) array
        The lag window.
    z, phi : (n, P) complex arrays
        Fourier coefficients of the unit noise and of phi(x).
    x : (T, P) array
        The paths in time, over one period of T = 2 (n - 1) steps.
    """

    statistics: SiteStatistics
    window: np.ndarray
    z: np.ndarray
    phi: np.ndarray
    x: np.ndarray

    @property
    def lags(self) -> Lags:
        return self.statistics.lags


Of = Callable[[Sequence[RedrawnPaths]], np.ndarray]


def over_groups(solution: Solution, of: Of, size: int, rng) -> tuple[np.ndarray, np.ndarray]:
    """An average over redrawn paths of a solution: over all paths, and over each of 16 groups.

    The paths are iterated to their own self-consistent statistics, starting from those of the
    solution. The statistics of a group follow from its deviations by linear response.
    `bias_correction.bias_corrected` combines the two results into an estimate.

    Parameters
    ----------
    solution : Solution
        Stationary solution of a network of one kind of sites.
    of : callable
        of([paths, ...]) -> (len, ...) array, one row for each set of paths: called with all paths
        as one set, and with the groups.
    size : int
        Paths in each group.
    rng : int, SeedSequence, Generator or None
        Seed of the paths, 0 for None.

    Returns
    -------
    whole, groups : (...) and (16, ...) arrays

    Raises
    ------
    ModelError
        If so many paths do not fit into memory.
    ConvergenceError
        If the paths leave the solution. Close to the end of its branch this happens where there
        are too few paths.
    """
    found = _self_consistent(solution, GROUPS * size, rng)
    own = found.path_map
    with np.errstate(over="ignore", invalid="ignore"):
        whole = of([_at(own, found.u, slice(None))])
        parts = [slice(r * size, (r + 1) * size) for r in range(GROUPS)]
        groups = of([_at(own, u, part)
                     for u, part in zip(found.replicates(GROUPS), parts, strict=True)])
    return np.asarray(whole, dtype=float)[0], np.asarray(groups, dtype=float)


def over_paths(solution: Solution, of: Of, count: int, rng) -> np.ndarray:
    """The average over `count` paths alone, as the first result of `over_groups`."""
    found = _self_consistent(solution, count, rng)
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(of([_at(found.path_map, found.u, slice(None))]), dtype=float)[0]


def path_grid(solution: Solution) -> tuple[Lags, np.ndarray, float]:
    """Grid, lag window and memory time of a solution: the coarsest grid that resolves its paths."""
    lags, network = solution.lags, solution.network
    static = float(solution.C_phi_static)
    time = memory_time(solution.C_phi.value, static, lags)
    linear = linear_surrogate(drive(network, from_solution(solution, lags)),
                              max(float(solution.gain), 0.0), network.phi)
    step = required_step(lags.spectrum(solution.C_phi.value - static), lags, network.noise,
                         fastest_rate(linear.transfer, lags))
    grid = fast_grid(lags.span, max(step, lags.dt))
    return grid, lag_window(grid, time), time


def _self_consistent(solution: Solution, count: int, rng) -> SampledPaths:
    """Fresh paths at their own statistics, from a start at those of the solution."""
    require_converged(solution)
    lags, window, time = path_grid(solution)
    require(count * len(lags) * BYTES_PER_COEFFICIENT, "paths", count,
            "give a larger tol: so many paths do not fit into memory")
    seed = int(generator(rng).integers(2**63))
    with np.errstate(over="ignore", invalid="ignore"):
        own, u = path_map(solution.network, from_solution(solution, lags), window, seed, count)
        found = solve_with_errors(own, u, time, REDRAWN_ITERATIONS, np.inf, show_step)
    ending = found.fixed.ending
    if found.response is not None and ending.outcome is not Outcome.DECAYED:
        return found
    decayed = ending.outcome is Outcome.DECAYED
    why = "their activity decayed to zero" if decayed else ending.message
    raise ConvergenceError(
        f"paths that start from this solution leave it: {why}; solve with a smaller tol, or "
        "farther from the end of its branch", solution)


def _at(own: PathMap, u: np.ndarray, part: slice) -> RedrawnPaths:
    """Some of the paths, after they have settled at the statistics u."""
    at, paths = own.prepared(u), own.paths.copy(part)
    for _ in range(REDRAWN_SWEEPS - 1):
        for rows in paths.chunks():
            at.sweep(paths, rows)
    x = np.concatenate([at.sweep(paths, rows) for rows in paths.chunks()], axis=1)
    return RedrawnPaths(own.unknowns.statistics(u), own.unknowns.window, paths.z, paths.phi, x)


def sampled_x(solution: Solution, size: int = 96, rng=0) -> tuple[np.ndarray, np.ndarray]:
    """Samples of x in the stationary state, (16, m), and <phi^2> of the same paths, (16,).

    There is one row for each group of paths, each at its own statistics.
    """
    def values(sets: Sequence[RedrawnPaths]) -> np.ndarray:
        stride = max(1, round(SAMPLE_INTERVAL / sets[0].lags.dt))
        return np.stack([np.append(np.ravel(one.x[::stride, :size]), one.statistics.C[0])
                         for one in sets])

    _, groups = over_groups(solution, values, size, rng)
    return groups[:, :-1], groups[:, -1]

"""Paths of a solution, drawn again: a solution keeps its curves, not its paths."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..base.allocation import require
from ..base.checks import generator
from ..base.errors import ConvergenceError
from ..grids.lags import Lags
from ..paths.gaussian_paths import Paths, in_time
from ..paths.linear_surrogate import linear_surrogate
from ..paths.noise_and_memory import drive
from ..paths.response_fit import fastest_rate
from ..paths.site_statistics import SiteStatistics
from ..paths.window import fast_grid, lag_window, memory_time, required_step
from ..stationary.solution import Solution, require_converged
from .joint_iteration import iterate_paths
from .starting_statistics import from_solution
from .tuning import (
    BYTES_PER_COEFFICIENT,
    GROUPS,
    REDRAWN_ITERATIONS,
    REDRAWN_TOL,
    SAMPLE_INTERVAL,
)

Of = Callable[[Paths, SiteStatistics, slice], np.ndarray]


def over_groups(solution: Solution, of: Of, size: int, rng, controlled: bool = True
                ) -> tuple[np.ndarray, np.ndarray]:
    """An average over redrawn paths of a solution: over all paths, and over each of 16 groups.

    The paths are iterated to their own self-consistent statistics, starting from those of the
    solution. `replicates.bias_corrected` combines the two into an estimate.

    Parameters
    ----------
    solution : Solution
        Stationary solution of a network of one kind of sites.
    of : callable
        of(paths, statistics, rows) -> array, where rows is the slice of the paths among all.
    size : int
        Paths in each group.
    rng : int, SeedSequence, Generator or None
        Seed of the paths, 0 for None.
    controlled : bool
        Whether the linear surrogate is used as control variate. Without it, C is the plain mean
        over the paths.

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
    pool, start = _redrawn(solution, size, rng)
    with np.errstate(over="ignore", invalid="ignore"):
        together = _self_consistent(solution, [pool], start, controlled)[0]
        whole = np.asarray(of(pool, together, slice(0, len(pool))), dtype=float)
        groups = pool.split(GROUPS)
        each = _self_consistent(solution, groups, start, controlled)
        rows = [slice(r * size, (r + 1) * size) for r in range(GROUPS)]
        return whole, np.stack([np.asarray(of(*one), dtype=float)
                                for one in zip(groups, each, rows, strict=True)])


def over_paths(solution: Solution, of: Of, size: int, rng, controlled: bool = True) -> np.ndarray:
    """The average over all paths alone, as the first result of `over_groups`."""
    pool, start = _redrawn(solution, size, rng)
    with np.errstate(over="ignore", invalid="ignore"):
        together = _self_consistent(solution, [pool], start, controlled)[0]
        return np.asarray(of(pool, together, slice(0, len(pool))), dtype=float)


def _redrawn(solution: Solution, size: int, rng) -> tuple[Paths, SiteStatistics]:
    """Groups of `size` paths, and the statistics of the solution on their grid."""
    require_converged(solution)
    lags, window = path_grid(solution)
    require(2 * GROUPS * size * len(lags) * BYTES_PER_COEFFICIENT, "paths", size * GROUPS,
            "give a larger tol: so many paths do not fit into memory")
    seeds = [int(s) for s in generator(rng).integers(2**63, size=GROUPS)]
    return Paths.draw(seeds, size, lags, window), from_solution(solution, lags)


def path_grid(solution: Solution) -> tuple[Lags, np.ndarray]:
    """Grid and lag window for paths of a solution: the coarsest grid that resolves them."""
    lags, network = solution.lags, solution.network
    static = float(solution.C_phi_static)
    time = memory_time(solution.C_phi.value, static, lags)
    linear = linear_surrogate(drive(network, from_solution(solution, lags)),
                       max(float(solution.gain), 0.0), network.phi)
    step = required_step(lags.spectrum(solution.C_phi.value - static), lags, network.noise,
                       fastest_rate(linear.transfer, lags))
    grid = fast_grid(lags.span, max(step, lags.dt))
    return grid, lag_window(grid, time)


def _self_consistent(solution: Solution, sites: list[Paths], start: SiteStatistics,
                     controlled: bool) -> list[SiteStatistics]:
    """Iterate the paths to self-consistency; returns their statistics."""
    end = iterate_paths(solution.network, sites, start, tol=REDRAWN_TOL,
                        max_iter=REDRAWN_ITERATIONS, controlled=controlled)
    if end.converged and not end.decayed:
        return end.statistics
    why = "their activity decayed to zero" if end.decayed else end.message
    raise ConvergenceError(
        f"paths that start from this solution leave it: {why}; solve with a smaller tol, or "
        "farther from the end of its branch",
        solution)


def sampled_x(solution: Solution, size: int = 24, rng=0) -> tuple[np.ndarray, np.ndarray]:
    """Samples of x in the stationary state, (16, m), and <phi^2> of the same paths, (16,).

    There is one row for each group of paths. Each group is self-consistent by itself.
    """
    def values(paths: Paths, statistics: SiteStatistics, rows: slice) -> np.ndarray:
        stride = max(1, round(SAMPLE_INTERVAL / paths.lags.dt))
        x = in_time(paths.x, paths.lags)[:size, ::stride]
        return np.append(np.ravel(x), statistics.C[0])

    _, groups = over_groups(solution, values, size, rng)
    return groups[:, :-1], groups[:, -1]

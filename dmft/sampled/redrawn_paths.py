"""Paths of a solution, drawn again: a solution keeps its curves, not what they were taken from."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..base.checks import generator
from ..base.errors import ConvergenceError
from ..grids.lags import Lags
from ..paths.gaussian_paths import Paths, in_time
from ..paths.linear_surrogate import surrogate
from ..paths.noise_and_memory import drive
from ..paths.response_fit import fastest_rate
from ..paths.site_statistics import SiteStatistics
from ..paths.window import fast_grid, lag_window, memory_time, wanted_step
from ..stationary.solution import Solution, require_converged
from .path_iteration import iterate_paths
from .replicates import GROUPS
from .starting_statistics import from_solution

TOL, MOST_ITERATIONS = 2e-5, 600
STRIDE = 1.0  # time between values of x that are kept: closer ones tell little more
Of = Callable[[Paths, SiteStatistics, slice], np.ndarray]


def over_groups(solution: Solution, of: Of, size: int, rng, controlled: bool = True
                ) -> tuple[np.ndarray, np.ndarray]:
    """What sampled paths of a solution say: all together, and each of eight groups by itself.

    The paths are iterated to their own self-consistent statistics, from the solution's.
    `repeats.corrected` makes an estimate of both.

    Parameters
    ----------
    solution : Solution
        Stationary solution of a network of one kind of sites.
    of : callable
        of(paths, statistics, rows) -> array; rows are those of the paths among all.
    size : int
        Paths in each group.
    rng : int, SeedSequence, Generator or None
        Seed of the paths, 0 for None.
    controlled : bool
        Whether the Gaussian surrogate serves as control variate. Without it C is the mean over
        these very paths.

    Returns
    -------
    whole, groups : (...) and (8, ...) arrays

    Raises
    ------
    ConvergenceError
        If the paths leave the solution: at the end of its branch, too few of them do.
    """
    require_converged(solution)
    lags, window = own_grid(solution)
    start = from_solution(solution, lags)
    seeds = [int(s) for s in generator(rng).integers(2**63, size=GROUPS)]
    pool = Paths.draw(seeds, size, lags, window)
    with np.errstate(over="ignore", invalid="ignore"):
        settled = _settled(solution, [pool], start, controlled)[0]
        whole = np.asarray(of(pool, settled, slice(0, len(pool))), dtype=float)
        groups = pool.split(GROUPS)
        each = _settled(solution, groups, start, controlled)
        rows = [slice(r * size, (r + 1) * size) for r in range(GROUPS)]
        return whole, np.stack([np.asarray(of(*one), dtype=float)
                                for one in zip(groups, each, rows, strict=True)])


def own_grid(solution: Solution) -> tuple[Lags, np.ndarray]:
    """Grid and lag window on which paths of a solution are drawn: as coarse as they allow."""
    lags, network = solution.lags, solution.network
    static = float(solution.C_phi_static)
    time = memory_time(solution.C_phi.value, static, lags)
    linear = surrogate(drive(network, from_solution(solution, lags)),
                       max(float(solution.gain), 0.0), network.phi)
    step = wanted_step(lags.spectrum(solution.C_phi.value - static), lags, network.noise,
                       fastest_rate(linear.transfer, lags))
    grid = fast_grid(lags.span, max(step, lags.dt))
    return grid, lag_window(grid, time)


def _settled(solution: Solution, sites: list[Paths], start: SiteStatistics,
             controlled: bool) -> list[SiteStatistics]:
    """The paths moved until they and their statistics agree."""
    end = iterate_paths(solution.network, sites, start, tol=TOL, max_iter=MOST_ITERATIONS,
                        controlled=controlled)
    if end.converged and not end.dead:
        return end.statistics
    why = "their activity died" if end.dead else end.message
    raise ConvergenceError(
        f"the paths of this solution do not stay with it: {why}; solve with a smaller tol, or "
        "farther from the end of its branch",
        solution)


def sampled_x(solution: Solution, size: int = 48, rng=0) -> tuple[np.ndarray, np.ndarray]:
    """Values of x in the stationary state, (8, m), and <phi^2> of the same paths, (8,).

    One row for each group of paths, each self-consistent by itself.
    """
    def values(paths: Paths, statistics: SiteStatistics, rows: slice) -> np.ndarray:
        stride = max(1, round(STRIDE / paths.lags.dt))
        x = in_time(paths.x, paths.lags)[:size, ::stride]
        return np.append(np.ravel(x), statistics.C[0])

    _, groups = over_groups(solution, values, size, rng)
    return groups[:, :-1], groups[:, -1]

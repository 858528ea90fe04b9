"""Bias and standard error of a sampled solution, from all paths together and from groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..base.allocation import require
from ..base.estimate import Estimate
from ..grids.impulse_response import impulse_response
from ..grids.lags import Lags
from ..network.network import AnyNetwork
from ..paths.gaussian_paths import Paths
from ..paths.path_averages import PathAverages, static_part
from ..paths.site_statistics import SiteStatistics
from ..stationary.solution import Replicates
from .joint_iteration import Iterated, iterate_paths
from .sampled_fields import refined
from .tuning import AVERAGED_GROUPS_RESIDUAL, BYTES_PER_COEFFICIENT


@dataclass(frozen=True, eq=False)
class GroupedSolves:
    """A solve of many paths, and the scatter of groups of paths that were solved separately.

    Parameters
    ----------
    together : Iterated
        All paths together: the values.
    each : Iterated
        Groups of paths, each solved separately: the scatter.
    first : Iterated, optional
        All paths of the groups together; by default they are those of `together`.
    ratio : float
        Number of paths in `together` over that in all groups.
    """

    together: Iterated
    each: Iterated
    first: Iterated | None = None
    ratio: float = 1.0

    @property
    def converged(self) -> bool:
        """Whether all of them ended with a solution that is active."""
        return all(one.converged and not one.decayed for one in (self.together, self.each))

    def bias_corrected(self, of: Callable[[PathAverages], np.ndarray]
                       ) -> tuple[Estimate, np.ndarray]:
        """Bias-corrected estimate of of(averages), and its replicates (r, ...) around it."""
        whole = np.asarray(of(self.together.measured[0]), dtype=float)
        first = whole if self.first is None else np.asarray(of(self.first.measured[0]), dtype=float)
        groups = np.stack([np.asarray(of(one), dtype=float) for one in self.each.measured])
        return bias_corrected(whole, groups, first, self.ratio)


def bias_corrected(whole: np.ndarray, groups: np.ndarray, first: np.ndarray | None = None,
                   ratio: float = 1.0) -> tuple[Estimate, np.ndarray]:
    """Estimate without the bias of order 1/paths, with its standard error and its replicates.

    A self-consistent solution from P paths has a bias c/P, because its drive is estimated from the
    same sample. With the r groups together the bias is r times smaller than in one group, so that
    the difference determines c (jackknife). A variance from r groups is uncertain, and the
    deviations over their standard error follow Student's distribution with r - 1 degrees of
    freedom. The standard error is multiplied by the standard deviation of that distribution, so
    that deviations over it have variance one.

    Parameters
    ----------
    whole : (...) array
        Value from all paths.
    groups : (r, ...) array
        Value from each group, r of 4 or more.
    first : (...) array, optional
        Value from the paths of all groups together; `whole` by default.
    ratio : float
        Number of paths behind `whole` over that in all groups. If these are other paths, the
        error that the groups predict for their number is independent of the value itself.

    Returns
    -------
    Estimate (...), and its replicates (r, ...), whose mean and standard error it is.
    """
    r, mean = len(groups), groups.mean(axis=0)
    best = whole + ((whole if first is None else first) - mean) / ((r - 1) * ratio)
    rows = best + (groups - mean) * np.sqrt((r - 1) / (r - 3) / ratio)
    return Estimate(best, rows.std(axis=0, ddof=1) / np.sqrt(r)), rows


def solve_groups(network: AnyNetwork, lags: Lags, window: np.ndarray, seeds: Sequence[int],
                 size: int, start: SiteStatistics, **iteration) -> GroupedSolves:
    """Draw a group of `size` paths for each seed; solve all together, then each group alone."""
    pool = _drawn(seeds, size, lags, window)
    together = iterate_paths(network, [pool], start, **iteration)
    if not together.converged or together.decayed:
        return GroupedSolves(together, together)
    # The groups only determine an error: their tolerance may be larger.
    iteration |= {"stepping": together.stepping, "tol": 2 * iteration["tol"],
                  "averageable": AVERAGED_GROUPS_RESIDUAL}
    each = iterate_paths(network, pool.split(len(seeds)), together.statistics[0], **iteration)
    return GroupedSolves(together, each)


def _drawn(seeds: Sequence[int], size: int, lags: Lags, window: np.ndarray) -> Paths:
    require(len(seeds) * size * len(lags) * BYTES_PER_COEFFICIENT, "paths", size * len(seeds),
            "give a larger tol, or fewer lags: the paths would not fit into memory")
    return Paths.draw(seeds, size, lags, window)


def solution_fields(found: GroupedSolves, lags: Lags, output: Lags, window: np.ndarray,
                    may_be_static: bool) -> dict:
    """Estimates of the fields of a `Solution` at the lags `output`, and their replicates."""
    def x_static(one: PathAverages) -> float:
        return static_part(lags.spectrum(one.C_x), lags) if may_be_static else 0.0

    def C_x(one: PathAverages) -> np.ndarray:
        static = x_static(one)
        return refined(static + window * (one.C_x - static), lags, output)

    functions: dict[str, Callable[[PathAverages], np.ndarray]] = {
        "C_x": C_x, "C_phi": lambda one: refined(one.statistics.C, lags, output),
        "R_phi": lambda one: impulse_response(one.statistics.S, one.statistics.slope, lags, output),
        "gain": lambda one: np.asarray(one.statistics.slope)}
    both = {name: found.bias_corrected(of) for name, of in functions.items()}
    fields: dict = {name: pair[0] for name, pair in both.items()}
    fields["C_x_static"] = found.bias_corrected(lambda one: np.asarray(x_static(one)))[0]
    fields["C_phi_static"] = found.bias_corrected(
        lambda one: np.asarray(one.statistics.static))[0]
    fields["replicates"] = Replicates(**{name: pair[1] for name, pair in both.items()})
    return fields

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
from .joint_iteration import Iterated
from .path_iteration import iterate_paths
from .tuning import BYTES_PER_COEFFICIENT


@dataclass(frozen=True, eq=False)
class GroupedSolves:
    """Two solves of the same paths: all of them together, and each group of them alone."""

    together: Iterated
    each: Iterated

    @property
    def converged(self) -> bool:
        return self.together.converged and self.each.converged

    def bias_corrected(self, of: Callable[[PathAverages], np.ndarray]
                       ) -> tuple[Estimate, np.ndarray]:
        """Bias-corrected estimate of of(averages), and its replicates (r, ...) around it.

        A self-consistent solution from P paths has a bias c/P, because its drive is estimated from
        the same sample. The bias with r P paths is r times smaller, so that their difference
        determines c (jackknife). The replicates are shifted to the corrected mean.
        """
        whole = np.asarray(of(self.together.measured[0]), dtype=float)
        groups = np.stack([np.asarray(of(one), dtype=float) for one in self.each.measured])
        return bias_corrected(whole, groups)


def bias_corrected(whole: np.ndarray, groups: np.ndarray) -> tuple[Estimate, np.ndarray]:
    """Jackknife estimate from all paths and from r groups (r, ...), and the shifted groups."""
    r, mean = len(groups), groups.mean(axis=0)
    best = whole + (whole - mean) / (r - 1)
    error = groups.std(axis=0, ddof=1) / np.sqrt(r)
    return Estimate(best, error), groups - mean + best


def solve_groups(network: AnyNetwork, lags: Lags, window: np.ndarray, seeds: Sequence[int],
                 size: int, start: SiteStatistics, **iteration) -> GroupedSolves:
    """Draw a group of `size` paths for each seed; solve all together, then each group alone."""
    require(len(seeds) * size * len(lags) * BYTES_PER_COEFFICIENT, "tol", size * len(seeds),
            "give a larger tol, or fewer lags: the paths would not fit into memory")
    pool = Paths.draw(seeds, size, lags, window)
    together = iterate_paths(network, [pool], start, **iteration)
    if not together.converged or together.decayed:
        return GroupedSolves(together, together)
    # The groups only determine an error: their tolerance may be larger.
    iteration |= {"stepping": together.stepping, "tol": 2 * iteration["tol"]}
    each = iterate_paths(network, pool.split(len(seeds)), together.statistics[0], **iteration)
    return GroupedSolves(together, each)


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


def refined(even: np.ndarray, lags: Lags, finer: Lags) -> np.ndarray:
    """Band-limited interpolation of an even function to a finer grid of the same span."""
    if len(finer) == len(lags):
        return even
    spectrum = np.zeros(len(finer))
    spectrum[:len(lags)] = lags.spectrum(even)
    spectrum[len(lags) - 1] /= 2
    return finer.correlation(spectrum)

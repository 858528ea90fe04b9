"""One sampled solution with its bias and its error: all paths together, and groups of them."""

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
from ..paths.path_averages import Measured, resting_part
from ..paths.site_statistics import SiteStatistics
from ..stationary.solution import Replicates
from .joint_iteration import Iterated
from .path_iteration import iterate_paths

GROUPS = 8
BYTES = 3.5 * 16  # of a path and frequency: noise, x, phi, and what is made on the way


@dataclass(frozen=True, eq=False)
class Repeats:
    """All paths solved together, and each group by itself; a column for each in `iterated`."""

    together: Iterated
    each: Iterated

    @property
    def converged(self) -> bool:
        return self.together.converged and self.each.converged

    def corrected(self, of: Callable[[Measured], np.ndarray]) -> tuple[Estimate, np.ndarray]:
        """Estimate of what a solution says, and its repeats (r, ...) around it.

        A self-consistent solution from P paths is biased by c/P: its drive is its own sample. That
        of r P paths is by r times less, so that their difference tells c (the jackknife); repeats
        are shifted to the corrected mean.
        """
        whole = np.asarray(of(self.together.measured[0]), dtype=float)
        groups = np.stack([np.asarray(of(one), dtype=float) for one in self.each.measured])
        return corrected(whole, groups)


def corrected(whole: np.ndarray, groups: np.ndarray) -> tuple[Estimate, np.ndarray]:
    """Estimate from all paths together and from r groups (r, ...), and the groups around it."""
    r, mean = len(groups), groups.mean(axis=0)
    best = whole + (whole - mean) / (r - 1)
    error = groups.std(axis=0, ddof=1) / np.sqrt(r)
    return Estimate(best, error), groups - mean + best


def repeat(network: AnyNetwork, lags: Lags, window: np.ndarray, seeds: Sequence[int], size: int,
           start: SiteStatistics, **options) -> Repeats:
    """Draw a group of `size` paths for each seed; solve all together, then each group alone."""
    require(len(seeds) * size * len(lags) * BYTES, "tol", size * len(seeds),
            "give a larger tol, or fewer lags: that many paths do not fit")
    pool = Paths.draw(seeds, size, lags, window)
    together = iterate_paths(network, [pool], start, **options)
    if not together.converged or together.dead:
        return Repeats(together, together)
    options |= {"stepping": together.stepping, "tol": 2 * options["tol"]}  # they tell an error
    each = iterate_paths(network, pool.split(len(seeds)), together.statistics[0], **options)
    return Repeats(together, each)


def curves(found: Repeats, lags: Lags, shown: Lags, window: np.ndarray, resting: bool) -> dict:
    """Estimates and repeats of the solution's fields, at the lags to be shown."""
    def x_static(one: Measured) -> float:
        return resting_part(lags.spectrum(one.C_x), lags) if resting else 0.0

    def C_x(one: Measured) -> np.ndarray:
        static = x_static(one)
        return refined(static + window * (one.C_x - static), lags, shown)

    asked: dict[str, Callable[[Measured], np.ndarray]] = {
        "C_x": C_x, "C_phi": lambda one: refined(one.statistics.C, lags, shown),
        "R_phi": lambda one: impulse_response(one.statistics.S, one.statistics.slope, lags, shown),
        "gain": lambda one: np.asarray(one.statistics.slope)}
    both = {name: found.corrected(of) for name, of in asked.items()}
    fields: dict = {name: pair[0] for name, pair in both.items()}
    fields["C_x_static"] = found.corrected(lambda one: np.asarray(x_static(one)))[0]
    fields["C_phi_static"] = found.corrected(
        lambda one: np.asarray(one.statistics.static))[0]
    fields["replicates"] = Replicates(**{name: pair[1] for name, pair in both.items()})
    return fields


def refined(even: np.ndarray, lags: Lags, shown: Lags) -> np.ndarray:
    """An even function on a finer grid of the same span, exact below the coarser pi/dt."""
    if len(shown) == len(lags):
        return even
    spectrum = np.zeros(len(shown))
    spectrum[:len(lags)] = lags.spectrum(even)
    spectrum[len(lags) - 1] /= 2
    return shown.correlation(spectrum)

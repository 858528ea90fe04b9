"""One sampled solution with its bias and its error: all paths together, and groups of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from . import paths
from .equations import linear_response
from .estimate import Estimate
from .grids import Lags
from .memory import require
from .network import AnyNetwork
from .path_iteration import Iterated, iterate_paths
from .path_measures import Measured, resting_part
from .paths import Paths
from .site_statistics import SiteStatistics
from .solution import Replicates

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
    options["stepping"] = together.stepping
    each = iterate_paths(network, pool.split(len(seeds)), together.statistics[0], **options)
    return Repeats(together, each)


def curves(found: Repeats, lags: Lags, window: np.ndarray, resting: bool) -> dict:
    """Estimates and repeats of the solution's fields."""
    def x_static(one: Measured) -> float:
        return resting_part(lags.spectrum(one.C_x), lags) if resting else 0.0

    def C_x(one: Measured) -> np.ndarray:
        static = x_static(one)
        return static + window * (one.C_x - static)

    def R_phi(one: Measured) -> np.ndarray:
        return impulse_response(one.statistics.S, one.statistics.slope, lags)

    asked: dict[str, Callable[[Measured], np.ndarray]] = {
        "C_x": C_x, "C_phi": lambda one: one.statistics.C, "R_phi": R_phi,
        "gain": lambda one: np.asarray(one.statistics.slope)}
    both = {name: found.corrected(of) for name, of in asked.items()}
    fields: dict = {name: pair[0] for name, pair in both.items()}
    fields["C_x_static"] = found.corrected(lambda one: np.asarray(x_static(one)))[0]
    fields["C_phi_static"] = found.corrected(
        lambda one: np.asarray(one.statistics.static))[0]
    fields["replicates"] = Replicates(**{name: pair[1] for name, pair in both.items()})
    return fields


def impulse_response(S: np.ndarray, slope: float, lags: Lags) -> np.ndarray:
    """The response in time, R(0+) = slope; its start is transformed in closed form.

    S = slope H + b H^2 + c H^3 + ... at high frequency, H = 1/(1 + i omega), which is
    (slope + b tau + c tau^2/2) exp(-tau); what is left is smooth.
    """
    H, omega = linear_response.lowpass(lags.omega), lags.omega[-2]
    rest = S - slope * H
    second = rest[-2] / H[-2] ** 2
    third = -second.imag * (1 + omega**2) / omega
    first = second.real - third / (1 + omega**2)
    rest = rest - first * H**2 - third * H**3
    tau = lags.tau
    start = (slope + first * tau + third * tau**2 / 2) * linear_response.response(tau)
    smooth = paths.in_time(paths.real_at_end(rest), lags)[:len(lags)] / lags.dt
    return start + smooth

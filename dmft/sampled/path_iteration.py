"""The joint iteration of paths and of the statistics that drive them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..base.sequence_acceleration import Sequence
from ..network.network import AnyNetwork
from ..paths.block_stepping import march
from ..paths.gaussian_paths import Paths
from ..paths.path_averages import Measured, mean_of
from ..paths.site_statistics import SiteStatistics, drive
from ..paths.waveform_relaxation import sweep

GUARD = 5e-2  # residual above which nothing is extrapolated
PATIENCE = 40  # iterations in which the typical change has not become smaller: it will not
RECENT = 9  # iterations whose median is typical: single small values are turning points
FLIPS = {True: 3e-2, False: 4e-4}  # residual, when stepping and in sweeps, that may come from
# single paths which jump to and fro between two solutions
AVERAGED = 40  # iterations over which such jumps are averaged
FADING = 0.9  # of the level PATIENCE iterations ago: below, the residual tells of a decay
DEAD = 1e-10  # of the largest C(0): activity has died
GROWN = 1e8  # of the first C(0): the variance grows without bound
MOVED = 50.0  # change of x, over that of C, that is still small: it is a root mean square


@dataclass(frozen=True, eq=False)
class Iterated:
    """Where the iteration ended: what each site's paths say, and why it stopped."""

    measured: list[Measured]
    iterations: int
    residual: float
    converged: bool
    message: str
    stepping: bool
    dead: bool = False

    @property
    def statistics(self) -> list[SiteStatistics]:
        return [one.statistics for one in self.measured]


def iterate_paths(network: AnyNetwork, sites: list[Paths], start: SiteStatistics, *, tol: float,
                  max_iter: int, controlled: bool = True, stepping: bool = False,
                  callback: Callable | None = None) -> Iterated:
    """Iterate x, C and S of independent sites together, each to its own fixed point.

    Every step moves the paths once in the drive that their last statistics make; the noise is
    drawn once, so that this is a deterministic map. Where sweeps do not contract, the paths are
    stepped in time instead, which does not need it.

    Parameters
    ----------
    network : Network
    sites : list of Paths
        Moved in place.
    start : SiteStatistics
        What drives the first step.
    tol : float
        Bound on the change of C, relative to C(0).
    max_iter : int
    controlled : bool
        Whether the Gaussian surrogate is used as control variate.
    stepping : bool
        Step in time from the start.
    callback : callable, optional
        callback(iteration, residual, C) in each iteration.
    """
    end = _run(network, sites, [start] * len(sites), tol, max_iter, controlled, stepping, callback)
    if stepping or end.converged or end.iterations >= max_iter:
        return end
    again = [one.statistics for one in end.measured]
    if not all(np.isfinite(one.change) and one.change < 1 for one in end.measured):
        again = [start] * len(sites)
        for own in sites:
            own.begun = False
    return _run(network, sites, again, tol, max_iter - end.iterations, controlled, True, callback)


def _run(network: AnyNetwork, sites: list[Paths], statistics: list[SiteStatistics], tol: float,
         max_iter: int, controlled: bool, stepping: bool, callback: Callable | None) -> Iterated:
    resting = network.bias > 0 or not network.phi.odd
    statistics = list(statistics)
    sequences = [Sequence() for _ in sites]
    limits: list[np.ndarray | None] = [None] * len(sites)
    measured: list[Any] = [None] * len(sites)
    active, residuals = list(range(len(sites))), np.full(len(sites), np.inf)
    smallest, smallest_at, largest, averaged = np.inf, 0, 0.0, 0
    first, level_then = 0.0, np.inf
    recent: list[float] = []

    def ended(iteration: int, converged: bool, message: str, dead: bool = False) -> Iterated:
        return Iterated(measured, iteration, float(np.max(residuals)), converged, message,
                        stepping, dead)

    for iteration in range(1, max_iter + 1):
        found = _moved(network, [sites[r] for r in active], [statistics[r] for r in active],
                       controlled, stepping, resting)
        averaged += averaged > 0
        for r, one in zip(active, found, strict=True):
            if averaged:
                one = mean_of(measured[r], one, 1 / averaged)
            old, new = statistics[r], one.statistics
            residuals[r] = np.max(np.abs(new.C - old.C)) / max(abs(float(new.C[0])), 1e-300)
            measured[r], statistics[r] = one, new
            limits[r] = sequences[r].limit(_vector(new))
        change = max(one.change for one in found)
        if callback is not None:
            callback(iteration, float(np.max(residuals)), statistics[0].C)
        level = max(float(s.C[0]) for s in statistics)
        first = level if iteration == 1 else first
        if not (np.isfinite(change) and np.all(np.isfinite(residuals)) and level < GROWN * first):
            return ended(iteration, False, "the paths diverged: their variance grows without bound")
        largest = max(largest, level)
        if level <= DEAD * largest or level < 1e-250:
            return ended(iteration, True, "activity died", dead=True)
        if averaged > AVERAGED:
            return ended(iteration, True, "converged on average: single paths jump to and fro")
        active = [r for r in active
                  if residuals[r] > tol or measured[r].change > MOVED * tol or averaged]
        if not active:
            return ended(iteration, True, "converged")
        recent = [*recent[1 - RECENT:], max(float(np.max(residuals)), change / MOVED)]
        typical = float(np.median(recent))
        if typical < 0.9 * smallest:
            smallest, smallest_at, level_then = typical, iteration, level
        elif iteration - smallest_at > PATIENCE and level < FADING * level_then:
            smallest_at, level_then = iteration, level  # activity dies, at a constant rate
        elif iteration - smallest_at > PATIENCE and not averaged:
            if smallest > FLIPS[stepping]:
                return ended(iteration, False, f"the residual stays at {smallest:.1e}, above "
                             f"{tol:.1e}: give a larger tol, or a longer window")
            averaged = 1
        for r in active:
            limit = limits[r]
            if limit is not None and residuals[r] < GUARD and not averaged:
                statistics[r] = _leap(limit, statistics[r])
    return ended(max_iter, False, f"max_iter={max_iter} reached at residual "
                 f"{float(np.max(residuals)):.1e}, above {tol:.1e}: give a larger max_iter")


def _moved(network: AnyNetwork, sites: list[Paths], statistics: list[SiteStatistics],
           controlled: bool, stepping: bool, resting: bool) -> list[Measured]:
    """One step of the paths, each in the drive that its last statistics make."""
    drives = [drive(network, own) for own in statistics]
    slopes = [max(own.slope, 0.0) for own in statistics]
    if stepping:
        return march(sites, drives, slopes, network.phi, controlled, resting)
    return [sweep(*given, network.phi, controlled, resting)
            for given in zip(sites, drives, slopes, strict=True)]


def _vector(own: SiteStatistics) -> np.ndarray:
    """C and S as one vector, at comparable sizes."""
    return np.concatenate([own.C, own.S.real, own.S.imag])


def _leap(limit: np.ndarray, last: SiteStatistics) -> SiteStatistics:
    """The limit of the last statistics, where it can be a correlation."""
    n = len(last.C)
    C, S = limit[:n], limit[n:2 * n] + 1j * limit[2 * n:]
    near = np.max(np.abs(C - last.C)) < 0.2 * last.C[0]
    if not (near and C[0] > 0 and np.max(np.abs(C)) <= C[0] * (1 + 1e-12)):
        return last
    return replace(last, C=C, S=S)

"""JointIteration: the loop that moves paths, measures them, and drives them again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..base.outcomes import Ending, Outcome
from ..base.sequence_acceleration import AcceleratedSequence
from ..network.network import AnyNetwork
from ..paths.block_stepping import march
from ..paths.gaussian_paths import Paths
from ..paths.noise_and_memory import drive
from ..paths.path_averages import Measured, mean_of
from ..paths.site_statistics import SiteStatistics
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
    ending: Ending
    stepping: bool

    @property
    def converged(self) -> bool:
        return self.ending.converged

    @property
    def dead(self) -> bool:
        """Whether no activity is left."""
        return self.ending.outcome in (Outcome.DECAYED, Outcome.UNDRIVEN)

    @property
    def message(self) -> str:
        return self.ending.message

    @property
    def statistics(self) -> list[SiteStatistics]:
        return [one.statistics for one in self.measured]


@dataclass(eq=False)
class _Site:
    """One set of paths with its own statistics, and what the last step changed."""

    paths: Paths
    statistics: SiteStatistics
    sequence: AcceleratedSequence = field(default_factory=AcceleratedSequence)
    limit: np.ndarray | None = None  # to which the sequence of statistics tends
    measured: Any = None
    residual: float = np.inf

    def take(self, found: Measured, share: float | None) -> None:
        """Put what a step measured in place; with `share`, only that part of it."""
        if share is not None:
            found = mean_of(self.measured, found, share)
        old, new = self.statistics, found.statistics
        self.residual = float(np.max(np.abs(new.C - old.C)) / max(abs(float(new.C[0])), 1e-300))
        self.measured, self.statistics = found, new
        self.limit = self.sequence.limit(_vector(new))

    def moves(self, tol: float) -> bool:
        """Whether C or the paths changed by more than the tolerance."""
        return bool(self.residual > tol or self.measured.change > MOVED * tol)


@dataclass(eq=False)
class _Stagnation:
    """Tells when the typical change has not become smaller for a while."""

    recent: list[float] = field(default_factory=list)
    smallest: float = np.inf
    since: int = 0
    level: float = np.inf  # C(0) when the change was smallest

    def reached(self, iteration: int, change: float, level: float) -> bool:
        self.recent = [*self.recent[1 - RECENT:], change]
        typical = float(np.median(self.recent))
        if typical < 0.9 * self.smallest:
            self.smallest, self.since, self.level = typical, iteration, level
            return False
        if iteration - self.since <= PATIENCE:
            return False
        if level < FADING * self.level:  # activity decays, at a constant rate
            self.since, self.level = iteration, level
            return False
        return True


class JointIteration:
    """Independent sites, iterated together; see `iterate_paths` for the arguments."""

    def __init__(self, network: AnyNetwork, paths: list[Paths], start: list[SiteStatistics],
                 tol: float, controlled: bool, stepping: bool):
        self.network, self.tol = network, tol
        self.controlled, self.stepping = controlled, stepping
        self.sites = [_Site(own, known) for own, known in zip(paths, start, strict=True)]
        self.active = list(self.sites)
        self.averaged = 0  # iterations over which single paths that alternate are averaged
        self.first = self.largest = 0.0  # C(0) at the first step, and at its largest
        self.stagnation = _Stagnation()

    def run(self, max_iter: int, callback: Callable | None) -> Iterated:
        """Step until the sites have settled, or will not."""
        for iteration in range(1, max_iter + 1):
            ending = self._step(iteration, callback)
            if ending is not None:
                return self._ended(iteration, ending)
        return self._ended(max_iter, Ending(
            Outcome.MAX_ITER, f"max_iter={max_iter} reached at residual {self.residual:.1e}, above "
            f"{self.tol:.1e}"))

    @property
    def residual(self) -> float:
        """Largest change of C, relative to C(0), in any site."""
        return float(np.max([one.residual for one in self.sites]))

    def _step(self, iteration: int, callback: Callable | None) -> Ending | None:
        """Move and measure the active sites; how it ended, or None to go on."""
        found = self._moved()
        self.averaged += self.averaged > 0
        for one, new in zip(self.active, found, strict=True):
            one.take(new, 1 / self.averaged if self.averaged else None)
        change = max(new.change for new in found)
        if callback is not None:
            callback(iteration, self.residual, self.sites[0].statistics.C)
        level = max(float(one.statistics.C[0]) for one in self.sites)
        self.first = level if iteration == 1 else self.first
        self.largest = max(self.largest, level)
        if not (np.isfinite(change) and np.isfinite(self.residual) and level < GROWN * self.first):
            return Ending(Outcome.DIVERGED, "the paths diverged, their variance growing without "
                          "bound")
        if level <= DEAD * self.largest or level < 1e-250:
            return Ending(Outcome.DECAYED, "the activity decayed to zero")
        if self.averaged > AVERAGED:
            return Ending(Outcome.AVERAGED, "converged on average: single paths alternate between "
                          "two solutions")
        self.active = [one for one in self.active if one.moves(self.tol) or self.averaged]
        if not self.active:
            return Ending(Outcome.CONVERGED)
        stuck = self.stagnation.reached(iteration, max(self.residual, change / MOVED), level)
        if stuck and not self.averaged:
            if self.stagnation.smallest > FLIPS[self.stepping]:
                return Ending(Outcome.STALLED, f"the residual stays at "
                              f"{self.stagnation.smallest:.1e}, above {self.tol:.1e}")
            self.averaged = 1
        if not self.averaged:
            for one in self.active:
                if one.limit is not None and one.residual < GUARD:
                    one.statistics = _leap(one.limit, one.statistics)
        return None

    def _moved(self) -> list[Measured]:
        """One step of the active paths, each in the drive that its last statistics make."""
        network, resting = self.network, self.network.bias > 0 or not self.network.phi.odd
        sites = [one.paths for one in self.active]
        drives = [drive(network, one.statistics) for one in self.active]
        slopes = [max(one.statistics.slope, 0.0) for one in self.active]
        if self.stepping:
            return march(sites, drives, slopes, network.phi, self.controlled, resting)
        return [sweep(*given, network.phi, self.controlled, resting)
                for given in zip(sites, drives, slopes, strict=True)]

    def _ended(self, iterations: int, ending: Ending) -> Iterated:
        return Iterated([one.measured for one in self.sites], iterations, self.residual, ending,
                        self.stepping)


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

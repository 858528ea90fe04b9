"""iterate_paths: iteration of several sets of paths, each to its own statistics, by sweeps.

Paths of a solution that are drawn again are iterated so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..base.outcomes import Ending, Outcome
from ..base.sequence_acceleration import AcceleratedSequence
from ..network.network import AnyNetwork
from ..paths.block_stepping import step_in_blocks
from ..paths.gaussian_paths import Paths
from ..paths.noise_and_memory import depends_on_response, drive
from ..paths.path_averages import PathAverages, weighted_mean
from ..paths.site_statistics import SiteStatistics
from ..paths.waveform_relaxation import sweep
from .tuning import (
    ALTERNATING_RESIDUAL_STEPPING,
    ALTERNATING_RESIDUAL_SWEEPS,
    AVERAGED_ITERATIONS,
    CREEPING_ITERATIONS,
    CREEPING_RESIDUAL_STEPPING,
    CREEPING_RESIDUAL_SWEEPS,
    DECAY_SHARE,
    EXTRAPOLATION_CHANGE,
    EXTRAPOLATION_RESIDUAL,
    HELD_CHANGE,
    HELD_STEPS,
    PATH_CHANGE_FACTOR,
    PROGRESS,
    STALL_ITERATIONS,
    TYPICAL_OF,
    UNBOUNDED_GROWTH,
    ZERO_ACTIVITY,
)


@dataclass(frozen=True, eq=False)
class Iterated:
    """The end of an iteration: the averages of each site's paths, and why it stopped."""

    measured: list[PathAverages]
    iterations: int
    residual: float
    ending: Ending
    stepping: bool

    @property
    def converged(self) -> bool:
        return self.ending.converged

    @property
    def decayed(self) -> bool:
        """Whether the activity decayed to zero, or nothing drives it."""
        return self.ending.outcome in (Outcome.DECAYED, Outcome.UNDRIVEN)

    @property
    def message(self) -> str:
        return self.ending.message

    @property
    def statistics(self) -> list[SiteStatistics]:
        return [one.statistics for one in self.measured]


@dataclass(eq=False)
class _Site:
    """One set of paths with its own statistics, and the change in its last step."""

    paths: Paths
    statistics: SiteStatistics
    sequence: AcceleratedSequence = field(default_factory=AcceleratedSequence)
    limit: np.ndarray | None = None  # extrapolated limit of the sequence of statistics
    measured: Any = None
    residual: float = np.inf
    held: int = 0  # steps in which the paths approached the given statistics

    def hold(self, found: PathAverages) -> bool:
        """Whether the statistics stay for this step, because new paths have not reached them."""
        if self.held == HELD_STEPS or found.change < HELD_CHANGE:
            self.held = HELD_STEPS
            return False
        self.held += 1
        self.measured = found
        self.residual = _relative_change(self.statistics.C, found.statistics.C)
        return True

    def update(self, found: PathAverages, share: float | None, responding: bool) -> None:
        """Take over the averages of a step; with `share`, their weighted mean with the last.

        `responding`: whether S drives the paths, so that it has to converge too.
        """
        if share is not None:
            found = weighted_mean(self.measured, found, share)
        old, new = self.statistics, found.statistics
        self.residual = _relative_change(old.C, new.C)
        if responding:  # C alone may stay where it does: units with a piecewise linear phi
            self.residual = max(self.residual, _relative_change(old.S, new.S))
        self.measured, self.statistics = found, new
        self.limit = self.sequence.limit(_vector(new))

    def changes(self, tol: float) -> bool:
        """Whether C, S or the paths changed by more than the tolerance."""
        return bool(self.residual > tol or self.measured.change > PATH_CHANGE_FACTOR * tol)


@dataclass(eq=False)
class _Stagnation:
    """Detects that the typical change has not decreased for many iterations."""

    creeping_residual: float  # below it progress may be slow
    recent: list[float] = field(default_factory=list)
    smallest: float = np.inf
    since: int = 0
    level: float = np.inf  # C(0) when the change was smallest

    def reached(self, iteration: int, change: float, level: float) -> bool:
        self.recent = [*self.recent[1 - TYPICAL_OF:], change]
        typical = float(np.median(self.recent))
        if typical < PROGRESS * self.smallest:
            self.smallest, self.since, self.level = typical, iteration, level
            return False
        creeping = self.smallest < self.creeping_residual
        if iteration - self.since <= (CREEPING_ITERATIONS if creeping else STALL_ITERATIONS):
            return False
        if level < DECAY_SHARE * self.level:  # the activity decays at a constant rate
            self.since, self.level = iteration, level
            return False
        return True


class JointIteration:
    """Independent sites, iterated together; `iterate_paths` describes the arguments."""

    def __init__(self, network: AnyNetwork, paths: list[Paths], start: list[SiteStatistics],
                 tol: float, controlled: bool, stepping: bool, averageable: float):
        self.network, self.tol = network, tol
        self.controlled, self.stepping, self.averageable = controlled, stepping, averageable
        self.responding = depends_on_response(network)
        self.sites = [_Site(own, known) for own, known in zip(paths, start, strict=True)]
        self.active = list(self.sites)
        self.averaged = 0  # iterations averaged so far, where single paths alternate
        self.first = self.largest = 0.0  # C(0) after the first step, and its largest value
        self.stagnation = _Stagnation(CREEPING_RESIDUAL_STEPPING if stepping
                                      else CREEPING_RESIDUAL_SWEEPS)

    def run(self, max_iter: int, callback: Callable | None) -> Iterated:
        """Iterate until all sites have converged, or the iteration fails."""
        for iteration in range(1, max_iter + 1):
            ending = self._step(iteration, callback)
            if ending is not None:
                return self._ended(iteration, ending)
        return self._ended(max_iter, Ending(
            Outcome.MAX_ITER, f"max_iter={max_iter} reached at residual {self.residual:.1e}, above "
            f"{self.tol:.1e}"))

    @property
    def residual(self) -> float:
        """Largest relative change of C or S in any site."""
        return float(np.max([one.residual for one in self.sites]))

    def _step(self, iteration: int, callback: Callable | None) -> Ending | None:
        """One iteration of the sites that have not converged; the ending, or None to continue."""
        found = self._updated()
        self.averaged += self.averaged > 0
        holding = [one.hold(new) for one, new in zip(self.active, found, strict=True)]
        for one, new, held in zip(self.active, found, holding, strict=True):
            if not held:
                one.update(new, 1 / self.averaged if self.averaged else None, self.responding)
        change = max(new.change for new in found)
        if callback is not None:
            callback(iteration, self.residual, self.sites[0].statistics.C)
        level = max(float(one.statistics.C[0]) for one in self.sites)
        self.first = level if iteration == 1 else self.first
        self.largest = max(self.largest, level)
        bounded = level < UNBOUNDED_GROWTH * self.first
        if not (np.isfinite(change) and np.isfinite(self.residual) and bounded):
            return Ending(Outcome.DIVERGED, "the variance of the paths grows without bound")
        if level <= ZERO_ACTIVITY * self.largest or level < 1e-250:
            return Ending(Outcome.DECAYED, "the activity decayed to zero")
        if self.averaged > AVERAGED_ITERATIONS:
            return Ending(Outcome.AVERAGED, "converged on average: single paths alternate between "
                          "two solutions")
        self.active = [one for one, held in zip(self.active, holding, strict=True)
                       if held or one.changes(self.tol) or self.averaged]
        if not self.active:
            return Ending(Outcome.CONVERGED)
        stalled = not any(holding) and self.stagnation.reached(
            iteration, max(self.residual, change / PATH_CHANGE_FACTOR), level)
        if stalled and not self.averaged:
            if self.stagnation.smallest > self.averageable:
                return Ending(Outcome.STALLED, f"the residual stays at "
                              f"{self.stagnation.smallest:.1e}, above {self.tol:.1e}")
            self.averaged = 1
        if not self.averaged:
            for one in self.active:
                if one.limit is not None and one.residual < EXTRAPOLATION_RESIDUAL:
                    one.statistics = _extrapolated(one.limit, one.statistics)
        return None

    def _updated(self) -> list[PathAverages]:
        """One step of the active paths, each with the drive given by its last statistics."""
        network, may_be_static = self.network, self.network.bias > 0 or not self.network.phi.odd
        sites = [one.paths for one in self.active]
        drives = [drive(network, one.statistics) for one in self.active]
        slopes = [max(one.statistics.slope, 0.0) for one in self.active]
        if self.stepping:
            return step_in_blocks(sites, drives, slopes, network.phi, self.controlled,
                                  may_be_static)
        return [sweep(*given, network.phi, self.controlled, may_be_static)
                for given in zip(sites, drives, slopes, strict=True)]

    def _ended(self, iterations: int, ending: Ending) -> Iterated:
        return Iterated([one.measured for one in self.sites], iterations, self.residual, ending,
                        self.stepping)


def iterate_paths(network: AnyNetwork, sites: list[Paths], start: SiteStatistics, *, tol: float,
                  max_iter: int, controlled: bool = True, stepping: bool = False,
                  callback: Callable | None = None,
                  averageable: float = ALTERNATING_RESIDUAL_SWEEPS) -> Iterated:
    """Iterate x, C and S of independent sites together, each site to its own fixed point.

    Every iteration updates the paths once, with the drive given by their last statistics. The
    noise is drawn once, so that the iteration is a deterministic map. Where waveform sweeps do not
    contract, the paths are integrated by block time stepping, which needs no contraction.

    Parameters
    ----------
    network : Network
    sites : list of Paths
        Updated in place.
    start : SiteStatistics
        Statistics that give the drive of the first iteration.
    tol : float
        Bound on the change of C, relative to C(0).
    max_iter : int
    controlled : bool
        Whether the linear surrogate is used as control variate.
    stepping : bool
        Use block time stepping from the start.
    callback : callable, optional
        callback(iteration, residual, C) in each iteration.
    averageable : float
        Residual at which sweeps that stall are averaged. Above it the paths are stepped in time.

    Returns
    -------
    Iterated
    """
    initial = [start] * len(sites)
    largest = ALTERNATING_RESIDUAL_STEPPING if stepping else averageable
    end = JointIteration(network, sites, initial, tol, controlled, stepping, largest).run(
        max_iter, callback)
    if stepping or end.converged or end.iterations >= max_iter:
        return end
    again = [one.statistics for one in end.measured]
    if not all(np.isfinite(one.change) and one.change < 1 for one in end.measured):
        again = initial
        for own in sites:
            own.initialized = False
    return JointIteration(network, sites, again, tol, controlled, True,
                          ALTERNATING_RESIDUAL_STEPPING).run(max_iter - end.iterations, callback)


def _relative_change(old: np.ndarray, new: np.ndarray) -> float:
    """Largest change of a curve, relative to its largest value."""
    return float(np.max(np.abs(new - old)) / max(float(np.max(np.abs(new))), 1e-300))


def _vector(own: SiteStatistics) -> np.ndarray:
    """C and S as one vector; both are of order one."""
    return np.concatenate([own.C, own.S.real, own.S.imag])


def _extrapolated(limit: np.ndarray, last: SiteStatistics) -> SiteStatistics:
    """The extrapolated statistics, if near the last and a possible correlation; else the last."""
    n = len(last.C)
    C, S = limit[:n], limit[n:2 * n] + 1j * limit[2 * n:]
    near = np.max(np.abs(C - last.C)) < EXTRAPOLATION_CHANGE * last.C[0]
    if not (near and C[0] > 0 and np.max(np.abs(C)) <= C[0] * (1 + 1e-12)):
        return last
    return replace(last, C=C, S=S)

"""Whether chaos exists in a plastic network: from a neighbouring solution, or strong activity."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from ..base.annotations import Seed
from ..base.estimate import Estimate
from ..base.outcomes import Outcome
from ..ensembles.properties import plastic_strengths
from ..network.network import AnyNetwork
from ..sampled.sampling_options import SamplingOptions
from ..solving import solve
from ..stationary.solution import Solution
from ..stationary.timescales import MISSING, timescales
from .tuning import LARGEST_RESIDUAL, LONGER_SPAN

Chaos = Literal["absent", "chaotic", "frozen", "unresolved"]
TIMES = ("half_life", "first_zero", "minimum", "peak", "peak_height")


@dataclass(frozen=True, eq=False)
class ChaosSearch:
    """The solution that a search for chaos ended with, and its verdict.

    Parameters
    ----------
    solution : Solution
        Chaotic, quiescent, or the last iterate of a solve that failed.
    verdict : str
        As `Phase.chaos`.
    message : str
        What the solves were started from, and how they ended.
    """

    solution: Solution
    verdict: Chaos
    message: str

    @property
    def certain(self) -> bool:
        """Whether all checks passed: time scales, and freezing, can be computed."""
        return self.solution.convergence.success and self.verdict == "chaotic"

    @property
    def C(self) -> Estimate:
        """C_phi(0); with the residual in its error where the iteration is not stationary."""
        if self.verdict == "absent":
            return MISSING
        C, residual = self.solution.C_phi[0], self.solution.convergence.residual
        if self.verdict != "chaotic" or self.certain:
            return C
        return Estimate(C.value, np.hypot(C.stderr, residual * float(C)))

    def curve(self) -> dict[str, Any]:
        """Time scales of C(tau), NaN unless they are certain, and whether it oscillates."""
        missing = dict.fromkeys(TIMES, MISSING)
        if self.verdict != "chaotic":
            return missing | {"oscillating": False, "peak_resolved": False}
        convergence = replace(self.solution.convergence, success=True)
        found = timescales(replace(self.solution, convergence=convergence))
        if self.certain:
            return {name: getattr(found, name) for name in TIMES} | {
                "oscillating": found.oscillates, "peak_resolved": found.peak_resolved}
        deep = float(found.minimum) < -self.solution.convergence.residual
        return missing | {"oscillating": bool(found.oscillates and deep), "peak_resolved": False}


def find_chaos(network: AnyNetwork, k: float, tol: float, initial: Solution | None, rng: Seed,
               options: SamplingOptions | None) -> ChaosSearch:
    """Seek chaos from `initial`; where its activity is lost, or without it, from strong activity.

    The solution of a neighbour leads along the upper branch to its fold. What it does not reach is
    decided by the starts of a solve without `initial`, so that the result is the same.
    """
    if k == 0:  # no sampling, and no plasticity with which activity could outlast strong couplings
        return _judged(solve(network, tol=tol, rng=rng, strict=False), "")

    def solved(start: Solution | None, own: SamplingOptions | None = options) -> Solution:
        return solve(network, tol=tol, initial=start, rng=rng, strict=False, branch="chaotic",
                     options=own)

    def from_above(started: str) -> ChaosSearch:
        found = _judged(solved(None), started)
        if found.verdict != "unresolved":
            return found
        given = options or SamplingOptions()
        longer = replace(given, span_in_memory_times=LONGER_SPAN * given.span_in_memory_times)
        return _judged(solved(None, longer), f"{started}in a longer window: ")

    if initial is None:
        return from_above("")
    from_there = "from the solution at g={:.4g}, k={:.4g}".format(
        *plastic_strengths(initial.network.ensembles))
    first = _judged(solved(initial), f"{from_there}: ")
    if first.verdict == "chaotic":
        return first
    lost = {"absent": "its activity decays", "frozen": "its correlation does not decay"}.get(
        first.verdict, "the solve fails")
    return from_above(f"{from_there}: {lost}; from strong activity: ")


def _judged(solution: Solution, started: str) -> ChaosSearch:
    convergence = solution.convergence
    message = started + convergence.message
    if solution.branch == "quiescent":
        return ChaosSearch(solution, "absent", message)
    if convergence.ended is Outcome.FROZEN:
        return ChaosSearch(solution, "frozen", message)
    failed = [one.name for one in convergence.checks if not one.passed and not one.resolution]
    creeping = (failed == ["iteration"] and convergence.residual < LARGEST_RESIDUAL)
    if solution.branch == "chaotic" and (convergence.success or creeping):
        return ChaosSearch(solution, "chaotic", message)
    return ChaosSearch(solution, "unresolved", message)

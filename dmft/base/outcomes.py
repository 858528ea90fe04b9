"""Outcome: how an iteration ended and, if it failed, what to change."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How an iteration ended: with a solution (`success`), or without (`advice`)."""

    CONVERGED = "converged"
    AVERAGED = "averaged"  # converged on average only: single paths alternate between two solutions
    DECAYED = "decayed"  # the activity decayed to zero
    UNDRIVEN = "undriven"  # no input drives the units: of older files, where DECAYED stands now
    AT_FLOOR = "at its floor"  # rounding or sampling errors exceed the tolerance
    STALLED = "stalled"  # no smaller residual in many iterations
    MAX_ITER = "max_iter"  # the largest number of iterations was reached
    DIVERGED = "diverged"  # the values grew without bound
    FROZEN = "frozen"  # the correlation does not decay within any window
    BRANCH_LOST = "branch lost"  # the branch of the initial solution does not exist here
    BRANCH_NOT_FOUND = "branch not found"  # the requested branch was searched for
    CHECK_FAILED = "check failed"  # the iteration converged, and a check of the solution failed
    FAILED = "failed"  # nothing more is known, as of files that record `success` only

    @property
    def success(self) -> bool:
        """Whether the iteration ended with a solution."""
        return self in SUCCESSFUL

    @property
    def advice(self) -> str:
        """What to change after a failure; an empty string after a success."""
        return ADVICE.get(self, "")


SUCCESSFUL = (Outcome.CONVERGED, Outcome.AVERAGED, Outcome.DECAYED, Outcome.UNDRIVEN)
ADVICE = {
    Outcome.AT_FLOOR: "give a larger tol, or more samples",
    Outcome.STALLED: "give a larger tol, or a longer window",
    Outcome.MAX_ITER: "give a larger max_iter",
    Outcome.DIVERGED: "give weaker couplings, or a phi that saturates",
    Outcome.FROZEN: "give lags with a longer span, or look for stable fixed points "
                    "(dmft.fixed_points)",
    Outcome.BRANCH_LOST: "solve without initial, or find where the branch ends with "
                         "dmft.continue_in",
    Outcome.BRANCH_NOT_FOUND: "leave out branch, or follow the branch from other parameters with "
                              "dmft.continue_in",
    Outcome.CHECK_FAILED: "see convergence.checks, where every failed check names what to change",
    Outcome.FAILED: "solve again: this version records how the iteration ended",
}


@dataclass(frozen=True)
class Ending:
    """The outcome of one iteration, with its numbers.

    Parameters
    ----------
    outcome : Outcome
    what : str
        What happened, with its numbers; the outcome's value by default.
    """

    outcome: Outcome
    what: str = ""

    @property
    def converged(self) -> bool:
        """Whether the iteration ended with a solution."""
        return self.outcome.success

    @property
    def message(self) -> str:
        """What happened and, after a failure, what to change."""
        return ": ".join(filter(None, [self.what or self.outcome.value, self.outcome.advice]))

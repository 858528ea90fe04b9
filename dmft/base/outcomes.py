"""Outcome: how an iteration ended, with what to change where it failed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """The ways in which an iteration ends. `advice` says what to change where it failed."""

    CONVERGED = "converged"
    AVERAGED = "averaged"  # converged on average only: single paths alternate between two solutions
    DECAYED = "decayed"  # the activity decayed to zero
    UNDRIVEN = "undriven"  # nothing drives the units: there is nothing to iterate
    AT_FLOOR = "at its floor"  # rounding or sampling hides any further change, above the tolerance
    STALLED = "stalled"
    MAX_ITER = "max_iter"
    DIVERGED = "diverged"
    FROZEN = "frozen"  # the correlation does not decay within any window
    BRANCH_LOST = "branch lost"  # the branch of the initial solution does not exist here
    CHECK_FAILED = "check failed"  # the iteration converged, to what is no solution
    FAILED = "failed"  # of a solution whose file does not say more

    @property
    def success(self) -> bool:
        """Whether the iteration found what it was looking for."""
        return self in SUCCESSFUL

    @property
    def advice(self) -> str:
        """What to change, or an empty string."""
        return ADVICE.get(self, "")


SUCCESSFUL = (Outcome.CONVERGED, Outcome.AVERAGED, Outcome.DECAYED, Outcome.UNDRIVEN)
ADVICE = {
    Outcome.AT_FLOOR: "give a larger tol, or more samples",
    Outcome.STALLED: "give a larger tol, or a longer window",
    Outcome.MAX_ITER: "give a larger max_iter",
    Outcome.DIVERGED: "give a smaller g, or a phi that saturates",
    Outcome.FROZEN: "give lags with a longer span, or look for stable fixed points "
                    "(dmft.fixed_points)",
    Outcome.BRANCH_LOST: "solve without initial, or find where the branch ends with "
                         "dmft.continue_in",
}


@dataclass(frozen=True)
class Ending:
    """An outcome in the words and numbers of one iteration.

    Parameters
    ----------
    outcome : Outcome
    what : str
        What happened, with its numbers; the outcome's own word by default.
    """

    outcome: Outcome
    what: str = ""

    @property
    def converged(self) -> bool:
        return self.outcome.success

    @property
    def message(self) -> str:
        """What happened, and what to change."""
        return ": ".join(filter(None, [self.what or self.outcome.value, self.outcome.advice]))

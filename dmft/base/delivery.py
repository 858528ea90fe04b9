"""deliver: hand a solution over, with a warning or an error where a check of it failed."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

from .errors import ConvergenceError, ResolutionWarning
from .outcomes import Outcome


def deliver(solution: Any, strict: bool) -> Any:
    """Warn of a coarse grid; raise where a check failed, unless told not to."""
    convergence = solution.convergence
    coarse = [c for c in convergence.checks if c.resolution and not c.passed]
    failed = [c for c in convergence.checks if not c.resolution and not c.passed]
    for check in coarse:
        warnings.warn(f"{check.name} {check.value:.1e}: {check.says}", ResolutionWarning,
                      stacklevel=3)
    if convergence.success and not failed:
        return solution
    # Where the averages of phi are wrong, all else is, and says nothing more.
    failed = [c for c in failed if c.name == "averages"] or failed
    wrong = [f"{c.name} {c.value:.1e} above {c.limit:.0e}: {c.says}" for c in failed]
    if not convergence.success:
        wrong.insert(0, convergence.message)
    message = "; ".join(wrong)
    outcome = Outcome.CHECK_FAILED if convergence.success else convergence.outcome
    solution = replace(solution, convergence=replace(convergence, success=False, message=message,
                                                     ended=outcome))
    if strict:
        raise ConvergenceError(message, solution)
    return solution

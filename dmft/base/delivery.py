"""deliver: return a solution, with a warning or an error if one of its checks failed."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

from .errors import ConvergenceError, ResolutionWarning
from .outcomes import Outcome


def deliver(solution: Any, strict: bool) -> Any:
    """Return a solution after its checks have been evaluated.

    Parameters
    ----------
    solution : dataclass with a field `convergence`
        What a solver found.
    strict : bool
        Raise ConvergenceError if the solve or a check failed (True), or return the solution with
        `convergence.success` False (False).

    Returns
    -------
    The solution. If a check failed, its `convergence` has `success` False, the message of the
    check, and the outcome CHECK_FAILED unless the iteration itself had failed.

    Raises
    ------
    ConvergenceError
        If `strict` and the solve or a check failed; it carries `.solution`.

    Warns
    -----
    ResolutionWarning
        For each failed check of the grid on which the solution is given.
    """
    convergence = solution.convergence
    coarse = [c for c in convergence.checks if c.resolution and not c.passed]
    failed = [c for c in convergence.checks if not c.resolution and not c.passed]
    for check in coarse:
        warnings.warn(f"{check.name} {check.value:.1e}: {check.says}", ResolutionWarning,
                      stacklevel=3)
    if convergence.success and not failed:
        return solution
    # If the Gaussian averages of phi are wrong, every other check fails too: report only these.
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

"""Convergence: what was checked of a solution, and how far off it was."""

from __future__ import annotations

from dataclasses import dataclass

from .outcomes import Outcome


@dataclass(frozen=True)
class Check:
    """One check of a solution: `value` must not exceed `limit`; `says` what to do where it does.

    A `resolution` check speaks of the grid that the solution is given on, not of the solution:
    it warns and does not fail it.
    """

    name: str
    value: float
    limit: float
    says: str
    resolution: bool = False

    @property
    def passed(self) -> bool:
        return bool(self.value <= self.limit)  # NaN fails


@dataclass(frozen=True)
class Convergence:
    """How a solution was reached and how far it can be trusted.

    Parameters
    ----------
    success : bool
        The iteration met its tolerance and every check passed.
    iterations : int
        Iterations of the method (evaluations of the scalar root for "energy").
    residual : float
        Largest change of C_x under one application of the self-consistent map, over C_x(0).
    error : float
        Estimated largest error of C_x over C_x(0).
    method : str
        "energy" (first integral) or "fourier" (iteration on the grid of lags).
    message : str
        What happened, and what to change where it failed.
    checks : tuple of Check
        Each with its value and its limit.
    ended : Outcome, optional
        How the iteration ended, such as Outcome.MAX_ITER, where more is known than `success`.
    """

    success: bool
    iterations: int
    residual: float
    error: float
    method: str
    message: str
    checks: tuple[Check, ...] = ()
    ended: Outcome | None = None

    def __post_init__(self):
        if self.ended is not None:
            object.__setattr__(self, "ended", Outcome(self.ended))

    @property
    def outcome(self) -> Outcome:
        """How the iteration ended."""
        return self.ended or (Outcome.CONVERGED if self.success else Outcome.FAILED)

    def __str__(self) -> str:
        head = (f"{self.method}: {'converged' if self.success else 'NOT CONVERGED'}, "
                f"{self.iterations} iterations, residual {self.residual:.1e}, "
                f"error {self.error:.1e}. {self.message}")
        rows = [f"  {'ok  ' if c.passed else 'FAIL'} {c.name}: {c.value:.2e} (limit {c.limit:.0e})"
                + ("" if c.passed else f" {c.says}") for c in self.checks]
        return "\n".join([head, *rows])

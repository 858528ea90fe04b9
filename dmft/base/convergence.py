"""Convergence: the checks of a solution, with their values and limits, and its error."""

from __future__ import annotations

from dataclasses import dataclass

from .outcomes import Outcome


@dataclass(frozen=True)
class Check:
    """One check of a solution: it passes if `value` does not exceed `limit`.

    Parameters
    ----------
    name : str
        What is checked, such as "decay".
    value : float
        The measured value; NaN fails.
    limit : float
        The largest value that passes.
    says : str
        Message of a failed check: what is wrong and what to change.
    resolution : bool
        True for a check of the grid on which the solution is given, or of the extent of a search.
        If it fails, it causes a ResolutionWarning, and what is given is valid all the same.
    """

    name: str
    value: float
    limit: float
    says: str
    resolution: bool = False

    @property
    def passed(self) -> bool:
        """Whether the value does not exceed the limit."""
        return bool(self.value <= self.limit)  # NaN fails


@dataclass(frozen=True)
class Convergence:
    """How a solution was found, and how accurate it is.

    Parameters
    ----------
    success : bool
        The iteration met its tolerance and every check passed.
    iterations : int
        Iterations of the method (evaluations of the scalar equation for "energy").
    residual : float
        Largest change of C_x under one application of the self-consistent map, divided by C_x(0).
    error : float
        Estimated largest error of C_x, divided by C_x(0).
    method : str
        "energy" (first integral), "fourier" (iteration on the grid of lags), "sampled" (paths of
        one unit), "march" (causal march in time) or "fixed amplitude" (a parameter solved for at
        fixed C_phi(0), on a branch); "sampled gains" or "constant gains" of a Lyapunov spectrum.
    message : str
        How the iteration ended and, if it failed, what to change.
    checks : tuple of Check
        The checks of the solution, each with its value and its limit.
    ended : Outcome, optional
        How the iteration ended, such as Outcome.MAX_ITER; None if only `success` is known.
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
        """How the iteration ended; CONVERGED or FAILED where only `success` is known."""
        return self.ended or (Outcome.CONVERGED if self.success else Outcome.FAILED)

    def __str__(self) -> str:
        head = (f"{self.method}: {'converged' if self.success else 'NOT CONVERGED'}, "
                f"{self.iterations} iterations, residual {self.residual:.1e}, "
                f"error {self.error:.1e}. {self.message}")
        rows = [f"  {'ok  ' if c.passed else 'FAIL'} {c.name}: {c.value:.2e} (limit {c.limit:.0e})"
                + ("" if c.passed else f" {c.says}") for c in self.checks]
        return "\n".join([head, *rows])

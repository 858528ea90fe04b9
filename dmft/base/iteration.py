"""The iteration driver: plain steps far from the solution, guarded acceleration near it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .outcomes import Ending, Outcome

GUARD = 1e-2  # residual above which only plain steps are taken
DEPTH = 3  # differences kept by the acceleration
STALL = 60  # iterations without a new smallest residual before the floor is declared


@dataclass(frozen=True, eq=False)
class FixedPoint:
    """Where an iteration ended: the value, its residual, the rate of the plain map, and why."""

    value: np.ndarray
    iterations: int
    residual: float
    rate: float
    ending: Ending

    @property
    def converged(self) -> bool:
        return self.ending.converged

    @property
    def message(self) -> str:
        return self.ending.message


def iterate(step: Callable[[np.ndarray], np.ndarray], start: np.ndarray, *, tol: float,
            max_iter: int, admissible: Callable[[np.ndarray], bool] = lambda x: True,
            floor: float = 0.0, accelerate: bool = True,
            callback: Callable[[int, float, np.ndarray], None] | None = None) -> FixedPoint:
    """Iterate value -> step(value) until the change is below `tol`, relative to the value.

    Acceleration (Anderson's, over the last three differences) leaves the chaotic solution for
    another root when it is let loose far away; it is therefore used only below a residual of
    1e-2, only where its proposal is admissible, and given up for a plain step where it does not
    reduce the residual.

    Parameters
    ----------
    step : callable
        The self-consistent map.
    start : array
        First value.
    tol : float
        Bound on max|step(value) - value| / max|value|.
    max_iter : int
        Largest number of evaluations of `step`.
    admissible : callable
        Whether a proposed value may be tried.
    floor : float
        Residual below which it means nothing (sampling or rounding): the iteration stops there.
    accelerate : bool
        False for plain steps only.
    callback : callable, optional
        callback(iteration, residual, value); what it raises stops the iteration.
    """
    value, rate = np.asarray(start, dtype=float), np.nan
    history: list[tuple[np.ndarray, np.ndarray]] = []
    best, best_at, previous, plain = np.inf, 0, np.inf, True
    residual = np.inf
    for iteration in range(1, max_iter + 1):
        image = step(value)
        change = image - value
        scale = max(float(np.max(np.abs(value))), 1e-300)
        residual = float(np.max(np.abs(change))) / scale
        if callback is not None:
            callback(iteration, residual, value)
        if not np.isfinite(residual):
            return FixedPoint(value, iteration, residual, rate,
                              Ending(Outcome.DIVERGED, "the iteration diverged"))
        if plain and 0 < residual < previous < np.inf:
            rate = residual / previous
        if residual <= max(tol, floor):
            ending = Ending(Outcome.CONVERGED) if residual <= tol else Ending(
                Outcome.AT_FLOOR, f"stopped at the floor {floor:.1e}, above tol={tol:.1e}")
            return FixedPoint(image, iteration, residual, rate, ending)
        if residual < best:
            best, best_at = residual, iteration
        elif iteration - best_at > STALL and residual < GUARD:
            return FixedPoint(value, iteration, residual, rate, Ending(
                Outcome.STALLED, f"stalled at residual {best:.1e}, above tol={tol:.1e}"))
        if history and residual > 2 * previous:
            history.clear()
        history = [*history[-DEPTH:], (value, change)]
        previous = residual
        value, plain = image, True
        if accelerate and residual < GUARD and len(history) > 1:
            proposal = _anderson(history)
            if admissible(proposal):
                value, plain = proposal, False
    return FixedPoint(value, max_iter, residual, rate, Ending(
        Outcome.MAX_ITER, f"max_iter={max_iter} reached at residual {residual:.1e}, above "
        f"tol={tol:.1e}"))


def _anderson(history: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """The combination of past values whose linearised change is smallest."""
    value, change = history[-1]
    d_value = np.stack([value - v for v, _ in history[:-1]], axis=-1)
    d_change = np.stack([change - c for _, c in history[:-1]], axis=-1)
    weights, *_ = np.linalg.lstsq(d_change, change, rcond=1e-10)
    return value + change - (d_value + d_change) @ weights

"""Fixed-point iteration: plain steps far from the solution, Anderson acceleration near it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .outcomes import Ending, Outcome
from .tuning import ACCELERATION_GUARD, ANDERSON_DEPTH, ANDERSON_RCOND, STALL_ITERATIONS


@dataclass(frozen=True, eq=False)
class FixedPoint:
    """Result of an iteration: value, residual, convergence rate of the plain map, and outcome.

    `error` is the estimated distance to the solution relative to the value, where it is known.
    """

    value: np.ndarray
    iterations: int
    residual: float
    rate: float
    ending: Ending
    error: float = np.nan

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

    Anderson acceleration, over the last three differences, can converge to another root than the
    chaotic solution if it starts far away. It is therefore used only below a residual of 1e-2 and
    only if its proposal is admissible; if the residual more than doubles, the history is discarded
    and a plain step follows.

    Parameters
    ----------
    step : callable
        The self-consistent map, from and to arrays of one shape.
    start : array
        Initial value.
    tol : float
        Bound on max|step(value) - value| / max|value|.
    max_iter : int
        Largest number of evaluations of `step`.
    admissible : callable
        Returns whether a proposed value may be used; plain steps are not tested.
    floor : float
        Size of residual that sampling or rounding errors make: the iteration stops there.
    accelerate : bool
        False for plain steps only.
    callback : callable, optional
        callback(iteration, residual, value); an exception that it raises ends the iteration.

    Returns
    -------
    FixedPoint
        The last value, and how the iteration ended; a failure is reported there, not raised.
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
        elif iteration - best_at > STALL_ITERATIONS and residual < ACCELERATION_GUARD:
            return FixedPoint(value, iteration, residual, rate, Ending(
                Outcome.STALLED, f"stalled at residual {best:.1e}, above tol={tol:.1e}"))
        if history and residual > 2 * previous:
            history.clear()
        history = [*history[-ANDERSON_DEPTH:], (value, change)]
        previous = residual
        value, plain = image, True
        if accelerate and residual < ACCELERATION_GUARD and len(history) > 1:
            proposal = _anderson(history)
            if admissible(proposal):
                value, plain = proposal, False
    return FixedPoint(value, max_iter, residual, rate, Ending(
        Outcome.MAX_ITER, f"max_iter={max_iter} reached at residual {residual:.1e}, above "
        f"tol={tol:.1e}"))


def _anderson(history: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """The combination of past values whose linearised change is smallest (Anderson mixing)."""
    value, change = history[-1]
    d_value = np.stack([value - v for v, _ in history[:-1]], axis=-1)
    d_change = np.stack([change - c for _, c in history[:-1]], axis=-1)
    weights, *_ = np.linalg.lstsq(d_change, change, rcond=ANDERSON_RCOND)
    return value + change - (d_value + d_change) @ weights

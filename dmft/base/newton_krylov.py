"""Newton's method for a fixed point, with linear equations solved by GMRES."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from scipy.sparse.linalg import LinearOperator, gmres

from .iteration import FixedPoint
from .outcomes import Ending, Outcome
from .tuning import (
    GMRES_TOL,
    KRYLOV_DIMENSION,
    LEAST_DECREASE,
    NEWTON_HALVINGS,
    NEWTON_STALL,
    NEWTON_STALL_ITERATIONS,
)


class Linearisation(Protocol):
    """The derivative of a map at one value."""

    def __call__(self, direction: np.ndarray) -> np.ndarray:
        """The change of the image per change of the value along `direction`."""

    def approximate_inverse(self, change: np.ndarray) -> np.ndarray:
        """An approximation to (1 - derivative)^-1 change: the preconditioner."""


def newton_krylov(step: Callable[[np.ndarray], np.ndarray],
                  linearise: Callable[[np.ndarray], Linearisation], start: np.ndarray, *,
                  tol: float, max_iter: int, used: int = 0,
                  admissible: Callable[[np.ndarray], bool] = lambda x: True, floor: float = 0.0,
                  callback: Callable[[int, float, np.ndarray], None] | None = None) -> FixedPoint:
    """Solve step(value) = value by Newton's method, with GMRES for its linear equations.

    A Newton step is halved until the proposal is admissible and its change under the map is
    smaller; where no fraction of it is, a plain step value -> step(value) follows. Unlike a plain
    iteration, the method does not slow down where the map contracts weakly. The iteration has
    converged where both the change under the map and the Newton step are below `tol`: the second
    estimates the distance to the solution. It also ends where the change is below `tol` and
    rounding keeps the Newton step above it; `error` of the result is then larger than `tol`.

    Parameters
    ----------
    step : callable
        The map, from and to vectors of one length.
    linearise : callable
        linearise(value) -> Linearisation, the derivative of `step` there.
    start : (n,) array
        Initial value.
    tol : float
        Bound on max|step(value) - value| / max|value|.
    max_iter, used : int
        Largest number of iterations, and how many of them were made before this call.
    admissible : callable
        Returns whether a proposed value may be used; plain steps are not tested.
    floor : float
        Size of residual that rounding errors make: the iteration stops there.
    callback : callable, optional
        callback(iteration, residual, value); an exception that it raises ends the iteration.

    Returns
    -------
    FixedPoint
        The last value, with the relative size of the last Newton step as its `error`.
    """
    value = np.asarray(start, dtype=float)
    change, smallest = step(value) - value, [np.inf]
    for iteration in range(used + 1, max_iter + 1):
        scale = max(float(np.max(np.abs(value))), 1e-300)
        residual = float(np.max(np.abs(change))) / scale
        if callback is not None:
            callback(iteration, residual, value)
        if not np.isfinite(residual):
            return FixedPoint(value, iteration, residual, np.nan,
                              Ending(Outcome.DIVERGED, "the iteration diverged"))
        newton = _newton_step(linearise(value), change)
        error = float(np.max(np.abs(newton))) / scale
        at_rounding = residual <= floor or residual > NEWTON_STALL * smallest[-1]
        if residual <= max(tol, floor) and (error <= tol or at_rounding):
            ending = Ending(Outcome.CONVERGED) if residual <= tol else Ending(
                Outcome.AT_FLOOR, f"stopped at the floor {floor:.1e}, above tol={tol:.1e}")
            return FixedPoint(value, iteration, residual, np.nan, ending, error)
        smallest.append(min(residual, smallest[-1]))
        if (len(smallest) > NEWTON_STALL_ITERATIONS
                and smallest[-1] > NEWTON_STALL * smallest[-1 - NEWTON_STALL_ITERATIONS]):
            return FixedPoint(value, iteration, residual, np.nan, Ending(
                Outcome.STALLED, f"stalled at residual {smallest[-1]:.1e}, above tol={tol:.1e}"))
        value, change = _damped(step, value, change, newton, admissible)
    return FixedPoint(value, max_iter, residual, np.nan, Ending(
        Outcome.MAX_ITER, f"max_iter={max_iter} reached at residual {residual:.1e}, above "
        f"tol={tol:.1e}"))


def _newton_step(derivative: Linearisation, change: np.ndarray) -> np.ndarray:
    """The solution d of (1 - derivative) d = change, approximately."""
    shape = (len(change), len(change))
    operator = LinearOperator(shape, matvec=lambda d: d - derivative(d), dtype=float)
    inverse = LinearOperator(shape, matvec=derivative.approximate_inverse, dtype=float)
    found, _ = gmres(operator, change, rtol=GMRES_TOL, atol=0.0, restart=KRYLOV_DIMENSION,
                     maxiter=1, M=inverse)
    return found


def _damped(step: Callable, value: np.ndarray, change: np.ndarray, newton: np.ndarray,
            admissible: Callable) -> tuple[np.ndarray, np.ndarray]:
    """The next value and its change: the longest useful fraction of the step, or a plain step."""
    before, share = float(np.linalg.norm(change)), 1.0
    for _ in range(NEWTON_HALVINGS + 1):
        proposal = value + share * newton
        if np.all(np.isfinite(proposal)) and admissible(proposal):
            after = step(proposal) - proposal
            if np.linalg.norm(after) <= (1 - LEAST_DECREASE * share) * before:
                return proposal, after
        share /= 2
    image = value + change
    return image, step(image) - image

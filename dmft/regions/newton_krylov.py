"""Newton's method for a fixed point of a smooth map, with linear equations solved by GMRES."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..base.iteration import FixedPoint
from ..base.outcomes import Ending, Outcome
from .tuning import GMRES_STEPS, GMRES_TOL, KRYLOV_STEPS, TANGENT_STEP

Vector = Callable[[np.ndarray], np.ndarray]


def newton_krylov(step: Vector, start: np.ndarray, *, tol: float, floor: float,
                  admissible: Callable[[np.ndarray], bool],
                  preconditioner: Callable[[np.ndarray], Vector]) -> FixedPoint:
    """Solve value = step(value) from a start that is near the solution.

    A product with the derivative is a difference of two values of the map. Where the proposal is
    not admissible a plain step is taken.

    Parameters
    ----------
    step, start, tol, floor, admissible
        As in `iterate`; the last must hold for the result too.
    preconditioner : callable
        preconditioner(value) returns an approximate inverse of 1 - step'(value), as a function.

    Returns
    -------
    FixedPoint
        A failure is reported there, not raised.
    """
    from scipy.sparse.linalg import LinearOperator, gmres

    value, residual = np.asarray(start, dtype=float), np.inf
    for iteration in range(1, KRYLOV_STEPS + 1):
        image = step(value)
        change = image - value
        scale = max(float(np.max(np.abs(value))), 1e-300)
        before, residual = residual, float(np.max(np.abs(change))) / scale
        if residual <= max(tol, floor) and admissible(value):
            return FixedPoint(image, iteration, residual, np.nan, Ending(Outcome.CONVERGED))
        if not np.isfinite(residual) or residual > 10 * before:
            break

        def tangent(v: np.ndarray, value=value, image=image, scale=scale) -> np.ndarray:
            size = float(np.max(np.abs(v)))
            if size == 0:
                return v
            small = TANGENT_STEP * scale / size
            return v - (step(value + small * v) - image) / small

        operator = LinearOperator((len(value),) * 2, matvec=tangent, dtype=float)
        inverse = LinearOperator((len(value),) * 2, matvec=preconditioner(value), dtype=float)
        move, _ = gmres(operator, change, rtol=GMRES_TOL, restart=GMRES_STEPS, maxiter=1, M=inverse)
        proposal = value + move
        value = proposal if admissible(proposal) else image
    return FixedPoint(value, iteration, residual, np.nan, Ending(
        Outcome.STALLED, f"Newton's method stopped at residual {residual:.1e}"))

"""Newton's method with the paths' own derivative, where a mode of the iteration is nearly neutral.

Near the onset of chaos 1 - G' has eigenvalues of 1e-4, along changes of the tail of C. Steps with a
derivative that is wrong by more than this do not converge there, and nor does mixing, whose
differences are rounding. Products with G' are differences of the map of all paths; the linear
equations are solved by GMRES, with the probed response as preconditioner.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.sparse.linalg import LinearOperator, gmres

from ..base.outcomes import Ending, Outcome
from .newton_iteration import FixedPoint, is_possible, size_of
from .path_map import PathMap
from .solution_errors import LinearResponse
from .tuning import (
    KRYLOV_DIFFERENCE,
    KRYLOV_SWEEPS,
    KRYLOV_TOL,
    KRYLOV_VECTORS,
    LARGEST_STEP,
    NEWTON_STALLED,
    NEWTON_STEPS,
    PROGRESS,
    SHARES,
    STEADY_DISTANCE,
)


def solve_slow(path_map: PathMap, u: np.ndarray, tol: float, tol_at_zero: float, *,
               offset: np.ndarray, response: LinearResponse, callback: Callable | None = None
               ) -> FixedPoint:
    """The fixed point of G + offset from u, which is near it.

    Parameters
    ----------
    path_map : PathMap
    u : (len,) array
    tol : float
        Largest step of the probed response that is left, by `size_of`.
    tol_at_zero : float
        Largest change of C(0) in that step, relative to it.
    offset : (len,) array
    response : LinearResponse
        (1 - G')^-1 near u.
    callback : callable or None
        As for `solve_paths`.

    Returns
    -------
    FixedPoint
        With the outcome STALLED where the distance stays above `tol`.
    """
    unknowns, scale = path_map.unknowns, path_map.scale(u)
    driving = unknowns.driving
    smallest, since = np.inf, 0

    def value(at: np.ndarray) -> np.ndarray:
        return path_map(at, sweeps=KRYLOV_SWEEPS) + offset

    def left(at: np.ndarray) -> tuple[np.ndarray, float]:
        value(at)  # single paths settle after the differences
        g = value(at)
        step = np.where(driving, response.step(g - at), 0)
        zero = [0, unknowns.static]
        return g, max(size_of(unknowns, step, at),
                      tol / tol_at_zero * abs(float(step[zero].sum() / at[zero].sum())))

    g, distance = left(u)
    for iteration in range(1, NEWTON_STEPS + 1):
        if callback is not None:
            callback(iteration, distance, unknowns.statistics(g).C)
        if distance < tol:
            return FixedPoint(u + response.step(g - u), iteration, distance,
                              Ending(Outcome.CONVERGED), None)
        if distance < PROGRESS * smallest:
            smallest, since = distance, iteration
        if iteration - since >= NEWTON_STALLED:
            break
        step = scale * _linear_solve(value, u, np.where(driving, g - u, 0) / scale, scale, driving,
                                     response)
        # what does not drive the paths follows from what does
        step = np.where(driving, step, g - u)
        size = size_of(unknowns, np.where(driving, step, 0), u)
        step = step * min(1.0, LARGEST_STEP / max(size, 1e-300))
        for share in SHARES:  # far from the solution a shorter step comes nearer
            trial = u + share * step if is_possible(unknowns, u + share * step) else g
            g_there, there = left(trial)
            if there < (1 - share / 3) * distance:
                break
        u, g, distance = trial, g_there, there
    # at the level of rounding distances no longer decrease
    outcome = Outcome.AVERAGED if smallest < STEADY_DISTANCE else Outcome.STALLED
    return FixedPoint(u, iteration, smallest, Ending(
        outcome, f"Newton's step stays at {smallest:.1e}, above {tol:.1e}"), None)


def _linear_solve(value: Callable[[np.ndarray], np.ndarray], u: np.ndarray, change: np.ndarray,
                  scale: np.ndarray, driving: np.ndarray, response: LinearResponse) -> np.ndarray:
    """(1 - G')^-1 change, all in units of `scale`."""
    def times(x: np.ndarray) -> np.ndarray:
        move = KRYLOV_DIFFERENCE / max(float(np.max(np.abs(x))), 1e-300)
        ahead, behind = (value(u + sign * move * scale * np.where(driving, x, 0))
                         for sign in (1, -1))
        return x - np.where(driving, ahead - behind, 0) / (2 * move * scale)

    def approximately(x: np.ndarray) -> np.ndarray:
        return np.where(driving, response.solve(scale * x), 0) / scale

    whole = (len(u), len(u))
    found, _ = gmres(LinearOperator(whole, times, dtype=float), change, rtol=KRYLOV_TOL,
                     M=LinearOperator(whole, approximately, dtype=float),
                     restart=KRYLOV_VECTORS, maxiter=1)
    return found

"""The fixed point of a path map: quasi-Newton steps with the derivative of the surrogate.

Each step is (1 - G')^-1 (G(u) - u) with the surrogate's G', and Anderson mixing of the last steps
corrects what the surrogate misses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from ..base.outcomes import Ending, Outcome
from ..network.structure import may_be_quiescent
from .anderson_mixing import AndersonMixing
from .path_map import PathMap
from .progress import Progress
from .surrogate import SurrogateDerivative
from .tuning import (
    ANDERSON_DEPTH,
    FALLING,
    LARGEST_STEP,
    LOST_AFTER,
    MOST_RETREATS,
    MUCH_WORSE,
    NEARLY_ZERO,
    PLAIN_CHANGE,
    PLAIN_DEPTH,
    PLAIN_STEPS,
    PROGRESS,
    REBASED_CHANGE,
    RENEWAL_CHANGE,
    RETREAT_CHANGE,
    RETREAT_STEPS,
    UNBOUNDED_GROWTH,
    WORSE_STEPS,
    ZERO_ACTIVITY,
)

UNBOUNDED = "the variance of the paths grows without bound"


@dataclass(frozen=True, eq=False)
class FixedPoint:
    """The end of an iteration.

    Parameters
    ----------
    u : (len,) array
        The last vector; its mean over the last steps where these did not decrease.
    iterations : int
    residual : float
        Largest change of C or S that a further step would make, relative to its largest value.
    ending : Ending
    derivative : SurrogateDerivative or None
        Of the last steps.
    preconditioned : bool
        Whether the steps took the derivative of the surrogate.
    """

    u: np.ndarray
    iterations: int
    residual: float
    ending: Ending
    derivative: SurrogateDerivative | None
    preconditioned: bool = True


def solve_paths(path_map: PathMap, u: np.ndarray, tol: float, max_iter: int, *,
                offset: np.ndarray | float = 0.0, derivative: SurrogateDerivative | None = None,
                preconditioned: bool = True, callback: Callable | None = None,
                plain_change: float = PLAIN_CHANGE, plain_steps: int = PLAIN_STEPS,
                may_decay: bool = True) -> FixedPoint:
    """Iterate u = G(u) + offset to a step below `tol`, relative to C(0) and to the largest S.

    Parameters
    ----------
    path_map : PathMap
        Its paths are updated.
    u : (len,) array
        Start.
    tol : float
    max_iter : int
        Largest number of sweeps.
    offset : (len,) array, optional
        Added to the map.
    derivative : SurrogateDerivative, optional
        At a start that is near the solution; without it, plain steps come first.
    callback : callable, optional
        callback(iteration, residual, C) in each iteration.
    plain_change, plain_steps : float, int
        Plain steps end below this change, or after so many.
    may_decay : bool
        Whether quiescence is stable, so that small activity which a step would end has decayed.
    """
    unknowns = path_map.unknowns
    driving, undriven = unknowns.driving, may_be_quiescent(path_map.network)
    first = largest = float(u[0] + u[unknowns.static])
    mixing: AndersonMixing | None = None
    plain = derivative is None
    residual, based = np.inf, None
    progress = Progress()
    best, before, to_zero, retreats = u, np.inf, False, 0
    least, settled, worse = np.inf, np.inf, 0
    for iteration in range(1, max_iter + 1):
        g = path_map(u) + offset
        change = g - u
        level = float(g[0] + g[unknowns.static])
        if not np.all(np.isfinite(g)) or level > UNBOUNDED_GROWTH * max(first, 1e-300):
            return FixedPoint(g, iteration, np.inf, Ending(Outcome.DIVERGED, UNBOUNDED),
                              derivative)
        largest = max(largest, level)
        falling = level < FALLING * before
        if level < NEARLY_ZERO * largest and (to_zero or falling) and may_decay:
            return FixedPoint(g, iteration, residual, Ending(
                Outcome.DECAYED, "the activity decayed to zero"), derivative)
        if level < ZERO_ACTIVITY * largest and undriven:
            return FixedPoint(g, iteration, residual, Ending(
                Outcome.DECAYED, "the activity decayed to zero"), derivative)
        before = level
        if plain:
            residual = size_of(unknowns, change, g)
            if callback is not None:
                callback(iteration, residual, unknowns.statistics(g).C)
            u = g
            plain = falling or (residual > plain_change and iteration < plain_steps)
            if not plain:
                progress.restart(iteration)
            continue
        off = size_of(unknowns, np.where(driving, change, 0), u)
        worse = worse + 1 if off > MUCH_WORSE * least else 0
        least = min(least, off)
        if preconditioned and worse >= WORSE_STEPS:
            preconditioned, mixing, u = False, None, best
            continue
        if off == least:
            best, before, to_zero = u, np.inf, False
        if off < PROGRESS * settled:
            settled, retreats = off, 0
        if preconditioned and (derivative is None or (not np.any(offset) and
                               size_of(unknowns, u - derivative.at, u) > RENEWAL_CHANGE)):
            if based is None or size_of(unknowns, u - based, u) > REBASED_CHANGE:
                u = path_map.rebase(u)
                unknowns, based = path_map.unknowns, u
                change, mixing = path_map(u) + offset - u, None
                if not np.all(np.isfinite(change)):
                    return FixedPoint(u, iteration, np.inf, Ending(Outcome.DIVERGED, UNBOUNDED),
                                      derivative)
            derivative = SurrogateDerivative(path_map.network, unknowns, u)
        known = derivative is not None and derivative.ok
        newton: Callable = derivative.step if derivative is not None and known else np.asarray
        step_of = newton if preconditioned else np.asarray
        step = step_of(change)
        # also of plain steps: the change itself is much smaller where a mode is slow
        residual = size_of(unknowns, np.where(driving, newton(change), 0), u)
        to_zero = step[0] + step[unknowns.static] < -0.8 * (u[0] + u[unknowns.static])
        if callback is not None:
            callback(iteration, residual, unknowns.statistics(g).C)
        if residual < tol:
            return FixedPoint(u + step, iteration, residual, Ending(Outcome.CONVERGED), derivative,
                              preconditioned)
        progress.add(iteration, u + step, residual)
        averaged = progress.averaged(iteration, partial(size_of, unknowns), tol)
        if averaged is not None:
            return FixedPoint(averaged[0], iteration, averaged[1], Ending(
                Outcome.AVERAGED, "converged on average: single paths alternate between two "
                "solutions"), derivative, preconditioned)
        if iteration - progress.since > LOST_AFTER and not progress.steady(iteration):
            # there may be no solution near: follow the map itself
            if retreats == MOST_RETREATS:
                return FixedPoint(u, iteration, residual, Ending(
                    Outcome.STALLED, f"the residual stays at {progress.smallest:.1e}, above "
                    f"{tol:.1e}"), derivative, preconditioned)
            retreats, plain, mixing = retreats + 1, True, None
            plain_change, plain_steps = RETREAT_CHANGE, iteration + RETREAT_STEPS
            least, worse = np.inf, 0
            continue
        if mixing is None:
            mixing = AndersonMixing(np.where(driving, unknowns.scale(u), np.inf),
                            ANDERSON_DEPTH if preconditioned else PLAIN_DEPTH)
        move = mixing.next(u, change, step_of)
        if not is_possible(unknowns, u + move):
            move = step
            mixing.forget()
        size = size_of(unknowns, np.where(driving, move, 0), u)
        if size > LARGEST_STEP:
            move = move * (LARGEST_STEP / size)
            mixing.forget()
        u = u + move
    return FixedPoint(u, max_iter, residual, Ending(
        Outcome.MAX_ITER, f"max_iter={max_iter} reached at residual {residual:.1e}, above "
        f"{tol:.1e}"), derivative, preconditioned)


def size_of(unknowns, change: np.ndarray, u: np.ndarray) -> float:
    """Largest change of C over C(0), or of S times the amplitude of phi, over its largest value.

    S enters where it drives the paths.
    """
    m, s = unknowns.m, unknowns.static
    C = float(np.max(np.abs(change[:m] + change[s]))) / max(abs(float(u[0] + u[s])), 1e-300)
    if not unknowns.responding:
        return C
    weight = unknowns.amplitude(u)
    S = np.max(weight * np.abs(unknowns.response(change)))
    return max(C, float(S / max(np.max(weight * np.abs(unknowns.response(u))), 1e-300)))


def is_possible(unknowns, u: np.ndarray) -> bool:
    """Whether C may be a correlation: largest at zero lag."""
    C = u[:unknowns.m]
    return bool(C[0] > 0 and np.max(np.abs(C)) <= C[0] * (1 + 1e-9) and u[unknowns.static] >= 0)

"""Newton steps for the statistics and one parameter, at fixed amplitude C(0)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from ..base.outcomes import Ending, Outcome
from ..path_iteration.anderson_mixing import AndersonMixing
from ..path_iteration.newton_iteration import FixedPoint, is_possible, size_of
from ..path_iteration.progress import Progress
from ..path_iteration.tuning import ANDERSON_DEPTH, LARGEST_STEP, REBASED_CHANGE, RENEWAL_CHANGE
from .fixed_amplitude_map import FixedAmplitudeMap
from .tuning import STALLED_SWEEPS


def iterate_at_fixed_amplitude(own: FixedAmplitudeMap, w: np.ndarray, tol: float, max_iter: int, *,
                               offset: np.ndarray | float = 0.0,
                               step_of: Callable | None = None) -> FixedPoint:
    """Iterate w = G(w) + offset to a step below `tol`.

    Parameters
    ----------
    own : FixedAmplitudeMap
        Its paths are updated.
    w : (len,) array
        Start: the statistics, and the parameter.
    tol : float
        Of C relative to C(0), of S relative to its largest value, and of the parameter relative
        to its scale.
    max_iter : int
        Largest number of sweeps.
    offset : (len,) array, optional
        Added to the map.
    step_of : callable, optional
        step_of(change) -> step, near the solution; by default that of the surrogate, renewed.
    """
    renewed, based, mixing, at = step_of is None, None, None, w
    residual, progress = np.inf, Progress()
    for iteration in range(1, max_iter + 1):
        change = own(w) + offset - w
        if not np.all(np.isfinite(change)):
            return _ended(w, iteration, np.inf, Outcome.DIVERGED,
                          "the variance of the paths grows without bound")
        if step_of is None or (renewed and _size(own, w - at, w) > RENEWAL_CHANGE):
            if based is None or _size(own, w - based, w) > REBASED_CHANGE:
                w = own.rebase(w)
                based, mixing = w, None
                change = own(w) + offset - w
            step_of, at = own.derivative(w).step, w
        step = step_of(change)
        residual = _size(own, step, w)
        if residual < tol:
            return _ended(w + step, iteration, residual, Outcome.CONVERGED)
        progress.add(iteration, w + step, residual)
        averaged = progress.averaged(iteration, partial(_size, own), tol)
        if averaged is not None:
            return _ended(averaged[0], iteration, averaged[1], Outcome.AVERAGED,
                          "converged on average: single paths alternate between two solutions")
        if iteration - progress.since > STALLED_SWEEPS and not progress.steady(iteration):
            return _ended(w, iteration, residual, Outcome.STALLED,
                          f"the residual stays at {progress.smallest:.1e}, above {tol:.1e}")
        if mixing is None:
            mixing = AndersonMixing(np.where(own.driving, own.scale(w), np.inf), ANDERSON_DEPTH)
        move = mixing.next(w, change, step_of)
        if not is_possible(own.unknowns, (w + move)[:-1]):
            move = step
            mixing.forget()
        size = _size(own, move, w)
        if size > LARGEST_STEP:
            move = move * (LARGEST_STEP / size)
            mixing.forget()
        w = w + move
    return _ended(w, max_iter, residual, Outcome.MAX_ITER,
                  f"max_iter={max_iter} reached at residual {residual:.1e}, above {tol:.1e}")


def _ended(w: np.ndarray, iterations: int, residual: float, outcome: Outcome, what: str = ""
           ) -> FixedPoint:
    return FixedPoint(w, iterations, residual, Ending(outcome, what), None)


def _size(own: FixedAmplitudeMap, change: np.ndarray, w: np.ndarray) -> float:
    """The largest change, of C, of S or of the parameter, each in its own units."""
    u = np.where(own.driving, change, 0)[:-1]
    return max(size_of(own.unknowns, u, w[:-1]), abs(float(change[-1])) / own.value_scale)

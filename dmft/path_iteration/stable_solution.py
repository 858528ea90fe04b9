"""Solutions to which the map itself leads: those on unstable branches are left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ..base.outcomes import Outcome
from .newton_iteration import FixedPoint, solve_paths
from .path_map import PathMap
from .solution_errors import slowest_mode
from .tuning import (
    LEAVING_CHANGE,
    LEAVING_SHARE,
    LEAVING_STEPS,
    LEAVING_TRIES,
    SAME_SOLUTION,
    UNSTABLE_EIGENVALUE,
)

ACTIVE = (Outcome.CONVERGED, Outcome.AVERAGED)


def stable_from(path_map: PathMap, found: FixedPoint, tol: float, max_iter: int,
                callback: Callable | None = None, may_decay: bool = True) -> FixedPoint:
    """The end of an iteration; where it is on an unstable branch, that of one from beside it.

    It is left towards more activity. An iteration that leads back shows that the solution is
    stable, whatever few paths say of its eigenvalue; then `found` itself is returned. The arguments
    are those of `solve_paths`.
    """
    first, iterations, m = found, found.iterations, path_map.unknowns.m
    for _ in range(LEAVING_TRIES):
        if found.ending.outcome not in ACTIVE or found.derivative is None:
            break
        eigenvalue, mode = slowest_mode(path_map, found.u, found.derivative)
        if eigenvalue < UNSTABLE_EIGENVALUE:
            break
        away = found.u + LEAVING_SHARE * mode
        found = solve_paths(path_map, away, tol, max_iter, callback=callback,
                            plain_change=LEAVING_CHANGE, plain_steps=LEAVING_STEPS,
                            may_decay=may_decay)
        iterations += found.iterations
        apart = np.max(np.abs(found.u - first.u)[:m]) / first.u[0]
        if found.ending.outcome in ACTIVE and apart < SAME_SOLUTION:
            return first  # which attracts: its eigenvalue is an error of few paths
    return found if found is first else replace(found, iterations=iterations)

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
    EXPECTED_CHANGE_SHARE,
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

    It is left towards more activity, by plain steps for as long as these are no smaller than the
    eigenvalue lets expect. If they lead back, few paths have mistaken the eigenvalue, and `found`
    itself is returned. The arguments are those of `solve_paths`.
    """
    first, iterations, m = found, found.iterations, path_map.unknowns.m
    for _ in range(LEAVING_TRIES):
        if found.ending.outcome not in ACTIVE or found.derivative is None:
            break
        eigenvalue, mode = slowest_mode(path_map, found.u, found.derivative)
        if eigenvalue < UNSTABLE_EIGENVALUE:
            break
        away = found.u + LEAVING_SHARE * mode
        # Newton's method would lead back to an unstable solution, too
        expected = LEAVING_SHARE * (eigenvalue - 1)
        found = solve_paths(path_map, away, tol, max_iter, callback=callback,
                            plain_change=min(LEAVING_CHANGE, EXPECTED_CHANGE_SHARE * expected),
                            plain_steps=LEAVING_STEPS, may_decay=may_decay)
        iterations += found.iterations
        apart = np.max(np.abs(found.u - first.u)[:m]) / first.u[0]
        if found.ending.outcome in ACTIVE and apart < SAME_SOLUTION:
            return first
    return found if found is first else replace(found, iterations=iterations)

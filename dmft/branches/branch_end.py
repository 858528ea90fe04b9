"""Where a branch ends: at the extremum of its parameter over the amplitude, or at no amplitude."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..base.estimate import Estimate
from ..sampled.replicates import corrected

FITTED = 5  # points around the turn, through which a parabola is laid


def turning_point(amplitudes: np.ndarray, whole: np.ndarray, groups: np.ndarray,
                  direction: float) -> tuple[Estimate | None, bool]:
    """The end of a branch, and whether it is a fold.

    Parameters
    ----------
    amplitudes : (m,) array
    whole, groups : (m,) and (m, 8) arrays
        Parameter at each amplitude, of all paths and of each group.
    direction : float
        Sign of the way in which the parameter was followed.

    Returns
    -------
    end : Estimate () or None
        The extremum of the parameter, by a parabola through the points near it; or, where the
        amplitude goes to zero without a turn, the value at zero amplitude. None for too few points.
    fold : bool
    """
    if len(whole) < 3:
        return None, False
    turn = int(np.argmax(direction * whole))
    fold = 0 < turn < len(whole) - 1
    if not fold and np.min(amplitudes) > 0.2 * np.max(amplitudes):
        return None, False
    near = slice(max(0, turn - FITTED // 2), turn + FITTED // 2 + 1) if fold else slice(-3, None)
    of: Callable = _extremum if fold else _at_zero
    each = np.array([of(amplitudes[near], groups[near, r]) for r in range(groups.shape[1])])
    return corrected(np.asarray(of(amplitudes[near], whole[near])), each)[0], fold


def _extremum(amplitudes: np.ndarray, values: np.ndarray) -> float:
    a, b, c = np.polyfit(amplitudes, values, 2)
    return float(c - b * b / (4 * a))


def _at_zero(amplitudes: np.ndarray, values: np.ndarray) -> float:
    return float(np.polyfit(amplitudes, values, 2)[-1])

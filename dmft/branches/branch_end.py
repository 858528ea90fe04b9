"""The end of a branch: a fold, where the parameter is extremal, or zero amplitude."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..base.estimate import Estimate
from .tuning import EXTRAPOLATED_AMPLITUDE, FOLD_FIT_POINTS


def turning_point(amplitudes: np.ndarray, whole: np.ndarray, groups: np.ndarray,
                  direction: float) -> tuple[Estimate | None, bool]:
    """The end of a branch, and whether it is a fold.

    Parameters
    ----------
    amplitudes : (m,) array
    whole, groups : (m,) and (m, r) arrays
        Parameter at each amplitude, from all paths and from each of r groups.
    direction : float
        Sign of the change of the parameter along the branch.

    Returns
    -------
    end : Estimate () or None
        The extremum of the parameter, from a parabola fitted to the points near it. Where the
        amplitude tends to zero without a fold, the value extrapolated to zero amplitude. None
        where there are fewer than three points, or the smallest amplitude is too large to
        extrapolate.
    fold : bool
        Whether the end is a fold.
    """
    if len(whole) < 3:
        return None, False
    turn = int(np.argmax(direction * whole))
    fold = 0 < turn < len(whole) - 1
    if not fold and np.min(amplitudes) > EXTRAPOLATED_AMPLITUDE * np.max(amplitudes):
        return None, False
    half = FOLD_FIT_POINTS // 2
    near = slice(max(0, turn - half), turn + half + 1) if fold else slice(-3, None)
    of: Callable = _extremum if fold else _at_zero
    # deviations as large as those of all paths, so that the extremum responds linearly to them
    deviations = (groups - groups.mean(axis=1, keepdims=True))[near] / np.sqrt(groups.shape[1])
    each = [of(amplitudes[near], whole[near] + one) for one in deviations.T]
    return Estimate(of(amplitudes[near], whole[near]), np.std(each, ddof=1)), fold


def _extremum(amplitudes: np.ndarray, values: np.ndarray) -> float:
    a, b, c = np.polyfit(amplitudes, values, 2)
    return float(c - b * b / (4 * a))


def _at_zero(amplitudes: np.ndarray, values: np.ndarray) -> float:
    return float(np.polyfit(amplitudes, values, 2)[-1])

"""The end of a branch: a fold, where the parameter is extremal, or zero amplitude."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..base.estimate import Estimate
from .tuning import EXTRAPOLATED_AMPLITUDE


def turn(values: np.ndarray, direction: float) -> slice | None:
    """The three points around the extremum of the parameter, or None where it does not turn.

    `direction` is the sign of the change of the parameter along the branch.
    """
    if len(values) < 3:
        return None
    last = int(np.argmax(direction * values))
    return slice(last - 1, last + 2) if 0 < last < len(values) - 1 else None


def turning_amplitude(amplitudes: np.ndarray, values: np.ndarray) -> float:
    """The amplitude at which the parabola through three points is extremal."""
    a, b, _ = np.polyfit(amplitudes, values, 2)
    return float(-b / (2 * a))


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
        The extremum of the parameter, from the parabola through the three points around it. Where
        the amplitude tends to zero without a fold, the value extrapolated to zero amplitude, with
        an error that includes its difference from a linear extrapolation. None where there are
        fewer than three points, or the smallest amplitude is too large to extrapolate.
    fold : bool
        Whether the end is a fold.
    """
    near = turn(whole, direction)
    fold = near is not None
    if not fold and (len(whole) < 3 or
                     np.min(amplitudes) > EXTRAPOLATED_AMPLITUDE * np.max(amplitudes)):
        return None, False
    near = near or slice(-3, None)
    of: Callable = _extremum if fold else _at_zero
    # deviations as large as those of all paths, so that the end responds linearly to them
    deviations = (groups - groups.mean(axis=1, keepdims=True))[near] / np.sqrt(groups.shape[1])
    each = [of(amplitudes[near], whole[near] + one) for one in deviations.T]
    end, error = of(amplitudes[near], whole[near]), float(np.std(each, ddof=1))
    if not fold:  # how uncertain the extrapolation is
        error = float(np.hypot(error, end - np.polyfit(amplitudes[-2:], whole[-2:], 1)[-1]))
    return Estimate(np.asarray(end), error), fold


def _extremum(amplitudes: np.ndarray, values: np.ndarray) -> float:
    a, b, c = np.polyfit(amplitudes, values, 2)
    return float(c - b * b / (4 * a))


def _at_zero(amplitudes: np.ndarray, values: np.ndarray) -> float:
    return float(np.polyfit(amplitudes, values, 2)[-1])

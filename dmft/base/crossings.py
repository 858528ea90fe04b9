"""The first zero crossing of a curve that is given on a grid."""

from __future__ import annotations

import numpy as np


def first_crossing(tau: np.ndarray, values: np.ndarray) -> float:
    """First lag at which the values become negative, by linear interpolation; NaN if none does."""
    below = np.flatnonzero(values < 0)
    if len(below) == 0:
        return np.nan
    at = int(below[0])
    fraction = values[at - 1] / (values[at - 1] - values[at])
    return float(tau[at - 1] + fraction * (tau[at] - tau[at - 1]))

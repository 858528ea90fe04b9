"""Where a curve that is given at points first crosses zero."""

from __future__ import annotations

import numpy as np


def first_crossing(tau: np.ndarray, values: np.ndarray) -> float:
    """First lag at which values become negative, linear between lags; NaN if they never do."""
    below = np.flatnonzero(values < 0)
    if len(below) == 0:
        return np.nan
    at = int(below[0])
    share = values[at - 1] / (values[at - 1] - values[at])
    return float(tau[at - 1] + share * (tau[at] - tau[at - 1]))

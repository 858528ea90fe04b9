"""Chebyshev coefficients from values at the nodes of the first kind."""

from __future__ import annotations

import numpy as np
from scipy import fft


def interpolate(values: np.ndarray) -> np.ndarray:
    """Chebyshev coefficients along the first axis, from values at the nodes `chebpts1`."""
    series = fft.dct(values[::-1], type=2, axis=0) / len(values)
    series[0] /= 2
    return series

"""Whether phi is odd, and whether phi - phi(0) is, from its values near zero and far out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .tuning import FAR_PROBES, ODD_ROUNDING


def symmetry(function: Callable, values: np.ndarray, slopes: np.ndarray) -> tuple[bool, bool]:
    """Whether phi is odd, and whether phi - phi(0) is odd, so that phi' is even.

    Parameters
    ----------
    function : callable
        phi.
    values, slopes : (2 n,) arrays
        phi and phi' at n magnitudes of x, first with the positive sign, then with the negative.
    """
    n, scale = len(values) // 2, np.max(np.abs(values))
    middle = float(function(np.zeros(1))[0])
    right, left = values[:n] - middle, middle - values[n:]
    even_slope = bool(
        np.allclose(right, left, rtol=0, atol=ODD_ROUNDING * scale)
        and np.allclose(slopes[:n], slopes[n:], rtol=0, atol=ODD_ROUNDING * np.max(np.abs(slopes)))
        and _symmetric_far_out(function, middle))
    odd = (np.allclose(values[:n], -values[n:], rtol=0, atol=ODD_ROUNDING * scale)
           and abs(middle) <= ODD_ROUNDING * scale and _symmetric_far_out(function, middle))
    return bool(odd), even_slope


def _symmetric_far_out(function: Callable, middle: float) -> bool:
    """Whether phi - phi(0) is odd at large |x| too, as far as phi is finite."""
    x = np.array(FAR_PROBES)
    with np.errstate(all="ignore"):
        right = np.asarray(function(x), dtype=float) - middle
        left = middle - np.asarray(function(-x), dtype=float)
        finite = np.isfinite(right) & np.isfinite(left)
        size = np.max(np.abs(right[finite]), initial=0.0)
        return bool(np.all(np.abs(right - left)[finite] <= ODD_ROUNDING * (abs(middle) + size)))

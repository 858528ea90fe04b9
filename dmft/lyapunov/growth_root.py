"""The rate at which the amplification of perturbations is one."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from scipy.optimize import brentq

from ..base.errors import ConvergenceError
from .tuning import RATE_BRACKET, RATE_TOL


def growth_root(amplification: Callable[[float], float], slowest: float, guess: float | None
                ) -> float:
    """The root of a function that decreases with the rate: the log of the amplification there.

    `slowest` is the largest rate of the units, at which it diverges, and which is returned where
    there is no root above it.

    Raises
    ------
    ConvergenceError
        If there is no root.
    """
    excess = lru_cache(amplification)
    width = RATE_BRACKET[0] if guess is not None else RATE_BRACKET[1]
    low = high = guess or 0.0
    while excess(high) > 0:
        low, high, width = high, high + width, 2 * width
        if width > 1e6:
            raise ConvergenceError("perturbations grow at any rate: the solution is not accurate")
    width = RATE_BRACKET[0] if guess is not None else RATE_BRACKET[1]
    while low == high or excess(low) < 0:
        step = min(width, (low - slowest) / 2)  # at the rate of the unit H diverges
        low, high, width = low - step, low if low < high else high, 2 * width
        if low - slowest < 1e-9:
            return slowest
    return float(brentq(excess, low, high, xtol=RATE_TOL))

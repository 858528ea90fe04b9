"""Growth of phi at large |x|: where it is finite, and the g above which large variances grow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NoReturn

import numpy as np

from ..base.checks import reject
from .nonlinearity import Nonlinearity
from .tuning import FAR_POINTS, LARGE_OVERFLOW, SLOPE_AGREEMENT


@dataclass(frozen=True)
class Growth:
    """phi(x)/x at large |x|.

    Parameters
    ----------
    left, right : float
        The limits for x -> -inf and +inf; inf for a phi that grows faster than x; NaN where phi
        has none, as for x cos(log(x)).
    """

    left: float
    right: float

    @property
    def critical_g(self) -> float:
        """sqrt(2 / (left^2 + right^2)): above it, large variances grow; NaN where not known.

        At large variance <phi^2> tends to (left^2 + right^2)/2 times the variance.
        """
        square = self.left**2 + self.right**2
        if np.isnan(square):
            return np.nan
        return float(np.sqrt(2 / square)) if square > 0 else np.inf

    def __str__(self) -> str:
        if np.isinf(self.left) or np.isinf(self.right):
            return "phi grows faster than x, so that large variances grow at every g > 0"
        if np.isnan(self.critical_g):
            return "phi does not saturate"
        if np.isinf(self.critical_g):
            return "phi grows more slowly than x"
        return (f"phi(x)/x tends to {self.left:.6g} and {self.right:.6g} at large -x and x, so "
                f"that large variances grow where g is above g_c = {self.critical_g:.6g}")


def growth(phi: Nonlinearity) -> Growth:
    """The growth of phi, from its values at |x| up to 1e8."""
    return Growth(_limit(phi, -1.0), _limit(phi, 1.0))


def _limit(phi: Nonlinearity, sign: float) -> float:
    x = sign * np.array(FAR_POINTS)
    with np.errstate(all="ignore"):
        ratio = np.asarray(phi(x), dtype=float) / x
    finite = ratio[np.isfinite(ratio)]
    if finite.size < ratio.size:
        return np.inf if not_finite_from(phi, FAR_POINTS[-1], large=False) is None else np.nan
    change = np.abs(np.diff(ratio))
    if np.all(np.abs(ratio[1:]) < 0.5 * np.abs(ratio[:-1])) or np.max(np.abs(ratio)) < 1e-300:
        return 0.0
    if np.all(np.abs(ratio[1:]) > 2 * np.abs(ratio[:-1])):
        return np.inf
    if change[-1] <= SLOPE_AGREEMENT * np.abs(ratio[-1]):
        return float(ratio[-1])
    return np.nan


def not_finite_from(function: Callable, reach: float, large: bool = True) -> float | None:
    """The smallest |x|, with its sign, from which phi or phi' is not finite; None up to `reach`.

    Unless `large`, an overflow next to values above 1e100 does not count: the function is large.
    """
    x = np.concatenate([np.linspace(0.0, 5.0, 101), np.geomspace(5.001, max(reach, 5.1), 2000)])
    places = []
    with np.errstate(all="ignore"):
        for sign in (1.0, -1.0):
            wrong = np.flatnonzero(~np.isfinite(np.asarray(function(sign * x), dtype=float)))
            if not wrong.size or wrong[0] == 0:
                continue
            low, high = x[wrong[0] - 1], x[wrong[0]]
            for _ in range(60):
                middle = (low + high) / 2
                if np.isfinite(np.asarray(function(np.array([sign * middle])), dtype=float)[0]):
                    low = middle
                else:
                    high = middle
            last = float(np.asarray(function(np.array([sign * low])), dtype=float)[0])
            if large or abs(last) < LARGE_OVERFLOW:
                places.append(sign * float(high))
    return min(places, key=abs) if places else None


@lru_cache(maxsize=256)
def not_finite_within(phi: Nonlinearity, reach: float, slope: bool = False,
                      large: bool = True) -> float | None:
    """`not_finite_from` of phi, or of phi' with `slope`, which is examined once for each reach."""
    return not_finite_from(phi.derivative if slope else phi, reach, large)


def reject_not_finite(phi: Nonlinearity, what: str, place: float, reach: float) -> NoReturn:
    """Raise the error that phi, or phi', is not finite at a place that averages need."""
    reject("phi", phi, f"{what} is not finite at x = {place:.6g}, and averages for this network "
           f"evaluate it as far as |x| = {reach:.4g}", "write it so that it does not overflow "
           "(tanh(x/2) for (exp(x)-1)/(exp(x)+1), np.logaddexp(0, x) for log(1+exp(x))), or give a "
           "sympy expression to Nonlinearity.from_sympy; or a smaller g, noise or bias")

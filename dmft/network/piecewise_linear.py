"""A piecewise linear phi: its recognition, and its Gaussian averages in closed form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import special

from .closed_form import ClosedForm
from .tuning import LINEAR_ROUNDING, SEGMENT_POINTS, TAIL_POINTS

_TINY = 1e-150  # replaces smaller standard deviations, so that ratios remain finite


@dataclass(frozen=True)
class PiecewiseLinear:
    """phi(x) = left x + offset + sum_k jumps_k (x - kinks_k)_+, and its averages.

    Averages of pairs are sums over pairs of ramps (x - a)_+ (y - b)_+, whose average is that over
    a quadrant of the bivariate normal distribution, by Owen's T function (Owen 1956).

    Parameters
    ----------
    kinks : tuple of float
        Where the slope jumps, in increasing order.
    jumps : tuple of float
        By how much it jumps.
    left, offset : float
        The line on the left of all kinks.
    """

    kinks: tuple[float, ...]
    jumps: tuple[float, ...]
    left: float
    offset: float

    @property
    def averages(self) -> ClosedForm:
        """The averages as closed forms."""
        return _PiecewiseLinearForm(self.correlation, self.slope, self.mean, self.mean_slope)

    def mean(self, variance) -> np.ndarray:
        """<phi(x)>."""
        s = np.maximum(np.sqrt(variance), _TINY)
        return self.offset + sum(J * _ramp(b / s) * s for b, J in self._ramps)

    def mean_slope(self, variance) -> np.ndarray:
        """<phi'(x)>."""
        s = np.maximum(np.sqrt(variance), _TINY)
        return self.left + sum(J * special.ndtr(-b / s) for b, J in self._ramps)

    def slope(self, covariance, variance_x, variance_y) -> np.ndarray:
        """<phi'(x) phi'(y)>."""
        pair = _Pair(covariance, variance_x, variance_y)
        total = -self.left**2 + self.left * (
            self.mean_slope(variance_x) + self.mean_slope(variance_y))
        for a, Ja in self._ramps:
            for b, Jb in self._ramps:
                total = total + Ja * Jb * pair.quadrant(a, b)
        return total

    def correlation(self, covariance, variance_x, variance_y) -> np.ndarray:
        """<phi(x) phi(y)>."""
        pair = _Pair(covariance, variance_x, variance_y)
        # <x phi(y)> = <x y> <phi'(y)> (Stein's lemma)
        line, c = self.left, np.asarray(covariance, dtype=float)
        total = line * c * (self.mean_slope(variance_x) + self.mean_slope(variance_y) - line)
        total = total + self.offset * (
            self.mean(variance_x) + self.mean(variance_y) - self.offset)
        for a, Ja in self._ramps:
            for b, Jb in self._ramps:
                total = total + Ja * Jb * pair.ramps(a, b)
        return total

    @property
    def _ramps(self) -> list[tuple[float, float]]:
        return list(zip(self.kinks, self.jumps, strict=True))


class _PiecewiseLinearForm(ClosedForm):
    def error(self, variance: float) -> float:
        """Rounding: ramps are of the size of x, and where phi saturates their sum is of order 1."""
        form: PiecewiseLinear = self.correlation.__self__  # type: ignore[attr-defined]
        largest = max(1.0, form.left**2, max(J**2 for J in form.jumps)) * variance
        return 4e-16 * largest / max(float(form.correlation(variance, variance, variance)), 1e-300)


class _Pair:
    """Two Gaussians x, y."""

    def __init__(self, covariance, variance_x, variance_y):
        self.s = np.maximum(np.sqrt(variance_x), _TINY)
        self.t = np.maximum(np.sqrt(variance_y), _TINY)
        # sqrt(v v) equals v to the last digit, and sqrt(v) sqrt(v) does not: an error of 1e-16 in
        # a correlation of 1 would change probabilities by 1e-8.
        scale = np.maximum(np.sqrt(np.multiply(variance_x, variance_y)), self.s * _TINY)
        self.rho = np.clip(np.asarray(covariance, dtype=float) / scale, -1.0, 1.0)
        self.r = np.sqrt((1 - self.rho) * (1 + self.rho))

    def quadrant(self, a: float, b: float) -> np.ndarray:
        """P(x > a, y > b)."""
        h, k = a / self.s, b / self.t
        if a == 0 and b == 0:
            return 0.25 + np.arcsin(self.rho) / (2 * np.pi)
        both = (special.ndtr(-h) + special.ndtr(-k)) / 2 - _wedge(h, k, self.rho, self.r) - (
            _wedge(k, h, self.rho, self.r))
        return both - (0.5 if a * b < 0 or (a * b == 0 and a + b < 0) else 0.0)

    def ramps(self, a: float, b: float) -> np.ndarray:
        """<(x - a)_+ (y - b)_+>."""
        h, k, r, rho = a / self.s, b / self.t, self.r, self.rho
        over = np.maximum(r, _TINY)
        # k - rho h and h - rho k, divided by r
        of_k, of_h = _shifted(k, h, rho, r), _shifted(h, k, rho, r)
        with np.errstate(over="ignore"):  # next to a correlation of 1, where the density vanishes
            density = np.exp(-0.5 * (h**2 + of_k**2)) / (2 * np.pi)
        unit = (rho + h * k) * self.quadrant(a, b) + over * density
        unit = unit - k * _density(h) * special.ndtr(-of_k) - h * _density(k) * special.ndtr(-of_h)
        return self.s * self.t * unit


def _shifted(k, h, rho, r) -> np.ndarray:
    """(k - rho h) / sqrt(1 - rho^2), without cancellation next to rho = +-1."""
    over = np.maximum(r, _TINY)
    near = (k - h) / over + h * np.sqrt(np.maximum(1 - rho, 0.0) / (1 + np.maximum(rho, 0.0)))
    far = (k + h) / over - h * np.sqrt(np.maximum(1 + rho, 0.0) / (1 - np.minimum(rho, 0.0)))
    return np.where(rho > 0, near, far)


def _wedge(h, k, rho, r) -> np.ndarray:
    """Owen's T(h, (k - rho h) / (h r)), with its limit pi/2 at h = 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = _shifted(k, h, rho, r) / h
    return special.owens_t(h, slope)


def _density(h) -> np.ndarray:
    return np.exp(-0.5 * np.square(h)) / np.sqrt(2 * np.pi)


def _ramp(h) -> np.ndarray:
    """<(z - h)_+> of a unit normal z."""
    return _density(h) - h * special.ndtr(-h)


def piecewise_linear(function: Callable, derivative: Callable,
                     kinks: tuple[float, ...]) -> PiecewiseLinear | None:
    """phi as a piecewise linear function with these kinks, or None if it is not one."""
    edges = np.array([kinks[0] - TAIL_POINTS[-1], *kinks, kinks[-1] + TAIL_POINTS[-1]])
    slopes = []
    for low, high in pairwise(edges):
        x = low + (high - low) * np.array(SEGMENT_POINTS)
        if low == edges[0]:
            x = np.append(x, kinks[0] - np.array(TAIL_POINTS[:-1]))
        if high == edges[-1]:
            x = np.append(x, kinks[-1] + np.array(TAIL_POINTS[:-1]))
        slope, value = np.asarray(derivative(x), dtype=float), np.asarray(function(x), dtype=float)
        size = np.abs(slope[0]) * np.abs(x - x[0]) + np.max(np.abs(value[0])) + 1e-300
        if not np.all(np.abs(slope - slope[0]) <= LINEAR_ROUNDING * np.abs(slope[0])) or np.any(
                np.abs(value - value[0] - slope[0] * (x - x[0])) > LINEAR_ROUNDING * size):
            return None
        slopes.append(float(slope[0]))
    start = float(np.asarray(function(np.array([kinks[0]])))[0]) - slopes[0] * kinks[0]
    return PiecewiseLinear(kinks, tuple(np.diff(slopes).tolist()), slopes[0], start)

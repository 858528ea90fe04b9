"""Gaussian averages of a nonlinearity at one variance: closed forms, or a Chebyshev series."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.polynomial import chebyshev

if TYPE_CHECKING:
    from .nonlinearity import Nonlinearity

Numbers = np.ndarray | float
RANGE = 8.8  # standard deviations kept: the Gaussian beyond weighs 1e-18
ACCURACY = 3e-14  # asked of quadratures, relative
TAIL = 3e-13  # asked of the last coefficients of a series, relative to the largest: above rounding
MOST_NODES = 600  # nodes on half a line, before a quadrature is accepted as it is
MOST_DEGREE = 400


class GaussianAverages(Protocol):
    """Averages over zero-mean Gaussians x, y of equal variance, as functions of <x y>."""

    @property
    def variance(self) -> float:
        """<x^2> = <y^2>."""

    @property
    def mean(self) -> float:
        """<phi(x)>."""

    @property
    def mean_slope(self) -> float:
        """<phi'(x)>."""

    @property
    def error(self) -> float:
        """Estimated error of `slope`, relative to its largest value."""

    def correlation(self, covariance: Numbers) -> np.ndarray:
        """<phi(x) phi(y)> at each covariance, which must lie within +-variance."""

    def slope(self, covariance: Numbers) -> np.ndarray:
        """<phi'(x) phi'(y)>, the derivative of `correlation` (Price's theorem)."""


@dataclass(frozen=True)
class AveragesAtZero:
    """The limit of vanishing variance: phi is its tangent, or one tangent on either side."""

    phi: Nonlinearity
    variance: float = 0.0
    error: float = 0.0

    @property
    def mean(self) -> float:
        return float(self.phi(np.zeros(1))[0])

    @property
    def mean_slope(self) -> float:
        return float(np.mean(self._slopes()))

    def correlation(self, covariance: Numbers) -> np.ndarray:
        return np.full(np.shape(covariance), self.mean**2)

    def slope(self, covariance: Numbers) -> np.ndarray:
        return np.full(np.shape(covariance), float(np.mean(self._slopes() ** 2)))

    def _slopes(self) -> np.ndarray:
        return self.phi.derivative(np.array([-1e-200, 1e-200]))


@dataclass(frozen=True)
class ClosedForm:
    """Averages derived in closed form (dmft.equations.gaussian)."""

    correlation: Callable
    slope: Callable
    mean: Callable
    mean_slope: Callable


@dataclass(frozen=True)
class ClosedAverages:
    """The closed forms at one variance."""

    form: ClosedForm
    variance: float
    error: float = 1e-16

    @property
    def mean(self) -> float:
        return float(self.form.mean(self.variance))

    @property
    def mean_slope(self) -> float:
        return float(self.form.mean_slope(self.variance))

    def correlation(self, covariance: Numbers) -> np.ndarray:
        inside = np.clip(covariance, -self.variance, self.variance)
        return self.form.correlation(inside, self.variance, self.variance)

    def slope(self, covariance: Numbers) -> np.ndarray:
        inside = np.clip(covariance, -self.variance, self.variance)
        return self.form.slope(inside, self.variance, self.variance)


def gaussian_average(function: Callable, variance: float) -> float:
    """<function(x)> for a zero-mean Gaussian x, by the trapezoidal rule.

    About 50 nodes for each unit of x: for a phi whose features are of order one the rule is
    exact to rounding.
    """
    width = np.sqrt(variance)
    count = min(int(30 + 60 * width), 3000)
    z = np.linspace(-RANGE, RANGE, 2 * count + 1)
    weight = np.exp(-0.5 * z**2)
    return float(weight @ function(width * z) / weight.sum())


class ChebyshevAverages:
    """Averages of any phi: <phi' phi'> interpolated in the angle of the correlation.

    With <x y> = variance sin(theta), s(theta) = <phi'(x) phi'(y)> is smooth in theta even where
    <phi phi> has its steep end at theta = pi/2. It is computed at Chebyshev nodes by the
    trapezoidal rule in the independent Gaussians p = (x+y)/2 and q = (x-y)/2, which converges
    geometrically for analytic phi (a Gauss-Hermite rule does not: the poles of tanh stop it).
    Price's theorem then gives <phi phi> = <phi>^2 + variance int s cos(theta) dtheta.
    """

    def __init__(self, phi: Nonlinearity, variance: float):
        self.variance = float(variance)
        self._phi = phi
        self._line = _Line.of(phi, np.sqrt(self.variance))
        self._slope_series, self.error = self._series()

    @cached_property
    def mean(self) -> float:
        return 0.0 if self._phi.odd else self._line.average(self._phi)

    @cached_property
    def mean_slope(self) -> float:
        return self._line.average(self._phi.derivative)

    def slope(self, covariance: Numbers) -> np.ndarray:
        return chebyshev.chebval(self._place(covariance), self._slope_series)

    def correlation(self, covariance: Numbers) -> np.ndarray:
        return chebyshev.chebval(self._place(covariance), self._correlation_series)

    def _place(self, covariance: Numbers) -> np.ndarray:
        """t = 2 theta / pi in [-1, 1]."""
        ratio = np.asarray(covariance, dtype=float) / self.variance
        return np.arcsin(np.clip(ratio, -1.0, 1.0)) * (2 / np.pi)

    def _series(self) -> tuple[np.ndarray, float]:
        count = 2 * int(16 + 9 * self.variance**0.25)
        while True:
            nodes = chebyshev.chebpts1(count)
            unique = nodes[: count // 2] if self._phi.odd else nodes  # s is even for odd phi
            values = np.array([self._slope_at(np.pi / 2 * t) for t in unique])
            if self._phi.odd:
                values = np.concatenate([values, values[::-1]])
            series = interpolate(values)
            tail = np.max(np.abs(series[-3:])) / np.max(np.abs(series))
            if tail < max(TAIL, self._line.error) or count > MOST_DEGREE:
                return series, max(tail, self._line.error)
            count = 2 * int(0.7 * count)

    def _slope_at(self, theta: float) -> float:
        """<phi'(x) phi'(y)> at <x y> = variance sin(theta), by quadrature."""
        # Standard deviations of p and q: sqrt((1 +- sin(theta)) / 2) without cancellation.
        wide = self._line.width * abs(math.cos(math.pi / 4 - theta / 2))
        narrow = self._line.width * abs(math.sin(math.pi / 4 - theta / 2))
        p, weight_p = self._line.nodes(wide, half=self._phi.odd)
        q, weight_q = self._line.nodes(narrow, half=True)  # exchanging x and y changes nothing
        product = self._phi.slope_product or self._slope_product
        return float(weight_p @ product(2 * p[:, None], 2 * q) @ weight_q)

    def _slope_product(self, s: np.ndarray, d: np.ndarray) -> np.ndarray:
        return self._phi.derivative((s + d) / 2) * self._phi.derivative((s - d) / 2)

    @cached_property
    def _correlation_series(self) -> np.ndarray:
        nodes = chebyshev.chebpts1(len(self._slope_series) + 24)  # + the degree of the cosine
        theta = np.pi / 2 * nodes
        values = chebyshev.chebval(nodes, self._slope_series) * np.cos(theta)
        series = chebyshev.chebint(interpolate(values)) * (np.pi / 2 * self.variance)
        series[0] += self.mean**2 - chebyshev.chebval(0.0, series)
        return series


def interpolate(values: np.ndarray) -> np.ndarray:
    """Chebyshev coefficients from values at the first-kind nodes `chebpts1`."""
    from scipy import fft

    series = fft.dct(values[::-1], type=2) / len(values)
    series[0] /= 2
    return series


@dataclass(frozen=True)
class _Line:
    """The trapezoidal rule on a line of x, fine enough for phi'^2 at the widest Gaussian."""

    phi: Nonlinearity
    width: float
    step: float
    reach: float  # |x| beyond which phi' is nothing
    error: float

    @classmethod
    def of(cls, phi: Nonlinearity, width: float) -> _Line:
        # Where phi' vanishes in float64 no node is needed: a sigmoid's reach is far below the
        # Gaussian's at large variance.
        far = np.linspace(-RANGE * width, RANGE * width, 801)
        size = np.abs(phi.derivative(far))
        there = np.abs(far[size > 1e-18 * max(np.max(size), abs(phi.slope_at_zero))])
        reach = min(RANGE * width, (np.max(there) if there.size else 0.0) + far[1] - far[0])
        line = cls(phi, width, min(0.74 * width, 0.45), reach, np.inf)
        before = line._probe()
        while True:
            finer = cls(phi, width, line.step / 1.3, reach, np.inf)
            after = finer._probe()
            change = np.max(np.abs(after - before) / np.maximum(np.abs(after), 1e-300))
            # The coarser rule is accepted: its error is what the finer one shows, divided by
            # 1 - 1/1.3 where the rule is of first order only (a jump of the slope).
            if change < ACCURACY or reach / finer.step > MOST_NODES:
                return cls(phi, width, line.step, reach, float(change) / (1 - 1 / 1.3))
            line, before = finer, after

    def nodes(self, width: float, half: bool) -> tuple[np.ndarray, np.ndarray]:
        """Nodes and normalised weights of a Gaussian of this width, no wider than the line's.

        With `half`, the nodes x >= 0 only, weighted for an even integrand.
        """
        if width < 1e-8 * self.width:
            return np.zeros(1), np.ones(1)
        # The trapezoidal error is exp(-2 pi a / step + a^2 / (2 width^2)) for a singularity at
        # height a, and exp(-2 pi^2 width^2 / step^2) for the Gaussian itself; `step` is the one
        # that makes the first exp(-34) on the widest Gaussian.
        height2 = (34 * self.step / (2 * math.pi)) ** 2
        step = min(self.step * 34 / (34 + height2 / (2 * width**2)), 0.74 * width)
        count = math.ceil(min(RANGE * width, self.reach) / step)
        steps = np.arange(0.0 if half else -count, count + 1)
        weight = np.exp(-0.5 * (step / width * steps) ** 2)
        weight *= step / (width * math.sqrt(2 * math.pi))
        if half:
            weight[1:] *= 2
        return step * steps, weight

    def average(self, function: Callable) -> float:
        """<function(x)> over the widest Gaussian."""
        count = int(np.ceil(RANGE * self.width / self.step))
        x = self.step * np.arange(-count, count + 1)
        weight = np.exp(-0.5 * (x / self.width) ** 2)
        return float(weight @ function(x)) * self.step / (self.width * np.sqrt(2 * np.pi))

    def _probe(self) -> np.ndarray:
        return np.array([self.average(lambda x: self.phi.derivative(x) ** 2),
                         self.average(lambda x: self.phi(x) ** 2)])

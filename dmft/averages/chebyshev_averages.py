"""Gaussian averages without a closed form: a Chebyshev series in the angle of the correlation."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.polynomial import chebyshev

from ..network.nonlinearity import Nonlinearity
from .chebyshev_series import interpolate
from .panel_rule import PanelRule
from .partition import partition
from .protocol import Numbers
from .quadrature import TrapezoidalRule
from .tuning import SCANNED_RANGE, SERIES_MOST_NODES, SERIES_TAIL


class ChebyshevAverages:
    """Averages of any phi: <phi' phi'> as a Chebyshev series in the angle of the correlation.

    With <x y> = variance sin(theta), s(theta) = <phi'(x) phi'(y)> is smooth in theta even at
    theta = pi/2, where <phi phi> is steep as a function of the covariance. It is computed at
    Chebyshev nodes by the trapezoidal rule in the independent Gaussians p = (x+y)/2 and
    q = (x-y)/2, which converges geometrically for analytic phi (a Gauss-Hermite rule does not,
    because of the poles of tanh). Price's theorem then gives
    <phi phi> = <phi>^2 + variance int_0^theta s(u) cos(u) du.

    Parameters
    ----------
    phi : Nonlinearity
    variance : float
        <x^2> = <y^2>, above 0.
    """

    def __init__(self, phi: Nonlinearity, variance: float):
        self.variance = float(variance)
        self._phi = phi
        # A phi that is written with exp may overflow at large |x| and still reach its limit, so
        # that no warning is due. Averages that are not finite fail the check of `error`.
        with np.errstate(over="ignore", invalid="ignore"):
            self._rule = _rule(phi, float(np.sqrt(self.variance)))
            self._slope_series, self.error = self._series()

    @cached_property
    def mean(self) -> float:
        return 0.0 if self._phi.odd else self._rule.average(self._phi)

    @cached_property
    def mean_slope(self) -> float:
        return self._rule.average(self._phi.derivative)

    def slope(self, covariance: Numbers) -> np.ndarray:
        return chebyshev.chebval(self._scaled_angle(covariance), self._slope_series)

    def correlation(self, covariance: Numbers) -> np.ndarray:
        return chebyshev.chebval(self._scaled_angle(covariance), self._correlation_series)

    def _scaled_angle(self, covariance: Numbers) -> np.ndarray:
        """t = 2 theta / pi in [-1, 1]."""
        ratio = np.asarray(covariance, dtype=float) / self.variance
        return np.arcsin(np.clip(ratio, -1.0, 1.0)) * (2 / np.pi)

    def _series(self) -> tuple[np.ndarray, float]:
        count = 2 * int(16 + 9 * self.variance**0.25)
        while True:
            nodes = chebyshev.chebpts1(count)
            unique = nodes[: count // 2] if self._phi.odd else nodes  # s is even for odd phi
            values = np.array([self._rule.slope_at(np.pi / 2 * t) for t in unique])
            if self._phi.odd:
                values = np.concatenate([values, values[::-1]])
            series = interpolate(values)
            tail = np.max(np.abs(series[-3:])) / np.max(np.abs(series))
            if tail < max(SERIES_TAIL, self._rule.error) or count > SERIES_MOST_NODES:
                return series, max(tail, self._rule.error)
            # Coefficients decay geometrically, or a little slower: how many reach the tolerance?
            needed = 0.55 * count * np.log(SERIES_TAIL) / np.log(max(tail, 1e-30)) if (
                tail < 0.1) else count
            count = 2 * int(min(max(0.7 * count, needed), count))

    @cached_property
    def _correlation_series(self) -> np.ndarray:
        nodes = chebyshev.chebpts1(len(self._slope_series) + 24)  # + that of the cosine
        theta = np.pi / 2 * nodes
        values = chebyshev.chebval(nodes, self._slope_series) * np.cos(theta)
        series = chebyshev.chebint(interpolate(values)) * (np.pi / 2 * self.variance)
        series[0] += self.mean**2 - chebyshev.chebval(0.0, series)
        return series


def _rule(phi: Nonlinearity, width: float) -> TrapezoidalRule | PanelRule:
    """The trapezoidal rule for a smooth phi, panels between the break-points of others."""
    partition(phi, SCANNED_RANGE)  # names an undeclared kink
    return PanelRule(phi, width) if phi.kinks else TrapezoidalRule.for_width(phi, width)

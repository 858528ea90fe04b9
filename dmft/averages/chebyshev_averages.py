"""Gaussian averages without a closed form: a Chebyshev series in the angle of the correlation."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.polynomial import chebyshev

from ..network.growth import not_finite_within, reject_not_finite
from ..network.nonlinearity import Nonlinearity
from .chebyshev_series import evaluate, interpolate, trimmed
from .panel_rule import PanelRule
from .partition import partition
from .protocol import Numbers
from .quadrature import TrapezoidalRule
from .tuning import (
    GAUSSIAN_RANGE,
    LARGEST_PANEL_ERROR,
    MOST_TRAPEZOIDAL_NODES,
    PAIR_RANGE,
    SCANNED_RANGE,
    SERIES_MOST_NODES,
    SERIES_TAIL,
    STRETCHED_FROM,
)


class ChebyshevAverages:
    """Averages of any phi: <phi' phi'> as a Chebyshev series in the angle of the correlation.

    With <x y> = variance sin(theta), s(theta) = <phi'(x) phi'(y)> is smooth in theta even at
    theta = pi/2, where <phi phi> is steep as a function of the covariance. It is computed at
    Chebyshev nodes by the trapezoidal rule in the independent Gaussians p = (x+y)/2 and
    q = (x-y)/2, which converges geometrically for analytic phi (a Gauss-Hermite rule does not,
    because of the poles of tanh). Price's theorem then gives
    <phi phi> = <phi>^2 + variance int_0^theta s(u) cos(u) du.

    For a phi with break-points or wide tails the values come from a table instead (`PanelRule`).

    At a large variance s is steep next to theta = +-pi/2, over an angle of about the scale of phi
    over the standard deviation. The series is then one in z, with 2 theta / pi = sin(pi z / 2),
    whose nodes are closer there.

    Parameters
    ----------
    phi : Nonlinearity
    variance : float
        <x^2> = <y^2>, above 0.
    tail : float
        Last coefficients of the series, relative to the largest, at which it is accepted.

    Raises
    ------
    ModelError
        If the variance is too large, phi has an undeclared kink, or phi or phi' is not finite where
        they are needed.
    """

    def __init__(self, phi: Nonlinearity, variance: float, tail: float = SERIES_TAIL):
        self.variance = float(variance)
        self._phi = phi
        self._tail = tail
        self._stretched = False
        # A phi that is written with exp may overflow at large |x| and still reach its limit, so
        # that no warning is due.
        with np.errstate(over="ignore", invalid="ignore"):
            self._require_finite(GAUSSIAN_RANGE)
            self._rule = _rule(phi, float(np.sqrt(self.variance)))
            self._slope_series, self.error = self._series()

    @cached_property
    def mean(self) -> float:
        if self._phi.even_slope:  # phi - phi(0) is odd
            return self._phi.at_zero
        return self._rule.average(self._phi)

    @cached_property
    def mean_slope(self) -> float:
        return self._rule.average(self._phi.derivative)

    def slope(self, covariance: Numbers) -> np.ndarray:
        return evaluate(self._scaled_angle(covariance), self._slope_series)

    def correlation(self, covariance: Numbers) -> np.ndarray:
        return evaluate(self._scaled_angle(covariance), self._correlation_series)

    def _scaled_angle(self, covariance: Numbers) -> np.ndarray:
        """t = 2 theta / pi in [-1, 1], or z."""
        ratio = np.asarray(covariance, dtype=float) / self.variance
        t = np.arcsin(np.clip(ratio, -1.0, 1.0)) * (2 / np.pi)
        return np.arcsin(np.clip(t, -1.0, 1.0)) * (2 / np.pi) if self._stretched else t

    def _theta(self, nodes: np.ndarray) -> np.ndarray:
        return np.pi / 2 * (np.sin(np.pi / 2 * nodes) if self._stretched else nodes)

    def _series(self) -> tuple[np.ndarray, float]:
        # Numbers of nodes that a sigmoid of unit slope needs.
        scale = self.variance**0.25
        count = 2 * int(8 + 14 * scale)
        if count > STRETCHED_FROM:
            self._stretched, count = True, 2 * int(20 + 8.5 * scale)
        while True:
            nodes = chebyshev.chebpts1(count)
            even = self._phi.even_slope  # then s is even, too
            unique = nodes[: count // 2] if even else nodes
            values = self._rule.slopes_at(self._theta(unique))
            if even:
                values = np.concatenate([values, values[::-1]])
            series = interpolate(values)
            tail = np.max(np.abs(series[-3:])) / max(np.max(np.abs(series)), 1e-300)
            if not np.isfinite(tail):
                self._require_finite(PAIR_RANGE)
            if tail < max(self._tail, self._rule.error) or count > SERIES_MOST_NODES:
                return series, max(tail, self._rule.error)
            if count > STRETCHED_FROM and not self._stretched:
                self._stretched = True
                continue
            # The number of coefficients that reaches the tolerance, if they decay geometrically or
            # a little more slowly.
            needed = 0.55 * count * np.log(self._tail) / np.log(max(tail, 1e-30)) if (
                tail < 0.1) else count
            count = 2 * int(min(max(0.7 * count, needed), count))

    def _require_finite(self, range_: float) -> None:
        """Raise if phi or phi' is not finite within so many standard deviations."""
        reach = range_ * float(np.sqrt(self.variance))
        reach_octave = 2.0 ** np.ceil(np.log2(reach))  # few values, each examined once
        for what in ("phi", "phi'"):
            place = not_finite_within(self._phi, reach_octave, what == "phi'")
            if place is not None and abs(place) <= reach:
                reject_not_finite(self._phi, what, place, reach)

    @cached_property
    def _correlation_series(self) -> np.ndarray:
        nodes = chebyshev.chebpts1(len(self._slope_series) + 40)  # + that of the cosine
        values = evaluate(nodes, self._slope_series) * np.cos(self._theta(nodes))
        if self._stretched:
            values *= np.pi / 2 * np.cos(np.pi / 2 * nodes)  # dt/dz
        series = chebyshev.chebint(interpolate(values)) * (np.pi / 2 * self.variance)
        series[0] += self.mean**2 - chebyshev.chebval(0.0, series)
        return trimmed(series)


def _rule(phi: Nonlinearity, width: float) -> TrapezoidalRule | PanelRule:
    """The trapezoidal rule for a smooth phi, panels for a phi with break-points.

    Panels are also used where phi' has a steep part near zero and a long smooth tail, for which the
    trapezoidal rule would need very many nodes.
    """
    partition(phi.origin or phi, SCANNED_RANGE)  # rejects an undeclared kink
    if phi.kinks:
        return PanelRule(phi, width)
    rule = TrapezoidalRule.for_width(phi, width)
    if rule.cost > MOST_TRAPEZOIDAL_NODES:
        panels = PanelRule(phi, width)
        if panels.cost < rule.cost and panels.error < LARGEST_PANEL_ERROR:
            return panels
    return rule

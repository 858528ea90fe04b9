"""Averages of the output v phi(u y) of neurons over their gains u and v."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ..network.gains import Gains, UnitGains
from ..network.nonlinearity import Nonlinearity
from .closed_averages import AveragesAtZero
from .gaussian_averages import averages_at, integrated_correlation, mean_square, mean_square_slope
from .protocol import GaussianAverages, Numbers
from .tuning import MIXTURE_TAIL, NEGLIGIBLE_SHARE, RARE_TAIL, SERIES_TAIL


class GainAverages:
    """<v^2> <phi(u y) phi(u y')>, averaged over Gaussian y, y' and over the input gains u."""

    mean = 0.0  # phi is odd

    def __init__(self, phi: Nonlinearity, input_gain: Gains, square_output: float,
                 variance: float):
        self.variance = float(variance)
        # Share of a kind of units in averages of phi, and of the slopes u phi'
        share = input_gain.weights * np.maximum(1.0, input_gain.values**2)
        counted = share > NEGLIGIBLE_SHARE
        self._u, self._w = input_gain.values[counted], input_gain.weights[counted]
        self._share, self._v2 = share[counted], square_output
        self.kinds: list[GaussianAverages] = [
            averages_at(phi, float(u) ** 2 * variance, min(MIXTURE_TAIL / one, RARE_TAIL))
            for u, one in zip(self._u, self._share, strict=True)]

    @cached_property
    def mean_slope(self) -> float:
        """sqrt(<v^2>) <u phi'(u y)>: the response of the output, averaged over gains."""
        slopes = [u * kind.mean_slope for u, kind in zip(self._u, self.kinds, strict=True)]
        return float(np.sqrt(self._v2) * np.dot(self._w, slopes))

    @property
    def error(self) -> float:
        return max(kind.error * min(one, 1.0) for kind, one in zip(
            self.kinds, self._share, strict=True))

    def correlation(self, covariance: Numbers) -> np.ndarray:
        return self._v2 * sum(w * kind.correlation(u**2 * np.asarray(covariance))
                              for u, w, kind in zip(self._u, self._w, self.kinds, strict=True))

    def slope(self, covariance: Numbers) -> np.ndarray:
        return self._v2 * sum(w * u**2 * kind.slope(u**2 * np.asarray(covariance))
                              for u, w, kind in zip(self._u, self._w, self.kinds, strict=True))


class GainAveragedNonlinearity(Nonlinearity):
    """An effective nonlinearity, sign(y) sqrt(<v^2 phi(u y)^2>), of a network of units with gains.

    Its Gaussian averages are those of `GainAverages`: averages of products over the gains, which
    are all that the two-point theory depends on.

    Parameters
    ----------
    phi : Nonlinearity
        Odd.
    gains : UnitGains
        Distributions of the input gains u and of the output gains v.
    """

    parts: tuple[Nonlinearity, Gains, float]  # phi, input gains, <v^2>

    def __init__(self, phi: Nonlinearity, gains: UnitGains):
        input_gain, v2 = gains.input_kinds, gains.output.moment(2)
        u, w = input_gain.values, input_gain.weights

        def function(x: np.ndarray) -> np.ndarray:
            x = np.asarray(x, dtype=float)
            return np.sign(x) * np.sqrt(v2 * (phi(x[..., None] * u) ** 2 @ w))

        def derivative(x: np.ndarray) -> np.ndarray:
            x = np.asarray(x, dtype=float)
            at = x[..., None] * u
            product = v2 * ((phi(at) * phi.derivative(at) * u) @ w)
            limit = abs(phi.slope_at_zero) * np.sqrt(v2 * (u**2 @ w))
            small = np.abs(x) < 1e-100  # the squares of smaller x underflow
            return np.where(small, limit, product / np.where(small, 1.0, function(x)))

        super().__init__(function, derivative, name=phi.name)
        object.__setattr__(self, "parts", (phi, input_gain, v2))


@averages_at.register
def _(phi: GainAveragedNonlinearity, variance: float,
      tail: float = SERIES_TAIL) -> GaussianAverages:
    if variance == 0:
        return AveragesAtZero(phi)
    inner, input_gain, v2 = phi.parts
    return GainAverages(inner, input_gain, v2, variance)


@mean_square.register
def _(phi: GainAveragedNonlinearity, variance: float) -> float:
    inner, input_gain, v2 = phi.parts
    kinds = [mean_square(inner, float(u) ** 2 * variance) for u in input_gain.values]
    return float(v2 * np.dot(input_gain.weights, kinds))


@mean_square_slope.register
def _(phi: GainAveragedNonlinearity, variance: float) -> float:
    inner, input_gain, v2 = phi.parts
    kinds = [u**2 * mean_square_slope(inner, float(u) ** 2 * variance) if u else 0.0
             for u in input_gain.values]
    return float(v2 * np.dot(input_gain.weights, kinds))


@integrated_correlation.register
def _(phi: GainAveragedNonlinearity, variance: float) -> float:
    inner, input_gain, v2 = phi.parts
    kinds = [integrated_correlation(inner, float(u) ** 2 * variance) / u**2 if u else 0.0
             for u in input_gain.values]
    return float(v2 * np.dot(input_gain.weights, kinds))

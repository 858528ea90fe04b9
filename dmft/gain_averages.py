"""What couplings see of neurons with gains: averages of v phi(u y) over the gains u, v."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from .averages import GaussianAverages, Numbers
from .gains import Gains
from .nonlinearity import Nonlinearity

KINDS = 24  # input gains at most, to which a list of them is reduced


class GainAverages:
    """<v^2> <phi(u y) phi(u y')> over Gaussian y, y' and over u: a mixture of averages of phi."""

    mean = 0.0  # phi is odd

    def __init__(self, phi: Nonlinearity, input_gain: Gains, square_output: float,
                 variance: float):
        self.variance = float(variance)
        self._u, self._w, self._v2 = input_gain.values, input_gain.weights, square_output
        self.kinds: list[GaussianAverages] = [phi.averages(u**2 * variance) for u in self._u]

    @cached_property
    def mean_slope(self) -> float:
        """sqrt(<v^2>) <u phi'(u y)>: with it the response of the averaged output."""
        slopes = [u * kind.mean_slope for u, kind in zip(self._u, self.kinds, strict=True)]
        return float(np.sqrt(self._v2) * np.dot(self._w, slopes))

    @property
    def error(self) -> float:
        return max(kind.error for kind in self.kinds)

    def correlation(self, covariance: Numbers) -> np.ndarray:
        return self._v2 * sum(w * kind.correlation(u**2 * np.asarray(covariance))
                              for u, w, kind in zip(self._u, self._w, self.kinds, strict=True))

    def slope(self, covariance: Numbers) -> np.ndarray:
        return self._v2 * sum(w * u**2 * kind.slope(u**2 * np.asarray(covariance))
                              for u, w, kind in zip(self._u, self._w, self.kinds, strict=True))


class GainAveraged(Nonlinearity):
    """The nonlinearity of one neuron that stands for all: its square is the mean square of theirs.

    Only averages of products enter the two-point theory, and these are the mixture's.
    """

    def __init__(self, phi: Nonlinearity, input_gain: Gains, output_gain: Gains):
        if not input_gain.spread:
            input_gain = input_gain.quadrature(KINDS)
        u, w = input_gain.values, input_gain.weights
        v2 = output_gain.moment(2)

        def function(x: np.ndarray) -> np.ndarray:
            x = np.asarray(x, dtype=float)
            return np.sign(x) * np.sqrt(v2 * (phi(x[..., None] * u) ** 2 @ w))

        def derivative(x: np.ndarray) -> np.ndarray:
            x = np.asarray(x, dtype=float)
            at = x[..., None] * u
            product = v2 * ((phi(at) * phi.derivative(at) * u) @ w)
            limit = abs(phi.slope_at_zero) * np.sqrt(v2 * (u**2 @ w))
            small = np.abs(x) < 1e-100  # their squares would underflow
            return np.where(small, limit, product / np.where(small, 1.0, function(x)))

        super().__init__(function, derivative, name=phi.name)
        object.__setattr__(self, "_parts", (phi, input_gain, v2))

    def averages(self, variance: float) -> GaussianAverages:
        if variance == 0:
            return super().averages(variance)
        phi, input_gain, v2 = self._parts  # type: ignore[attr-defined]
        return GainAverages(phi, input_gain, v2, variance)

    def mean_square(self, variance: float) -> float:
        phi, input_gain, v2 = self._parts  # type: ignore[attr-defined]
        kinds = [phi.mean_square(float(u) ** 2 * variance) for u in input_gain.values]
        return float(v2 * np.dot(input_gain.weights, kinds))

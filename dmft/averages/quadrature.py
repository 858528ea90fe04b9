"""The trapezoidal rule for averages over Gaussians of several standard deviations."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..base.checks import reject
from ..network.nonlinearity import Nonlinearity
from .tuning import (
    GAUSSIAN_RANGE,
    LARGEST_STEP_OF_GAUSSIAN,
    LARGEST_STEP_OF_PHI,
    MOST_NODES,
    MOST_NODES_IF_SMOOTH,
    MOST_NODES_OF_AN_AVERAGE,
    QUADRATURE_ACCURACY,
    STEP_RATIO,
    TRAPEZOIDAL_EXPONENT,
    WIDEST_RANGE,
)


def gaussian_average(function: Callable, variance: float) -> float:
    """<function(x)> for a zero-mean Gaussian x of this variance, by the trapezoidal rule.

    The step is at most 1/7 of a unit of x, up to a standard deviation of 50: exact to rounding for
    an analytic phi whose features are of order one.
    """
    width = np.sqrt(variance)
    count = min(int(30 + 60 * width), MOST_NODES_OF_AN_AVERAGE)
    z = np.linspace(-GAUSSIAN_RANGE, GAUSSIAN_RANGE, 2 * count + 1)
    weight = np.exp(-0.5 * z**2)
    with np.errstate(over="ignore"):  # 1/(1 + exp(-x)) overflows and reaches its limit
        return float(weight @ function(width * z) / weight.sum())


@dataclass(frozen=True)
class TrapezoidalRule:
    """The trapezoidal rule in x with a step that resolves phi'^2 at the widest Gaussian.

    Parameters
    ----------
    phi : Nonlinearity
    width : float
        Standard deviation of the widest Gaussian, above 0.
    step : float
        Distance of nodes at this width.
    reach : float
        |x| beyond which phi' vanishes in float64, at most the range of the Gaussian.
    error : float
        Estimated error, relative, of <phi'^2> and <phi^2>.
    """

    phi: Nonlinearity
    width: float
    step: float
    reach: float
    error: float

    @classmethod
    def for_width(cls, phi: Nonlinearity, width: float) -> TrapezoidalRule:
        """The rule whose step is refined until the averages of phi'^2 and phi^2 converge.

        Raises
        ------
        ModelError
            If the Gaussian is too wide for the scale of phi.
        """
        if GAUSSIAN_RANGE * width > WIDEST_RANGE:
            reject("variance", float(width**2), "too large for quadrature at the scale of phi",
                   "give a smaller g, noise or bias, or averages of phi in closed form")
        # No node is needed where phi' vanishes in float64: at large variance the reach of a
        # sigmoid is far below that of the Gaussian.
        far = np.linspace(-GAUSSIAN_RANGE * width, GAUSSIAN_RANGE * width, 801)
        size = np.abs(phi.derivative(far))
        sloped = np.abs(far[size > 1e-18 * max(np.max(size), abs(phi.slope_at_zero))])
        reach = min(GAUSSIAN_RANGE * width,
                    (np.max(sloped) if sloped.size else 0.0) + far[1] - far[0])
        rule = cls(phi, width, min(LARGEST_STEP_OF_GAUSSIAN * width, LARGEST_STEP_OF_PHI), reach,
                   np.inf)
        before, last = rule._mean_squares(), np.inf
        while True:
            finer = cls(phi, width, rule.step / STEP_RATIO, reach, np.inf)
            after = finer._mean_squares()
            change = np.max(np.abs(after - before) / np.maximum(np.abs(after), 1e-300))
            # The coarser rule is returned. Its error is its difference from the finer one, divided
            # by 1 - 1/STEP_RATIO for a rule of first order (phi' has a jump).
            most = MOST_NODES_IF_SMOOTH if change < 0.1 * last else MOST_NODES
            if change < QUADRATURE_ACCURACY or reach / finer.step > most:
                return cls(phi, width, rule.step, reach, float(change) / (1 - 1 / STEP_RATIO))
            rule, before, last = finer, after, change

    def nodes(self, width: float, half: bool) -> tuple[np.ndarray, np.ndarray]:
        """Nodes and normalised weights of a Gaussian of this width, at most that of the rule.

        With `half`, only the nodes x >= 0, with weights for an even integrand.
        """
        if width < 1e-8 * self.width:
            return np.zeros(1), np.ones(1)
        # The trapezoidal error is exp(-2 pi a / step + a^2 / (2 width^2)) for a pole at a distance
        # a from the real axis, and exp(-2 pi^2 width^2 / step^2) for the Gaussian itself. The a
        # for which the step of the widest Gaussian gives exp(-34) determines that of narrower ones.
        exponent = TRAPEZOIDAL_EXPONENT
        distance2 = (exponent * self.step / (2 * math.pi)) ** 2
        step = min(self.step * exponent / (exponent + distance2 / (2 * width**2)),
                   LARGEST_STEP_OF_GAUSSIAN * width)
        count = math.ceil(min(GAUSSIAN_RANGE * width, self.reach) / step)
        steps = np.arange(0.0 if half else -count, count + 1)
        weight = np.exp(-0.5 * (step / width * steps) ** 2)
        weight *= step / (width * math.sqrt(2 * math.pi))
        if half:
            weight[1:] *= 2
        return step * steps, weight

    def slope_at(self, theta: float) -> float:
        """<phi'(x) phi'(y)> at <x y> = variance sin(theta)."""
        # Standard deviations of p and q: sqrt((1 +- sin(theta)) / 2) without cancellation.
        wide = self.width * abs(math.cos(math.pi / 4 - theta / 2))
        narrow = self.width * abs(math.sin(math.pi / 4 - theta / 2))
        p, weight_p = self.nodes(wide, half=self.phi.odd)
        q, weight_q = self.nodes(narrow, half=True)  # symmetric in x and y: even in q
        product = self.phi.slope_product or self._slope_product
        return float(weight_p @ product(2 * p[:, None], 2 * q) @ weight_q)

    def _slope_product(self, s: np.ndarray, d: np.ndarray) -> np.ndarray:
        return self.phi.derivative((s + d) / 2) * self.phi.derivative((s - d) / 2)

    def average(self, function: Callable) -> float:
        """<function(x)> over the widest Gaussian."""
        count = int(np.ceil(GAUSSIAN_RANGE * self.width / self.step))
        x = self.step * np.arange(-count, count + 1)
        weight = np.exp(-0.5 * (x / self.width) ** 2)
        return float(weight @ function(x)) * self.step / (self.width * np.sqrt(2 * np.pi))

    def _mean_squares(self) -> np.ndarray:
        """<phi'^2> and <phi^2>."""
        return np.array([self.average(lambda x: self.phi.derivative(x) ** 2),
                         self.average(lambda x: self.phi(x) ** 2)])

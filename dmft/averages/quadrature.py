"""The trapezoidal rule for averages over Gaussians of several standard deviations."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..base.checks import reject
from ..network.nonlinearity import Nonlinearity
from .tuning import (
    GAUSSIAN_RANGE,
    LARGEST_STEP_OF_GAUSSIAN,
    LARGEST_STEP_OF_PHI,
    MOST_NODES,
    MOST_NODES_IF_SMOOTH,
    NARROW_ACCURACY,
    QUADRATURE_ACCURACY,
    STEP_RATIO,
    TRAPEZOIDAL_EXPONENT,
    WIDEST_RANGE,
)


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
    frequency : float
        Highest frequency of phi'^2 that narrow Gaussians must resolve; 0 for a sigmoid, whose
        poles determine the step.
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
    frequency: float = 0.0

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
                found = cls(phi, width, rule.step, reach, float(change) / (1 - 1 / STEP_RATIO))
                return replace(found, frequency=found._frequency())
            rule, before, last = finer, after, change

    @property
    def cost(self) -> float:
        """Largest number of nodes in the plane, which uncorrelated x and y need."""
        return (2.0 - self.phi.even_slope) * (self.reach / self.step) ** 2

    def nodes(self, width: float, half: bool) -> tuple[np.ndarray, np.ndarray]:
        """Nodes and normalised weights of a Gaussian of this width, at most that of the rule.

        With `half`, only the nodes x >= 0, with weights for an even integrand.
        """
        if width < 1e-8 * self.width:
            return np.zeros(1), np.ones(1)
        # The trapezoidal error is exp(-2 pi a / step + a^2 / (2 width^2)) for a pole at a distance
        # a from the real axis, and exp(-2 pi^2 width^2 / step^2) for the Gaussian itself. The a
        # for which the step of the widest Gaussian gives exp(-34) determines that of narrower ones.
        # The pole matters where it is closer than 2 pi width^2 / step, the saddle of the integrand.
        exponent = TRAPEZOIDAL_EXPONENT
        distance = exponent * self.step / (2 * math.pi)
        step = _gaussian_step(width, self.frequency)
        if distance < 2 * math.pi / LARGEST_STEP_OF_GAUSSIAN * width:
            step = min(step, self.step * exponent / (exponent + (distance / width) ** 2 / 2))
        count = math.ceil(min(GAUSSIAN_RANGE * width, self.reach) / step)
        steps = np.arange(0.0 if half else -count, count + 1)
        weight = np.exp(-0.5 * (step / width * steps) ** 2)
        weight *= step / (width * math.sqrt(2 * math.pi))
        if half:
            weight[1:] *= 2
        return step * steps, weight

    def slopes_at(self, theta: np.ndarray) -> np.ndarray:
        """<phi'(x) phi'(y)> at <x y> = variance sin(theta), at several angles."""
        return np.array([self._slope_at(float(one)) for one in theta])

    def _slope_at(self, theta: float) -> float:
        # Standard deviations of p and q: sqrt((1 +- sin(theta)) / 2) without cancellation.
        wide = self.width * abs(math.cos(math.pi / 4 - theta / 2))
        narrow = self.width * abs(math.sin(math.pi / 4 - theta / 2))
        p, weight_p = self.nodes(wide, half=self.phi.even_slope)
        q, weight_q = self.nodes(narrow, half=True)  # symmetric in x and y: even in q
        product = self.phi.slope_product or self._slope_product
        return float(weight_p @ product(2 * p[:, None], 2 * q) @ weight_q)

    def _slope_product(self, s: np.ndarray, d: np.ndarray) -> np.ndarray:
        return self.phi.derivative((s + d) / 2) * self.phi.derivative((s - d) / 2)

    def average(self, function: Callable) -> float:
        """<function(x)> over the widest Gaussian."""
        count = int(GAUSSIAN_RANGE * self.width / self.step)  # phi need not be finite beyond
        x = self.step * np.arange(-count, count + 1)
        weight = np.exp(-0.5 * (x / self.width) ** 2)
        return float(weight @ function(x)) * self.step / (self.width * np.sqrt(2 * np.pi))

    def _frequency(self) -> float:
        """The frequency of phi'^2: the one for which a Gaussian of the width `step` is accurate."""
        width, top = self.step, 2 * math.pi / self.step
        exact = self._narrow_means(width, self.step / 40)
        for frequency in (0.0, 0.25 * top, 0.5 * top, top):
            means = self._narrow_means(width, _gaussian_step(width, frequency))
            if np.max(np.abs(means - exact)) < NARROW_ACCURACY * np.max(np.abs(exact)):
                break
        return frequency

    def _narrow_means(self, width: float, step: float) -> np.ndarray:
        """<phi'^2> over narrow Gaussians at a few places."""
        x = step * np.arange(-math.ceil(GAUSSIAN_RANGE * width / step),
                             math.ceil(GAUSSIAN_RANGE * width / step) + 1)
        weight = np.exp(-0.5 * (x / width) ** 2) * step / (width * math.sqrt(2 * math.pi))
        places = width * np.array([0.0, 0.73, 1.91, 4.37])[:, None]
        return self.phi.derivative(x + places) ** 2 @ weight

    def _mean_squares(self) -> np.ndarray:
        """<phi'^2> and <phi^2>."""
        return np.array([self.average(lambda x: self.phi.derivative(x) ** 2),
                         self.average(lambda x: self.phi(x) ** 2)])


def _gaussian_step(width: float, frequency: float) -> float:
    """The step at which the trapezoidal rule integrates a Gaussian times a wave to rounding.

    The error is exp(-(2 pi / step - frequency)^2 width^2 / 2).
    """
    return 2 * math.pi / (frequency + 2 * math.pi / (LARGEST_STEP_OF_GAUSSIAN * width))

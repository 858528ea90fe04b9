"""The trapezoidal rule for averages over Gaussians of several standard deviations."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from ..base.checks import reject
from ..network.nonlinearity import Nonlinearity
from .tuning import (
    GAUSSIAN_RANGE,
    LARGEST_BLOCK,
    LARGEST_STEP_OF_GAUSSIAN,
    LARGEST_STEP_OF_PHI,
    MOST_NODES,
    MOST_NODES_IF_SMOOTH,
    NARROW_ACCURACY,
    NEGLIGIBLE_SLOPE,
    QUADRATURE_ACCURACY,
    STEP_RATIO,
    TRAPEZOIDAL_EXPONENT,
    WIDEST_RANGE,
)

Widths = TypeVar("Widths", float, np.ndarray)


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
        |x + y|/2 and |x - y|/2 beyond which phi'(x) phi'(y) vanishes in float64, at most the range
        of the Gaussian.
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
        sloped = np.abs(far[size > NEGLIGIBLE_SLOPE * max(np.max(size), abs(phi.slope_at_zero))])
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
                pairs = _reach_of_pairs(phi, width, min(rule.step, far[1] - far[0]), after[0])
                found = cls(phi, width, rule.step, min(reach, pairs),
                            float(change) / (1 - 1 / STEP_RATIO))
                return replace(found, frequency=found._frequency())
            rule, before, last = finer, after, change

    @property
    def cost(self) -> float:
        """Largest number of nodes in the plane, which uncorrelated x and y need."""
        return (2.0 - self.phi.even_slope) * (self.reach / self.step) ** 2

    def slopes_at(self, theta: np.ndarray) -> np.ndarray:
        """<phi'(x) phi'(y)> at <x y> = variance sin(theta), at several angles."""
        # Standard deviations of p and q: sqrt((1 +- sin(theta)) / 2) without cancellation.
        wide = self.width * np.abs(np.cos(np.pi / 4 - theta / 2))
        narrow = self.width * np.abs(np.sin(np.pi / 4 - theta / 2))
        p, q = self._grids(wide), self._grids(narrow)
        half = self.phi.even_slope
        out, start = np.empty(len(theta)), 0
        while start < len(theta):
            # As many angles at once as fit, with the most nodes among them.
            most = [np.maximum.accumulate(grids[1][start:]) + 1 for grids in (p, q)]
            size = most[0] * most[1] * np.arange(1, len(theta) - start + 1)
            stop = start + max(1, int(np.searchsorted(size, LARGEST_BLOCK, side="right")))
            part = slice(start, stop)
            at_p, weight_p = _nodes(wide[part], p[0][part], p[1][part], half)
            # symmetric in x and y: even in q
            at_q, weight_q = _nodes(narrow[part], q[0][part], q[1][part], True)
            product = self.phi.slope_product or self._slope_product
            values = product(2 * at_p[:, :, None], 2 * at_q[:, None, :])
            out[part] = np.einsum("np,np->n", weight_p, np.matmul(
                values, weight_q[:, :, None])[:, :, 0])
            start = stop
        return out

    def _grids(self, widths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Steps, and numbers of nodes above zero, of Gaussians at most as wide as that of the rule.

        The trapezoidal error is exp(-2 pi a / step + a^2 / (2 width^2)) for a pole at a distance a
        from the real axis, and exp(-2 pi^2 width^2 / step^2) for the Gaussian itself. The a for
        which the step of the widest Gaussian gives exp(-34) determines that of narrower ones. The
        pole matters where it is closer than 2 pi width^2 / step, the saddle of the integrand.
        """
        exponent = TRAPEZOIDAL_EXPONENT
        distance = exponent * self.step / (2 * math.pi)
        widths = np.maximum(widths, 1e-8 * self.width)
        step = _gaussian_step(widths, self.frequency)
        with_pole = self.step * exponent / (exponent + (distance / widths) ** 2 / 2)
        matters = distance < 2 * math.pi / LARGEST_STEP_OF_GAUSSIAN * widths
        step = np.where(matters, np.minimum(step, with_pole), step)
        count = np.ceil(np.minimum(GAUSSIAN_RANGE * widths, self.reach) / step).astype(int)
        return step, np.where(widths > 1e-8 * self.width, count, 0)

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


def _reach_of_pairs(phi: Nonlinearity, width: float, step: float, mean_square: float) -> float:
    """The least r such that |phi'(x) phi'(y)| is below rounding of <phi'^2> where |x| + |y| > 2 r.

    At equidistant x, as close as those of the rule, so that no peak of phi' is overlooked.
    |x| + |y| is twice the larger one of |x + y|/2 and |x - y|/2. For a sigmoid r is half of that of
    one slope.
    """
    last = int(GAUSSIAN_RANGE * width / step)
    x = step * np.arange(last + 1)
    largest = np.maximum(np.abs(phi.derivative(x)), np.abs(phi.derivative(-x)))
    largest = np.maximum.accumulate(largest[::-1])[::-1]  # of all |x| from here on
    largest = np.append(largest, np.full(last, largest[-1]))
    low, high = -1, 2 * last  # numbers of steps in |x| + |y|: too few, enough
    while high - low > 1:
        sum_ = (low + high) // 2
        pairs = largest[:sum_ + 1] * largest[sum_::-1]
        low, high = (low, sum_) if np.max(pairs) <= NEGLIGIBLE_SLOPE * mean_square else (sum_, high)
    return step * (high / 2 + 1)


def _nodes(width: np.ndarray, step: np.ndarray, count: np.ndarray,
           half: bool) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and normalised weights of n Gaussians, (n, most nodes); the last nodes may repeat.

    With `half`, only the nodes x >= 0, with weights for an even integrand. A count of 0 is a
    Gaussian without width.
    """
    most = int(np.max(count))
    steps = np.arange(0 if half else -most, most + 1)
    inside = np.abs(steps) <= count[:, None]
    nodes = step[:, None] * np.clip(steps, -count[:, None], count[:, None])
    narrow = np.where(count > 0, width, 1.0)
    height = np.where(count > 0, step / (narrow * math.sqrt(2 * math.pi)), 1.0)
    weight = np.exp(-0.5 * (nodes / narrow[:, None]) ** 2)
    weight *= np.where(inside, height[:, None], 0.0)
    if half:
        weight[:, 1:] *= 2
    return nodes, weight


def _gaussian_step(width: Widths, frequency: float) -> Widths:
    """The step at which the trapezoidal rule integrates a Gaussian times a wave to rounding.

    The error is exp(-(2 pi / step - frequency)^2 width^2 / 2).
    """
    return 2 * math.pi / (frequency + 2 * math.pi / (LARGEST_STEP_OF_GAUSSIAN * width))

"""The trapezoidal rule on a line of x, for averages over Gaussians of several widths."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..base.checks import reject
from ..network.nonlinearity import Nonlinearity

RANGE = 8.8  # standard deviations kept: the Gaussian beyond weighs 1e-18
ACCURACY = 3e-14  # asked of averages, relative
WIDEST = 2e4  # range of x: beyond that the nodes would be too many
MOST_NODES = 600  # nodes on half a line, before a rule is accepted as it is ...
MOST_IF_SMOOTH = 3000  # ... unless the last refinement gained a digit: phi has no kink


def gaussian_average(function: Callable, variance: float) -> float:
    """<function(x)> for a zero-mean Gaussian x, by the trapezoidal rule.

    About 50 nodes for each unit of x: for a phi whose features are of order one the rule is
    exact to rounding.
    """
    width = np.sqrt(variance)
    count = min(int(30 + 60 * width), 3000)
    z = np.linspace(-RANGE, RANGE, 2 * count + 1)
    weight = np.exp(-0.5 * z**2)
    with np.errstate(over="ignore"):  # as of 1/(1 + exp(-x)) far out, to its right limit
        return float(weight @ function(width * z) / weight.sum())


@dataclass(frozen=True)
class GaussianLine:
    """The trapezoidal rule on a line of x, fine enough for phi'^2 at the widest Gaussian."""

    phi: Nonlinearity
    width: float
    step: float
    reach: float  # |x| beyond which phi' is nothing
    error: float

    @classmethod
    def of(cls, phi: Nonlinearity, width: float) -> GaussianLine:
        # Where phi' vanishes in float64 no node is needed: a sigmoid's reach is far below the
        # Gaussian's at large variance.
        if RANGE * width > WIDEST:
            reject("variance", float(width**2),
                   "x ranges too far for quadrature at the scale of phi",
                   "give a smaller g, noise or bias, or averages of phi in closed form")
        far = np.linspace(-RANGE * width, RANGE * width, 801)
        size = np.abs(phi.derivative(far))
        there = np.abs(far[size > 1e-18 * max(np.max(size), abs(phi.slope_at_zero))])
        reach = min(RANGE * width, (np.max(there) if there.size else 0.0) + far[1] - far[0])
        line = cls(phi, width, min(0.74 * width, 0.45), reach, np.inf)
        before, last = line._probe(), np.inf
        while True:
            finer = cls(phi, width, line.step / 1.3, reach, np.inf)
            after = finer._probe()
            change = np.max(np.abs(after - before) / np.maximum(np.abs(after), 1e-300))
            # The coarser rule is accepted: its error is what the finer one shows, divided by
            # 1 - 1/1.3 where the rule is of first order only (a jump of the slope).
            most = MOST_IF_SMOOTH if change < 0.1 * last else MOST_NODES
            if change < ACCURACY or reach / finer.step > most:
                return cls(phi, width, line.step, reach, float(change) / (1 - 1 / 1.3))
            line, before, last = finer, after, change

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

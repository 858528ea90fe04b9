"""Averages over pairs of Gaussians, of a phi that has break-points or a wide range of scales."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property

import numpy as np

from ..base.checks import reject
from ..network.nonlinearity import Nonlinearity
from .line_panels import line_average, line_nodes
from .partition import partition
from .slope_table import SlopeTable, octave_of, slope_table
from .tuning import GAUSSIAN_RANGE, PANEL_NODES, TABLE_USES, WIDEST_RANGE


class PanelRule:
    """Averages between the lines on which x or y is at a break-point of phi'.

    Averages of pairs come from tables in the widths of (x+y)/2 and (x-y)/2, which all variances
    share.

    Parameters
    ----------
    phi : Nonlinearity
    width : float
        Standard deviation of x and y, above 0.

    Raises
    ------
    ModelError
        If the Gaussian is too wide for the scale of phi, or phi has an undeclared kink.
    """

    def __init__(self, phi: Nonlinearity, width: float):
        self._phi = phi
        self.width = width
        if GAUSSIAN_RANGE * width > WIDEST_RANGE:
            reject("variance", float(width**2), "too large for quadrature at the scale of phi",
                   "give a smaller g, noise or bias, or averages of phi in closed form")

    @property
    def cost(self) -> float:
        """About the nodes of the tables, divided by the number of angles that use them."""
        count = len(partition(self._phi, GAUSSIAN_RANGE * self.width))
        nodes = PANEL_NODES**2 * (count / 2 + 4) * (2 * count + 8) / (1 + self._phi.even_slope)
        return nodes / TABLE_USES

    @cached_property
    def error(self) -> float:
        """Estimated error, relative."""
        means = []
        for halved in (False, True):
            x, weight = line_nodes(self._phi, self.width, halved)
            means.append([weight @ self._phi.derivative(x) ** 2, weight @ self._phi(x) ** 2])
        before, after = np.array(means)
        change = np.max(np.abs(after - before) / np.maximum(np.abs(after), 1e-300))
        signs = (1,) if self._phi.even_slope else (1, -1)
        lowest = octave_of(self.width / math.sqrt(2))
        tables = [self._table(sign, octave).error for sign in signs
                  for octave in range(lowest, octave_of(self.width) + 1)]
        return float(np.max([change, *tables]))  # NaN if any is

    def average(self, function: Callable) -> float:
        """<function(x)>."""
        return line_average(self._phi, function, self.width)

    def slopes_at(self, theta: np.ndarray) -> np.ndarray:
        """<phi'(x) phi'(y)> at <x y> = variance sin(theta), at angles of any shape."""
        # Standard deviations of (x+y)/2 and (x-y)/2: sqrt((1 +- sin(theta)) / 2) without
        # cancellation.
        halves = np.array([np.pi / 4 - theta / 2, np.pi / 4 + theta / 2])
        wide, narrow = (self.width * np.cos(np.min(halves, axis=0)),
                        self.width * np.sin(np.min(halves, axis=0)))
        sign = np.where(theta < 0, -1, 1)
        octaves = np.array([octave_of(float(one)) for one in wide])
        out = np.empty(len(wide))
        for key in set(zip(sign.tolist(), octaves.tolist(), strict=True)):
            chosen = (sign == key[0]) & (octaves == key[1])
            out[chosen] = self._table(*key).slopes(wide[chosen], narrow[chosen])
        return out

    def _table(self, sign: int, octave: int) -> SlopeTable:
        return slope_table(self._phi, sign, octave)

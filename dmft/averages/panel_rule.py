"""Gauss-Legendre panels between the break-points of phi', for Gaussian averages of any phi."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ..base.checks import reject
from ..network.nonlinearity import Nonlinearity
from .partition import partition
from .tuning import GAUSSIAN_PANELS, GAUSSIAN_RANGE, NEGLIGIBLE_SLOPE, PANEL_NODES, WIDEST_RANGE

_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(PANEL_NODES)
_POINTS, _WEIGHTS = (1 + _POINTS) / 2, _WEIGHTS / 2
_EDGES = np.concatenate([-np.array(GAUSSIAN_PANELS[::-1]), [0.0], GAUSSIAN_PANELS])


# Integral from the left end of a panel to its nodes, by the polynomial through them.
_INTEGRATION = np.polynomial.legendre.legval(
    2 * _POINTS - 1, np.array([np.polynomial.legendre.legint(row, lbnd=-1) for row in np.eye(
        PANEL_NODES)]).T / 2).T @ np.linalg.inv(
    np.polynomial.legendre.legvander(2 * _POINTS - 1, PANEL_NODES - 1))


def line_nodes(phi: Nonlinearity, width: float,
               halved: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of a Gaussian of this width, on panels on which phi' is a polynomial.

    With `halved`, every panel is cut in two, to estimate the error.
    """
    edges = _line_edges(phi, width)
    if halved:
        edges = np.sort(np.concatenate([edges, (edges[1:] + edges[:-1]) / 2]))
    return _normal_nodes(edges, width)


def line_average(phi: Nonlinearity, function: Callable, width: float) -> float:
    """<function(x)> over a Gaussian of this width, of a function of phi and phi'."""
    x, weight = line_nodes(phi, width)
    return float(weight @ function(x))


def line_primitive(phi: Nonlinearity, width: float) -> tuple[np.ndarray, np.ndarray]:
    """The primitive of phi at the nodes of a Gaussian of this width, and their weights."""
    edges = _line_edges(phi, width)
    x, weight = _normal_nodes(edges, width)
    length = np.diff(edges)[:, None]
    values = np.asarray(phi(x)).reshape(-1, PANEL_NODES) * length
    before = np.concatenate([[0.0], np.cumsum(values @ _WEIGHTS)[:-1]])
    # From the panel nearest to zero, so that the terms that cancel are small.
    before -= before[np.argmin(np.abs(edges[:-1]))]
    return (before[:, None] + values @ _INTEGRATION.T).ravel(), weight


def _line_edges(phi: Nonlinearity, width: float) -> np.ndarray:
    reach = GAUSSIAN_RANGE * width
    edges = np.union1d(partition(phi, reach), width * _EDGES)
    return edges[np.abs(edges) <= reach]


class PanelRule:
    """Averages over pairs of Gaussians, between the lines on which phi' has a kink.

    In p = (x+y)/2 and q = (x-y)/2 the break-points t of phi' are the lines p = t - q and p = t + q.
    For each value of the narrower variable, the line in the other one is cut there; as a function
    of the first the integral is smooth, except where two of these lines meet.

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
        reach = GAUSSIAN_RANGE * width
        if reach > WIDEST_RANGE:
            reject("variance", float(width**2), "too large for quadrature at the scale of phi",
                   "give a smaller g, noise or bias, or averages of phi in closed form")
        means = []
        for halved in (False, True):
            x, weight = line_nodes(phi, width, halved)
            means.append([weight @ phi.derivative(x) ** 2, weight @ phi(x) ** 2])
        before, after = np.array(means)
        self.error = float(np.max(np.abs(after - before) / np.maximum(np.abs(after), 1e-300)))
        edges = partition(phi, reach)
        slopes = np.abs(phi.derivative(x))
        sloped = x[slopes > NEGLIGIBLE_SLOPE * np.max(slopes)]
        # No node is needed where phi' vanishes in float64, on either side of the support.
        self._support = (float(edges[edges <= np.min(sloped, initial=0.0)][-1]),
                         float(edges[edges >= np.max(sloped, initial=0.0)][0]))
        self._edges = edges[(edges >= self._support[0]) & (edges <= self._support[1])]
        # The outer variable has edges where two lines meet, and is graded as phi' is.
        kinks = np.array([*phi.kinks, 0.0])
        meeting = [np.abs(kinks[:, None] + sign * kinks).ravel() / 2 for sign in (-1, 1)]
        self._meeting = np.unique(np.concatenate([*meeting, np.abs(self._edges)]))

    @property
    def cost(self) -> float:
        """Approximate largest number of nodes in the plane."""
        count = len(self._edges)
        return PANEL_NODES**2 * (count / 2 + 4) * (2 * count + 8) / (1 + self._phi.even_slope)

    def average(self, function: Callable) -> float:
        """<function(x)>."""
        return line_average(self._phi, function, self.width)

    def slope_at(self, theta: float) -> float:
        """<phi'(x) phi'(y)> at <x y> = variance sin(theta)."""
        # Standard deviations of p and q: sqrt((1 +- sin(theta)) / 2) without cancellation.
        of_p = self.width * abs(math.cos(math.pi / 4 - theta / 2))
        of_q = self.width * abs(math.sin(math.pi / 4 - theta / 2))
        # The outer variable is the narrower one: the inner integral varies over the width of the
        # wider. The integrand is even in q, and for an even phi' even in p.
        narrow, wide = min(of_p, of_q), max(of_p, of_q)
        even = self._phi.even_slope
        outer_even, inner_even = (True, even) if theta > 0 else (even, True)
        edges = narrow * _EDGES
        edges = np.unique(np.concatenate([edges, self._meeting, -self._meeting]))
        # |x - y| / 2 and |x + y| / 2 within the support
        low, high = self._support
        reach = (high - low) / 2 if theta > 0 else max(high, -low)
        edges = edges[np.abs(edges) <= min(GAUSSIAN_RANGE * narrow, reach)]
        outer, weight = _normal_nodes(edges[edges >= 0] if outer_even else edges, narrow)
        sign = 1.0 if theta > 0 else -1.0  # y = sign (inner - outer)
        lines = np.concatenate([
            np.broadcast_to(wide * _EDGES, (len(outer), len(_EDGES))),
            self._edges - outer[:, None], sign * self._edges + outer[:, None]], axis=1)
        # x = inner + outer and y = sign (inner - outer) within the support
        low_y, high_y = (low, high) if theta > 0 else (-high, -low)
        least = np.maximum(low - outer, low_y + outer)
        most = np.minimum(np.minimum(high - outer, high_y + outer), GAUSSIAN_RANGE * wide)
        least = np.maximum(least, 0.0 if inner_even else -GAUSSIAN_RANGE * wide)
        lines = np.clip(lines, least[:, None], np.maximum(least, most)[:, None])
        lines.sort(axis=1)
        lengths = np.diff(lines, axis=1)
        row, column = np.nonzero(lengths)
        length = lengths[row, column]
        inner = lines[row, column][:, None] + length[:, None] * _POINTS
        at = outer[row][:, None]
        slopes = self._phi.derivative(inner + at) * self._phi.derivative(sign * (inner - at))
        density = np.exp(-0.5 * (inner / wide) ** 2)
        total = ((density * slopes) @ _WEIGHTS * length) @ weight[row]
        return float(total) * 2 ** (outer_even + inner_even) / (wide * math.sqrt(2 * math.pi))


def _normal_nodes(edges: np.ndarray, width: float) -> tuple[np.ndarray, np.ndarray]:
    length = np.diff(edges)[:, None]
    x = edges[:-1, None] + length * _POINTS
    weight = length * _WEIGHTS * np.exp(-0.5 * (x / width) ** 2) / (width * math.sqrt(2 * math.pi))
    return x.ravel(), weight.ravel()

"""<phi'(x) phi'(y)> as a table in the widths of the independent Gaussians (x +- y)/2."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.polynomial import chebyshev, legendre

from ..network.nonlinearity import Nonlinearity
from .line_panels import EDGES, POINTS, WEIGHTS, normal_nodes, uniform_nodes
from .partition import partition
from .tuning import (
    GAUSSIAN_RANGE,
    INNER_WIDTHS,
    LARGEST_CHUNK,
    MOST_HALVINGS,
    NEGLIGIBLE_SLOPE,
    OUTER_TAIL,
    OUTER_WIDTHS,
    PANEL_NODES,
    ROUNDING_TAIL,
    WIDTH_TAIL,
    WIDTHS_PER_OCTAVE,
)

# Coefficients of the Legendre series through the nodes of a panel, and of the Chebyshev series
# through those of an interval of widths.
_TO_LEGENDRE = np.linalg.inv(legendre.legvander(2 * POINTS - 1, PANEL_NODES - 1))
_TO_INNER = np.linalg.inv(chebyshev.chebvander(chebyshev.chebpts1(INNER_WIDTHS), INNER_WIDTHS - 1))
_TO_OUTER = np.linalg.inv(chebyshev.chebvander(chebyshev.chebpts1(OUTER_WIDTHS), OUTER_WIDTHS - 1))


@lru_cache(maxsize=128)
def slope_table(phi: Nonlinearity, sign: int, octave: int) -> SlopeTable:
    """The table of one interval of widths; every variance shares it."""
    return SlopeTable(phi, sign, octave)


def octave_of(width: float) -> int:
    """The number of the interval in which this width lies."""
    return math.floor(WIDTHS_PER_OCTAVE * math.log2(width))


class SlopeTable:
    """<phi'(x) phi'(y)> for x = i + o, y = sign (i - o), with independent Gaussians i and o.

    The width of i is within one interval and that of o at most as large. The product of slopes does
    not depend on the widths, so that a single set of nodes does for all: J(o), the average over
    i, is a polynomial in o on panels, at some widths of i. On the line of each o, i is cut where
    x or y is at an edge of the partition of phi'; panels of o end where two such lines meet at
    break-points, and are halved until J(o) is smooth on each. Averages of these polynomials over o
    are then a Chebyshev series in both widths, on intervals of that of o.

    Parameters
    ----------
    phi : Nonlinearity
    sign : int
        1 for positive, -1 for negative correlations of x and y.
    octave : int
        Widths of i are from 2^(octave/2) to 2^((octave+1)/2).
    """

    def __init__(self, phi: Nonlinearity, sign: int, octave: int):
        self._phi, self._sign = phi, sign
        self._low, self._high = (2.0 ** ((octave + k) / WIDTHS_PER_OCTAVE) for k in (0, 1))
        self._inner_widths = self._low + (self._high - self._low) * (
            1 + chebyshev.chebpts1(INNER_WIDTHS)) / 2
        self._reach = GAUSSIAN_RANGE * self._high
        self._set_edges()
        with np.errstate(over="ignore", invalid="ignore"):
            self._tabulate()

    def slopes(self, inner: np.ndarray, outer: np.ndarray) -> np.ndarray:
        """The average at widths of i within the interval, and of o from 0 to these."""
        inner, outer = np.asarray(inner), np.asarray(outer)
        at = np.clip(np.searchsorted(self._edges_of_widths, outer, side="right") - 1, 0,
                     len(self._series) - 1)
        low, high = self._edges_of_widths[at], self._edges_of_widths[at + 1]
        of_outer = chebyshev.chebvander(2 * (outer - low) / (high - low) - 1, OUTER_WIDTHS - 1)
        of_inner = chebyshev.chebvander(
            2 * (inner - self._low) / (self._high - self._low) - 1, INNER_WIDTHS - 1)
        return np.einsum("nk,nkm,nm->n", of_outer, self._series[at], of_inner)

    def _set_edges(self) -> None:
        """Edges of phi' within its support in float64, and of the panels of o."""
        phi = self._phi
        edges = partition(phi, math.sqrt(2) * self._reach)
        nodes = edges[:-1, None] + np.diff(edges)[:, None] * POINTS
        with np.errstate(all="ignore"):
            size = np.max(np.abs(np.asarray(phi.derivative(nodes), dtype=float)), axis=1)
        sloped = np.flatnonzero(~(size <= NEGLIGIBLE_SLOPE * np.nanmax(size)))
        first, last = (sloped[0], sloped[-1]) if sloped.size else (0, 0)
        self._edges = edges[first:last + 2]
        self._support = (float(self._edges[0]), float(self._edges[-1]))
        kinks = np.array([*phi.kinks, 0.0])
        meeting = [np.abs(kinks[:, None] + sign * kinks).ravel() / 2 for sign in (-1, 1)]
        panels = np.concatenate([
            [0.0, self._reach], *meeting, np.abs(self._edges), self._high * EDGES[EDGES > 0]])
        low, high = self._support
        reach = (high - low) / 2 if self._sign > 0 else max(high, -low)
        self._panels = np.unique(np.clip(panels, 0.0, min(self._reach, reach)))

    def _tabulate(self) -> None:
        def far_out(low: np.ndarray) -> np.ndarray:  # the largest Gaussian of o, over its maximum
            return np.exp(-0.5 * (low / self._high) ** 2)

        self._panels, self._of_panel, error = _halved(
            self._panels, self._on_panels, OUTER_TAIL, far_out)
        # Widths of o: the first interval lies within the first panel of J.
        count = math.ceil(math.log2(self._high * GAUSSIAN_RANGE / self._panels[1]))
        widths = np.concatenate([[0.0], self._high * 2.0 ** np.arange(-count, 1)])
        self._edges_of_widths, self._series, more = _halved(
            widths, self._on_intervals, WIDTH_TAIL, np.ones_like)
        size = np.abs(self._series)
        of_inner = np.max(size[:, :, -2:]) / max(float(np.max(size)), 1e-300)
        self.error = float(np.max([error, more, of_inner]))  # NaN if any is
        del self._of_panel

    def _on_panels(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Coefficients of J(o) on panels of o, those in o before those in the width of i."""
        nodes = low[:, None] + (high - low)[:, None] * POINTS
        values = self._average_over_inner(nodes.ravel()).reshape(*nodes.shape, INNER_WIDTHS)
        return _TO_LEGENDRE @ values @ _TO_INNER.T

    def _average_over_inner(self, outer: np.ndarray) -> np.ndarray:
        """J(o) + J(-o) at the widths of i, of shape (o, widths)."""
        even = self._phi.even_slope
        # For a sign of 1 the product is even in o, for -1 in i; for an even phi' in both.
        outer_even, inner_even = (True, even) if self._sign > 0 else (even, True)
        chunk = max(1, LARGEST_CHUNK // (2 * len(self._edges) + len(EDGES)))
        out = np.zeros((len(outer), INNER_WIDTHS))
        for start in range(0, len(outer), chunk):
            part = slice(start, start + chunk)
            out[part] = self._on_lines(outer[part], inner_even)
            out[part] += out[part] if outer_even else self._on_lines(-outer[part], inner_even)
        return out

    def _on_lines(self, outer: np.ndarray, inner_even: bool) -> np.ndarray:
        sign, (low, high) = self._sign, self._support
        lines = np.concatenate([
            np.broadcast_to(self._high * EDGES, (len(outer), len(EDGES))),
            self._edges - outer[:, None], sign * self._edges + outer[:, None]], axis=1)
        # x and y within the support, and (i, o) within the range of the Gaussians
        low_y, high_y = (low, high) if sign > 0 else (-high, -low)
        reach = np.sqrt(np.maximum(self._reach**2 - outer**2, 0.0))
        least = np.maximum(np.maximum(low - outer, low_y + outer), 0.0 if inner_even else -reach)
        most = np.minimum(np.minimum(high - outer, high_y + outer), reach)
        lines = np.clip(lines, least[:, None], np.maximum(least, most)[:, None])
        lines.sort(axis=1)
        lengths = np.diff(lines, axis=1)
        row, column = np.nonzero(lengths)
        length = lengths[row, column]
        inner = lines[row, column][:, None] + length[:, None] * POINTS
        at = outer[row][:, None]
        slopes = self._phi.derivative(inner + at) * self._phi.derivative(sign * (inner - at))
        weighted = slopes * WEIGHTS * length[:, None]
        squares = -0.5 * inner**2
        out = np.zeros((len(outer), INNER_WIDTHS))
        for k, width in enumerate(self._inner_widths):
            on_panel = np.einsum("pj,pj->p", weighted, np.exp(squares / width**2))
            out[:, k] = np.bincount(row, on_panel, len(outer)) / (width * math.sqrt(2 * math.pi))
        return out * (1 + inner_even)

    def _on_intervals(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Coefficients on intervals of the width of o, those in it before those in that of i."""
        return np.array([self._on_interval(*pair) for pair in zip(low, high, strict=True)])

    def _on_interval(self, low: float, high: float) -> np.ndarray:
        widths = low + (high - low) * (1 + chebyshev.chebpts1(OUTER_WIDTHS)) / 2
        # From zero width, the nodes scale with it, all within the first panel of o; otherwise one
        # set of nodes does for all widths.
        unit = EDGES[EDGES >= 0]
        if low == 0:
            x, weight = normal_nodes(unit, 1.0)
            values = weight @ self._values(np.outer(widths, x))
        else:
            edges = np.union1d(self._panels, np.concatenate([low * unit, high * unit[-2:]]))
            edges = edges[edges <= min(GAUSSIAN_RANGE * high, self._panels[-1])]
            o, weight = uniform_nodes(edges)
            density = np.exp(-0.5 * (o / widths[:, None]) ** 2) / (
                widths[:, None] * math.sqrt(2 * math.pi))
            values = (density * weight) @ self._values(o)
        return _TO_OUTER @ values

    def _values(self, o: np.ndarray) -> np.ndarray:
        """J(o) from its polynomials; the last axis are coefficients in the width of i."""
        panel = np.clip(np.searchsorted(self._panels, o, side="right") - 1, 0,
                        len(self._panels) - 2)
        start, size = self._panels[panel], np.diff(self._panels)[panel]
        powers = legendre.legvander(2 * (o - start) / size - 1, PANEL_NODES - 1)
        if o.ndim == 2:  # all in the first panel
            return powers @ self._of_panel[0]
        return np.matmul(powers[:, None], self._of_panel[panel])[:, 0]


def _halved(edges: np.ndarray, coefficients: Callable, limit: float,
            weight: Callable) -> tuple[np.ndarray, np.ndarray, float]:
    """Intervals, halved until a series converges on each: edges, coefficients, relative tail.

    `coefficients(low, high)` are the series, along the second axis; `weight(low)` is how much an
    interval counts.
    """
    low, high = edges[:-1], edges[1:]
    kept, size, before = [], 1e-300, np.full(len(low), np.inf)
    for again in range(MOST_HALVINGS):
        series = coefficients(low, high)
        share = weight(low)
        size = max(size, float(np.max(share * np.max(np.abs(series), axis=(1, 2)))))
        tails = share * np.max(np.abs(series[:, -2:]), axis=(1, 2)) / size
        # A small tail that halving does not reduce is rounding of phi'.
        rounding = (tails < ROUNDING_TAIL) & (tails > before / 2)
        coarse = (tails > limit) & ~rounding & (again < MOST_HALVINGS - 1)
        kept.append((low[~coarse], high[~coarse], series[~coarse], tails[~coarse]))
        if not np.any(coarse):
            break
        middle, before = (low + high)[coarse] / 2, np.tile(tails[coarse], 2)
        low, high = (np.concatenate([low[coarse], middle]), np.concatenate([middle, high[coarse]]))
    low, high, series, tails = (np.concatenate(part) for part in zip(*kept, strict=True))
    order = np.argsort(low)
    return np.append(low[order], np.max(high)), series[order], float(np.max(tails))

"""Closed level curves of a function on the plane, from its values on a grid (marching squares)."""

from __future__ import annotations

import numpy as np

# For each set of corners inside (1 bottom left, 2 bottom right, 4 top right, 8 top left), the
# pairs of edges of a cell that the curve connects (0 bottom, 1 right, 2 top, 3 left).
JOINED = {1: [(3, 0)], 2: [(0, 1)], 3: [(3, 1)], 4: [(1, 2)], 5: [(3, 2), (1, 0)], 6: [(0, 2)],
          7: [(3, 2)], 8: [(2, 3)], 9: [(2, 0)], 10: [(0, 3), (2, 1)], 11: [(2, 1)],
          12: [(1, 3)], 13: [(1, 0)], 14: [(0, 3)]}


def level_curves(x: np.ndarray, y: np.ndarray, values: np.ndarray) -> list[np.ndarray]:
    """The curves values = 0, by marching squares with linear interpolation.

    Parameters
    ----------
    x, y : (n,), (m,) arrays
        Ascending coordinates of the grid.
    values : (n, m) array
        Values of the function at x + i y. They are negative on the border of the grid, so that
        every curve is closed.

    Returns
    -------
    list of complex arrays
        Closed polygons (the first point is not repeated), anticlockwise around regions where the
        function is positive; the longest first.
    """
    inside = values > 0
    code = (inside[:-1, :-1] * 1 + inside[1:, :-1] * 2 + inside[1:, 1:] * 4 + inside[:-1, 1:] * 8)
    following: dict[tuple, tuple] = {}
    for i, j in zip(*np.nonzero((code > 0) & (code < 15)), strict=True):
        edges = [("x", i, j), ("y", i + 1, j), ("x", i, j + 1), ("y", i, j)]
        for start, end in JOINED[int(code[i, j])]:
            following[edges[start]] = edges[end]
    curves = []
    while following:
        first, at = following.popitem()
        edges = [first]
        while at != first:
            edges.append(at)
            at = following.pop(at)
        curves.append(np.array([_crossing(x, y, values, edge) for edge in edges])[::-1])
    return sorted(curves, key=len, reverse=True)


def _crossing(x: np.ndarray, y: np.ndarray, values: np.ndarray, edge: tuple) -> complex:
    along, i, j = edge
    here = values[i, j]
    if along == "x":
        t = here / (here - values[i + 1, j])
        return complex(x[i] + t * (x[i + 1] - x[i]), y[j])
    t = here / (here - values[i, j + 1])
    return complex(x[i], y[j] + t * (y[j + 1] - y[j]))

"""Gauss-Legendre panels between the break-points of phi', for averages over one Gaussian."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ..network.nonlinearity import Nonlinearity
from .partition import partition
from .tuning import GAUSSIAN_PANELS, GAUSSIAN_RANGE, PANEL_NODES

POINTS, WEIGHTS = np.polynomial.legendre.leggauss(PANEL_NODES)
POINTS, WEIGHTS = (1 + POINTS) / 2, WEIGHTS / 2
EDGES = np.concatenate([-np.array(GAUSSIAN_PANELS[::-1]), [0.0], GAUSSIAN_PANELS])


# Integral from the left end of a panel to its nodes, by the polynomial through them.
_INTEGRATION = np.polynomial.legendre.legval(
    2 * POINTS - 1, np.array([np.polynomial.legendre.legint(row, lbnd=-1) for row in np.eye(
        PANEL_NODES)]).T / 2).T @ np.linalg.inv(
    np.polynomial.legendre.legvander(2 * POINTS - 1, PANEL_NODES - 1))


def line_nodes(phi: Nonlinearity, width: float,
               halved: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of a Gaussian of this width, on panels on which phi' is a polynomial.

    With `halved`, every panel is cut in two, to estimate the error.
    """
    edges = _line_edges(phi, width)
    if halved:
        edges = np.sort(np.concatenate([edges, (edges[1:] + edges[:-1]) / 2]))
    return normal_nodes(edges, width)


def line_average(phi: Nonlinearity, function: Callable, width: float) -> float:
    """<function(x)> over a Gaussian of this width, of a function of phi and phi'."""
    x, weight = line_nodes(phi, width)
    return float(weight @ function(x))


def line_primitive(phi: Nonlinearity, width: float) -> tuple[np.ndarray, np.ndarray]:
    """The primitive of phi at the nodes of a Gaussian of this width, and their weights."""
    edges = _line_edges(phi, width)
    x, weight = normal_nodes(edges, width)
    length = np.diff(edges)[:, None]
    values = np.asarray(phi(x)).reshape(-1, PANEL_NODES) * length
    before = np.concatenate([[0.0], np.cumsum(values @ WEIGHTS)[:-1]])
    # From the panel nearest to zero, so that the terms that cancel are small.
    before -= before[np.argmin(np.abs(edges[:-1]))]
    return (before[:, None] + values @ _INTEGRATION.T).ravel(), weight


def _line_edges(phi: Nonlinearity, width: float) -> np.ndarray:
    reach = GAUSSIAN_RANGE * width
    own = partition(phi, reach)
    inside = own[np.searchsorted(own, -reach):np.searchsorted(own, reach, side="right")]
    return np.sort(np.concatenate([inside, width * EDGES]))  # panels without length do no harm


def uniform_nodes(edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gauss-Legendre nodes and weights on these panels."""
    length = np.diff(edges)[:, None]
    return (edges[:-1, None] + length * POINTS).ravel(), (length * WEIGHTS).ravel()


def normal_nodes(edges: np.ndarray, width: float) -> tuple[np.ndarray, np.ndarray]:
    """Nodes on these panels, and the weights of a Gaussian of this width."""
    x, weight = uniform_nodes(edges)
    return x, weight * np.exp(-0.5 * (x / width) ** 2) / (width * math.sqrt(2 * math.pi))

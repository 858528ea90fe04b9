"""Square matrices from arrays, sparse matrices, data frames, and results of `load_connectivity`."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import checks
from .allocation import require


def square_matrix(name: str, value: Any) -> np.ndarray:
    """A read-only (N, N) float64 array of bounded numbers.

    Sparse matrices, and other objects with a method `toarray`, are made dense if the memory
    suffices. A data frame must have its rows and columns in the same order.
    """
    shape = getattr(value, "shape", None)
    if hasattr(value, "toarray") and shape is not None:
        _check_square(name, value, shape)
        require(2 * 8.0 * float(shape[0]) * shape[1], name, shape,
                "a dense matrix is needed: give fewer neurons")
        value = value.toarray()
    elif hasattr(value, "columns") and hasattr(value, "index"):
        rows, columns = list(value.index), list(value.columns)
        counted = [*range(len(rows))], [*range(len(columns))]
        # Indices 0, 1, ... are not names, unless some of them are names on the other axis.
        unnamed = rows == counted[0] or columns == counted[1]
        if rows != columns and (not unnamed or set(rows) & set(columns)):
            checks.reject(name, value, "a data frame whose rows and columns do not "
                          "have the same names in the same order",
                          "give dmft.load_connectivity(frame)")
        value = value.to_numpy()
    elif hasattr(value, "nodes") and hasattr(value, "edges"):
        checks.reject(name, value, "a graph, not a matrix", "give dmft.load_connectivity(graph)")
    matrix = checks.bounded(name, checks.finite_array(name, value, 2))
    _check_square(name, value, matrix.shape)
    return matrix


def _check_square(name: str, value: Any, shape: tuple[int, ...]) -> None:
    if len(shape) != 2 or shape[0] != shape[1]:
        checks.reject(name, shape, "not a square matrix",
                      "give couplings with one row and one column per neuron")

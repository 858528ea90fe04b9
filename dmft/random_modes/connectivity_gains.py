"""Gains of neurons in a connectivity matrix: what its rows and columns are multiplied by."""

from __future__ import annotations

import warnings

import numpy as np

from ..base.errors import ResolutionWarning

SWEEPS, CHANGE = 500, 1e-10
ALONE = 0.5  # share of the squared gains that no single neuron has
UNSETTLED = 1e-6  # change of a squared gain: they do not settle


def balanced(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """u (N,) and v (N,) with J_ij = u_i B_ij v_j, B of equal mean square in all rows and columns.

    Rows and columns are divided by their root mean square in turn (Sinkhorn's iteration on the
    squares), until nothing changes; where the zeros of the matrix do not allow it, as far as it
    goes. Rows and columns without any coupling have gain 0.
    """
    square = matrix**2
    u2, v2 = np.ones(len(matrix)), np.ones(len(matrix))
    for _ in range(SWEEPS):
        new = square @ _inverse(v2)
        new *= np.count_nonzero(new) / max(np.sum(new), 1e-300)
        v2 = square.T @ _inverse(new)
        change = np.max(np.abs(new - u2))
        u2 = new
        if change < CHANGE:
            break
    alone = max(float(np.max(u2) / np.sum(u2)), float(np.max(v2) / np.sum(v2)))
    if change > UNSETTLED or (alone > ALONE and len(matrix) > 2):
        warnings.warn(
            "gains: the zeros of this matrix let no gains make its rows and columns alike (one "
            f"neuron takes {100 * alone:.0f} % of all squared gains); leave out neurons without "
            "input or output, or take the mean coupling off first", ResolutionWarning,
            stacklevel=3)
    u, v = np.sqrt(u2), np.sqrt(v2)
    return u / np.sqrt(np.mean(u2)), v / np.sqrt(np.mean(v2))


def _inverse(values: np.ndarray) -> np.ndarray:
    return np.divide(1.0, values, out=np.zeros_like(values), where=values > 0)

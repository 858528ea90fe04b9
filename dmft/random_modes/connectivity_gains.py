"""Gains of neurons in a connectivity matrix: common factors of its rows and columns."""

from __future__ import annotations

import warnings

import numpy as np

from ..base.errors import ResolutionWarning
from .tuning import DOMINANT_SHARE, GAINS_TOLERANCE, MAX_SWEEPS, UNCONVERGED_CHANGE


def balancing_gains(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """u (N,) and v (N,) with J_ij = u_i B_ij v_j, B of equal mean square in all rows and columns.

    Rows and columns are divided by their root mean square in turn (matrix balancing by Sinkhorn's
    iteration on the squares) until convergence. Where the zeros of the matrix prevent it, the last
    iterate is returned with a warning. Rows and columns without any coupling have gain 0.
    """
    square = matrix**2
    u2, v2 = np.ones(len(matrix)), np.ones(len(matrix))
    for _ in range(MAX_SWEEPS):
        new = square @ _inverse(v2)
        new *= np.count_nonzero(new) / max(np.sum(new), 1e-300)
        v2 = square.T @ _inverse(new)
        change = np.max(np.abs(new - u2))
        u2 = new
        if change < GAINS_TOLERANCE:
            break
    dominant = max(float(np.max(u2) / np.sum(u2)), float(np.max(v2) / np.sum(v2)))
    if change > UNCONVERGED_CHANGE or (dominant > DOMINANT_SHARE and len(matrix) > 2):
        warnings.warn(
            "gains: because of its zeros, no gains balance the rows and columns of this matrix "
            f"(one neuron has {100 * dominant:.0f} % of the sum of squared gains); leave out "
            "neurons without input or output, or subtract the mean coupling first",
            ResolutionWarning, stacklevel=3)
    u, v = np.sqrt(u2), np.sqrt(v2)
    return u / np.sqrt(np.mean(u2)), v / np.sqrt(np.mean(v2))


def _inverse(values: np.ndarray) -> np.ndarray:
    return np.divide(1.0, values, out=np.zeros_like(values), where=values > 0)

"""Random modes at finite N: left and right modes with the given overlaps."""

from __future__ import annotations

import numpy as np

from .operators import Dense, Operator, Product
from .tuning import DENSE_ROWS


def sample_modes(strengths: np.ndarray, overlaps: np.ndarray, neurons: int,
                  rng: np.random.Generator) -> Operator:
    """J = sum_a D_a l_a r_a^T, entries of l_a and r_a Gaussian of variance 1/N, in float32.

    On each unit r is a vector of M independent normals, and l = O^T r + (1 - O^T O)^(1/2) z with
    an independent z, so that <l_b r_a> = O_ab / N and the l_a are independent of one another. The
    diagonal elements J_ii, of mean <D rho>, are kept. The couplings are stored as modes or as the
    full matrix, whichever needs fewer operations per step.

    Parameters
    ----------
    strengths : (M,) array
        Strengths D_a.
    overlaps : (M,) or (M, M) array
        Overlap rho_a of each mode, or the matrix O.

    Returns
    -------
    Operator
        In float32.
    """
    modes = len(strengths)
    right = rng.standard_normal((neurons, modes), dtype=np.float32)
    left = rng.standard_normal((neurons, modes), dtype=np.float32)
    if np.ndim(overlaps) == 2:
        passed, own = overlaps, _root(np.eye(modes) - overlaps.T @ overlaps)
        if np.any(passed):
            left = left @ own.astype(np.float32) + right @ passed.astype(np.float32)
    elif np.any(overlaps):
        left *= np.sqrt(np.maximum(1 - overlaps**2, 0)).astype(np.float32)
        left += right * overlaps.astype(np.float32)
    left *= (strengths / neurons).astype(np.float32)
    if as_product(modes, neurons):
        return Product(left, right)
    matrix = np.empty((neurons, neurons), dtype=np.float32)
    for first in range(0, neurons, DENSE_ROWS):
        np.matmul(left[first:first + DENSE_ROWS], right.T, out=matrix[first:first + DENSE_ROWS])
    return Dense(matrix)


def as_product(modes: int, neurons: int) -> bool:
    """Whether two products with the modes need fewer operations than one with the matrix."""
    return 2 * modes < neurons


def modes_footprint(modes: int, neurons: int, dimensions: int) -> float:
    """Largest number of float32 values in `sample_modes`, for overlaps with `dimensions` axes."""
    both = 3.0 * modes * neurons  # left, right, and a temporary array of that size
    matrices = 8.0 * modes**2 if dimensions == 2 else 0.0
    return both + max(matrices, 0.0 if as_product(modes, neurons) else float(neurons) ** 2)


def _root(matrix: np.ndarray) -> np.ndarray:
    """Symmetric square root of a positive semidefinite matrix; rounding below 0 is set to 0."""
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T

"""Random modes at finite N: left and right modes drawn with their overlaps."""

from __future__ import annotations

import numpy as np

from .operators import Dense, Operator, Product

ROWS = 1024  # of the dense matrix that are made at once


def sampled_modes(strengths: np.ndarray, overlaps: np.ndarray, neurons: int,
                  rng: np.random.Generator) -> Operator:
    """J = sum_a D_a l_a r_a^T, entries of l_a and r_a Gaussian of variance 1/N, in float32.

    On each unit r is a vector of M independent normals, and l = O^T r + (1 - O^T O)^(1/2) z with
    others z, so that <l_b r_a> = O_ab / N and the l_a are independent of one another. Diagonal
    elements J_ii, of mean <D rho>, are as the modes make them. Few modes are kept as modes, many
    as the matrix that they make: whichever is applied at less cost.

    Parameters
    ----------
    strengths : (M,) array
        D.
    overlaps : (M,) or (M, M) array
        rho of each mode, or O.
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
    for first in range(0, neurons, ROWS):
        np.matmul(left[first:first + ROWS], right.T, out=matrix[first:first + ROWS])
    return Dense(matrix)


def as_product(modes: int, neurons: int) -> bool:
    """Whether two products with the modes cost less than one with the matrix."""
    return 2 * modes < neurons


def modes_footprint(modes: int, neurons: int, dimensions: int) -> float:
    """Most float32 numbers that `sampled_modes` takes; `dimensions` is that of the overlaps."""
    both = 3.0 * modes * neurons  # left, right, and a temporary of their size
    matrices = 8.0 * modes**2 if dimensions == 2 else 0.0
    return both + max(matrices, 0.0 if as_product(modes, neurons) else float(neurons) ** 2)


def _root(matrix: np.ndarray) -> np.ndarray:
    """Symmetric square root of a matrix with eigenvalues of 0 or above, but for rounding."""
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T

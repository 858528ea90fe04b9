"""One block of a weight matrix as a low-rank part plus independent entries: the spiked model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg

from .tuning import EDGE_QUANTILE, NO_REST, REST_ROUNDS


@dataclass(frozen=True, eq=False)
class SpikedBlock:
    """B = sum over k of y_k u_k v_k^T + X, a p x q block with X_ij of variance g^2/q.

    Singular values s of B above the edge of those of X, g (1 + sqrt(beta)) with beta = p/q, belong
    to the low-rank part. The disorder makes them larger than y, and tilts their vectors: with
    y in units of g

        s^2 = (y^2 + 1)(y^2 + beta) / y^2,
        (u . u_B)^2 = (y^4 - beta) / (y^4 + beta y^2),   (v . v_B)^2 = (y^4 - beta) / (y^4 + y^2)

    for y above beta^(1/4), below which the vectors are lost (Benaych-Georges & Nadakuditi 2012,
    rectangular matrices of low rank plus noise; Gavish & Donoho 2017, shrinkage).

    Parameters
    ----------
    strength : (n,) array
        y of the n singular values that are detected, corrected, descending.
    left, right : (n, p), (n, q) arrays
        Singular vectors of B, of norm 1.
    left_overlap, right_overlap : (n,) arrays
        u . u_B and v . v_B.
    singular : (n,) array
        The singular values s themselves.
    rest : (min(p, q) - n,) array
        The other singular values.
    shape : (p, q)
    g : float
        Strength of X; 0 if the block is of low rank to rounding.
    edge : float
        Largest singular value that X alone has, at the 0.999 quantile.
    """

    strength: np.ndarray
    left: np.ndarray
    right: np.ndarray
    left_overlap: np.ndarray
    right_overlap: np.ndarray
    singular: np.ndarray
    rest: np.ndarray
    shape: tuple[int, int]
    g: float
    edge: float

    @classmethod
    def of(cls, B: np.ndarray) -> SpikedBlock:
        """The decomposition of a block; n is the number of singular values above the edge."""
        p, q = B.shape
        U, s, Vt = linalg.svd(B, full_matrices=False, check_finite=False)
        power = s**2
        count, g = 0, float(np.sqrt(power.sum() / p))
        for _ in range(len(s)):  # each round removes what stands out, which lowers the edge
            found = int(np.sum(s > largest_of_noise(g, p, q)))
            g = _rest_strength(power, found, g, p, q)
            if g <= NO_REST * s[0]:
                g, found = 0.0, int(np.sum(s > NO_REST * s[0]))
            if found <= count:
                break
            count = found
        y = strength(s[:count], g, p / q)
        return cls(y, U[:, :count].T, Vt[:count], *overlaps(y, g, p / q), s[:count], s[count:],
                   (p, q), g, largest_of_noise(g, p, q))


def _rest_strength(power: np.ndarray, count: int, g: float, p: int, q: int) -> float:
    """g of the rest, by the total of all s^2: that of the low-rank part is the sum of its y^2."""
    s = np.sqrt(power[:count])
    for _ in range(REST_ROUNDS):  # a contraction by about count (1 + beta) / p
        rest = float(power.sum() - np.sum(strength(s, g, p / q) ** 2))
        before, g = g, float(np.sqrt(max(rest, float(power[count:].sum())) / p))
        if abs(g - before) <= NO_REST * g:
            break
    return g


def strength(s: np.ndarray, g: float, beta: float) -> np.ndarray:
    """y of singular values s of the block; 0 within the bulk."""
    excess = s**2 - (1 + beta) * g**2
    inside = excess**2 - 4 * beta * g**4
    return np.where((excess > 0) & (inside > 0),
                    np.sqrt(np.maximum(excess + np.sqrt(np.maximum(inside, 0.0)), 0.0) / 2), 0.0)


def overlaps(y: np.ndarray, g: float, beta: float) -> tuple[np.ndarray, np.ndarray]:
    """u . u_B and v . v_B of strengths y; 0 below the threshold beta^(1/4) g."""
    two, four = y**2 * g**2, np.maximum(y**4 - beta * g**4, 0.0)
    safe = np.maximum(y**4, 1e-300)
    return np.sqrt(four / (safe + beta * two)), np.sqrt(four / (safe + two))


def largest_of_noise(g: float, p: int, q: int) -> float:
    """Quantile of the largest singular value of p x q independent entries of variance g^2/q.

    (Johnstone 2001: the largest eigenvalue of a Wishart matrix, by the Tracy-Widom law.)
    """
    a, b = np.sqrt(max(q - 1, 1)), np.sqrt(p)
    largest = (a + b) ** 2 + EDGE_QUANTILE * (a + b) * (1 / a + 1 / b) ** (1 / 3)
    return g * float(np.sqrt(largest / q))

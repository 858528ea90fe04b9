"""Sampling errors of strengths and overlaps of a spiked block, by a parametric bootstrap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .spiked_block import SpikedBlock, overlaps, strength
from .tuning import BISECTIONS, DRAWS


@dataclass(frozen=True, eq=False)
class SpikeErrors:
    """Ratios of estimates to true values in (B,) draws of one singular value of a block.

    Parameters
    ----------
    strength : (B,) array
        Estimated y over the true one.
    left, right : (B,) arrays
        Overlap u . u_B that the draw has, over the one that its estimated y implies; and of v.
    """

    strength: np.ndarray
    left: np.ndarray
    right: np.ndarray


def spike_errors(block: SpikedBlock, index: int, rng: np.random.Generator) -> SpikeErrors:
    """Errors of the singular value `index` of a block.

    In the basis of the singular vectors of X, which is a random one for independent Gaussian
    entries, the block is diag(s) + y u v^T with u and v uniform on the unit spheres. The largest
    singular value of each draw is the root of a scalar equation, (1/y - A)^2 = F G with A = sum
    u_i v_i s_i / (s^2 - s_i^2), F = s sum u_i^2 / (s^2 - s_i^2) and G the same with v.
    """
    p, q = block.shape
    y = float(block.strength[index])
    if block.g == 0:
        return SpikeErrors(*np.ones((3, DRAWS)))
    few = len(block.rest)
    u, v, u_out, v_out = _directions(rng, p, q, few)
    bulk2 = block.rest**2
    low = np.full(DRAWS, block.rest[0] * (1 + 1e-9))
    high = np.full(DRAWS, 2 * y + 3 * block.edge)

    def parts(s):
        weight = 1 / (s[:, None] ** 2 - bulk2)
        A = np.sum(u * v * block.rest * weight, axis=1)
        F = s * (np.sum(u**2 * weight, axis=1) + u_out / s**2)
        G = s * (np.sum(v**2 * weight, axis=1) + v_out / s**2)
        return A, F, G

    for _ in range(BISECTIONS):
        s = (low + high) / 2
        A, F, G = parts(s)
        inside = np.sqrt(F * G) + A > 1 / y  # decreases with s beyond the bulk
        low, high = np.where(inside, s, low), np.where(inside, high, s)
    s = (low + high) / 2
    A, F, G = parts(s)
    # overlaps a = u . u_B and b = v . v_B, from a : b and the norms of u_B and v_B
    ratio = F / np.maximum(1 / y - A, 1e-300)  # a / b
    weight = 1 / (s[:, None] ** 2 - bulk2)
    left2 = y**2 * (np.sum(((s[:, None] * u + ratio[:, None] * block.rest * v) * weight) ** 2,
                           axis=1) + u_out / s**2)
    b = 1 / np.sqrt(left2)
    a = ratio * b
    estimate = np.maximum(strength(s, block.g, p / q), 1e-300)
    of_left, of_right = overlaps(estimate, block.g, p / q)
    kept = (of_left > 0) & (of_right > 0)  # other draws would not have been detected
    return SpikeErrors(estimate[kept] / y, a[kept] / of_left[kept], b[kept] / of_right[kept])


def _directions(rng: np.random.Generator, p: int, q: int, few: int):
    """Uniform unit vectors of p and q entries: `few` of them, and the weight of the others."""
    parts = []
    for size in (p, q):
        first = rng.standard_normal((DRAWS, few))
        outside = rng.chisquare(size - few, DRAWS) if size > few else np.zeros(DRAWS)
        total = np.sum(first**2, axis=1) + outside
        parts += [first / np.sqrt(total)[:, None], outside / total]
    return parts[0], parts[2], parts[1], parts[3]

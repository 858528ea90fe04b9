"""Independent Gaussian couplings at finite N, with reciprocity, also in blocks of regions."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .operators import Dense, of_regions
from .tuning import TRANSPOSE_TILE


@dataclass(frozen=True, eq=False)
class Blocks:
    """Fixed couplings of R regions, of which only the nonzero blocks are stored.

    Parameters
    ----------
    blocks : dict
        (N_mu, N_nu) couplings from region nu to region mu, under the key (mu, nu).
    sizes : (R,) tuple of int
        Numbers of units of the regions.
    """

    blocks: dict[tuple[int, int], np.ndarray]
    sizes: tuple[int, ...]
    memoryless = True

    def apply(self, phi: np.ndarray) -> np.ndarray:
        currents = np.zeros_like(phi)
        to, of = (of_regions(states, self.sizes) for states in (currents, phi))
        written = set()
        for (mu, nu), block in self.blocks.items():
            if mu in written:
                to[mu] += block @ of[nu]
            else:
                np.matmul(block, of[nu], out=to[mu])
                written.add(mu)
        return currents

    def advance(self, phi: np.ndarray, dt: float) -> None:
        """Fixed couplings do not change."""

    def astype(self, dtype) -> Blocks:
        cast = {key: block.astype(dtype, copy=False) for key, block in self.blocks.items()}
        return Blocks(cast, self.sizes)


def sample_matrix(g: float, reciprocity: float, neurons: int, rng: np.random.Generator) -> Dense:
    """(N, N) couplings of variance g^2/N, with the correlation r of J_ij with J_ji, in float32."""
    matrix = rng.standard_normal((neurons, neurons), dtype=np.float32)
    scale = g / math.sqrt(neurons)
    own, other = _mixture(reciprocity)
    _mix_with_transpose(matrix, scale * own, scale * other)
    return Dense(matrix)


def sample_blocks(g: np.ndarray, reciprocity: np.ndarray | float, sizes: tuple[int, ...],
                  rng: np.random.Generator) -> Blocks:
    """Blocks of variance g_{mu nu}^2/N_nu, with the correlations r_{mu nu}, in float32."""
    pairs = [(int(mu), int(nu)) for mu, nu in zip(*np.nonzero(g), strict=True)]
    blocks = {(mu, nu): rng.standard_normal((sizes[mu], sizes[nu]), dtype=np.float32)
              for mu, nu in pairs}
    for mu, nu in pairs:
        r = float(np.broadcast_to(reciprocity, g.shape)[mu, nu])
        if mu == nu:
            _mix_with_transpose(blocks[mu, mu], *_mixture(r))
        elif mu < nu and r and (nu, mu) in blocks:
            blocks[nu, mu] = np.float32(math.sqrt(1 - r**2)) * blocks[nu, mu]
            blocks[nu, mu] += np.float32(r) * blocks[mu, nu].T
    for mu, nu in pairs:
        blocks[mu, nu] *= float(g[mu, nu]) / math.sqrt(sizes[nu])
    return Blocks(blocks, sizes)


def _mixture(r: float) -> tuple[float, float]:
    """a, b of J = a A + b A^T with a^2 + b^2 = 1 and 2ab = r; so <J_ii^2> is 1 + r times others."""
    even, odd = math.sqrt((1 + r) / 2), math.sqrt((1 - r) / 2)
    return (even + odd) / math.sqrt(2), (even - odd) / math.sqrt(2)


def _mix_with_transpose(matrix: np.ndarray, own: float, other: float) -> None:
    """matrix <- own * matrix + other * matrix^T, in place."""
    if other == 0:
        matrix *= own
        return
    edges = range(0, len(matrix), TRANSPOSE_TILE)
    for i in edges:
        for j in edges:
            if j < i:
                continue
            rows, columns = slice(i, i + TRANSPOSE_TILE), slice(j, j + TRANSPOSE_TILE)
            upper, lower = matrix[rows, columns], matrix[columns, rows]
            mixed = own * upper + other * lower.T
            lower[...] = mixed.T if i == j else own * lower + other * upper.T
            upper[...] = mixed

"""Loadings: low-rank couplings at finite N, stored as their loading vectors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dmft import LowRank

from .operators import of_regions
from .tuning import LOADING_CHUNK, ZERO_EIGENVALUE


@dataclass(frozen=True, eq=False)
class Loadings:
    """J = sum over p of m^p (n^p)^T / N, applied in O(N P), and the directions of the inputs.

    N is the size of the sending region. Where regions have unequal sizes, the arrays have as many
    columns as the largest region, and the columns beyond a smaller one are zero.

    Parameters
    ----------
    m, n : (P, N) arrays
        Loadings m[p] of the units of region target[p], n[p] of those of region source[p].
    inputs : (K, N) array
        Directions of the external inputs; inputs[k] belongs to the units of region entrance[k].
    source, target, entrance : (P,), (P,), (K,) arrays of int
        Indices of regions.
    sizes : (R,) tuple of int
        Numbers of units of the regions.
    """

    m: np.ndarray
    n: np.ndarray
    inputs: np.ndarray
    source: np.ndarray
    target: np.ndarray
    entrance: np.ndarray
    sizes: tuple[int, ...]
    memoryless = True

    def apply(self, phi: np.ndarray) -> np.ndarray:
        return self.along(self.currents(phi))

    def advance(self, phi: np.ndarray, dt: float) -> None:
        """Fixed couplings do not change."""

    def currents(self, phi: np.ndarray) -> np.ndarray:
        """(P, B) currents S_p = n^p . phi / N of states (R N, B)."""
        S = np.zeros((len(self.n), phi.shape[1]), dtype=phi.dtype)
        for region, (size, of) in enumerate(zip(
                self.sizes, of_regions(phi, self.sizes), strict=True)):
            own = self.source == region
            S[own] = self.n[own, :size] @ of
            S[own] /= size
        return S

    def along(self, S: np.ndarray) -> np.ndarray:
        """(R N, B): the sum over p of m^p S_p, for S (P, B)."""
        return self._onto(self.m, self.target, S)

    def along_inputs(self, values: np.ndarray) -> np.ndarray:
        """(R N, B): the sum over the directions of the inputs times `values` (K, B)."""
        return self._onto(self.inputs, self.entrance, values)

    def _onto(self, directions: np.ndarray, target: np.ndarray, values: np.ndarray) -> np.ndarray:
        out = np.zeros((sum(self.sizes), values.shape[1]), dtype=values.dtype)
        for region, (size, onto) in enumerate(zip(
                self.sizes, of_regions(out, self.sizes), strict=True)):
            own = target == region
            np.matmul(directions[own, :size].T, values[own], out=onto)
        return out

    def astype(self, dtype) -> Loadings:
        m, n, inputs = (array.astype(dtype, copy=False) for array in (self.m, self.n, self.inputs))
        return Loadings(m, n, inputs, self.source, self.target, self.entrance, self.sizes)

    def joined(self, other: Loadings) -> Loadings:
        """Both together: the currents and inputs of `other` follow those of this one."""
        both = {name: np.concatenate([getattr(self, name), getattr(other, name)])
                for name in ("m", "n", "inputs", "source", "target", "entrance")}
        return Loadings(**both, sizes=self.sizes)


def sample_loadings(ensemble: LowRank, sizes: tuple[int, ...],
                    rng: np.random.Generator) -> Loadings:
    """Gaussian loadings with the overlaps of an ensemble, in float32.

    On the units of each region m = M^(1/2) w with independent standard normals w, so that
    <m m^T> = M, and n = T M^+ m, so that <n m^T> = T M^+ M = T. M may be singular, since T
    vanishes on its null space. A part of n outside the span of the m would not contribute to any
    average at large N, and is omitted.
    """
    P = len(ensemble.source)
    directions = np.zeros((len(ensemble.target), max(sizes)), dtype=np.float32)
    n = np.zeros((P, max(sizes)), dtype=np.float32)
    for region, neurons in enumerate(sizes):
        own = np.flatnonzero(ensemble.target == region)
        sent = np.flatnonzero(ensemble.source == region)
        if own.size == 0:  # without a current into this region, none can leave it
            continue
        root, inverse = _root_and_inverse(ensemble.covariance[np.ix_(own, own)])
        passed = ensemble.overlaps[np.ix_(sent, own)] @ inverse
        for first in range(0, neurons, LOADING_CHUNK):
            units = slice(first, min(first + LOADING_CHUNK, neurons))
            shape = (own.size, units.stop - units.start)
            m = root @ rng.standard_normal(shape, dtype=np.float32)
            directions[own, units] = m
            n[sent, units] = passed @ m
    return Loadings(directions[:P], n, directions[P:], ensemble.source, ensemble.target[:P],
                    ensemble.target[P:], sizes)


def _root_and_inverse(M: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Symmetric square root and pseudo-inverse of a positive semidefinite matrix."""
    values, vectors = np.linalg.eigh(M)
    values = np.where(values > ZERO_EIGENVALUE * max(values[-1], 0.0), values, 0.0)
    inverse = np.divide(1.0, values, out=np.zeros_like(values), where=values > 0)
    return (vectors * np.sqrt(values)) @ vectors.T, (vectors * inverse) @ vectors.T

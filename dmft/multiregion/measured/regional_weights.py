"""RegionalWeights: the statistics of a weight matrix in regions, with errors and tests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...base.array_data import ArrayData
from ...ensembles.ensemble import Ensemble
from ...ensembles.given_weights import GivenDisorder, GivenLowRank
from ...ensembles.low_rank import LowRank


@dataclass(frozen=True, eq=False)
class RegionalWeights(ArrayData):
    """Low-rank part and disorder of a weight matrix, from `MultiregionNetwork.from_weights`.

    The signs of m and n of one current may both be reversed; so may those of the current.

    Parameters
    ----------
    order : (N,) array of int
        The units in the order of the regions.
    sizes : (R,) tuple of int
        Numbers of units of the regions.
    matrix : (N, N) array
        The weights in that order.
    T, T_stderr : (R, R, R) or (R, R, K, R, K) arrays
        Overlaps of the loadings of this matrix, with <m m> = 1, and their standard errors.
    T_sampling : array, as T
        Standard deviation of the overlaps from network to network of this size, whose loadings
        are drawn from the same statistics: add it (in squares) to compare with an ensemble.
    U, U_stderr : arrays, as T
        Overlaps of the receiving directions, and their standard errors.
    g, g_stderr : (R, R) arrays
        Strength of the rest from region nu (column) to mu, and its standard error.
    strength, strength_stderr : (R, R, K) arrays
        Singular values y of the low-rank part, corrected for those of the rest; 0 where none is
        detected.
    threshold : (R, R) array
        The y below which a low-rank part cannot be told from the rest, beta^(1/4) g.
    left_overlap, right_overlap : (R, R, K) arrays
        Overlap of the measured with the actual m and n, from 0 to 1.
    spikes : (R, R) array of int
        Number of singular values of each block that stand out, whatever the rank.
    rows, columns, spectrum, reciprocity : (R, R) arrays
        p values of the hypotheses that the rest has rows, and columns, of equal variance, the
        singular values of independent entries, and no correlation of X_ij with X_ji.
    correlation, kurtosis : (R, R) arrays
        Correlation of X_ij with X_ji, and excess kurtosis of the entries of the rest.
    loading_kurtosis : (R, R, K, 2) array
        Excess kurtosis of m and n, corrected for the disorder; 0 for Gaussian loadings.
    m, n : (P, N) arrays
        The loadings of current p = (mu R + nu) K + k, with zeros beyond smaller regions, divided by
        their overlap with the actual ones, so that projections on them are unbiased.

    Examples
    --------
    >>> import dmft
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> W = rng.standard_normal((300, 300)) / np.sqrt(300)
    >>> W += 3 * np.outer(*rng.standard_normal((2, 300))) / 300
    >>> found = dmft.MultiregionNetwork.from_weights(W, [300]).weights
    >>> found.spikes.tolist(), round(float(found.strength[0, 0, 0]), 1), found.g.round(2).tolist()
    ([[1]], 3.0, [[1.0]])
    """

    order: np.ndarray
    sizes: tuple[int, ...]
    matrix: np.ndarray
    T: np.ndarray
    T_stderr: np.ndarray
    T_sampling: np.ndarray
    U: np.ndarray
    U_stderr: np.ndarray
    g: np.ndarray
    g_stderr: np.ndarray
    strength: np.ndarray
    strength_stderr: np.ndarray
    threshold: np.ndarray
    left_overlap: np.ndarray
    right_overlap: np.ndarray
    spikes: np.ndarray
    rows: np.ndarray
    columns: np.ndarray
    spectrum: np.ndarray
    reciprocity: np.ndarray
    correlation: np.ndarray
    kurtosis: np.ndarray
    loading_kurtosis: np.ndarray
    m: np.ndarray
    n: np.ndarray

    def __post_init__(self):
        self._freeze()

    @property
    def neurons(self) -> int:
        """Mean number of units of a region, rounded: the `neurons` of `validation.simulate`."""
        return round(sum(self.sizes) / len(self.sizes))

    @property
    def regions(self) -> int:
        """R."""
        return len(self.sizes)

    def ensembles(self, disorder: np.ndarray, structure: LowRank) -> tuple[Ensemble, ...]:
        """The weights as ensembles, without what a network with these fields does not have.

        Blocks without disorder, and currents without overlaps, are left out of the matrix: so the
        weights follow when a region is silenced.
        """
        K, R = self.strength.shape[2], self.regions
        scale = np.repeat(np.tile(self.sizes, R), K)  # of the sending region of each current
        edges = np.cumsum((0, *self.sizes))
        rest = self.matrix.copy()
        for mu in range(R):
            for nu in range(R):
                own = slice((mu * R + nu) * K, (mu * R + nu + 1) * K)
                block = rest[edges[mu]:edges[mu + 1], edges[nu]:edges[nu + 1]]
                block -= (self.m[own, :self.sizes[mu]].T / scale[own]) @ self.n[
                    own, :self.sizes[nu]]
                if disorder[mu, nu] == 0:
                    block[...] = 0.0
        n = self.n * np.any(structure.overlaps, axis=1)[:, None]
        return (GivenDisorder(disorder, rest, self.sizes),
                GivenLowRank(structure, self.m, n, self.sizes))

    def __str__(self) -> str:
        R, K = self.regions, self.strength.shape[2]
        lines = [f"{sum(self.sizes)} units in {R} regions of {', '.join(map(str, self.sizes))}",
                 "to, from: strengths of the low-rank part (threshold), g of the rest; p values of "
                 "rows, columns, spectrum, reciprocity"]
        for mu in range(R):
            for nu in range(R):
                found = ", ".join(
                    f"{self.strength[mu, nu, k]:.3g} +- {self.strength_stderr[mu, nu, k]:.1g}"
                    if self.strength[mu, nu, k] else "none" for k in range(K))
                tests = ", ".join(f"{one[mu, nu]:.2g}" for one in (
                    self.rows, self.columns, self.spectrum, self.reciprocity))
                lines.append(f"{mu}, {nu}: {found} ({self.threshold[mu, nu]:.3g}), g = "
                             f"{self.g[mu, nu]:.4g} +- {self.g_stderr[mu, nu]:.1g}; {tests}")
        size = np.abs(self.T)
        lines.append(f"T: largest {np.max(size):.3g}, median standard error "
                     f"{np.median(self.T_stderr[self.T != 0]) if np.any(self.T) else 0:.2g}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return (f"RegionalWeights({sum(self.sizes)} units in {self.regions} regions, "
                f"{int(np.sum(self.strength > 0))} currents)")

"""MatchingPolytope: symmetric weights of pairs of regions with given row sums, the loads."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import linalg, optimize

from ..base.array_data import ArrayData
from ..base.checks import reject
from .tuning import MAX_BASES, PROGRAMME_TOLERANCE, WEIGHT_ROUNDING


@dataclass(frozen=True, eq=False)
class MatchingPolytope(ArrayData):
    """The symmetric w >= 0 with given row sums, and w = 0 where a pair is not allowed.

    A fractional matching polytope. If all pairs of K different regions are allowed, and no region
    is paired with itself, its dimension is K(K-3)/2, and it is empty if one load is above the sum
    of the others (Clark & Beiran 2025, the attractor manifold of symmetric currents).

    Parameters
    ----------
    loads : (R,) array
        Row sums.
    allowed : (R, R) array of bool
        Symmetric; whether a pair may have weight, on the diagonal a region with itself.
    """

    loads: np.ndarray
    allowed: np.ndarray

    @cached_property
    def pairs(self) -> tuple[np.ndarray, np.ndarray]:
        """The allowed pairs (mu <= nu), the coordinates of the polytope."""
        first, second = np.nonzero(np.triu(self.allowed))
        return first, second

    @cached_property
    def incidence(self) -> np.ndarray:
        """(R, n) incidence matrix: 1 where a pair contributes to a region's load."""
        first, second = self.pairs
        region = np.arange(len(self.loads))[:, None]
        return ((region == first) | (region == second)).astype(float)

    def minimiser(self, cost: np.ndarray) -> np.ndarray:
        """(n,) weights of a vertex that minimises a linear function of them."""
        if len(cost) == 0:
            return np.zeros(0)
        size = np.max(self.loads)  # the tolerances of the linear programme are absolute
        found = optimize.linprog(cost, A_eq=self.incidence, b_eq=self.loads / size,
                                 method="highs-ds",
                                 options={"primal_feasibility_tolerance": PROGRAMME_TOLERANCE,
                                          "dual_feasibility_tolerance": PROGRAMME_TOLERANCE})
        if found.x is None:
            reject("loads", self.loads, "no weights of the allowed pairs have these row sums",
                   "give loads none of which is above the sum of its partners' loads")
        return np.maximum(found.x, 0.0) * size

    @cached_property
    def ranges(self) -> tuple[np.ndarray, np.ndarray]:
        """(n,) smallest and largest weight of each pair, by two linear programmes per pair."""
        units = np.eye(len(self.pairs[0]))
        low = np.array([self.minimiser(one)[i] for i, one in enumerate(units)])
        high = np.array([self.minimiser(-one)[i] for i, one in enumerate(units)])
        limit = WEIGHT_ROUNDING * np.max(self.loads, initial=0.0)
        return np.where(low > limit, low, 0.0), np.where(high > limit, high, 0.0)

    @property
    def dimension(self) -> int:
        """Number of pairs that are nonzero somewhere, minus that of independent row sums."""
        free = self.incidence[:, self.ranges[1] > 0]
        return free.shape[1] - (int(np.linalg.matrix_rank(free)) if free.size else 0)

    def random_point(self, rng: np.random.Generator) -> np.ndarray:
        """(n,) weights: a random convex combination of dimension + 1 random vertices."""
        count = self.dimension + 1
        corners = [self.minimiser(rng.standard_normal(len(self.pairs[0]))) for _ in range(count)]
        return rng.dirichlet(np.ones(count)) @ np.array(corners)

    def vertices(self) -> np.ndarray:
        """(number, n) weights of all vertices, by enumeration of all bases.

        Raises
        ------
        ModelError
            If there are more than 2e5 bases.
        """
        free = np.flatnonzero(self.ranges[1] > 0)
        A = self.incidence[:, free]
        rank = len(free) - self.dimension
        if math.comb(len(free), rank) > MAX_BASES:
            reject("network", f"{len(free)} pairs", f"more than {MAX_BASES} candidates for "
                   "vertices", "use .point(rng), a random point, instead")
        if rank == 0:
            return np.zeros((1, len(self.pairs[0])))
        rows = linalg.qr(A.T, pivoting=True)[2][:rank]
        bases = np.array(list(itertools.combinations(range(len(free)), rank)))
        matrices = np.moveaxis(A[rows][:, bases], 1, 0)
        regular = np.abs(np.linalg.det(matrices)) > 0.5  # a determinant of 0s and 1s is an integer
        bases = bases[regular]
        load = np.broadcast_to(self.loads[rows][:, None], (len(bases), rank, 1))
        values = np.linalg.solve(matrices[regular], load)[..., 0]
        inside = np.min(values, axis=1) > -WEIGHT_ROUNDING * np.max(self.loads)
        found = np.zeros((np.sum(inside), len(self.pairs[0])))
        np.put_along_axis(found, free[bases[inside]], np.maximum(values[inside], 0.0), axis=1)
        same = np.round(found / np.max(self.loads), 8)
        return found[np.unique(same, axis=0, return_index=True)[1]]

"""MatchingPolytope: all ways in which pairs of regions can share out the regions' loads."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import linalg, optimize

from ..base.array_data import ArrayData
from ..base.checks import reject

ROUNDING = 1e-9  # of weights, relative to the largest load
TOLERANCE = 1e-10  # of the linear programmes, the smallest that they take
MOST_BASES = 200_000  # candidates for vertices that are tried


@dataclass(frozen=True, eq=False)
class MatchingPolytope(ArrayData):
    """The symmetric w >= 0 of given row sums, w = 0 where no pair is allowed.

    A fractional matching polytope: with all pairs of K regions allowed, and none with itself, of
    dimension K(K-3)/2 and empty if one load is above the sum of the others (Clark & Beiran 2025,
    the attractor manifold of symmetric currents).

    Parameters
    ----------
    loads : (R,) array
        Row sums.
    allowed : (R, R) array of bool
        Symmetric; its diagonal says which regions may hold a share for themselves.
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
        """(R, n): 1 where a pair adds to a region's load."""
        first, second = self.pairs
        region = np.arange(len(self.loads))[:, None]
        return ((region == first) | (region == second)).astype(float)

    def best(self, cost: np.ndarray) -> np.ndarray:
        """(n,) weights of a vertex at which a linear function of them is least."""
        if len(cost) == 0:
            return np.zeros(0)
        size = np.max(self.loads)  # the programme's tolerances are absolute
        found = optimize.linprog(cost, A_eq=self.incidence, b_eq=self.loads / size,
                                 method="highs-ds",
                                 options={"primal_feasibility_tolerance": TOLERANCE,
                                          "dual_feasibility_tolerance": TOLERANCE})
        if found.x is None:
            reject("loads", self.loads, "no pairs share them out",
                   "give loads none of which is above what its partners can take")
        return np.maximum(found.x, 0.0) * size

    @cached_property
    def ranges(self) -> tuple[np.ndarray, np.ndarray]:
        """(n,) least and greatest weight of each pair: two linear programmes for each."""
        units = np.eye(len(self.pairs[0]))
        low = np.array([self.best(one)[i] for i, one in enumerate(units)])
        high = np.array([self.best(-one)[i] for i, one in enumerate(units)])
        limit = ROUNDING * np.max(self.loads, initial=0.0)
        return np.where(low > limit, low, 0.0), np.where(high > limit, high, 0.0)

    @property
    def dimension(self) -> int:
        """Of the polytope: pairs that are not zero throughout, less independent row sums."""
        free = self.incidence[:, self.ranges[1] > 0]
        return free.shape[1] - (int(np.linalg.matrix_rank(free)) if free.size else 0)

    def random(self, rng: np.random.Generator) -> np.ndarray:
        """(n,) weights: a random mixture of vertices, as many as reach every point."""
        count = self.dimension + 1
        corners = [self.best(rng.standard_normal(len(self.pairs[0]))) for _ in range(count)]
        return rng.dirichlet(np.ones(count)) @ np.array(corners)

    def vertices(self) -> np.ndarray:
        """(number, n) weights of all vertices, by trying every basis.

        Raises
        ------
        ModelError
            If there are more than 2e5 bases to try.
        """
        free = np.flatnonzero(self.ranges[1] > 0)
        A = self.incidence[:, free]
        rank = len(free) - self.dimension
        if math.comb(len(free), rank) > MOST_BASES:
            reject("network", f"{len(free)} pairs", "has too many candidates for vertices",
                   "take .point(rng) at random points instead")
        if rank == 0:
            return np.zeros((1, len(self.pairs[0])))
        rows = linalg.qr(A.T, pivoting=True)[2][:rank]
        bases = np.array(list(itertools.combinations(range(len(free)), rank)))
        matrices = np.moveaxis(A[rows][:, bases], 1, 0)
        regular = np.abs(np.linalg.det(matrices)) > 0.5  # of 0s and 1s: a whole number
        bases = bases[regular]
        load = np.broadcast_to(self.loads[rows][:, None], (len(bases), rank, 1))
        values = np.linalg.solve(matrices[regular], load)[..., 0]
        inside = np.min(values, axis=1) > -ROUNDING * np.max(self.loads)
        found = np.zeros((np.sum(inside), len(self.pairs[0])))
        np.put_along_axis(found, free[bases[inside]], np.maximum(values[inside], 0.0), axis=1)
        same = np.round(found / np.max(self.loads), 8)
        return found[np.unique(same, axis=0, return_index=True)[1]]

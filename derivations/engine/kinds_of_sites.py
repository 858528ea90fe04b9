"""Couplings between several populations of sites, and rank-one couplings along loadings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sympy as sp

from .couplings import Ensemble, drawn_exponent, normals, over_normals
from .disorder import ActionTerm, Functional, Kind, N, between, group, i, j, s, t


@dataclass(frozen=True)
class RankOne(Ensemble):
    """J_ij = m_i n_j / N: the projection of the activity on n drives the sites along m."""

    m: sp.IndexedBase
    n: sp.IndexedBase

    def mean(self) -> sp.Expr:
        """Static."""
        return self.m[i] * self.n[j] / N * sp.KroneckerDelta(t, s)

    def sample(self, size: int) -> sp.Matrix:
        """A deterministic matrix: the loadings are given."""
        return sp.Matrix(size, size, lambda a, b: self.m[a + 1] * self.n[b + 1] / size)


@dataclass(frozen=True)
class Blocks(Ensemble):
    """An ensemble for each pair of kinds, (receiving, sending), independent of the other pairs.

    In every block N stands for the number of sending sites, a fraction ``share`` of all N; without
    ``share`` every kind is counted as N sites.
    """

    blocks: Mapping[tuple[Kind, Kind], Ensemble]
    share: Mapping[Kind, sp.Expr] = field(default_factory=dict)

    def averaged(self, coupling: ActionTerm, instants: Iterable[int]) -> sp.Expr:
        """Averages of independent blocks multiply, so their exponents add."""
        instants = tuple(instants)
        return sum(
            block.averaged(between(coupling, here, there), instants)
            .subs(N, N * self.share.get(there, sp.S.One))
            for (here, there), block in self.blocks.items()
        )  # fmt: skip

    def functional(self, coupling: ActionTerm, instants: Iterable[int]) -> Functional:
        """Order parameters of each kind, weighted with its fraction of the sites."""
        return group(self.averaged(coupling, instants), self.share)


def explicit_network(
    ensemble: Blocks, coupling: ActionTerm, size: int, instants: Iterable[int]
) -> sp.Expr:
    """Exponent of the average of a network with ``size`` units of each kind.

    By integrals over every normal from which its couplings are drawn.
    """
    drawn: list[sp.Expr] = []
    exponent = sp.S.Zero
    parts = [(kinds, part) for kinds, block in ensemble.blocks.items()
             for part in getattr(block, "parts", (block,))]  # fmt: skip
    for number, (kinds, part) in enumerate(parts):
        own = {A: sp.Symbol(f"{A}_{number}", real=True) for A in normals(size)}
        matrix = part.sample(size).xreplace(own)
        exponent += drawn_exponent(between(coupling, *kinds), matrix, instants)
        drawn += own.values()
    return over_normals(exponent, drawn)

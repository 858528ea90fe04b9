"""Hebbian and anti-Hebbian couplings: what they leave in a single unit, by the engine."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from .couplings import Ensemble
from .derivation import Formula
from .disorder import N, i, j, phi, s, t

TEST = "tests/derivations/test_plasticity.py"
k = sp.Symbol("k", real=True)
p = sp.Symbol("p", positive=True)
C = sp.Symbol("C", positive=True)
tau, omega = sp.symbols("tau omega", real=True)

MEMORY = k / p * sp.exp(-tau / p) * C
STATIC = k / (1 + sp.I * p * omega)
SYMBOLS = {
    "k": "Strength of the plasticity: Hebbian if positive, anti-Hebbian if negative.",
    "p": "Time constant of the synapses, in neuronal time constants.",
    "C": "Correlation of phi at the lag; of fixed points and at equal times, its mean square.",
    "tau": "Lag, not negative.", "omega": "Angular frequency.",
}  # fmt: skip


@dataclass(frozen=True)
class Hebbian(Ensemble):
    """A_ij(t) = (k/pN) sum over s < t of exp(-(t-s)/p) phi_i(s) phi_j(s)."""

    k: sp.Expr
    p: sp.Expr

    def mean(self) -> sp.Expr:
        """Given the activity, these couplings are no longer random."""
        past = sp.Heaviside(t - s - sp.S.Half)
        return self.k / (self.p * N) * sp.exp(-(t - s) / self.p) * past * phi[i, s] * phi[j, s]


def formulas() -> tuple[Formula, ...]:
    """The memory in time, and its transfer where the correlation does not decay."""
    return (
        Formula("memory", (tau, k, p, C), MEMORY,
                "Weight of a unit's own phi, a lag ago, in its input."
                "\nClark & Abbott 2024: the synapses keep what unit and network did together.",
                test=f"{TEST}::test_memory"),
        Formula("memory_static", (omega, k, p), STATIC,
                "Transform of the memory per unit of C, for the part of C that does not decay.",
                test=f"{TEST}::test_memory"),
    )  # fmt: skip

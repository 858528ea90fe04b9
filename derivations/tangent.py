"""The largest Lyapunov exponent of neurons and synapses, by a linear mean-field equation."""

from __future__ import annotations

import sympy as sp

from .derivation import Formula, Step
from .hebbian import TEST, C, k, p, tau
from .local_loop import lam

TANGENT = k / p * sp.exp(-(lam + 1 / p) * tau) * C


def steps() -> tuple[Step, ...]:
    """The tangent."""
    return ()


def formulas() -> tuple[Formula, ...]:
    """The memory that a perturbation sees."""
    return (
        Formula("tangent_memory", (tau, lam, k, p, C), TANGENT,
                "Memory of a perturbation, with its growth taken out.",
                test=f"{TEST}::test_tangent_memory"),
    )  # fmt: skip

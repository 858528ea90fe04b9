"""Plasticity that is halted: the fixed point that a chaotic network may freeze into."""

from __future__ import annotations

import sympy as sp

from .derivation import Formula, Step
from .hebbian import MEMORY, TEST, C, k, p, tau

c = sp.Symbol("c", real=True)
FROZEN = MEMORY.xreplace({C: c})
SYMBOLS = {"c": "Correlation of the frozen phi with phi a lag before the halt."}


def steps() -> tuple[Step, ...]:
    """After the halt."""
    return ()


def formulas() -> tuple[Formula, ...]:
    """The weight of the past in the frozen fixed point."""
    return (
        Formula("frozen_memory", (tau, k, p, c), FROZEN,
                "Weight of phi, a lag before the halt, in the frozen fixed point.",
                test=f"{TEST}::test_frozen_memory"),
    )  # fmt: skip

"""Neurons and synapses together: N + N^2 variables, of which 2N matter."""

from __future__ import annotations

import sympy as sp

from .derivation import Formula, Step
from .hebbian import TEST, C, k, p
from .local_loop import slope

phi_i, phi_j, slope_j = sp.symbols("phi_i phi_j slope_j", real=True)
DIAGONAL = k * C * slope / p
RANK_ONE = k * phi_i * phi_j * slope_j / p
SYMBOLS = {"phi_i": "phi of the unit of the row.", "phi_j": "phi of the unit of the column.",
           "slope_j": "Slope of phi of the unit of the column."}  # fmt: skip


def steps() -> tuple[Step, ...]:
    """The reduction."""
    return ()


def formulas() -> tuple[Formula, ...]:
    """Entries of the block from neurons to synapses."""
    test = f"{TEST}::test_joint_jacobian"
    return (
        Formula("joint_synaptic_block_diagonal", (slope, C, k, p), DIAGONAL,
                "Diagonal of the block that takes neurons to their synapses.", test=test),
        Formula("joint_synaptic_block_rank_one", (phi_i, phi_j, slope_j, k, p), RANK_ONE,
                "N times the rest of this block, an outer product.", test=test),
    )  # fmt: skip

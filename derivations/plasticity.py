"""Hebbian and anti-Hebbian plasticity: from the action to freezing."""

from __future__ import annotations

from . import freezing, hebbian, joint_jacobian, local_loop, root_count, tangent
from .derivation import Derivation

PARTS = (hebbian, local_loop, joint_jacobian, root_count, freezing, tangent)


def derive() -> Derivation:
    """Steps, formulas and conditions, part by part."""
    return Derivation(
        name="plasticity", title="Plasticity",
        introduction="$(1+d/dt)\\,x_i = \\sum_j [J_{ij} + A_{ij}(t)]\\,\\phi_j$ with independent"
        " Gaussian $J_{ij}$ of variance $g^2/N$, and $(1+p\\,d/dt)\\,A_{ij} = (k/N)\\,\\phi_i"
        "\\phi_j$: couplings that follow the activity which they shape. Hebbian for $k > 0$,"
        " anti-Hebbian for $k < 0$. Time is in units of the neuronal time constant.",
        steps=tuple(step for part in PARTS for step in getattr(part, "steps", tuple)()),
        formulas=tuple(formula for part in PARTS for formula in part.formulas()),
        conditions=tuple(one for part in PARTS for one in getattr(part, "conditions", tuple)()),
        symbols={name: says for part in PARTS
                 for name, says in getattr(part, "SYMBOLS", {}).items()},
        references=(
            "D. Clark, L. Abbott, Theory of coupled neuronal-synaptic dynamics (2024).",
        ),
    )  # fmt: skip

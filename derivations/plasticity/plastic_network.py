"""Hebbian and anti-Hebbian plasticity: the complete derivation, from the action to freezing."""

from __future__ import annotations

from collections.abc import Sequence

from ..engine.couplings import Ensemble
from ..engine.derivation import Derivation
from ..engine.disorder import ActionTerm, network_action
from . import (
    all_fixed_points,
    determinant,
    distant_times,
    freezing,
    hebbian,
    isolated_eigenvalues,
    joint_jacobian,
    kac_rice,
    local_loop,
    onset,
    tangent,
)

PARTS = (hebbian, local_loop, joint_jacobian, determinant, kac_rice, all_fixed_points,
         isolated_eigenvalues, freezing, tangent, onset, distant_times)  # fmt: skip


def derive(
    action: Sequence[ActionTerm] | None = None, ensemble: Ensemble | None = None
) -> Derivation:
    """Part by part; another action or ensemble can be passed, to test that errors are detected."""
    action = network_action() if action is None else action
    ensemble = hebbian.Hebbian(hebbian.k, hebbian.p) if ensemble is None else ensemble
    steps = hebbian.steps(action, ensemble)
    return Derivation(
        name="plasticity", title="Plasticity",
        introduction="$(1+d/dt)\\,x_i = \\sum_j [J_{ij} + A_{ij}(t)]\\,\\phi_j$ with independent"
                     " Gaussian $J_{ij}$ of variance $g^2/N$, and $(1+p\\,d/dt)\\,A_{ij} ="
                     " (k/N)\\,\\phi_i\\phi_j$: couplings driven by the activity that they shape."
                     " Hebbian for $k > 0$, anti-Hebbian for $k < 0$. Time is in units of the"
                     " neuronal time constant.",
        steps=steps + tuple(step for part in PARTS[1:] for step in part.steps()),
        formulas=tuple(formula for part in PARTS for formula in part.formulas()),
        conditions=tuple(one for part in (determinant, kac_rice, isolated_eigenvalues,
                                             freezing, tangent)
                         for one in part.conditions()),
        symbols={name: says for part in PARTS for name, says in part.SYMBOLS.items()},
        references=(
            "D. Clark, L. Abbott, Theory of coupled neuronal-synaptic dynamics (2024).",
            "Y. Ahmadian, F. Fumarola, K. Miller, Properties of networks with partially structured"
            " and partially random connectivity (2015): the support of the spectrum.",
            "Y. Fyodorov, B. Khoruzhenko, Nonlinear analogue of the May-Wigner instability"
            " transition (2016): the number of fixed points.",
        ),
    )  # fmt: skip

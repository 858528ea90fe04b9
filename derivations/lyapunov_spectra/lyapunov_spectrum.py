"""The distribution of all Lyapunov exponents: the complete derivation."""

from __future__ import annotations

import sympy as sp

from ..engine.couplings import Ensemble
from ..engine.derivation import Derivation
from . import averaged_tangent, counting, stationary_function, tangent_memory
from .stationary_function import Omega
from .tangent_memory import p


def derive(omega: Omega | None = None, iid: Ensemble | None = None,
           plastic_rate: sp.Expr = 1 / p, feedback: sp.Expr = sp.S.One) -> Derivation:
    """Part by part; other coefficients or ensembles can be passed, to test that errors are seen."""
    return Derivation(
        name="lyapunov_spectra", title="The spectrum of Lyapunov exponents",
        introduction="Perturbations of a network follow $(d/dt + 1 - J D(t))\\,v = 0$ with the"
                     " diagonal matrix D of the gains phi'. Exponents are shifted by s and counted"
                     " by the response to a source; the couplings are averaged, and a single unit"
                     " on a path of its gain is left, with two kernels A and P.",
        steps=(counting.steps() + averaged_tangent.steps(iid) + stationary_function.steps(omega)
               + tangent_memory.steps(plastic_rate, feedback)),
        formulas=tangent_memory.formulas(), symbols=tangent_memory.SYMBOLS,
        references=(
            "D. G. Clark, Lyapunov spectrum of random neural networks: the disorder average and the"
            " single-site theory of F(s) for independent couplings.",
            "R. Engelken, F. Wolf, L. Abbott, Lyapunov spectra of chaotic recurrent neural networks"
            " (2023).",
            "P. Frederickson, J. Kaplan, E. Yorke, J. Yorke, The Liapunov dimension of strange"
            " attractors (1983).",
        ),
    )  # fmt: skip

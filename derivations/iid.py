"""Independent couplings with reciprocity: from the equation of motion to a single site."""

from __future__ import annotations

import sympy as sp

from .derivation import Derivation, Formula

C_phi, R_phi = sp.symbols("C_phi R_phi")
g = sp.Symbol("g", positive=True)
reciprocity = sp.Symbol("reciprocity", real=True)
TEST = "tests/derivations/test_iid.py"


def derive() -> Derivation:
    """Formulas."""
    def formula(name, args, value, doc):
        return Formula(name, args, value, doc, test=f"{TEST}::test_{name}")

    noise = g**2 * C_phi
    formulas = (
        formula("noise_covariance", (C_phi, g), noise,
                "Covariance of the input that a unit receives through its couplings."
                "\nSompolinsky, Crisanti & Sommers 1988."),
        formula("memory_kernel", (R_phi, g, reciprocity), reciprocity * g**2 * R_phi,
                "Weight of a unit's own past phi in its input."
                "\nReciprocal couplings return a unit's output through the response of the others."),
        formula("noise_gain", (g,), sp.diff(noise, C_phi),
                "Derivative of the input's covariance in the correlation of phi."),
    )  # fmt: skip
    return Derivation(name="iid", title="Independent couplings with reciprocity",
                      introduction="", formulas=formulas,
                      symbols={"C_phi": "Correlation of phi.", "R_phi": "Mean response of phi.",
                               "g": "Standard deviation of the couplings times sqrt(N).",
                               "reciprocity": "Correlation of J_ij and J_ji, in [-1, 1]."})  # fmt: skip

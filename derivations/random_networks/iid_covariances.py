"""Covariances between the units of a network with independent couplings and reciprocity."""

from __future__ import annotations

import sympy as sp

from ..engine.couplings import Ensemble
from ..engine.derivation import Formula, Step
from ..engine.four_point import C_eta, H, K, current, fluctuations, observed
from ..engine.spectral import (
    C,
    S,
    bar,
    conjugate_fields,
    second_derivatives,
    spectral_functional,
    split,
)

g = sp.Symbol("g", positive=True)
reciprocity = sp.Symbol("reciprocity", real=True)
C_1, C_2 = C.values()
c, d = sp.symbols("c d")
TEST = "tests/derivations/random_networks/test_iid.py"
SYMBOLS = {
    "C_1": "Spectrum of phi at one frequency.", "C_2": "Spectrum of phi at the other.",
    "c": "g^2 S_1 conj(S_2), S being the mean response of phi.",
    "d": "reciprocity g^2 S_1 S_2.",
}  # fmt: skip

COVARIANCE = C_1 * C_2 * (
    (1 - sp.Abs(d) ** 2) / (sp.Abs(1 - d) ** 2 * sp.Abs(1 - c) ** 2) - 1
)


def steps(ensemble: Ensemble) -> tuple[Step, ...]:
    """From the second derivatives of W to the covariances."""
    S_1, S_2 = S.values()
    W2 = second_derivatives(ensemble)
    gains = {c: g**2 * S_1 * bar(S_2), d: reciprocity * g**2 * S_1 * S_2}
    gains |= {bar(c): g**2 * bar(S_1) * S_2, bar(d): reciprocity * g**2 * bar(S_1) * bar(S_2)}

    def first() -> list[sp.Expr]:
        form = conjugate_fields(spectral_functional(ensemble), 1)
        return [form[1, 1] - g**2 * C_1, form[1, 0] - reciprocity * g**2 * S_1]

    def closed() -> sp.Expr:
        return fluctuations(W2)[0, 0] - C_1 * C_2 - split(COVARIANCE).xreplace(gains)

    def of_x() -> sp.Expr:
        """Without reciprocity, but with white noise of the spectra nu."""
        bare = W2.subs(reciprocity, 0)
        known: dict[sp.Expr, sp.Expr] = {}
        for w in (1, 2):
            known |= {K[w]: 0, bar(K[w]): 0, C_eta[w]: g**2 * C[w] + sp.Symbol(f"nu_{w}")}
        found = observed(current(1), current(2), bare, fluctuations(bare)).subs(known)
        x = [current(w)[2].subs(known) for w in (1, 2)]
        filters = sp.prod(H[w] * bar(H[w]) for w in (1, 2))
        expected = (x[0] * x[1] * (1 - c * bar(c)) + filters * g**4 * C_1 * C_2) / (
            (1 - c) * (1 - bar(c)))  # fmt: skip
        return found - expected.subs(gains)

    return (
        Step("At one frequency the first derivatives of W are the transforms of noise and memory.",
             r"C_\eta(\omega) = g^2 C(\omega),\quad K(\omega) = r g^2 S(\omega)", first),
        Step("The second derivatives, between two frequencies: one entry for the noise and one for"
             " the memory.",
             r"\frac{\partial^2 W}{\partial B_{\phi\phi}\partial B_{ss}} = -g^2,\quad"
             r" \frac{\partial^2 W}{\partial B_{\phi s}\partial B_{\phi s}} = r g^2",
             lambda: [W2[0, 3] + g**2, W2[1, 1] - reciprocity * g**2, W2[2, 2] - W2[1, 1],
                      W2[3, 0] - W2[0, 3], W2[3, 3]]),
        Step("Covariances between units follow from the engine's inverse.",
             r"\Psi_\phi + C_1C_2 = C_1C_2\,\frac{1-|d|^2}{|1-d|^2|1-c|^2},\quad c ="
             r" g^2S_1S_2^*,\ d = r g^2 S_1S_2", closed, sp.cancel),
        Step("The covariances of x, without reciprocity but with white noise.",
             r"\Psi_x + \Delta_1\Delta_2 = \frac{\Delta_1\Delta_2(1-|c|^2) + |H_1H_2|^2g^4C_1C_2}"
             r"{|1-c|^2},\quad \Delta = |H|^2(g^2C + 2\sigma^2)", of_x, sp.cancel),
    )  # fmt: skip


def formulas(ensemble: Ensemble) -> tuple[Formula, ...]:
    """Second derivatives, and the closed form."""
    W2 = second_derivatives(ensemble)

    def formula(name, args, value, doc):
        return Formula(name, args, value, doc, test=f"{TEST}::test_covariances")

    return (
        formula("hessian_noise", (g,), W2[0, 3],
                "Second derivative of W in <phi phi*> and <s s*>."),
        formula("hessian_memory", (g, reciprocity), W2[1, 1],
                "Second derivative of W in <phi s*> at both frequencies, and in <s phi*>."),
        formula("covariance_phi", (C_1, C_2, c, d), COVARIANCE,
                "Psi_phi: mean product of two units' cross-spectra of phi, times N."
                "\nWith c and d of the frequencies (omega_1, omega_2) it is the transform of"
                " N <C_ij(tau_1) C_ij(-tau_2)>. Clark, Abbott & Litwin-Kumar 2023 without"
                " reciprocity (d = 0)."),
    )  # fmt: skip

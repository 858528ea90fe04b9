"""The current x of a site with any nonlinearity: its spectrum, and its cross-spectra with phi."""

from __future__ import annotations

import sympy as sp

from ..engine.derivation import Formula, Step
from ..engine.four_point import current, left_right, stiffness
from ..engine.spectral import PAIRS, C, S, bar, inverse, propagator, split

TEST = "tests/derivations/fluctuations/test_fluctuations.py"

# What is printed: complex arrays H, S, K, and the real spectra.
h, r, k = sp.symbols("H S K")
spectrum, noise_spectrum = sp.symbols("C_phi C_eta", positive=True)
WITH_PHI = h * (noise_spectrum * sp.conjugate(r) + k * spectrum)
WITH_S = -h * (1 + k * r)
POWER = sp.Abs(h) ** 2 * (
    noise_spectrum + 2 * sp.re(k * r) * noise_spectrum + sp.Abs(k) ** 2 * spectrum
)
SYMBOLS = {
    "H": "Filter of the unit, 1/(1 + i omega).", "S": "Mean response of phi.",
    "K": "Transform of the memory kernel.", "C_phi": "Spectrum of phi.",
    "C_eta": "Spectrum of the unit's noise, white noise included.",
}  # fmt: skip


def steps(W2: sp.Matrix, F: sp.Matrix) -> tuple[Step, ...]:
    """Cross-spectra of x, phi and s; then the projection of x on the fields of B, for any W''."""

    def novikov() -> list[sp.Expr]:
        Sigma = sp.Matrix(2, 2, sp.symbols("Sigma_00 Sigma_01 Sigma_01 Sigma_11"))
        P, e = Sigma.inv(), sp.Matrix(sp.symbols("eta_0 eta_1", real=True))
        p = sp.exp(-(e.T * P * e)[0] / 2)
        f = sp.Function("phi")(*e)
        return [
            sum(Sigma[a, b] * (sp.diff(f * p, e[b]) - sp.diff(f, e[b]) * p) for b in range(2)) / p
            + e[a] * f for a in range(2)
        ]  # fmt: skip

    def products() -> list[sp.Expr]:
        """x = H (eta + K phi), multiplied out with <phi eta^*> = S C_eta."""
        eta, eta_c, out, out_c = sp.symbols("eta eta_c phi phi_c")
        mean = {eta * eta_c: noise_spectrum, out * eta_c: r * noise_spectrum,
                eta * out_c: bar(r) * noise_spectrum, out * out_c: spectrum}  # fmt: skip
        x, x_c = h * (eta + k * out), bar(h) * (eta_c + bar(k) * out_c)

        def average(product: sp.Expr) -> sp.Expr:
            poly = sp.Poly(sp.expand(product), eta, eta_c, out, out_c)
            return sum(value * mean[sp.prod(v**n for v, n in zip(poly.gens, powers, strict=True))]
                       for powers, value in poly.terms())  # fmt: skip

        return [average(x * out_c) - split(WITH_PHI), average(x * x_c) - split(POWER)]

    def response() -> sp.Expr:
        """With an input f added to the noise: phi responds with S, and s acts as -d/df."""
        f, out = sp.symbols("f phi_0")
        x = h * (sp.Symbol("eta") + f + k * (out + r * f))
        return sp.expand(-sp.diff(x, f) - WITH_S)

    def engine() -> list[sp.Expr]:
        one = current(1)
        names = {h: sp.Symbol("H_1"), r: S[1], k: sp.Symbol("K_1"), spectrum: C[1],
                 noise_spectrum: sp.Symbol("C_eta_1", positive=True)}  # fmt: skip
        return [split(formula.xreplace(names)) - value for formula, value in zip(
            (WITH_PHI, WITH_S, POWER), (one[0][0], one[0][1], one[2]), strict=True)] + [
            split(sp.conjugate(WITH_PHI).xreplace(names)) - one[1][0],
            split(-sp.conjugate(WITH_S).xreplace(names)) - one[1][1]]  # fmt: skip

    def regressed() -> list[sp.Expr]:
        """W'' + W'' F W'' = Q F Q - Q: x enters B through its regression on phi and s."""
        Q = stiffness()
        left, right = left_right(current(1), current(2))
        beta = {w: sp.Matrix([current(w)[0]]) * inverse(propagator(w)) for w in (1, 2)}
        regressed_power = {w: (beta[w] * sp.Matrix(current(w)[1]))[0] for w in (1, 2)}
        back = {w: inverse(propagator(w)) * sp.Matrix(current(w)[1]) for w in (1, 2)}
        into = sp.Matrix([beta[1][a] * back[2][b] for a, b in PAIRS])
        out = sp.Matrix([back[1][d] * beta[2][c] for c, d in PAIRS])
        return [*(W2 + W2 * F * W2 - Q * F * Q + Q),
                (right.T * Q * left)[0] - regressed_power[1] * regressed_power[2],
                *(Q * left - into), *(Q.T * right - out)]  # fmt: skip

    return (
        Step("The noise of a site is Gaussian, and its correlation with phi is the response times"
             " the spectrum of the noise (Novikov's theorem): both sides differ by a divergence.",
             r"\langle\eta_a\,\phi\rangle = \sum_b\Sigma_{ab}\,\Big\langle\frac{\partial\phi}"
             r"{\partial\eta_b}\Big\rangle \;\Rightarrow\; \langle\phi\,\eta^*\rangle = S\,C_\eta",
             novikov),
        Step("The current is the filtered sum of noise and memory. Its cross-spectrum with phi, and"
             " its spectrum; white noise is part of the noise.",
             r"x = H(\eta + K\phi):\quad \langle x\phi^*\rangle = H(C_\eta S^* + KC),\quad"
             r" \langle xx^*\rangle = |H|^2\,[C_\eta + 2\,\mathrm{Re}(KS)\,C_\eta + |K|^2C]",
             products),
        Step("Its response to an input gives the cross-spectrum with s.",
             r"\langle x s^*\rangle = -H(1 + KS)", response),
        Step("These are the expressions that the engine uses; the conjugate ones follow.",
             r"\langle\phi x^*\rangle = \langle x\phi^*\rangle^*,\quad \langle s x^*\rangle ="
             r" -\langle x s^*\rangle^*", engine, sp.cancel),
        Step("The fluctuations of B depend on x only through its regression on phi and s.",
             r"W'' + W''FW'' = QFQ - Q,\quad Q\,\mathrm{left} = \beta_1\otimes\beta_2^*,\quad"
             r" \beta = \langle x\psi^\dagger\rangle G^{-1}", regressed, sp.cancel),
    )  # fmt: skip


def formulas() -> tuple[Formula, ...]:
    """Spectra of the current."""

    def formula(name, args, value, doc):
        return Formula(name, args, value, doc, test=f"{TEST}::test_current")

    return (
        formula("x_phi", (h, r, k, spectrum, noise_spectrum), WITH_PHI,
                "Cross-spectrum <x phi*> of a site's current and its phi."
                "\nBy Novikov's theorem <phi eta*> = S C_eta, for any nonlinearity phi."),
        formula("x_response", (h, r, k), WITH_S,
                "Cross-spectrum <x s*> of the current and the response field: minus the response"
                " of x to an input."),
        formula("x_power", (h, r, k, spectrum, noise_spectrum), POWER,
                "Spectrum <x x*> of a site's current."),
    )  # fmt: skip

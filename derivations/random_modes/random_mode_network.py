"""Random modes: noise, memory and covariances, from the determinant of one mode."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import sympy as sp

from ..engine.couplings import gaussian_exponent
from ..engine.derivation import Derivation, Formula, Step
from ..engine.disorder import delta0, network_action, noise, order_parameter, phi, term, xhat
from ..engine.saddle import C_phi, R_phi, single_site
from ..engine.spectral import (
    COUPLING,
    C,
    S,
    bar,
    conjugate_fields,
    hessian,
    pair,
    propagator,
    spectral_functional,
    split,
)
from . import linear_network, mode_covariances, mode_spectrum
from .modes import Modes, explicit_mode

D, rho = sp.symbols("D rho", real=True)
response = sp.Symbol("S")
correlation = sp.Symbol("C_phi", positive=True)
alpha = sp.Symbol("alpha", positive=True)
TEST = "tests/derivations/random_modes/test_random_modes.py"

TRANSFER = D * response / (1 - D * rho * response)
NOISE = correlation * D**2 / sp.Abs(1 - D * rho * response) ** 2
MEMORY = D * rho / (1 - D * rho * response)
PROPAGATOR = {
    (0, 1): -D / sp.conjugate(1 - D * rho * response),
    (1, 0): D / (1 - D * rho * response),
    (1, 1): NOISE,
}


def at(expression: sp.Expr, w: int) -> sp.Expr:
    """A printed expression, at the frequency w."""
    return split(sp.sympify(expression).xreplace({response: S[w], correlation: C[w]}))


def propagators(w: int) -> sp.Matrix:
    """P = (1 + Y B)^{-1} Y of one mode at the saddle point."""
    return sp.Matrix(2, 2, lambda a, b: at(PROPAGATOR.get((a, b), 0), w))


def average_steps(ensemble: Modes) -> tuple[Step, ...]:
    """The average over one mode, at instants and at frequencies."""
    coupling = term(network_action(), "coupling")
    W = spectral_functional(ensemble)
    Y = sp.Matrix([[0, -D], [D, 0]])

    def gaussian() -> list[sp.Expr]:
        a = sp.Symbol("a", real=True)
        b, c = sp.Symbol("b", real=True), sp.Symbol("c", negative=True)
        integral = sp.integrate(sp.exp(c * a**2 + b * a - a**2 / 2) / sp.sqrt(2 * sp.pi),
                                (a, -sp.oo, sp.oo))  # fmt: skip
        return [integral - sp.exp(b**2 / (2 * (1 - 2 * c))) / sp.sqrt(1 - 2 * c)]

    def explicitly() -> list[sp.Expr]:
        """With rational numbers for the fields and rho = 3/5; the strength remains a symbol."""
        found = []
        for size, instants in ((2, (0,)), (1, (0, 1))):
            fields = [f[n, at] for f in (phi, xhat) for n in range(1, size + 1) for at in instants]
            numbers = mode_covariances.rational(fields, size) | {rho: sp.Rational(3, 5)}
            one = replace(ensemble, alpha=sp.Rational(1, size))
            determinant = sp.exp(-2 * one.functional(coupling, instants).at_sites(size))
            left, factor = explicit_mode(one, coupling, size, instants, numbers)
            found += [left, factor - determinant.xreplace(numbers)]
        return found

    def determinant() -> list[sp.Expr]:
        def entry(a: int, b: int) -> sp.Expr:
            (w, p), (v, q) = divmod(a, 2), divmod(b, 2)
            return pair(p, w + 1, q, v + 1) * (1 if p == q else rho)

        B = sp.Matrix(4, 4, entry)
        expected = sp.expand((sp.eye(4) + sp.diag(Y, Y) * B).det(method="berkowitz"))
        logs = sorted(W.value.atoms(sp.log), key=str)
        found = [sp.expand(one.args[0]) - expected for one in logs]
        return [*found, W.value + alpha * sum(logs) / 2]

    def cosine_and_sine() -> sp.Expr:
        """Two real fields with stationary statistics are one complex field."""
        c, a, b, h = sp.symbols("c a b h")
        real = ensemble.functional(coupling, (0, 1)).value
        q = {order_parameter(phi[n] * phi[n]): c for n in (0, 1)}
        q |= {order_parameter(xhat[n] * xhat[n]): h for n in (0, 1)}
        q |= {order_parameter(xhat[n] * phi[n]): a for n in (0, 1)}
        q |= {order_parameter(phi[0] * phi[1]): 0, order_parameter(xhat[0] * xhat[1]): 0,
              order_parameter(xhat[0] * phi[1]): b, order_parameter(xhat[1] * phi[0]): -b}
        one = ensemble.functional(COUPLING, (1,)).value.xreplace({
            pair(0, 1, 0, 1): c, pair(1, 1, 1, 1): h,
            pair(0, 1, 1, 1): sp.I * a - b, pair(1, 1, 0, 1): -sp.I * a - b})  # fmt: skip
        ratio = [sp.exp(sp.expand(value * -2 / alpha)) for value in (real.xreplace(q), one)]
        return ratio[0] - ratio[1]

    return (
        Step("A Gaussian integral with a quadratic term in its exponent.",
             r"\langle e^{cA^2 + bA}\rangle = \frac{e^{b^2/2(1-2c)}}{\sqrt{1-2c}}", gaussian),
        Step("Given the fields, a mode's exponent is the product of its two projections, which are"
             " Gaussian: its average is a determinant. Compared with integrals over every entry of"
             " l and r, for two units at one instant and for one unit at two instants.",
             r"\Big\langle e^{-iD\sum_t(l\cdot\hat x_t)(r\cdot\phi_t)}\Big\rangle ="
             r" \det(1 - D F \Sigma)^{-1/2}", explicitly, sp.cancel),
        Step("At frequencies, for stationary statistics, the average is the square of one"
             " determinant of complex fields.",
             r"W = -\frac1N\sum_a \log\det(1 + Y_a\tilde B_a),\quad Y ="
             r" \begin{pmatrix}0&-D\\D&0\end{pmatrix},\quad \tilde B = \begin{pmatrix}B_{\phi\phi}"
             r" & \rho B_{\phi s}\\ \rho B_{s\phi} & B_{ss}\end{pmatrix}", determinant),
        Step("This equals the determinant for the fields of a frequency's cosine and sine, treated"
             " as two instants.", r"\det(1 - DF\Sigma) = \det(1 + Y\tilde B)^2", cosine_and_sine,
             sp.expand),
    )  # fmt: skip


def site_steps(ensemble: Modes, W2: Callable[[], sp.Matrix]) -> tuple[Step, ...]:
    """Noise and memory; the second derivative."""
    W = spectral_functional(ensemble)

    def first() -> list[sp.Expr]:
        form = conjugate_fields(W, 1)
        return [form[1, 1] - alpha * at(NOISE, 1), form[1, 0] - alpha * at(MEMORY, 1),
                at(MEMORY, 1) - rho * at(TRANSFER, 1) / S[1],
                at(NOISE, 1) - C[1] * at(TRANSFER, 1) * at(sp.conjugate(TRANSFER), 1)
                / (S[1] * bar(S[1]))]  # fmt: skip

    def instants() -> list[sp.Expr]:
        """The same to the order accessible with two instants."""
        site = single_site(network_action(), ensemble)
        white = 2 * noise**2 * delta0
        late, early, across = C_phi(0, 0), R_phi(1, 0), C_phi(1, 0)
        series = sp.series(MEMORY, response, 0, 2).removeO()
        return [
            site.memory_kernel[0, 0] - alpha * series.coeff(response, 0),
            site.memory_kernel[1, 0] - alpha * series.coeff(response, 1) * early,
            site.memory_kernel[0, 1], site.leftover,
            site.noise_covariance[0, 0] - white - alpha * D**2 * late,
            site.noise_covariance[1, 0] - alpha * D**2 * (across + D * rho * early * late),
        ]  # fmt: skip

    def inverted() -> list[sp.Expr]:
        Y = sp.Matrix([[0, -D], [D, 0]])
        G = propagator(1)
        B = sp.Matrix(2, 2, lambda a, b: G[a, b] * (1 if a == b else rho))
        return list((sp.eye(2) + Y * B).inv() * Y - propagators(1))

    def second() -> list[sp.Expr]:
        P = {w: propagators(w) for w in (1, 2)}
        pairs = [(a, b) for a in range(2) for b in range(2)]
        share = {True: 1, False: rho}
        return [
            W2()[m, n] - alpha * share[a == b] * share[c == d] * P[1][d, a] * P[2][b, c]
            for m, (a, b) in enumerate(pairs) for n, (c, d) in enumerate(pairs)
        ]  # fmt: skip

    def diagonal() -> list[sp.Expr]:
        """<D l_i r_i> of alpha N modes, from two normals with correlation rho."""
        u, v = sp.symbols("u v", real=True)
        generating = sp.exp(gaussian_exponent(u + rho * v) + gaussian_exponent(
            sp.sqrt(1 - rho**2) * v))  # fmt: skip
        mean = sp.diff(generating, u, v).subs({u: 0, v: 0})
        return [sp.limit(MEMORY, response, 0) - D * rho, D * mean - D * rho]

    return (
        Step("First derivatives of W: noise and memory, each an average over modes; T is the"
             " transfer of a mode.",
             r"C_\eta = C\,\frac{\langle|T|^2\rangle}{|S|^2},\quad K = \frac{\langle\rho T\rangle}"
             r"{S},\quad T = \frac{DS}{1 - D\rho S}", first, sp.cancel),
        Step("The same from the functional of two instants, to the orders accessible.",
             r"K(t,t) = \langle D\rho\rangle,\quad K(t,s) = \langle D^2\rho^2\rangle R(t,s),\quad"
             r" C_\eta(t,s) = \langle D^2\rangle C(t,s) + \langle D^3\rho\rangle R(t,s)C(s,s)",
             instants, sp.cancel),
        Step("The first term of the memory is instantaneous: it is the mean of the diagonal"
             " couplings.",
             r"K \to \langle D\rho\rangle\ (S\to 0),\quad \langle J_{ii}\rangle ="
             r" \langle D\rho\rangle", diagonal),
        Step("Without overlaps there is only the noise, with the mean square of the strengths:"
             " single-unit statistics do not depend on the structure.",
             r"\rho = 0:\quad C_\eta = \langle D^2\rangle\,C,\quad K = 0",
             lambda: [NOISE.subs(rho, 0) - D**2 * correlation, MEMORY.subs(rho, 0)]),
        Step("A mode's propagator between its projections.",
             r"P = (1 + Y\tilde B)^{-1}Y = \begin{pmatrix}0 & -D/(1-D\rho S)^*\\ D/(1-D\rho S) &"
             r" D^2C/|1-D\rho S|^2\end{pmatrix}", inverted, sp.cancel),
        Step("The second derivative of W is a product of two propagators, summed over modes.",
             r"W''_{ab,cd} = \frac1N\sum_a\rho_{ab}\,\rho_{cd}\,(P_1)_{da}(P_2)_{bc},\quad"
             r" \rho_{ab} = 1\ (a = b),\ \rho\ (a\ne b)", second, sp.cancel),
    )  # fmt: skip


def derive(ensemble: Modes | None = None) -> Derivation:
    """The complete derivation; another ensemble can be passed, to test that errors are detected."""
    ensemble = Modes(D, rho, alpha) if ensemble is None else ensemble
    W2 = cache(lambda: hessian(spectral_functional(ensemble)))

    def formula(name, args, value, doc, test):
        return Formula(name, args, value, doc, test=f"{TEST}::test_{test}")

    mode = "\nFor one mode; the network's is the sum over modes, divided by the number of units."
    formulas = (
        formula("mode_transfer", (D, rho, response), TRANSFER,
                "Transfer T of a mode: its strength with the feedback through its own overlap.",
                "resolvents"),
        formula("mode_noise", (D, rho, correlation, response), NOISE,
                "Spectrum of the input that a unit receives through a mode." + mode, "resolvents"),
        formula("mode_memory", (D, rho, response), MEMORY,
                "Transform of the weight of a unit's own phi in its input, through a mode." + mode,
                "resolvents"),
        formula("mean_diagonal", (D, rho), D * rho,
                "Mean of the diagonal couplings, the instantaneous part of the memory." + mode,
                "mean_diagonal"),
        formula("propagator_phi_s", (D, rho, response), PROPAGATOR[0, 1],
                "Entry (phi, s) of a mode's propagator P = (1 + Y B)^{-1} Y."
                "\nW''_{ab,cd} is the sum over modes of rho_ab rho_cd (P_1)_da (P_2)_bc, divided by"
                " the number of units; rho_ab is 1 for a = b and else the overlap.", "engine"),
        formula("propagator_s_phi", (D, rho, response), PROPAGATOR[1, 0],
                "Entry (s, phi) of a mode's propagator.", "engine"),
        formula("propagator_s_s", (D, rho, correlation, response), PROPAGATOR[1, 1],
                "Entry (s, s) of a mode's propagator.", "engine"),
        *mode_covariances.formulas(), *linear_network.formulas(), *mode_spectrum.formulas(),
    )  # fmt: skip
    return Derivation(
        name="random_modes", title="Random modes",
        introduction="$J = \\sum_a D_a\\, l_a r_a^T$ with $\\alpha N$ modes, the entries of $l_a$"
                     " and $r_a$ Gaussian with variance $1/N$ and covariance $\\rho_a/N$. The"
                     " average is taken mode by mode; $\\langle\\cdot\\rangle$ of a quantity of a"
                     " mode is its sum over modes divided by N.",
        steps=(*average_steps(ensemble), *site_steps(ensemble, W2),
               *mode_covariances.steps(ensemble, W2),
               *linear_network.steps(), *mode_spectrum.steps()),
        formulas=formulas,
        symbols={"D": "Strength of the mode.", "rho": "Overlap of l and r of the mode, from -1 to"
                                                      " 1.",
                 "S": "Mean response of phi.", "C_phi": "Spectrum of phi.",
                 **mode_covariances.SYMBOLS, **mode_spectrum.SYMBOLS},
        references=(
            "D. Clark, L. Abbott, A. Litwin-Kumar, Dimension of activity in random neural networks"
            " (2023).",
            "D. Clark, O. Marschall, A. van Meegen, A. Litwin-Kumar, Connectivity structure and"
            " dynamics of nonlinear recurrent neural networks (2025): random modes.",
        ),
    )  # fmt: skip

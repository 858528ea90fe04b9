"""Heterogeneous units: input and output gains, J -> diag(u) J diag(v)."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from ..engine.couplings import IID
from ..engine.derivation import Derivation, Formula, Step
from ..engine.disorder import ActionTerm, i, j, network_action, order_parameter
from ..engine.saddle import single_site
from ..engine.spectral import COUPLING, PAIRS, Phi, Phi_c, bar, hessian, inverse, s, s_c, split
from ..engine.spectral import spectral_functional as functional
from .modes import Modes

U, V = sp.IndexedBase("u"), sp.IndexedBase("v")
g, alpha = sp.symbols("g alpha", positive=True)
TEST = "tests/derivations/random_modes/test_gains.py"

# Of a site: its output gain, s = u <phi'(u y)>, both spectra of phi, and a weight.
SITE = v, gain, C_1, C_2, weight = sp.symbols("v s C_1 C_2 W", positive=True)
H = {w: sp.Symbol(f"H_{w}") for w in (1, 2)}
v2, v4, product, mean_1, mean_2 = sp.symbols("v2 v4 C_12 C_mean_1 C_mean_2", positive=True)
s2, s2_weighted, product_weighted, product_squared = sp.symbols(
    "s2 s2_weighted C_12_weighted C_12_weighted_squared", positive=True
)
weight_mean, weight_square, inverse_rank = sp.symbols(
    "weight_mean weight_square inverse_rank", positive=True
)
Delta = {w: sp.Symbol(f"Delta_{w}", positive=True) for w in (1, 2)}

# Averages over sites; u and v are independent, and s, C and W belong to u.
NAMED = {
    (2, 0, 0): s2, (0, 1, 1): product, (2, 0, 0, 1): s2_weighted, (0, 1, 1, 1): product_weighted,
    (0, 1, 1, 2): product_squared, (0, 0, 0, 1): weight_mean, (0, 0, 0, 2): weight_square,
    (0, 0, 0): sp.S.One,
}  # fmt: skip

c, Y = sp.symbols("c Y")
LOCAL = (
    (c, g**2 * v2 * s2 * H[1] * sp.conjugate(H[2])),
    (Y, s2_weighted * H[1] * sp.conjugate(H[2]) / (1 - c)),
)
WEIGHTED_PHI = (
    product_squared + 2 * g**2 * sp.re(Y) * v2 * product_weighted
    + g**4 * sp.Abs(Y) ** 2 * (v4 * product + v2**2 * mean_1 * mean_2 * inverse_rank)
)  # fmt: skip
WEIGHTED_X = Delta[1] * Delta[2] * (
    weight_square
    + weight_mean**2 * (v4 * product / (v2**2 * mean_1 * mean_2) + inverse_rank)
    / sp.Abs(1 - c) ** 2
    + 2 * weight_mean * g**2 * v2 * sp.re(Y)
)  # fmt: skip


def explicit(expression: sp.Expr) -> sp.Expr:
    """A closed form with c and Y substituted, as a rational function."""
    value = split(expression)
    for symbol, definition in reversed(LOCAL):
        value = value.xreplace({symbol: split(definition), bar(symbol): split(
            sp.conjugate(definition))})  # fmt: skip
    return value


def over_sites(expression: sp.Expr) -> sp.Expr:
    """Average over sites of a polynomial in the variables of a site."""
    poly = sp.Poly(sp.expand(expression), *SITE)
    total = sp.S.Zero
    for (of_v, *of_u), coefficient in poly.terms():
        key = tuple(of_u) if of_u[-1] else tuple(of_u[:-1])
        other = NAMED.get(key, sp.Symbol("_".join(map(str, ("U", *of_u))), positive=True))
        own = {0: sp.S.One, 2: v2, 4: v4}.get(of_v, sp.Symbol(f"v{of_v}", positive=True))
        total += coefficient * own * other
    return total


def site_propagator(w: int) -> sp.Matrix:
    """Propagator of the fields v phi and u s."""
    C = {1: C_1, 2: C_2}[w]
    return sp.Matrix([[v**2 * C, -v * gain * H[w]], [v * gain * bar(H[w]), 0]])


def phi_with(w: int) -> tuple[tuple[sp.Expr, sp.Expr], tuple[sp.Expr, sp.Expr]]:
    """<phi psi^*> and <psi phi^*>."""
    C = {1: C_1, 2: C_2}[w]
    return (v * C, -gain * H[w]), (v * C, gain * bar(H[w]))


def current_with(w: int) -> tuple[tuple[sp.Expr, sp.Expr], tuple[sp.Expr, sp.Expr]]:
    """<y psi^*> and <psi y^*>, y = H eta; by Novikov <phi eta^*> = s H C_eta."""
    power = g**2 * v2 * {1: mean_1, 2: mean_2}[w]
    own = v * gain * H[w] * bar(H[w]) * power
    return (own, -H[w]), (own, bar(H[w]))


def averaged_sites() -> sp.Matrix:
    """Pi: the product of both propagators, averaged over sites."""
    G1, G2 = site_propagator(1), site_propagator(2)
    return sp.Matrix(4, 4, lambda row, column: over_sites(
        G1[PAIRS[row][0], PAIRS[column][1]] * G2[PAIRS[column][0], PAIRS[row][1]]))  # fmt: skip


def couplings() -> sp.Matrix:
    """W'' of modes without overlaps, by their mean square and their effective rank."""
    W2 = sp.zeros(4, 4)
    W2[0, 3] = W2[3, 0] = -(g**2)
    W2[3, 3] = g**4 * inverse_rank * v2**2 * mean_1 * mean_2
    return W2


def observed(first, second, own: sp.Expr) -> sp.Expr:
    """The engine's formula, with left and right averaged over sites with the weight."""
    left = sp.Matrix([over_sites(weight * first[0][d] * second[1][c]) for c, d in PAIRS])
    right = sp.Matrix([over_sites(weight * first[1][a] * second[0][b]) for a, b in PAIRS])
    W2 = couplings()
    F = inverse(inverse(averaged_sites().T) - W2)
    return over_sites(own) + (right.T * (W2 + W2 * F * W2) * left)[0]


def loaded(coupling: ActionTerm, here: sp.Symbol, there: sp.Symbol) -> ActionTerm:
    """The coupling term with gains at the receiving and at the sending site."""
    return replace(coupling, monomial=coupling.monomial * U[here] * V[there])


def steps() -> tuple[Step, ...]:
    """The single site, the order parameters with gains, and both observables."""

    def site() -> list[sp.Expr]:
        action = [loaded(one, i, j) if one.name == "coupling" else one for one in network_action()]
        found = single_site(action, IID(g))
        plain = single_site(network_action(), IID(g))
        mean = sp.Function("mean_phi_phi_v_v")
        u = U.label
        return [found.noise_covariance[1, 0] - g**2 * u**2 * mean(1, 0),
                *found.memory_kernel.values(), found.leftover,
                *(found.drift[a] - plain.drift[a] for a in (0, 1))]  # fmt: skip

    def two_point() -> list[sp.Expr]:
        """x = u y, where y obeys the same equation at all units."""
        f = sp.Function("Delta_y")
        tau, u = sp.symbols("tau u", positive=True)
        equation = f(tau) - sp.diff(f(tau), tau, 2)
        scaled = u**2 * f(tau) - sp.diff(u**2 * f(tau), tau, 2)
        return [sp.expand(scaled - u**2 * equation), over_sites(v**2 * C_1 * C_2) - v2 * product]

    def order() -> list[sp.Expr]:
        plain, with_gains = (functional_of(coupling) for coupling in (
            COUPLING, loaded(COUPLING, i, j)))  # fmt: skip
        load = {Phi: V.label, Phi_c: V.label, s: U.label, s_c: U.label}
        names = {}
        for symbol, monomial in plain.order.items():
            factors = [f.as_base_exp() for f in sp.Mul.make_args(monomial)]
            names[symbol] = order_parameter(
                sp.prod((f * load[f.base]) ** power for f, power in factors))  # fmt: skip
        return [sp.expand(plain.value.xreplace(names) - with_gains.value)]

    def functional_of(coupling):
        return IID(g).functional(coupling, (1, 2))

    def second() -> list[sp.Expr]:
        """Modes without overlaps: the nonzero entries, for any strengths."""
        D = sp.Symbol("D", real=True)
        W2 = hessian(functional(Modes(D, sp.S.Zero, alpha)))
        squares, fourth = {g**2: alpha * D**2}, alpha * D**4
        spectra = sp.symbols("C_1 C_2", positive=True)
        expected = sp.zeros(4, 4)
        expected[0, 3] = expected[3, 0] = -squares[g**2]
        expected[3, 3] = fourth * spectra[0] * spectra[1]
        return list(W2 - expected)

    def of_phi() -> sp.Expr:
        found = observed(phi_with(1), phi_with(2), weight**2 * C_1 * C_2)
        return found - explicit(WEIGHTED_PHI)

    def of_x() -> sp.Expr:
        power = {w: g**2 * v2 * q * H[w] * bar(H[w]) for w, q in ((1, mean_1), (2, mean_2))}
        found = observed(current_with(1), current_with(2), weight**2 * power[1] * power[2])
        return found - explicit(WEIGHTED_X).xreplace({Delta[w]: power[w] for w in (1, 2)})

    def homogeneous() -> list[sp.Expr]:
        """Without gains and weights: the closed forms of homogeneous networks."""
        plain = {v2: 1, v4: 1, product: mean_1 * mean_2, s2_weighted: s2, weight_mean: 1,
                 weight_square: 1, product_weighted: mean_1 * mean_2,
                 product_squared: mean_1 * mean_2}  # fmt: skip
        k, kc = (explicit(q).subs(v2, 1) for q in (c, sp.conjugate(c)))
        distance = (1 - k) * (1 - kc)
        phi_phi = mean_1 * mean_2 * (1 + inverse_rank * k * kc) / distance
        x = Delta[1] * Delta[2] * ((1 - k * kc) + 1 + inverse_rank) / distance
        return [explicit(WEIGHTED_PHI).subs(plain) - phi_phi, explicit(WEIGHTED_X).subs(plain) - x]

    return (
        Step("With gains at the receiving and at the sending unit, a unit's noise is multiplied by"
             " its own input gain, and the activity of the others by their output gains.",
             r"J_{ij} \to u_i J_{ij} v_j:\quad C_\eta(t,s) = g^2 u^2 \langle v^2\phi(t)\phi(s)"
             r"\rangle", site),
        Step("Hence x is u times a process y that obeys the same equation at all units; u and v are"
             " independent.",
             r"x = u\,y,\quad (1-\partial_\tau^2)\,\Delta_y = g^2\langle v^2\rangle\langle"
             r" C_u\rangle", two_point),
        Step("W is the same functional, of the averages of v phi and u s.",
             r"B_{ab} = \frac1N\sum_i\psi_a\psi_b^*,\quad \psi = (v\phi, u s)", order),
        Step("Modes without overlaps have two nonzero second derivatives: the first contains their"
             " mean square and the second, between the response fields, their effective rank.",
             r"W''_{\phi\phi,ss} = -g^2,\quad W''_{ss,ss} = \frac{g^4}{\mathrm{PR}_D}"
             r"\,\bar C_1\bar C_2,\quad \bar C = \langle v^2\rangle\langle C_u\rangle", second),
        Step("The product of both propagators is averaged over units and then inverted; the"
             " observable is summed with weights of the units.",
             r"\frac1N\sum_{ij}W_iW_jC_{ij}C_{ij}^* = \langle W^2C_1C_2\rangle +"
             r" 2g^2\,\mathrm{Re}(Y)\,\langle v^2\rangle\langle WC_1C_2\rangle + g^4|Y|^2\Big["
             r"\langle v^4\rangle\langle C_1C_2\rangle + \frac{\bar C_1\bar C_2}{\mathrm{PR}_D}"
             r"\Big],\quad Y = \frac{\langle s^2W\rangle H_1H_2^*}{1-c},\ c = g^2\langle v^2"
             r"\rangle\langle s^2\rangle H_1H_2^*", of_phi, sp.cancel),
        Step("The same for the covariances of y.",
             r"\Delta_{y1}\Delta_{y2}\Big\{\langle W^2\rangle + \frac{\langle W\rangle^2}{|1-c|^2}"
             r"\Big[\frac{\langle v^4\rangle\langle C_1C_2\rangle}{\bar C_1\bar C_2} + \frac{1}"
             r"{\mathrm{PR}_D}\Big] + 2\langle W\rangle\,\mathrm{Re}\,\frac{g^2\langle v^2\rangle"
             r"\langle Ws^2\rangle H_1H_2^*}{1-c}\Big\}", of_x, sp.cancel),
        Step("Homogeneous networks, as a special case.",
             r"\Psi_\phi + C_1C_2 = C_1C_2\,\frac{1 + |c|^2/\mathrm{PR}_D}{|1-c|^2},\quad"
             r" \Psi_x + \Delta_1\Delta_2 = \Delta_1\Delta_2\,\frac{2 - |c|^2 + 1/\mathrm{PR}_D}"
             r"{|1-c|^2}", homogeneous, sp.cancel),
    )  # fmt: skip


def derive() -> Derivation:
    """Single site, order parameters, and covariances with weights."""

    def formula(name, args, value, doc):
        return Formula(name, args, value, doc, LOCAL, test=f"{TEST}::test_resolvents")

    network = (s2, s2_weighted, v2, v4, g, H[1], H[2], inverse_rank)
    both = (
        "\nWith H_1 and H_2 at the frequencies (omega_1, omega_2) it belongs to (tau_1, -tau_2);"
        " with conj(H_2) to (tau_1, tau_2). Equal units are included in the sum; no white noise."
    )
    formulas = (
        formula("covariance_weighted_phi",
                (product_squared, product_weighted, product, mean_1, mean_2, *network),
                WEIGHTED_PHI,
                "Sum over pairs of units of W_i W_j C_ij C_ij*, divided by N, of phi." + both),
        formula("covariance_weighted_x",
                (Delta[1], Delta[2], weight_square, weight_mean, product, mean_1, mean_2, *network),
                WEIGHTED_X,
                "The same of y = x / u, with weights W of y (u^2 for x itself)." + both),
    )
    return Derivation(
        name="gains", title="Heterogeneous units",
        introduction="Input gains u and output gains v, drawn independently for every unit, turn"
                     " the couplings $J_{ij}$ into $u_iJ_{ij}v_j$. The couplings treated are modes"
                     " without overlaps (independent couplings have infinite rank).",
        steps=steps(), formulas=formulas,
        symbols={
            "s2": "<s^2> over units, s = u <phi'(u y)>.", "s2_weighted": "<W s^2> over units.",
            "v2": "<v^2> over units.", "v4": "<v^4> over units.",
            "g": "Root of the summed squares of the strengths, per unit.",
            "H_1": "Filter of the unit at one frequency.", "H_2": "The same at the other.",
            "inverse_rank": "<D^4>/<D^2>^2, one over the effective rank per unit.",
            "C_12": "<C_1 C_2> over units: product of both spectra of phi.",
            "C_mean_1": "<C_1> over units.", "C_mean_2": "<C_2> over units.",
            "C_12_weighted": "<W C_1 C_2> over units.",
            "C_12_weighted_squared": "<W^2 C_1 C_2> over units.",
            "Delta_1": "Spectrum of y at one frequency.", "Delta_2": "The same at the other.",
            "weight_mean": "<W> over units.", "weight_square": "<W^2> over units.",
        },
        references=(
            "D. Clark, L. Abbott, A. Litwin-Kumar, Dimension of activity in random neural networks"
            " (2023).",
        ),
    )

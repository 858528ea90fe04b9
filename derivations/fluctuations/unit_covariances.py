"""Covariances between units, from the fluctuations of averages over sites, for every ensemble."""

from __future__ import annotations

from itertools import product

import sympy as sp

from ..engine.couplings import IID, UniformMean
from ..engine.derivation import Derivation, Formula, Step
from ..engine.disorder import i, j, network_action, phi, t, term, xhat
from ..engine.four_point import CAUSAL, independent_sites, observed, phi_itself, stiffness
from ..engine.spectral import (
    COUPLING,
    PAIRS,
    C,
    Phi,
    Phi_c,
    S,
    bar,
    conjugate_fields,
    inverse,
    propagator,
    s,
    s_c,
    second_derivatives,
    spectral_functional,
)
from ..random_modes.modes import Modes
from . import given_matrix, site_current

g, reciprocity = sp.Symbol("g", positive=True), sp.Symbol("reciprocity", real=True)
D, rho, alpha, strength = sp.symbols("D rho alpha m", real=True)
ENSEMBLES = (IID(g, reciprocity), Modes(D, rho, alpha), UniformMean(strength),
             IID(g, reciprocity) + Modes(D, rho, alpha))  # fmt: skip
TEST = "tests/derivations/fluctuations/test_fluctuations.py"

M = {place: sp.Symbol(f"M_{place[0]}{place[1]}") for place in CAUSAL}


def wick(first: sp.Matrix, second: sp.Matrix, fields: tuple[int, ...]) -> sp.Expr:
    """<f_a(1) f_b(2)^* f_c(2) f_d(1)^*> of complex Gaussian fields.

    By four derivatives of their generating function exp(sum of source^* G source).
    """
    size = first.rows
    sources = [sp.symbols(f"u{w}_0:{size} v{w}_0:{size}") for w in (1, 2)]
    exponent = sum(
        (sp.Matrix([source[:size]]) * G * sp.Matrix(source[size:]))[0]
        for source, G in zip(sources, (first, second), strict=True)
    )
    a, b, c, d = fields
    one, two = sources
    needed = (one[a], two[size + b], two[c], one[size + d])
    value = sp.exp(exponent.xreplace({q: sp.S.Zero for f in sources for q in f if q not in needed}))
    for source in needed:
        value = sp.diff(value, source)
    return sp.expand(value.subs({q: 0 for source in sources for q in source}))


def field_steps() -> tuple[Step, ...]:
    """Fields at a frequency, the saddle point, and the entries that causality forbids."""
    parts = {name: sp.symbols(f"{name}_c {name}_s", real=True) for name in ("phi", "xhat")}

    def frequency() -> sp.Expr:
        """Two real fields for each frequency, of its cosine and its sine, or one complex field."""
        time = term(network_action(), "coupling")
        weight = time.coefficient * time.monomial
        real = sum(weight.xreplace({xhat[i, t]: p, phi[j, t]: q})
                   for p, q in zip(parts["xhat"], parts["phi"], strict=True))  # fmt: skip
        (p, q), (u, v) = parts["phi"], parts["xhat"]
        out, hat = (p + sp.I * q) / sp.sqrt(2), (u + sp.I * v) / sp.sqrt(2)
        complex_field = {Phi[j, t]: out, Phi_c[j, t]: sp.conjugate(out),
                         s[i, t]: -sp.I * hat, s_c[i, t]: sp.conjugate(-sp.I * hat)}  # fmt: skip
        return sp.expand(real - (COUPLING.coefficient * COUPLING.monomial).xreplace(complex_field))

    def site() -> sp.Matrix:
        z, n = sp.Symbol("z"), sp.Symbol("n")
        A = sp.Matrix([[0, bar(z)], [-z, n]])
        G = propagator(1).subs({C[1]: n / (z * bar(z)), bar(S[1]): 1 / bar(z), S[1]: 1 / z})
        return A * G - sp.eye(2)

    def conserved() -> list[sp.Expr]:
        return [conjugate_fields(spectral_functional(ensemble), w)[0, 0]
                for ensemble in ENSEMBLES for w in (1, 2)]  # fmt: skip

    def causal() -> list[sp.Expr]:
        found = []
        for ensemble in ENSEMBLES[:-1]:  # second derivatives of a sum add
            W2 = second_derivatives(ensemble)
            found += [W2[place] for place in product(range(4), repeat=2) if place not in CAUSAL]
        Q = stiffness()
        return found + [Q[place] for place in product(range(4), repeat=2) if place not in CAUSAL]

    return (
        Step("At a frequency the cosine's and the sine's fields form one complex field; the"
             " coupling term, for real J, becomes:",
             r"-i\sum\hat x J\phi \to -s^\dagger J\phi + \phi^\dagger J^T s,\quad s = -i\hat x",
             frequency),
        Step("The quadratic form of the fields of a site with response S = 1/z and noise n, and its"
             " inverse, the propagator. By causality <s s^*> vanishes.",
             r"\langle\psi\psi^\dagger\rangle = \begin{pmatrix}0 & z^*\\ -z & n\end{pmatrix}^{-1} ="
             r" \begin{pmatrix}C & -S\\ S^* & 0\end{pmatrix},\quad \psi = (\phi, s)", site,
             sp.cancel),
        Step("The order parameters are averages over sites, now between two frequencies. At the"
             " saddle point those between different frequencies vanish. In any ensemble, or sum of"
             " ensembles, the field conjugate to the correlation of phi vanishes.",
             r"B_{ab}(\omega,\omega') = \frac1N\sum_i\psi_{a,i}(\omega)\psi_{b,i}(\omega')^*,\quad"
             r" \partial W/\partial B_{\phi\phi} = 0", conserved),
        Step("The second derivatives of W in B(1,2) and B(2,1), and the inverse covariance Q of"
             " independent sites, are nonzero only in the entries that causality allows; pairs are"
             " ordered $\\phi\\phi, \\phi s, s\\phi, ss$.",
             r"W'',\ Q \sim \begin{pmatrix}0&0&0&*\\0&*&0&*\\0&0&*&*\\ *&*&*&*\end{pmatrix}",
             causal, sp.cancel),
    )  # fmt: skip


def gaussian_steps() -> tuple[Step, ...]:
    """Independent sites, the effect of the couplings, and observables."""
    G1, G2 = (sp.Matrix(3, 3, lambda a, b, w=w: sp.Symbol(f"G{w}_{a}{b}")) for w in (1, 2))

    def four_fields() -> list[sp.Expr]:
        Pi = independent_sites()
        return [
            wick(propagator(1), propagator(2), (*PAIRS[m], *PAIRS[n])) - Pi[m, n]
            for m in range(4) for n in range(4)
        ] + [wick(G1, G2, (2, 2, c, d)) - G1[2, d] * G2[c, 2]
             for c, d in PAIRS] + [
            wick(G1, G2, (a, b, 2, 2)) - G1[a, 2] * G2[2, b] for a, b in PAIRS
        ]  # fmt: skip

    def two_sites() -> list[sp.Expr]:
        """For one drawn network with correlations C_ij: the product of averages, on three sites."""
        total = sum(
            wick(G1, G2, (a, a, b, b)) / 9 for a in range(3) for b in range(3)
        )
        pairs = sum(G1[a, b] * G2[b, a] for a in range(3) for b in range(3))
        return [sp.expand(3 * total - pairs / 3)]

    def stiff() -> sp.Matrix:
        A1, A2 = inverse(propagator(1)), inverse(propagator(2))
        expected = sp.Matrix(4, 4, lambda m, n: A1[PAIRS[n][1], PAIRS[m][0]]
                             * A2[PAIRS[m][1], PAIRS[n][0]])  # fmt: skip
        return stiffness() - expected

    def by_parts() -> list[sp.Expr]:
        """<v_k (u^T M)_j> = delta_kj: both sides differ by a divergence."""
        form = sp.Matrix(2, 2, sp.symbols("M_00 M_01 M_10 M_11"))
        u, v = sp.Matrix(sp.symbols("u_0 u_1")), sp.Matrix(sp.symbols("v_0 v_1"))
        weight = sp.exp(-(u.T * form * v)[0])
        identity = [sp.diff(v[m] * weight, v[n]) / weight - (int(m == n) - v[m] * (u.T * form)[n])
                    for m in range(2) for n in range(2)]  # fmt: skip
        covariance = form.inv().T  # <u_i v_j> = F_ji
        return identity + list(form.T * covariance - sp.eye(2))

    def with_couplings() -> list[sp.Expr]:
        """(u, o12) and (v, o21) are jointly Gaussian; the weight exp(u^T W'' v) acts on u and v."""
        import random

        draw = random.Random(0)
        size, entry = 4, lambda *_: sp.Rational(draw.randint(-30, 30), draw.randint(31, 60))
        found = []
        for size, make in ((1, None), (4, entry)):
            def symbols(name, rows, columns, make=make):
                return sp.Matrix(rows, columns, make or (lambda a, b: sp.Symbol(f"{name}_{a}{b}")))
            Pi, W2 = symbols("Pi", size, size), symbols("W", size, size)
            left, right, own = symbols("l", size, 1), symbols("r", size, 1), symbols("o", 1, 1)
            joint = sp.BlockMatrix([[Pi, right], [left.T, own]]).as_explicit()
            # <y_12 y_21^T> is the inverse, transposed, of the form between them.
            form = inverse(joint).T - sp.diag(W2, 0)
            F = inverse(inverse(Pi).T - W2)
            expected = own[0] + (right.T * (W2 + W2 * F * W2) * left)[0]
            after = inverse(form).T
            found += [after[size, size] - expected, *(after[:size, :size] - F.T)]
        return found

    def phi_again() -> list[sp.Expr]:
        W2, F = any_couplings()
        return [observed(phi_itself(1), phi_itself(2), W2, F) - F[0, 0]]

    def back_substitution() -> list[sp.Expr]:
        return list(any_couplings()[1] - substituted())

    return (
        Step("Gaussian fields of one site: the average of a product of four, by derivatives of"
             " their generating function; likewise with an observable X of the site.",
             r"\langle\psi_a(1)\psi_b(2)^*\psi_c(2)\psi_d(1)^*\rangle = G_{1,ad}\,G_{2,cb} ="
             r" \Pi_{ab,cd}", four_fields),
        Step("In one drawn network the fields of different units are correlated, and the squared"
             " fluctuation of B is the sum over pairs of units of the products of their"
             " cross-spectra: the quantity to be computed. Equal units contribute the product of"
             " both spectra.",
             r"N\langle B_{\phi\phi}(1,2)B_{\phi\phi}(2,1)\rangle = \frac1N\sum_{ij}"
             r" C_{ij}(\omega_1)\,C_{ij}(\omega_2)^* = \Psi_\phi(\omega_1,\omega_2) + C_1 C_2",
             two_sites, sp.cancel),
        Step("Averages over independent sites have the covariance Pi/N, hence a Gaussian weight"
             " with the inverse matrix Q; for one kind of sites Q is a product of the two inverse"
             " propagators.",
             r"e^{-N B(1,2)^T Q\,B(2,1)},\quad Q = (\Pi^T)^{-1},\quad Q_{ab,cd} ="
             r" (G_1^{-1})_{da}(G_2^{-1})_{bc}", stiff, sp.cancel),
        Step("The covariance of a complex Gaussian weight: both sides differ by a divergence.",
             r"\int e^{-u^T M v}:\quad \langle u_i v_j\rangle = (M^{-1})_{ji}", by_parts),
        Step("The couplings multiply the weight of the sites by the exponential of a quadratic form"
             " with W''. An observable's average fluctuates together with B: both are jointly"
             " Gaussian before and after this multiplication. Verified with symbols for one"
             " component, and with random rational numbers for four.",
             r"N\langle\delta(XX^*)_{12}\,\delta(XX^*)_{21}\rangle = \langle XX^*\rangle_1\langle"
             r" XX^*\rangle_2 + \mathrm{right}^T (W'' + W'' F\,W'')\,\mathrm{left},\quad F ="
             r" (Q - W'')^{-1}", with_couplings, sp.cancel),
        Step("For $X = \\phi$ this is the first entry of F, for any couplings whose W'' has the"
             " entries that causality allows.",
             r"\Psi_\phi(\omega_1,\omega_2) + C_1C_2 = F_{\phi\phi,\phi\phi}", phi_again,
             sp.cancel),
        Step("The inverse by back substitution, where M = Q - W'' has the entries that causality"
             " allows.", r"F_{00} = -\frac{M_{33} - M_{31}M_{13}/M_{11} - M_{32}M_{23}/M_{22}}"
             r"{M_{03}M_{30}}", back_substitution, sp.cancel),
    )  # fmt: skip


def any_couplings() -> tuple[sp.Matrix, sp.Matrix]:
    """W'' with arbitrary entries where causality allows them, and F; Q - W'' is M."""
    form = sp.Matrix(4, 4, lambda a, b: M.get((a, b), 0))
    return stiffness() - form, inverse(form)


def substituted() -> sp.Matrix:
    """F by back substitution."""
    F = sp.zeros(4, 4)
    F[3, 0], F[0, 3] = 1 / M[0, 3], 1 / M[3, 0]
    for n in (1, 2):
        F[n, n] = 1 / M[n, n]
        F[0, n] = -M[3, n] * F[0, 3] * F[n, n]
        F[n, 0] = -M[n, 3] * F[n, n] * F[3, 0]
    F[0, 0] = -(M[3, 3] * F[3, 0] + sum(M[3, n] * F[n, 0] for n in (1, 2))) * F[0, 3]
    return F


def derive() -> Derivation:
    """From W at two frequencies to the covariances between units."""
    def formula(name, args, value, doc, test):
        return Formula(name, args, value, doc, test=f"{TEST}::test_{test}")

    formulas = (
        *site_current.formulas(),
        formula("inverse_phi_phi", tuple(M.values()), substituted()[0, 0],
                "First entry of the inverse of Q - W'', equal to Psi_phi + C_1 C_2."
                "\nBack substitution for the entries that causality allows; pairs of fields are"
                " numbered phi phi, phi s, s phi, s s = 0, 1, 2, 3.", "back_substitution"),
        *given_matrix.formulas(),
    )  # fmt: skip
    return Derivation(
        name="fluctuations", title="Covariances between units",
        introduction="The average over units of a product of two fields fluctuates from network to"
                     " network, and these fluctuations are determined by the covariances between"
                     " units: the sum of the squared covariances gives the dimension of the"
                     " activity. Around the saddle point the fluctuations are Gaussian, and they"
                     " depend on the ensemble only through a second derivative of W. C and S are"
                     " the spectrum of phi and its mean response, at two frequencies 1 and 2; the"
                     " conjugate of $S_2$ is its value at $-\\omega_2$.",
        steps=(*field_steps(), *gaussian_steps(), *site_current.steps(*any_couplings()),
               *given_matrix.steps(wick)),
        formulas=formulas,
        symbols={**site_current.SYMBOLS,
                 "M_03": "Entry (phi phi, s s) of Q - W'', and so on.", **given_matrix.SYMBOLS},
        references=(
            "D. Clark, L. Abbott, A. Litwin-Kumar, Dimension of activity in random neural networks"
            " (2023): the two-site cavity.",
            "D. Clark, O. Marschall, A. van Meegen, A. Litwin-Kumar, Connectivity structure and"
            " dynamics of nonlinear recurrent neural networks (2025): fluctuations around the"
            " saddle point.",
        ),
    )  # fmt: skip

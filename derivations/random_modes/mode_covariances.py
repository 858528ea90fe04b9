"""Covariances between units of a network of random modes, in closed form."""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp

from ..engine.derivation import Formula, Step
from ..engine.four_point import C_eta, H, K, current, fluctuations, generic_hessian
from ..engine.spectral import (
    PAIRS,
    C,
    S,
    bar,
    hessian,
    inverse,
    propagator,
    spectral_functional,
    split,
)
from .modes import Modes, Overlapping

TEST = "tests/derivations/random_modes/test_random_modes.py"
GENERIC, AVERAGES = generic_hessian()
c, d, p, q, r, s, e4 = (AVERAGES[name] for name in ("c", "d", "p", "q", "r", "s", "e4"))
g, inverse_rank = sp.Symbol("g", positive=True), sp.Symbol("inverse_rank", positive=True)
C_1, C_2 = C.values()
Delta = {w: sp.Symbol(f"Delta_{w}", positive=True) for w in (1, 2)}
private = {w: sp.Symbol(f"m_{w}", real=True) for w in (1, 2)}
z = {w: sp.Symbol(f"z_{w}") for w in (1, 2)}
SYMBOLS = {
    "C_1": "Spectrum of phi at one frequency.", "C_2": "Spectrum of phi at the other.",
    "S_1": "Mean response of phi at one frequency.", "S_2": "The same at the other.",
    "H_1": "Filter of the unit at one frequency.", "H_2": "The same at the other.",
    "K_1": "Transform of the memory at one frequency.", "K_2": "The same at the other.",
    "C_eta_1": "Spectrum of the noise, white noise included, at one frequency.",
    "C_eta_2": "The same at the other.",
    "Delta_1": "Spectrum of x at one frequency.", "Delta_2": "The same at the other.",
    "c": "<T_1 T_2*> of the modes' transfers; without overlaps g^2 S_1 S_2*.",
    "d": "<rho^2 T_1 T_2>.", "e4": "<abs(T_1)^2 abs(T_2)^2>.", "p": "<rho abs(T_1)^2 T_2>.",
    "q": "<rho T_1 abs(T_2)^2>.", "r": "<rho abs(T_1)^2 T_2*>.", "s": "<rho T_1* abs(T_2)^2>.",
    "g": "Root of the summed squares of the strengths, per unit.",
    "inverse_rank": "<D^4>/<D^2>^2, one over the effective rank per unit.",
}  # fmt: skip

conj = sp.conjugate
CORE = e4 + (1 + p) * (1 + q) / (1 - d) + (1 + r) * (1 + s) / (1 - conj(d)) - 1
PHI = C_1 * C_2 * (CORE / sp.Abs(1 - c) ** 2 - 1)
PHI_PLAIN = C_1 * C_2 * ((1 + inverse_rank * sp.Abs(c) ** 2) / sp.Abs(1 - c) ** 2 - 1)
X_PLAIN = (
    Delta[1] * Delta[2] * (1 - sp.Abs(c) ** 2)
    + sp.Abs(H[1] * H[2]) ** 2 * g**4 * C_1 * C_2 * (1 + inverse_rank)
) / sp.Abs(1 - c) ** 2 - Delta[1] * Delta[2]


def overlap_x() -> sp.Expr:
    """Psi_x from the entries of F and the regression of x on phi (weight z) and on s (weight m)."""
    u = {w: z[w] * S[w] for w in (1, 2)}
    power = {w: sp.Abs(z[w]) ** 2 * C[w] for w in (1, 2)}
    m = private
    first = u[2] * (1 + p) / ((1 - conj(c)) * (1 - d)) + conj(u[2]) * (1 + r) / (
        (1 - c) * (1 - conj(d)))  # fmt: skip
    second = u[1] * (1 + q) / ((1 - c) * (1 - d)) + conj(u[1]) * (1 + s) / (
        (1 - conj(c)) * (1 - conj(d)))  # fmt: skip
    both = u[1] * u[2] / (1 - d) + u[1] * conj(u[2]) / (1 - c)
    regressed = (
        power[1] * power[2] * CORE / sp.Abs(1 - c) ** 2
        - m[2] * power[1] * first
        - m[1] * power[2] * second
        + m[1] * m[2] * (both + conj(both))
        - m[1] * m[2]
    )
    filters = {w: sp.Abs(H[w]) ** 2 for w in (1, 2)}
    return (filters[1] * filters[2] * regressed + Delta[1] * filters[2] * m[2]
            + Delta[2] * filters[1] * m[1] - Delta[1] * Delta[2])  # fmt: skip


def local_values(w: int) -> tuple[tuple[sp.Symbol, sp.Expr], ...]:
    """z and m of a frequency."""
    return ((z[w], 1 / S[w] + K[w]), (private[w], C[w] / sp.Abs(S[w]) ** 2 - C_eta[w]))


def transfers(D: sp.Expr, rho: sp.Expr) -> dict[int, tuple[sp.Expr, sp.Expr]]:
    """T and its conjugate at both frequencies."""
    T = {w: D * S[w] / (1 - D * rho * S[w]) for w in (1, 2)}
    return {w: (T[w], D * bar(S[w]) / (1 - D * rho * bar(S[w]))) for w in (1, 2)}


def averages(types: list[tuple[sp.Expr, sp.Expr, sp.Expr]]) -> dict[sp.Symbol, sp.Expr]:
    """Averages of products of T over types of modes, each given as (strength, overlap, number/N).
    """
    found = dict.fromkeys((c, bar(c), d, bar(d), p, q, r, s, e4), sp.S.Zero)
    for D, rho, alpha in types:
        (T1, T1c), (T2, T2c) = transfers(D, rho).values()
        for symbol, value in {
            c: T1 * T2c, bar(c): T1c * T2, d: rho**2 * T1 * T2, bar(d): rho**2 * T1c * T2c,
            p: rho * T1 * T1c * T2, q: rho * T1 * T2 * T2c, r: rho * T1 * T1c * T2c,
            s: rho * T1c * T2 * T2c, e4: T1 * T1c * T2 * T2c,
        }.items():
            found[symbol] += alpha * value
    return found  # fmt: skip


def rational(symbols, seed: int) -> dict[sp.Symbol, sp.Expr]:
    """Rational numbers drawn at random."""
    import random

    draw = random.Random(seed)
    return {a: sp.Rational(draw.randint(1, 40), draw.randint(41, 99)) for a in symbols}


def at_random_points(difference: sp.Expr) -> sp.Expr:
    """A rational function's values at three random points.

    A nonzero function vanishes at one of them with a probability of at most its degree over the
    number of values to draw from.
    """
    symbols = sorted(difference.free_symbols, key=str)
    values = [difference.xreplace(rational(symbols, seed)) for seed in range(3)]
    return next((value for value in values if value != 0), sp.S.Zero)


FREQUENCY = (*C.values(), *S.values(), *map(bar, S.values()))


def steps(ensemble: Modes, W2: Callable[[], sp.Matrix]) -> tuple[Step, ...]:
    """W'' by averages over modes: for one type of modes, two types, and a matrix of overlaps."""
    one = (ensemble.D, ensemble.rho, ensemble.alpha)

    def one_kind() -> list[sp.Expr]:
        return list(W2() - GENERIC.xreplace(averages([one])))

    def two_kinds() -> list[sp.Expr]:
        other = sp.symbols("D' rho' alpha'")
        values = rational((*FREQUENCY, *one, *other), 1)
        W = spectral_functional(Modes(*(a.xreplace(values) for a in one))
                                + Modes(*(a.xreplace(values) for a in other)))
        mixed = hessian(W, values)
        known = {a: v.xreplace(values) for a, v in averages([one, other]).items()}
        F = fluctuations(mixed).xreplace(values)
        exact = split(PHI).xreplace(known).xreplace(values)
        return [F[0, 0] - C_1.xreplace(values) * C_2.xreplace(values) - exact]

    def matrix() -> list[sp.Expr]:
        """Products of T inside a trace, in the order of the equation shown."""
        a, b, x, y, u, v = sp.symbols("D_1 D_2 O_11 O_12 O_21 O_22")
        values = rational((*FREQUENCY, a, b, x, y, u, v), 2)
        O = sp.Matrix([[x, y], [u, v]]).xreplace(values)
        strengths, weight = (a.xreplace(values), b.xreplace(values)), sp.Rational(2, 7)
        W = spectral_functional(Overlapping(strengths, O.as_immutable(), weight))
        found = hessian(W, values)
        rates = sp.diag(*(1 / D for D in strengths))
        T1, T2 = ((rates / S[w].xreplace(values) - O).inv() for w in (1, 2))
        U1, U2 = ((rates / bar(S[w]).xreplace(values) - O.T).inv() for w in (1, 2))
        products = {
            c: T1 * U2, bar(c): U1 * T2, d: O * T1 * O * T2, bar(d): O.T * U1 * O.T * U2,
            p: T1 * U1 * T2 * O, q: T1 * O * T2 * U2, r: U2 * T1 * U1 * O.T, s: U1 * T2 * U2 * O.T,
            e4: T1 * U1 * T2 * U2,
        }  # fmt: skip
        known = {symbol: weight * product.trace() for symbol, product in products.items()}
        return list(found - GENERIC.xreplace(known).xreplace(values))

    def closed() -> sp.Expr:
        return fluctuations(GENERIC)[0, 0] - C_1 * C_2 - split(PHI)

    def of_x() -> list[sp.Expr]:
        """The weights of the regressions, their residuals, and the quadratic form with F."""
        found = []
        for w in (1, 2):
            with_psi, of_psi, own = current(w)
            beta = sp.Matrix([with_psi]) * inverse(propagator(w))
            back = inverse(propagator(w)) * sp.Matrix(of_psi)
            known = {symbol: split(value) for symbol, value in local_values(w)}
            found += [beta[0] - H[w] * known[z[w]], beta[1] + H[w] * known[private[w]],
                      back[0] - bar(H[w]) * (1 / bar(S[w]) + bar(K[w])),
                      back[1] - bar(H[w]) * known[private[w]]]  # fmt: skip
            regressed = (beta * sp.Matrix(of_psi))[0]
            found.append(regressed - own + H[w] * bar(H[w]) * known[private[w]])
        first, second = ((H[w] * z[w], -H[w] * private[w]) for w in (1, 2))
        back = [(bar(H[w]) * bar(z[w]), bar(H[w]) * private[w]) for w in (1, 2)]
        into = sp.Matrix([first[a] * back[1][b] for a, b in PAIRS])
        out = sp.Matrix([back[0][d] * second[c] for c, d in PAIRS])
        left = [Delta[w] - H[w] * bar(H[w]) * private[w] for w in (1, 2)]
        whole = (out.T * fluctuations(GENERIC) * into)[0] - left[0] * left[1]
        difference = sp.Poly(whole - split(overlap_x()), *H.values(), *map(bar, H.values()),
                             *z.values(), *map(bar, z.values()), *private.values(),
                             *Delta.values())  # fmt: skip
        return found + difference.coeffs()

    def as_in_the_paper() -> sp.Expr:
        """With the private noise n of the linear site, without white noise."""
        a1, a2 = sp.symbols("a_1 a_2")
        n = {w: C[w] * (1 - a) / (S[w] * bar(S[w])) for w, a in ((1, a1), (2, a2))}
        (z1, z2), (y1, y2) = z.values(), map(bar, z.values())
        (S1, S2), (R1, R2) = S.values(), map(bar, S.values())
        D_, db, cb = d, bar(d), bar(c)
        core = split(CORE)
        F4 = S1 * R1 * S2 * R2 * core / ((1 - a1) * (1 - a2) * (1 - c) * (1 - cb))
        T3 = (
            z1 * y1 * z2 * S1 * R1 * S2 * (1 + p) / ((1 - a1) * (1 - cb) * (1 - D_))
            + z1 * y1 * y2 * S1 * R1 * R2 * (1 + r) / ((1 - a1) * (1 - db) * (1 - c))
            + z1 * z2 * y2 * S1 * S2 * R2 * (1 + q) / ((1 - D_) * (1 - a2) * (1 - c))
            + y1 * z2 * y2 * R1 * S2 * R2 * (1 + s) / ((1 - cb) * (1 - a2) * (1 - db))
        )
        T2 = (
            z1 * y1 * S1 * R1 / (1 - a1) + z2 * y2 * S2 * R2 / (1 - a2)
            + z1 * z2 * S1 * S2 / (1 - D_) + y1 * y2 * R1 * R2 / (1 - db)
            + z1 * y2 * S1 * R2 / (1 - c) + y1 * z2 * R1 * S2 / (1 - cb)
        )  # fmt: skip
        X4 = z1 * y1 * z2 * y2 * F4 - T3 + T2 - z1 * S1 - y1 * R1 - z2 * S2 - y2 * R2 + 1
        power = {w: H[w] * bar(H[w]) * n[w] * (
            z[w] * S[w] * bar(z[w]) * bar(S[w]) / (1 - a) - z[w] * S[w] - bar(z[w]) * bar(S[w]) + 1
        ) for w, a in ((1, a1), (2, a2))}  # fmt: skip
        filters = sp.prod(H[w] * bar(H[w]) * n[w] for w in (1, 2))
        known = {private[w]: n[w] for w in (1, 2)} | {Delta[w]: power[w] for w in (1, 2)}
        return split(overlap_x()).xreplace(known) - (filters * X4 - power[1] * power[2])

    def without_overlaps() -> list[sp.Expr]:
        bare = dict.fromkeys((d, bar(d), p, q, r, s), sp.S.Zero)
        bare[e4] = inverse_rank * c * bar(c)
        phi = split(PHI).xreplace(bare) - split(PHI_PLAIN)
        x = {w: H[w] * bar(H[w]) * C_eta[w] for w in (1, 2)}
        gains = {c: g**2 * S[1] * bar(S[2]), bar(c): g**2 * bar(S[1]) * S[2]}
        known = {z[w]: 1 / S[w] for w in (1, 2)} | {bar(z[w]): 1 / bar(S[w]) for w in (1, 2)}
        known |= {private[w]: C[w] / (S[w] * bar(S[w])) - C_eta[w] for w in (1, 2)}
        known |= {Delta[w]: x[w] for w in (1, 2)}
        general = split(overlap_x()).xreplace(bare).xreplace(known).xreplace(gains)
        return [phi, general - split(X_PLAIN).xreplace(known).xreplace(gains)]

    return (
        Step("Its entries are averages over modes of products of transfers.",
             r"c = \langle T_1T_2^*\rangle,\ d = \langle\rho^2T_1T_2\rangle,\ e_4 ="
             r" \langle|T_1|^2|T_2|^2\rangle,\ p = \langle\rho|T_1|^2T_2\rangle,\ q ="
             r" \langle\rho T_1|T_2|^2\rangle,\ r = \langle\rho|T_1|^2T_2^*\rangle,\ s ="
             r" \langle\rho T_1^*|T_2|^2\rangle", one_kind, sp.cancel),
        Step("Whatever these averages are, the engine's inverse has this closed form.",
             r"\Psi_\phi = C_1C_2\Big[\frac{1}{|1-c|^2}\Big(e_4 + \frac{(1+p)(1+q)}{1-d} +"
             r" \frac{(1+r)(1+s)}{1-d^*} - 1\Big) - 1\Big]", closed, sp.cancel),
        Step("For two types of modes, with different strengths and overlaps, the averages are sums"
             " over both: verified with random rational numbers in place of ten symbols.",
             r"\langle\cdot\rangle = \sum_k\alpha_k(\cdot)_k", two_kinds),
        Step("Modes that overlap with one another: T is a matrix, and averages become traces."
             " Verified for two modes and a general matrix O with random rational numbers.",
             r"T = (D^{-1}/S - O)^{-1},\quad c = \mathrm{tr}[T_1T_2^\dagger],\ d ="
             r" \mathrm{tr}[OT_1OT_2],\ p = \mathrm{tr}[T_1T_1^\dagger T_2O],\ q ="
             r" \mathrm{tr}[T_1OT_2T_2^\dagger],\ r = \mathrm{tr}[T_2^\dagger T_1T_1^\dagger O^T],"
             r"\ s = \mathrm{tr}[T_1^\dagger T_2T_2^\dagger O^T],\ e_4 = \mathrm{tr}[T_1T_1^\dagger"
             r" T_2T_2^\dagger]", matrix),
        Step("The currents' covariances, including white noise: z is the coefficient of phi in the"
             " regression of x, and m that of s. The residuals of the regressions contribute for"
             " equal units only.",
             r"x \to H(z\phi - m s),\quad z = \frac1S + K,\quad m = \frac{C}{|S|^2} - C_\eta",
             of_x, sp.cancel),
        Step("Without white noise m is the private noise of the linear site. Verified at random"
             " rational points.",
             r"m = n = C\,\frac{1 - \langle|T|^2\rangle}{|S|^2},\quad \Psi_x + \Delta_1\Delta_2 ="
             r" |H_1H_2|^2n_1n_2X_4", as_in_the_paper, at_random_points),
        Step("Without overlaps the mean square of the strengths and the effective rank are the only"
             " parameters.",
             r"\Psi_\phi = C_1C_2\Big[\frac{1+|c|^2/\mathrm{PR}_D}{|1-c|^2} - 1\Big],\quad \Psi_x +"
             r" \Delta_1\Delta_2 = \frac{\Delta_1\Delta_2(1-|c|^2) + |H_1H_2|^2g^4C_1C_2(1 +"
             r" 1/\mathrm{PR}_D)}{|1-c|^2}", without_overlaps, sp.cancel),
    )  # fmt: skip


def formulas() -> tuple[Formula, ...]:
    """The closed forms."""
    sign = (
        "\nWith S_1 and S_2 at the frequencies (omega_1, omega_2) it is the transform of N"
        " <C_ij(tau_1) C_ij(-tau_2)>; with all quantities at frequency 2 conjugated, that of N"
        " <C_ij(tau_1) C_ij(tau_2)>."
    )
    seven = (c, d, e4, p, q, r, s)
    local = (*local_values(1), *local_values(2))

    def formula(name, args, value, doc, where=()):
        return Formula(name, args, value, doc, where, test=f"{TEST}::test_resolvents")

    return (
        formula("covariance_phi", (C_1, C_2, c, inverse_rank), PHI_PLAIN,
                "Psi_phi of modes without overlaps: mean product of two units' cross-spectra of"
                " phi, times N." + sign),
        formula("covariance_x", (Delta[1], Delta[2], C_1, C_2, H[1], H[2], c, g, inverse_rank),
                X_PLAIN, "Psi_x of modes without overlaps, white noise included in the spectra of"
                " x." + sign),
        formula("overlap_covariance_phi", (C_1, C_2, *seven), PHI,
                "Psi_phi of modes with overlaps." + sign),
        formula("overlap_covariance_x",
                (C_1, C_2, S[1], S[2], K[1], K[2], H[1], H[2], C_eta[1], C_eta[2], Delta[1],
                 Delta[2], *seven), overlap_x(),
                "Psi_x of modes with overlaps, white noise included in C_eta." + sign, local),
    )  # fmt: skip

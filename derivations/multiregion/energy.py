"""The energy of reciprocal currents, in regions without random couplings."""

from __future__ import annotations

from functools import cache

import sympy as sp

from ..engine.derivation import Step
from ..gaussian.variance_derivative import ERF_ENERGY, SLOPE, Delta

REGIONS = range(2)
F = sp.Function("F")
PAIRS = [(a, b) for a in REGIONS for b in REGIONS]


def symmetric(name: str, size: int = 2) -> sp.Matrix:
    """A symmetric matrix of symbols."""
    return sp.Matrix(size, size, lambda a, b: sp.Symbol(f"{name}_{min(a, b)}{max(a, b)}"))


# Strengths c of reciprocal currents, covariances U of the receiving directions, and inputs with
# their overlaps and variances.
c = symmetric("c")
U = [symmetric(f"U{a}") for a in REGIONS]
z = sp.Matrix(2, 2, lambda a, b: sp.Symbol(f"z_{a}{b}", real=True))
overlap = sp.Matrix(2, 2, lambda a, b: sp.Symbol(f"k_{a}{b}", real=True))
I = sp.symbols("I_0:2", real=True)
width = sp.symbols("W_0:2", positive=True)


def variance(a: int) -> sp.Expr:
    """Delta of region a: the contribution of its currents and its constant input."""
    own = z[a, :]
    return (own * U[a] * own.T)[0] + 2 * I[a] * (overlap[a, :] * own.T)[0] + width[a] * I[a] ** 2


def field(a: int, b: int) -> sp.Expr:
    """v: the derivative of region a's F in its current from b."""
    return sp.diff(F(variance(a)), z[a, b]).doit()


def energy() -> sp.Expr:
    """E of both regions."""
    reciprocal = sum(c[a, b] * field(a, b) * field(b, a) for a, b in PAIRS)
    return -reciprocal / 2 + sum(z[a, b] * field(a, b) for a, b in PAIRS) - sum(
        F(variance(a)) for a in REGIONS)  # fmt: skip


def currents() -> sp.Matrix:
    """S by Stein's theorem, with n^{ab} = c_ab m^{ba} + a part without overlaps."""

    def sent(a: int, b: int) -> sp.Expr:
        psi = 2 * sp.Subs(sp.diff(F(Delta), Delta), Delta, variance(b))
        received = sum(c[a, b] * U[b][a, r] * z[b, r] for r in REGIONS)
        return psi * (received + c[a, b] * overlap[b, a] * I[b])

    return sp.Matrix(2, 2, lambda a, b: sent(a, b))


@cache
def flow() -> sp.Matrix:
    """dz/dt = S - z."""
    return currents() - z


def _plain(expression: sp.Expr) -> sp.Expr:
    """Expanded, with F's derivatives at a region's variance as symbols: a zero test of polynomials.
    """
    names = {}
    for a in REGIONS:
        for order in (1, 2, 3):
            at = sp.Subs(sp.diff(F(Delta), (Delta, order)), Delta, variance(a))
            names[at] = sp.Symbol(f"F{a}_{order}")
    uniform = expression.replace(
        lambda e: isinstance(e, sp.Subs),
        lambda e: sp.Subs(e.expr.xreplace({e.variables[0]: Delta}), Delta, e.point[0]),
    )
    return sp.expand(uniform.xreplace(names))


def energy_steps() -> tuple[Step, ...]:
    """Symmetric interactions, their energy, and its decrease."""
    return (
        Step("The effective interactions are a matrix between pairs of regions. For three regions,"
             " by solving the linear equations: it is symmetric if and only if every current"
             " elicits only a current in the opposite direction and is passed on to no other"
             " region.",
             r"\hat T_{(\mu\nu),(\rho\sigma)} = \delta_{\nu\rho}T^{\mu\nu\sigma} ="
             r" \hat T_{(\rho\sigma),(\mu\nu)}\;\Leftrightarrow\; T^{\mu\nu\rho} ="
             r" \delta_{\mu\rho}\,c_{\mu\nu},\; c = c^T", _symmetric_interactions),
        Step("A larger class: n is c times the direction along which the region receives the"
             " opposite current; this direction may overlap with other loadings and with an input.",
             r"n^{\mu\nu} = c_{\mu\nu}\,m^{\nu\mu} + \dots\;\Rightarrow\; T^{\mu\nu\rho} ="
             r" c_{\mu\nu}U^\nu_{\mu\rho},\; V^{\mu\nu} = c_{\mu\nu}k^\nu_\mu:\quad S^{\mu\nu} ="
             r" c_{\mu\nu}\,v^{\nu\mu},\quad v^{\nu\rho} = \frac{\partial F(\Delta^\nu)}"
             r"{\partial z^{\nu\rho}} = \psi^\nu\Big(\sum_\sigma U^\nu_{\rho\sigma}z^{\nu\sigma} +"
             r" k^\nu_\rho I^\nu\Big)",
             lambda: [_plain(currents()[a, b] - c[a, b] * field(b, a)) for a, b in PAIRS]),
        Step("The energy, for two regions with any c, U, F and constant inputs: minus its gradient"
             " is the flow, multiplied by the Hessian of F.",
             r"E = -\tfrac12\sum_{\mu\nu} c_{\mu\nu}v^{\mu\nu}v^{\nu\mu} + \sum_{\mu\nu}"
             r" z^{\mu\nu}v^{\mu\nu} - \sum_\nu F(\Delta^\nu),\quad \frac{\partial E}{\partial"
             r" z^{\nu\rho}} = -\sum_\sigma \frac{\partial^2 F(\Delta^\nu)}{\partial z^{\nu\rho}"
             r"\partial z^{\nu\sigma}}\,\dot z^{\nu\sigma}",
             lambda: [_plain(sp.diff(energy(), z[a, b]) + sum(
                 sp.diff(field(a, r), z[a, b]) * flow()[a, r] for r in REGIONS))
                 for a, b in PAIRS]),
        Step("Hence, if the Hessian of F is positive definite, the energy decreases along the flow:"
             " the currents converge to fixed points.",
             r"\frac{dE}{dt} = -\sum_\nu \dot z^{\nu T}\,(\nabla^2 F^\nu)\,"
             r"\dot z^\nu", _rate),
        Step("The Hessian is an average over units (for Fourier components of phi, by the"
             " generating function of the loadings): for nondecreasing phi it is positive"
             " semidefinite.", r"\frac{\partial^2 F}{\partial z^\rho\partial z^\sigma} ="
             r" \langle\phi'(x)\,m^\rho m^\sigma\rangle", _curvature_is_an_average),
        Step("Error function: the Hessian is positive definite, because by the Cauchy-Schwarz"
             " inequality the first term in the bracket is nonnegative for every direction a (for"
             " two directions: a determinant times a square).",
             r"a^T(\nabla^2F)\,a = \psi\Big[\tfrac{\pi}{2}\frac{(a^TUa)\,\Delta - (a^TUz)^2}"
             r"{1+\pi\Delta/2} + \frac{a^TUa}{1+\pi\Delta/2}\Big] > 0", _positive),
        Step("Error function: the energy is bounded below, because the v are bounded and the"
             " remaining terms are nonnegative.",
             r"v^T U^{-1} v = \psi^2\Delta = \tfrac{2}{\pi}(1 - \psi^2),\quad z\cdot v - F ="
             r" \psi\Delta - F = \frac{\Delta\,\psi^2}{1 + \psi} \ge 0", _bounded),
    )  # fmt: skip


def _symmetric_interactions() -> list[sp.Expr]:
    three = range(3)
    T = {(a, b, r): sp.Symbol(f"T_{a}{b}{r}") for a in three for b in three for r in three}
    pairs = [(a, b) for a in three for b in three]
    hat = sp.Matrix(9, 9, lambda m, n: T[(*pairs[m], pairs[n][1])]
                    if pairs[m][1] == pairs[n][0] else 0)  # fmt: skip
    found = sp.solve([e for e in hat - hat.T if e != 0], list(T.values()), dict=True)[0]
    general = {key: symbol.xreplace(found) for key, symbol in T.items()}
    free = len({e for e in general.values() if e != 0})
    return [value for (a, b, r), value in general.items() if r != a] + [
        general[a, b, a] - general[b, a, b] for a in three for b in three
    ] + [sp.Integer(free - 6)]  # fmt: skip


def _rate() -> sp.Expr:
    motion = {z[a, b]: flow()[a, b] for a, b in PAIRS}
    change = sum(sp.diff(energy(), where) * rate for where, rate in motion.items())
    form = sum(
        sp.diff(field(a, r), z[a, b]) * motion[z[a, b]] * motion[z[a, r]]
        for a in REGIONS for b in REGIONS for r in REGIONS
    )  # fmt: skip
    return _plain(change + form)


def _curvature_is_an_average() -> list[sp.Expr]:
    q, own, cov = sp.Symbol("q", positive=True), z[0, :], U[0]
    k = sp.Matrix(sp.symbols("k_1:3")).T
    generating = sp.exp((k * cov * k.T)[0] / 2)
    along = dict(zip(k, sp.I * q * own, strict=True))
    F_q = generating.subs(along) / (sp.I * q)  # phi = exp(i q x), Phi = exp(i q x) / (i q)
    variance_here = (own * cov * own.T)[0]
    return [
        (sp.diff(F_q, own[a], own[b]) - sp.I * q * sp.diff(generating, k[a], k[b]).subs(along))
        / generating.subs(along) for a in REGIONS for b in REGIONS
    ] + [sp.I * q * F_q * sp.exp(q**2 * variance_here / 2) - 1]  # fmt: skip


def _positive() -> list[sp.Expr]:
    own, cov = z[0, :], U[0]
    a = sp.Matrix(sp.symbols("a_1:3", real=True)).T
    free = variance(0).subs(dict.fromkeys((*overlap, *I), 0))
    form = sum(
        a[m] * a[n] * sp.diff(F(free), own[m], own[n]) for m in REGIONS for n in REGIONS
    ).doit()  # fmt: skip
    aUa, aUz, zUz = (a * cov * a.T)[0], (a * cov * own.T)[0], (own * cov * own.T)[0]
    first, second = (sp.Subs(sp.diff(F(Delta), (Delta, n)), Delta, free) for n in (1, 2))
    P, Q = sp.symbols("P Q", real=True)  # aUa and aUz
    slope, bend = sp.diff(ERF_ENERGY, Delta), sp.diff(ERF_ENERGY, Delta, 2)
    bracket = (sp.pi / 2 * (P * Delta - Q**2) + P) / (1 + sp.pi * Delta / 2)
    return [
        _plain((form - 2 * first * aUa - 4 * second * aUz**2).doit()),
        sp.simplify(2 * slope * P + 4 * bend * Q**2 - SLOPE * bracket),
        sp.expand(aUa * zUz - aUz**2 - cov.det() * (a[0] * own[1] - a[1] * own[0]) ** 2),
    ]


def _bounded() -> list[sp.Expr]:
    own, cov = z[0, :], U[0]
    psi = sp.Symbol("psi", positive=True)
    v = psi * cov * own.T
    return [
        sp.simplify((v.T * cov.inv() * v)[0] - psi**2 * (own * cov * own.T)[0]),
        SLOPE**2 * Delta - 2 / sp.pi * (1 - SLOPE**2),
        sp.radsimp(SLOPE * Delta - ERF_ENERGY - Delta * SLOPE**2 / (1 + SLOPE)),
    ]

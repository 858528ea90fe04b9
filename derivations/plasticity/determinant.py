"""The determinant of a random matrix with a diagonal: its magnitude, and the spectrum's support.

M = diag(D) - J diag(phi'), with independent entries J of variance g^2/N and arbitrary diagonals.
The mean square of its determinant is known exactly for every N; its asymptotics for large N
determine where M is singular.
"""

from __future__ import annotations

import sympy as sp

from ..engine.couplings import IID, normals
from ..engine.derivation import Condition, Formula, Step
from ..engine.spectral import C, S, conjugate_fields, spectral_functional
from .hebbian import TEST, g
from .local_loop import slope

s = sp.Symbol("s", nonnegative=True)
stiffness = sp.Symbol("stiffness", real=True)
LOG = sp.log(stiffness**2 + s * slope**2) / 2 - s / (2 * g**2)
SYMBOLS = {"s": "Saddle variable of the determinant, s >= 0; zero for q < 1."}


def even_moments(polynomial: sp.Expr, drawn: list[sp.Symbol]) -> sp.Expr:
    """Average over independent standard normals: (n - 1)!! for every even power n."""
    found = sp.S.Zero
    for powers, coefficient in sp.Poly(polynomial, *drawn).terms():
        if all(n % 2 == 0 for n in powers):
            found += coefficient * sp.prod(sp.factorial2(n - 1) for n in powers if n)
    return found


def average_square(size: int) -> sp.Expr:
    """<|det M|^2> at a finite size, from the draw; a conjugate diagonal has symbols of its own."""
    J = IID(g).sample(size)
    minors = []
    for name in ("D", "E"):
        D = sp.diag(*sp.symbols(f"{name}_1:{size + 1}"))
        minors.append((D - J * sp.diag(*sp.symbols(f"f_1:{size + 1}"))).det(method="berkowitz"))
    return even_moments(sp.expand(minors[0] * minors[1]), list(normals(size)))


def by_one_integral(size: int) -> sp.Expr:
    """The same as an integral over the saddle variable of exp(2 N times the mean of LOG over
    sites)."""
    D, E, f = (sp.symbols(f"{name}_1:{size + 1}") for name in ("D", "E", "f"))
    scale = size / g**2
    product = sp.Poly(sp.prod(d * e + s * u**2 for d, e, u in zip(D, E, f, strict=True)), s)
    return sum(c * sp.factorial(n) / scale**n for (n,), c in product.terms())


def steps() -> tuple[Step, ...]:
    """The mean square, its saddle point, and the support of the spectrum that follows."""
    other = sp.Symbol("lambda^*")
    D, E = sp.Function("D"), sp.Function("E")
    rate = sp.Symbol("lambda")

    def weight() -> list[sp.Expr]:
        """The integrand of `by_one_integral` is exp(2 N LOG), with a normalised weight."""
        size, u = sp.Symbol("N", positive=True), sp.Symbol("u", positive=True)
        factor = (stiffness**2 + u * slope**2) * sp.exp(-u / g**2)
        inside = sp.exp(2 * LOG.xreplace({s: u})) - factor
        power = [sp.integrate(size / g**2 * sp.exp(-size * u / g**2) * u**n, (u, 0, sp.oo))
                 - sp.factorial(n) * (g**2 / size) ** n for n in range(4)]  # fmt: skip
        return [inside, *power]

    def saddle() -> list[sp.Expr]:
        change = sp.diff(LOG, s)
        q = g**2 * slope**2 / (stiffness**2 + s * slope**2)
        return [change - (q - 1) / (2 * g**2), sp.diff(LOG, s, 2) + q**2 / (2 * g**4),
                LOG.subs(s, 0) - sp.log(stiffness**2) / 2]  # fmt: skip

    def harmonic() -> list[sp.Expr]:
        plain = sp.log(D(rate) * E(other)) / 2
        return [sp.diff(plain, rate, other).doit()]

    def density() -> list[sp.Expr]:
        """The Laplacian of the potential at its maximum in s, which depends on the eigenvalue."""
        F, at = sp.Function("F"), sp.Function("s")(rate, other)
        u, left, right = sp.symbols("u left right")
        here = {u: at, left: rate, right: other}
        slope_at = lambda *by: sp.diff(F(u, left, right), *by).subs(here)  # noqa: E731
        # ds/dlambda on the curve F_s = 0, by implicit differentiation.
        moves = {sp.diff(at, z): -slope_at(u, y) / slope_at(u, u)
                 for z, y in ((rate, left), (other, right))}  # fmt: skip
        first = slope_at(left)  # the envelope: F_s = 0
        total = slope_at(left, right) + slope_at(left, u) * moves[sp.diff(at, other)]
        along = sp.diff(first, other).doit().subs(sp.diff(at, other), moves[sp.diff(at, other)])
        own = sp.diff(sp.log(D(rate) * E(other) + s * slope**2) / 2, rate, other)
        square = D(rate).diff(rate) * E(other).diff(other)
        return [sp.simplify((along - total).doit()),
                sp.simplify(own - s * slope**2 * square
                            / (2 * (D(rate) * E(other) + s * slope**2) ** 2))]  # fmt: skip

    def response() -> list[sp.Expr]:
        """The unit D u = (couplings) + pulse, with phi' u in place of phi, by the engine at one
        frequency."""
        form = conjugate_fields(spectral_functional(IID(g)), 1)
        square = sp.Symbol("square", positive=True)  # <phi'^2/|D|^2>
        pulse = sp.Symbol("pulse", positive=True)
        power = sp.solve(C[1] - square * (form[1, 1] + pulse), C[1])[0]
        return [form[1, 0], form[1, 1].diff(S[1]),
                power - square * pulse / (1 - g**2 * square)]  # fmt: skip

    def ring() -> list[sp.Expr]:
        """The logarithm of N! per unit, compared with its saddle-point value."""
        n = sp.Symbol("n", positive=True)
        at = LOG.xreplace({stiffness: sp.S.Zero}).subs(s, g**2)
        exact = sp.limit((sp.loggamma(n + 1) - n * sp.log(n)) / n, n, sp.oo)
        found = sp.expand_log(2 * at - sp.log(g**2) - sp.log(slope**2), force=True)
        return [sp.expand(found - exact),
                sp.diff(LOG.xreplace({stiffness: sp.S.Zero}), s).subs(s, g**2)]

    return (
        Step("The mean square of the determinant is a single integral. Verified for one, two and"
             " three units, by integrating over every entry of J.",
             r"M = \mathrm{diag}(D) - J\,\mathrm{diag}(\phi'):\quad \langle|\det M|^2\rangle ="
             r" \frac{N}{g^2}\int_0^\infty ds\,e^{-Ns/g^2}\prod_i\big(|D_i|^2 + s\,\phi_i'^2\big)",
             lambda: [sp.expand(average_square(n) - by_one_integral(n)) for n in (1, 2, 3)]),
        Step("Its integrand is the exponential of 2N times the mean over sites of one logarithm.",
             r"\exp\Big\{2N\Big\langle\tfrac12\log(|D|^2 + s\phi'^2) - \frac{s}{2g^2}\Big\rangle"
             r"\Big\}", weight),
        Step("For large N the maximum of the integrand dominates. The exponent is concave in s: the"
             " maximum is at s = 0 if q, the gain of a static perturbation, is below one, and"
             " otherwise where the increased denominator makes the gain one.",
             r"g^2\Big\langle\frac{\phi'^2}{|D|^2 + s\phi'^2}\Big\rangle = 1\;(q > 1),\quad s = 0"
             r"\;(q \le 1)", saddle),
        Step("Without a diagonal the mean square is a factorial times the squared lengths of the"
             " columns, and the saddle s = g^2 gives its asymptotic logarithm.",
             r"D = 0:\quad \langle|\det M|^2\rangle = N!\,(g^2/N)^N\prod_i\phi_i'^2,\quad"
             r" \frac1N\log\frac{N!}{N^N} \to -1", ring),
        Step("The eigenvalue density is the Laplacian of this logarithmic potential. Where s = 0 it"
             " vanishes except at zeros of D, because the logarithm of an analytic function is"
             " harmonic. Hence the support of the spectrum is the region q > 1.",
             r"s = 0:\quad \frac{\partial^2}{\partial\lambda\,\partial\lambda^*}\,"
             r"\tfrac12\log|D(\lambda)|^2 = 0", harmonic),
        Step("Where s > 0 the density is positive: a mean of squares plus a second term that is"
             " positive because the exponent is concave in s.",
             r"s > 0:\quad \frac{\partial^2F}{\partial\lambda\,\partial\lambda^*} = \Big\langle"
             r"\frac{s\,\phi'^2\,|D'(\lambda)|^2}{2(|D|^2 + s\phi'^2)^2}\Big\rangle +"
             r" \frac{|\partial_\lambda F_s|^2}{-F_{ss}}", density),
        Step("Second route: the response to a pulse on every unit, by the engine. Couplings without"
             " reciprocity give noise and no memory, and the power excited by the pulse is finite"
             " up to the same boundary.",
             r"C = \Big\langle\frac{\phi'^2}{|D|^2}\Big\rangle(g^2C + H) = \frac{\langle\phi'^2/"
             r"|D|^2\rangle\,H}{1 - g^2\langle\phi'^2/|D|^2\rangle}", response),
    )  # fmt: skip


def conditions() -> tuple[Condition, ...]:
    """The equation for the saddle s, over the density of the sites."""
    x = sp.Symbol("x", real=True)
    rho, D, f = (sp.Function(name, real=True)(x) for name in ("rho", "D", "f"))
    return (
        Condition("determinant", "The saddle of the determinant where it is not zero; D and f ="
                                 " phi' belong to a site at x, with density rho.",
                  sp.Eq(sp.Integral(rho * g**2 * f**2 / (D**2 + s * f**2), (x, -sp.oo, sp.oo)), 1)),
    )  # fmt: skip


def formulas() -> tuple[Formula, ...]:
    """The logarithm of one site."""
    return (
        Formula("unstable_log_det", (stiffness, slope, s, g), LOG,
                "Contribution of one site to log|det|, for D of either sign."
                "\nIt replaces log D if unstable fixed points are counted too; the maximum over s"
                " >= 0 of its mean is (1/N) log|det|.", test=f"{TEST}::test_log_det"),
    )  # fmt: skip

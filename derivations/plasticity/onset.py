"""The transition with plasticity: continuous, or discontinuous with a finite amplitude?

Expansion in the magnitude of the activity, C(0) = epsilon.  The activity varies on a time scale of
1/epsilon, so that to leading order the synapses, for every time constant, follow it adiabatically.
"""

from __future__ import annotations

import sympy as sp

from ..engine.derivation import Formula, Step
from .hebbian import MEMORY, TEST, C, k, p, tau
from .small_activity import (
    K0,
    Y,
    activity,
    b,
    correlation,
    cut,
    e,
    eps,
    memory,
    per_input,
    phi,
    slow,
)

SUBCRITICAL = b
# Expansion of 1/g^2 in the input's variance H0: coefficients of H0 and of its square.
FIRST = 2 * (k - b)
SECOND = 7 * k * (k - 2 * b) + sp.Rational(4, 3) * b**2 + e / 4
AT_REST = SECOND + b**2 / 3  # the same for fixed points
DELAYED = -sp.Rational(2, 3) * k * p**2 * b**2  # the contribution of p at third order
# The same in terms of C(0) = H0/g^2.
GAIN = 1 / sp.sqrt(1 + FIRST * C + (SECOND - FIRST**2) * C**2)
SYMBOLS = {
    "curvature": "Minus one half of the third derivative of phi at zero; its slope there is one.",
    "fifth": "Fifth derivative of phi at zero; 16 for tanh.",
}


def steps() -> tuple[Step, ...]:
    """The adiabatic expansion of the memory, the correlation, and the branch of solutions."""
    H0 = sp.Symbol("H0", positive=True)
    lag = sp.Symbol("z", real=True)

    def memory_terms() -> list[sp.Expr]:
        """A slowly varying integrand, by its Taylor series."""
        age, out = sp.Symbol("s", positive=True), sp.symbols("f_0:3")
        taylor = sum(f * age**n / sp.factorial(n) for n, f in enumerate(out))
        weight = MEMORY.xreplace({tau: age, C: sp.S.One})
        found = sp.integrate(sp.expand(weight * taylor), (age, 0, sp.oo))
        # f(s) = C(s) phi(t - s), and C even.
        c, u = sp.symbols("c_0:3"), sp.symbols("u_0:3")
        even = c[0] + c[2] * age**2 / 2
        product = sp.expand(even * (u[0] - u[1] * age + u[2] * age**2 / 2))
        orders = [sp.factorial(n) * product.coeff(age, n) for n in range(3)]
        return [sp.expand(found - k * sum(p**n * one for n, one in enumerate(out))),
                orders[0] - c[0] * u[0], orders[1] + c[0] * u[1],
                orders[2] - c[0] * u[2] - c[2] * u[0]]

    def expansion() -> list[sp.Expr]:
        """The equation of the unit with the expansion of x inserted."""
        x, _ = activity()
        K = eps * K0
        shown = sp.sqrt(eps) * ((1 + K + K**2) * Y[0] - (1 + 2 * K + p * K) * eps * Y[1]
                                + eps**2 * Y[2] - K * b * eps * Y[0] ** 3 / 3)  # fmt: skip
        return [cut(x + slow(x) - sp.sqrt(eps) * Y[0] - memory(phi(x))), cut(x - shown)]

    def balance() -> sp.Expr:
        """For any H: the coefficients of H, of H'' and of H^3."""
        H = sp.Function("H")(lag)
        found = correlation(H, lag).subs(sp.diff(H, lag).subs(lag, 0), 0)
        zero = H.subs(lag, 0)
        linear = (1 + 2 * eps * K0 + 3 * (eps * K0) ** 2 - 2 * b * eps * zero * (1 + 5 * eps * K0)
                  + (e / 4 + b**2) * (eps * zero) ** 2)  # fmt: skip
        expected = linear * H + eps**2 * (sp.diff(H, lag, 2) + sp.Rational(2, 3) * b**2 * H**3)
        return sp.expand((found - expected).doit())

    def branch(shape: sp.Expr, second: sp.Expr) -> list[sp.Expr]:
        """C = H/g^2 at every lag, K0 = k H(0)/g^2."""
        inverse = 1 + FIRST * eps * H0 + second * (eps * H0) ** 2
        left = sp.expand(per_input(shape, lag).subs(K0, k * H0 * inverse) - inverse)
        return [left.coeff(eps, n) for n in range(3)]

    def delay() -> list[sp.Expr]:
        """A linear unit with the delayed memory; then the orbit with any coefficient B of H''."""
        w, bend, B, cubic = sp.symbols("omega c2 B cubic")
        K = eps * K0
        inverse = 1 + sp.I * eps * w - K * (1 - sp.I * p * eps * w - (p * eps * w) ** 2) - (
            eps**3 * k * p**2 * bend)  # fmt: skip
        power = 1 / (inverse * inverse.subs(w, -w))
        third = sp.series(power, eps, 0, 4).removeO().coeff(eps, 3)
        by_p = sp.expand(third - third.subs(p, 0))
        shape = H0 / sp.cosh(b * H0 * lag / sp.sqrt(3))
        # The orbit of alpha H + B H'' + cubic H^3 = 0, for any rate of decay.
        rate = sp.Symbol("rate", positive=True)
        orbit = H0 / sp.cosh(rate * lag)
        alpha = -cubic * H0**2 / 2
        left = alpha * orbit + B * orbit.diff(lag, 2) + cubic * orbit**3
        solved = sp.simplify((left / orbit).subs(B, cubic * H0**2 / (2 * rate**2)))
        bent = shape.diff(lag, 2).subs(lag, 0)
        return [by_p - 2 * k * p**2 * bend + 2 * K0 * p * (1 + p) * w**2, solved,
                sp.expand(2 * k * p**2 * bent - DELAYED * H0**3)]

    def fold() -> list[sp.Expr]:
        """The largest 1/g^2 near k = b, and its value for tanh."""
        size = -SECOND.subs(k, b)
        inverse = 1 + FIRST * H0 - size * H0**2
        at = sp.solve(sp.diff(inverse, H0), H0)[0]
        turned = sp.simplify(inverse.subs(H0, at) - 1 - (k - b) ** 2 / size)
        for_tanh = 1 / ((k - b) ** 2 / size).subs({b: 1, e: 16}) * sp.Rational(3, 5) * (k - 1) ** 2
        return [turned, sp.simplify(for_tanh - 1)]

    def in_square() -> list[sp.Expr]:
        inverse = 1 + FIRST * H0 + SECOND * H0**2
        square = H0 * inverse
        series = (1 / GAIN**2).subs(C, square.subs(H0, eps * H0))
        difference = sp.expand(series - inverse.subs(H0, eps * H0))
        return [difference.coeff(eps, n) for n in range(3)]

    return (
        Step("For slowly varying activity the memory is instantaneous to leading order, with"
             " corrections due to the delay of the synapses. C is even, so that it is constant to"
             " first order.",
             r"\frac kp\int_0^\infty ds\,e^{-s/p}C(s)\phi(t-s) = kC(0)\,[\phi - p\,\dot\phi + p^2"
             r"\ddot\phi] + kp^2\,\ddot C(0)\,\phi + \dots", memory_terms),
        Step("x in terms of its input, to second order beyond the leading one: C(0) and rates of"
             " change are of order epsilon.", r"x = (1+K+K^2)\eta - (1+2K+pK)\dot\eta + \ddot\eta -"
             r" \tfrac{Kb}{3}\eta^3,\quad K = kC(0)", expansion),
        Step("The correlation of phi, by Wick's theorem. The time constant of the synapses cancels"
             " to this order: a delay changes the phase, not the power.",
             r"C = \big[1 + 2K + 3K^2 - 2bH_0(1+5K) + (\tfrac e4 + b^2)H_0^2\big]H + H'' +"
             r" \tfrac23b^2H^3,\quad H = g^2C", balance),
        Step("The solution is a hyperbolic secant, as without plasticity; its amplitude is a"
             " different function of g.",
             r"H = H_0\,\mathrm{sech}(bH_0\tau/\sqrt3),\quad \frac1{g^2} = 1 + 2(k-b)H_0 +"
             r" \big[7k(k-2b) + \tfrac43b^2 + \tfrac e4\big]H_0^2",
             lambda: branch(H0 / sp.cosh(b * H0 * lag / sp.sqrt(3)), SECOND)),
        Step("Fixed points, whose input does not decay, have a different second-order coefficient"
             " and the same first-order one.",
             r"\frac1{g^2} = 1 + 2(k-b)H_0 + \big[7k(k-2b) + \tfrac53b^2 + \tfrac"
             r" e4\big]H_0^2", lambda: branch(H0, AT_REST)),
        Step("Small activity exists above g = 1 for k < b, and below g = 1 for k > b, where it"
             " coexists with the quiescent state: there the transition to chaos is discontinuous."
             " For tanh (b = 1, e = 16) the second-order coefficient is -5/3 at k = b.",
             r"g = 1 + (b-k)\,C(0) + \dots:\quad k_{\mathrm{sub}} = b", lambda: [
                 sp.diff(GAIN, C).subs(C, 0) - (b - k), sp.solve(FIRST, k)[0] - SUBCRITICAL,
                 SECOND.subs({b: 1, e: 16}).subs(k, 1) + sp.Rational(5, 3),
                 sp.diff(sp.tanh(tau), tau, 5).subs(tau, 0) - 16, *in_square()]),
        Step("Where the second-order coefficient is negative the branch has a fold, at a small"
             " amplitude if k is slightly above b.",
             r"\frac{1}{g_{\mathrm{fold}}^2} = 1 + \frac{(k-b)^2}{17b^2/3 - e/4} + \dots\;"
             r"\xrightarrow{\tanh}\; 1 + \tfrac35(k-1)^2", fold),
        Step("The time constant of the synapses enters at third order. Two of its three terms"
             " change only the coefficient of H'', that is, the time scale and not the amplitude;"
             " the third is due to the decay of C within the memory of the synapses.",
             r"C \ni 2Kp(1+p)H'' + 2kp^2\ddot C(0)H:\quad \frac{1}{g^2} \ni"
             r" -\tfrac23kp^2b^2H_0^3",
             delay),
    )  # fmt: skip


def formulas() -> tuple[Formula, ...]:
    """The change of the bifurcation, and the branch near it."""

    def formula(name, args, value, doc):
        return Formula(name, args, value, doc, test=f"{TEST}::test_onset")

    return (
        formula("subcritical_k", (b,), SUBCRITICAL,
                "Strength of the plasticity above which the transition to chaos is discontinuous,"
                " and chaos coexists with quiescence below g = 1."
                "\nFor any p; for phi with unit slope at zero (1 for tanh)."),
        formula("small_activity_gain", (C, k, b, e), GAIN,
                "Gain g at which chaos has the mean square C of phi, to second order in C."
                "\nFor any p, which enters at third order; valid where C and p C are small."),
    )  # fmt: skip

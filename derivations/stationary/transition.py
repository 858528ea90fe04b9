"""The end of the quiescent state, and the small-amplitude orbit just above the transition."""

from __future__ import annotations

import sympy as sp

from ..engine.derivation import Step
from .potential_motion import (
    E0,
    GROWTH,
    SMALL_VARIANCE,
    STIFFNESS,
    Delta,
    curvature,
    g,
    gain,
    slope_correlation,
)


def transition_steps() -> tuple[Step, ...]:
    """Stability of the quiescent state and the solution just above, for odd phi with unit slope."""
    gauge, b, e, eps, D0 = sp.symbols("s b e epsilon Delta0", positive=True)
    x, z = sp.symbols("x z", real=True)
    phi = x - b * x**3 / 3 + e * x**5 / 120  # phi'''(0) = -2 b

    def moment(f: sp.Expr, var: sp.Expr) -> sp.Expr:
        return sum(c * sp.factorial2(n - 1) * var ** (n // 2) if n % 2 == 0 else 0
                   for (n,), c in sp.Poly(f, x).terms())  # fmt: skip

    def correlation() -> sp.Expr:
        """Price, order by order: the n-th derivative at zero covariance is <phi^(n)>^2."""
        return sum(moment(sp.diff(phi, x, n), D0) ** 2 * Delta**n / sp.factorial(n)
                   for n in range(6))  # fmt: skip

    def root_condition() -> sp.Expr:
        work = sp.integrate(Delta - g**2 * correlation(), (Delta, 0, D0))
        return sp.expand(2 * work / D0**2)

    def leading() -> list[sp.Expr]:
        # With Delta0 = eps D0 and g = 1 + eps: the first order in eps fixes D0.
        order = sp.expand(root_condition().subs({g: 1 + eps, D0: eps * D0}))
        found = sp.solve(order.coeff(eps, 1), D0)
        return [order.coeff(eps, 0), found[0] - SMALL_VARIANCE.subs({g: 2, curvature: b})]

    def next_order() -> sp.Expr:
        expected = 1 - g**2 * (1 - 2 * b * D0 + (sp.Rational(4, 3) * b**2 + e / 4) * D0**2)
        difference = sp.expand(root_condition() - expected)
        return sum(difference.coeff(D0, n) for n in range(3))

    def profile() -> sp.Expr:
        """Third order in eps of the orbit, with tau = z sqrt(3)/(b D0) and the relation of the
        root."""
        gain_now = 1 / (1 - 2 * b * eps * D0 + (sp.Rational(4, 3) * b**2 + e / 4) * (eps * D0) ** 2)
        shape = eps * D0 / sp.cosh(z)
        inertia = (b * eps * D0) ** 2 / 3 * sp.diff(shape, z, 2)
        pull = shape - gain_now * correlation().subs(D0, eps * D0).subs(Delta, shape)
        return [sp.series(inertia - pull, eps, 0, 4).removeO().coeff(eps, n) for n in range(4)]

    erf = sp.erf(sp.sqrt(sp.pi) * x / 2)
    quiet = STIFFNESS.subs({slope_correlation: gauge**2, gain: g**2})
    return (
        Step("Quiescent state: for x = 0 the slope correlation is the squared slope at zero, and"
             " perturbations grow like those of a linear network.",
             r"\lambda = g\,\phi'(0) - 1,\quad\text{unstable for } G\,\phi'(0)^2 > 1",
             lambda: [GROWTH.subs(E0, quiet) - (g * gauge - 1), sp.solve(quiet, g)[0] - 1 / gauge]),
        Step("The cubic coefficient b in phi = x - b x^3/3 + ...: one for tanh, pi/4 for the scaled"
             " error function.",
             r"b_{\tanh} = 1,\quad b_{\mathrm{erf}} = \pi/4",
             lambda: [sp.diff(sp.tanh(x), x, 3).subs(x, 0) + 2,
                      sp.diff(erf, x, 3).subs(x, 0) + 2 * sp.pi / 4]),
        Step("The first-integral condition to second order, with e the fifth derivative of phi at"
             " zero.",
             r"1 = g^2\left[1 - 2b\Delta_0 + \left(\tfrac43 b^2 + \tfrac{e}{4}\right)\Delta_0^2"
             r" + \dots\right]", next_order),
        Step("Just above the transition the variance grows linearly.",
             sp.Eq(sp.Symbol("Delta0"), SMALL_VARIANCE), leading),
        Step("The correlation is then a hyperbolic secant, whose width diverges at the transition.",
             r"\Delta(\tau) = \Delta_0\,\mathrm{sech}(b\,\Delta_0\,\tau/\sqrt3)", profile),
    )  # fmt: skip

"""The stationary correlation as motion in a potential: force, initial slope, first integral."""

from __future__ import annotations

import sympy as sp

from ..engine.derivation import Step
from ..gaussian import closed_forms, price_stein

tau = sp.Symbol("tau", real=True)
gain, bias, noise = sp.symbols("gain bias noise", positive=True)
Delta, C_phi, slope_correlation, E0 = sp.symbols("Delta C_phi slope_correlation E0", real=True)
g, curvature = sp.symbols("g curvature", positive=True)

C = sp.Function("C")  # correlation of phi as a function of the covariance, the variance being fixed
D = sp.Function("Delta")(tau)

FORCE = Delta - gain * C_phi - bias**2
STIFFNESS = 1 - gain * slope_correlation
INITIAL_SLOPE = -(noise**2)
INITIAL_KINETIC_ENERGY = noise**4 / 2
GROWTH = -1 + sp.sqrt(1 - E0)
SMALL_VARIANCE = (g - 1) / curvature


def force_of(covariance: sp.Expr) -> sp.Expr:
    """The force, with the correlation of phi as a function of the covariance."""
    return FORCE.xreplace({Delta: covariance, C_phi: C(covariance)})


def process_steps() -> tuple[Step, ...]:
    """From the single-site equation to motion in a potential."""
    t, s = sp.symbols("t s", real=True)
    F0, F1, F2 = sp.symbols("F0 F1 F2", real=True)
    F = sp.Function("Delta")
    two_time = F(t - s)
    leak = lambda f, time: f + sp.diff(f, time)  # noqa: E731
    cusp = F0 + F1 * sp.Abs(tau) + F2 * tau**2 / 2
    c = sp.Symbol("c", real=True)
    energy = D.diff(tau) ** 2 / 2 - sp.Integral(force_of(c), (c, 0, D))
    return (
        Step("In a stationary process the covariance depends on the lag only, so the two leaky"
             " units act on it with derivatives of opposite sign.",
             r"(1+\partial_t)(1+\partial_s)\,\Delta(t-s) = (1-\partial_\tau^2)\,\Delta(\tau)",
             lambda: (leak(leak(two_time, t), s) - (F(tau) - F(tau).diff(tau, 2))
                      .subs(tau, t - s)).doit()),
        Step("The right side is the correlation of all inputs; at nonzero lag the equation is"
             " Newton's equation of a particle in a potential, with the lag as time.",
             r"\Delta''(\tau) = \Delta - G\,C_\phi - b^2",
             lambda: sp.solve(D - sp.Symbol("a") - gain * C(D) - bias**2, sp.Symbol("a"))[0]
             - force_of(D)),
        Step("An even function with a kink: the second derivative of its modulus contains a delta"
             " function with twice the slope on the right.",
             r"\partial_\tau^2\,[F_0 + F_1|\tau| + \dots] = 2F_1\,\delta(\tau) + \dots",
             lambda: sp.diff(cusp, tau, 2).coeff(sp.DiracDelta(tau)) - 2 * F1),
        Step("This delta function balances the white noise, which determines the initial slope.",
             r"\Delta'(0^+) = -\sigma^2",
             lambda: sp.solve(-sp.diff(cusp, tau, 2).coeff(sp.DiracDelta(tau))
                              - 2 * noise**2, F1)[0] - INITIAL_SLOPE),
        Step("The first integral: the kinetic energy minus the work of the force is conserved along"
             " the orbit.",
             sp.Eq(sp.Derivative(energy, tau), 0),
             lambda: sp.expand(energy.diff(tau).doit() - D.diff(tau) * (D.diff(tau, 2)
                                - force_of(D)))),
        Step("The orbit of a decaying correlation ends with zero slope; hence the work between its"
             " end and zero lag equals the initial kinetic energy.",
             r"\int_{\Delta(\infty)}^{\Delta(0)} f(\Delta)\,d\Delta ="
             r" \tfrac12\Delta'(0^+)^2 = \tfrac12\sigma^4",
             lambda: INITIAL_SLOPE**2 / 2 - INITIAL_KINETIC_ENERGY),
        Step("For white noise alone the orbit is known, and its work is this initial kinetic"
             " energy.",
             sp.Eq(sp.Integral(c, (c, 0, noise**2)), INITIAL_KINETIC_ENERGY),
             lambda: sp.integrate(FORCE.subs({gain: 0, bias: 0, Delta: c}), (c, 0, noise**2))
             - INITIAL_KINETIC_ENERGY),
        Step("The integral of the correlation is a difference of two single averages: the integrand"
             " is the derivative of the correlation of the primitives (Price's theorem), which"
             " factorises at zero covariance and is a mean square at full covariance.",
             r"\int_0^{\Delta_0} C(c,\Delta_0)\,dc = \langle\Phi^2\rangle - \langle\Phi\rangle^2,"
             r"\quad \Phi' = \phi", _primitive_defects),
    )  # fmt: skip


def _primitive_defects() -> list[sp.Expr]:
    """The general identity, then the three functions with a closed form."""
    x, y, D12, D11 = price_stein.x, price_stein.y, price_stein.D12, price_stein.D11
    Phi = sp.Function("Phi")
    p = sp.Function("p")(x, y)
    product = Phi(x) * Phi(y)
    divergence = sp.diff(product * p.diff(y), x) - sp.diff(sp.diff(product, x) * p, y)
    general = sp.expand(divergence - (product * sp.diff(p, x, y) - sp.diff(product, x, y) * p))
    z, a, b = sp.symbols("z a b", real=True)
    # Common part z and private parts a, b: covariance D12, and equal variables where D12 = D11.
    pair = [sp.sqrt(D12) * z + sp.sqrt(D11 - D12) * private for private in (a, b)]
    equal = (pair[0] - pair[1]).subs(D12, D11)
    forms = closed_forms.closed_forms()
    step = sp.Heaviside(x)
    defects = [general, equal]
    for name, primitive in (("relu", x**2 / 2 * step), ("linear", x**2 / 2)):
        correlation = closed_forms.inside(forms[name]["correlation"]).subs(price_stein.D22, D11)
        work = sp.integrate(sp.simplify(correlation.subs(D12, D11 * z)) * D11, (z, 0, 1))
        direct = price_stein.average(primitive**2) - price_stein.average(primitive) ** 2
        defects.append(sp.simplify(work - direct))
    return defects

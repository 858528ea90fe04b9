"""Regions with constant currents: structure, and chaos inside the region, for the error function.
"""

from __future__ import annotations

import sympy as sp

from ..engine.derivation import Condition, Step
from ..gaussian import closed_forms
from ..gaussian.price_stein import D11, D12, D22
from ..stationary.potential_motion import (
    E0,
    FORCE,
    GROWTH,
    STIFFNESS,
    C_phi,
    Delta,
    bias,
    gain,
    slope_correlation,
)

g, b = sp.symbols("g b", positive=True)
tau, c = sp.symbols("tau c", real=True)
start, rest, currents = sp.symbols("Delta0 Delta_infinity A", real=True)
FORMS = closed_forms.closed_forms()["erf"]
PSI = FORMS["mean_slope"]

STRUCTURED_VARIANCE = 2 / sp.pi * (b**2 - 1)
CHAOS_ONSET = (2 * b**2 - 1) ** sp.Rational(1, 4)


def correlation(covariance: sp.Expr, variance: sp.Expr) -> sp.Expr:
    """<phi phi> of two variables of equal variance."""
    return FORMS["correlation"].xreplace({D11: variance, D22: variance}).xreplace({D12: covariance})


def force(covariance: sp.Expr, variance: sp.Expr) -> sp.Expr:
    """The force on the correlation at nonzero lag; the currents act as a quenched input."""
    plain = FORCE.xreplace({bias**2: currents, gain: g**2})
    return plain.xreplace({Delta: covariance, C_phi: correlation(covariance, variance)})


CURRENTS = rest - g**2 * correlation(rest, start)
POTENTIAL = -(Delta**2 - start**2) / 2 + g**2 * sp.Integral(
    correlation(c, start), (c, start, Delta)
) + currents * (Delta - start)  # fmt: skip


def constant_steps() -> tuple[Step, ...]:
    """One region with constant currents of summed square A, and the gain 1/b that they require."""
    D = sp.Function("Delta")(tau)
    C = sp.Function("C")
    leak = lambda f: f - sp.diff(f, tau, 2)  # noqa: E731
    moved = sp.solve(leak(D - currents) - g**2 * C(D), sp.diff(D, tau, 2))[0]
    coincident = FORMS["correlation_slope"].subs({D12: D11, D22: D11})
    coincident = coincident.subs(D11, STRUCTURED_VARIANCE)
    growth = GROWTH.subs(E0, STIFFNESS).subs({gain: g**2, slope_correlation: coincident})
    return (
        Step("Constant currents add a constant A to the covariance. It acts like the variance of a"
             " quenched input: the region is the stationary network with that bias.",
             r"\Delta(\tau) = H(\tau) + A,\quad A = z M z^T:\quad \Delta'' = \Delta -"
             r" g^2 C(\Delta,\Delta_0) - A",
             lambda: moved.subs(D, Delta) - FORCE.xreplace(
                 {bias**2: currents, gain: g**2, C_phi: C(Delta)})),
        Step("The force has a potential, chosen zero at the variance, where the orbit starts with"
             " zero slope.",
             r"V(\Delta) = -\tfrac12(\Delta^2 - \Delta_0^2) + g^2\!\int_{\Delta_0}^{\Delta}\!"
             r" C(c,\Delta_0)\,dc + A\,(\Delta - \Delta_0),\quad \Delta'' = -V'(\Delta)",
             lambda: [sp.diff(POTENTIAL, Delta) + force(Delta, start),
                      POTENTIAL.subs(Delta, start).doit()]),
        Step("The orbit ends with zero slope at the static part of the correlation, which"
             " determines the squared currents.",
             r"A = \Delta_\infty - g^2 C(\Delta_\infty,\Delta_0)",
             lambda: [sp.solve(force(rest, start), currents)[0] - CURRENTS,
                      sp.diff(POTENTIAL, Delta).subs(Delta, rest).subs(currents, CURRENTS)]),
        Step("Self-sustained currents require the gain 1/b, and hence a certain variance,"
             " independent of the contribution of the disorder.",
             sp.Eq(sp.Symbol("Delta0"), STRUCTURED_VARIANCE),
             lambda: [sp.solve(PSI - 1 / b, D11)[0] - STRUCTURED_VARIANCE,
                      PSI.subs(D11, STRUCTURED_VARIANCE) - 1 / b]),
        Step("Mean squared slope in this state.", r"\langle\phi'^2\rangle = (2b^2-1)^{-1/2}",
             lambda: coincident - 1 / sp.sqrt(2 * b**2 - 1)),
        Step("A static state becomes chaotic inside the region where the largest Lyapunov exponent,"
             " the growth rate of the distance of nearby trajectories, crosses zero.",
             r"g^2\langle\phi'^2\rangle = 1:\quad g = (2b^2-1)^{1/4}",
             lambda: [growth.subs(g, CHAOS_ONSET), CHAOS_ONSET.subs(b, 1) - 1]),
        Step("Just above the onset a second root for the static part branches off below the"
             " variance, at a distance that grows linearly (C' and C'' at full covariance).",
             r"\int_{\Delta_\infty}^{\Delta_0}\!\Delta''\,d\Delta = \tfrac12\delta^2\big[1 -"
             r" g^2C' + \tfrac23 g^2C''\,\delta + O(\delta^2)\big],\quad \delta = \Delta_0 -"
             r" \Delta_\infty", _branch),
    )  # fmt: skip


def _branch() -> list[sp.Expr]:
    """The work along the orbit, with the correlation expanded about full covariance."""
    delta = sp.Symbol("delta", positive=True)
    C0, C1, C2, C3 = sp.symbols("C_0:4")
    C = lambda u: C0 + C1 * u + C2 * u**2 / 2 + C3 * u**3 / 6  # noqa: E731
    u = c - start
    squared = (start - delta) - g**2 * C(-delta)
    orbit = FORCE.xreplace({bias**2: squared, gain: g**2, C_phi: C(u), Delta: c})
    work = sp.expand(sp.integrate(sp.expand(orbit), (c, start - delta, start)))
    return [work.coeff(delta, n) for n in range(2)] + [
        work.coeff(delta, 2) - (1 - g**2 * C1) / 2,
        work.coeff(delta, 3) - g**2 * C2 / 3,
    ]


def conditions() -> tuple[Condition, ...]:
    """The condition on the static part, and the gain at which the currents vanish."""
    needed = force(c, start).subs(currents, CURRENTS)
    pure = force(c, start).subs(currents, 0).subs(start, STRUCTURED_VARIANCE)
    return (
        Condition("structure", "Static part of the correlation inside a region with constant"
                               " currents, above the onset of chaos; Delta_infinity = Delta0 is"
                               " always a root as well.",
                               sp.Eq(sp.Integral(needed, (c, rest, start)), 0)),
        Condition("loss", "The gain g at which the disorder alone produces the variance required by"
                          " the currents: there the currents vanish.",
                  sp.Eq(sp.Integral(pure, (c, 0, STRUCTURED_VARIANCE)), 0)),
    )  # fmt: skip

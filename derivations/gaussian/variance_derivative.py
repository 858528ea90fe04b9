"""Derivatives of Gaussian averages in the variance: the gain psi, and its primitive F."""

from __future__ import annotations

import sympy as sp

from ..engine.derivation import Step
from . import closed_forms, transfer
from .price_stein import D11, average, x

Delta = D11
SLOPE = closed_forms.closed_forms()["erf"]["mean_slope"]
ROOT = sp.sqrt(1 + sp.pi * Delta / 2)
# (2/pi) (root - 1), without cancellation.
ERF_ENERGY = Delta / (1 + ROOT)
GAIN_SLOPE = -sp.pi / (4 * (1 + sp.pi * Delta / 2) ** sp.Rational(3, 2))


def variance_derivative_steps() -> tuple[Step, ...]:
    """Derivatives of averages over one Gaussian variable in its variance."""
    density = sp.exp(-(x**2) / (2 * Delta)) / sp.sqrt(2 * sp.pi * Delta)
    f, p = sp.Function("f")(x), sp.Function("p")(x)
    erf, slope = (form.subs(transfer.x, x) for form in (transfer.phi_erf, transfer.erf_slope))
    shown = sp.Symbol("Delta", positive=True)
    primitive = x * erf + 2 / sp.pi * (slope - 1)
    return (
        Step("The density of one Gaussian variable satisfies the heat equation, so the derivative"
             " of an average in the variance is half of the mean second derivative.",
             r"\frac{d}{d\Delta}\langle f(x)\rangle = \tfrac12\langle f''(x)\rangle",
             lambda: [sp.simplify((sp.diff(density, Delta) - sp.diff(density, x, 2) / 2) / density),
                      sp.expand(sp.diff(f * p.diff(x) - f.diff(x) * p, x)
                                - (f * p.diff(x, 2) - f.diff(x, 2) * p))]),
        Step("For the gain psi = <phi'> it is half of the mean third derivative; the error function"
             " gives:",
             sp.Eq(sp.Symbol(r"\frac{d\psi}{d\Delta} = \tfrac12\langle\phi'''\rangle"),
                   GAIN_SLOPE.subs(Delta, shown)),
             lambda: [average(sp.expand(sp.diff(slope, x, 2))) / 2 - GAIN_SLOPE,
                      sp.diff(SLOPE, Delta) - GAIN_SLOPE]),
        Step("F is the average of the primitive of phi, for any phi; its derivative in the variance"
             " is half of the gain.", r"F(\Delta) = \langle\Phi(x)\rangle,\quad \Phi' = \phi,\quad"
             r" \frac{dF}{d\Delta} = \tfrac12\langle\phi'\rangle = \tfrac12\psi",
             lambda: [sp.diff(primitive, x) - erf, sp.diff(erf, x) - slope,
                      sp.diff(ERF_ENERGY, Delta) - average(slope) / 2]),
        Step("Error function: F in closed form; it vanishes at zero variance.",
             sp.Eq(sp.Function("F")(shown), 2 / sp.pi * (ROOT.subs(Delta, shown) - 1)),
             lambda: [ERF_ENERGY - 2 / sp.pi * (ROOT - 1), ERF_ENERGY.subs(Delta, 0),
                      primitive.subs(x, 0)], lambda r: sp.simplify(sp.radsimp(r))),
    )  # fmt: skip

"""Averages over two jointly Gaussian variables in closed form, by Price's theorem."""

from __future__ import annotations

import sympy as sp

from ..engine.derivation import Condition, Derivation, Formula, Step
from . import transfer
from .price_stein import (
    D11,
    D12,
    D22,
    DENSITY,
    DETERMINANT,
    average,
    gaussian_integral,
    theorem_steps,
    x,
    y,
)

SCALED = (D11 + 2 / sp.pi) * (D22 + 2 / sp.pi) - D12**2
# Rounding may make the determinant of two equal variables negative.
ROOT = sp.sqrt(sp.Max(0, DETERMINANT))
TEST = "tests/derivations/gaussian/test_gaussian.py"


def closed_forms() -> dict[str, dict[str, sp.Expr]]:
    """For each phi: <phi phi>, its derivatives in covariance and variance, <phi>, <phi'>."""
    # atan2 gives the angle without a division, also where the determinant vanishes.
    angle = sp.pi / 2 + sp.atan2(D12, ROOT)
    return {
        "erf": {
            "correlation": 2 / sp.pi * sp.atan(D12 / sp.sqrt(SCALED)),
            "correlation_slope": 2 / (sp.pi * sp.sqrt(SCALED)),
            "correlation_in_variance": -D12 / (sp.pi * (D11 + 2 / sp.pi) * sp.sqrt(SCALED)),
            "mean": sp.S.Zero,
            "mean_slope": 1 / sp.sqrt(1 + sp.pi * D11 / 2),
        },
        "relu": {
            "correlation": (ROOT + D12 * angle) / (2 * sp.pi),
            "correlation_slope": angle / (2 * sp.pi),
            "correlation_in_variance": ROOT / (4 * sp.pi * D11),
            "mean": sp.sqrt(D11 / (2 * sp.pi)),
            "mean_slope": sp.S.Half,
        },
        "linear": {
            "correlation": D12,
            "correlation_slope": sp.S.One,
            "correlation_in_variance": sp.S.Zero,
            "mean": sp.S.Zero,
            "mean_slope": sp.S.One,
        },
    }


def inside(expression: sp.Expr) -> sp.Expr:
    """The expression for a positive determinant, which two distinct variables have."""
    det = sp.Symbol("det", positive=True)
    resolved = expression.xreplace({sp.Max(0, DETERMINANT): det})
    return resolved.doit().replace(sp.atan2, lambda v, u: sp.atan(v / u)).subs(det, DETERMINANT)


def _erf_slope_by_integral() -> sp.Expr:
    """<phi'(x) phi'(y)>^2 from the determinant of the joint quadratic form."""
    covariance = sp.Matrix([[D11, D12], [D12, D22]])
    slope = transfer.erf_slope.subs(transfer.x, x)
    quadratic = -sp.hessian(sp.log(slope) + sp.log(slope.subs(x, y)), (x, y))
    total = gaussian_integral(covariance.inv() + quadratic.applyfunc(sp.expand_log))
    return (total / (2 * sp.pi)) ** 2 / covariance.det()


def closed_form_steps(forms: dict[str, dict[str, sp.Expr]]) -> tuple[Step, ...]:
    """Each closed form from Price's theorem and its value at zero covariance."""
    erf, relu, linear = forms["erf"], forms["relu"], forms["linear"]
    phi, step = transfer.phi_erf.subs(transfer.x, x), sp.Heaviside(x)
    arcsine = (
        2
        / sp.pi
        * sp.asin(sp.pi / 2 * D12 / sp.sqrt((1 + sp.pi * D11 / 2) * (1 + sp.pi * D22 / 2)))
    )
    return (
        Step("Error function: the slopes are Gaussian functions, and their average is a Gaussian"
             " integral, given by a determinant.",
             sp.Eq(sp.Symbol(r"\langle\phi'\phi'\rangle"), erf["correlation_slope"]),
             lambda: erf["correlation_slope"] ** 2 - _erf_slope_by_integral()),
        Step("By Price's theorem this is the derivative of the correlation in the covariance; the"
             " correlation itself vanishes at zero covariance because phi is odd.",
             sp.Eq(sp.Symbol(r"\langle\phi\phi\rangle"), erf["correlation"]),
             lambda: [sp.diff(erf["correlation"], D12) - erf["correlation_slope"],
                      erf["correlation"].subs(D12, 0) - average(phi) ** 2]),
        Step("This is the well-known arcsine formula, written without an argument that rounding"
             " could push beyond one.",
             sp.Eq(erf["correlation"], arcsine),
             lambda: [sp.diff(erf["correlation"] - arcsine, D12), (erf["correlation"] - arcsine)
                      .subs(D12, 0)], _radicals),
        Step("Mean and mean slope of the error function.",
             sp.Eq(sp.Symbol(r"\langle\phi'\rangle"), erf["mean_slope"]),
             lambda: [average(phi) - erf["mean"],
                      average(transfer.erf_slope.subs(transfer.x, x)) - erf["mean_slope"]]),
        Step("Threshold-linear function: the slope correlation is the probability that both"
             " variables are positive. Its derivative in the covariance is the density at the"
             " origin (Price's theorem again, with delta functions), and it is one quarter for"
             " independent variables.",
             sp.Eq(sp.Symbol(r"\langle\phi'\phi'\rangle"), inside(relu["correlation_slope"])),
             lambda: [sp.diff(inside(relu["correlation_slope"]), D12)
                      - DENSITY.subs({x: 0, y: 0}),
                      inside(relu["correlation_slope"]).subs(D12, 0) - average(step) ** 2]),
        Step("A second integration gives the correlation; at zero covariance it is the product of"
             " the means.",
             sp.Eq(sp.Symbol(r"\langle\phi\phi\rangle"), inside(relu["correlation"])),
             lambda: [sp.diff(inside(relu["correlation"]), D12) - inside(relu["correlation_slope"]),
                      inside(relu["correlation"]).subs(D12, 0)
                      - average(x * step) * average(x * step).subs(D11, D22)]),
        Step("If both variables coincide, the correlation is half of the variance and the slope"
             " correlation one half: the angle remains defined although the determinant vanishes.",
             sp.Eq(sp.Symbol(r"\langle\phi^2\rangle"), D11 / 2),
             lambda: [relu["correlation"].subs({D12: D11, D22: D11}) - average(x**2 * step),
                      relu["correlation_slope"].subs({D12: D11, D22: D11}) - average(step)]),
        Step("Mean and mean slope of the threshold-linear function.",
             sp.Eq(sp.Symbol(r"\langle\phi\rangle"), relu["mean"]),
             lambda: [average(x * step) - relu["mean"], average(step) - relu["mean_slope"]]),
        *in_variance_steps(forms),
        Step("Linear function: Stein's theorem with g(y) = y, and Price's theorem.",
             sp.Eq(sp.Symbol(r"\langle x y\rangle"), linear["correlation"]),
             lambda: [D12 * sp.diff(y, y) - linear["correlation"], average(x) - linear["mean"],
                      sp.diff(linear["correlation"], D12) - linear["correlation_slope"],
                      linear["correlation"].subs(D12, D11) - average(x**2)]),
    )  # fmt: skip


def in_variance_steps(forms: dict[str, dict[str, sp.Expr]]) -> tuple[Step, ...]:
    """Derivative of the correlation in one of the two variances."""
    erf, relu, linear = (forms[name] for name in ("erf", "relu", "linear"))
    slope = transfer.erf_slope.subs(transfer.x, x)
    half = sp.Symbol("half")  # <phi''(x) phi(y)> / 2

    def by_stein() -> list[sp.Expr]:
        # phi'' = -(pi/2) x phi', and <x phi'(x) phi(y)> = D11 <phi'' phi> + D12 <phi' phi'>.
        found = sp.solve(
            2 * half + sp.pi / 2 * (D11 * 2 * half + D12 * erf["correlation_slope"]), half
        )
        return [
            sp.diff(slope, x) + sp.pi / 2 * x * slope,
            found[0] - erf["correlation_in_variance"],
            sp.diff(erf["correlation"], D11) - erf["correlation_in_variance"],
        ]

    def at_threshold() -> list[sp.Expr]:
        # phi'' is a delta function: y is averaged at x = 0.
        there = DENSITY.subs(x, 0) * y
        positive = sp.Symbol("y", positive=True)
        spread = sp.Symbol("w", positive=True)
        weight = sp.simplify(there / (y * DENSITY.subs({x: 0, y: 0})))
        total = sp.integrate(positive * sp.exp(-(positive**2) * spread / 2), (positive, 0, sp.oo))
        curvature = -sp.diff(sp.log(weight), y, 2)
        found = (total * DENSITY.subs({x: 0, y: 0}) / 2).subs(spread, sp.simplify(curvature))
        return [
            found - inside(relu["correlation_in_variance"]),
            sp.diff(inside(relu["correlation"]), D11) - inside(relu["correlation_in_variance"]),
        ]

    return (
        Step("Derivative in a variance, error function: phi'' is phi' times -x pi/2, so that"
             " Stein's theorem expresses the average by the slope correlation; differentiating the"
             " arctangent agrees.",
             sp.Eq(sp.Symbol(r"\tfrac12\langle\phi''\phi\rangle"), erf["correlation_in_variance"]),
             by_stein),
        Step("Threshold-linear function: phi'' is a delta function, so the other variable is"
             " averaged conditional on x = 0.",
             sp.Eq(sp.Symbol(r"\tfrac12\langle\phi''\phi\rangle"),
                   inside(relu["correlation_in_variance"])), at_threshold),
        Step("Linear function: the second derivative vanishes.",
             r"\tfrac12\langle\phi''\phi\rangle = 0",
             lambda: [sp.diff(linear["correlation"], D11) - linear["correlation_in_variance"],
                      average(sp.diff(x, x, 2)) - linear["correlation_in_variance"]]),
    )  # fmt: skip


def _radicals(expression: sp.Expr) -> sp.Expr:
    """Zero test for a difference of two positive roots: combine, square the radicals, simplify."""
    return sp.simplify(sp.radsimp(sp.simplify(expression)))


QUANTITIES = {
    "correlation": "Correlation <phi(x) phi(y)>",
    "correlation_slope": "Average <phi'(x) phi'(y)>, d correlation / d Delta12",
    "correlation_in_variance": "Average <phi''(x) phi(y)> / 2, d correlation / d Delta11",
    "mean": "Mean <phi(x)>",
    "mean_slope": "Mean slope <phi'(x)>",
}
NAMES = {"erf": "the scaled error function", "relu": "the threshold-linear function",
         "linear": "the identity"}  # fmt: skip
NOTES = {
    "relu_correlation": "\nExact, without floating-point warnings, where the variables coincide or"
                        " vanish (Cho & Saul 2009, arc-cosine kernel of order one).",
    "relu_correlation_slope": "\nAt zero variances it is one quarter, the square of the step"
                              " function at zero.",
    "erf_correlation": "\nThe arcsine kernel of Williams 1998, written as an arctangent that needs"
                       " no clipping.",
}


def derive() -> Derivation:
    """The theorems, then the closed forms for three functions."""
    forms = closed_forms()
    formulas = []
    for phi, values in forms.items():
        for quantity, value in values.items():
            name = f"{phi}_{quantity}"
            args = (D12, D11, D22) if quantity.startswith("correlation") else (D11,)
            doc = f"{QUANTITIES[quantity]}, for {NAMES[phi]}.{NOTES.get(name, '')}"
            test = f"{TEST}::test_{quantity}"
            root = sp.Symbol("root")
            radical = next((r for r in (ROOT, sp.sqrt(SCALED)) if value.has(r**2)), None)
            where = ((root, radical),) if radical else ()
            value = value.subs(radical, root) if radical else value
            formulas.append(Formula(name, args, value, doc, where, test))
    phi = sp.Function("phi")
    joint = sp.Symbol("p")
    definition = sp.Integral(phi(x) * phi(y) * joint, (x, -sp.oo, sp.oo), (y, -sp.oo, sp.oo))
    return Derivation(
        name="gaussian", title="Gaussian averages",
        introduction="x and y are jointly Gaussian with zero mean. The heat equation satisfied by"
                     " their density determines how averages of functions of x and y depend on the"
                     " covariance (Price's theorem) and on the variances.",
        steps=theorem_steps() + closed_form_steps(forms), formulas=tuple(formulas),
        conditions=(Condition("definition", "Definition of every correlation, with p the joint"
                                            " density.",
                              sp.Eq(sp.Symbol("C"), definition)),),
        symbols={"Delta12": "Covariance <x y>.", "Delta11": "Variance <x x>.",
                 "Delta22": "Variance <y y>."},
        references=(
            "R. Price, A useful theorem for nonlinear devices having Gaussian inputs (1958).",
            "C. Stein, Estimation of the mean of a multivariate normal distribution (1981).",
            "C. Williams, Computation with infinite neural networks (1998): the arc sine.",
            "Y. Cho, L. Saul, Kernel methods for deep learning (2009): the arc-cosine kernels.",
        ),
    )  # fmt: skip

"""Transfer functions phi with their slopes and primitives, written so that no argument overflows.
"""

from __future__ import annotations

import sympy as sp
from sympy.codegen.cfunctions import expm1, log1p

from ..engine.derivation import Derivation, Formula, Step

x, s, d = sp.symbols("x s d", real=True)
positive = sp.Symbol("x", positive=True)
q = sp.Symbol("q", positive=True)
# cosh(350)**2 is still a finite double, and its inverse is below 1e-300: clipping arguments there
# removes the overflow and changes only results that are zero in practice.
LARGEST = 350

# The error function in the scale used throughout: unit slope at zero, limit one at infinity.
phi_erf = sp.erf(sp.sqrt(sp.pi) * x / 2)
erf_slope = sp.exp(-sp.pi * x**2 / 4)

TEST = "tests/derivations/gaussian/test_transfer.py"


def _smooth(expression: sp.Expr) -> sp.Expr:
    """Exact reduction of hyperbolic and exponential expressions."""
    return sp.simplify(sp.expand(expression.rewrite(sp.exp), power_exp=True))


def _both_signs(expression: sp.Expr) -> list[sp.Expr]:
    """The expression on both half lines, where absolute values and step functions are resolved."""
    return [expression.subs(x, positive), expression.subs(x, -positive)]


def _in_powers(expression: sp.Expr) -> sp.Expr:
    """A hyperbolic expression in s and d as a rational function of exp(s/2) and exp(d/2)."""
    a, b = sp.symbols("a b", positive=True)
    exponentials = expression.rewrite(sp.exp).subs({s: 2 * sp.log(a), d: 2 * sp.log(b)})
    return sp.powsimp(sp.expand(exponentials.replace(sp.exp, lambda u: sp.exp(sp.expand(u)))))


def derive() -> Derivation:
    """Prove the slopes and primitives, and rewrite the hyperbolic ones for floating-point
    arithmetic."""
    erf_primitive = x * phi_erf + 2 / sp.pi * expm1(-sp.pi * x**2 / 4)

    decay = sp.exp(-2 * sp.Abs(x))
    tanh_slope = 4 * q / (1 + q) ** 2
    tanh_primitive = sp.Abs(x) + log1p(decay) - sp.log(2)

    relu, step = sp.Max(0, x), sp.Heaviside(x)
    half_square = x**2 / 2
    clip = lambda u: sp.Min(LARGEST, sp.Abs(u))  # noqa: E731
    product = (2 / (sp.cosh(clip(s)) + sp.cosh(clip(d)))) ** 2
    # cosh is even: inside the clip its argument may be taken without the absolute value.
    unclipped = product.xreplace({clip(s): s, clip(d): d})

    steps = (
        Step("The error function scaled to unit slope: its derivative is a Gaussian function, equal"
             " to one at the origin.", sp.Eq(sp.Derivative(phi_erf, x), erf_slope),
             lambda: [sp.diff(phi_erf, x) - erf_slope, erf_slope.subs(x, 0) - 1]),
        Step("Its primitive, chosen to vanish at the origin.",
             sp.Eq(sp.Derivative(erf_primitive.rewrite(sp.exp), x), phi_erf),
             lambda: [sp.diff(erf_primitive, x).rewrite(sp.exp) - phi_erf,
                      erf_primitive.subs(x, 0).rewrite(sp.exp)]),
        Step("The slope of tanh in terms of decaying exponentials only, for both signs of x.",
             sp.Eq(sp.Derivative(sp.tanh(x), x), tanh_slope.subs(q, decay)),
             lambda: _both_signs(sp.diff(sp.tanh(x), x) - tanh_slope.subs(q, decay)), _smooth),
        Step("The primitive of tanh, log cosh, likewise; it vanishes at the origin.",
             sp.Eq(sp.log(sp.cosh(x)), tanh_primitive.rewrite(sp.log)),
             lambda: [*_both_signs(_log_cosh_defect(tanh_primitive)),
                      tanh_primitive.subs(x, 0).rewrite(sp.log)], _smooth),
        Step("The slope of the threshold-linear function is the unit step (one half at the"
             " threshold), and its primitive is half of its square.",
             sp.Eq(sp.Derivative(relu**2 / 2, x, 2), step),
             lambda: [*_both_signs(sp.diff(relu, x) - step),
                      *_both_signs(sp.diff(relu**2 / 2, x) - relu), step.subs(x, 0) - sp.S.Half]),
        Step("The linear function, for which every result can be verified by hand.",
             sp.Eq(sp.Derivative(half_square, x, 2), 1),
             lambda: [sp.diff(x, x) - 1, sp.diff(half_square, x) - x]),
        Step("The product of two slopes of tanh is a function of the sum and the difference of the"
             " arguments, each in one hyperbolic cosine: on a grid of both, each exponential is"
             " computed once.",
             sp.Eq(sp.sech((s + d) / 2) ** 2 * sp.sech((s - d) / 2) ** 2,
                   (2 / (sp.cosh(s) + sp.cosh(d))) ** 2),
             lambda: [_in_powers(sp.diff(sp.tanh(x), x).subs(x, (s + d) / 2)
                                 * sp.diff(sp.tanh(x), x).subs(x, (s - d) / 2) - unclipped),
                      _in_powers(unclipped - unclipped.subs({s: -s, d: -d}))], sp.factor),
    )  # fmt: skip

    def formula(name, args, value, doc, where=()):
        return Formula(name, args, value, doc, where, test=f"{TEST}::test_{name.split('_')[0]}")

    formulas = (
        formula("erf", (x,), phi_erf, "Error function with unit slope at zero and saturation at"
                                      " one."),
        formula("erf_slope", (x,), erf_slope, "Derivative of the scaled error function."),
        formula("erf_primitive", (x,), erf_primitive,
                "Primitive of the scaled error function, zero at zero."),
        formula("tanh", (x,), sp.tanh(x), "Hyperbolic tangent."),
        formula("tanh_slope", (x,), tanh_slope,
                "Derivative of tanh, 1 / cosh(x)^2, without overflow.", ((q, decay),)),
        formula("tanh_primitive", (x,), tanh_primitive,
                "Primitive of tanh, log cosh(x), without overflow."),
        formula("relu", (x,), relu, "Threshold-linear function."),
        formula("relu_slope", (x,), step, "Unit step, the slope of the threshold-linear function."
                "\nOne half at zero."),
        formula("relu_primitive", (x,), relu**2 / 2, "Primitive of the threshold-linear function."),
        formula("linear", (x,), x, "Identity."),
        formula("linear_slope", (x,), sp.S.One, "Slope of the identity."),
        formula("linear_primitive", (x,), half_square, "Primitive of the identity."),
        formula("tanh_slope_product", (s, d), product,
                "Product of the slopes of tanh at (s + d)/2 and at (s - d)/2.\n"
                "Arguments are clipped at 350, where the product is below 1e-300."),
    )  # fmt: skip
    return Derivation(
        name="transfer", title="Transfer functions",
        introduction="The nonlinearity of a unit, its slope and its primitive. Hyperbolic functions"
                     " are rewritten with decaying exponentials, so that no argument overflows.",
        steps=steps, formulas=formulas,
        symbols={"x": "Input of the unit.", "s": "Sum of the two arguments.",
                 "d": "Difference of the two arguments."},
    )  # fmt: skip


def _log_cosh_defect(primitive: sp.Expr) -> sp.Expr:
    """Derivative of the primitive minus tanh, away from the origin, where |x| is differentiable."""
    return sp.diff(primitive, x).rewrite(sp.exp) - sp.tanh(x)

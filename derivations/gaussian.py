"""Averages over two jointly Gaussian variables: Price, Stein, and the closed forms."""

from __future__ import annotations

import sympy as sp

from . import transfer
from .derivation import Condition, Derivation, Formula, Step

D12 = sp.Symbol("Delta12", real=True)
D11, D22 = sp.symbols("Delta11 Delta22", positive=True)
x, y = sp.symbols("x y", real=True)

DETERMINANT = D11 * D22 - D12**2
# exp(-log det / 2) instead of det**(-1/2) would hide nothing, but this form differentiates fastest.
DENSITY = sp.exp(-(D22 * x**2 - 2 * D12 * x * y + D11 * y**2) / (2 * DETERMINANT)) / (
    2 * sp.pi * sp.sqrt(DETERMINANT)
)
ROOT = sp.sqrt(sp.Max(0, DETERMINANT))
TEST = "tests/derivations/test_gaussian.py"


def per_density(expression: sp.Expr) -> sp.Expr:
    """A linear expression in derivatives of the density, divided by the density."""
    return sp.factor(sp.simplify(expression / DENSITY))


def gaussian_integral(matrix: sp.Matrix) -> sp.Expr:
    """Integral of exp(-v^T M v / 2) over the plane, proved in `_plane_defect`."""
    return 2 * sp.pi / sp.sqrt(matrix.det())


def _plane_defect() -> sp.Expr:
    """Integrate over x, then over y, and compare with the formula."""
    a, c = sp.symbols("a c", positive=True)
    b = sp.Symbol("b", real=True)
    over_x = sp.integrate(sp.exp(-a * x**2 / 2 - b * x * y), (x, -sp.oo, sp.oo))
    exponent = sp.expand(sp.log(sp.powsimp(over_x * sp.sqrt(a / (2 * sp.pi)))), force=True)
    curvature = sp.simplify(c - sp.diff(sp.expand_log(exponent, force=True), y, 2))
    width = sp.Symbol("w", positive=True)
    over_y = sp.integrate(sp.exp(-width * y**2 / 2), (y, -sp.oo, sp.oo)).subs(width, curvature)
    found = sp.sqrt(2 * sp.pi / a) * over_y
    return found**2 - gaussian_integral(sp.Matrix([[a, b], [b, c]])) ** 2


def average(f: sp.Expr, variance: sp.Expr = D11) -> sp.Expr:
    """<f(x)> over a Gaussian of zero mean, integrated by sympy on each half line."""
    weight = sp.exp(-(x**2) / (2 * variance)) / sp.sqrt(2 * sp.pi * variance)
    half = sp.Symbol("x", positive=True)
    return sum(
        sp.integrate(sp.simplify((f * weight).subs(x, sign * half)), (half, 0, sp.oo))
        for sign in (1, -1)
    )


def closed_forms() -> dict[str, dict[str, sp.Expr]]:
    """For each phi: correlation <phi phi>, its slope <phi' phi'>, mean <phi> and gain <phi'>."""
    scaled = (D11 + 2 / sp.pi) * (D22 + 2 / sp.pi) - D12**2
    # atan2 holds the angle where the variables coincide (determinant zero) without a division.
    angle = sp.pi / 2 + sp.atan2(D12, ROOT)
    return {
        "erf": {
            "correlation": 2 / sp.pi * sp.atan(D12 / sp.sqrt(scaled)),
            "correlation_slope": 2 / (sp.pi * sp.sqrt(scaled)),
            "mean": sp.S.Zero,
            "mean_slope": 1 / sp.sqrt(1 + sp.pi * D11 / 2),
        },
        "relu": {
            "correlation": (ROOT + D12 * angle) / (2 * sp.pi),
            "correlation_slope": angle / (2 * sp.pi),
            "mean": sp.sqrt(D11 / (2 * sp.pi)),
            "mean_slope": sp.S.Half,
        },
        "linear": {
            "correlation": D12,
            "correlation_slope": sp.S.One,
            "mean": sp.S.Zero,
            "mean_slope": sp.S.One,
        },
    }


def inside(expression: sp.Expr) -> sp.Expr:
    """Take the determinant positive, which it is for two different variables."""
    det = sp.Symbol("det", positive=True)
    resolved = expression.xreplace({sp.Max(0, DETERMINANT): det})
    return resolved.doit().replace(sp.atan2, lambda v, u: sp.atan(v / u)).subs(det, DETERMINANT)


def theorem_steps() -> tuple[Step, ...]:
    """The density's own differential equations, and Price's and Stein's theorems from them."""
    p = sp.Function("p")(x, y)
    f, g = sp.Function("f")(x), sp.Function("g")(y)
    price = lambda q: f * g * sp.diff(q, x, y) - f.diff(x) * g.diff(y) * q  # noqa: E731
    flux = sp.diff(f * g * p.diff(y), x) - sp.diff(f.diff(x) * g * p, y)
    once = lambda q, h: h * sp.diff(q, y) + h.diff(y) * q  # noqa: E731
    return (
        Step("The bivariate normal density obeys a heat equation in its covariance.",
             r"\frac{\partial p}{\partial\Delta_{12}} = \frac{\partial^2 p}{\partial x\,\partial"
             r" y}",
             lambda: per_density(sp.diff(DENSITY, D12) - sp.diff(DENSITY, x, y))),
        Step("In a variance it obeys the same equation with a factor one half.",
             r"\frac{\partial p}{\partial\Delta_{11}} = \frac12\frac{\partial^2 p}{\partial x^2}",
             lambda: per_density(sp.diff(DENSITY, D11) - sp.diff(DENSITY, x, 2) / 2)),
        Step("Price's theorem: moving both derivatives from the density to the functions leaves a"
             " divergence, whose integral over the plane is zero.",
             r"\frac{\partial}{\partial\Delta_{12}}\langle f(x) g(y)\rangle ="
             r" \langle f'(x) g'(y)\rangle",
             lambda: sp.expand(flux - price(p))),
        Step("Stein's theorem, for the density: multiplying by x is a derivative with the"
             " covariances as coefficients.",
             r"x\,p = -\Delta_{11}\,\partial_x p - \Delta_{12}\,\partial_y p",
             lambda: per_density(x * DENSITY + D11 * sp.diff(DENSITY, x)
                                 + D12 * sp.diff(DENSITY, y))),
        Step("and hence for averages, again up to a divergence.",
             r"\langle x\,g(y)\rangle = \Delta_{12}\,\langle g'(y)\rangle",
             lambda: sp.expand(sp.diff(g * p, y) - once(p, g))
             + sp.expand(D12 * sp.diff(g * p, y) + D11 * g * p.diff(x)
                         - (D12 * g.diff(y) * p - g * (-D11 * p.diff(x) - D12 * p.diff(y))))),
        Step("Where the covariance vanishes the density is a product: averages factorise there.",
             r"p\big|_{\Delta_{12}=0} = p(x)\,p(y)",
             lambda: DENSITY.subs(D12, 0)
             - sp.exp(-x**2 / (2 * D11) - y**2 / (2 * D22)) / (2 * sp.pi * sp.sqrt(D11 * D22))),
        Step("A Gaussian integral over the plane.",
             r"\int\! dx\,dy\; e^{-\frac12(a x^2 + 2 b x y + c y^2)} = \frac{2\pi}{\sqrt{a c -"
             r" b^2}}",
             _plane_defect),
    )  # fmt: skip


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
    arcsine = 2 / sp.pi * sp.asin(
        sp.pi / 2 * D12 / sp.sqrt((1 + sp.pi * D11 / 2) * (1 + sp.pi * D22 / 2))
    )
    return (
        Step("Error function: the slopes are Gaussians, and their average is a determinant.",
             sp.Eq(sp.Symbol(r"\langle\phi'\phi'\rangle"), erf["correlation_slope"]),
             lambda: erf["correlation_slope"] ** 2 - _erf_slope_by_integral()),
        Step("By Price's theorem it is the derivative of the correlation, which is odd in the"
             " covariance because phi is odd.",
             sp.Eq(sp.Symbol(r"\langle\phi\phi\rangle"), erf["correlation"]),
             lambda: [sp.diff(erf["correlation"], D12) - erf["correlation_slope"],
                      erf["correlation"].subs(D12, 0) - average(phi) ** 2]),
        Step("It is the familiar arc sine, without an argument that rounding could push beyond"
             " one.",
             sp.Eq(erf["correlation"], arcsine),
             lambda: [sp.diff(erf["correlation"] - arcsine, D12), (erf["correlation"] - arcsine)
                      .subs(D12, 0)], _radicals),
        Step("Mean and mean slope of the error function.",
             sp.Eq(sp.Symbol(r"\langle\phi'\rangle"), erf["mean_slope"]),
             lambda: [average(phi) - erf["mean"],
                      average(transfer.erf_slope.subs(transfer.x, x)) - erf["mean_slope"]]),
        Step("Threshold-linear: the slope correlation is the weight of a quadrant. Its own"
             " derivative is the density at the origin (Price once more, with delta functions), and"
             " it is one quarter for independent variables.",
             sp.Eq(sp.Symbol(r"\langle\phi'\phi'\rangle"), inside(relu["correlation_slope"])),
             lambda: [sp.diff(inside(relu["correlation_slope"]), D12)
                      - DENSITY.subs({x: 0, y: 0}),
                      inside(relu["correlation_slope"]).subs(D12, 0) - average(step) ** 2]),
        Step("Integrated once more: the correlation, from the product of the means.",
             sp.Eq(sp.Symbol(r"\langle\phi\phi\rangle"), inside(relu["correlation"])),
             lambda: [sp.diff(inside(relu["correlation"]), D12) - inside(relu["correlation_slope"]),
                      inside(relu["correlation"]).subs(D12, 0)
                      - average(x * step) * average(x * step).subs(D11, D22)]),
        Step("Where both variables are one, half of the variance and half of the units: the angle"
             " stays defined although the determinant is zero.",
             sp.Eq(sp.Symbol(r"\langle\phi^2\rangle"), D11 / 2),
             lambda: [relu["correlation"].subs({D12: D11, D22: D11}) - average(x**2 * step),
                      relu["correlation_slope"].subs({D12: D11, D22: D11}) - average(step)]),
        Step("Mean and mean slope of the threshold-linear function.",
             sp.Eq(sp.Symbol(r"\langle\phi\rangle"), relu["mean"]),
             lambda: [average(x * step) - relu["mean"], average(step) - relu["mean_slope"]]),
        Step("Linear: Stein's theorem with g(y) = y, and Price's.",
             sp.Eq(sp.Symbol(r"\langle x y\rangle"), linear["correlation"]),
             lambda: [D12 * sp.diff(y, y) - linear["correlation"], average(x) - linear["mean"],
                      sp.diff(linear["correlation"], D12) - linear["correlation_slope"],
                      linear["correlation"].subs(D12, D11) - average(x**2)]),
    )  # fmt: skip


def _radicals(expression: sp.Expr) -> sp.Expr:
    """Zero test for a difference of two positive roots: combine, square the radicals, simplify."""
    return sp.simplify(sp.radsimp(sp.simplify(expression)))


WORDS = {
    "correlation": "Correlation <phi(x) phi(y)>",
    "correlation_slope": "Average <phi'(x) phi'(y)>, d correlation / d Delta12",
    "mean": "Mean <phi(x)>",
    "mean_slope": "Mean slope <phi'(x)>",
}
NAMES = {"erf": "the scaled error function", "relu": "the threshold-linear function",
         "linear": "the identity"}  # fmt: skip
NOTES = {
    "relu_correlation": "\nExact and free of warnings where the variables coincide or vanish"
    " (Cho & Saul 2009, arc-cosine kernel of order one).",
    "relu_correlation_slope": "\nAt zero variances it is one quarter, the square of the step at"
    " zero.",
    "erf_correlation": "\nThe arc sine of Williams 1998, as an arc tangent that needs no clipping.",
}


def derive() -> Derivation:
    """Theorems, then closed forms for the three functions."""
    forms = closed_forms()
    formulas = []
    for phi, values in forms.items():
        for quantity, value in values.items():
            name = f"{phi}_{quantity}"
            args = (D12, D11, D22) if quantity.startswith("correlation") else (D11,)
            doc = f"{WORDS[quantity]}, for {NAMES[phi]}.{NOTES.get(name, '')}"
            test = f"{TEST}::test_{quantity}"
            root = sp.Symbol("root")
            where = ((root, ROOT),) if value.has(ROOT) else ()
            value = value.xreplace({ROOT: root})
            formulas.append(Formula(name, args, value, doc, where, test))
    phi = sp.Function("phi")
    joint = sp.Symbol("p")
    definition = sp.Integral(phi(x) * phi(y) * joint, (x, -sp.oo, sp.oo), (y, -sp.oo, sp.oo))
    return Derivation(
        name="gaussian", title="Gaussian averages",
        introduction="x and y are jointly Gaussian with zero mean. How averages of functions of"
        " them depend on the covariance is settled by the heat equation of their density.",
        steps=theorem_steps() + closed_form_steps(forms), formulas=tuple(formulas),
        conditions=(Condition("definition", "What every correlation means, with p the density.",
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

"""The density of two jointly Gaussian variables, and the theorems of Price and Stein."""

from __future__ import annotations

import sympy as sp

from ..engine.derivation import Step

D12 = sp.Symbol("Delta12", real=True)
D11, D22 = sp.symbols("Delta11 Delta22", positive=True)
x, y = sp.symbols("x y", real=True)

DETERMINANT = D11 * D22 - D12**2
# Of the equivalent forms of det**(-1/2) this one is differentiated fastest.
DENSITY = sp.exp(-(D22 * x**2 - 2 * D12 * x * y + D11 * y**2) / (2 * DETERMINANT)) / (
    2 * sp.pi * sp.sqrt(DETERMINANT)
)


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


def theorem_steps() -> tuple[Step, ...]:
    """The differential equations of the density, and the theorems of Price and Stein."""
    p = sp.Function("p")(x, y)
    f, g = sp.Function("f")(x), sp.Function("g")(y)
    price = lambda q: f * g * sp.diff(q, x, y) - f.diff(x) * g.diff(y) * q  # noqa: E731
    flux = sp.diff(f * g * p.diff(y), x) - sp.diff(f.diff(x) * g * p, y)
    once = lambda q, h: h * sp.diff(q, y) + h.diff(y) * q  # noqa: E731
    return (
        Step("As a function of its covariance the bivariate normal density satisfies a heat"
             " equation.",
             r"\frac{\partial p}{\partial\Delta_{12}} = \frac{\partial^2 p}{\partial x\,\partial"
             r" y}",
             lambda: per_density(sp.diff(DENSITY, D12) - sp.diff(DENSITY, x, y))),
        Step("As a function of a variance it satisfies the heat equation with a factor one half.",
             r"\frac{\partial p}{\partial\Delta_{11}} = \frac12\frac{\partial^2 p}{\partial x^2}",
             lambda: per_density(sp.diff(DENSITY, D11) - sp.diff(DENSITY, x, 2) / 2)),
        Step("Price's theorem: integrating by parts moves both derivatives from the density to the"
             " functions; the difference is a divergence, whose integral over the plane vanishes.",
             r"\frac{\partial}{\partial\Delta_{12}}\langle f(x) g(y)\rangle ="
             r" \langle f'(x) g'(y)\rangle",
             lambda: sp.expand(flux - price(p))),
        Step("Likewise in a variance: both derivatives act on the function of that variable.",
             r"\frac{\partial}{\partial\Delta_{11}}\langle f(x) g(y)\rangle ="
             r" \tfrac12\langle f''(x) g(y)\rangle",
             lambda: sp.expand(sp.diff(f * g * p.diff(x) - f.diff(x) * g * p, x)
                               - (f * g * p.diff(x, 2) - f.diff(x, 2) * g * p))),
        Step("Stein's theorem for the density: multiplication by x equals differentiation, with the"
             " covariances as coefficients.",
             r"x\,p = -\Delta_{11}\,\partial_x p - \Delta_{12}\,\partial_y p",
             lambda: per_density(x * DENSITY + D11 * sp.diff(DENSITY, x)
                                 + D12 * sp.diff(DENSITY, y))),
        Step("Hence for averages, again up to a divergence.",
             r"\langle x\,g(y)\rangle = \Delta_{12}\,\langle g'(y)\rangle",
             lambda: sp.expand(sp.diff(g * p, y) - once(p, g))
             + sp.expand(D12 * sp.diff(g * p, y) + D11 * g * p.diff(x)
                         - (D12 * g.diff(y) * p - g * (-D11 * p.diff(x) - D12 * p.diff(y))))),
        Step("At zero covariance the density is a product, so averages factorise.",
             r"p\big|_{\Delta_{12}=0} = p(x)\,p(y)",
             lambda: DENSITY.subs(D12, 0)
             - sp.exp(-x**2 / (2 * D11) - y**2 / (2 * D22)) / (2 * sp.pi * sp.sqrt(D11 * D22))),
        Step("A Gaussian integral over the plane.",
             r"\int\! dx\,dy\; e^{-\frac12(a x^2 + 2 b x y + c y^2)} = \frac{2\pi}{\sqrt{a c -"
             r" b^2}}",
             _plane_defect),
    )  # fmt: skip

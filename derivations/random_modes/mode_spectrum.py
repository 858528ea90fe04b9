"""Where the spectrum of a matrix of random modes ends, and with it the quiescent state."""

from __future__ import annotations

import sympy as sp

from ..engine.derivation import Formula, Step

TEST = "tests/derivations/random_modes/test_random_modes.py"
g, alpha = sp.symbols("g alpha", positive=True)
rho, theta = sp.symbols("rho theta", real=True)
CENTER = g * rho * (1 + alpha) / sp.sqrt(alpha)
ALONG, ACROSS = g * (1 + rho**2), g * (1 - rho**2)
EDGE = g * (1 + rho / sp.sqrt(alpha)) * (1 + rho * sp.sqrt(alpha))
SYMBOLS = {"alpha": "Number of modes per unit, all of one strength g / sqrt(alpha).",
           "m2": "Mean of the squared singular values, per unit.",
           "m4": "Mean of their fourth powers, per unit."}  # fmt: skip


def edge(T: sp.Expr) -> sp.Expr:
    """z = 1/S + <rho T>/S of a flat spectrum of strengths, by the transfer T."""
    D = g / sp.sqrt(alpha)
    S = T / (D * (1 + rho * T))
    return (1 + alpha * rho * T) / S


def steps() -> tuple[Step, ...]:
    """The ellipse, and its right end."""

    def transfer() -> sp.Expr:
        T, D, S = sp.symbols("T D S")
        return sp.solve(T - D * S / (1 - D * rho * S), S)[0] - T / (D * (1 + rho * T))

    def ellipse() -> sp.Expr:
        z = edge(sp.exp(sp.I * theta) / sp.sqrt(alpha))
        expected = CENTER + ALONG * sp.cos(theta) - sp.I * ACROSS * sp.sin(theta)
        return sp.expand((z - expected).rewrite(sp.exp))

    return (
        Step("The transfer determines the response.", r"S = \frac{T}{D(1+\rho T)}", transfer),
        Step("The spectrum of C ends where the squared transfers add up to one. Equal strengths:"
             " an ellipse.",
             r"\langle|T|^2\rangle = 1,\ z = \frac1S + K:\quad z = \frac{g\rho(1+\alpha)}"
             r"{\sqrt\alpha} + g(1+\rho^2)\cos\theta - i g(1-\rho^2)\sin\theta", ellipse),
        Step("The quiescent state is unstable when the ellipse's right end, times the slope of phi"
             " at zero, is beyond one; in general z solves the condition for real S.",
             r"\phi'(0)\,g\,\Big(1+\frac{\rho}{\sqrt\alpha}\Big)(1+\rho\sqrt\alpha) > 1,\quad"
             r" \langle T^2\rangle = 1",
             lambda: [sp.expand(edge(1 / sp.sqrt(alpha)) - EDGE),
                      sp.expand(CENTER + ALONG - EDGE)]),
    )  # fmt: skip


def formulas() -> tuple[Formula, ...]:
    """Of the spectrum of equal strengths."""

    def formula(name, args, value, doc):
        return Formula(name, args, value, doc, test=f"{TEST}::test_ellipse")

    return (
        formula("flat_center", (g, rho, alpha), CENTER,
                "Centre of the ellipse that the eigenvalues of equal modes fill."),
        formula("flat_semi_axis_real", (g, rho), ALONG, "Its semi-axis along the real line."),
        formula("flat_semi_axis_imaginary", (g, rho), ACROSS, "Its other semi-axis."),
        formula("flat_edge", (g, rho, alpha), EDGE,
                "Its right end; times the slope of phi at zero it is one at the onset."),
    )  # fmt: skip

"""The edge of the spectrum of a matrix of random modes, and the stability of the quiescent state.
"""

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
    """z = 1/S + <rho T>/S for modes of equal strength, as a function of the transfer T."""
    D = g / sp.sqrt(alpha)
    S = T / (D * (1 + rho * T))
    return (1 + alpha * rho * T) / S


def steps() -> tuple[Step, ...]:
    """The boundary of the spectrum, an ellipse, and its right end."""

    def transfer() -> sp.Expr:
        T, D, S = sp.symbols("T D S")
        return sp.solve(T - D * S / (1 - D * rho * S), S)[0] - T / (D * (1 + rho * T))

    def ellipse() -> sp.Expr:
        z = edge(sp.exp(sp.I * theta) / sp.sqrt(alpha))
        expected = CENTER + ALONG * sp.cos(theta) - sp.I * ACROSS * sp.sin(theta)
        return sp.expand((z - expected).rewrite(sp.exp))

    return (
        Step("The response as a function of the transfer.", r"S = \frac{T}{D(1+\rho T)}", transfer),
        Step("On the boundary of the spectrum the mean squared modulus of the transfer is one. For"
             " modes of equal strength it is an ellipse.",
             r"\langle|T|^2\rangle = 1,\ z = \frac1S + K:\quad z = \frac{g\rho(1+\alpha)}"
             r"{\sqrt\alpha} + g(1+\rho^2)\cos\theta - i g(1-\rho^2)\sin\theta", ellipse),
        Step("The quiescent state is unstable if the right end of the ellipse, times the slope of"
             " phi at zero, exceeds one; in general z solves the condition for real S.",
             r"\phi'(0)\,g\,\Big(1+\frac{\rho}{\sqrt\alpha}\Big)(1+\rho\sqrt\alpha) > 1,\quad"
             r" \langle T^2\rangle = 1",
             lambda: [sp.expand(edge(1 / sp.sqrt(alpha)) - EDGE),
                      sp.expand(CENTER + ALONG - EDGE)]),
    )  # fmt: skip


def formulas() -> tuple[Formula, ...]:
    """Formulas for the spectrum of modes of equal strength."""

    def formula(name, args, value, doc):
        return Formula(name, args, value, doc, test=f"{TEST}::test_ellipse")

    return (
        formula("flat_center", (g, rho, alpha), CENTER,
                "Centre of the ellipse filled by the eigenvalues of modes of equal strength."),
        formula("flat_semi_axis_real", (g, rho), ALONG, "Semi-axis of the ellipse along the real"
                                                        " line."),
        formula("flat_semi_axis_imaginary", (g, rho), ACROSS, "Semi-axis of the ellipse along the"
                                                              " imaginary direction."),
        formula("flat_edge", (g, rho, alpha), EDGE,
                "Right end of the ellipse; times the slope of phi at zero it is one at the onset."),
    )  # fmt: skip

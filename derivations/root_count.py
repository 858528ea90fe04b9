"""Fixed points with plasticity, their stability, and how many there are."""

from __future__ import annotations

import sympy as sp

from .derivation import Formula, Step
from .hebbian import TEST, C, k
from .local_loop import slope

g = sp.Symbol("g", positive=True)
x, phi, h = sp.symbols("x phi h", real=True)
mu, s = sp.symbols("mu s", nonnegative=True)
stiffness = sp.Symbol("stiffness", positive=True)

INPUT = x - k * C * phi
STIFFNESS = 1 - k * C * slope
DENSITY = g**2 * slope**2 / stiffness**2
EXPONENT = (
    sp.log(stiffness) - INPUT**2 / (2 * g**2 * C) - sp.log(2 * sp.pi * g**2 * C) / 2
    + h * (phi**2 - C) - mu * (DENSITY - 1)
)  # fmt: skip
UNSTABLE = sp.log(stiffness**2 + s * slope**2) / 2 - s / (2 * g**2)
SYMBOLS = {
    "g": "Gain of the random couplings.", "x": "State of the unit.", "phi": "Its activity phi(x).",
    "stiffness": "D = 1 - k C phi'.", "h": "Multiplier of C = <phi^2>.",
    "mu": "Multiplier of the stability q <= 1, not negative.",
    "s": "Saddle of the determinant, not negative: 0 where q < 1.",
}  # fmt: skip


def steps() -> tuple[Step, ...]:
    """Roots and their number."""
    return ()


def formulas() -> tuple[Formula, ...]:
    """Of one site."""

    def formula(name, args, value, doc, test):
        return Formula(name, args, value, doc, test=f"{TEST}::test_{test}")

    return (
        formula("fixed_point_input", (x, phi, C, k), INPUT,
                "Input from the random couplings at which a unit rests.", "fixed_point"),
        formula("fixed_point_stiffness", (slope, C, k), STIFFNESS,
                "D, the derivative of the input in x: where it vanishes, two roots meet.",
                "fixed_point"),
        formula("stability_density", (slope, stiffness, g), DENSITY,
                "Integrand of q, the gain of a static perturbation: stable below one.",
                "fixed_point"),
        formula("kac_rice_exponent", (x, phi, stiffness, slope, C, g, h, mu, k), EXPONENT,
                "Logarithm of the weight of a stable root, for D > 0.", "kac_rice"),
        formula("unstable_log_det", (stiffness, slope, s, g), UNSTABLE,
                "Logarithm that takes the place of log D where unstable points are counted too.",
                "log_det"),
    )  # fmt: skip

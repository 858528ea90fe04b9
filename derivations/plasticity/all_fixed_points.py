"""The number of all fixed points with plasticity, stable or not."""

from __future__ import annotations

import sympy as sp

from ..engine.derivation import Formula, Step
from .determinant import LOG, s
from .determinant import stiffness as any_stiffness
from .hebbian import C, g, k
from .kac_rice import DENSITY, EXPONENT, INPUT, h, mu, phi, x
from .kac_rice import stiffness as positive
from .local_loop import slope

RAISED = g**2 * slope**2 / (any_stiffness**2 + s * slope**2)
WEIGHT = LOG - INPUT**2 / (2 * g**2 * C) - sp.log(2 * sp.pi * g**2 * C) / 2 + h * (phi**2 - C)
SYMBOLS: dict[str, str] = {}


def steps() -> tuple[Step, ...]:
    """The exponent of the number of fixed points, and its stationarity conditions."""

    def stable() -> sp.Expr:
        """For D > 0 and s = 0, the logarithm of the square root is log D."""
        found = (WEIGHT.subs(s, 0) - EXPONENT.subs(mu, 0)).xreplace({any_stiffness: positive})
        return sp.expand_log(found, force=True)

    def stationary() -> list[sp.Expr]:
        return [sp.diff(WEIGHT, h) - (phi**2 - C), sp.diff(WEIGHT, s) - (RAISED - 1) / (2 * g**2),
                RAISED.subs(s, 0) - DENSITY.xreplace({positive: any_stiffness})]  # fmt: skip

    def one_root() -> list[sp.Expr]:
        return [sp.diff(RAISED, s) + RAISED**2 / g**2,
                g**2 / s - RAISED - RAISED * any_stiffness**2 / (s * slope**2)]  # fmt: skip

    return (
        Step("If unstable fixed points are counted too, log D is replaced by the logarithm of the"
             " determinant, for all roots and either sign of D. For D > 0 everywhere and s = 0 it"
             " reduces to the exponent of the stable fixed points.",
             r"\Sigma_{\mathrm{all}} = \max_{C,\,s\ge0}\min_h\,\log\int dx\,\frac{\sqrt{D^2 + s"
             r"\phi'^2}}{\sqrt{2\pi g^2C}}\,e^{-s/2g^2 - (x-kC\phi)^2/2g^2C + h(\phi^2 - C)}",
             stable),
        Step("It is stationary where the mean gain, with the denominator increased by s, is one;"
             " the mean is over the tilted distribution of the sites.",
             r"\langle\phi^2\rangle = C,\quad \Big\langle\frac{g^2\phi'^2}{D^2 + s\phi'^2}\Big"
             r"\rangle = 1\;(s > 0),\quad \frac{g^2\phi'^2}{D^2 + s\phi'^2}\Big|_{s=0} ="
             r" \frac{g^2\phi'^2}{D^2}", stationary),
        Step("At every site this gain decreases with s and is at most g^2/s: hence the saddle"
             " satisfies s <= g^2.",
             r"\frac{d}{ds}\frac{g^2\phi'^2}{D^2+s\phi'^2} = -\frac{1}{g^2}\Big(\frac{g^2\phi'^2}"
             r"{D^2+s\phi'^2}\Big)^2,\quad \frac{g^2}{s} - \frac{g^2\phi'^2}{D^2+s\phi'^2} ="
             r" \frac{D^2}{s\phi'^2}\,\frac{g^2\phi'^2}{D^2+s\phi'^2} \ge 0", one_root),
    )  # fmt: skip


def formulas() -> tuple[Formula, ...]:
    """Formulas for one site."""
    test = "tests/derivations/plasticity/test_all_fixed_points.py::test_all_fixed_points"
    return (
        Formula("all_points_exponent", (x, phi, any_stiffness, slope, C, g, h, s, k), WEIGHT,
                "Logarithm of the weight of a root if unstable fixed points are counted too, for D"
                " of either sign.", test=test),
        Formula("raised_gain", (slope, any_stiffness, s, g), RAISED,
                "Gain of a static perturbation with the denominator increased by the saddle s: its"
                " mean is one where s > 0.", test=test),
    )  # fmt: skip

"""The number of all fixed points with plasticity, stable or not: where s replaces stability."""

from __future__ import annotations

import sympy as sp

from ..engine.derivation import Formula, Step
from .determinant import LOG, s
from .determinant import stiffness as any_stiffness
from .hebbian import C, g, k
from .local_loop import slope
from .root_count import DENSITY, EXPONENT, INPUT, h, mu, phi, x
from .root_count import stiffness as positive

RAISED = g**2 * slope**2 / (any_stiffness**2 + s * slope**2)
WEIGHT = LOG - INPUT**2 / (2 * g**2 * C) - sp.log(2 * sp.pi * g**2 * C) / 2 + h * (phi**2 - C)
SYMBOLS: dict[str, str] = {}


def steps() -> tuple[Step, ...]:
    """The exponent, and where it is stationary."""

    def stable() -> sp.Expr:
        """With D > 0 and s = 0, log of its square root is log D."""
        found = (WEIGHT.subs(s, 0) - EXPONENT.subs(mu, 0)).xreplace({any_stiffness: positive})
        return sp.expand_log(found, force=True)

    def stationary() -> list[sp.Expr]:
        return [sp.diff(WEIGHT, h) - (phi**2 - C), sp.diff(WEIGHT, s) - (RAISED - 1) / (2 * g**2),
                RAISED.subs(s, 0) - DENSITY.xreplace({positive: any_stiffness})]  # fmt: skip

    def one_root() -> list[sp.Expr]:
        return [sp.diff(RAISED, s) + RAISED**2 / g**2,
                g**2 / s - RAISED - RAISED * any_stiffness**2 / (s * slope**2)]  # fmt: skip

    return (
        Step("Where unstable points count too, the logarithm of the determinant takes the place of"
             " log D, of every root and with any sign of D. With all D > 0 and s = 0 it is the"
             " exponent of the stable ones.",
             r"\Sigma_{\mathrm{all}} = \max_{C,\,s\ge0}\min_h\,\log\int dx\,\frac{\sqrt{D^2 + s"
             r"\phi'^2}}{\sqrt{2\pi g^2C}}\,e^{-s/2g^2 - (x-kC\phi)^2/2g^2C + h(\phi^2 - C)}",
             stable),
        Step("It is stationary where the gain with the raised denominator is one on average, over"
             " the tilted distribution of the sites.",
             r"\langle\phi^2\rangle = C,\quad \Big\langle\frac{g^2\phi'^2}{D^2 + s\phi'^2}\Big"
             r"\rangle = 1\;(s > 0),\quad \frac{g^2\phi'^2}{D^2 + s\phi'^2}\Big|_{s=0} ="
             r" \frac{g^2\phi'^2}{D^2}", stationary),
        Step("At every site this gain falls with s, and is at most g^2/s: the saddle is not beyond"
             " s = g^2.",
             r"\frac{d}{ds}\frac{g^2\phi'^2}{D^2+s\phi'^2} = -\frac{1}{g^2}\Big(\frac{g^2\phi'^2}"
             r"{D^2+s\phi'^2}\Big)^2,\quad \frac{g^2}{s} - \frac{g^2\phi'^2}{D^2+s\phi'^2} ="
             r" \frac{D^2}{s\phi'^2}\,\frac{g^2\phi'^2}{D^2+s\phi'^2} \ge 0", one_root),
    )  # fmt: skip


def formulas() -> tuple[Formula, ...]:
    """Of one site."""
    test = "tests/derivations/plasticity/test_all_points.py::test_all_points"
    return (
        Formula("all_points_exponent", (x, phi, any_stiffness, slope, C, g, h, s, k), WEIGHT,
                "Logarithm of the weight of a root where unstable points are counted too, for D of"
                " any sign.", test=test),
        Formula("raised_gain", (slope, any_stiffness, s, g), RAISED,
                "The gain of a static perturbation, with the denominator raised by the saddle: its"
                " mean is one where s > 0.", test=test),
    )  # fmt: skip

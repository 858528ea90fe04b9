"""A unit and its own synapses: the feedback loop of a local perturbation."""

from __future__ import annotations

import sympy as sp

from ..engine.derivation import Formula, Step
from .hebbian import TEST, C, k, p

lam = sp.Symbol("lam")
slope = sp.Symbol("slope", real=True)

LOOP = k * C * slope / (1 + p * lam)
ROOT_MEAN = -(1 + p) / (2 * p)
ROOT_DISCRIMINANT = ((1 - p) / (2 * p)) ** 2 + k * C * slope / p
# A square root with a positive real or a positive imaginary part.
_d = sp.Symbol("discriminant", real=True)
_ROOT = sp.sqrt(sp.Max(_d, 0)) + sp.I * sp.sqrt(sp.Max(-_d, 0))
ROOT_SLOW, ROOT_FAST = ROOT_MEAN + _ROOT, ROOT_MEAN - _ROOT
RESONANT = (sp.sqrt(1 + (1 + p) ** 2) - 1) / p
SYMBOLS = {"lam": "Rate of growth, in inverse neuronal time constants.",
           "slope": "Slope of phi at the unit's state."}  # fmt: skip


def steps() -> tuple[Step, ...]:
    """The two rates of a unit coupled to its own synapses."""

    def roots() -> list[sp.Expr]:
        def left(value: sp.Expr) -> sp.Expr:
            return sp.expand((1 + value) * (1 + p * value) - k * C * slope)

        found = []
        for root in (ROOT_SLOW, ROOT_FAST):
            for sign in (1, -1):
                size = sp.Symbol("a", positive=True)
                value = root.subs(_d, sign * size)
                found.append(sp.expand(left(value).subs(
                    slope, sp.solve(ROOT_DISCRIMINANT - sign * size, slope)[0])))
                # The sign of the root: positive, or i times a positive number.
                half = (ROOT_SLOW - ROOT_FAST).subs(_d, sign * size) / 2
                found.append(half - sp.sqrt(sign) * sp.sqrt(size))
        return [*found, sp.expand(ROOT_SLOW + ROOT_FAST - 2 * ROOT_MEAN)]

    def stability() -> sp.Expr:
        return ROOT_DISCRIMINANT - ROOT_MEAN**2 + (1 - k * C * slope) / p

    def resonance() -> list[sp.Expr]:
        """|D(i w)|^2 - |D(0)|^2, with k C phi' = 1 - D."""
        D, w = sp.symbols("D omega", real=True)
        loop = LOOP.subs(slope, (1 - D) / (k * C))
        moving = 1 + lam - loop
        both = moving.subs(lam, sp.I * w) * moving.subs(lam, -sp.I * w)
        excess = w**2 * (p**2 * w**2 + 1 + (1 + p) ** 2 - (1 + p * D) ** 2) / (1 + p**2 * w**2)
        return [sp.cancel(both - moving.subs(lam, 0) ** 2 - excess),
                sp.expand(1 + (1 + p) ** 2 - (1 + p * RESONANT) ** 2),
                # The positive root: a quotient of positive numbers.
                sp.expand(RESONANT * p * (sp.sqrt(1 + (1 + p) ** 2) + 1) - (1 + p) ** 2)]

    return (
        Step("A unit with only its own synapses has two growth rates: real ones on both sides of"
             " their mean, or a conjugate pair.",
             r"(1+\lambda)(1+p\lambda) = kC\phi'\;\Leftrightarrow\;\lambda_\pm = -\frac{1+p}{2p}"
             r" \pm \sqrt{\Big(\frac{1-p}{2p}\Big)^2 + \frac{kC\phi'}{p}}", roots),
        Step("In isolation it is stable if and only if D, its static stiffness, is positive: then"
             " the square root is smaller than the distance of the mean from zero. This holds for"
             " every p.",
             r"\Big(\frac{1-p}{2p}\Big)^2 + \frac{kC\phi'}{p} - \Big(\frac{1+p}{2p}\Big)^2 ="
             r" -\frac Dp,\quad D = 1 - kC\phi'", stability),
        Step("With Hebbian synapses (0 < D < 1) the response is largest at zero frequency, so a"
             " fixed point loses stability at the eigenvalue zero. With anti-Hebbian synapses the"
             " response is largest at a nonzero frequency if D exceeds a bound: then the boundary"
             " in the complex plane determines the stability, not q alone.",
             r"|D(i\omega)|^2 - D^2 = \omega^2\,\frac{p^2\omega^2 + 1 + (1+p)^2 - (1+pD)^2}"
             r"{1+p^2\omega^2},\quad D_{\mathrm{res}} = \frac{\sqrt{1+(1+p)^2} - 1}{p} > 1",
             resonance),
    )  # fmt: skip


def formulas() -> tuple[Formula, ...]:
    """The loop gain and its two rates."""
    where = ((_d, ROOT_DISCRIMINANT),)
    arguments = (slope, C, k, p)

    def formula(name, args, value, doc, where=(), test="local_roots"):
        return Formula(name, args, value, doc, where, test=f"{TEST}::test_{test}")

    return (
        formula("local_loop", (lam, slope, C, k, p), LOOP,
                "Feedback of a unit's own perturbation through its synapses, at a given growth"
                " rate."),
        formula("local_root_mean", (p,), ROOT_MEAN, "Half of the sum of the two local rates."),
        formula("local_root_discriminant", arguments, ROOT_DISCRIMINANT,
                "Square of half of the difference of the two local rates."),
        formula("resonance_stiffness", (p,), RESONANT,
                "Stiffness D above which the response of a unit is largest at a nonzero frequency.",
                test="resonance"),
        formula("local_root_slow", arguments, ROOT_SLOW,
                "The slower of the two rates of a unit with its own synapses; complex.", where),
        formula("local_root_fast", arguments, ROOT_FAST,
                "The faster of the two rates of a unit with its own synapses; complex.", where),
    )  # fmt: skip

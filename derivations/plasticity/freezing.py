"""Halted plasticity: the fixed point into which a chaotic network may freeze."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from ..engine.couplings import IID
from ..engine.derivation import Condition, Formula, Step
from ..engine.disorder import N, network_action, phi, s, t
from ..engine.disorder import i as unit
from ..engine.disorder import j as other
from ..engine.saddle import C_phi, single_site
from .determinant import LOG, stiffness
from .determinant import s as saddle_s
from .hebbian import MEMORY, TEST, C, Hebbian, g, k, p, tau
from .kac_rice import DENSITY
from .kac_rice import stiffness as positive_stiffness
from .local_loop import lam, slope

c = sp.Symbol("c", real=True)
FROZEN = MEMORY.xreplace({C: c})
HALT, INSTANTS = 2, range(5)  # instants 3 and 4 come after the halt
SYMBOLS = {"c": "Correlation of the frozen phi with phi at a given lag before the halt."}


@dataclass(frozen=True)
class Halted(Hebbian):
    """Synapses that keep, after the halt, their value at that instant."""

    halt: int

    def mean(self) -> sp.Expr:
        """The Hebbian mean, with the time limited to the halt."""
        now = sp.Min(t, self.halt)
        past = sp.Heaviside(now - s - sp.S.Half)
        weight = self.k / (self.p * N) * sp.exp(-(now - s) / self.p)
        return weight * past * phi[unit, s] * phi[other, s]


def steps() -> tuple[Step, ...]:
    """From the halt to the fixed point, and its stability."""
    late = [a for a in INSTANTS if a > HALT]
    before = [a for a in INSTANTS if a < HALT]
    c_of, C_rest = sp.Function("c"), sp.Symbol("C_rest")

    def kept(a: int, b: int) -> sp.Expr:
        lag = min(a, HALT) - b
        return MEMORY.xreplace({tau: sp.Integer(lag), C: C_phi(a, b)}) if lag > 0 else sp.S.Zero

    def halted() -> list[sp.Expr]:
        site = single_site(network_action(), IID(g) + Halted(k, p, HALT), INSTANTS)
        pairs = [(a, b) for a in INSTANTS for b in INSTANTS]
        return [site.leftover, *(site.memory_kernel[a, b] - kept(a, b) for a, b in pairs)] + [
            site.noise_covariance[a, b] - g**2 * C_phi(max(a, b), min(a, b))
            for a, b in pairs if a != b]  # fmt: skip

    def at_rest() -> list[sp.Expr]:
        """After the halt phi is constant: correlations depend on the earlier instant only."""
        site = single_site(network_action(), IID(g) + Halted(k, p, HALT), INSTANTS)

        def resting(expression: sp.Expr) -> sp.Expr:
            return expression.replace(
                lambda e: e.func == C_phi and e.args[0] > HALT,
                lambda e: C_rest if e.args[1] > HALT else c_of(HALT - e.args[1]))

        found = []
        for a in late:
            found += [resting(site.memory_kernel[a, b])
                      - FROZEN.xreplace({tau: sp.Integer(HALT - b), c: c_of(HALT - b)})
                      for b in before]  # fmt: skip
            found += [resting(site.memory_kernel[a, b]) for b in late]
            found += [resting(site.noise_covariance[a, b]) - g**2 * c_of(HALT - b) for b in before]
        first, second = late
        return [*found, resting(site.noise_covariance[second, first]) - g**2 * C_rest]

    def stable() -> list[sp.Expr]:
        still = LOG.xreplace({stiffness: 1 + lam})
        edge = sp.diff(still, saddle_s).subs(saddle_s, 0)
        q = DENSITY.xreplace({positive_stiffness: sp.S.One})
        root = [one for one in sp.solve(edge, lam) if (one + 1).coeff(g, 1).has(slope)]
        return [(1 + root[0]) ** 2 - q, (1 + root[1]) ** 2 - q,
                edge.subs(lam, 0) - (q - 1) / (2 * g**2)]  # fmt: skip

    def one_root() -> list[sp.Expr]:
        """The frozen state enters its own equation only through averages."""
        site = single_site(network_action(), IID(g) + Halted(k, p, HALT), INSTANTS)
        return [site.memory_kernel[a, b] for a in late for b in late] + [
            site.memory_kernel[a, HALT] for a in late]  # fmt: skip

    return (
        Step("Synapses kept at their values at the halt weight a unit's activity before the halt by"
             " the correlation between the network's present and past activity.",
             r"t > t_0:\quad (1+\partial_t)x = \eta + \frac kp\int_{-\infty}^{t_0}ds\,"
             r"e^{-(t_0-s)/p}\,C(t,s)\,\phi(x(s)),\quad \langle\eta(t)\eta(t')\rangle ="
             r" g^2C(t,t')", halted),
        Step("If the activity converges to a fixed point, its correlation with the past is a"
             " function c of the lag before the halt; the input has covariance g^2 c with the noise"
             " of the past, and variance g^2 C*.",
             r"x^* = \eta^* + \frac kp\int_0^\infty ds\,e^{-s/p}\,c(s)\,\phi(x(t_0-s)),\quad"
             r" \langle\eta^*\eta(t_0-s)\rangle = g^2c(s),\ \langle\eta^{*2}\rangle = g^2C^*",
             at_rest),
        Step("The state of every unit is unique: after the halt its own activity is not fed back to"
             " it.",
             r"\frac{\partial x^*}{\partial\phi(x^*)} = 0", one_root),
        Step("Without self-feedback D = 1 + lambda at every unit: the spectrum is a disc around -1,"
             " and the frozen fixed point is stable if the radius is below one.",
             r"|1+\lambda|^2 \le q = g^2\langle\phi'(x^*)^2\rangle,\quad\text{stable for } q < 1",
             stable),
    )  # fmt: skip


def conditions() -> tuple[Condition, ...]:
    """Stability of the frozen fixed point."""
    x = sp.Symbol("x", real=True)
    rho, f = (sp.Function(name, real=True)(x) for name in ("rho", "f"))
    return (
        Condition("frozen", "The boundary of stability of frozen fixed points; f = phi'(x*) of a"
                            " site at x*, with density rho.",
                  sp.Eq(sp.Integral(rho * g**2 * f**2, (x, -sp.oo, sp.oo)), 1)),
    )  # fmt: skip


def formulas() -> tuple[Formula, ...]:
    """The weight of the past in the frozen fixed point."""
    return (
        Formula("frozen_memory", (tau, k, p, c), FROZEN,
                "Weight of phi, at a given lag before the halt, in the frozen fixed point.",
                test=f"{TEST}::test_frozen_memory"),
    )  # fmt: skip

"""The largest Lyapunov exponent of neurons and synapses, by a linear mean-field equation.

Two replicas of one network are close to each other.  Replicas are represented by further instants:
even ones belong to the first replica, odd ones to the second.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from ..engine.couplings import IID
from ..engine.derivation import Condition, Formula, Step
from ..engine.disorder import N, network_action, phi, s, t
from ..engine.disorder import i as unit
from ..engine.disorder import j as other
from ..engine.saddle import C_phi, single_site
from ..stationary.potential_motion import E0 as LEVEL
from ..stationary.potential_motion import GROWTH, STIFFNESS, gain, slope_correlation
from .hebbian import MEMORY, TEST, C, Hebbian, g, k, p, tau
from .joint_jacobian import LOOP
from .local_loop import lam, slope

TANGENT = k / p * sp.exp(-(lam + 1 / p) * tau) * C
SYMBOLS: dict[str, str] = {}
INSTANTS = range(4)  # first replica early, second early, first late, second late
EARLY, LATE = (0, 1), (2, 3)


@dataclass(frozen=True)
class Replicas(Hebbian):
    """Each replica has its own synapses, driven by its own activity."""

    def mean(self) -> sp.Expr:
        """The Hebbian mean between instants of the same replica."""
        lag = (t - s) / 2
        past = sp.Heaviside(lag - sp.S.Half) * sp.KroneckerDelta(sp.Mod(t, 2), sp.Mod(s, 2))
        weight = self.k / (self.p * N) * sp.exp(-lag / self.p)
        return weight * past * phi[unit, s] * phi[other, s]


def steps() -> tuple[Step, ...]:
    """From two replicas to the tangent equation, and its limits without synapses and at fixed
    points."""
    eps = sp.Symbol("epsilon")
    early, late = sp.symbols("phi_s phi_t")  # phi of the first replica, and its changes
    d_early, d_late = sp.symbols("dphi_s dphi_t")
    means = sp.Function("mean")

    def replicas() -> list[sp.Expr]:
        site = single_site(network_action(), IID(g) + Replicas(k, p), INSTANTS)
        own = MEMORY.xreplace({tau: sp.S.One})
        expected = {q: own.xreplace({C: C_phi(*q)}) for q in zip(LATE, EARLY, strict=True)}
        pairs = [(a, b) for a in INSTANTS for b in INSTANTS]
        return [site.leftover, *(site.memory_kernel[q] - expected.get(q, 0) for q in pairs)] + [
            site.noise_covariance[a, b] - g**2 * C_phi(max(a, b), min(a, b))
            for a, b in pairs if a != b]  # fmt: skip

    def correlation(a: int, b: int) -> sp.Expr:
        """C between replicas, with phi of the second one expanded."""
        first = {0: early, 1: early + eps * d_early, 2: late, 3: late + eps * d_late}
        return linear_mean(sp.expand(first[a] * first[b]))

    def linear_mean(expression: sp.Expr) -> sp.Expr:
        return sum(coefficient * means(monomial) for monomial, coefficient in (
            (sp.prod(f for f in term.args if f not in (eps, eps**2)) if term.is_Mul else term,
             eps ** sp.degree(term, eps)) for term in sp.Add.make_args(expression)))  # fmt: skip

    def noises() -> list[sp.Expr]:
        """zeta = (second - first)/eps at the late time, and the noise of the first replica before.
        """
        site = single_site(network_action(), IID(g) + Replicas(k, p), INSTANTS)

        def covariance(a: int, b: int) -> sp.Expr:
            pair = site.noise_covariance[a, b]
            return pair.replace(C_phi, correlation)

        between = (covariance(3, 0) - covariance(2, 0)) / eps
        own = (covariance(3, 1) - covariance(3, 0) - covariance(2, 1) + covariance(2, 0)) / eps**2
        return [sp.expand(between) - g**2 * means(d_late * early),
                sp.expand(own) - g**2 * means(d_late * d_early)]  # fmt: skip

    def memory() -> sp.Expr:
        """The memory term of the second replica minus that of the first, to first order."""
        site = single_site(network_action(), IID(g) + Replicas(k, p), INSTANTS)
        second = site.memory_kernel[3, 1].replace(C_phi, correlation) * (early + eps * d_early)
        first = site.memory_kernel[2, 0].replace(C_phi, correlation) * early
        change = sp.expand(second - first).coeff(eps, 1)
        kernel = MEMORY.xreplace({tau: sp.S.One, C: sp.S.One})
        drag = means(d_late * early) + means(late * d_early)
        return sp.expand(change - kernel * (means(late * early) * d_early + drag * early))

    def discounted() -> list[sp.Expr]:
        """The memory of a growing perturbation, and the leak."""
        time = sp.Symbol("t", real=True)
        y = sp.Function("y")
        growing = lambda at: sp.exp(lam * at) * y(at)  # noqa: E731
        term = MEMORY * growing(time - tau) * sp.exp(-lam * time)
        leak = (growing(time) + sp.diff(growing(time), time)) * sp.exp(-lam * time)
        return [sp.simplify(term - TANGENT * y(time - tau)),
                sp.simplify(leak - (1 + lam) * y(time) - y(time).diff(time))]

    def without_synapses() -> list[sp.Expr]:
        """k = 0: two leaks act on the covariance Y of y, which is independent of phi'."""
        time, then = sp.symbols("t s", real=True)
        Y = sp.Function("Y")
        leak = lambda f, at: (1 + lam) * f + sp.diff(f, at)  # noqa: E731
        received = g**2 * slope_correlation * Y(tau)
        motion = ((1 + lam) ** 2 * Y(tau) - Y(tau).diff(tau, 2)) - received
        level = STIFFNESS.xreplace({gain: g**2}) - (1 - (1 + lam) ** 2)
        both = leak(leak(Y(time - then), time), then).doit()
        return [
            TANGENT.subs(k, 0),
            sp.expand(both - (received + motion).subs(tau, time - then).doit()),
            sp.expand(motion - (-Y(tau).diff(tau, 2) + level * Y(tau))),
            sp.simplify((1 - (1 + lam) ** 2).subs(lam, GROWTH) - LEVEL),
        ]

    def at_rest() -> list[sp.Expr]:
        """y and d constant in time: the diagonal of the joint Jacobian, and the edge of its
        spectrum."""
        rate, lag = sp.symbols("rate lag", positive=True)
        returned = sp.integrate(TANGENT.xreplace({lam: rate, tau: lag}), (lag, 0, sp.oo))
        zeta, y, d = sp.symbols("zeta y d")
        solved = sp.solve((1 + lam) * y - zeta - LOOP * y, y)[0] / zeta
        ratio = sp.simplify(solved * (1 + lam - LOOP))
        one_step = (slope * solved) ** 2 * g**2 * d / d  # d after one application, per d
        return [sp.simplify(returned * slope - LOOP.subs(lam, rate)), ratio - 1,
                sp.simplify(one_step - g**2 * slope**2 / (1 + lam - LOOP) ** 2)]  # fmt: skip

    return (
        Step("Two replicas have the same random couplings, so that their noises are correlated as"
             " their activities are; each has its own synapses, whose memory contains only its own"
             " activity.",
             r"\langle\eta^a\eta^b\rangle = g^2C^{ab},\quad K^{ab} = \delta_{ab}\,\frac kp"
             r"e^{-s/p}\,C^{aa}(s)", replicas),
        Step("The second replica is close to the first, phi + epsilon delta phi. The noise of their"
             " difference has the covariance of delta phi, and its covariance with the noise of the"
             " first replica is that of delta phi with phi.",
             r"\langle\zeta(t)\zeta(s)\rangle = g^2\langle\delta\phi(t)\,\delta\phi(s)\rangle,\quad"
             r" \langle\zeta(t)\eta(s)\rangle = g^2\langle\delta\phi(t)\,\phi(s)\rangle", noises),
        Step("To first order the memory contains the unit's own perturbation, and the perturbation"
             " of the correlation between the network's present and past activity.",
             r"\frac kp e^{-(t-s)/p}\big[C(t,s)\,\delta\phi(s) + \langle\delta\phi(t)\phi(s) +"
             r" \phi(t)\delta\phi(s)\rangle\,\phi(s)\big]", memory),
        Step("If delta phi and phi are uncorrelated, the noise zeta is independent of the path and"
             " the last term vanishes. The equation is then linear in y with a drive of symmetric"
             " distribution, so delta phi and phi remain uncorrelated: the assumption is"
             " consistent. With the growth factored out, y = exp(-lambda t) delta x, the memory is"
             " discounted at the rate lambda.",
             r"(1+\lambda+\partial_t)\,y = \zeta + \frac kp\int_0^\infty ds\,e^{-(\lambda+1/p)s}\,"
             r"C(s)\,\phi'(x(t-s))\,y(t-s),\quad \langle\zeta\zeta\rangle = g^2d,\ d ="
             r" \langle\phi'y\,\phi'y\rangle", discounted),
        Step("Without synapses the covariance of y satisfies the Schroedinger equation of the"
             " stationary Gaussian process, at the energy of its Lyapunov exponent.",
             r"k = 0:\quad -Y'' + [1 - g^2\langle\phi'\phi'\rangle(\tau)]\,Y ="
             r" [1-(1+\lambda)^2]\,Y",
             without_synapses),
        Step("At a fixed point d is a number that one application of the equation multiplies by the"
             " mean squared gain of the joint Jacobian: for real rates the exponent is the edge of"
             " its support.",
             r"d \to g^2\Big\langle\frac{\phi'^2}{[1+\lambda - kC\phi'/(1+p\lambda)]^2}\Big\rangle"
             r"\,d", at_rest),
    )  # fmt: skip


def conditions() -> tuple[Condition, ...]:
    """The edge of the joint spectrum, over the density of the sites."""
    x = sp.Symbol("x", real=True)
    rho, f = (sp.Function(name, real=True)(x) for name in ("rho", "f"))
    loop = LOOP.xreplace({slope: f})
    return (
        Condition("edge", "The boundary of the joint spectrum; f = phi' of a site at x, with"
                          " density rho at equal times.",
                  sp.Eq(sp.Integral(rho * g**2 * f**2 / sp.Abs(1 + lam - loop) ** 2,
                                    (x, -sp.oo, sp.oo)), 1)),
    )  # fmt: skip


def formulas() -> tuple[Formula, ...]:
    """The memory of a perturbation."""
    return (
        Formula("tangent_memory", (tau, lam, k, p, C), TANGENT,
                "Memory of a perturbation, with its growth factored out."
                "\nIt multiplies phi'(x) times the perturbation at the given lag.",
                test=f"{TEST}::test_tangent_memory"),
    )  # fmt: skip

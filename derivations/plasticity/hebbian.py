"""Hebbian and anti-Hebbian couplings: the memory that they give to a unit, by the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy as sp

from ..engine.couplings import IID, Ensemble
from ..engine.derivation import Formula, Step
from ..engine.disorder import (
    ActionTerm,
    N,
    delta0,
    h,
    i,
    j,
    noise,
    order_parameter,
    phi,
    s,
    t,
    term,
    xhat,
)
from ..engine.disorder import x as state
from ..engine.saddle import (
    C_phi,
    R_phi,
    expectation,
    saddle_values,
    single_site,
    single_site_directly,
)

TEST = "tests/derivations/plasticity/test_plasticity.py"
k = sp.Symbol("k", real=True)
p, g, C = sp.symbols("p g C", positive=True)
tau, omega = sp.symbols("tau omega", real=True)
INSTANTS = range(3)

MEMORY = k / p * sp.exp(-tau / p) * C
STATIC = k / (1 + sp.I * p * omega)
SYMBOLS = {
    "k": "Strength of the plasticity: Hebbian if positive, anti-Hebbian if negative.",
    "p": "Time constant of the synapses, in neuronal time constants.",
    "C": "Correlation of phi at the lag; for fixed points and at equal times, the mean square of"
         " phi.",
    "tau": "Lag, tau >= 0.", "omega": "Angular frequency.",
}  # fmt: skip


@dataclass(frozen=True)
class Hebbian(Ensemble):
    """A_ij(t) = (k/pN) sum over s < t of exp(-(t-s)/p) phi_i(s) phi_j(s)."""

    k: sp.Expr
    p: sp.Expr

    def mean(self) -> sp.Expr:
        """Given the activity, these couplings are deterministic."""
        past = sp.Heaviside(t - s - sp.S.Half)
        return self.k / (self.p * N) * sp.exp(-(t - s) / self.p) * past * phi[i, s] * phi[j, s]


def kept(late: int, early: int) -> sp.Expr:
    """Weight at one instant of the product of activities at an earlier one."""
    return MEMORY.xreplace({tau: sp.Integer(late - early), C: sp.S.One})


def average_steps(action: Sequence[ActionTerm], ensemble: Ensemble) -> tuple[Step, ...]:
    """From synapses driven by the activity to W, and its two derivatives."""
    coupling, field = term(action, "coupling"), term(action, "field").coefficient
    pairs = [(a, b) for a in INSTANTS for b in INSTANTS if b < a]

    def B(a: sp.Indexed, b: sp.Indexed) -> sp.Symbol:
        return order_parameter(a * b)

    def synapse() -> list[sp.Expr]:
        """The equation of motion, and the decay of the initial condition."""
        now, then, start = sp.symbols("now then start", real=True)
        product = sp.Function("f")  # phi_i phi_j
        weight = MEMORY.xreplace({tau: now - then, C: product(then)}) / N
        A = sp.Integral(weight, (then, start, now))
        left = A + p * sp.diff(A, now) - k / N * product(now)
        return [sp.expand(left), sp.limit(MEMORY.subs({C: 1, p: 1, k: 1}), tau, sp.oo)]

    def functional() -> sp.Expr:
        W = ensemble.functional(coupling, INSTANTS).value
        return sp.expand(W + sp.I * sum(
            kept(a, b) * B(xhat[a], phi[b]) * B(phi[a], phi[b]) for a, b in pairs))

    def explicitly() -> sp.Expr:
        """Two units with all synapses summed explicitly, without grouping by sites."""
        total = sp.S.Zero
        for m in (1, 2):
            for n in (1, 2):
                for a, b in pairs:
                    A = kept(a, b) / 2 * phi[m, b] * phi[n, b]
                    total += -sp.I * xhat[m, a] * A * phi[n, a]
        return sp.expand(total - ensemble.functional(coupling, INSTANTS).at_sites(2))

    def dropped() -> list[sp.Expr]:
        W = ensemble.functional(coupling, INSTANTS)
        values, found = saddle_values(W, field), []
        for a, b in pairs:
            reaction = sp.diff(W.value, B(phi[a], phi[b]))
            found += [sp.expand(reaction + sp.I * kept(a, b) * B(xhat[a], phi[b])),
                      reaction.xreplace(values),
                      # In the causal order the same average is a response.
                      expectation(xhat[b] * phi[a], field) * field - R_phi(a, b)]
        return found

    return (
        Step("A synapse is a leaky integrator of the product of the activities that it connects.",
             r"(1+p\,\partial_t)A_{ij} = \frac kN\phi_i\phi_j\;\Leftrightarrow\; A_{ij}(t) ="
             r" \frac{k}{pN}\int_{-\infty}^t ds\,e^{-(t-s)/p}\,\phi_i(s)\phi_j(s)", synapse),
        Step("Grouped by sites, the plastic term of the action is N times a product of two averages"
             " over sites; no average over couplings remains.",
             r"W = -i\frac kp\sum_{s<t}e^{-(t-s)/p}B_{\hat x\phi}(t,s)\,B_{\phi\phi}(t,s)",
             functional),
        Step("The same for two units, with all synapses summed explicitly.",
             r"-i\sum_{ij,t}\hat x_i(t)A_{ij}(t)\phi_j(t) = N W\Big|_{N=2}", explicitly),
        Step("One derivative of W would act back on the presynaptic unit. It is proportional to the"
             " response of phi to a later field and vanishes by causality (an average with one"
             " response field is zero unless another field is evaluated after it).",
             r"\frac{\partial W}{\partial B_{\phi\phi}(t,s)} = -i\frac kp e^{-(t-s)/p}\,"
             r"\langle\hat x(t)\phi(s)\rangle \propto R_\phi(s,t) = 0,\quad s<t", dropped),
    )  # fmt: skip


def site_steps(action: Sequence[ActionTerm], ensemble: Ensemble) -> tuple[Step, ...]:
    """The other derivative in the single site, together with random couplings."""
    pairs = [(a, b) for a in INSTANTS for b in INSTANTS]
    both = IID(g) + ensemble

    def site() -> list[sp.Expr]:
        one = single_site(action, both, INSTANTS)
        white = lambda a, b: 2 * noise**2 * delta0 if a == b else 0  # noqa: E731
        found = [one.leftover, *(one.drift[a] + state[a] - h[a] for a in INSTANTS)]
        for a, b in pairs:
            weight = kept(a, b) * C_phi(a, b) if b < a else 0
            found += [one.memory_kernel[a, b] - weight, one.noise_covariance[a, b]
                      - g**2 * C_phi(max(a, b), min(a, b)) - white(a, b)]  # fmt: skip
        return found

    def directly() -> list[sp.Expr]:
        one, other = (way(action, both, INSTANTS) for way in (single_site, single_site_directly))
        return [one.memory_kernel[q] - other.memory_kernel[q] for q in pairs] + [
            one.noise_covariance[q] - other.noise_covariance[q] for q in pairs]  # fmt: skip

    def static() -> list[sp.Expr]:
        lag, w = sp.Symbol("tau", positive=True), sp.Symbol("omega", positive=True)
        weight = MEMORY.xreplace({tau: lag, C: sp.S.One})
        cosine, sine = (sp.integrate(weight * f(w * lag), (lag, 0, sp.oo))
                        for f in (sp.cos, sp.sin))  # fmt: skip
        return [cosine - sp.I * sine - STATIC.xreplace({omega: w})]

    return (
        Step("A unit receives Gaussian noise through the random couplings, and through its synapses"
             " its own past activity, weighted by the correlation of the network's activity.",
             r"(1+\partial_t)x = \eta + \frac kp\int_0^\infty"
             r" ds\,e^{-s/p}\,C(s)\,\phi(x(t-s)),\quad \langle\eta(t)\eta(t')\rangle ="
             r" g^2C(t-t')", site),
        Step("The same without W, by decoupling the averaged action site by site.",
             r"\mathrm{group}\cdot\mathrm{other} \to \mathrm{group}\,\langle\mathrm{other}\rangle +"
             r" \langle\mathrm{group}\rangle\,\mathrm{other}", directly),
        Step("For the part of the correlation that does not decay, the unit's activity is fed back"
             " through a leaky filter; static activity is fed back as k C phi.",
             r"\frac kp\int_0^\infty d\tau\,e^{-\tau/p - i\omega\tau} = \frac{k}{1+ip\omega}",
             static),
    )  # fmt: skip


def steps(action: Sequence[ActionTerm], ensemble: Ensemble) -> tuple[Step, ...]:
    """The plastic term, averaged and decoupled."""
    return average_steps(action, ensemble) + site_steps(action, ensemble)


def formulas() -> tuple[Formula, ...]:
    """The memory in time, and its transform where the correlation does not decay."""
    return (
        Formula("memory", (tau, k, p, C), MEMORY,
                "Weight of a unit's own phi, at a given lag, in its input."
                "\nClark & Abbott 2024: the unit's past activity is weighted by the autocorrelation"
                " of the network.",
                test=f"{TEST}::test_memory"),
        Formula("memory_static", (omega, k, p), STATIC,
                "Transform of the memory per unit of C, for the part of C that does not decay.",
                test=f"{TEST}::test_memory"),
    )  # fmt: skip

"""Independent couplings with reciprocity: from the equation of motion to a single site."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from ..engine import cavity
from ..engine.couplings import (
    IID,
    Ensemble,
    UniformMean,
    explicit_average,
    gaussian_exponent,
    normals,
)
from ..engine.derivation import Condition, Derivation, Formula, Step, as_latex
from ..engine.disorder import (
    WHITE,
    ActionTerm,
    J,
    N,
    average,
    delta0,
    h,
    i,
    j,
    k,
    l,
    network_action,
    noise,
    order_parameter,
    phi,
    s,
    t,
    term,
    velocity,
    x,
    xhat,
    xi,
)
from ..engine.saddle import (
    C_phi,
    R_phi,
    SingleSite,
    saddle_values,
    shown,
    single_site,
    single_site_directly,
)
from . import iid_covariances

g = sp.Symbol("g", positive=True)
reciprocity = sp.Symbol("reciprocity", real=True)
correlation, response = sp.symbols("C_phi R_phi")
INSTANTS = range(2)
TEST = "tests/derivations/random_networks/test_iid.py"


def action_steps(action: Sequence[ActionTerm], ensemble: Ensemble) -> tuple[Step, ...]:
    """The network, its action, and the averages over noise and couplings."""
    coupling = term(action, "coupling")
    covariance = ensemble.covariance()
    same, exchanged = {k: i, l: j}, {k: j, l: i}
    pair = average(coupling, J[i, j], covariance=covariance)[1]

    def drawn() -> list[sp.Expr]:
        matrix, sites = ensemble.sample(2), (1, 2)
        slopes = {(a, b): [sp.diff(matrix[a - 1, b - 1], A) for A in normals(2)]
                  for a in sites for b in sites}
        return [
            sum(p * q for p, q in zip(slopes[a, b], slopes[c, d], strict=True))
            - covariance.subs({i: a, j: b, k: c, l: d, N: 2})
            for a in sites for b in sites for c in sites for d in sites
        ]  # fmt: skip

    def white() -> sp.Expr:
        one = term(action, "noise")
        summed = average(one, xi[i, t], covariance=WHITE)[1].subs({t: 1, s: 1})
        return summed - gaussian_exponent(-sp.I * xhat[i, 1] * sp.sqrt(2 * noise**2 * delta0))

    return (
        Step("The action is the equation of motion times i and the response field.",
             r"\sum_{i,t} i\hat x_i\Big[(1+\partial_t)x_i - \sum_j J_{ij}\phi_j - \xi_i - h_i\Big]",
             lambda: sum(one.coefficient * one.monomial for one in action) / (sp.I * xhat[i, t])
             - (velocity[i, t] + x[i, t] - J[i, j] * phi[j, t] - xi[i, t] - h[i, t])),
        Step("The ensemble: covariance of the couplings, with correlated reciprocal pairs.",
             r"\langle J_{ij}J_{kl}\rangle = \frac{g^2}{N}"
             r"(\delta_{ik}\delta_{jl} + r\,\delta_{il}\delta_{jk})",
             lambda: [N * covariance.subs(same).subs(sp.KroneckerDelta(i, j), 0) - g**2,
                      N * covariance.subs(exchanged).subs(sp.KroneckerDelta(i, j), 0)
                      - reciprocity * g**2,
                      N * covariance.subs(same).subs(j, i) - g**2 * (1 + reciprocity)]),
        Step("A matrix is drawn as a linear combination of an independent matrix A and its"
             " transpose; all sixteen covariances are verified for two units.",
             r"J = \tfrac{g}{\sqrt N}(a\,A + b\,A^{T}),\quad a^2+b^2 = 1,\ 2ab = r", drawn),
        Step("The average over the white noise, by its integral at one instant.",
             r"\langle e^{-i\hat x\xi}\rangle = e^{-\sigma^2\delta(0)\,\hat x^2}", white),
        Step("The average over the couplings leaves their second cumulant; its Kronecker deltas"
             " remove two of the four sums over sites.",
             r"-\frac{g^2}{2N}\sum_{ij,ts}\big[\hat x_i(t)\hat x_i(s)\phi_j(t)\phi_j(s)"
             r" + r\,\hat x_i(t)\phi_i(s)\,\hat x_j(s)\phi_j(t)\big]",
             lambda: sp.expand(pair + g**2 / (2 * N) * xhat[i, t] * phi[j, t] * (
                 xhat[i, s] * phi[j, s] + reciprocity * xhat[j, s] * phi[i, s]))),
    )  # fmt: skip


def functional_steps(action: Sequence[ActionTerm], ensemble: Ensemble) -> tuple[Step, ...]:
    """W from the averaged exponent, and from integrals over every coupling of a small network."""
    coupling = term(action, "coupling")
    W = ensemble.functional(coupling, INSTANTS)
    field = term(action, "field").coefficient

    def B(a: sp.Indexed, b: sp.Indexed) -> sp.Symbol:
        return order_parameter(a * b)

    def expected() -> sp.Expr:
        return -(g**2) / 2 * sum(
            B(xhat[a], xhat[b]) * B(phi[a], phi[b])
            + reciprocity * B(xhat[a], phi[b]) * B(xhat[b], phi[a])
            for a in INSTANTS for b in INSTANTS
        )  # fmt: skip

    return (
        Step("Grouped by sites, the exponent is N times a functional W of averages over sites.",
             r"W = -\frac{g^2}{2}\sum_{ts}\big[B_{\hat x\hat x}(t,s)B_{\phi\phi}(t,s)"
             r" + r\,B_{\hat x\phi}(t,s)B_{\hat x\phi}(s,t)\big]",
             lambda: sp.expand(W.value - expected())),
        Step("Second route: two units at two instants, integrated over each of the four normal"
             " variables from which their couplings are drawn. It uses neither the covariance nor"
             " the grouping by sites.",
             r"\int\!\prod_{ij} dA_{ij}\, \frac{e^{-A_{ij}^2/2}}{\sqrt{2\pi}}\;"
             r"e^{-i\sum\hat x_i J_{ij}\phi_j} = e^{N W}\Big|_{N=2}",
             lambda: explicit_average(ensemble, coupling, 2, INSTANTS) - W.at_sites(2),
             lambda r: sp.expand(sp.simplify(r))),
        Step("Normalisation: by causality W vanishes at the saddle point.",
             r"W(B^*) = 0", lambda: W.value.xreplace(saddle_values(W, field))),
        Step("For the same reason the field conjugate to the correlation vanishes: the derivative"
             " of W in the correlation is an average of response fields alone.",
             r"\frac{\partial W}{\partial B_{\phi\phi}(t,s)} \propto \langle\hat x(t)\hat"
             r" x(s)\rangle = 0",
             lambda: [sp.diff(W.value, B(phi[a], phi[b])).xreplace(saddle_values(W, field))
                      for a in INSTANTS for b in INSTANTS]),
    )  # fmt: skip


def site_steps(
    action: Sequence[ActionTerm], ensemble: Ensemble, site: SingleSite
) -> tuple[Step, ...]:
    """The single site, compared with direct decoupling, the cavity method and random matrices."""
    covariance = ensemble.covariance()
    gain = sp.diff(site.noise_covariance[1, 0], C_phi(1, 0))
    white = lambda a, b: 2 * noise**2 * delta0 if a == b else 0  # noqa: E731
    feedback = lambda a, b: R_phi(a, b) if a > b else 0  # noqa: E731
    pairs = [(a, b) for a in INSTANTS for b in INSTANTS]
    strength = sp.Symbol("m", real=True)

    def directly() -> list[sp.Expr]:
        other = single_site_directly(action, ensemble, INSTANTS)
        return [site.noise_covariance[p] - other.noise_covariance[p] for p in pairs] + [
            site.memory_kernel[p] - other.memory_kernel[p] for p in pairs
        ] + [site.leftover, other.leftover]  # fmt: skip

    def with_mean() -> list[sp.Expr]:
        both = single_site(action, ensemble + UniformMean(strength), INSTANTS)
        mean = sp.Function("mean_phi")
        return [both.drift[a] - (-x[a] + h[a] + strength * mean(a)) for a in INSTANTS] + [
            both.noise_covariance[p] - site.noise_covariance[p] for p in pairs]  # fmt: skip

    def added() -> list[sp.Expr]:
        ga, gb, ra, rb = sp.symbols("g_a g_b r_a r_b", positive=True)
        total = single_site(action, IID(ga, ra) + IID(gb, rb), INSTANTS)
        merged = {g: sp.sqrt(ga**2 + gb**2), reciprocity: (ra * ga**2 + rb * gb**2)
                  / (ga**2 + gb**2)}  # fmt: skip
        found = [(total.noise_covariance[p], site.noise_covariance[p]) for p in pairs]
        found += [(total.memory_kernel[p], site.memory_kernel[p]) for p in pairs]
        return [summed - single.subs(merged) for summed, single in found]

    def long() -> list[sp.Expr]:
        later = single_site(action, ensemble, range(3))
        shift = {0: 1, 1: 2}
        return [
            later.noise_covariance[shift[a], shift[b]]
            - site.noise_covariance[a, b].subs(C_phi(a, b), C_phi(shift[a], shift[b]))
            .subs(C_phi(b, a), C_phi(shift[b], shift[a]))
            for a, b in pairs if a >= b
        ] + [later.memory_kernel[2, 0] - reciprocity * g**2 * R_phi(2, 0)]  # fmt: skip

    return (
        Step("Noise: the derivative of W in the average of two response fields.",
             f"C_\\eta(t,s) = {as_latex(shown(site.noise_covariance[1, 0]))},\\quad"
             f" C_\\eta(t,t) = {as_latex(shown(site.noise_covariance[1, 1]))}",
             lambda: [site.noise_covariance[a, b] - (cavity.received(covariance)
                      * C_phi(max(a, b), min(a, b)) + white(a, b)) for a, b in pairs]),
        Step("Its ratio to the correlation of phi, the gain G, is the same at all pairs of"
             " instants; the stationary theory needs only this number.",
             f"C_\\eta(t,s) = G\\,C_\\phi(t,s),\\quad G = {as_latex(gain)}",
             lambda: [site.noise_covariance[a, b] - gain * C_phi(max(a, b), min(a, b)) - white(a, b)
                      for a, b in pairs]),
        Step("Memory: the derivative of W in the average of a response field and phi. Noise and"
             " memory are compared with the cavity method, which uses no action: the input that a"
             " new unit receives from the others, and the feedback of its own output through them.",
             f"K(t,s) = {as_latex(shown(site.memory_kernel[1, 0]))},\\quad"
             f" K(s,t) = {as_latex(shown(site.memory_kernel[0, 1]))},\\quad t > s",
             lambda: [site.memory_kernel[a, b] - cavity.returned(covariance) * feedback(a, b)
                      for a, b in pairs]),
        Step("There are no other terms, and the direct route agrees: the averaged exponent is"
             " decoupled group by group, without W.",
             r"\text{group}\cdot\text{other} \to \text{group}\,\langle\text{other}\rangle"
             r" + \langle\text{group}\rangle\,\text{other}", directly),
        Step("Leak and external field are unchanged; adding an ensemble of couplings with mean m/N"
             " adds a drive proportional to the mean activity and leaves the noise unchanged.",
             r"\dot x = -x + h + m\,\langle\phi\rangle + \eta + \xi + K*\phi", with_mean),
        Step("Independent ensembles add: two iid ensembles are equivalent to one with the sum of"
             " the variances.",
             r"g^2 = g_a^2 + g_b^2,\quad r g^2 = r_a g_a^2 + r_b g_b^2", added),
        Step("Two instants are sufficient: with a third one the coefficients are the same.",
             r"C_\eta(t_2,t_1),\; K(t_2,t_0)", long),
        Step("Check with a linear network: the response with this memory is the mean resolvent, and"
             " its moments are those of the random matrix by Wick's theorem.",
             r"z S = 1 + r g^2 S^2\;\Rightarrow\; \tfrac1N\langle\mathrm{tr}J^2\rangle = r g^2,\;"
             r"\tfrac1N\langle\mathrm{tr}J^4\rangle = 2 r^2 g^4",
             lambda: [cavity.linear_response_moments(site.memory_kernel[1, 0] / R_phi(1, 0), 4)[n]
                      - cavity.moment(covariance, n) for n in (2, 4)]),
    )  # fmt: skip


def derive(
    action: Sequence[ActionTerm] | None = None, ensemble: Ensemble | None = None
) -> Derivation:
    """The complete derivation; another action or ensemble can be passed, to test that errors are
    detected."""
    action = network_action() if action is None else action
    ensemble = IID(g, reciprocity) if ensemble is None else ensemble
    site = single_site(action, ensemble, INSTANTS)
    noise_covariance = site.noise_covariance[1, 0].subs(C_phi(1, 0), correlation)
    memory_kernel = site.memory_kernel[1, 0].subs(R_phi(1, 0), response)

    def formula(name, args, value, doc, figure=None):
        return Formula(name, args, value, doc, test=f"{TEST}::test_{name}", figure=figure)

    formulas = (
        formula("noise_covariance", (correlation, g), noise_covariance,
                "Covariance of the input that a unit receives through its couplings."
                "\nThe derivative of W in <xhat xhat>. Sompolinsky, Crisanti & Sommers 1988, where"
                " the input is Gaussian with g^2 times the correlation of phi.",
                figure="docs/figures/iid_correlations.png"),
        formula("memory_kernel", (response, g, reciprocity), memory_kernel,
                "Weight of a unit's own past phi in its input."
                "\nThe derivative of W in <xhat phi>. Reciprocal couplings feed a unit's output"
                " back through the response of the others (Marti, Brunel & Ostojic 2018)."),
        formula("noise_gain", (g,), sp.diff(noise_covariance, correlation),
                "Gain G: derivative of the input's covariance in the correlation of phi."),
    )  # fmt: skip
    return Derivation(
        name="iid", title="Independent couplings with reciprocity",
        introduction="$(1+d/dt)\\,x_i = \\sum_j J_{ij}\\,\\phi(x_j) + \\xi_i + h_i$ with Gaussian"
                     " couplings of variance $g^2/N$ and correlation r between $J_{ij}$ and"
                     " $J_{ji}$, and white noise $\\langle\\xi\\xi\\rangle = 2\\sigma^2\\delta$."
                     " The network's action is averaged over the couplings and written as N times a"
                     " functional W of averages over sites; at the saddle point it becomes the"
                     " action of a single unit.",
        steps=(*action_steps(action, ensemble), *functional_steps(action, ensemble),
               *site_steps(action, ensemble, site), *iid_covariances.steps(ensemble)),
        formulas=formulas + iid_covariances.formulas(ensemble), conditions=_conditions(),
        symbols={"C_phi": "Correlation of phi, <phi(t) phi(s)> (or its spectrum).",
                 "R_phi": "Mean response of phi(t) to an input at s (or its transform).",
                 "g": "Standard deviation of the couplings times sqrt(N).",
                 "reciprocity": "Correlation of J_ij and J_ji, from -1 to 1.",
                 **iid_covariances.SYMBOLS},
        references=(
            "H. Sompolinsky, A. Crisanti, H.-J. Sommers, Chaos in random neural networks (1988).",
            "D. Marti, N. Brunel, S. Ostojic, Correlations between synapses in pairs of neurons"
            " slow down dynamics in randomly connected neural networks (2018): reciprocity.",
            "D. Clark, L. Abbott, A. Litwin-Kumar, Dimension of activity in random neural networks"
            " (2023): covariances between units.",
            "P. Martin, E. Siggia, H. Rose (1973), C. De Dominicis (1976), H.-K. Janssen (1976):"
            " the response-field action.",
        ),
    )  # fmt: skip


def _conditions() -> tuple[Condition, ...]:
    """Self-consistency relations between the averages of a single-site solution."""
    time, other, u = sp.symbols("t s u", real=True)
    C, R, crossing = (sp.Function(name) for name in ("C_phi", "R_phi", "C_phieta"))
    return (
        Condition("response", "The response is determined by the correlation of the input with phi"
                              " (Novikov's theorem: Stein's theorem along the path).",
                  sp.Eq(crossing(time, other), sp.Integral(
                      R(time, u) * g**2 * C(u, other), (u, -sp.oo, time)))),
    )  # fmt: skip

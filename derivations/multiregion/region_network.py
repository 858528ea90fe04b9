"""The network of regions: disorder average, and the single-site equation of each region."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from ..engine.couplings import IID
from ..engine.derivation import Step, as_latex
from ..engine.disorder import (
    ActionTerm,
    Kind,
    N,
    delta0,
    h,
    i,
    j,
    noise,
    order_parameter,
    phi,
    term,
    x,
    xhat,
)
from ..engine.kinds_of_sites import Blocks, RankOne, explicit_network
from ..engine.saddle import (
    C_phi,
    SingleSite,
    saddle_values,
    shown,
    single_site,
    single_site_directly,
)

MU, NU = KINDS = tuple((sp.Symbol(name),) for name in ("mu", "nu"))
INSTANTS = range(2)
g = sp.Symbol("g", positive=True)


def strength(here: Kind, there: Kind) -> sp.Symbol:
    """Gain g of the random couplings that ``here`` receives from ``there``."""
    return sp.Symbol(f"g_{here[0]}{there[0]}", positive=True)


def loading(letter: str, here: Kind, there: Kind) -> sp.IndexedBase:
    """m: the direction along which ``here`` receives from ``there``; n: along which ``there``
    sends."""
    return sp.IndexedBase(f"{letter}_{here[0]}{there[0]}")


def regions(kinds: Sequence[Kind] = KINDS, share: dict | None = None) -> Blocks:
    """Random couplings and one rank-one term from each region to every region."""
    return Blocks({
        (here, there): IID(strength(here, there))
        + RankOne(loading("m", here, there), loading("n", here, there))
        for here in kinds for there in kinds
    }, share or {})  # fmt: skip


def current(here: Kind, there: Kind, at: int) -> sp.Expr:
    """S: the average of n phi over the sending units."""
    return sp.Function(f"mean_phi_{loading('n', here, there).label}")(*there, at)


def engine_steps(action: Sequence[ActionTerm], ensemble: Blocks) -> tuple[Step, ...]:
    """The averaged action, W, its second route by integrals, and the consequences of causality."""
    coupling = term(action, "coupling")
    W = ensemble.functional(coupling, INSTANTS)
    values = saddle_values(W, term(action, "field").coefficient)
    pairs = [(a, b) for a in KINDS for b in KINDS]

    def average(*factors: sp.Expr) -> sp.Symbol:
        return order_parameter(sp.prod(factors))

    def averaged() -> sp.Expr:
        expected = sum(
            -strength(a, b) ** 2 / (2 * N) * xhat[(i, *a, u)] * xhat[(i, *a, v)]
            * phi[(j, *b, u)] * phi[(j, *b, v)] for a, b in pairs for u in INSTANTS
            for v in INSTANTS
        ) - sp.I / N * sum(
            loading("m", a, b)[i] * xhat[(i, *a, u)] * loading("n", a, b)[j] * phi[(j, *b, u)]
            for a, b in pairs for u in INSTANTS
        )  # fmt: skip
        return sp.expand(ensemble.averaged(coupling, INSTANTS) - expected)

    def functional() -> sp.Expr:
        random = sum(
            strength(a, b) ** 2 * average(xhat[(*a, u)], xhat[(*a, v)])
            * average(phi[(*b, u)], phi[(*b, v)]) for a, b in pairs for u in INSTANTS
            for v in INSTANTS
        )  # fmt: skip
        structured = sum(
            average(loading("m", a, b).label, xhat[(*a, u)])
            * average(loading("n", a, b).label, phi[(*b, u)]) for a, b in pairs for u in INSTANTS
        )  # fmt: skip
        return sp.expand(W.value + random / 2 + sp.I * structured)

    def conjugates() -> list[sp.Expr]:
        without = [symbol for symbol, monomial in W.order.items()
                   if not any(e.base == xhat for e in monomial.atoms(sp.Indexed))]  # fmt: skip
        return [W.value.xreplace(values)] + [
            sp.diff(W.value, symbol).xreplace(values) for symbol in without]  # fmt: skip

    return (
        Step("The couplings between every pair of regions are averaged independently. Random"
             " couplings contribute their second cumulant; low-rank couplings keep their loadings,"
             " which are properties of the units.",
             r"\sum_{\mu\nu}\Big[-\frac{g_{\mu\nu}^2}{2N}\sum_{ij,ts}\hat x^\mu_i(t)\hat x^\mu_i(s)"
             r"\phi^\nu_j(t)\phi^\nu_j(s) - \frac{i}{N}\sum_{ij,t} m_i^{\mu\nu}\hat x^\mu_i(t)\,"
             r"n_j^{\mu\nu}\phi^\nu_j(t)\Big]", averaged),
        Step("Grouped by units, the order parameters are the correlations of each region, and the"
             " currents with their conjugates.",
             r"W = \sum_{\mu\nu}\Big[-\frac{g_{\mu\nu}^2}{2}\sum_{ts}B^\mu_{\hat x\hat x}(t,s)"
             r"B^\nu_{\phi\phi}(t,s) - i\sum_t\langle m^{\mu\nu}\hat x^\mu(t)\rangle"
             r"\langle n^{\mu\nu}\phi^\nu(t)\rangle\Big]", functional),
        Step("Second route: two regions of two units at two instants, integrated over each of the"
             " sixteen normal variables from which the couplings are drawn.",
             r"\int\!\prod dA\, \frac{e^{-A^2/2}}{\sqrt{2\pi}}\;e^{-i\sum\hat x_i J_{ij}\phi_j}"
             r" = e^{N W}\Big|_{N=2}",
             lambda: sp.expand(explicit_network(ensemble, coupling, 2, INSTANTS) - W.at_sites(2))),
        Step("By causality W vanishes at the saddle point, and so do the fields conjugate to the"
             " correlations and to the directions along which a region sends: a unit's contribution"
             " to a current is not fed back to it.",
             r"W(B^*) = 0,\quad \frac{\partial W}{\partial B^\nu_{\phi\phi}} = 0,\quad"
             r" \frac{\partial W}{\partial\langle n^{\mu\nu}\phi^\nu\rangle} \propto"
             r" \langle m^{\mu\nu}\hat x^\mu\rangle = 0", conjugates),
    )  # fmt: skip


def site_steps(
    action: Sequence[ActionTerm], ensemble: Blocks, site: SingleSite
) -> tuple[Step, ...]:
    """One unit of the region mu: noise, drift and no other terms; then populations and special
    cases."""
    pairs = [(a, b) for a in INSTANTS for b in INSTANTS]
    white = lambda a, b: 2 * noise**2 * delta0 if a == b else 0  # noqa: E731

    def expected(kinds: Sequence[Kind], a: int, b: int) -> sp.Expr:
        late, early = max(a, b), min(a, b)
        return white(a, b) + sum(
            strength(MU, there) ** 2 * C_phi(*there, late, early) for there in kinds)  # fmt: skip

    def same(one: SingleSite, two: SingleSite) -> list[sp.Expr]:
        return (
            [one.noise_covariance[p] - two.noise_covariance[p] for p in pairs]
            + [one.memory_kernel[p] - two.memory_kernel[p] for p in pairs]
            + [one.drift[a] - two.drift[a] for a in INSTANTS]
            + [one.leftover, two.leftover]
        )

    def drift(one: SingleSite, kinds: Sequence[Kind]) -> list[sp.Expr]:
        return [
            one.drift[a] + x[(*MU, a)] - h[(*MU, a)]
            - sum(loading("m", MU, there).label * current(MU, there, a) for there in kinds)
            for a in INSTANTS
        ]  # fmt: skip

    def nothing_else() -> list[sp.Expr]:
        labels = {loading(letter, a, b).label for letter in "mn" for a in KINDS for b in KINDS}
        return [site.leftover, *site.memory_kernel.values()] + [
            sp.diff(value, label) for value in site.noise_covariance.values() for label in labels
        ]

    def three() -> list[sp.Expr]:
        kinds = (*KINDS, (sp.Symbol("rho"),))
        one = single_site(action, regions(kinds), INSTANTS, MU)
        return [one.noise_covariance[p] - expected(kinds, *p) for p in pairs] + drift(one, kinds)

    def sizes() -> list[sp.Expr]:
        share = {kind: sp.Symbol(f"f_{kind[0]}", positive=True) for kind in KINDS}
        unequal = Blocks(ensemble.blocks, share)
        return same(single_site(action, unequal, INSTANTS, MU), site) + same(
            single_site_directly(action, unequal, INSTANTS, MU), site)  # fmt: skip

    def alone() -> list[sp.Expr]:
        random = Blocks({(MU, MU): IID(g)})
        one, plain = single_site(action, random, INSTANTS, MU), single_site(action, IID(g))
        bare = lambda f: f.replace(C_phi, lambda kind, *times: C_phi(*times))  # noqa: E731
        return [bare(one.noise_covariance[p]) - plain.noise_covariance[p] for p in pairs] + [
            one.drift[a].xreplace({x[(*MU, a)]: x[a], h[(*MU, a)]: h[a]}) - plain.drift[a]
            for a in INSTANTS]  # fmt: skip

    def higher_rank() -> list[sp.Expr]:
        m, n = sp.IndexedBase("m_second"), sp.IndexedBase("n_second")
        more = dict(ensemble.blocks) | {(MU, NU): ensemble.blocks[MU, NU] + RankOne(m, n)}
        one = single_site(action, Blocks(more), INSTANTS, MU)
        second = sp.Function("mean_phi_n_second")
        return [one.drift[a] - site.drift[a] - m.label * second(*NU, a) for a in INSTANTS] + [
            one.noise_covariance[p] - site.noise_covariance[p] for p in pairs]  # fmt: skip

    return (
        Step("Noise of a region: the sum over all regions from which it receives random couplings,"
             " including itself; white noise as before.",
             f"C_\\eta^\\mu(t,s) = {_page(site.noise_covariance[1, 0])},\\quad"
             f" C_\\eta^\\mu(t,t) = {_page(site.noise_covariance[1, 1])}",
             lambda: [site.noise_covariance[p] - expected(KINDS, *p) for p in pairs]),
        Step("Drift: leak, external field, and the currents from all regions, each along its"
             " direction.",
             r"\dot x^\mu = -x^\mu + h^\mu + \sum_\nu m^{\mu\nu} S^{\mu\nu}(t) + \eta^\mu,\quad"
             r" S^{\mu\nu} = \langle n^{\mu\nu}\phi^\nu\rangle", lambda: drift(site, KINDS)),
        Step("There are no other terms: no memory, and the noise is independent of every loading.",
             r"K^\mu = 0,\quad \frac{\partial C^\mu_\eta}{\partial m^{\mu\nu}} = 0", nothing_else),
        Step("The direct route agrees: the averaged exponent is decoupled unit by unit, without W.",
             r"\text{group}\cdot\text{other} \to \text{group}\,\langle\text{other}\rangle"
             r" + \langle\text{group}\rangle\,\text{other}",
             lambda: same(site, single_site_directly(action, ensemble, INSTANTS, MU))),
        Step("With a third region each sum contains one more term.",
             r"\sum_{\nu} g_{\mu\nu}^2 C^\nu,\quad \sum_\nu m^{\mu\nu}S^{\mu\nu}", three),
        Step("Regions may have different numbers of units: if N is the number of sending units,"
             " neither noise nor drift depends on the sizes, by both routes.",
             r"\langle (J^{\mu\nu}_{ij})^2\rangle = g_{\mu\nu}^2/N_\nu,\quad"
             r" S^{\mu\nu} = \tfrac{1}{N_\nu} n^{\mu\nu}\!\cdot\phi^\nu", sizes),
        Step("A second rank-one term between two regions adds a second current.",
             r"m^{\mu\nu} n^{\mu\nu T} + m'\,n'^{T}\;\Rightarrow\; m^{\mu\nu}S^{\mu\nu} +"
             r" m'\,\langle n'\phi^\nu\rangle", higher_rank),
        Step("One region without rank-one terms is the network with independent couplings.",
             r"R = 1,\ m = n = 0:\quad C_\eta = g^2 C_\phi,\quad \dot x = -x + h + \eta", alone),
    )  # fmt: skip


def _page(expression: sp.Expr) -> str:
    """LaTeX with regions as upper indices."""
    named = shown(expression).replace(C_phi, lambda kind, *times: sp.Function(
        f"C^{{\\{kind}}}")(*times))  # fmt: skip
    pairs = {strength(a, b): sp.Symbol(f"g_{{\\{a[0]}\\{b[0]}}}") for a in KINDS for b in KINDS}
    return as_latex(named.xreplace(pairs))

"""The engine, second half: from W to the single-site equation, by derivatives and causality."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sympy as sp
from sympy.core.function import AppliedUndef

from .couplings import Ensemble
from .disorder import (
    ActionTerm,
    Functional,
    Kind,
    N,
    kind_of,
    leading,
    monomials,
    phi,
    populations,
    site_functional,
    term,
    velocity,
    xhat,
)

C_phi, R_phi = sp.Function("C_phi"), sp.Function("R_phi")
Pair = tuple[int, int]


@dataclass(frozen=True)
class SingleSite:
    """(d/dt) x = drift + Gaussian input + sum over s of memory_kernel(t, s) phi(s).

    ``leftover`` is any other term of the averaged weight; causality makes it vanish.
    """

    noise_covariance: Mapping[Pair, sp.Expr]
    memory_kernel: Mapping[Pair, sp.Expr]
    drift: Mapping[int, sp.Expr]
    leftover: sp.Expr


def expectation(monomial: sp.Expr, field_coefficient: sp.Expr) -> sp.Expr:
    """Value of an order parameter at the saddle point.

    Without response fields it is a correlation.  The action contains field_coefficient * xhat(s)
    h(s), so that an average with one response field is the response to h, divided by that
    coefficient; it vanishes unless another field is evaluated after s.  Averages of response fields
    alone vanish, because the weight is normalised for every h.
    """
    factors = [f for part in sp.Mul.make_args(monomial)
               for f in [part.as_base_exp()[0]] * int(part.as_base_exp()[1])]  # fmt: skip
    responses = [f for f in factors if isinstance(f, sp.Indexed) and f.base == xhat]
    observed = [f for f in factors if isinstance(f, sp.Indexed) and f.base != xhat]
    bare = [f for f in factors if not isinstance(f, sp.Indexed)]
    times = sorted((f.indices[-1] for f in observed), reverse=True)
    if responses:
        if not times or max(f.indices[-1] for f in responses) >= times[0]:
            return sp.S.Zero
        if len(responses) > 1:
            raise NotImplementedError(f"a response of second order: {monomial}")
    names = sorted(str(f.base) for f in observed) + sorted(map(str, bare))
    if names in (["phi", "phi"], ["phi"]) and len(names) == 2 - len(responses):
        function = R_phi if responses else C_phi
    else:
        function = sp.Function(("R_" if responses else "mean_") + "_".join(names))
    value = function(*kind_of(monomial), *times, *(f.indices[-1] for f in responses))
    return value / field_coefficient if responses else value


def shown(expression: sp.Expr) -> sp.Expr:
    """For display: the two instants written as s (earlier) and t (later)."""
    instants = {sp.S.Zero: sp.Symbol("s"), sp.S.One: sp.Symbol("t")}
    return expression.replace(
        lambda e: isinstance(e, AppliedUndef),
        lambda e: e.func(*(instants.get(a, a) for a in e.args)),
    )


def saddle_values(W: Functional, field_coefficient: sp.Expr) -> dict[sp.Symbol, sp.Expr]:
    """Values of all order parameters at the saddle point."""
    return {q: expectation(monomial, field_coefficient) for q, monomial in W.order.items()}


def site_exponent(W: Functional, field_coefficient: sp.Expr, kind: Kind = ()) -> sp.Expr:
    """Exponent of one site's weight: each monomial times the derivative of W in its average.

    At the saddle point of N [W(Q) + share Qhat (average of m over the kind's sites - Q)] the
    conjugate Qhat is dW/dQ divided by the kind's fraction of the sites.
    """
    values, share = saddle_values(W, field_coefficient), W.share.get(kind, sp.S.One)
    return sp.expand(
        sum(sp.diff(W.value, q).xreplace(values) * monomial / share
            for q, monomial in W.order.items() if kind_of(monomial) == kind)
    )  # fmt: skip


def decoupled(
    summand: sp.Expr,
    field_coefficient: sp.Expr,
    kind: Kind = (),
    share: Mapping[Kind, sp.Expr] | None = None,
) -> sp.Expr:
    """The direct route, without W: decouple every product over two sites.

    group * other = group * <other> + <group> * other + terms of second order in the deviations.
    """
    total = sp.S.Zero
    for coefficient, sites in monomials(summand):
        for position, here in enumerate(sites):
            if kind_of(here) != kind:
                continue
            others = sites[:position] + sites[position + 1 :]
            known = sp.prod(expectation(other, field_coefficient) for other in others)
            known *= populations(others, share or {})
            total += leading(coefficient * N ** len(others)) * here * known
    return sp.expand(total)


def read_off(
    exponent: sp.Expr, velocity_coefficient: sp.Expr, instants: Iterable[int], kind: Kind = ()
) -> SingleSite:
    """Read off the equation of motion whose averaged weight has ``exponent``."""
    instants, c = tuple(instants), velocity_coefficient
    pairs = [(a, b) for a in instants for b in instants]
    hat, out, rate = ({a: f[(*kind, a)] for a in instants} for f in (xhat, phi, velocity))
    hats = {hat[a]: 0 for a in instants}
    others = {out[a]: 0 for a in instants} | {rate[a]: 0 for a in instants}
    noise = {(a, b): sp.diff(exponent, hat[a], hat[b]) / c**2 for a, b in pairs}
    memory = {(a, b): sp.expand(-sp.diff(exponent, hat[a], out[b]) / c) for a, b in pairs}
    drift = {
        a: sp.expand(-sp.diff(exponent, hat[a]).xreplace(hats).xreplace(others) / c)
        for a in instants
    }
    rebuilt = sum(c**2 * noise[a, b] * hat[a] * hat[b] / 2 for a, b in pairs) + sum(
        c * hat[a] * (rate[a] - drift[a] - sum(memory[a, b] * out[b] for b in instants))
        for a in instants
    )
    return SingleSite(noise, memory, drift, sp.expand(exponent - rebuilt))


def single_site(
    action: Iterable[ActionTerm],
    ensemble: Ensemble,
    instants: Iterable[int] = range(2),
    kind: Kind = (),
) -> SingleSite:
    """The whole chain for any sum of ensembles: average, W, saddle point, causality, read-off."""
    instants = tuple(instants)
    field = term(action, "field").coefficient
    W = ensemble.functional(term(action, "coupling"), instants)
    exponent = site_exponent(W, field, kind)
    exponent += site_exponent(site_functional(action, instants, kind), field, kind)
    return read_off(exponent, term(action, "velocity").coefficient, instants, kind)


def single_site_directly(
    action: Iterable[ActionTerm],
    ensemble: Ensemble,
    instants: Iterable[int] = range(2),
    kind: Kind = (),
) -> SingleSite:
    """The same for Gaussian couplings, by decoupling the averaged action term by term."""
    instants = tuple(instants)
    field = term(action, "field").coefficient
    averaged = ensemble.averaged(term(action, "coupling"), instants)
    exponent = decoupled(averaged, field, kind, ensemble.share)
    exponent += site_exponent(site_functional(action, instants, kind), field, kind)
    return read_off(exponent, term(action, "velocity").coefficient, instants, kind)

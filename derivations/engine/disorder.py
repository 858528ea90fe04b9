"""The engine, first half: a network's action, its disorder average, and the functional W.

The weight of a network's trajectories is exp(sum of action terms), summed over sites and instants;
the response field includes the time step, so that sums over instants stand for integrals.  Instants
are the integers 0, 1, ... in temporal order.  A few of them are enough: the averaged exponent is
a sum over pairs of instants, and each coefficient is read off at its own pair.  Nothing here
depends on the ensemble of couplings or on the meaning of an instant: two replicas of a network are
further instants.

Sites may be of several kinds (the units of different regions).  The kind is an additional index of
a site's fields, between site and instant: ``phi[j, nu, t]``.  A network of one kind has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import product

import sympy as sp
from sympy.concrete.delta import deltasummation

# Sites, instants, and the fields of a site at an instant.
i, j, k, l = sp.symbols("i j k l", integer=True, positive=True)
t, s, u = sp.symbols("t s u", integer=True, nonnegative=True)
N = sp.Symbol("N", integer=True, positive=True)
xhat, velocity, x, phi, xi, h, J = map(sp.IndexedBase, ("xhat", "v", "x", "phi", "xi", "h", "J"))
noise = sp.Symbol("noise", positive=True)
# A delta function at coincident instants: one over the time step.
delta0 = sp.Symbol("delta_0", positive=True)

# (1 + d/dt) x_i = sum_j J_ij phi(x_j) + xi_i + h_i, all on one side; repeated sites are summed.
EQUATION = velocity[i, t] + x[i, t] - J[i, j] * phi[j, t] - xi[i, t] - h[i, t]
WHITE = 2 * noise**2 * delta0 * sp.KroneckerDelta(i, k) * sp.KroneckerDelta(t, s)


Kind = tuple[sp.Symbol, ...]  # of one entry; empty for a single kind


@dataclass(frozen=True)
class ActionTerm:
    """``coefficient * monomial`` in the exponent, summed over its sites and instants."""

    name: str
    coefficient: sp.Expr
    monomial: sp.Expr


def network_action(equation: sp.Expr = EQUATION) -> tuple[ActionTerm, ...]:
    """Response-field action i xhat_i(t) * (equation of motion), one term for each of its parts.

    Martin, Siggia & Rose 1973; De Dominicis 1976; Janssen 1976: the delta functional of the
    equation of motion, written as a Fourier integral over the response field xhat.
    """
    parts = {"velocity": velocity[i, t], "leak": x[i, t], "coupling": J[i, j] * phi[j, t],
             "noise": xi[i, t], "field": h[i, t]}  # fmt: skip
    return tuple(
        ActionTerm(name, sp.I * equation.coeff(part), xhat[i, t] * part)
        for name, part in parts.items()
    )


def term(action: Iterable[ActionTerm], name: str) -> ActionTerm:
    """The term called ``name``."""
    return next(one for one in action if one.name == name)


def between(one: ActionTerm, here: Kind, there: Kind = ()) -> ActionTerm:
    """The same term with site i of the kind ``here`` and site j of the kind ``there``."""
    kinds = {i: here, j: there}
    monomial = one.monomial.replace(
        lambda e: isinstance(e, sp.Indexed) and e.base != J,
        lambda e: e.base[(e.indices[0], *kinds[e.indices[0]], *e.indices[1:])],
    )
    return replace(one, monomial=monomial)


def kind_of(monomial: sp.Expr) -> Kind:
    """The kind of the site that a monomial belongs to, read from its fields (loadings have no
    kind)."""
    fields = sorted(monomial.atoms(sp.Indexed), key=str)
    return tuple(fields[0].indices[:-1]) if fields else ()


def average(
    one: ActionTerm,
    variable: sp.Indexed,
    mean: sp.Expr = sp.S.Zero,
    covariance: sp.Expr = sp.S.Zero,
) -> tuple[sp.Expr, sp.Expr]:
    """Cumulants of exp(term) over a Gaussian variable: summands over (t) and over the pair (t, s).

    ``covariance`` is that of the variable at (i, j, t) with the one at (k, l, s); the sums over k
    and l are carried out on its Kronecker deltas.  The exponential of a Gaussian variable has the
    average exp(mean + variance / 2): there are no higher cumulants.
    """
    weight = one.coefficient * one.monomial / variable
    other = weight.xreplace({i: k, j: l, t: s})
    pairs = sp.expand(weight * other * covariance / 2)
    for site in (k, l):
        if other.has(site):
            pairs = over_site(pairs, site)
    return sp.expand(weight * mean), pairs


def over_site(summand: sp.Expr, site: sp.Symbol) -> sp.Expr:
    """Sum over a site that a Kronecker delta fixes; without one it remains an independent site."""
    total = sp.S.Zero
    for one in sp.Add.make_args(sp.expand(summand)):
        fixed = any(site in delta.free_symbols for delta in one.atoms(sp.KroneckerDelta))
        total += deltasummation(one, (site, 1, N), no_piecewise=True) if fixed else one
    return sp.expand(total)


@dataclass(frozen=True)
class Functional:
    """W: a function of order parameters, each the average over sites of a monomial of one site.

    ``order`` maps every order parameter (a symbol) to its monomial, ``share`` every kind of sites
    to its fraction of all sites (one, where it is not listed).  Averages over independent couplings
    multiply, so their functionals add.
    """

    value: sp.Expr
    order: Mapping[sp.Symbol, sp.Expr] = field(default_factory=dict)
    share: Mapping[Kind, sp.Expr] = field(default_factory=dict)

    def __add__(self, other: Functional) -> Functional:
        if self.share != other.share:
            raise ValueError("functionals of different populations cannot be added; "
                             "give both the same shares")  # fmt: skip
        return Functional(self.value + other.value, {**self.order, **other.order}, self.share)

    def at_sites(self, size: int) -> sp.Expr:
        """N W with every order parameter written out as a sum over ``size`` sites."""
        sums = {
            symbol: sum(_put_at(monomial, site) for site in range(1, size + 1)) / sp.Integer(size)
            for symbol, monomial in self.order.items()
        }
        return sp.Integer(size) * self.value.subs(N, size).xreplace(sums)


def order_parameter(monomial: sp.Expr) -> sp.Symbol:
    """The symbol that denotes the average of a monomial over sites."""
    return sp.Symbol(f"<{monomial}>")


def group(summand: sp.Expr, share: Mapping[Kind, sp.Expr] | None = None) -> Functional:
    """Sum a summand over its sites: each site's factors form an order parameter; the sum is N W.

    Terms that vanish for large N are dropped: W is the leading order.
    """
    order: dict[sp.Expr, sp.Expr] = {}
    value, share = sp.S.Zero, share or {}
    for coefficient, sites in monomials(summand):
        symbols = [order_parameter(monomial) for monomial in sites]
        order |= dict(zip(symbols, sites, strict=True))
        weight = leading(coefficient * N ** (len(sites) - 1)) * populations(sites, share)
        value += weight * sp.prod(symbols)
    return Functional(value, order, share)


def populations(sites: Iterable[sp.Expr], share: Mapping[Kind, sp.Expr]) -> sp.Expr:
    """Number of sites over which a product of monomials is summed, divided by N for each of them.
    """
    return sp.prod(share.get(kind_of(monomial), sp.S.One) for monomial in sites)


def monomials(summand: sp.Expr) -> list[tuple[sp.Expr, list[sp.Expr]]]:
    """Every term of an expanded summand: its coefficient, and one monomial for each site in it."""
    found = []
    for one in sp.Add.make_args(sp.expand(summand)):
        sites: dict[sp.Expr, sp.Expr] = {}
        coefficient = sp.S.One
        for factor in sp.Mul.make_args(one):
            base, power = factor.as_base_exp()
            if isinstance(base, sp.Indexed):
                site, *instants = base.indices
                bare = base.base[tuple(instants)] if instants else base.base.label
                sites[site] = sites.get(site, sp.S.One) * bare**power
            elif factor.atoms(sp.Indexed) or factor.atoms(sp.KroneckerDelta):
                raise ValueError(f"{factor} is not a product of fields of single sites")
            else:
                coefficient *= factor
        if coefficient != 0:
            found.append((coefficient, [sites[site] for site in sorted(sites, key=str)]))
    return found


def leading(expression: sp.Expr) -> sp.Expr:
    """Drop terms that vanish for large N."""
    terms = sp.Add.make_args(sp.expand(expression))
    return sum(one for one in terms if not one.as_coeff_exponent(N)[1].is_negative)


def over_instants(single: sp.Expr, pairs: sp.Expr, instants: Iterable[int]) -> sp.Expr:
    """Sum both cumulants over all instants and all pairs of instants, and terms with u over u."""
    instants = tuple(instants)
    once = [single.subs(t, a) for a in instants]
    if pairs.has(u):
        pairs = sp.Add(*(one.subs(u, c) for one in sp.Add.make_args(sp.expand(pairs))
                         for c in (instants if one.has(u) else instants[:1])))
    twice = [pairs.subs({t: a, s: b}) for a, b in product(instants, repeat=2)]
    return sp.Add(*once, *twice)


def site_functional(
    action: Iterable[ActionTerm], instants: Iterable[int], kind: Kind = ()
) -> Functional:
    """The action of one uncoupled site, averaged over the white noise."""
    action = [between(one, kind) for one in action if one.name != "coupling"]
    local = [(one.coefficient * one.monomial, sp.S.Zero) for one in action if one.name != "noise"]
    local.append(average(term(action, "noise"), xi[(i, *kind, t)], covariance=WHITE))
    return group(sum(over_instants(*cumulants, instants) for cumulants in local))


def _put_at(monomial: sp.Expr, site: int) -> sp.Expr:
    """The monomial at a given site: its fields with their instants, its loadings without."""
    factors = [factor.as_base_exp() for factor in sp.Mul.make_args(monomial)]
    return sp.prod(
        (e.base[(site, *e.indices)] if isinstance(e, sp.Indexed) else sp.IndexedBase(e)[site])
        ** power
        for e, power in factors
    )

"""The single site of stationary activity, in continuous time, from a mean and a covariance.

`saddle.py` reads noise, memory and drift off at a few instants. Here the instants stay symbols: in
a stationary network each coefficient depends on lags only, and a sum over an instant of the past is
an integral over its lag. Both are the decoupling of the same averaged action.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from .couplings import Ensemble
from .disorder import (
    J,
    N,
    average,
    i,
    j,
    k,
    l,
    leading,
    monomials,
    network_action,
    phi,
    s,
    t,
    term,
    u,
    xhat,
)

tau, v = sp.symbols("tau v", nonnegative=True)  # the lag, and the lag of an instant of the past
MEAN, CORRELATION, RESPONSE = "M", "C", "R"
Average = tuple[str, sp.Expr]  # M, or C or R at a lag


class NotDerivedError(ValueError):
    """The couplings have a term that the single-site equation does not contain; it is named."""


@dataclass(frozen=True)
class Term:
    """weight(tau, v) times averages at lags, integrated over v > 0 if `integral`."""

    weight: sp.Expr
    averages: tuple[Average, ...]
    integral: bool = False

    @property
    def expression(self) -> sp.Expr:
        """The term, for display."""
        shown = self.weight
        for name, lag in self.averages:
            shown *= sp.Symbol("M") if name == MEAN else sp.Function(name)(lag)
        return sp.Integral(shown, (v, 0, sp.oo)) if self.integral else shown


@dataclass(frozen=True)
class StationarySite:
    """x = H (drift + eta + K phi(x)): covariance of eta, memory K at the lag tau, and drift."""

    noise: tuple[Term, ...]
    memory: tuple[Term, ...]
    drift: tuple[Term, ...]


@dataclass(frozen=True)
class Stated(Ensemble):
    """Couplings of a given mean and covariance.

    The mean may contain phi of both sites at the instants s and u before t; where it contains
    neither, it is constant in time. The covariance is that of J_ij(t) with J_kl(s).
    """

    average_coupling: sp.Expr = sp.S.Zero
    pairs: sp.Expr = sp.S.Zero

    def mean(self) -> sp.Expr:
        """Contributions of past instants, and of t itself for a constant mean."""
        found = sp.S.Zero
        for one in sp.Add.make_args(sp.expand(self.average_coupling)):
            if not one.has(s):
                found += one * sp.KroneckerDelta(t, s)
            elif one.has(sp.KroneckerDelta):
                found += one
            else:
                past = sp.Heaviside(t - s - sp.S.Half)
                past *= sp.Heaviside(t - u - sp.S.Half) if one.has(u) else 1
                found += one * past
        return found

    def covariance(self) -> sp.Expr:
        """As given."""
        return self.pairs


def stationary_site(mean: sp.Expr, covariance: sp.Expr) -> StationarySite:
    """Noise, memory and drift of couplings with this mean and covariance.

    Raises
    ------
    NotDerivedError
        For a term that depends on absolute time, diverges with N, or has averages of more than two
        fields, loadings of sites, or a product of several activities of the site itself.
    """
    coupling = term(network_action(), "coupling")
    noise: list[Term] = []
    memory: list[Term] = []
    drift: list[Term] = []
    for one in sp.Add.make_args(sp.expand(mean)):
        if one != 0:
            _check_stationary(one)
            constant = not one.has(s, u) or one.has(sp.KroneckerDelta(t, s))
            own = one.subs(sp.KroneckerDelta(t, s), 1).subs(s, t) if constant else one
            averaged, _ = average(coupling, J[i, j], own)
            _read(averaged, (noise, memory, drift), past=not constant)
    _check_stationary(covariance)
    other = covariance.subs({i: k, k: i, j: l, l: j, t: s, s: t}, simultaneous=True)
    if sp.simplify(covariance - other) != 0:
        raise NotDerivedError("the covariance of J_ij(t) with J_kl(s) is not that of J_kl(s) with "
                              "J_ij(t): it must not change where i, j, t and k, l, s change "
                              "places (chains have delta(j, k) and delta(i, l))")
    _, pairs = average(coupling, J[i, j], covariance=covariance)
    _read(pairs, (noise, memory, drift), past=False)
    return StationarySite(*(_collected(found) for found in (noise, memory, drift)))


def _check_stationary(expression: sp.Expr) -> None:
    shift = sp.Symbol("shift", integer=True, positive=True)
    moved = expression.subs({at: at + shift for at in (t, s, u)}, simultaneous=True)
    steady = {f: sp.Dummy() for f in expression.atoms(sp.Indexed)}
    for f in expression.atoms(sp.Indexed):
        later = f.subs({at: at + shift for at in (t, s, u)}, simultaneous=True)
        steady[later] = steady[f]
    if sp.simplify(expression.xreplace(steady) - moved.xreplace(steady)) != 0:
        raise NotDerivedError(f"{expression} depends on absolute time, and not on lags alone")


def _read(summand: sp.Expr, into: tuple[list[Term], list[Term], list[Term]], past: bool) -> None:
    """Decouple every term of the averaged action at every site in it.

    `past`: whether s and u run over the past of t; otherwise s is any other instant.
    """
    noise, memory, drift = into
    for coefficient, sites in monomials(summand):
        for place, here in enumerate(sites):
            others = sites[:place] + sites[place + 1:]
            factor = leading(sp.cancel(coefficient * N ** len(others)))
            if any(one.as_coeff_exponent(N)[1].is_positive for one in sp.Add.make_args(factor)):
                raise NotDerivedError(f"{here} has a coefficient that grows with N")
            if factor == 0:
                continue
            responses, outputs = _fields(here)
            origin = t if past or not responses else responses[0]
            known = [_expected(one, origin, past) for one in others]
            if any(one is None for one in known):
                continue  # a response to a later input
            averages = tuple(a for one in known if one is not None for a in one[1])
            weight = factor * sp.prod(one[0] for one in known if one is not None)
            if not responses:
                raise NotDerivedError(f"{here} stays without a response field")
            weight, averages = _in_lags(weight, averages, origin, past)
            if len(responses) == 2 and not outputs:
                lag = {_lag(responses[1], origin, past): tau}
                noise.append(_term(-2 * weight, averages, lag))
            elif len(responses) == 1 and len(outputs) == 1:
                at = _lag(outputs[0], origin, past)
                if at == 0:
                    raise NotDerivedError("the coupling returns phi of a unit to it without delay")
                memory.append(_term(-weight / sp.I, averages, _solved(at)))
            elif len(responses) == 1 and not outputs:
                drift.append(_term(-weight / sp.I, averages, {}))
            else:
                raise NotDerivedError(f"{here}: a product of several fields of the site "
                                      "itself is no noise, memory or drift")


def _fields(monomial: sp.Expr) -> tuple[list[sp.Expr], list[sp.Expr]]:
    """Instants of the response fields and of the outputs in a monomial of one site."""
    responses: list[sp.Expr] = []
    outputs: list[sp.Expr] = []
    for factor in sp.Mul.make_args(monomial):
        base, power = factor.as_base_exp()
        if not isinstance(base, sp.Indexed) or base.base not in (xhat, phi):
            raise NotDerivedError(f"{base} belongs to single sites: give dmft.LowRank for loadings")
        (responses if base.base == xhat else outputs).extend([base.indices[-1]] * int(power))
    return responses, outputs


_BEFORE = {s: sp.Symbol("a", nonnegative=True), u: sp.Symbol("b", nonnegative=True)}
_ELSEWHERE = {s: sp.Symbol("a", real=True)}


def _lag(instant: sp.Expr, origin: sp.Expr, past: bool) -> sp.Expr:
    """How long an instant lies before the origin, in the lags a and b of s and u."""
    lags = _BEFORE if past else _ELSEWHERE
    if origin == s:  # of a pair: t and s change their places
        swapped = sp.expand(instant).subs({s: t, t: s}, simultaneous=True)
        return sp.expand(t - swapped.subs({at: t - lag for at, lag in lags.items()}))
    return sp.expand(t - sp.expand(instant).subs({at: t - lag for at, lag in lags.items()}))


def _expected(monomial: sp.Expr, origin: sp.Expr, past: bool
              ) -> tuple[sp.Expr, tuple[Average, ...]] | None:
    """Factor and averages of the expectation of another site; None where it vanishes."""
    responses, outputs = _fields(monomial)
    lags = [_lag(one, origin, past) for one in outputs]
    if not responses and len(outputs) == 1:
        return sp.S.One, ((MEAN, sp.S.Zero),)
    if not responses and len(outputs) == 2:
        return sp.S.One, ((CORRELATION, sp.expand(lags[0] - lags[1])),)
    if len(responses) > 1 or (responses and not outputs):
        return None
    if len(responses) == 1:
        delays = [sp.expand(_lag(responses[0], origin, past) - lag) for lag in lags]
        if all(delay.is_nonpositive for delay in delays):
            return None
        if len(outputs) == 1:
            return 1 / (-sp.I), ((RESPONSE, delays[0]),)
    raise NotDerivedError(f"the average of {monomial} over units is of more than two fields")


def _in_lags(weight: sp.Expr, averages: tuple[Average, ...], origin: sp.Expr, past: bool
             ) -> tuple[sp.Expr, tuple[Average, ...]]:
    """The weight in the lags a and b."""
    lags = _BEFORE if past else _ELSEWHERE
    if origin == s:
        weight = weight.subs({s: t, t: s}, simultaneous=True)
    weight = weight.subs({at: t - lag for at, lag in lags.items()}, simultaneous=True)
    return sp.simplify(sp.expand(weight)), averages


def _solved(at: sp.Expr) -> dict[sp.Expr, sp.Expr]:
    """The lag of the site's own phi is tau: a or b in terms of it."""
    own = next(iter(at.free_symbols & {*_BEFORE.values(), *_ELSEWHERE.values()}), None)
    if own is None or sp.diff(at, own) != 1:
        raise NotDerivedError(f"phi of the site itself at the lag {at}, which is no instant before "
                              "t by a constant delay")
    return {own: tau - (at - own)}


def _term(weight: sp.Expr, averages: tuple[Average, ...], put: dict[sp.Expr, sp.Expr]) -> Term:
    """The lag that is known is replaced by tau, the one that is left becomes v."""
    for own, value in put.items():
        delayed = sp.expand(tau - value) != 0
        weight = weight.subs(own, value) * (sp.Heaviside(value) if delayed else 1)
        averages = tuple((name, sp.expand(lag.subs(own, value))) for name, lag in averages)
    whole = weight.free_symbols.union(*(lag.free_symbols for _, lag in averages))
    left = sorted(whole & {*_BEFORE.values(), *_ELSEWHERE.values()}, key=str)
    if len(left) > 1:
        raise NotDerivedError("more than one integral over the past remains")
    for own in left:
        weight = weight.subs(own, v)
        averages = tuple((name, lag.subs(own, v)) for name, lag in averages)
    # C is even, and the response is zero at negative lags
    averages = tuple((name, _positive(lag)) for name, lag in averages)
    return Term(sp.simplify(weight), tuple(sorted(averages, key=str)), bool(left))


def _positive(lag: sp.Expr) -> sp.Expr:
    return -lag if lag.could_extract_minus_sign() and not lag.has(sp.Abs) else lag


def _collected(terms: list[Term]) -> tuple[Term, ...]:
    """Terms with the same averages are added."""
    found: dict[tuple[tuple[Average, ...], bool], sp.Expr] = {}
    for one in terms:
        key = one.averages, one.integral
        found[key] = found.get(key, sp.S.Zero) + one.weight
    summed = (Term(sp.simplify(weight), *key) for key, weight in found.items())
    return tuple(one for one in summed if one.weight != 0)

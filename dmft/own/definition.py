"""The single site of couplings with a given mean and covariance, derived once for each of them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from ..base import checks
from .orders import ORDERS, check_site_numbers
from .tuning import COVARIANCE_SIZES, NEGATIVE_SHARE

if TYPE_CHECKING:
    import sympy as sp

    from ..derivations.engine.stationary_site import StationarySite

ADVICE = ("write it with dmft.notation: sites i, j, k, l, instants t, s, u, N, phi[i, s], "
          "delta(i, k), numbers, and symbols with a value in `values`")


def expression_of(name: str, given: Any) -> sp.Expr:
    """A sympy expression in the symbols of `dmft.notation`, or a number."""
    import sympy

    if isinstance(given, (bool, str)) or given is None:
        checks.reject(name, given, "not a sympy expression", ADVICE)
    if isinstance(given, (int, float)):
        number = checks.finite(name, given)
        return sympy.Integer(int(number)) if number.is_integer() else sympy.Float(number)
    if not isinstance(given, sympy.Expr) or given.has(sympy.nan, sympy.oo, sympy.zoo):
        checks.reject(name, given, "not a sympy expression", ADVICE)
    if given.has(sympy.I):
        checks.reject(name, given, "complex", "give real couplings")
    return given


def check_symbols(name: str, expression: sp.Expr, values: dict[str, float], fields: bool) -> None:
    """Refuse symbols that have no value, and activity where only sites may stand."""
    import sympy

    from ..derivations.engine import disorder

    known = {disorder.i, disorder.j, disorder.k, disorder.l, disorder.t, disorder.s, disorder.u,
             disorder.N}
    bases = {one.base for one in expression.atoms(sympy.Indexed)}
    if bases - {disorder.phi} or (bases and not fields):
        what = ", ".join(sorted(map(str, bases)))
        checks.reject(name, expression, f"contains the fields {what}" + (
            "" if fields else ", and a covariance does not depend on the activity"),
            "give phi[i, s] in the mean only; for loadings of units, dmft.LowRank")
    _check_activity(name, expression, values)
    check_site_numbers(name, expression)
    labels = {base.label for base in bases}
    free = {one for one in expression.free_symbols if not isinstance(one, sympy.Indexed)}
    for symbol in sorted(free - known - labels - bases, key=str):
        if symbol.name not in values:
            checks.reject(name, expression, f"contains {symbol}, which has no value", ADVICE)
    if with_values(expression, values).has(sympy.nan, sympy.oo, sympy.zoo):
        checks.reject("values", values, f"the {name} {expression} is infinite or undefined there",
                      "give values at which it is finite")


def _check_activity(name: str, expression: sp.Expr, values: dict[str, float]) -> None:
    """Refuse activity in the future, and what is no product of whole powers of activities."""
    import sympy

    from ..derivations.engine import disorder as d

    for one in expression.atoms(sympy.Indexed):
        if one.indices[-1].has(d.t):
            checks.reject(name, one, "activity at the present t, to which couplings respond "
                          "without delay", "write phi[j, s], with an instant s of the past and a "
                          "kernel of t - s")
        later = [with_values(one.indices[-1] - at, values) for at in (d.t, d.s, d.u)]
        if any(shift.is_number and shift > 0 for shift in map(sympy.sympify, later)):
            checks.reject(name, one, "activity of a later instant than t, s or u, which are the "
                          "present and the past", "subtract the delay: phi[j, s - 1]")
    for node in sympy.preorder_traversal(expression):
        power = isinstance(node, sympy.Pow) and not (node.exp.is_Integer and node.exp > 0)
        if node.has(sympy.Indexed) and (power or isinstance(node, sympy.Function)):
            checks.reject(name, node, "no product of activities with whole powers",
                          "write the dependence on the activity as a polynomial in phi[i, s]")


@lru_cache(maxsize=64)
def derived(mean: sp.Expr, covariance: sp.Expr) -> StationarySite:
    """Noise, memory and drift of the single site.

    Raises
    ------
    ModelError
        For couplings whose single site is not noise, memory and drift; the message names the term.
    """
    from ..derivations.engine.stationary_site import stationary_site

    try:
        return stationary_site(mean, covariance)
    except ValueError as error:  # also of the engine, for what is no product of fields of sites
        checks.reject("ensemble", f"mean {mean}, covariance {covariance}",
                      f"not derived: {error}", ORDERS if "grows with N" in str(error) else
                      "leave this term out, or write it with the other symbols of dmft.notation")


def names_of(expression: sp.Expr) -> set[str]:
    """Names of the symbols that need a value."""
    from ..derivations.engine import disorder as d

    own = {d.i, d.j, d.k, d.l, d.t, d.s, d.u, d.N}
    return {str(one) for one in expression.free_symbols - own}


def with_values(expression: sp.Expr, values: dict[str, float]) -> sp.Expr:
    """The expression with numbers for its named symbols (a site k is no symbol of the user's)."""
    from ..derivations.engine import disorder as d

    own = {d.i, d.j, d.k, d.l, d.t, d.s, d.u, d.N}
    return expression.subs({one: values[one.name] for one in expression.free_symbols - own
                            if getattr(one, "name", "") in values})


def stated_covariance(covariance: sp.Expr, size: int) -> np.ndarray:
    """(size^2, size^2) covariance of all couplings of a network of this size, at equal times."""
    import sympy

    from ..derivations.engine import disorder as d

    sites = dict(zip((d.i, d.j, d.k, d.l), np.ix_(*[np.arange(size)] * 4), strict=True))
    shared: dict[sp.Symbol, np.ndarray] = {}

    def stand_in(one: sp.Expr, other: sp.Expr) -> sp.Symbol:
        symbol = sympy.Symbol(f"delta_{one}{other}")
        shared[symbol] = np.equal(sites[one], sites[other]) * 1.0
        return symbol

    plain = covariance.subs({d.s: d.t}).subs(d.N, size).replace(sympy.KroneckerDelta, stand_in)
    number = sympy.lambdify(list(shared), plain, modules="numpy")
    found = np.broadcast_to(np.asarray(number(*shared.values()), dtype=float), (size,) * 4)
    return found.reshape(size**2, size**2)


def check_positive(covariance: sp.Expr) -> None:
    """Refuse what is no covariance for large N: N times its least eigenvalue is extrapolated."""
    import sympy

    if covariance == 0:
        return
    if covariance.has(sympy.Indexed):
        return
    least, largest = [], []
    for size in COVARIANCE_SIZES:
        values = np.linalg.eigvalsh(stated_covariance(covariance, size))
        least.append(size * values[0])
        largest.append(size * values[-1])
    one, two = COVARIANCE_SIZES
    limit = (two * least[1] - one * least[0]) / (two - one)
    if limit < -NEGATIVE_SHARE * max(*map(abs, largest), 1e-300):
        checks.reject("covariance", covariance, "not positive: some combination of couplings would "
                      f"have the variance {limit:.3g}/N", "add the variances of the motifs that "
                      "belong to it, or make the correlation smaller")

"""Refusals of terms that are no coupling of the leading order in the number of units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..base import checks

if TYPE_CHECKING:
    import sympy as sp

ORDERS = ("give means of order 1/N, and covariances of order 1/N with two Kronecker deltas, 1/N^2 "
          "with one")


def check_site_numbers(name: str, expression: sp.Expr) -> None:
    """Refuse sites outside of phi[i, s] and delta(i, k), and numbers there: all units are alike."""
    import sympy

    from ..derivations.engine import disorder as d

    places = {one: one.indices[:-1] for one in expression.atoms(sympy.Indexed)}
    places |= {one: one.args for one in expression.atoms(sympy.KroneckerDelta)}
    for term, sites in places.items():
        for site in sites:
            if site not in (d.i, d.j, d.k, d.l):
                checks.reject(name, term, f"has {site} in the place of a site",
                              "sites are i, j, k and l: all units of a kind are alike")
    bare = expression.replace(lambda one: isinstance(one, (sympy.Indexed, sympy.KroneckerDelta)),
                              lambda one: sympy.S.One)
    if sites := bare.free_symbols & {d.i, d.j, d.k, d.l}:
        checks.reject(name, expression, f"contains the site {min(map(str, sites))} as a number",
                      "sites stand in phi[i, s] and delta(i, k) only; for units that differ, "
                      "dmft.HeterogeneousNetwork or dmft.PopulationNetwork")


def check_orders(mean: sp.Expr, covariance: sp.Expr) -> None:
    """Refuse terms that vanish for many units, or that do not go with a power of their number.

    In the averaged action a term with n independent sites contributes N^n times its coefficient,
    which must be of order N: the order of a mean is 1/N, that of a covariance with two Kronecker
    deltas 1/N, with one 1/N^2.
    """
    import sympy

    from ..derivations.engine import disorder as d

    if mean == 0 and covariance == 0:
        checks.reject("covariance", 0, "without a mean either: no couplings at all",
                      "give a covariance, a mean, or both")
    terms = [(name, one) for name, whole in (("mean", mean), ("covariance", covariance))
             for one in sympy.Add.make_args(sympy.expand(whole)) if one != 0]
    for name, term in terms:
        coefficient, power = term.as_coeff_exponent(d.N)
        if coefficient.has(d.N):
            checks.reject(name, term, "does not go with a power of N",
                          ORDERS)
        least = -1 if name == "mean" else len(term.atoms(sympy.KroneckerDelta)) - 3
        if power < least:
            checks.reject(name, term, f"vanishes for large N, where the order {d.N**least} matters",
                          "give that order, and leave out corrections of higher order in 1/N")

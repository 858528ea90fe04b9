"""A second route to noise and memory that uses neither action nor response field.

A unit is added to a network that did without it.  The others' activity, undisturbed, is its noise;
what it does to them, and they do back to it, is its memory.  Both need the covariance of the
couplings only.
"""

from __future__ import annotations

import sympy as sp
from sympy.concrete.delta import deltasummation

from .disorder import N, i, j, k, l, leading

delta = sp.KroneckerDelta


def total(summand: sp.Expr, *sites: sp.Symbol) -> sp.Expr:
    """Sum over sites and keep what is left for many of them."""
    for site in sites:
        summand = sp.expand(deltasummation(sp.expand(summand), (site, 1, N), no_piecewise=True))
    return leading(summand)


def received(covariance: sp.Expr) -> sp.Expr:
    """Variance of sum_j J_ij phi_j per unit of C_phi: others are independent of the new unit and of
    one another, <phi_j phi_l> = delta_jl C_phi."""
    return total(covariance.subs(k, i) * delta(j, l), l, j)


def returned(covariance: sp.Expr) -> sp.Expr:
    """Mean of sum_jk J_ij R_jk J_ki per unit of R_phi: every other unit answers for itself,
    R_jk = delta_jk R_phi."""
    return total(covariance.subs(l, i) * delta(j, k), k, j)


def moment(covariance: sp.Expr, order: int) -> sp.Expr:
    """<tr J^order> / N for many units, by Wick's theorem over all pairings of the factors."""
    sites = sp.symbols(f"a:{order}", integer=True, positive=True)
    factors = [(sites[n], sites[(n + 1) % order]) for n in range(order)]
    summand = sum(
        sp.prod(
            covariance.subs(list(zip((i, j, k, l), (*a, *b), strict=True)), simultaneous=True)
            for a, b in pairing
        )
        for pairing in pairings(factors)
    )
    for site in sites[1:]:
        summand = sp.expand(deltasummation(sp.expand(summand), (site, 1, N), no_piecewise=True))
    return leading(summand)


def pairings(items: list) -> list[list[tuple]]:
    """All ways to arrange items in pairs."""
    if not items:
        return [[]]
    head, *rest = items
    return [
        [(head, partner), *others]
        for n, partner in enumerate(rest)
        for others in pairings(rest[:n] + rest[n + 1 :])
    ]


def linear_response_moments(memory_per_response: sp.Expr, order: int) -> list[sp.Expr]:
    """Moments <tr J^n> / N that a linear network's response implies.

    With the memory K = memory_per_response * S the response obeys z S = 1 + K S; as a resolvent it
    is sum_n <tr J^n> / N / z^(n+1).
    """
    w = sp.Symbol("w")  # 1 / z
    S = w
    for _ in range(order):
        S = sp.expand(w * (1 + memory_per_response * S**2))
        S = sum(S.coeff(w, n) * w**n for n in range(order + 2))
    return [S.coeff(w, n + 1) for n in range(order + 1)]

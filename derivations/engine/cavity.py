"""The cavity method: a second route to noise and memory, without action or response field.

A unit is added to a network.  The activity of the unperturbed network is the source of its noise;
the network's response to it, fed back to the unit, is the source of its memory.  Both need only
the covariance of the couplings.
"""

from __future__ import annotations

import sympy as sp
from sympy.concrete.delta import deltasummation

from .disorder import N, i, j, k, l, leading

delta = sp.KroneckerDelta


def total(summand: sp.Expr, *sites: sp.Symbol) -> sp.Expr:
    """Sum over sites and keep the leading order in the number of sites."""
    for site in sites:
        summand = sp.expand(deltasummation(sp.expand(summand), (site, 1, N), no_piecewise=True))
    return leading(summand)


def received(covariance: sp.Expr) -> sp.Expr:
    """Variance of sum_j J_ij phi_j per unit of C_phi.

    The other units are independent of the new one and of one another:
    <phi_j phi_l> = delta_jl C_phi.
    """
    return total(covariance.subs(k, i) * delta(j, l), l, j)


def returned(covariance: sp.Expr) -> sp.Expr:
    """Mean of sum_jk J_ij R_jk J_ki per unit of R_phi.

    The response matrix of the unperturbed network is diagonal: R_jk = delta_jk R_phi.
    """
    return total(covariance.subs(l, i) * delta(j, k), k, j)


def moment(covariance: sp.Expr, order: int) -> sp.Expr:
    """<tr J^order> / N for large N, by Wick's theorem over all pairings of the factors."""
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
    """All pairings of a list of items."""
    if not items:
        return [[]]
    head, *rest = items
    return [
        [(head, partner), *others]
        for n, partner in enumerate(rest)
        for others in pairings(rest[:n] + rest[n + 1 :])
    ]


def linear_response_moments(memory_per_response: sp.Expr, order: int) -> list[sp.Expr]:
    """Moments <tr J^n> / N implied by the response of a linear network.

    With the memory K = memory_per_response * S the response satisfies z S = 1 + K S; as the trace
    of the resolvent it is sum_n <tr J^n> / N / z^(n+1).
    """
    w = sp.Symbol("w")  # 1 / z
    S = w
    for _ in range(order):
        S = sp.expand(w * (1 + memory_per_response * S**2))
        S = sum(S.coeff(w, n) * w**n for n in range(order + 2))
    return [S.coeff(w, n + 1) for n in range(order + 1)]

"""Small and slow activity with plasticity: expansion of its correlation in the amplitude.

C(0) and rates of change are of order epsilon: the input is sqrt(epsilon) Y0, and its derivatives in
slow time are Y1, Y2 and so on.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import pairwise

import sympy as sp

from ..stationary.potential_motion import curvature as b
from .hebbian import p

e = sp.Symbol("fifth", real=True)  # the fifth derivative of phi at zero
eps, K0 = sp.symbols("epsilon K0", positive=True)  # K0 is k C(0) / epsilon
LAST = sp.Rational(5, 2)  # order of epsilon to which x is kept; its leading order is one half
Y = sp.symbols("Y0:5")


def slow(expression: sp.Expr) -> sp.Expr:
    """Time derivative, of order epsilon."""
    return eps * sum(sp.diff(expression, one) * rate for one, rate in pairwise(Y))


def cut(expression: sp.Expr, order: sp.Expr = LAST) -> sp.Expr:
    """The expression truncated at an order in epsilon."""
    terms = sp.Add.make_args(sp.expand(expression))
    return sp.Add(*(one for one in terms if one.as_coeff_exponent(eps)[1] <= order))


def phi(x: sp.Expr) -> sp.Expr:
    """An odd function with unit slope, to fifth order."""
    square = cut(x * x)
    cube = cut(square * x)
    return x - b * cube / 3 + e * cut(square * cube) / 120


def wick(variables: tuple[tuple[int, int], ...], H: sp.Expr, lag: sp.Symbol) -> sp.Expr:
    """Average of a product of derivatives of the input, given as (order, 1 now or 0 a lag ago)."""
    if not variables:
        return sp.S.One
    (m, here), *rest = variables
    total = sp.S.Zero
    for position, (n, there) in enumerate(rest):
        # d/dt of the later one is d/dlag, of the earlier one its negative.
        sign = (-1) ** (n if here >= there else m)
        pair = sign * sp.diff(H, lag, m + n)
        if here == there:
            pair = pair.subs(lag, 0)
        if pair != 0:
            total += pair * wick((*rest[:position], *rest[position + 1 :]), H, lag)
    return sp.expand(total)


@cache
def activity() -> tuple[sp.Expr, sp.Expr]:
    """x and phi(x) of the input sqrt(epsilon) Y0, to relative order epsilon^2, by iteration."""
    x = sp.sqrt(eps) * Y[0]
    for _ in range(3):
        x = cut(sp.sqrt(eps) * Y[0] - slow(x) + memory(phi(x)))
    return x, cut(phi(x))


def memory(out: sp.Expr) -> sp.Expr:
    """k C(0) phi and the corrections by the synaptic delay; the change of C is of higher order."""
    return eps * K0 * (out - p * slow(out) + p**2 * slow(slow(out)))


def correlation(H: sp.Expr, lag: sp.Symbol) -> sp.Expr:
    """C(tau)/epsilon of phi, from the covariance H of the input; up to epsilon^2."""
    out = sp.Poly(activity()[1], *Y)
    total = sp.S.Zero
    for one, left in out.terms():
        for two, right in out.terms():
            weight = cut(left * right, 3)
            if weight != 0:
                total += weight * wick((*several(one, 1), *several(two, 0)), H, lag)
    return sp.expand(cut(total, 3) / eps)


@cache
def per_input(H: sp.Expr, lag: sp.Symbol) -> sp.Expr:
    """C/H."""
    return sp.expand(sp.simplify(correlation(H, lag) / H))


def several(powers: Iterable[int], where: int) -> list[tuple[int, int]]:
    """The factors of a monomial, one by one."""
    return [(order, where) for order, power in enumerate(powers) for _ in range(power)]

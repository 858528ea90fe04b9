"""Forms of an expression that do not overflow: logarithms of sums, and fractions, of exponentials.

log(1 + exp(x)) is x at large x, and exp(x)/(1 + exp(x)) is 1, but exp(x) overflows beyond 709.8.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp
from sympy.codegen.cfunctions import log1p

from .printer import logaddexp


def without_overflow(expression: sp.Expr) -> sp.Expr:
    """An equal expression in which neither fractions nor logarithms of exponentials overflow.

    log(c + a exp(u)), with c and a above 0, becomes logaddexp(log c, u + log a); in the rest exp(u)
    becomes (1 + tanh(u/2)) / (1 - tanh(u/2)), and common factors are cancelled.
    """
    expression = expression.replace(
        lambda part: isinstance(part, (sp.log, log1p)), _logarithm)
    logarithms = {part: sp.Dummy(real=True) for part in expression.atoms(logaddexp)}
    rest = expression.xreplace(logarithms)
    if rest.has(sp.exp):
        rest = sp.cancel(sp.together(rest.replace(sp.exp, _half_angle(rest))))
    return rest.xreplace({dummy: part for part, dummy in logarithms.items()})


def _half_angle(expression: sp.Expr) -> Callable[[sp.Expr], sp.Expr]:
    """exp(k u) -> ((1 + t) / (1 - t))^m with t = tanh(n u / 2), n common to all exponents of u."""
    factors: dict[sp.Expr, list[sp.Rational]] = {}
    for part in expression.atoms(sp.exp):
        factor, u = part.args[0].as_coeff_Mul(rational=True)
        factors.setdefault(u, []).append(factor)
    unit = {u: sp.gcd_list(found) for u, found in factors.items()}

    def replaced(exponent: sp.Expr) -> sp.Expr:
        factor, u = exponent.as_coeff_Mul(rational=True)
        t = sp.tanh(unit[u] * u / 2)
        return ((1 + t) / (1 - t)) ** (factor / unit[u])

    return replaced


def _logarithm(part: sp.Expr) -> sp.Expr:
    inside = part.args[0] + (1 if isinstance(part, log1p) else 0)
    constant, terms = inside.as_independent(*inside.free_symbols, as_Add=True)
    factor, exponential = terms.as_independent(*inside.free_symbols, as_Add=False)
    if not (constant.is_positive and factor.is_positive and isinstance(exponential, sp.exp)):
        return part
    return logaddexp(sp.log(constant), exponential.args[0] + sp.log(factor))

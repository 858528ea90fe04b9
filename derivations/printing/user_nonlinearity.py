"""A user's nonlinearity: numpy code of the expression and its derivative, and its break-points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sympy as sp

from .expressions import compile_expression
from .overflow import without_overflow
from .printer import EmitError

__all__ = ["CompiledNonlinearity", "EmitError", "break_points", "compile_nonlinearity"]


@dataclass(frozen=True)
class CompiledNonlinearity:
    """Numpy functions of phi and phi', and the x at which phi may have a kink or a jump."""

    function: Callable
    derivative: Callable
    kinks: tuple[float, ...]


def compile_nonlinearity(expression: sp.Expr, symbol: sp.Symbol,
                         is_finite: Callable[[Callable], bool]) -> CompiledNonlinearity:
    """Compile an expression in one symbol, its derivative between break-points, and these.

    `is_finite` evaluates a numpy function far out; where it is not finite, another form is tried.

    Raises
    ------
    EmitError
        If the expression or its derivative contains a function that may not be printed, or if its
        break-points cannot be found or are infinitely many.
    """
    x = sp.Symbol("x", real=True)  # |x| and its derivative need a real argument
    phi = sp.sympify(expression).xreplace({symbol: x})
    kinks = break_points(phi, x)
    slope = phi.diff(x)
    if slope.has(sp.Derivative):
        slope = slope.doit()
    # At a break-point the derivative is given by its values on the two sides.
    slope = slope.replace(sp.DiracDelta, lambda *_: sp.S.Zero)
    return CompiledNonlinearity(
        _finite(phi, x, "phi", is_finite), _finite(slope, x, "phi_slope", is_finite), kinks)


def break_points(phi: sp.Expr, x: sp.Symbol) -> tuple[float, ...]:
    """Every x at which a Piecewise, Max, Min, Abs, sign, Heaviside or floor changes its branch."""
    zeros: set[sp.Expr] = set()
    for part in sp.preorder_traversal(phi):
        if isinstance(part, (sp.Abs, sp.sign, sp.Heaviside)):
            zeros.add(part.args[0])
        elif isinstance(part, (sp.Max, sp.Min)):
            zeros |= {a - b for a in part.args for b in part.args if sp.default_sort_key(a)
                      < sp.default_sort_key(b)}
        elif isinstance(part, sp.Piecewise):
            zeros |= {one.lhs - one.rhs for _, condition in part.args
                      for one in condition.atoms(sp.core.relational.Relational)}
        elif isinstance(part, (sp.floor, sp.ceiling)):
            raise EmitError(f"{part} has infinitely many jumps")
    return tuple(sorted({place for zero in zeros for place in _real_roots(zero, x)}))


def _real_roots(zero: sp.Expr, x: sp.Symbol) -> set[float]:
    if not zero.has(x):
        return set()
    roots = sp.solveset(zero, x, sp.S.Reals)
    if roots is sp.S.EmptySet:
        return set()
    if not isinstance(roots, sp.FiniteSet):
        raise EmitError(f"the solutions of {zero} = 0 are break-points, and were not found or are "
                        "infinitely many; give Nonlinearity(function, derivative, kinks=...)")
    return {float(root) for root in roots}


def _finite(expression: sp.Expr, x: sp.Symbol, name: str,
            is_finite: Callable[[Callable], bool]) -> Callable:
    """The function, by an equivalent form if the plain one overflows where that one is finite."""
    plain = compile_expression(expression, x, name)
    if is_finite(plain):
        return plain
    other = without_overflow(expression)
    if other != expression:
        try:
            stable = compile_expression(other, x, name)
        except EmitError:
            return plain
        if is_finite(stable):
            return stable
    return plain


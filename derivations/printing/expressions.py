"""A single sympy expression as a numpy function, and as nested lists that can be saved as JSON.

Both use the printer's whitelist, so neither code nor text supplied by a user is evaluated.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping

import sympy as sp
from sympy.codegen.cfunctions import expm1, log1p

from ..engine.derivation import Formula
from .module_text import emit_function
from .printer import COMPARISONS, FUNCTIONS, EmitError

# bits of a number in a saved expression, and the highest power: doubles have 53 bits and exponents
# to 1074, and a power of such a number has at most a million bits
MOST_BITS, MOST_POWER = 1100, 1000
_HEADS: dict[str, type] = {
    **{function.__name__: function for function in FUNCTIONS},
    **{comparison.__name__: comparison for comparison in COMPARISONS},
    "Add": sp.Add, "Mul": sp.Mul, "Pow": sp.Pow, "Max": sp.Max, "Min": sp.Min,
    "Heaviside": sp.Heaviside, "KroneckerDelta": sp.KroneckerDelta, "Indexed": sp.Indexed,
    "IndexedBase": sp.IndexedBase, "And": sp.And, "Or": sp.Or, "Not": sp.Not,
    "expm1": expm1, "log1p": log1p,
}  # fmt: skip
_CONSTANTS = {"pi": sp.pi, "E": sp.E, "I": sp.I, "oo": sp.oo, "-oo": -sp.oo,
              "true": sp.true, "false": sp.false}  # fmt: skip


def compile_expression(expression: sp.Expr, symbol: sp.Symbol, name: str) -> Callable:
    """A numpy function of one argument, printed by the emitter and kept in memory.

    Parameters
    ----------
    expression : sympy expression
        It contains no symbol other than ``symbol``.
    symbol : sympy.Symbol
        The argument.
    name : str
        Name of the function, as shown in a traceback.

    Raises
    ------
    EmitError
        If the expression contains another symbol or a function that may not be printed.
    """
    return compile_function(expression, {symbol: sp.Symbol("x", real=True)}, name)


def compile_function(expression: sp.Expr, arguments: Mapping[sp.Symbol, sp.Symbol], name: str
                     ) -> Callable:
    """The same of several arguments, each with the symbol that takes its place in the code."""
    strange = expression.free_symbols - set(arguments)
    if strange:
        raise EmitError(f"{name} contains {', '.join(sorted(map(str, strange)))} besides "
                        f"{', '.join(map(str, arguments))}")
    # Derivatives of |z| of a z not declared real are evaluated once the argument is real.
    expression = sp.sympify(expression).xreplace(dict(arguments))
    if expression.has(sp.Derivative):
        expression = expression.doit()
    # Only whitelisted code enters the text; the user's symbol name does not.
    formula = Formula(name, tuple(arguments.values()), expression, "An expression of the user.")
    module = types.ModuleType(name)
    exec(compile(emit_function(formula), f"<{name}>", "exec"), module.__dict__)
    return module.__dict__[name]


def to_tree(expression: sp.Basic) -> list:
    """Nested lists of strings and numbers, from which `from_tree` rebuilds the expression."""
    e = sp.sympify(expression)
    if isinstance(e, sp.Number):
        try:
            bounded(e)
        except ValueError as error:
            raise EmitError(f"{error} (in {str(e)[:80]})") from error
    for name, constant in _CONSTANTS.items():
        if e == constant:
            return ["constant", name]
    if isinstance(e, sp.Symbol):
        return ["symbol", e.name, dict(sorted(e.assumptions0.items()))]
    if isinstance(e, sp.Rational):
        return ["rational", int(e.p), int(e.q)]
    if isinstance(e, sp.Float):
        return ["float", str(e), int(e._prec)]
    if isinstance(e, sp.Piecewise):
        return ["Piecewise", *([to_tree(value), to_tree(when)] for value, when in e.args)]
    head = next((name for name, kind in _HEADS.items() if type(e) is kind), None)
    if head is None:
        raise EmitError(f"{type(e).__name__} cannot be saved (in {e})")
    return [head, *map(to_tree, e.args)]


def bounded(expression: sp.Basic) -> sp.Basic:
    """The expression, if its numbers are of moderate size.

    sympy evaluates numbers exactly as an expression is built, so that a few nested powers would
    take all memory. With every part bounded, one more operation takes a bounded time.
    """
    for number in expression.atoms(sp.Number):
        if number.is_Float:
            mantissa, exponent = number._mpf_[1:3]
            if abs(exponent + int(mantissa).bit_length()) > MOST_BITS:
                raise ValueError("a number is too large or too small")
            if number._prec > MOST_BITS:
                raise ValueError("a number has too many digits")
        elif number.is_Rational and max(abs(number.p), number.q).bit_length() > MOST_BITS:
            raise ValueError("a number has too many digits")
    return expression


def from_tree(tree: list) -> sp.Basic:
    """The expression that `to_tree` converted into ``tree``.

    Raises
    ------
    EmitError
        If the tree names something that is not on the whitelist, or is not such a tree.
    """
    try:
        head, *rest = tree
        if head == "constant":
            return _CONSTANTS[rest[0]]
        if head == "symbol":
            if not all(isinstance(known, bool) for known in rest[1].values()):
                raise ValueError("assumptions must be true or false")
            return sp.Symbol(rest[0], **rest[1])
        if head == "rational":
            if not all(type(number) is int for number in rest) or rest[1] == 0:
                raise ValueError("a rational number needs two integers and a nonzero denominator")
            return bounded(sp.Rational(rest[0], rest[1]))
        if head == "float":
            digits, precision = rest
            if type(precision) is not int or not 1 <= precision <= MOST_BITS or (
                    not isinstance(digits, str) or len(digits) > MOST_BITS):
                raise ValueError("a number has too many digits")
            return bounded(sp.Float(digits, precision=precision))
        if head == "Piecewise":
            return sp.Piecewise(*((from_tree(value), from_tree(when)) for value, when in rest))
        parts = list(map(from_tree, rest))
        if head == "Pow" and not abs(float(parts[1]) if parts[1].is_number else 0) <= MOST_POWER:
            raise ValueError("a power is too high")
        return bounded(_HEADS[head](*parts))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise EmitError(f"not a saved expression: {str(tree)[:80]}") from error

"""Units and transfer functions as text, for files of scans and for the command line."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from typing import Any

import dmft

from ..base import checks
from ..units.unit import Unit

PHIS = ("tanh", "erf", "relu", "linear")
UNITS = {"leaky": ("Leaky", ()), "adaptation": ("Adaptation", ("b", "tau")),
         "filter": ("SynapticFilter", ("tau",)), "map": ("Map", ("a",))}
FORMS = "leaky, adaptation(b, tau), filter(tau), map(a), or rational(1/(1 + s/20)), a fraction in s"
LONGEST, MOST_FACTORS = 500, 60
OPERATIONS: dict[type, Callable] = {ast.Add: operator.add, ast.Sub: operator.sub,
                                    ast.Mult: operator.mul, ast.Div: operator.truediv}


def phi_from(text: Any) -> dmft.Nonlinearity:
    """The built-in transfer function of this name."""
    return getattr(dmft, checks.one_of("phi", text, PHIS))


def unit_from(text: Any) -> Unit:
    """The unit that a text such as "adaptation(1.0, 4.0)" describes.

    Raises
    ------
    ModelError
        For any other text; nothing in it is executed.

    Examples
    --------
    >>> unit_from("filter(2.5)") == dmft.SynapticFilter(2.5)
    True
    """
    found = re.fullmatch(r"\s*([a-z]+)\s*(?:\((.*)\))?\s*", text) if isinstance(text, str) else None
    word, inner = (found[1], found[2]) if found else ("", None)
    if word == "rational" and inner:
        fraction = _fraction(text, inner)
        try:
            return dmft.Rational(fraction)
        except dmft.ModelError as error:
            checks.reject("unit", text, f"not a unit: {error}", "see dmft.Rational")
    if word not in UNITS:
        checks.reject("unit", text, "not a unit in words", f"give {FORMS}")
    name, parameters = UNITS[word]
    given = [one for one in (inner or "").split(",") if one.strip()]
    try:
        numbers = [float(one) for one in given]
    except ValueError:
        checks.reject("unit", text, "has a parameter that is not a number", f"give {FORMS}")
    if len(numbers) != len(parameters):
        wanted = f"({', '.join(parameters)})" if parameters else " alone"
        checks.reject("unit", text, f"takes {len(parameters)} numbers, not {len(numbers)}",
                      f"give {word}{wanted}")
    return getattr(dmft, name)(*numbers)


def _fraction(text: str, inner: str) -> Any:
    """The sympy expression of a fraction in s, from sums, products, quotients and powers alone."""
    import sympy

    def wrong() -> Any:
        checks.reject("unit", text, "not a fraction in s", f"give {FORMS}")

    def value(node: ast.AST) -> Any:
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            return sympy.nsimplify(node.value, rational=True)
        if isinstance(node, ast.Name) and node.id == "s":
            return sympy.Symbol("s")
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
            return value(node.operand) * (-1 if isinstance(node.op, ast.USub) else 1)
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS:
            return OPERATIONS[type(node.op)](value(node.left), value(node.right))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and (
                isinstance(node.right, ast.Constant) and type(node.right.value) is int):
            return value(node.left) ** node.right.value
        return wrong()

    if len(inner) > LONGEST:
        wrong()
    try:
        tree = ast.parse(inner.strip(), mode="eval").body
        factors = _factors(tree)
    except (SyntaxError, ValueError, RecursionError):
        return wrong()
    if factors > MOST_FACTORS:
        checks.reject("unit", text, f"with its powers written out it has more than {MOST_FACTORS} "
                      "terms and factors", "give a shorter fraction")
    return value(tree)


def _factors(node: ast.AST) -> int:
    """The leaves of this tree when its powers are written out: (s**20)**20 would have 400."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        power = node.right.value if isinstance(node.right, ast.Constant) else 1
        return _factors(node.left) * (power if type(power) is int else 1)
    return max(1, sum(_factors(part) for part in ast.iter_child_nodes(node)
                      if isinstance(part, ast.expr)))

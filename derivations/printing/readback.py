"""Evaluate emitted numpy text on sympy symbols, to compare the text itself with the formula."""

from __future__ import annotations

import ast
from collections.abc import Callable
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import sympy as sp
from sympy.codegen.cfunctions import expm1, log1p

from .printer import FUNCTIONS

_SCALAR = SimpleNamespace(shape=())


def _where(condition, yes, no) -> sp.Basic:
    others = no.args if isinstance(no, sp.Piecewise) else ((no, True),)
    return sp.Piecewise((yes, condition), *others)


def _stand_ins() -> dict[str, SimpleNamespace]:
    """Objects ``np`` and ``special`` whose members are the sympy functions of the whitelist."""
    members: dict[str, dict[str, object]] = {"np": {}, "special": {}}
    for function, printed in FUNCTIONS.items():
        module, name = printed.split(".")
        members[module][name] = function
    members["np"] |= {
        "pi": sp.pi, "e": sp.E, "inf": sp.oo, "sqrt": sp.sqrt, "expm1": expm1, "log1p": log1p,
        "maximum": sp.Max, "minimum": sp.Min, "heaviside": sp.Heaviside, "where": _where,
        "errstate": lambda **_: nullcontext(),
        "broadcast": lambda *_: _SCALAR, "full": lambda shape, value: value,
    }  # fmt: skip
    return {module: SimpleNamespace(**names) for module, names in members.items()}


class _ExactNumbers(ast.NodeTransformer):
    """Turn every number into sympy's, so that 1 / 2 stays exact, and drop the imports."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """Wrap numbers, leave strings and booleans."""
        if isinstance(node.value, bool) or not isinstance(node.value, (int, float, complex)):
            return node
        return ast.Call(ast.Name("_exact", ast.Load()), [node], [])

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        """Drop the import: the sympy substitutes replace the libraries."""

    visit_ImportFrom = visit_Import


def _exact(number: int | float | complex) -> sp.Expr:
    if isinstance(number, complex):
        return _exact(number.real) + _exact(number.imag) * sp.I
    return sp.Integer(int(number)) if number == int(number) else sp.Float(number)


def read_back(text: str) -> dict[str, Callable[..., Any]]:
    """The functions of an emitted module, to be called on sympy symbols.

    Only for text that this package has printed or committed: the text is executed, without
    builtins.
    """
    tree = ast.fix_missing_locations(_ExactNumbers().visit(ast.parse(text)))
    names: dict[str, Any] = {"__builtins__": {}, "_exact": _exact, **_stand_ins()}
    exec(compile(tree, "<emitted>", "exec"), names)
    return names

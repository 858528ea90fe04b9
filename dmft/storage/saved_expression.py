"""Encoding of sympy expressions, as the mean and the covariance of couplings of your own."""

from __future__ import annotations

import sys
from typing import Any

from ..base.errors import StorageError
from .tuning import DEEPEST, MOST_NODES


def is_expression(value: Any) -> bool:
    """Whether `value` is a sympy expression; never so if sympy has not been imported."""
    module = sys.modules.get("sympy")
    return module is not None and isinstance(value, module.Expr)


def encode(value: Any, at: str) -> list[Any]:
    """Nested lists of names and numbers."""
    from ..derivations.printing.emit import EmitError, to_tree

    try:
        tree = to_tree(value)
    except EmitError as error:
        raise StorageError(f"{at}: the expression cannot be saved ({error}); use functions that "
                           "dmft knows") from error
    check_tree(tree)
    return tree


def decode(tree: Any) -> Any:
    """The expression of such lists."""
    from ..derivations.printing.emit import from_tree

    check_tree(tree)
    return from_tree(tree)


def check_tree(tree: Any) -> None:
    """Refuse an expression so large that its derivative and its code would take long."""
    waiting, nodes = [(tree, 0)], 0
    while waiting:
        node, depth = waiting.pop()
        nodes += 1
        if nodes > MOST_NODES or depth > DEEPEST:
            raise StorageError(f"holds an expression of more than {MOST_NODES} parts, "
                               f"or nested more than {DEEPEST} deep; give a shorter one")
        if isinstance(node, list):
            waiting.extend((one, depth + 1) for one in node[1:])

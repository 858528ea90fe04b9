"""Expressions in a lag tau and an integration variable v as numpy functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from ..base import checks

if TYPE_CHECKING:
    import sympy as sp

Function = Callable[[np.ndarray, np.ndarray], np.ndarray]


def compiled(expression: sp.Expr) -> Function:
    """The function of (tau, v), by the emitter of the package.

    Raises
    ------
    ModelError
        For a function that numpy does not have.
    """
    import sympy as sp

    from ..derivations.engine.stationary_site import tau, v
    from ..derivations.printing.expressions import compile_function
    from ..derivations.printing.printer import EmitError

    arguments = {tau: sp.Symbol("tau", real=True), v: sp.Symbol("v", real=True)}
    try:
        return compile_function(expression, arguments, "kernel")
    except EmitError as error:
        checks.reject("ensemble", expression, f"it has no numpy code ({error})",
                      "use functions that numpy has")


def compiled_weight(weight: sp.Expr) -> Function:
    """The same of a weight, whose smooth factors may overflow where a step is zero."""
    import sympy as sp

    parts = [tuple(map(compiled, _split(one))) for one in sp.Add.make_args(sp.expand(weight))]

    def evaluated(tau: np.ndarray, v: np.ndarray) -> np.ndarray:
        total = np.zeros(np.broadcast_shapes(np.shape(tau), np.shape(v)))
        with np.errstate(all="ignore"):
            for smooth, step in parts:
                own = step(tau, v)
                total = total + np.where(own != 0, smooth(tau, v) * own, 0.0)
        return total

    return evaluated


def _split(product: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """The smooth factors of a product, and its steps."""
    import sympy as sp

    step, smooth = sp.S.One, sp.S.One
    for factor in sp.Mul.make_args(product):
        if factor.has(sp.Heaviside):
            step *= factor
        else:
            smooth *= factor
    return smooth, step

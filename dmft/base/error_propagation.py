"""First-order errors of numpy's elementary functions of values that carry standard errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Slopes = Callable[..., tuple[Any, ...]]

# The partial derivatives of each function, at its arguments.
SLOPES: dict[np.ufunc, Slopes] = {
    np.add: lambda a, b: (1.0, 1.0),
    np.subtract: lambda a, b: (1.0, -1.0),
    np.multiply: lambda a, b: (b, a),
    np.divide: lambda a, b: (1 / b, -a / b**2),
    np.power: lambda a, b: (np.where(b == 0, 0.0, b * a**(b - 1)),
                            np.where(a == 0, 0.0, a**b * np.log(a))),
    np.negative: lambda a: (-1.0,),
    np.positive: lambda a: (1.0,),
    np.absolute: lambda a: (1.0,),
    np.fabs: lambda a: (1.0,),
    np.square: lambda a: (2 * a,),
    np.sqrt: lambda a: (0.5 / np.sqrt(a),),
    np.exp: lambda a: (np.exp(a),),
    np.log: lambda a: (1 / a,),
    np.log2: lambda a: (1 / (a * np.log(2)),),
    np.log10: lambda a: (1 / (a * np.log(10)),),
    np.tanh: lambda a: (1 / np.cosh(a) ** 2,),
    np.reciprocal: lambda a: (-1 / a**2,),
}
SLOPES[np.float_power] = SLOPES[np.power]


def first_order(function: np.ufunc, values: list[Any], errors: list[Any]) -> np.ndarray | None:
    """Standard error of a function, in first order; None for one that is not in the table.

    Correlations between the errors of the arguments are not known: the sum of the absolute
    contributions is an upper bound, reached where they are fully correlated.
    """
    if function not in SLOPES:
        return None
    plain = [np.asarray(one, dtype=float) for one in values]
    with np.errstate(all="ignore"):
        slopes = SLOPES[function](*plain)
        # an exact argument contributes nothing, also where the slope is infinite
        parts = [np.where(error == 0, 0.0, np.abs(slope) * error)
                 for slope, error in zip(slopes, errors, strict=True)]
    return np.asarray(sum(parts))

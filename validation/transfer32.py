"""Transfer functions in the dtype of a run: float32 must not silently become float64."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dmft import Nonlinearity


def transfer(function: Nonlinearity | Callable, dtype) -> Callable[[np.ndarray], np.ndarray]:
    """The function, returning arrays of `dtype` that nobody else holds."""
    dtype = np.dtype(dtype)

    def in_dtype(x: np.ndarray) -> np.ndarray:
        out = np.asarray(function(x))
        if out is x:  # phi(x) = x: the stepper overwrites x
            return x.copy()
        return out.astype(dtype, copy=False)

    return in_dtype

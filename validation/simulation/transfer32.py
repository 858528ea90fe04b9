"""Transfer functions in the dtype of a run: float32 must not silently become float64."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.polynomial import Polynomial, chebyshev
from scipy import special

import dmft

REACH = 4.4  # beyond it, erf(sqrt(pi) x/2) is 1 to float32
DEGREE = 7


def transfer(function: Callable[[np.ndarray], np.ndarray],
             dtype) -> Callable[[np.ndarray], np.ndarray]:
    """phi (or its derivative), returning arrays of `dtype` that nobody else holds."""
    dtype = np.dtype(dtype)
    if dtype == np.float32 and function == dmft.erf:
        return erf32

    def in_dtype(x: np.ndarray) -> np.ndarray:
        out = np.asarray(function(x))
        if np.may_share_memory(out, x):  # phi(x) = x: the stepper overwrites x
            return x.copy()
        return out.astype(dtype, copy=False)

    return in_dtype


def erf32(x: np.ndarray) -> np.ndarray:
    """erf(sqrt(pi) x/2) of float32 arrays, to 2e-7, several times faster than scipy's.

    scipy computes erf one number at a time, numpy computes tanh of many at once; so
    erf(sqrt(pi) x/2) = tanh(x p(x^2)), with a polynomial p that is fitted when first needed.
    """
    coefficients = _polynomial()
    square = x * x
    np.minimum(square, REACH**2, out=square)
    argument = square * coefficients[0]
    argument += coefficients[1]
    for coefficient in coefficients[2:]:
        argument *= square
        argument += coefficient
    argument *= x
    return np.tanh(argument, out=argument)


@lru_cache(maxsize=1)
def _polynomial() -> tuple[float, ...]:
    """Coefficients of p, highest first, by least squares at Chebyshev nodes in x^2."""
    node = np.cos(np.pi * (np.arange(600) + 0.5) / 600)
    x = REACH * np.sqrt((1 + node) / 2)
    z = np.sqrt(np.pi) * x / 2
    argument = np.log((1 + special.erf(z)) / special.erfc(z)) / 2
    # an error of p counts as it moves the tanh
    weight = x / np.cosh(argument) ** 2 + 1e-7
    design = chebyshev.chebvander(node, DEGREE) * weight[:, None]
    fitted = np.linalg.lstsq(design, weight * argument / x, rcond=None)[0]
    in_square = Polynomial(chebyshev.cheb2poly(fitted))(Polynomial([-1, 2 / REACH**2]))
    return tuple(float(c) for c in in_square.coef[::-1])

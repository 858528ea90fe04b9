"""Checks of arguments: each returns the value in its clean form or raises one ModelError."""

from __future__ import annotations

import math
import operator
from numbers import Real
from typing import Any, NoReturn

import numpy as np

from .errors import ModelError
from .tuning import LARGEST_NUMBER


def reject(name: str, value: Any, problem: str, advice: str) -> NoReturn:
    """Raise ModelError in its one form: `field=value: problem; what to try`."""
    shown = " ".join(repr(value).split())  # arrays on one line
    if len(shown) > 80:
        shown = shown[:77] + "..."
    raise ModelError(f"{name}={shown}: {problem}; {advice}")


def finite(name: str, value: Any) -> float:
    """A finite real number."""
    if isinstance(value, (str, bytes, bool, np.bool_)) or value is None:
        reject(name, value, "not a number", "give one finite real number")
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        reject(name, value, "not a number", "give one finite real number")
    if not math.isfinite(number):
        reject(name, value, "not finite", "give one finite real number")
    if abs(number) > LARGEST_NUMBER:
        reject(name, value, "so large that its square overflows",
               f"give at most {LARGEST_NUMBER:g}")
    return number


def positive(name: str, value: Any) -> float:
    """A finite number above zero."""
    number = finite(name, value)
    if number <= 0:
        reject(name, value, "not positive", "give a number above 0")
    return number


def nonnegative(name: str, value: Any) -> float:
    """A finite number, zero or above."""
    number = finite(name, value)
    if number < 0:
        reject(name, value, "negative", "give a number of 0 or above")
    return number


def within(name: str, value: Any, low: float, high: float) -> float:
    """A finite number in the closed interval [low, high]."""
    number = finite(name, value)
    if not low <= number <= high:
        reject(name, value, "out of range", f"give a number from {low:g} to {high:g}")
    return number


def whole(name: str, value: Any, least: int = 1) -> int:
    """An integer, `least` or above (the float 2.0 is refused: sizes are counts)."""
    if isinstance(value, (bool, np.bool_)):
        reject(name, value, "not an integer", f"give an integer of {least} or above")
    try:
        number = operator.index(value)
    except TypeError:
        reject(name, value, "not an integer", f"give an integer of {least} or above")
    if number < least:
        reject(name, value, f"below {least}", f"give an integer of {least} or above")
    return number


def one_of(name: str, value: Any, options: tuple[str, ...]) -> str:
    """One of the named options."""
    if not isinstance(value, str) or value not in options:
        reject(name, value, "unknown option", "give one of " + ", ".join(map(repr, options)))
    return value


def flag(name: str, value: Any) -> bool:
    """True or False; no other value is accepted, whatever its truth value."""
    if not isinstance(value, bool):
        reject(name, value, "neither True nor False", "give one of them")
    return value


def callable_or_none(name: str, value: Any, arguments: str) -> None:
    """A function of the named arguments, or None."""
    if value is not None and not callable(value):
        reject(name, value, "not callable", f"give a function of {arguments}")


def finite_array(name: str, value: Any, ndim: int | None = None) -> np.ndarray:
    """A read-only float64 array of finite numbers, with `ndim` dimensions if given."""
    if has_mask(value):
        reject(name, value, "has masked entries", "give .filled(0), or the value that they stand "
               "for")
    if hasattr(value, "toarray") and hasattr(value, "nnz"):
        reject(name, value, "a sparse matrix", "give its .toarray()")
    try:
        given = np.asarray(value)
        if given.dtype.kind not in "biufO" or (
                given.dtype.kind == "O" and not all(isinstance(x, Real) for x in given.flat)):
            raise TypeError("strings and complex numbers would be cast")
        array = np.array(given, dtype=float)
    except (TypeError, ValueError):
        reject(name, value, "not an array of numbers", "give finite real numbers")
    if ndim is not None and array.ndim != ndim:
        reject(name, value, f"has {array.ndim} dimensions", f"give an array of {ndim} dimensions")
    if array.size == 0:
        reject(name, value, "empty", "give at least one number")
    if not np.all(np.isfinite(array)):
        reject(name, value, "contains NaN or infinity", "give finite real numbers")
    array.flags.writeable = False
    return array


def square(name: str, value: Any, vector: bool = False) -> np.ndarray:
    """A read-only (R, R) array of finite numbers; with `vector` also (R,), its diagonal."""
    found = finite_array(name, value)
    if vector and found.ndim == 1:
        found = np.diag(found)
    if found.ndim != 2 or found.shape[0] != found.shape[1]:
        reject(name, value, f"of shape {np.shape(value)}", "give a square matrix, a row for each "
               "region or population that receives" + (", or the diagonal alone" if vector else ""))
    found = np.array(bounded(name, found))
    found.flags.writeable = False
    return found


def has_mask(value: Any) -> bool:
    """Whether an array, or one within a list, has masked entries: numpy would ignore the mask."""
    if isinstance(value, (list, tuple)):
        return any(map(has_mask, value))
    return isinstance(value, np.ma.MaskedArray) and bool(np.any(np.ma.getmaskarray(value)))


def bounded(name: str, array: np.ndarray) -> np.ndarray:
    """The array, if its squares do not overflow."""
    if np.any(np.abs(array) > LARGEST_NUMBER):
        reject(name, array, "so large that its square overflows",
               f"give at most {LARGEST_NUMBER:g}")
    return array


def generator(rng: Any) -> np.random.Generator:
    """The generator of an argument `rng`: integer (None is 0), SeedSequence or Generator."""
    if isinstance(rng, (np.random.Generator, np.random.SeedSequence)):
        return np.random.default_rng(rng)
    return np.random.default_rng(0 if rng is None else whole("rng", rng, least=0))

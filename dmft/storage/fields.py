"""Whether the fields that a file gives to a class of this package are of the types it declares.

Constructors check ranges, and leave types to a type checker, which checks no files.
"""

from __future__ import annotations

import sys
import types
import typing
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any

import numpy as np

from ..base.errors import StorageError
from .tuning import LARGEST_POOL, MOST_SEED_NUMBERS


def check_fields(cls: type, fields: Mapping[str, Any]) -> None:
    """Raise StorageError if a field has another type than its annotation says."""
    declared = _annotations(cls)
    for name, value in fields.items():
        if name in declared and not fits(value, declared[name]):
            raise StorageError(f"holds a {cls.__name__} whose {name} is {_kind(value)}, where the "
                               "class has another type; it was changed, or damaged: create it "
                               "again")


def check_numbers(result: Any) -> None:
    """Raise StorageError if a result is marked as converged and one of its curves is all NaN."""
    if getattr(getattr(result, "convergence", None), "success", False) is not True:
        return
    for name, value in vars(result).items():
        numbers = getattr(value, "value", None)
        if isinstance(numbers, np.ndarray) and numbers.size and np.all(np.isnan(numbers)):
            raise StorageError(f"holds a {type(result).__name__} that converged, whose {name} is "
                               "NaN throughout; it was changed, or damaged: create it again")


def fits(value: Any, declared: Any) -> bool:
    """Whether a value is of an annotated type; True where the annotation is not understood."""
    origin, inner = typing.get_origin(declared), typing.get_args(declared)
    if origin in (typing.Union, types.UnionType):
        return any(fits(value, one) for one in inner)
    if origin is typing.Literal:
        return value in inner
    if origin is tuple and len(inner) == 2 and inner[1] is Ellipsis:
        return isinstance(value, tuple) and all(fits(item, inner[0]) for item in value)
    if origin is tuple:
        return (isinstance(value, tuple) and len(value) == len(inner)
                and all(map(fits, value, inner)))
    if origin is list:
        return isinstance(value, list) and all(fits(item, inner[0]) for item in value)
    if origin is dict:
        return isinstance(value, dict) and all(fits(item, inner[1]) for item in value.values())
    if declared is None or declared is type(None):
        return value is None
    if declared is float:
        return _real(value)
    if declared is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if declared is Any:  # a class, since Python 3.11
        return True
    if not isinstance(declared, type):
        return True
    if StrEnum in declared.__mro__:  # written as its text
        return value in vars(declared)["_value2member_map_"]
    if getattr(declared, "_is_protocol", False):
        return _members(declared) <= set(dir(value))
    return isinstance(value, declared)


@cache
def _members(protocol: type) -> set[str]:
    """Names that a protocol requires."""
    return {name for base in protocol.__mro__ if getattr(base, "_is_protocol", False)
            for name in vars(base) if not name.startswith("_")}


def _real(value: Any) -> bool:
    if isinstance(value, np.ndarray):  # a number that an array operation returned
        return value.ndim == 0 and value.dtype.kind in "iuf"
    return isinstance(value, (int, float)) and not isinstance(value, bool)


@cache
def _annotations(cls: type) -> dict[str, Any]:
    """The annotations that can be evaluated: names imported for type checks only cannot."""
    found: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        module = vars(sys.modules.get(base.__module__, typing))
        for name, text in vars(base).get("__annotations__", {}).items():
            try:
                found[name] = eval(text, dict(module)) if isinstance(text, str) else text
            except Exception:
                found.pop(name, None)
    return found


def _kind(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype}"
    return f"a {type(value).__name__}" if value is not None else "None"


def check_seed(entropy: Any, key: Any, pool: Any) -> None:
    """Refuse a seed sequence that would take long, or much memory, to mix."""
    numbers = [*(entropy if isinstance(entropy, list) else [entropy]), *key]
    whole = all(type(number) is int and number >= 0 for number in numbers if number is not None)
    if not whole or len(numbers) > MOST_SEED_NUMBERS or type(pool) is not int or (
            not 4 <= pool <= LARGEST_POOL):
        raise StorageError(f"holds a seed sequence of {len(numbers)} numbers with a pool of "
                           f"{str(pool)[:20]} words; it needs whole numbers, at most "
                           f"{MOST_SEED_NUMBERS}, and a pool of 4 to {LARGEST_POOL} words")

"""Fingerprints: JSON that is equal for equal networks, options, seeds and functions.

A store compares them as trees, so that a message can name the field in which two scans differ; a
result carries the digest of its fingerprint, which is compared when it is read.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
from typing import Any

import numpy as np

from ..base.checks import reject
from ..base.errors import StorageError
from .encoding import encode, find
from .function_code import code_of

ABSENT = object()  # marks a missing entry of a tree, where None would be a value
# fields that are texts for the user: a version with other words continues the same scan
WORDING = {"Convergence": ("message",), "Check": ("says",)}


def digest(*trees: Any) -> str:
    """32 hexadecimal digits that are equal for equal trees."""
    text = json.dumps(trees, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def fingerprint(value: Any, what: str) -> Any:
    """The tree of a value, or for a function its name and its code."""
    if callable(value) and hasattr(value, "__qualname__"):
        return {"function": name_of(value), "code": recorded_code(value)}
    return tree_of(value, what)


def tree_of(value: Any, what: str) -> Any:
    """JSON that is equal for equal values: that of a file, with a digest in place of each array."""
    def put(at: str, array: np.ndarray) -> str:
        content = hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()[:32]
        return f"{array.dtype.str} {array.shape} {content}"

    return json.loads(json.dumps(encode(value, put, what, code_of_phi)))


def code_of_phi(phi: Any) -> dict[str, str] | None:
    """Digest of phi and phi', of several of them, or of another function; None if there is none, or
    if they have captured what cannot be recorded.
    """
    if phi is None:
        return None
    functions = [function for one in (phi if isinstance(phi, tuple) else (phi,))
                 for function in ((one.function, one.derivative) if hasattr(one, "derivative")
                                  else (one,))]
    try:
        each = [code_of(one, tree_of) for one in functions]
    except StorageError:
        return None
    return {"python": each[0]["python"], "digest": "/".join(one["digest"] for one in each)}


def name_of(function: Any) -> str:
    """Module and name of a function, with the arguments that functools.partial has bound.

    A lambda is rejected: the next edit of its line would make another function of it.
    """
    if isinstance(function, functools.partial):
        bound = [[fingerprint(one, "a bound argument") for one in function.args],
                 {"dict": {key: fingerprint(one, "a bound argument")
                           for key, one in function.keywords.items()}}]
        return f"{name_of(function.func)} with {json.dumps(bound)}"
    name = getattr(function, "__qualname__", type(function).__qualname__)
    if "<lambda>" in name:
        reject("function", function, "a lambda has no name by which a store could identify it",
               "define it by def, or scan without a store")
    return public_name(f"{function.__module__}.{name}")


def recorded_code(function: Any) -> dict[str, str]:
    """Digest of a function; what it holds and cannot be recorded is an error."""
    try:
        return code_of(function, tree_of)
    except StorageError as error:
        reject("function", function, f"a store cannot distinguish it from others ({error})",
               "define it by def at the top level of a module, and pass the rest as options")


def public_name(name: str) -> str:
    """The public name of a function: one of this package without the module that defines it.

    Functions may move between modules; a store written before remains valid.
    """
    function, _, bound = name.partition(" with ")
    parts = function.split(".")
    if parts[0] == "dmft" and len(parts) > 2:
        package = parts[:2] if parts[1] == "validation" else parts[:1]
        function = ".".join([*package, parts[-1]])
    return f"{function} with {bound}" if bound else function


def with_new_fields(then: Any, now: Any) -> Any:
    """The older tree with the fields that did not exist then and are now at their defaults.

    Texts for the user are those of the present version, so that they are never a difference; code
    that another version of Python compiled is not compared.
    """
    if isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        return [with_new_fields(a, b) for a, b in zip(then, now, strict=True)]
    if not (isinstance(then, dict) and isinstance(now, dict)):
        return then
    filled = {key: with_new_fields(item, now.get(key)) for key, item in then.items()}
    if now.keys() == {"name", "values", "far", "code"}:  # a phi, of which fewer values were kept
        filled = {"far": now["far"], "code": now["code"], **filled}
    if now.keys() == {"python", "digest"} and then.get("python") != now["python"]:
        return now
    if now.keys() == {"function", "code"}:
        filled.setdefault("code", now["code"])
    cls = find(now["class"]) if now.keys() == {"class", "fields"} == then.keys() else None
    if cls is not None and isinstance(filled["fields"], dict):
        for field in dataclasses.fields(cls):
            given = now["fields"].get(field.name, ABSENT)
            missing = field.name not in filled["fields"] and given == field.default
            if missing or field.name in WORDING.get(now["class"], ()):
                filled["fields"][field.name] = given
    return filled


def first_difference(then: Any, now: Any, path: str = "") -> tuple[str, Any, Any]:
    """Path of the first difference between two trees, and the entry of each at that path."""
    if isinstance(then, dict) and isinstance(now, dict):
        pairs = [(key, then.get(key, ABSENT), now.get(key, ABSENT)) for key in {**then, **now}]
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        pairs = [(str(i), a, b) for i, (a, b) in enumerate(zip(then, now, strict=True))]
    else:
        return path, then, now
    key, a, b = next(pair for pair in pairs if pair[1] != pair[2])
    if key in ("fields", "dict", "tuple", "float", "seed"):  # keys added by the encoding
        return first_difference(a, b, path)
    return first_difference(a, b, f"{path}.{key}" if path else key)


def difference(what: str, then: Any, now: Any) -> str | None:
    """Where two trees differ and how, or None if they agree."""
    then = with_new_fields(then, now)
    if then == now:
        return None
    path, then, now = first_difference(then, now)
    where = what + (f" (in {path})" if path else "")
    return f"{where}: {_shown(then)} in the store, {_shown(now)} now"


def _shown(tree: Any) -> str:
    text = "nothing" if tree is ABSENT else json.dumps(tree)
    return text if len(text) <= 200 else text[:197] + "..."



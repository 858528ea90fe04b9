"""The identity of a function for a store: its code, and the values that it has captured.

Two closures of one name, two lambdas, or one name before and after an edit are different functions.
The code is that which Python compiled, without its lines and comments; since each version of Python
compiles differently, it is compared only within one. Functions of dmft, numpy, scipy and of the
standard library are known by their names.
"""

from __future__ import annotations

import functools
import hashlib
import inspect
import json
import sys
import types
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..base.errors import StorageError

KNOWN = {"dmft", "numpy", "scipy", *sys.stdlib_module_names} - {"__main__"}
Tree = Callable[[Any, str], Any]
PYTHON = "{}.{}".format(*sys.version_info)


def code_of(function: Callable[..., Any], tree_of: Tree) -> dict[str, str]:
    """Digest of a function, and the version of Python to which it belongs.

    Parameters
    ----------
    function : callable
        Any function, partial, method, or object that can be called.
    tree_of : callable
        `tree_of(value, what)` is JSON that is equal for equal values.

    Raises
    ------
    StorageError
        If the function has captured, or holds as an object, what cannot be recorded.
    """
    described = _Description(tree_of).function(function)
    text = json.dumps(described, sort_keys=True)
    return {"python": PYTHON, "digest": hashlib.sha256(text.encode()).hexdigest()[:32]}


class _Description:
    """JSON that is equal for equal functions; each function is described once."""

    def __init__(self, tree_of: Tree) -> None:
        self.tree_of = tree_of
        self.seen: dict[int, int] = {}

    def function(self, function: Any) -> Any:
        if isinstance(function, functools.partial):
            return ["partial", self.function(function.func), self.value(list(function.args)),
                    self.value(dict(function.keywords))]
        if id(function) in self.seen:  # it calls itself
            return ["seen", self.seen[id(function)]]
        self.seen[id(function)] = len(self.seen)
        if isinstance(function, types.MethodType):
            return ["method", self.function(function.__func__), self.value(function.__self__)]
        code = getattr(function, "__code__", None)
        if code is None and hasattr(function, "__wrapped__"):  # such as one with a cache
            return self.function(inspect.unwrap(function))
        module = str(getattr(function, "__module__", None) or "")
        package = module.partition(".")[0]
        if package in KNOWN and hasattr(function, "__qualname__"):
            # functions move between the modules of a package
            return ["name", package, function.__qualname__]
        if isinstance(function, (type, types.BuiltinFunctionType)):
            return ["name", module, function.__qualname__]
        if isinstance(function, np.ufunc):
            return ["name", "numpy", function.__name__]
        if code is None:  # an object that can be called
            return ["object", self.function(type(function).__call__), self.state(function)]
        cells = {name: self.cell(cell) for name, cell in
                 zip(code.co_freevars, function.__closure__ or (), strict=True)}
        return ["function", _compiled(code), self.value(function.__defaults__),
                self.value(function.__kwdefaults__), cells, self.globals(function)]

    def cell(self, cell: Any) -> Any:
        try:
            return self.value(cell.cell_contents)
        except ValueError:  # the variable has no value yet
            return None

    def globals(self, function: types.FunctionType) -> dict[str, Any]:
        """Numbers, texts and functions of its module that a function names and does not set."""
        found = {}
        for name in sorted(_names(function.__code__)):
            value = function.__globals__.get(name)
            if isinstance(value, (bool, int, float, complex, str, tuple, np.ndarray, np.generic)):
                try:
                    found[name] = self.value(value)
                except StorageError:  # such as a tuple of classes, on which no number depends
                    continue
            elif isinstance(value, types.FunctionType) and value.__module__ == function.__module__:
                found[name] = self.value(value)
        return found

    def state(self, thing: Any) -> Any:
        """The state of an object, as it would be pickled."""
        try:
            return self.value(thing.__getstate__())
        except TypeError as error:
            raise StorageError(f"a {type(thing).__name__} cannot be recorded ({error}); give a "
                               "function, or functools.partial of one with numbers") from error

    def value(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {"dict": {str(key): self.value(item) for key, item in value.items()}}
        if isinstance(value, (tuple, list)):
            return [type(value).__name__, *map(self.value, value)]
        if isinstance(value, types.ModuleType):
            return ["module", value.__name__]
        try:
            return self.tree_of(value, "what it holds")
        except StorageError:
            if callable(value):
                return self.function(value)
            if id(value) in self.seen:
                return ["seen", self.seen[id(value)]]
            if type(value).__module__ in ("builtins", "_thread") or not hasattr(value, "__dict__"):
                raise
            self.seen[id(value)] = len(self.seen)
            return ["object", type(value).__qualname__, self.state(value)]


def _compiled(code: types.CodeType) -> list[Any]:
    """Instructions, names and constants of compiled code, without file, lines and local names."""
    return [code.co_code.hex(), list(code.co_names), list(code.co_freevars),
            [code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags],
            [_constant(one) for one in code.co_consts]]


def _constant(value: Any) -> Any:
    if isinstance(value, types.CodeType):
        return _compiled(value)
    if isinstance(value, frozenset):  # whose order changes from process to process
        return ["frozenset", *sorted(repr(_constant(one)) for one in value)]
    if isinstance(value, tuple):
        return ["tuple", *map(_constant, value)]
    return [type(value).__name__, repr(value)]


def _names(code: types.CodeType) -> set[str]:
    """Names that code, and the functions defined in it, read and do not set."""
    import dis

    names = {one.argval for one in dis.get_instructions(code) if one.opname in
             ("LOAD_GLOBAL", "LOAD_NAME")}
    stored = {one.argval for one in dis.get_instructions(code) if one.opname == "STORE_GLOBAL"}
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            names |= _names(inner)
    return names - stored

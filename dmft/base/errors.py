"""The errors and warnings of the package."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any


class ModelError(ValueError):
    """An argument is outside its range: the message names it, its value and what to try.

    Examples
    --------
    >>> import dmft
    >>> dmft.RandomNetwork(g=-1.0)
    Traceback (most recent call last):
        ...
    dmft.base.errors.ModelError: g=-1.0: negative; give a number of 0 or above
    """


class StorageError(OSError):
    """A file cannot be read or written: the message names it and what to try.

    Examples
    --------
    >>> import dmft
    >>> dmft.load("no-such-file.npz")
    Traceback (most recent call last):
        ...
    dmft.base.errors.StorageError: no-such-file.npz: no such file; check the name
    """


class ConvergenceError(RuntimeError):
    """A solve failed or a check of its solution did; what was found is in `.solution`.

    Examples
    --------
    >>> import dmft
    >>> try:
    ...     dmft.solve(dmft.RandomNetwork(g=1.5), method="fourier", max_iter=2)
    ... except dmft.ConvergenceError as error:
    ...     print(error.solution.convergence.success)
    False
    """

    def __init__(self, message: str, solution: Any = None):
        super().__init__(message)
        self.solution = solution

    def __reduce__(self):  # exceptions pickle only their args: keep the solution in a process pool
        return type(self), (self.args[0], self.solution)


class ResolutionWarning(UserWarning):
    """A result is less accurate than requested: a window, a step or a quadrature is too coarse.

    It also says that a search for states found no stable one.

    Examples
    --------
    >>> import warnings
    >>> import dmft
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     short = dmft.solve(dmft.RandomNetwork(g=2.0), lags=dmft.Lags(span=5.0, dt=0.01))
    >>> [one.category.__name__ for one in caught]
    ['ResolutionWarning']
    """


class StorageWarning(UserWarning):
    """A store is used although something about it is doubtful: the message states what was done.

    Examples
    --------
    >>> import pathlib, tempfile, warnings
    >>> import dmft
    >>> networks = [dmft.RandomNetwork(g=1.5), dmft.RandomNetwork(g=2.0)]
    >>> with tempfile.TemporaryDirectory() as store, warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     first = dmft.scan(dmft.solve, networks, store=store)
    ...     damaged = pathlib.Path(store, "00001.npz")
    ...     _ = damaged.write_bytes(damaged.read_bytes()[:100])
    ...     again = dmft.scan(dmft.solve, networks, store=store)  # computes this result again
    >>> [one.category.__name__ for one in caught]
    ['StorageWarning']
    """


class CostWarning(UserWarning):
    """A call will take long: the message gives its steps, memory and a rough duration.

    Examples
    --------
    >>> import warnings
    >>> import dmft
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("error", dmft.CostWarning)
    ...     try:
    ...         dmft.solve(dmft.RandomNetwork(2.0), times=dmft.Times(stop=1e5, dt=0.05))
    ...     except dmft.CostWarning as warning:
    ...         print(str(warning).partition(" steps")[0])
    times=Times(stop=100000.0, dt=0.05, keep=None): 2,000,000 + 4,000,000
    """


def no_attribute(module: str, name: str, known: Iterable[str]) -> AttributeError:
    """The error of a module without attribute `name`; it names the closest of the known names.

    Python's suggestion appears in tracebacks only, not in notebooks, and minimises the number of
    changed letters: for `slove` it is `save`. obj=None suppresses it, so that there is one only.
    """
    close = difflib.get_close_matches(name, known, n=1)
    message = f"module {module!r} has no attribute {name!r}"
    if not close:
        return AttributeError(message)
    return AttributeError(f"{message}; did you mean {close[0]!r}?", name=name, obj=None)

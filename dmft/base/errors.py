"""The errors and warnings of the package."""

from __future__ import annotations

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
    """A store is used although something about it is doubtful: the message states what was done."""


class CostWarning(UserWarning):
    """A call will take long: the message gives its steps, memory and a rough duration."""

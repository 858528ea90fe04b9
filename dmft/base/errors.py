"""The errors and warnings of the package."""

from __future__ import annotations

from typing import Any


class ModelError(ValueError):
    """An argument is outside its range: the message names it, its value and what to try."""


class StorageError(OSError):
    """A file cannot be read or written: the message names it and what to try."""


class ConvergenceError(RuntimeError):
    """A solve failed or a check of its solution did; what was found is in `.solution`."""

    def __init__(self, message: str, solution: Any = None):
        super().__init__(message)
        self.solution = solution

    def __reduce__(self):  # exceptions pickle only their args: keep the solution in a process pool
        return type(self), (self.args[0], self.solution)


class ResolutionWarning(UserWarning):
    """A result is less accurate than requested: a window, a step or a quadrature is too coarse."""


class CostWarning(UserWarning):
    """A call will take long: the message gives its steps, memory and a rough duration."""

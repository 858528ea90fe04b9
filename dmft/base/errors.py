"""What can go wrong, in the user's words."""

from __future__ import annotations

from typing import Any


class ModelError(ValueError):
    """An argument is outside its range: the message names it, its value and what to try."""


class StorageError(OSError):
    """A file cannot be read or written as asked: the message names it and what to try."""


class ConvergenceError(RuntimeError):
    """A solve ended without a trustworthy solution; what was reached is in `.solution`."""

    def __init__(self, message: str, solution: Any = None):
        super().__init__(message)
        self.solution = solution

    def __reduce__(self):  # exceptions pickle their args only: keep the solution across a pool
        return type(self), (self.args[0], self.solution)


class ResolutionWarning(UserWarning):
    """A result is less accurate than asked: the window, the step or a quadrature is too coarse."""

"""Types of arguments that many public functions have in common."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike

Seed = int | np.integer | np.random.SeedSequence | np.random.Generator | None  # rng
PathLike = str | os.PathLike[str]
Start = ArrayLike | None  # currents or variances at t = 0
Method = Literal["auto", "energy", "fourier", "sampled", "march"]  # of solve
Observable = Literal["phi", "x"]  # outputs or inputs of the units
Callback = Callable[[int, float, Any], object] | None  # of (iteration, residual, state)


class Sparse(Protocol):
    """A sparse matrix, as those of scipy.sparse."""

    def toarray(self) -> Any: ...

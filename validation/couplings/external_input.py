"""External inputs of a finite network: along its drawn directions, or to populations."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dmft.network.inputs import signal_at
from dmft.network.structure import structure

from .draw import Operator, loadings_of


def external_input(network, couplings: Operator, dt: float,
                   dtype) -> Callable[[int], np.ndarray] | None:
    """Function external(k), the (R N, 1) input in the middle of step k; None without an input."""
    count = structure(network).inputs
    loadings = loadings_of(couplings)
    if not count or loadings is None:
        return None

    def external(step: int) -> np.ndarray:
        values = signal_at(network.signal, (step + 0.5) * dt, count)
        return loadings.along_inputs(np.asarray(values, dtype=dtype)[:, None])

    return external


def population_input(network, sizes: tuple[int, ...], dt: float,
                     dtype) -> Callable[[int], np.ndarray] | None:
    """The same of an input to populations that is a function of time; None for a constant one."""
    if not callable(getattr(network, "input", None)):
        return None
    return lambda step: np.repeat(network.input_at((step + 0.5) * dt), sizes)[:, None].astype(dtype)

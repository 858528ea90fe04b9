"""A plastic network as a research script simulates it: `validation.simulate` is held against it.

Nothing here is used by the package. Euler's scheme in float64, one trajectory, and the matrix of
plastic couplings changed by an outer product in every step.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def trajectory(J: np.ndarray, k: float, p: float, phi: Callable, x: np.ndarray, dt: float,
               steps: int) -> np.ndarray:
    """States (steps, N) from the start x and A = 0 on."""
    N = len(x)
    A = np.zeros((N, N))
    path = np.empty((steps, N))
    for n in range(steps):
        path[n] = x
        rates = phi(x)
        x = x + dt * (-x + (J + A) @ rates)
        A = A + dt / p * (-A + k / N * np.outer(rates, rates))
    return path

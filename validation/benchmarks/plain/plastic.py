"""A plastic network as a research script simulates it: the reference for `validation.simulate`.

Not used by the package. Euler's scheme in float64, one trajectory, and the matrix of plastic
couplings updated by an outer product in every step.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def trajectory(J: np.ndarray, k: float, p: float, phi: Callable, x: np.ndarray, dt: float,
               steps: int) -> np.ndarray:
    """States (steps, N) from the initial state x and A = 0."""
    N = len(x)
    A = np.zeros((N, N))
    path = np.empty((steps, N))
    for n in range(steps):
        path[n] = x
        rates = phi(x)
        x = x + dt * (-x + (J + A) @ rates)
        A = A + dt / p * (-A + k / N * np.outer(rates, rates))
    return path

"""A finite network as a research script simulates it: the reference for `validation.simulate`.

Not used by the package. Euler's scheme in float64, one network and one trajectory at
a time, all states kept and the correlations taken from them at the end.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def draw(g: float, neurons: int, rng: np.random.Generator) -> np.ndarray:
    """Independent Gaussian couplings of variance g^2/N."""
    return rng.normal(0.0, g / np.sqrt(neurons), (neurons, neurons))


def trajectory(J: np.ndarray, phi: Callable, x: np.ndarray, dt: float, steps: int) -> np.ndarray:
    """States (steps, N) from the initial state x."""
    path = np.empty((steps, len(x)))
    for n in range(steps):
        path[n] = x
        x = x + dt * (-x + J @ phi(x))
    return path


def correlation(path: np.ndarray, lag: int) -> float:
    """Mean over units and time of the product of states `lag` steps apart."""
    return float(np.mean(path[:len(path) - lag] * path[lag:]))


def variance(g: float, phi: Callable, neurons: int, networks: int, *, duration: float,
             burn_in: float, dt: float, rng: np.random.Generator) -> np.ndarray:
    """<phi^2> of each of several networks, (networks,)."""
    found = np.empty(networks)
    for k in range(networks):
        J = draw(g, neurons, rng)
        path = trajectory(J, phi, rng.normal(size=neurons), dt, round((burn_in + duration) / dt))
        found[k] = correlation(phi(path[round(burn_in / dt):]), 0)
    return found

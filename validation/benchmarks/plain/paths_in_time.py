"""A plain script for a plastic network in time: whole histories of sampled paths, iterated.

A reference for benchmarks; not used by the package. It is written as such scripts usually are:
noise from the eigenvectors of its covariance matrix, drawn again in every iteration, Euler's steps,
the memory as a product with the whole past at each step, and damping.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def iterate(g: float, k: float, p: float, phi: Callable, rng: np.random.Generator, *, stop: float,
            dt: float, paths: int, iterations: int, damping: float = 0.5) -> np.ndarray:
    """C(stop, stop) after each iteration, from x(0) ~ N(0, 1) and A(0) = 0."""
    n = round(stop / dt) + 1
    t = dt * np.arange(n)
    lag = t[:, None] - t
    C, course = 0.4 * np.exp(-np.abs(lag) / 5), []
    fading = np.where(lag > 0, k / p * np.exp(-np.maximum(lag, 0) / p), 0.0) * dt
    for _ in range(iterations):
        values, vectors = np.linalg.eigh(g**2 * C)
        eta = (rng.standard_normal((paths, n)) * np.sqrt(np.maximum(values, 0))) @ vectors.T
        x, history, kernel = rng.standard_normal(paths), np.empty((paths, n)), fading * C
        for step in range(n):
            history[:, step] = phi(x)
            memory = history[:, :step] @ kernel[step, :step]
            x = x + dt * (-x + eta[:, step] + memory)
        C = (1 - damping) * C + damping * history.T @ history / paths
        course.append(C[-1, -1])
    return np.array(course)

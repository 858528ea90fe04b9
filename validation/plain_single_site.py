"""The plain way to a single site with memory: sampled paths with all of their history.

What benchmarks compare with; nothing else calls it. It is written the way such scripts are: noise
from the eigenvectors of its covariance matrix and fresh in every iteration, Euler's steps, the
memory as a product with all of the past at each step, and damping.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

CUT = 1e-4  # of the largest eigenvalue of the covariance: what the response is not asked below


def sample(C: np.ndarray, R: np.ndarray, g: float, r: float, dt: float, paths: int, phi: Callable,
           rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """One iteration: C and R at the lags, (n,), from paths of length n dt driven by C and R.

    The noise has covariance g^2 C, the memory is r g^2 R; the response is <phi z> over the noise's
    eigenvectors (Novikov's theorem). Of the paths the first half is left out.
    """
    n = len(C)
    covariance = g**2 * C[np.abs(np.subtract.outer(np.arange(n), np.arange(n)))]
    values, vectors = np.linalg.eigh(covariance)
    z = rng.standard_normal((paths, n))
    eta = (z * np.sqrt(np.maximum(values, 0))) @ vectors.T
    x, history = np.zeros(paths), np.empty((paths, n))
    kernel = r * g**2 * dt * R
    for t in range(n):
        history[:, t] = phi(x)
        x = x + dt * (-x + eta[:, t] + history[:, :t + 1] @ kernel[t::-1])
    half = n // 2
    late = history[:, half:]
    new_C = np.zeros(n)
    for k in range(n - half):
        new_C[k] = np.mean(late[:, k:] * late[:, :n - half - k])
    seen = values > CUT * values[-1]
    matrix = (history.T @ z / paths)[:, seen] / np.sqrt(values[seen]) @ vectors[:, seen].T / dt
    new_R = np.zeros(n)
    for k in range(half):
        new_R[k] = np.mean(np.diagonal(matrix[half:, half - k:n - k]))
    return new_C, new_R


def iterate(g: float, r: float, phi: Callable, rng: np.random.Generator, *, span: float = 40.0,
            dt: float = 0.1, paths: int = 1000, iterations: int = 60,
            damping: float = 0.5) -> np.ndarray:
    """C(0) after each iteration, from an exponential."""
    n = round(span / dt)
    tau = dt * np.arange(n)
    C, R, course = 0.6 * np.exp(-tau / 3), 0.4 * np.exp(-tau), []
    for _ in range(iterations):
        new_C, new_R = sample(C, R, g, r, dt, paths, phi, rng)
        C, R = (1 - damping) * C + damping * new_C, (1 - damping) * R + damping * new_R
        course.append(C[0])
    return np.array(course)

"""A plain script for a single site with memory: sampled paths with their whole history.

A reference for benchmarks; not used by the package. It is written as such scripts usually are:
noise from the eigenvectors of its covariance matrix, drawn again in every iteration, Euler's steps,
the memory as a product with the whole past at each step, and damping.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

# eigenvalues of the covariance below this fraction of the largest are not used for the response
EIGENVALUE_CUTOFF = 1e-4


def sample(C: np.ndarray, kernel: np.ndarray, g: float, dt: float, paths: int, phi: Callable,
           rng: np.random.Generator, respond: bool) -> tuple[np.ndarray, np.ndarray]:
    """One iteration: C and R at the lags, (n,), from paths of length n dt.

    The noise has covariance g^2 C, `kernel` is the memory at the lags; the response, if
    requested, is <phi z> over the noise's eigenvectors (Novikov's theorem). The first half of each
    path is discarded.
    """
    n = len(C)
    covariance = g**2 * C[np.abs(np.subtract.outer(np.arange(n), np.arange(n)))]
    values, vectors = np.linalg.eigh(covariance)
    z = rng.standard_normal((paths, n))
    eta = (z * np.sqrt(np.maximum(values, 0))) @ vectors.T
    x, history = np.zeros(paths), np.empty((paths, n))
    kernel = dt * kernel
    for t in range(n):
        history[:, t] = phi(x)
        x = x + dt * (-x + eta[:, t] + history[:, :t + 1] @ kernel[t::-1])
    half = n // 2
    late = history[:, half:]
    new_C = np.zeros(n)
    for k in range(n - half):
        new_C[k] = np.mean(late[:, k:] * late[:, :n - half - k])
    if not respond:
        return new_C, np.zeros(n)
    used = values > EIGENVALUE_CUTOFF * values[-1]
    matrix = (history.T @ z / paths)[:, used] / np.sqrt(values[used]) @ vectors[:, used].T / dt
    new_R = np.zeros(n)
    for k in range(half):
        new_R[k] = np.mean(np.diagonal(matrix[half:, half - k:n - k]))
    return new_C, new_R


def iterate(g: float, memory: Callable, phi: Callable, rng: np.random.Generator, *, span: float,
            dt: float, paths: int, iterations: int, respond: bool = True,
            damping: float = 0.5) -> np.ndarray:
    """C(0) after each iteration, from an exponential; memory(tau, C, R) is the kernel."""
    n = round(span / dt)
    tau = dt * np.arange(n)
    C, R, course = 0.6 * np.exp(-tau / 3), 0.4 * np.exp(-tau), []
    for _ in range(iterations):
        new_C, new_R = sample(C, memory(tau, C, R), g, dt, paths, phi, rng, respond)
        C, R = (1 - damping) * C + damping * new_C, (1 - damping) * R + damping * new_R
        course.append(C[0])
    return np.array(course)


def reciprocal(g: float, r: float) -> Callable:
    """The memory r g^2 R of couplings with reciprocity."""
    return lambda tau, C, R: r * g**2 * R


def hebbian(k: float, p: float) -> Callable:
    """The memory (k/p) exp(-tau/p) C of plastic couplings."""
    return lambda tau, C, R: k / p * np.exp(-tau / p) * C

"""A plain script for the two-time theory of regions: Euler's steps, arrays filled in a Python loop.

A reference for benchmarks; not used by the package.
"""

from __future__ import annotations

import math

import numpy as np


def currents(g: np.ndarray, T: np.ndarray, z0: np.ndarray, v0: float, stop: float,
             steps: int) -> np.ndarray:
    """(steps + 1, R, R) filtered currents of erf units.

    The noise covariance, the half-filtered matrix <h(t) eta(s)> and the correlation <h(t) h(s)> are
    whole matrices, filled entry by entry.
    """
    R, n, dt = len(g), steps + 1, stop / steps
    C, F, H = (np.zeros((R, n, n)) for _ in range(3))
    z, variance = np.zeros((n, R, R)), np.zeros((n, R))
    z[0] = z0
    for mu in range(R):
        H[mu, 0, 0] = v0
        variance[0, mu] = v0 + z0[mu] @ z0[mu]
        C[mu, 0, 0] = correlation(variance[0, mu], variance[0, mu], variance[0, mu])
    for i in range(steps):
        psi = 1 / np.sqrt(1 + np.pi / 2 * variance[i])
        S = psi * np.einsum("abc,bc->ab", T, z[i])
        z[i + 1] = z[i] + dt * (S - z[i])
        for mu in range(R):
            g2 = g[mu] ** 2
            for j in range(i + 1):
                F[mu, i + 1, j] = F[mu, i, j] + dt * (g2 * C[mu, i, j] - F[mu, i, j])
            H[mu, i + 1, 0] = H[mu, i, 0] * (1 - dt)
            for j in range(i + 1):
                H[mu, i + 1, j + 1] = (H[mu, i + 1, j]
                                       + dt * (F[mu, i + 1, j] - H[mu, i + 1, j]))
            shared = z[:i + 2, mu] @ z[i + 1, mu]
            Delta = H[mu, i + 1, :i + 2] + shared
            variance[i + 1, mu] = Delta[-1]
            row = correlation(Delta, variance[:i + 2, mu], Delta[-1])
            C[mu, i + 1, :i + 2] = row
            C[mu, :i + 2, i + 1] = row
            last = 0.0  # <h eta> at equal times, along the new column
            for k in range(i + 1):
                last += dt * (g2 * C[mu, k, i + 1] - last)
            F[mu, i + 1, i + 1] = last
    return z


def correlation(Delta, first, second):
    """<phi phi> of the error function of unit slope, as an arc sine that is clipped."""
    norm = np.sqrt((1 + math.pi / 2 * first) * (1 + math.pi / 2 * second))
    return 2 / math.pi * np.arcsin(np.clip(math.pi / 2 * Delta / norm, -1, 1))

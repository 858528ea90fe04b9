"""Roots of x = J phi + k C phi, C = |phi|^2/N: the fixed points of a small plastic network."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..simulation.integrator import weights

RELAX, STEP = 60.0, 0.2  # time from a pattern of signs towards rest, and its step
NEWTON, ROUNDS = 1e-10, 30  # largest residual of a root, and Newton's steps
SAME = 1e-5  # roots nearer to one another than this are one
AT_A_TIME = 1024  # starts whose matrices are solved together


def fixed_points_of(J: np.ndarray, k: float, phi: Callable, slope: Callable) -> np.ndarray:
    """(F, N) fixed points that are found, one of each pair x, -x; rest at zero is left out.

    Newton's method from all patterns of signs, and from where each pattern relaxes to.
    """
    signs = patterns(len(J))
    starts = max(1.0, k) * signs
    relaxed = relaxed_from(J, k, phi, starts)
    roots = [newton(J, k, phi, slope, some[first:first + AT_A_TIME])
             for some in (relaxed, starts) for first in range(0, len(signs), AT_A_TIME)]
    return _different(np.concatenate(roots))


def patterns(neurons: int) -> np.ndarray:
    """(2^(N-1), N) of 1 and -1, the first of each 1."""
    numbers = np.arange(2 ** (neurons - 1))[:, None]
    bits = numbers >> np.arange(neurons - 1) & 1
    return np.hstack([np.ones((len(numbers), 1)), 1.0 - 2.0 * bits])


def relaxed_from(J: np.ndarray, k: float, phi: Callable, x: np.ndarray) -> np.ndarray:
    """Where (1 + d/dt) x = J phi + k C phi leads from x (M, N)."""
    w, before = weights(STEP, 0.0), None
    for _ in range(round(RELAX / STEP)):
        rates = phi(x)
        drive = rates @ J.T + k * np.mean(rates**2, axis=1, keepdims=True) * rates
        x = w.decay * x + w.now * drive + w.before * (drive if before is None else before)
        before = drive
    return x


def newton(J: np.ndarray, k: float, phi: Callable, slope: Callable,
            x: np.ndarray) -> np.ndarray:
    """Roots of x - J phi - k C phi that Newton's method reaches from x (M, N), (M', N)."""
    N = len(J)
    for _ in range(ROUNDS):
        rates, gains = phi(x), slope(x)
        C = np.mean(rates**2, axis=1)[:, None]
        residual = x - rates @ J.T - k * C * rates
        matrix = np.eye(N) - J * gains[:, None, :]
        matrix[:, np.arange(N), np.arange(N)] -= k * C * gains
        matrix -= 2 * k / N * rates[:, :, None] * (rates * gains)[:, None, :]
        with np.errstate(all="ignore"):
            moves = np.linalg.solve(matrix + 1e-14 * np.eye(N), residual[:, :, None])[:, :, 0]
            # far from a root a whole step may leave for infinity: at most 1 for each unit
            x = x - moves / np.maximum(1.0, np.abs(moves).max(axis=1))[:, None]
    rates = phi(x)
    residual = x - rates @ J.T - k * np.mean(rates**2, axis=1)[:, None] * rates
    return x[np.abs(residual).max(axis=1) < NEWTON]


def _different(roots: np.ndarray) -> np.ndarray:
    """One of all that are the same up to sign; without zero."""
    roots = roots[np.abs(roots).max(axis=1, initial=0) > 1e-3]
    if not len(roots):
        return roots
    # a root is known by the signs of a generic combination, and compared with its neighbours
    direction = np.cos(np.arange(1, roots.shape[1] + 1) ** 2)
    along = roots @ direction
    roots = roots * np.where(along < 0, -1.0, 1.0)[:, None]
    kept: list[np.ndarray] = []
    places: dict[tuple, None] = {}
    for root, key in zip(roots, map(tuple, np.rint(roots / SAME).astype(np.int64)), strict=True):
        if key not in places:
            places[key] = None
            if all(np.abs(root - other).max() > SAME for other in kept):
                kept.append(root)
    return np.array(kept)

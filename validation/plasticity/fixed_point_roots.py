"""Roots of x = J phi + k C phi, C = |phi|^2/N: the fixed points of a small plastic network."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dmft.units.leaky import LEAKY

from ..simulation.unit_steps import UnitSteps
from .tuning import (
    EQUAL_ROOTS,
    JACOBIAN_SHIFT,
    LARGEST_RESIDUAL,
    NEWTON_BATCH,
    NEWTON_STEPS,
    RELAXATION_STEP,
    RELAXATION_TIME,
    ZERO_ROOT,
)


def find_fixed_points(J: np.ndarray, k: float, phi: Callable, slope: Callable) -> np.ndarray:
    """(F, N) fixed points, one of each pair x, -x, without x = 0.

    Newton's method starts from all sign patterns, and from the states to which they relax.
    """
    signs = sign_patterns(len(J))
    starts = max(1.0, k) * signs
    relaxed = relax(J, k, phi, starts)
    roots = [newton_roots(J, k, phi, slope, some[first:first + NEWTON_BATCH])
             for some in (relaxed, starts) for first in range(0, len(signs), NEWTON_BATCH)]
    return _distinct(np.concatenate(roots))


def sign_patterns(neurons: int) -> np.ndarray:
    """All (2^(N-1), N) patterns of 1 and -1 whose first entry is 1."""
    numbers = np.arange(2 ** (neurons - 1))[:, None]
    bits = numbers >> np.arange(neurons - 1) & 1
    return np.hstack([np.ones((len(numbers), 1)), 1.0 - 2.0 * bits])


def relax(J: np.ndarray, k: float, phi: Callable, x: np.ndarray) -> np.ndarray:
    """States to which (1 + d/dt) x = J phi + k C phi relaxes from x (M, N)."""
    x = x.copy()
    units = UnitSteps(LEAKY, RELAXATION_STEP, 0.0, x)
    for _ in range(round(RELAXATION_TIME / RELAXATION_STEP)):
        rates = phi(x)
        units.advance(rates @ J.T + k * np.mean(rates**2, axis=1, keepdims=True) * rates)
    return x


def newton_roots(J: np.ndarray, k: float, phi: Callable, slope: Callable,
                 x: np.ndarray) -> np.ndarray:
    """Roots (M', N) of x - J phi - k C phi that Newton's method reaches from x (M, N)."""
    N = len(J)
    for _ in range(NEWTON_STEPS):
        rates, gains = phi(x), slope(x)
        C = np.mean(rates**2, axis=1)[:, None]
        residual = x - rates @ J.T - k * C * rates
        matrix = np.eye(N) - J * gains[:, None, :]
        matrix[:, np.arange(N), np.arange(N)] -= k * C * gains
        matrix -= 2 * k / N * rates[:, :, None] * (rates * gains)[:, None, :]
        with np.errstate(all="ignore"):
            steps = np.linalg.solve(matrix + JACOBIAN_SHIFT * np.eye(N),
                                    residual[:, :, None])[:, :, 0]
            # far from a root a full step may diverge: limited to 1 in every unit
            x = x - steps / np.maximum(1.0, np.abs(steps).max(axis=1))[:, None]
    rates = phi(x)
    residual = x - rates @ J.T - k * np.mean(rates**2, axis=1)[:, None] * rates
    return x[np.abs(residual).max(axis=1) < LARGEST_RESIDUAL]


def _distinct(roots: np.ndarray) -> np.ndarray:
    """The distinct roots up to sign, without zero."""
    roots = roots[np.abs(roots).max(axis=1, initial=0) > ZERO_ROOT]
    if not len(roots):
        return roots
    # the sign of a root is fixed by that of a generic linear combination of its entries
    direction = np.cos(np.arange(1, roots.shape[1] + 1) ** 2)
    along = roots @ direction
    roots = roots * np.where(along < 0, -1.0, 1.0)[:, None]
    kept: list[np.ndarray] = []
    places: dict[tuple, None] = {}
    keys = map(tuple, np.rint(roots / EQUAL_ROOTS).astype(np.int64))
    for root, key in zip(roots, keys, strict=True):
        if key not in places:
            places[key] = None
            if all(np.abs(root - other).max() > EQUAL_ROOTS for other in kept):
                kept.append(root)
    return np.array(kept)

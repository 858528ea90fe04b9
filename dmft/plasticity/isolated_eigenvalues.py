"""Eigenvalues of the joint Jacobian outside of its support, at a fixed point."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..network import AnyNetwork
from .joint_density import loop_gain

STARTS = 9  # along each side of the rectangle
STEPS = 60


def isolated_eigenvalues(network: AnyNetwork, C: float, x: np.ndarray, density: np.ndarray,
                         box: tuple[float, float, float],
                         contains: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Roots outside the support of C = <phi phi' (x + L phi)/(1 + lambda - L phi')>.

    L = k C/(1 + p lambda). At a fixed point J is Gaussian but for J phi = eta: J = eta phi^T/(N C)
    and independent couplings. With A = (k/N) phi phi^T and the rank-one term L/(N C) phi phi^T all
    that is not independent is one outer product, of (x + L phi)/(N C) and phi; outside the
    support the independent couplings do not change its eigenvalue.

    Returns
    -------
    (m,) complex array
        The largest real part first.
    """
    if C <= 0:
        return np.zeros(0, complex)
    phi, slope = network.phi(x), network.phi.derivative(x)
    weight = np.zeros_like(x)
    weight[1:] += np.diff(x) / 2
    weight[:-1] += np.diff(x) / 2
    weight = weight * density * phi * slope / C

    def excess(lam: np.ndarray) -> np.ndarray:
        loop = loop_gain(network, lam, C)[..., None]
        return ((x + loop * phi) / (1 + lam[..., None] - loop * slope)) @ weight - 1

    left, right, top = box
    wide = right - left
    across = np.linspace(left - wide / 2, right + wide / 2, 4 * STARTS + 1)
    lam = (across[:, None] + 1j * np.linspace(0, 1.5 * top, STARTS)).ravel()
    lam = lam[~contains(lam)] + 1e-9
    with np.errstate(all="ignore"):
        for _ in range(STEPS):
            value, step = excess(lam), 1e-6
            slope_here = (excess(lam + step) - excess(lam - step)) / (2 * step)
            move = -value / slope_here
            lam = lam + move * np.minimum(1.0, 0.2 / np.abs(move))
        good = np.isfinite(lam) & (np.abs(excess(lam)) < 1e-9)
    lam = lam[good]
    lam = np.where(np.abs(lam.imag) < 1e-8, lam.real, lam.real + 1j * np.abs(lam.imag))
    found: list[complex] = []
    for one in lam[~contains(lam)]:
        if all(abs(one - other) > 1e-6 for other in found):
            found += [complex(one)] if one.imag == 0 else [complex(one), complex(np.conj(one))]
    return np.array(sorted(found, key=lambda one: (-one.real, -one.imag)), dtype=complex)

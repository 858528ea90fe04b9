"""Isolated eigenvalues of the joint Jacobian, outside its support, at a fixed point."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..equations import plasticity as equations
from ..network.network import AnyNetwork
from .joint_density import loop_gain
from .tuning import IMAGINARY_STARTS, LONGEST_SECANT_STEP, REAL_STARTS, SECANT_STEPS


def coherent_gain(network: AnyNetwork, C: float, x: np.ndarray, density: np.ndarray,
                  lam: np.ndarray) -> np.ndarray:
    """Average of `equations.coherent_response` over the units, at each lambda.

    At lambda = 0 it is the derivative of <phi^2> with respect to the C that enters the units.
    """
    phi, slope = network.phi(x), network.phi.derivative(x)
    weight = np.zeros_like(x)
    weight[1:] += np.diff(x) / 2
    weight[:-1] += np.diff(x) / 2
    loop = loop_gain(network, lam, C)[..., None]
    return equations.coherent_response(x, phi, slope, lam[..., None], loop, C) @ (weight * density)


def isolated_eigenvalues(network: AnyNetwork, C: float, x: np.ndarray, density: np.ndarray,
                         box: tuple[float, float, float],
                         contains: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Roots of coherent_gain = 1 outside the support.

    At a fixed point J is Gaussian conditioned on J phi = eta: it is eta phi^T/(N C) plus
    independent couplings. Together with A = (k/N) phi phi^T, and L/(N C) phi phi^T from the
    response of the synapses, L = k C/(1 + p lambda), the structured part is one outer product, of
    (x + L phi)/(N C) and phi. Outside the support the independent couplings do not change its
    eigenvalue.

    Parameters
    ----------
    network : Network
        With plastic couplings.
    C : float
        Mean square of phi at the fixed point.
    x, density : (n,) arrays
        Distribution of x over the units (of abs(x) where phi is odd).
    box : (left, right, top)
        Rectangle that holds the support.
    contains : callable
        contains(lam) -> whether each lambda lies in the support.

    Returns
    -------
    (m,) complex array
        The eigenvalues, largest real part first.
    """
    if C <= 0:
        return np.zeros(0, complex)

    def excess(lam: np.ndarray) -> np.ndarray:
        return coherent_gain(network, C, x, density, lam) - 1

    left, right, top = box
    width = right - left
    across = np.linspace(left - width / 2, right + width / 2, REAL_STARTS)
    lam = (across[:, None] + 1j * np.linspace(0, 1.5 * top, IMAGINARY_STARTS)).ravel()
    lam = lam[~contains(lam)]
    before, lam = lam + 1e-4, lam + 0j
    value_before = excess(before)
    ended = []
    with np.errstate(all="ignore"):
        for _ in range(SECANT_STEPS):  # of the secant method, from all starts at once
            value = excess(lam)
            step = -value * (lam - before) / (value - value_before)
            done = (np.abs(step) < 1e-12) | (np.abs(value) < 1e-14)
            ended.append(lam[done & (np.abs(value) < 1e-9)])
            step = step * np.minimum(1.0, LONGEST_SECANT_STEP / np.abs(step))
            active = ~done & np.isfinite(step) & (
                np.abs(lam + step - (left + right) / 2) < 3 * (width + top))
            before, value_before, lam = lam[active], value[active], (lam + step)[active]
    lam = np.concatenate(ended)
    lam = np.where(np.abs(lam.imag) < 1e-8, lam.real, lam.real + 1j * np.abs(lam.imag))
    found: list[complex] = []
    for one in lam[~contains(lam)]:
        if all(abs(one - other) > 1e-6 for other in found):
            found += [complex(one)] if one.imag == 0 else [complex(one), complex(np.conj(one))]
    return np.array(sorted(found, key=lambda one: (-one.real, -one.imag)), dtype=complex)

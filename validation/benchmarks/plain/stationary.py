"""The stationary theory as a research script solves it: the reference for `dmft.solve`.

Not used by the package. It is written as such scripts usually are: a grid of lags, a
product quadrature at each lag, an FFT, and a damped iteration from an exponential start.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import fft
from scipy.linalg import eigh_tridiagonal

Average = Callable[[np.ndarray], np.ndarray]  # Delta at the lags -> C_phi at the lags


def grid(span: float = 100.0, dt: float = 0.05) -> np.ndarray:
    """Lags 0, dt, ..., span."""
    return dt * np.arange(round(span / dt) + 1)


def gauss_hermite(phi: Callable, nodes: int = 64) -> Average:
    """<phi phi> by a Gauss-Hermite product rule, one lag after the other."""
    z, weight = np.polynomial.hermite_e.hermegauss(nodes)
    weight = weight / weight.sum()

    def average(Delta: np.ndarray) -> np.ndarray:
        width = np.sqrt(Delta[0])
        C = np.empty_like(Delta)
        for k in range(len(Delta)):
            c = np.clip(Delta[k] / Delta[0], -1.0, 1.0)
            x = width * z[:, None]
            y = width * (c * z[:, None] + np.sqrt(1 - c**2) * z[None, :])
            C[k] = weight @ (phi(x) * phi(y)) @ weight
        return C

    return average


def erf_closed_form(Delta: np.ndarray) -> np.ndarray:
    """<phi phi> of phi(x) = erf(sqrt(pi) x / 2), for scripts that choose this phi."""
    return 2 / np.pi * np.arcsin(np.pi / 2 * Delta / (1 + np.pi / 2 * Delta[0]))


def step(Delta: np.ndarray, average: Average, g: float, dt: float) -> np.ndarray:
    """The self-consistent map: the low-pass filter of g^2 C_phi, on the two-sided grid."""
    C = average(Delta)
    spectrum = fft.rfft(np.concatenate([C, C[-2:0:-1]]))
    omega = 2 * np.pi * fft.rfftfreq(2 * len(C) - 2, dt)
    return fft.irfft(g**2 * spectrum / (1 + omega**2), 2 * len(C) - 2)[:len(C)]


def iterate(average: Average, g: float, tau: np.ndarray, *, damping: float = 0.5,
            tol: float = 1e-10, max_iter: int = 5000) -> tuple[np.ndarray, int]:
    """Delta at the lags, and the number of iterations until the map changes it by less than tol."""
    Delta = np.exp(-tau)
    for iteration in range(1, max_iter + 1):
        new = step(Delta, average, g, tau[1])
        residual = np.max(np.abs(new - Delta))
        Delta = (1 - damping) * Delta + damping * new
        if residual < tol:
            return Delta, iteration
    raise RuntimeError(f"no convergence in {max_iter} iterations (residual {residual:.1e})")


def erf_slopes(Delta: np.ndarray) -> np.ndarray:
    """<phi' phi'> of the same phi, the derivative of `erf_closed_form` in Delta."""
    k = np.pi / 2 / (1 + np.pi / 2 * Delta[0])
    return 2 / np.pi * k / np.sqrt(1 - (k * Delta) ** 2)


def exponent(potential: np.ndarray, dt: float) -> float:
    """The largest Lyapunov exponent, from second differences on a grid of lags (even states)."""
    diagonal = potential + 2 / dt**2
    beside = np.full(len(potential) - 1, -1 / dt**2)
    beside[0] *= np.sqrt(2)  # the slope at zero lag vanishes
    E0, = eigh_tridiagonal(diagonal, beside, eigvals_only=True, select="i", select_range=(0, 0))
    return float(np.sqrt(1 - E0) - 1)


def interpolated(average: Average, degree: int = 64) -> Average:
    """The same quadrature, evaluated at few correlations and interpolated between them.

    Only to count the iterations of `iterate` at low cost: with
    Delta = Delta(0) sin(theta) the quadrature is smooth in theta, so that a polynomial in theta
    reproduces it, its errors included.
    """
    nodes = np.polynomial.chebyshev.chebpts1(degree)
    theta = np.pi / 4 * (nodes + 1)  # 0 to pi/2; the average is odd in Delta for odd phi

    def fast(Delta: np.ndarray) -> np.ndarray:
        probes = np.append(Delta[0], Delta[0] * np.sin(theta))
        series = np.polynomial.chebyshev.chebfit(nodes, average(probes)[1:], degree - 1)
        angle = np.arcsin(np.clip(np.abs(Delta) / Delta[0], 0.0, 1.0))
        place = angle * 4 / np.pi - 1
        return np.sign(Delta) * np.polynomial.chebyshev.chebval(place, series)

    return fast

"""Fourier integrals of functions of the lag, at frequencies off their grid."""

from __future__ import annotations

import numpy as np
from scipy.interpolate import CubicSpline

from ..equations import linear_response
from .lags import Lags

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(3)
# One-sided first derivative of fourth order, times dt.
_SLOPE = np.array([-25.0, 48.0, -36.0, 16.0, -3.0]) / 12
BLOCK = 32  # lags of which the waves are computed; those of all others are products


def even_transform(lags: Lags, even: np.ndarray, omega: np.ndarray,
                   corner: bool = False) -> np.ndarray:
    """int f(tau) exp(-i omega tau) dtau of even functions (n,) or (n, q) at the lags.

    At omega (m,), by the trapezoidal sum, exact to rounding for a function that is smooth at zero
    lag and has decayed. A corner there, as white noise makes, is taken out as
    -f'(0) exp(-abs(tau)). Beyond the grid's highest frequency pi/dt the rest is zero.
    """
    weights = np.full(len(lags), 2 * lags.dt)
    weights[[0, -1]] /= 2
    if not corner:
        return _below_nyquist(lags, omega, (weights * even.T).T).real
    slope = _slope(lags, even)
    weighted = weights * (even + slope * linear_response.response(lags.tau))
    return (_below_nyquist(lags, omega, weighted).real
            - 2 * slope * linear_response.lowpass_power(omega))


def causal_transform(lags: Lags, values: np.ndarray, omega: np.ndarray) -> np.ndarray:
    """int_0^span f(tau) exp(-i omega tau) dtau of a response given at the lags, at omega (m,).

    The jump at zero lag that makes it fall slowly, f(0) + f'(0) tau, is taken out as
    (b + c tau) exp(-tau), of which the transform is known; the rest is integrated as a cubic
    spline, of error dt^4, and is zero beyond pi/dt.
    """
    tau, first = lags.tau, values[0]
    second = _slope(lags, values) + first
    rest = CubicSpline(tau, values - (first + second * tau) * linear_response.response(tau))
    H = linear_response.lowpass(omega)
    found = first * H + second * H**2
    for node, weight in zip(lags.dt * (1 + _NODES) / 2, lags.dt * _WEIGHTS / 2, strict=True):
        part = _below_nyquist(lags, omega, weight * rest(tau[:-1] + node))
        found = found + np.exp(-1j * omega * node) * part
    return found


def _slope(lags: Lags, values: np.ndarray) -> float:
    """f'(0+)."""
    return float(_SLOPE @ values[:5]) / lags.dt


def _below_nyquist(lags: Lags, omega: np.ndarray, weighted: np.ndarray) -> np.ndarray:
    """Sum over k of weighted[k] exp(-i omega k dt) for (n,) or (n, q), zero beyond pi/dt.

    With k = 32 a + b the wave is the product of two, of which few are different.
    """
    inside = np.abs(omega) <= np.pi / lags.dt
    angle = -1j * lags.dt * omega[inside, None]
    blocks = -(-len(weighted) // BLOCK)
    padded = np.zeros((blocks * BLOCK, *weighted.shape[1:]))
    padded[:len(weighted)] = weighted
    table = padded.reshape(blocks, BLOCK, -1)
    within, across = np.exp(angle * np.arange(BLOCK)), np.exp(angle * BLOCK * np.arange(blocks))
    found = np.zeros((len(omega), *weighted.shape[1:]), dtype=complex)
    sums = np.einsum("ma,maq->mq", across, np.tensordot(within, table, axes=(1, 1)))
    found[inside] = sums.reshape(-1, *weighted.shape[1:])
    return found

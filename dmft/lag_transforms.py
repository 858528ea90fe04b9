"""Fourier integrals of functions of the lag, at frequencies off their grid."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.interpolate import CubicSpline

from .equations import linear_response
from .grids import Lags

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(3)
# One-sided first derivative of fourth order, times dt.
_SLOPE = np.array([-25.0, 48.0, -36.0, 16.0, -3.0]) / 12
CHUNK = 2**22  # waves at a time


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
        return _below_nyquist(lags, omega, lags.tau, (weights * even.T).T, np.cos)
    slope = _slope(lags, even)
    weighted = weights * (even + slope * linear_response.response(lags.tau))
    return (_below_nyquist(lags, omega, lags.tau, weighted, np.cos)
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
    half = lags.dt / 2
    at = (tau[:-1, None] + half * (1 + _NODES)).ravel()
    weighted = (rest(at).reshape(-1, 3) * (half * _WEIGHTS)).ravel()
    H = linear_response.lowpass(omega)
    return first * H + second * H**2 + _below_nyquist(
        lags, omega, at, weighted, lambda angle: np.exp(-1j * angle))


def _slope(lags: Lags, values: np.ndarray) -> float:
    """f'(0+)."""
    return float(_SLOPE @ values[:5]) / lags.dt


def _below_nyquist(lags: Lags, omega: np.ndarray, at: np.ndarray, weighted: np.ndarray,
                   wave: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Sum of the weighted values times wave(omega at), zero beyond pi/dt."""
    inside = np.flatnonzero(np.abs(omega) <= np.pi / lags.dt)
    found = np.zeros((len(omega), *weighted.shape[1:]), dtype=wave(np.zeros(1)).dtype)
    step = max(1, CHUNK // len(at))
    for k in range(0, len(inside), step):
        part = inside[k:k + step]
        found[part] = wave(omega[part, None] * at) @ weighted
    return found

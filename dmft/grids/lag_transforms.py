"""Fourier integrals of functions of the lag, at any frequencies."""

from __future__ import annotations

import numpy as np
from scipy.interpolate import CubicSpline

from ..equations import linear_response
from .lags import Lags
from .tuning import LAGS_PER_BLOCK

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(3)
# One-sided difference for the first derivative, of fourth order, times dt.
_SLOPE = np.array([-25.0, 48.0, -36.0, 16.0, -3.0]) / 12


def even_transform(lags: Lags, even: np.ndarray, omega: np.ndarray,
                   corner: bool = False) -> np.ndarray:
    """int f(tau) exp(-i omega tau) dtau of even functions (n,) or (n, q) at the lags.

    The trapezoidal sum is exact to rounding for a function that is smooth at zero lag and has
    decayed at the last one. With `corner`, f'(0+) is not zero, as with white noise: the corner is
    subtracted as -f'(0+) exp(-abs(tau)) and transformed in closed form. Beyond the highest
    frequency of the grid, pi/dt, the remainder is zero.

    Parameters
    ----------
    lags : Lags
        Grid of n lags.
    even : (n,) or (n, q) array
        f, or q functions; one function if `corner`.
    omega : (m,) array
        Frequencies, of either sign.
    corner : bool
        Whether f has a corner at zero lag.

    Returns
    -------
    (m,) or (m, q) real array
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

    The jump of f and f' at zero lag makes the transform decay slowly. It is subtracted as
    (b + c tau) exp(-tau), with b = f(0) and c = f'(0) + f(0), whose transform is known; the
    remainder is integrated as a cubic spline, with an error of order dt^4, and is zero beyond
    pi/dt.

    Parameters
    ----------
    lags : Lags
        Grid of n lags.
    values : (n,) array
        f.
    omega : (m,) array
        Frequencies, of either sign.

    Returns
    -------
    (m,) complex array
    """
    tau, first = lags.tau, values[0]
    second = _slope(lags, values) + first
    remainder = CubicSpline(tau, values - (first + second * tau) * linear_response.response(tau))
    H = linear_response.lowpass(omega)
    found = first * H + second * H**2
    for node, weight in zip(lags.dt * (1 + _NODES) / 2, lags.dt * _WEIGHTS / 2, strict=True):
        part = _below_nyquist(lags, omega, weight * remainder(tau[:-1] + node))
        found = found + np.exp(-1j * omega * node) * part
    return found


def causal_sum(lags: Lags, values: np.ndarray, omega: np.ndarray) -> np.ndarray:
    """Sum over n of f(n) exp(-i omega n) of a response (n,) in discrete time, at omega (m,)."""
    return lags.dt * _below_nyquist(lags, omega, values)


def _slope(lags: Lags, values: np.ndarray) -> float:
    """f'(0+)."""
    return float(_SLOPE @ values[:5]) / lags.dt


def _below_nyquist(lags: Lags, omega: np.ndarray, weighted: np.ndarray) -> np.ndarray:
    """Sum over k of weighted[k] exp(-i omega k dt) for (n,) or (n, q), zero beyond pi/dt.

    With k = 32 a + b, exp(-i omega k dt) is the product of a factor for a and one for b, so that
    few exponentials are computed.
    """
    inside = np.abs(omega) <= np.pi / lags.dt
    angle = -1j * lags.dt * omega[inside, None]
    blocks = -(-len(weighted) // LAGS_PER_BLOCK)
    padded = np.zeros((blocks * LAGS_PER_BLOCK, *weighted.shape[1:]))
    padded[:len(weighted)] = weighted
    table = padded.reshape(blocks, LAGS_PER_BLOCK, -1)
    within = np.exp(angle * np.arange(LAGS_PER_BLOCK))
    across = np.exp(angle * LAGS_PER_BLOCK * np.arange(blocks))
    found = np.zeros((len(omega), *weighted.shape[1:]), dtype=complex)
    sums = np.einsum("ma,maq->mq", across, np.tensordot(within, table, axes=(1, 1)))
    found[inside] = sums.reshape(-1, *weighted.shape[1:])
    return found

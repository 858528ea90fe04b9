"""The mean response of a sampled site, as a causal function that its correlations determine."""

from __future__ import annotations

import numpy as np

from ..grids.lags import Lags

RATES = 10
SLOWEST = 5.0  # slowest rate of the basis, over the window's span
FASTEST = 5.0  # fastest, over the fastest linear rate
FLOOR = 1e-5  # of the largest power of phi: what is below is not looked at
RCOND = 1e-7


def causal_fit(cross: np.ndarray, base: np.ndarray, slope: float, lags: Lags, signal: np.ndarray,
               unexplained: np.ndarray, power: np.ndarray) -> np.ndarray:
    """Causal response nearest to a raw estimate of it, (n,) at `lags.omega`.

    The response of phi to v is base(omega) times a filter that tends to `slope` at high
    frequency, because the response just after an impulse is <phi'> exactly; the filter is that
    constant plus a sum of causal exponentials, whose weights are a least-squares fit. The raw
    estimate cross/sqrt(signal) fluctuates from frequency to frequency and is not causal: nearly
    all of its noise is orthogonal to causal functions that vary this smoothly.

    Parameters
    ----------
    cross : (n,) complex array
        Raw response times the square root of `signal`: <phi z*> for v = sqrt(V) z.
    base : (n,) complex array
        Response of the linear site, 1/(1 - slope H K): it tends to one.
    slope : float
        <phi'>.
    signal, unexplained, power : (n,) arrays
        Spectra of v, of the part of phi that makes the noise of `cross`, and of phi.
    """
    rates = np.geomspace(SLOWEST / lags.span, FASTEST * fastest_rate(base, lags), RATES)
    basis = base[:, None] * (rates / (rates + 1j * lags.omega[:, None]))
    weight = 1 / np.sqrt(unexplained + FLOOR * float(np.max(power)))
    weight[[0, -1]] /= np.sqrt(2)  # real there
    size = weight * np.sqrt(signal)
    rest = cross * weight - slope * base * size
    columns = basis * size[:, None]
    if not (np.all(np.isfinite(rest)) and np.all(np.isfinite(columns))):
        return slope * base  # the paths diverged, which is said elsewhere
    amounts, *_ = np.linalg.lstsq(np.concatenate([columns.real, columns.imag]),
                                  np.concatenate([rest.real, rest.imag]), rcond=RCOND)
    return slope * base + basis @ amounts


def fastest_rate(base: np.ndarray, lags: Lags) -> float:
    """Rate of the linear site just after an impulse, 1 without an instantaneous memory.

    base = (1 + i omega) / (rate + i omega) at high frequency.
    """
    omega = lags.omega[-2]
    return max(1.0, float(((1 + 1j * omega) / base[-2]).real))

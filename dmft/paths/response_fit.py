"""Mean response of a sampled site: a causal fit to the correlation of phi with the noise."""

from __future__ import annotations

import numpy as np

from ..grids.lags import Lags
from .tuning import (
    FASTEST_RATE,
    RESPONSE_POWER_FLOOR,
    RESPONSE_RATES,
    RESPONSE_RCOND,
    SLOWEST_RATE,
)


def causal_fit(cross: np.ndarray, base: np.ndarray, slope: float, lags: Lags, signal: np.ndarray,
               unexplained: np.ndarray, power: np.ndarray) -> np.ndarray:
    """Causal response, (n,) at `lags.omega`, closest to a raw estimate.

    The response of phi to v is base(omega) times a filter that tends to `slope` at high
    frequency, because the response just after an impulse is <phi'> exactly. The filter is this
    constant plus a sum of causal exponentials, whose weights are fitted by least squares. The raw
    estimate cross/sqrt(signal) fluctuates from frequency to frequency and is not causal. Nearly
    all of its noise is orthogonal to causal functions that vary as smoothly as the basis.

    Parameters
    ----------
    cross : (n,) complex array
        Raw response times the square root of `signal`: <phi z*> for v = sqrt(V) z.
    base : (n,) complex array
        Response of the linear surrogate, 1/(1 - slope H K), which tends to one.
    slope : float
        <phi'>.
    signal, unexplained, power : (n,) arrays
        Spectra of v, of the part of phi that causes the sampling noise of `cross`, and of phi.
    """
    rates = np.geomspace(SLOWEST_RATE / lags.span, FASTEST_RATE * fastest_rate(base, lags),
                         RESPONSE_RATES)
    basis = base[:, None] * (rates / (rates + 1j * lags.omega[:, None]))
    weight = 1 / np.sqrt(unexplained + RESPONSE_POWER_FLOOR * float(np.max(power)))
    weight[[0, -1]] /= np.sqrt(2)  # coefficients are real there
    size = weight * np.sqrt(signal)
    rest = cross * weight - slope * base * size
    columns = basis * size[:, None]
    if not (np.all(np.isfinite(rest)) and np.all(np.isfinite(columns))):
        return slope * base  # the paths diverged, which the iteration reports
    amounts, *_ = np.linalg.lstsq(np.concatenate([columns.real, columns.imag]),
                                  np.concatenate([rest.real, rest.imag]), rcond=RESPONSE_RCOND)
    return slope * base + basis @ amounts


def fastest_rate(base: np.ndarray, lags: Lags) -> float:
    """Decay rate of the linear surrogate just after an impulse; 1 without instantaneous memory.

    base = (1 + i omega) / (rate + i omega) at high frequency.
    """
    omega = lags.omega[-2]
    return max(1.0, float(((1 + 1j * omega) / base[-2]).real))

"""The response in time that belongs to a transfer function on a grid of frequencies."""

from __future__ import annotations

import numpy as np
from scipy import fft

from .lags import Lags

STRICT = 1e5  # weight of R(0+) = slope among the frequencies


def impulse_response(S: np.ndarray, slope: float, lags: Lags, shown: Lags) -> np.ndarray:
    """Response in time at the lags `shown`, of a transfer function on the grid of `lags`.

    R(0+) = slope. What falls off slowly with frequency is taken out as slope P + c P^2 + d P^3 +
    e P^4 with P = 1/(rate + i omega), fitted to the upper half of the frequencies, of which the
    response is known in closed form; what is left vanishes there and is transformed on the grid.
    (A sum of exponentials of many rates would follow S as well, but with amounts that cancel, and
    faster than the lags can show.)
    """
    rate = max(float((slope / S[-2]).real), 0.5) if S[-2] else 1.0
    P = 1 / (rate + 1j * lags.omega)
    high = slice(len(P) // 2, -1)
    columns, wanted = np.stack([P**2, P**3, P**4], axis=1), S - slope * P
    # The rest is to vanish at zero lag, where R = slope: its sum over frequencies that are kept.
    ends = np.ones(len(P))
    ends[[0, -1]] = 0.5, 0.0
    at_zero, at_zero_wanted = STRICT * (ends @ columns.real), STRICT * (ends @ wanted.real)
    amounts, *_ = np.linalg.lstsq(
        np.concatenate([columns[high].real, columns[high].imag, at_zero[None]]),
        np.concatenate([wanted[high].real, wanted[high].imag, [at_zero_wanted]]), rcond=1e-12)
    left = np.zeros(len(shown), dtype=complex)
    left[:len(lags)] = wanted - columns @ amounts
    left[len(lags) - 1:] = 0
    small = fft.irfft(left, 2 * (len(shown) - 1))[:len(shown)] / shown.dt
    tau = shown.tau
    start = slope + tau * (amounts[0] + tau * (amounts[1] / 2 + tau * amounts[2] / 6))
    return start * np.exp(-rate * tau) + small

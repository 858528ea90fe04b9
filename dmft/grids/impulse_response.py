"""The impulse response of a transfer function that is given on a grid of frequencies."""

from __future__ import annotations

import numpy as np
from scipy import fft

from .lags import Lags
from .tuning import SLOPE_WEIGHT


def impulse_response(S: np.ndarray, slope: float, lags: Lags, output: Lags) -> np.ndarray:
    """Response R(tau) at the lags of `output` of a transfer function S(omega) at those of `lags`.

    The part of S that decays slowly with frequency is subtracted as slope P + c P^2 + d P^3 +
    e P^4 with P = 1/(rate + i omega), fitted to the upper half of the frequencies; its response is
    known in closed form. The remainder vanishes there and is transformed on the grid. (A sum of
    exponentials of many rates would fit S as well, but with amplitudes that cancel, and with rates
    that the lags do not resolve.)

    Parameters
    ----------
    S : (n,) complex array
        Transfer function at `lags.omega`.
    slope : float
        R(0+).
    lags, output : Lags
        Grids of S and of the response, of the same span; `output` is as fine as `lags` or finer.

    Returns
    -------
    (m,) array
        R at `output.tau`.
    """
    rate = max(float((slope / S[-2]).real), 0.5) if S[-2] else 1.0
    P = 1 / (rate + 1j * lags.omega)
    high = slice(len(P) // 2, -1)
    columns, target = np.stack([P**2, P**3, P**4], axis=1), S - slope * P
    # The remainder vanishes at zero lag, where R = slope: so does its sum over the frequencies.
    ends = np.ones(len(P))
    ends[[0, -1]] = 0.5, 0.0
    sum_of_columns = SLOPE_WEIGHT * (ends @ columns.real)
    sum_of_target = SLOPE_WEIGHT * (ends @ target.real)
    coefficients, *_ = np.linalg.lstsq(
        np.concatenate([columns[high].real, columns[high].imag, sum_of_columns[None]]),
        np.concatenate([target[high].real, target[high].imag, [sum_of_target]]), rcond=1e-12)
    remainder = np.zeros(len(output), dtype=complex)
    remainder[:len(lags)] = target - columns @ coefficients
    remainder[len(lags) - 1:] = 0
    on_grid = fft.irfft(remainder, 2 * (len(output) - 1))[:len(output)] / output.dt
    tau = output.tau
    fitted = slope + tau * (coefficients[0] + tau * (coefficients[1] / 2
                                                     + tau * coefficients[2] / 6))
    return fitted * np.exp(-rate * tau) + on_grid

"""The transfer function of a memory kernel of the past, from its values on a grid of its own."""

from __future__ import annotations

import numpy as np
from scipy import fft

from ..equations import linear_response
from ..grids.lags import Lags
from .site_kernels import Averages, Kernel
from .tuning import LARGEST_STEP, LEAST_STEPS


def transfer_function(kernel: Kernel, known: Averages, rate: float, omega: np.ndarray
                      ) -> np.ndarray:
    """int_0^inf K(tau) exp(-(rate + i omega) tau) dtau at frequencies (m,).

    The grid of the kernel is finer than that of the averages where its weight decays fast, and
    longer where it decays slowly. Value and slope at zero lag are subtracted as (b + c tau)
    exp(-tau), with a known transform, so that the trapezoidal sum of the rest is of fourth order.
    """
    tau = _grid(kernel, known)
    dt = float(tau[1])
    values = kernel.at(known, tau, dt) * np.exp(-rate * tau)
    first = float(values[0])
    second = float(np.array([-25.0, 48.0, -36.0, 16.0, -3.0]) @ values[:5]) / (12 * dt) + first
    rest = values - (first + second * tau) * linear_response.response(tau)
    H = linear_response.lowpass(omega)
    return first * H + second * H**2 + _sum(rest, tau, known.lags, omega)


def _grid(kernel: Kernel, known: Averages) -> np.ndarray:
    """Lags with a step that divides that of the averages."""
    reach = min(kernel.reach(0), known.lags.span) if "R" in kernel.names else kernel.reach(0)
    reach = max(reach, 20.0)  # the part exp(-tau) that is subtracted decays too
    step = min(LARGEST_STEP, kernel.reach(0) / LEAST_STEPS)
    parts = 2 ** max(0, int(np.ceil(np.log2(known.lags.dt / step))))
    dt = known.lags.dt / parts
    return dt * np.arange(max(int(np.ceil(reach / dt)), 8) + 1)


def _sum(values: np.ndarray, tau: np.ndarray, lags: Lags, omega: np.ndarray) -> np.ndarray:
    """Trapezoidal sum over the lags, by FFT at the frequencies of the grid."""
    dt = float(tau[1])
    weighted = dt * values
    weighted[[0, -1]] /= 2
    if len(omega) != len(lags.omega) or not np.array_equal(omega, lags.omega):
        inside = np.abs(omega) <= np.pi / dt
        found = np.zeros(len(omega), dtype=complex)
        for part in np.array_split(np.flatnonzero(inside), max(1, len(omega) // 256)):
            found[part] = np.exp(-1j * np.outer(omega[part], tau)) @ weighted
        return found
    period = round(2 * lags.span / dt)
    folded = np.zeros(period)
    np.add.at(folded, np.arange(len(tau)) % period, weighted)
    return fft.rfft(folded)[:len(omega)]

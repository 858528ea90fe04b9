"""Paths on the periodic window of a grid of lags, as Fourier coefficients of Gaussian noise."""

from __future__ import annotations

import numpy as np
from scipy import fft

from ..grids.lags import Lags
from ..units.unit import Unit


def unit_noise(rng: np.random.Generator, count: int, lags: Lags) -> np.ndarray:
    """(n, count) complex normal amplitudes at `lags.omega`, with mean square one.

    Amplitudes are drawn frequency by frequency: a finer step on the same span adds frequencies and
    leaves the lower ones unchanged. Their sample power is not made exact: it would reduce the
    errors of averages by less than can be told from the paths, so that standard errors would be
    too large.
    """
    pairs = rng.standard_normal((len(lags), count, 2))
    z = (pairs[..., 0] + 1j * pairs[..., 1]) / np.sqrt(2)
    z[[0, -1]] = pairs[[0, -1], :, 0]  # real at frequency zero and at the highest
    return z


def amplitude(lags: Lags) -> float:
    """Root mean square of the Fourier coefficients of a path whose spectrum is one."""
    return float(np.sqrt(period_steps(lags) / lags.dt))


def period_steps(lags: Lags) -> int:
    """Number of times in the periodic window, whose length is twice the span."""
    return 2 * (len(lags) - 1)


def in_time(coefficients: np.ndarray, lags: Lags) -> np.ndarray:
    """(..., 2n - 2) paths in time, from their Fourier coefficients (..., n)."""
    return fft.irfft(coefficients, period_steps(lags), axis=-1)


def in_frequency(paths: np.ndarray) -> np.ndarray:
    """(..., n) Fourier coefficients of paths in time: the inverse of `in_time`."""
    return fft.rfft(paths, axis=-1)


def spectrum(power: np.ndarray, lags: Lags) -> np.ndarray:
    """Spectrum of paths, from the mean square of their Fourier coefficients."""
    return power / amplitude(lags) ** 2


def white_spectrum(lags: Lags, noise: float, unit: Unit) -> np.ndarray:
    """Spectrum of a unit with white noise, sampled on the grid (with aliasing)."""
    return lags.spectrum(noise**2 * unit.white_correlation(lags.tau))


def real_at_nyquist(transfer: np.ndarray) -> np.ndarray:
    """The transfer function with a real value at the Nyquist frequency, required by real paths."""
    transfer[-1] = transfer[-1].real
    return transfer

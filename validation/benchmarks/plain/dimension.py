"""The plain script for the dimension of activity: a two-dimensional FFT on a uniform grid."""

from __future__ import annotations

import numpy as np


def dimension(C: np.ndarray, gain: float, g: float, dt: float) -> float:
    """PR_phi / N of independent couplings, from C_phi on n lags -n dt/2 ... of period n dt.

    The kernel C1 C2 / abs(1 - g^2 S1 S2*)^2 is built on all n x n pairs of frequencies of the FFT,
    transformed back to the n x n pairs of lags, and read at zero.
    """
    n = len(C)
    omega = 2 * np.pi * np.fft.fftfreq(n, dt)
    spectrum = np.fft.fft(np.fft.ifftshift(C)).real * dt
    S = gain / (1 + 1j * omega)
    c = g**2 * np.outer(S, np.conj(S))
    kernel = np.outer(spectrum, spectrum) / np.abs(1 - c) ** 2
    pairs = np.fft.ifft2(kernel) / dt**2
    return float(C[n // 2] ** 2 / pairs[0, 0].real)

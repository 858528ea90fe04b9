"""The start of the kernels: gains replaced by their correlation, which is exact at the edge."""

from __future__ import annotations

import numpy as np
from scipy import fft, linalg

from .tangent_kernels import Functional, Kernels
from .tuning import ACTIVE_SHARE, CLOSURE_FLOOR, CLOSURE_SWEEPS, START_FLOOR
from .window import Window


def closure(window: Window, L2: np.ndarray, slopes: np.ndarray, functional: Functional) -> Kernels:
    """Kernels if gains are replaced by their correlation <d d'> (m,) on the ring.

    Exact at the edge of the spectrum, without memory. It starts at the edge's mode, the ground
    state of the Schroedinger problem on the ring. L2 (h,) is |L|^2 at the harmonics.
    """
    gain = float(functional(np.zeros(1))[1][0])

    def positive(spectrum: np.ndarray) -> np.ndarray:  # rounding leaves signs of its own
        return np.maximum(spectrum, CLOSURE_FLOOR * np.max(spectrum))

    def times_slopes(spectrum: np.ndarray) -> np.ndarray:
        return positive(fft.rfft(slopes * fft.irfft(spectrum, window.points)).real)

    inverse = linalg.toeplitz(fft.irfft(L2, window.points))
    _, modes = linalg.eigh(inverse - gain * np.diag(slopes), subset_by_index=[0, 0])
    mode = np.roll(np.abs(modes[:, 0]), -int(np.argmax(np.abs(modes[:, 0]))))
    P = positive(0.3 * fft.rfft(mode).real)
    P = np.maximum(P, START_FLOOR * np.max(P))  # gains that are almost constant spread it slowly
    B = times_slopes(P)
    for _ in range(CLOSURE_SWEEPS):
        slope = functional(B * P)[1]
        A, C = slope * B, times_slopes(slope * P)
        Q = 1 / (C + L2 / A)
        new_B, new_P = times_slopes(Q), positive(C * Q / A)
        gauge = np.sqrt(np.sum(new_P) / np.sum(new_B))
        B, P = new_B * gauge, new_P / gauge
    return Kernels(B, P)


def critical_gain(window: Window, L2: np.ndarray, slopes: np.ndarray) -> float:
    """The gain w'(0) at which the edge of the closure has this |L|^2."""
    inverse = linalg.toeplitz(fft.irfft(L2, window.points))
    last = window.points - 1
    largest = linalg.eigh(np.diag(slopes), inverse, subset_by_index=[last, last],
                          eigvals_only=True)
    return 1 / float(largest[0])


def active(L2: np.ndarray, start: Kernels) -> np.ndarray:
    """Harmonics in which A/|L|^2 or P is not negligible."""
    size = start.B / L2
    shares = np.maximum(size / size.max(), start.P / start.P.max())
    return np.flatnonzero(shares > ACTIVE_SHARE)

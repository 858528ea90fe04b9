"""Stationary Gaussian paths on the periodic window of a grid of lags, by their frequencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import fft

from ..equations import linear_response
from ..grids.lags import Lags


@dataclass(eq=False)
class Paths:
    """Paths of one site with one realisation of its noise, moved in place.

    Parameters
    ----------
    lags : Lags
        Grid of lags, n of them; the paths are periodic with twice its span.
    window : (n,) array
        Lag window: one where correlations live, zero where only their sampling noise does.
    z : (P, n) complex array
        Unit noise, drawn once: the Gaussian input is sqrt(V) z.
    x, phi : (P, n) complex arrays
        Fourier coefficients of x and phi(x).
    begun : bool
        Whether x and phi hold paths already.
    """

    lags: Lags
    window: np.ndarray
    z: np.ndarray
    x: np.ndarray
    phi: np.ndarray
    begun: bool = False

    @classmethod
    def draw(cls, seeds: Sequence[int], size: int, lags: Lags, window: np.ndarray) -> Paths:
        """A group of `size` paths with unit noise of its own for each seed."""
        z = np.empty((len(seeds) * size, len(lags)), dtype=complex)
        for k, seed in enumerate(seeds):
            z[k * size:(k + 1) * size] = unit_noise(np.random.default_rng(seed), size, lags)
        return cls(lags, window, z, np.zeros_like(z), np.zeros_like(z))

    def __len__(self) -> int:
        return len(self.z)

    def split(self, groups: int) -> list[Paths]:
        """The groups, each as a set of paths of its own on the same memory."""
        size = len(self) // groups
        rows = [slice(k * size, (k + 1) * size) for k in range(groups)]
        return [Paths(self.lags, self.window, self.z[r], self.x[r], self.phi[r], self.begun)
                for r in rows]


def unit_noise(rng: np.random.Generator, count: int, lags: Lags) -> np.ndarray:
    """(count, n) complex normal amplitudes at `lags.omega`, of mean square exactly one at each.

    Their sample power is exact at every frequency (moment matching), so that of what is linear in
    them nothing fluctuates. Drawn frequency by frequency: a finer step on the same span adds
    frequencies and leaves those below as they are.
    """
    pairs = rng.standard_normal((len(lags), count, 2))
    z = (pairs[..., 0] + 1j * pairs[..., 1]) / np.sqrt(2)
    z[[0, -1]] = pairs[[0, -1], :, 0]  # real at frequency zero and at the highest
    z /= np.sqrt(np.mean(np.abs(z) ** 2, axis=1))[:, None]
    return np.ascontiguousarray(z.T)


def amplitude(lags: Lags) -> float:
    """Root mean square of a path's Fourier coefficient where its spectrum is one."""
    return float(np.sqrt(steps(lags) / lags.dt))


def steps(lags: Lags) -> int:
    """Times in the periodic window, whose length is twice the span."""
    return 2 * (len(lags) - 1)


def in_time(coefficients: np.ndarray, lags: Lags) -> np.ndarray:
    """(..., 2n - 2) paths of their Fourier coefficients (..., n)."""
    return fft.irfft(coefficients, steps(lags), axis=-1)


def in_frequency(paths: np.ndarray) -> np.ndarray:
    """(..., n) Fourier coefficients of paths: the inverse of `in_time`."""
    return fft.rfft(paths, axis=-1)


def spectrum(power: np.ndarray, lags: Lags) -> np.ndarray:
    """Spectrum of paths from the mean square of their Fourier coefficients."""
    return power / amplitude(lags) ** 2


def white_spectrum(lags: Lags, noise: float) -> np.ndarray:
    """Spectrum that white noise gives a leaky unit as the grid sees it, aliases folded in."""
    return lags.spectrum(linear_response.white_noise_correlation(lags.tau, noise))


def real_at_end(transfer: np.ndarray) -> np.ndarray:
    """A transfer function on the grid: real at the highest frequency, as real paths need it."""
    transfer[-1] = transfer[-1].real
    return transfer

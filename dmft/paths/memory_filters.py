"""MemoryFilters: a memory approximated by one-pole filters, which can be stepped in time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..grids.lags import Lags
from . import gaussian_paths
from .tuning import (
    FILTER_FASTEST,
    FILTER_RCOND,
    FILTER_SLOWEST,
    FILTER_WEIGHT_FLOOR,
    FILTERS,
)

REAL, COMPLEX = np.float32, np.complex64  # sampling errors are far above their rounding


class MemoryFilters:
    """One-pole filters M closest to a memory H K where what passes through it has power.

    Each filter holds the past values, from one step ago on, with a factor a step; the last weight
    is that of the value one step ago.

    Parameters
    ----------
    feedback : (n,) complex array
        H K, real at the highest frequency.
    power : (n,) array
        Spectrum of what passes through it.
    fastest : float
        The fastest rate of the units, see `response_fit.fastest_rate`.
    lags : Lags
        Grid of n lags.
    """

    def __init__(self, feedback: np.ndarray, power: np.ndarray, fastest: float, lags: Lags):
        rates = np.geomspace(FILTER_SLOWEST / lags.span, FILTER_FASTEST * fastest, FILTERS)
        decay = np.exp(-rates * lags.dt)
        shift = np.exp(-1j * lags.omega * lags.dt)[:, None]
        self.columns = np.concatenate([shift / (1 - decay * shift), shift], axis=1)
        weights = self._fitted(feedback, power)
        self.transfer = self.columns @ weights
        self.decay, self.weights = decay.astype(REAL), weights.astype(REAL)

    def _fitted(self, feedback: np.ndarray, power: np.ndarray) -> np.ndarray:
        size = np.sqrt(np.maximum(power, 0) + FILTER_WEIGHT_FLOOR * float(np.max(np.abs(power))))
        weighted, target = self.columns * size[:, None], feedback * size
        if not (np.all(np.isfinite(weighted)) and np.all(np.isfinite(target))):
            return np.zeros(self.columns.shape[1])
        return np.linalg.lstsq(np.concatenate([weighted.real, weighted.imag]),
                               np.concatenate([target.real, target.imag]), rcond=FILTER_RCOND)[0]

    def rest(self, feedback: np.ndarray) -> np.ndarray:
        """(n,) what the filters miss of a memory."""
        return gaussian_paths.real_at_nyquist(feedback - self.transfer).astype(COMPLEX)

    def steps(self, f: np.ndarray, through: Callable[[int, np.ndarray], np.ndarray],
              held: np.ndarray, last: np.ndarray, x: np.ndarray, value: np.ndarray) -> np.ndarray:
        """Step x = f + M value, value = through(t, x), through the window, all of shape (T, P).

        `held` (filters, P) is updated in place. Returns the last value, (P,).
        """
        decay, c, d = self.decay[:, None], self.weights[:-1], float(self.weights[-1])
        for t in range(len(f)):
            held *= decay
            held += last
            now = c @ held
            now += d * last
            now += f[t]
            x[t] = now
            last = through(t, now)
            value[t] = last
        return last

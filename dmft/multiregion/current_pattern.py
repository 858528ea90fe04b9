"""CurrentPattern: statistics of currents over time: mean, amplitude, and largest spectral line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .tuning import LINE_HALF_WIDTH, MIN_LINE_CYCLES, PATTERN_BLOCKS


@dataclass(frozen=True, eq=False)
class CurrentPattern:
    """Statistics of P currents, (n, P), at n equally spaced times.

    Parameters
    ----------
    mean, mean_stderr : (P,) arrays
        Time average, and its standard error from eight blocks of the time.
    amplitude : (P,) array
        Standard deviation over time.
    line : float
        Share of the power of the fluctuations, of all currents together, in the largest spectral
        line: within two bins, 2 / duration, of its frequency.
    frequency : float
        Frequency of that line, in cycles per time constant.
    sizes, motions : (4,) arrays
        Rms of the currents, and of their deviation from their mean, in each quarter of the time.
    """

    mean: np.ndarray
    mean_stderr: np.ndarray
    amplitude: np.ndarray
    line: float
    frequency: float
    sizes: np.ndarray
    motions: np.ndarray

    @property
    def baseline(self) -> float:
        """Norm of the mean, in standard errors."""
        error = float(np.sqrt(np.sum(self.mean_stderr**2)))
        size = float(np.sqrt(np.sum(self.mean**2)))
        return size / error if error > 0 else (np.inf if size > 0 else 0.0)

    @property
    def share_of_mean(self) -> float:
        """Norm of the mean, relative to that of the amplitude."""
        fluctuation = float(np.sqrt(np.sum(self.amplitude**2)))
        size = float(np.sqrt(np.sum(self.mean**2)))
        return size / fluctuation if fluctuation > 0 else (np.inf if size > 0 else 0.0)


def current_pattern(z: np.ndarray, dt: float) -> CurrentPattern:
    """Statistics of currents z (n, P) sampled at steps of dt."""
    mean, away = z.mean(axis=0), z - z.mean(axis=0)
    blocks = np.array([block.mean(axis=0) for block in np.array_split(z, PATTERN_BLOCKS)])
    quarters = np.array_split(z, 4)
    line, frequency = _largest_line(away, dt)
    return CurrentPattern(
        mean, blocks.std(axis=0, ddof=1) / np.sqrt(PATTERN_BLOCKS), away.std(axis=0), line,
        frequency, np.array([_rms(one) for one in quarters]),
        np.array([_rms(one - one.mean(axis=0)) for one in quarters]))


def _largest_line(away: np.ndarray, dt: float) -> tuple[float, float]:
    """Share of the power in the largest spectral line, and its frequency."""
    n = len(away)
    window = np.hanning(n)[:, None]
    power = np.sum(np.abs(np.fft.rfft(window * away, axis=0)) ** 2, axis=1)
    power[0] = 0.0
    total = float(np.sum(power))
    if total == 0 or len(power) <= MIN_LINE_CYCLES:
        return 0.0, 0.0
    peak = MIN_LINE_CYCLES + int(np.argmax(power[MIN_LINE_CYCLES:]))
    near = power[peak - LINE_HALF_WIDTH:peak + LINE_HALF_WIDTH + 1]
    return float(np.sum(near)) / total, peak / (n * dt)


def _rms(z: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.sum(z**2, axis=1))))

"""CurrentPattern: statistics of currents over time: mean, amplitude, and largest spectral line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .tuning import LINE_BAND, LINE_HALF_WIDTH, MIN_LINE_CYCLES, PATTERN_BLOCKS


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
        Share of the power of the fluctuations, of all currents together, that lies within 5 % of
        one frequency. The width does not depend on the duration, so that the share converges.
    line_stderr : float
        Its standard error, from the halves of the time.
    frequency : float
        Mean frequency in that band, in cycles per time constant.
    sizes, motions : (4,) arrays
        Rms of the currents, and of their deviation from their mean, in each quarter of the time.
    """

    mean: np.ndarray
    mean_stderr: np.ndarray
    amplitude: np.ndarray
    line: float
    line_stderr: float
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
    halves = [_largest_line(one - one.mean(axis=0), dt)[0] for one in np.array_split(z, 2)]
    return CurrentPattern(
        mean, blocks.std(axis=0, ddof=1) / np.sqrt(PATTERN_BLOCKS), away.std(axis=0), line,
        abs(halves[1] - halves[0]) / 2, frequency, np.array([_rms(one) for one in quarters]),
        np.array([_rms(one - one.mean(axis=0)) for one in quarters]))


def _largest_line(away: np.ndarray, dt: float) -> tuple[float, float]:
    """Largest share of the power within a narrow band, and the mean frequency within it."""
    n = len(away)
    power = np.sum(np.abs(np.fft.rfft(np.hanning(n)[:, None] * away, axis=0)) ** 2, axis=1)
    power[0] = 0.0
    below = np.concatenate([[0.0], np.cumsum(power)])
    if below[-1] == 0 or len(power) <= MIN_LINE_CYCLES:
        return 0.0, 0.0
    middle = np.arange(MIN_LINE_CYCLES, len(power))
    # no narrower than the main lobe of Hann's window
    half = np.maximum(LINE_HALF_WIDTH, np.round(LINE_BAND * middle).astype(int))
    share = (below[np.minimum(middle + half + 1, len(power))] - below[middle - half]) / below[-1]
    best = int(np.argmax(share))
    band = np.arange(middle[best] - half[best], min(middle[best] + half[best] + 1, len(power)))
    return float(share[best]), float(np.average(band, weights=power[band])) / (n * dt)


def _rms(z: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.sum(z**2, axis=1))))

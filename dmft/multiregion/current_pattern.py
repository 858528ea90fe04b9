"""CurrentPattern: what currents do over a time, in numbers: rest, lines, a baseline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

BLOCKS = 8  # of the time, for the standard error of a mean
MAIN_LOBE = 2  # bins on either side that a line of Hann's window fills
FEWEST_TURNS = 4  # slower than that a drift looks like a line


@dataclass(frozen=True, eq=False)
class CurrentPattern:
    """Statistics of (n, P) currents at n equal steps.

    Parameters
    ----------
    mean, mean_stderr : (P,) arrays
        Average over the time, and its standard error over eight blocks of it.
    amplitude : (P,) array
        Standard deviation over the time.
    line : float
        Share of the fluctuations' power, of all currents together, in its largest line: within
        two bins, 2 / duration, of the frequency.
    frequency : float
        Of that line, in turns per time constant.
    sizes, motions : (4,) arrays
        Rms size of the currents, and of their departure from its mean, in each quarter of the
        time.
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
        """The mean's norm in standard errors."""
        error = float(np.sqrt(np.sum(self.mean_stderr**2)))
        size = float(np.sqrt(np.sum(self.mean**2)))
        return size / error if error > 0 else (np.inf if size > 0 else 0.0)

    @property
    def share_of_mean(self) -> float:
        """The mean's norm relative to that of the amplitude."""
        moving = float(np.sqrt(np.sum(self.amplitude**2)))
        size = float(np.sqrt(np.sum(self.mean**2)))
        return size / moving if moving > 0 else (np.inf if size > 0 else 0.0)


def current_pattern(z: np.ndarray, dt: float) -> CurrentPattern:
    """Statistics of currents z (n, P) at steps of dt."""
    mean, away = z.mean(axis=0), z - z.mean(axis=0)
    blocks = np.array([block.mean(axis=0) for block in np.array_split(z, BLOCKS)])
    quarters = np.array_split(z, 4)
    line, frequency = _largest_line(away, dt)
    return CurrentPattern(
        mean, blocks.std(axis=0, ddof=1) / np.sqrt(BLOCKS), away.std(axis=0), line, frequency,
        np.array([_rms(one) for one in quarters]),
        np.array([_rms(one - one.mean(axis=0)) for one in quarters]))


def _largest_line(away: np.ndarray, dt: float) -> tuple[float, float]:
    """Share of the power in the largest line, and its frequency."""
    n = len(away)
    window = np.hanning(n)[:, None]
    power = np.sum(np.abs(np.fft.rfft(window * away, axis=0)) ** 2, axis=1)
    power[0] = 0.0
    total = float(np.sum(power))
    if total == 0 or len(power) <= FEWEST_TURNS:
        return 0.0, 0.0
    peak = FEWEST_TURNS + int(np.argmax(power[FEWEST_TURNS:]))
    near = power[peak - MAIN_LOBE:peak + MAIN_LOBE + 1]
    return float(np.sum(near)) / total, peak / (n * dt)


def _rms(z: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.sum(z**2, axis=1))))

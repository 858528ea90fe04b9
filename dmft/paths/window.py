"""Window and step of sampled paths: from their own correlation time and spectrum."""

from __future__ import annotations

import numpy as np
from scipy import fft

from ..grids.lags import Lags

LEVEL = 0.1  # of C(0): the correlation's memory ends where it stays below
TIMES_LONG = 6.0  # span, in these memories: 14 decay times of an exponential
FLAT, ENDED = 3.0, 4.5  # memories up to which lags count fully, and at all
LEAST_SPAN, MOST_SPAN = 20.0, 2000.0
STEPS = (0.4, 0.2, 0.1, 0.05, 0.025, 0.0125)
WHITE_STEP = 0.05  # with white noise paths are rough: 0.1 is 0.03 % off, and errors go with dt^2
SHOWN = 0.1  # longest step of what is returned
HIGH = 1e-6  # share of power beyond half the highest frequency that a step may leave there


def memory_time(C: np.ndarray, static: float, lags: Lags) -> float:
    """Last lag at which the decaying part is above a tenth of its value at zero lag."""
    moving = np.abs(C - static)
    return float(lags.tau[np.flatnonzero(moving > LEVEL * moving[0])[-1]]) if moving[0] else 0.0


def lag_window(lags: Lags, time: float) -> np.ndarray:
    """One up to 3 memory times, zero from 4.5 on, a cosine between.

    Beyond, a sampled correlation is all noise. It would come back to the paths as a spectrum that
    varies from one frequency to the next, and bias them.
    """
    end = min(ENDED * time, lags.span) if time > 0 else lags.span
    begin = end * FLAT / ENDED
    place = np.clip((lags.tau - begin) / max(end - begin, lags.dt), 0.0, 1.0)
    return (1 + np.cos(np.pi * place)) / 2


def high_share(spectrum: np.ndarray, part: float) -> float:
    """Share of the power at frequencies above `part` of the highest."""
    first = int(part * (len(spectrum) - 1))
    return float(abs(np.sum(spectrum[first:])) / max(np.sum(np.abs(spectrum)), 1e-300))


def wanted_step(spectrum: np.ndarray, lags: Lags, noise: float, fast: float) -> float:
    """The longest of `STEPS` that resolves the spectrum of phi; half of dt where dt does not.

    `fast` is the fastest rate of the linear site.
    """
    white = WHITE_STEP / max(1.0, 0.4 * fast)
    if noise > 0:
        return max((s for s in STEPS if s <= white), default=STEPS[-1])
    for step in STEPS:
        if step >= lags.dt * 0.99 and high_share(spectrum, lags.dt / (2 * step)) <= HIGH:
            return step
    return lags.dt / 2


def shown_grid(lags: Lags) -> Lags:
    """The same window in steps that are short enough to read curves from them: 0.1 or less."""
    return Lags(lags.span, lags.dt / int(np.ceil(lags.dt / SHOWN * (1 - 1e-9))))


def fast_grid(span: float, dt: float) -> Lags:
    """A grid of about this span and step on which Fourier transforms are fast."""
    count = fft.next_fast_len(int(np.ceil(2 * span / dt)), real=True)
    while count % 2:
        count = fft.next_fast_len(count + 1, real=True)
    return Lags(count * dt / 2, dt)

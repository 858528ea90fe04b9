"""Lag window and step of sampled paths, from their correlation time and their spectrum."""

from __future__ import annotations

import numpy as np
from scipy import fft

from ..grids.lags import Lags
from .tuning import (
    HIGH_FREQUENCY_SHARE,
    MEMORY_LEVEL,
    OUTPUT_STEP,
    SLOW_STEP,
    STEPS,
    WHITE_NOISE_STEP,
    WINDOW_END,
    WINDOW_FLAT,
)


def memory_time(C: np.ndarray, static: float, lags: Lags) -> float:
    """Last lag at which the decaying part is above a tenth of its value at zero lag."""
    decaying = np.abs(C - static)
    if not decaying[0]:
        return 0.0
    return float(lags.tau[np.flatnonzero(decaying > MEMORY_LEVEL * decaying[0])[-1]])


def lag_window(lags: Lags, time: float) -> np.ndarray:
    """Lag window: one up to 3 memory times, zero from 4.5 on, a cosine taper between.

    At longer lags a sampled correlation is noise only. It would give the paths a noise spectrum
    that varies from one frequency to the next, and bias them.
    """
    end = min(WINDOW_END * time, lags.span) if time > 0 else lags.span
    begin = end * WINDOW_FLAT / WINDOW_END
    place = np.clip((lags.tau - begin) / max(end - begin, lags.dt), 0.0, 1.0)
    return (1 + np.cos(np.pi * place)) / 2


def high_frequency_share(spectrum: np.ndarray, part: float) -> float:
    """Share of the power at frequencies above the given part of the highest frequency."""
    first = int(part * (len(spectrum) - 1))
    return float(abs(np.sum(spectrum[first:])) / max(np.sum(np.abs(spectrum)), 1e-300))


def required_step(spectrum: np.ndarray, lags: Lags, noise: float, fast: float,
                  slow: bool = False) -> float:
    """The longest of `STEPS` that resolves the spectrum of phi, or dt/2 where dt does not.

    `fast` is the fastest rate of the linear surrogate. Activity that a memory makes `slow` may take
    SLOW_STEP too.
    """
    white = WHITE_NOISE_STEP / max(1.0, 0.4 * fast)
    if noise > 0:
        return max((s for s in STEPS if s <= white), default=STEPS[-1])
    for step in (SLOW_STEP, *STEPS) if slow else STEPS:
        if step < lags.dt * 0.99:
            continue
        if high_frequency_share(spectrum, lags.dt / (2 * step)) <= HIGH_FREQUENCY_SHARE:
            return step
    return lags.dt / 2


def output_grid(lags: Lags) -> Lags:
    """The same window with a step of at most 0.1, short enough to read values from curves."""
    return Lags(lags.span, lags.dt / int(np.ceil(lags.dt / OUTPUT_STEP * (1 - 1e-9))))


def fast_grid(span: float, dt: float) -> Lags:
    """A grid of about the given span and step on which Fourier transforms are fast."""
    count = fft.next_fast_len(int(np.ceil(2 * span / dt)), real=True)
    while count % 2:
        count = fft.next_fast_len(count + 1, real=True)
    return Lags(count * dt / 2, dt)

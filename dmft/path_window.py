"""Window and step of sampled paths: from their own correlation time and spectrum."""

from __future__ import annotations

import numpy as np
from scipy import fft

from .grids import Lags

TIMES_LONG = 8.0  # span, in correlation times; these integrals are two or three times 1/rate
LEAST_SPAN, MOST_SPAN = 20.0, 4000.0
FLAT, ENDED = 3.0, 5.0  # correlation times up to which lags count fully, and at all
STEPS = (0.4, 0.2, 0.1, 0.05, 0.025, 0.0125)
WHITE_STEP = 0.1  # with white noise paths are rough and errors go with dt^2
HIGH = 1e-6  # share of power beyond half the highest frequency that a step may leave there


def correlation_time(C: np.ndarray, static: float, lags: Lags) -> float:
    """2 int_0^span (C/C(0))^2 dtau of the decaying part: t for exp(-tau/t)."""
    moving = C - static
    if moving[0] <= 1e-12 * abs(C[0]):
        return 0.0
    return float(2 * lags.dt * (np.sum((moving / moving[0]) ** 2) - 0.5))


def lag_window(lags: Lags, time: float) -> np.ndarray:
    """One up to 3 correlation times, zero from 5 on, a cosine between.

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


def fast_grid(span: float, dt: float) -> Lags:
    """A grid of about this span and step on which Fourier transforms are fast."""
    count = fft.next_fast_len(int(np.ceil(2 * span / dt)), real=True)
    while count % 2:
        count = fft.next_fast_len(count + 1, real=True)
    return Lags(count * dt / 2, dt)

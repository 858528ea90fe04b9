"""Window: a ring of times, the covariance of x on it, and its real Fourier basis."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import fft

from ..base.checks import reject
from .tuning import (
    LARGEST_STEP,
    MOST_POINTS,
    NOISY_STEP,
    SHORTEST_WINDOW,
    STEP_OVER_GAIN,
    WINDOW_DECAY,
)


@dataclass(frozen=True, eq=False)
class Window:
    """Times 0, dt, ..., T - dt of a periodic window, with the covariance of x at their lags.

    Parameters
    ----------
    length : float
        T.
    covariance : (m,) array
        Covariance of x on the ring, sum over k of Delta(tau + k T), with its static part once.
    static : float
        The static part, the variance of the mean of a path.
    decay : float
        Decaying part of C_x at T/2, over that at zero.
    """

    length: float
    covariance: np.ndarray
    static: float
    decay: float

    @property
    def points(self) -> int:
        """m, an even number."""
        return len(self.covariance)

    @property
    def dt(self) -> float:
        return self.length / self.points

    @cached_property
    def omega(self) -> np.ndarray:
        """(m/2 + 1,) frequencies of the harmonics."""
        return 2 * np.pi * np.arange(self.points // 2 + 1) / self.length

    @cached_property
    def multiplicity(self) -> np.ndarray:
        """(m/2 + 1,) modes of each harmonic: a cosine and a sine, but one at zero and Nyquist."""
        count = np.full(self.points // 2 + 1, 2.0)
        count[[0, -1]] = 1.0
        return count

    def basis(self, harmonics: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(m, r) orthonormal cosines and sines of these harmonics, and the harmonic of each."""
        phase = np.outer(np.arange(self.points), 2 * np.pi * harmonics / self.points)
        single = (harmonics == 0) | (harmonics == self.points // 2)
        scale = np.where(single, 1.0, np.sqrt(2.0)) / np.sqrt(self.points)
        sines = harmonics[~single]
        return (np.hstack([np.cos(phase) * scale, np.sin(phase[:, ~single]) * scale[~single]]),
                np.concatenate([harmonics, sines]))

    def paths(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """(count, m) Gaussian paths with this covariance."""
        decaying = np.maximum(fft.rfft(self.covariance - self.static).real, 0.0)
        white = rng.standard_normal((count, self.points))
        paths = fft.irfft(np.sqrt(decaying) * fft.rfft(white, axis=1), self.points, axis=1)
        return paths + np.sqrt(self.static) * rng.standard_normal((count, 1))


def make_window(Delta: Callable[[np.ndarray], np.ndarray], static: float, rate: float,
                gain: float, noise: float, length: float | None, dt: float | None) -> Window:
    """The window on which C_x has decayed, with a step that resolves the gains.

    Parameters
    ----------
    Delta : callable
        Covariance of x at lags of 0 or above, including its static part.
    static : float
        Its limit.
    rate : float
        Its asymptotic decay rate.
    gain : float
        g^2, the total gain of the couplings.
    noise : float
        Strength of the white noise.
    length, dt : float, optional
        Length and step, chosen here if they are None.
    """
    depth = float(Delta(np.zeros(1))[0]) - static

    def decay(lag: float) -> float:
        return abs(float(Delta(np.array([lag]))[0]) - static) / depth

    if length is None:
        half = SHORTEST_WINDOW / 2
        while decay(half) > WINDOW_DECAY:
            half *= 1.1
        length = 2 * half
    if dt is None:
        dt = min(LARGEST_STEP, STEP_OVER_GAIN / max(np.sqrt(gain), 1e-300))
        if noise:
            dt = min(dt, NOISY_STEP)
    points = fft.next_fast_len(2 * int(np.ceil(length / dt / 2)), real=True)
    points += points % 2
    if points > MOST_POINTS:
        reject("window", length, f"takes {points} points at dt={dt:.3g}, above {MOST_POINTS}",
               "give a shorter window or a larger dt, or a network further from the onset of chaos")
    tau = np.arange(points) * (length / points)
    images = int(np.ceil(40 / (rate * length))) if rate > 0 else 1
    ring = np.full(points, static)
    for k in range(images + 1):
        ring += Delta(tau + k * length) - static
        ring += Delta((k + 1) * length - tau) - static
    return Window(float(length), ring, static, decay(length / 2))

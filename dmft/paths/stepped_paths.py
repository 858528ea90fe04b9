"""SteppedPaths: paths stepped in time, with the memory approximated by a few filters.

x = v + H K phi(x) is causal: with H K = M + rest, M a sum of one-pole filters, one sweep steps
x = v + rest phi_old + M phi(x) through the window. Where the rest is small, a single sweep leaves
the paths at the solution of their equation of motion. The solution itself does not depend on M.

A phi that does not saturate could grow without bound in time steps. Its paths are updated as a
whole instead, x = T v + T H K (phi(x_old) - a x_old) with T = 1/(1 - a H K), until they no longer
change. For a linear unit, with a = <phi'>, that is exact whatever its memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from scipy import fft

from ..grids.lags import Lags
from ..network.nonlinearity import Nonlinearity
from . import gaussian_paths
from .memory_filters import COMPLEX, REAL, MemoryFilters
from .noise_and_memory import Drive
from .response_fit import fastest_rate
from .tuning import MOST_RELAXATIONS, PATHS_AT_ONCE, RELAXED_CHANGE


class SteppedPaths:
    """Paths with one realisation of their noise, and their phi in the last sweep.

    Parameters
    ----------
    lags : Lags
        Grid of n lags; the paths are periodic, with period twice its span.
    z : (n, P) complex array
        Unit noise at `lags.omega`.

    Attributes
    ----------
    phi : (n, P) complex array
        Fourier coefficients of phi(x).
    state : tuple of arrays, or None
        What the filters hold at the end of the window: (filters, P), and phi there, (P,).
    """

    def __init__(self, lags: Lags, z: np.ndarray):
        self.lags, self.z = lags, z
        self.phi = np.zeros_like(z)
        self.state: tuple[np.ndarray, np.ndarray] | None = None

    @classmethod
    def draw(cls, seed: int | Sequence[int], count: int, lags: Lags, matched: bool = False
             ) -> SteppedPaths:
        """`count` paths with independent unit noise, or with its sample power `matched` to one."""
        noise = gaussian_paths.unit_noise(np.random.default_rng(seed), count, lags)
        if matched:
            noise /= np.sqrt(np.mean(np.abs(noise) ** 2, axis=1))[:, None]
        return cls(lags, noise.astype(COMPLEX))

    def __len__(self) -> int:
        return self.z.shape[1]

    def copy(self, part: slice = slice(None)) -> SteppedPaths:
        """Some of the paths, with their present phi, for trials that leave these unchanged."""
        other = SteppedPaths(self.lags, self.z[:, part])
        other.phi = self.phi[:, part].copy()
        if self.state is not None:
            other.state = (self.state[0][:, part].copy(), self.state[1][part].copy())
        return other

    def chunks(self) -> list[slice]:
        """Slices of the paths that are treated together."""
        return [slice(a, min(a + PATHS_AT_ONCE, len(self)))
                for a in range(0, len(self), PATHS_AT_ONCE)]


class Sweep:
    """One sweep at given noise and memory: the filters, and the steps of a chunk of paths."""

    def __init__(self, drive: Drive, power: np.ndarray, slope: float, phi: Nonlinearity):
        lags = drive.lags
        self.lags, self.function, self.slope = lags, phi.function, slope
        self.saturates = saturates(phi)
        self.root = (gaussian_paths.amplitude(lags) * np.sqrt(drive.V)).astype(REAL)
        feedback = gaussian_paths.real_at_nyquist(drive.feedback)
        self.surrogate = gaussian_paths.real_at_nyquist(1 / (1 - slope * feedback))
        self.feedback = feedback.astype(COMPLEX)
        self.filters = MemoryFilters(feedback, power, fastest_rate(self.surrogate, lags), lags)
        self.rest = self.filters.rest(feedback)
        self.surrogate = self.surrogate.astype(COMPLEX)

    def __call__(self, paths: SteppedPaths, rows: slice) -> np.ndarray:
        """Step the paths `rows` through the window; returns x in time, (T, P), and updates phi."""
        z = paths.z[:, rows]
        if not self.saturates:
            return self._relaxed(paths, rows)
        if paths.state is None:
            empty = np.zeros((len(self.filters.decay), len(paths)), REAL)
            paths.state = empty, np.zeros(len(paths), REAL)
        held, last = paths.state[0][:, rows], paths.state[1][rows]
        fresh = not np.any(paths.phi[:, rows])
        if fresh:
            start = self._in_time((self.surrogate * self.root)[:, None] * z)
            paths.phi[:, rows] = fft.rfft(self.function(start), axis=0)
        f = self._in_time(self.root[:, None] * z + self.rest[:, None] * paths.phi[:, rows])
        x, value = np.empty_like(f), np.empty_like(f)

        def through(t: int, now: np.ndarray) -> np.ndarray:
            return self.function(now)

        if fresh:  # from the last part of the window, which precedes its beginning
            half = slice(len(f) // 2, None)
            last = self.filters.steps(f[half], through, held, last, x[half], value[half])
        last = self.filters.steps(f, through, held, last, x, value)
        paths.state[0][:, rows], paths.state[1][rows] = held, last
        paths.phi[:, rows] = fft.rfft(value, axis=0)
        return x

    def _relaxed(self, paths: SteppedPaths, rows: slice) -> np.ndarray:
        """The paths updated as a whole, from the surrogate, until they no longer change."""
        linear = (self.surrogate * self.root)[:, None] * paths.z[:, rows]
        transfer = (self.surrogate * self.feedback)[:, None]
        x_hat, x = linear, self._in_time(linear)
        for _ in range(MOST_RELAXATIONS):
            phi = fft.rfft(self.function(x), axis=0)
            new_hat = linear + transfer * (phi - self.slope * x_hat)
            x_hat, new = new_hat, self._in_time(new_hat)
            change, x = float(np.max(np.abs(new - x))), new
            if not change > RELAXED_CHANGE * float(np.max(np.abs(x))):
                break
        paths.phi[:, rows] = fft.rfft(self.function(x), axis=0)
        return x

    def _in_time(self, coefficients: np.ndarray) -> np.ndarray:
        return fft.irfft(coefficients, gaussian_paths.period_steps(self.lags), axis=0)


@lru_cache(maxsize=16)
def saturates(phi: Nonlinearity) -> bool:
    """Whether phi stays bounded."""
    far = np.abs(phi(np.array([-1e4, -1e2, 1e2, 1e4])))
    return bool(np.max(far[[0, 3]]) < 3 * max(np.max(far[1:3]), 1e-300))

"""Exponentially growing perturbations of sampled paths, and the noise that they generate.

A perturbation exp(rate t) y of the network has either sign with equal probability, so that
<dphi phi> = 0: the memory of the paths is not perturbed, and the noise of y is Gaussian and
independent of the path. The order parameter is d(tau) = <phi'(t) y(t) phi'(t+tau) y(t+tau)>, whose
self-consistent map is linear.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import fft

from ..averages.gaussian_averages import averages_at
from ..base.errors import ConvergenceError
from ..network.network import AnyNetwork
from ..paths import gaussian_paths
from ..paths.gaussian_paths import real_at_nyquist
from ..paths.linear_surrogate import linear_surrogate
from ..paths.memory_filters import COMPLEX, REAL, MemoryFilters
from ..paths.noise_and_memory import drive
from ..paths.response_fit import fastest_rate
from ..paths.tuning import LARGEST_CONTROL_WEIGHT
from ..sampled.redrawn_paths import RedrawnPaths


class Tangents:
    """Perturbations of s sets of P/s paths, updated in place.

    y = v + H K (phi' y) is stepped in time, with filters near H K, as the paths themselves are.

    Parameters
    ----------
    network : Network
    sets : sequence of RedrawnPaths
        Of the same size, on the same grid. Each set has its own correlation d, and growth.
    z : (n, P) complex array
        Unit noise of the perturbations.

    Attributes
    ----------
    slopes : (T, P) array
        phi' along the paths.
    d : (s, n) array
        The correlations, relative to their values at zero lag.
    late : float
        rms of d where the lag window falls off, over d(0), without the sampling noise: d is cut
        there.
    """

    def __init__(self, network: AnyNetwork, sets: Sequence[RedrawnPaths], z: np.ndarray):
        first, phi = sets[0], network.phi
        self.lags, self.window, self.z = first.lags, first.window, z
        self.parts = np.split(np.arange(z.shape[1]), len(sets))
        self.slopes = np.concatenate([phi.derivative(one.x) for one in sets], axis=1).astype(REAL)
        self.slopes_L, self.squares_L = np.empty_like(self.slopes), []
        self.split, self.controlled = [], True
        for one, part in zip(sets, self.parts, strict=True):
            now = drive(network, one.statistics)
            linear = linear_surrogate(now, max(one.statistics.slope, 0.0), phi)
            root = gaussian_paths.amplitude(self.lags) * np.sqrt(now.V)
            x_L = self._in_time((linear.transfer * root).astype(COMPLEX)[:, None] * one.z)
            self.slopes_L[:, part] = phi.derivative(x_L)
            squares = averages_at(phi, float(linear.C_x[0])).slope(linear.C_x)
            self.squares_L.append(squares)
            self.split.append(max(one.statistics.slope, 0.0))
            self.controlled = self.controlled and linear.exact
        self.d = np.stack([self.window * one.statistics.C / one.statistics.C[0] for one in sets])
        self.through = np.zeros_like(z)  # Fourier coefficients of phi' y
        self.state: tuple[np.ndarray, np.ndarray] | None = None
        self.growth, self.late = np.zeros(len(sets)), 0.0

    def sweep(self, gain: float, H: np.ndarray, K: np.ndarray) -> tuple[np.ndarray, float]:
        """Step y once, at H and K (s, n); log of the amplification of each d(0), and of y a change.

        v = H sqrt(gain d) z drives y. The change is that of phi' y, relative to its size.
        """
        lags, amplitude = self.lags, gaussian_paths.amplitude(self.lags)
        spectra = np.stack([np.maximum(lags.spectrum(d), 0.0) for d in self.d])
        feedback = np.stack([real_at_nyquist(one) for one in H * K])
        left = np.stack([real_at_nyquist(1 / (1 - split * one))
                         for split, one in zip(self.split, feedback, strict=True)])
        filters = MemoryFilters(feedback.mean(axis=0), spectra.mean(axis=0),
                                fastest_rate(left.mean(axis=0), lags), lags)
        v = self._each((amplitude * np.abs(H) * np.sqrt(gain * spectra)).astype(COMPLEX)) * self.z
        y_L = self._in_time(self._each(left.astype(COMPLEX)) * v)
        w = self._stepped(filters, v, feedback, y_L)
        new = fft.rfft(w, axis=0)
        change = _power(new - self._each(np.exp(self.growth / 2)[:, None].astype(REAL))
                        * self.through).sum() / max(_power(new).sum(), 1e-300)
        self.through = new
        raw = self._correlations(y_L, w, np.abs(left * H) ** 2 * gain * spectra)
        return self._normalised(raw), float(np.sqrt(change))

    def _stepped(self, filters: MemoryFilters, v: np.ndarray, feedback: np.ndarray,
                 y_L: np.ndarray) -> np.ndarray:
        """phi' y in time, (T, P)."""
        fresh = self.state is None
        if fresh:
            self.through = fft.rfft(self.slopes * y_L, axis=0)
        rest = np.stack([filters.rest(one) for one in feedback])
        f = self._in_time(v + self._each(rest) * self.through)
        y, w = np.empty_like(f), np.empty_like(f)

        def passes(slopes: np.ndarray):
            return lambda t, now: slopes[t] * now

        if self.state is None:
            held, last = np.zeros((len(filters.decay), f.shape[1]), REAL), np.zeros_like(f[0])
            half = slice(len(f) // 2, None)  # it precedes the beginning of the window
            last = filters.steps(f[half], passes(self.slopes[half]), held, last, y[half], w[half])
        else:
            held, last = self.state
        last = filters.steps(f, passes(self.slopes), held, last, y, w)
        self.state = held, last
        return w

    def _correlations(self, y_L: np.ndarray, w: np.ndarray, power_L: np.ndarray) -> np.ndarray:
        """(2, s, n) correlations of phi' y from alternate paths, less the error of the surrogate.

        `power_L` (s, n) is the exact spectrum of y_L, which does not depend on phi'(x_L).
        """
        lags, w_L = self.lags, self.slopes_L * y_L
        spectra, spectra_L = (_power(each) for each in (self.through, fft.rfft(w_L, axis=0)))
        own, other = (np.einsum("tp,tp->p", each, each) for each in (w, w_L))
        out = np.empty((2, len(self.parts), len(lags)))
        for s, part in enumerate(self.parts):
            beta = self._control(own[part].astype(float), other[part].astype(float))
            exact = self.squares_L[s] * lags.correlation(power_L[s])
            for half in (0, 1):
                those = part[half::2]
                mean = (spectra[:, those].mean(axis=1, dtype=float)
                        - beta * spectra_L[:, those].mean(axis=1, dtype=float))
                out[half, s] = lags.correlation(gaussian_paths.spectrum(mean, lags)) + beta * exact
        return out

    def _normalised(self, halves: np.ndarray) -> np.ndarray:
        """Take over the correlations, divided by d(0); the growth of log d(0)."""
        raw = halves.mean(axis=0)
        d = self.window * raw
        if not (np.all(np.isfinite(d)) and np.all(d[:, 0] > 0)):
            raise ConvergenceError("the perturbations of the paths diverged or vanished")
        ramp = (self.window > 0) & (self.window < 1)
        if np.any(ramp):
            relative = halves[:, :, ramp] / raw[:, :1]
            self.late = float(np.sqrt(max(np.mean(relative[0] * relative[1]), 0.0)))
        self.growth = np.log(d[:, 0] / self.d[:, 0])
        size = self._each((1 / np.sqrt(d[:, :1])).astype(REAL))
        assert self.state is not None
        self.through = self.through * size
        self.state = self.state[0] * size, self.state[1] * size[0]
        self.d = d / d[:, :1]
        return self.growth

    def _control(self, own: np.ndarray, control: np.ndarray) -> float:
        """Coefficient of the control variate: regression over paths of the two mean squares."""
        spread = control - control.mean()
        variance = float(spread @ spread)
        if not self.controlled or variance <= 0:
            return 0.0
        return float(np.clip(spread @ own / variance, 0.0, LARGEST_CONTROL_WEIGHT))

    def _each(self, rows: np.ndarray) -> np.ndarray:
        """(m, P) what each path has of values (s, m), one row for each set."""
        return np.repeat(rows, len(self.parts[0]), axis=0).T

    def _in_time(self, coefficients: np.ndarray) -> np.ndarray:
        return fft.irfft(coefficients, gaussian_paths.period_steps(self.lags), axis=0)


def _power(coefficients: np.ndarray) -> np.ndarray:
    return coefficients.real**2 + coefficients.imag**2


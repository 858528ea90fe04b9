"""Exponentially growing perturbations of sampled paths, and the noise that they generate.

A perturbation exp(rate t) y of the network has either sign with equal probability, so that
<dphi phi> = 0: the memory of the paths is not perturbed, and the noise of y is Gaussian and
independent of the path. The order parameter is d(tau) = <phi'(t) y(t) phi'(t+tau) y(t+tau)>, whose
self-consistent map is linear.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..averages.gaussian_averages import averages_at
from ..base.errors import ConvergenceError
from ..grids.lags import Lags
from ..network.network import AnyNetwork
from ..paths import gaussian_paths
from ..paths.gaussian_paths import Paths
from ..paths.linear_surrogate import linear_surrogate
from ..paths.noise_and_memory import drive
from ..paths.path_averages import power
from ..paths.site_statistics import SiteStatistics
from ..paths.tuning import CHUNK_POINTS, LARGEST_CONTROL_WEIGHT
from .tuning import AMPLIFICATION_TOL, MOST_SWEEPS


@dataclass(eq=False)
class Tangents:
    """Perturbations of P paths, updated in place.

    Parameters
    ----------
    slopes, slopes_L : (P, T) arrays
        phi' along the paths, and along their linear surrogates, which are Gaussian.
    squares_L : (n,) array
        Exact <phi'(t) phi'(t + tau)> of the surrogates.
    z : (P, n) complex array
        Unit noise of the perturbations, drawn once.
    split : float
        Part of phi' that is treated implicitly in y = v + H K phi' y.
    window : (n,) array
        Lag window.
    y, d : (P, n) complex and (n,) arrays
        The perturbations, and their correlation relative to its value at zero lag.
    controlled : bool
        Whether the perturbations of the surrogates serve as control variate.
    growth : float
        log of the amplification of d(0) in the last sweep.
    """

    lags: Lags
    slopes: np.ndarray
    slopes_L: np.ndarray
    squares_L: np.ndarray
    z: np.ndarray
    split: float
    window: np.ndarray
    y: np.ndarray
    d: np.ndarray
    controlled: bool
    growth: float = 0.0
    # rms of d where the lag window falls off, over d(0), without the sampling noise: d is cut there
    late: float = 0.0

    @classmethod
    def of(cls, network: AnyNetwork, own: Paths, statistics: SiteStatistics,
           z: np.ndarray) -> Tangents:
        """Initial perturbations of the paths of one solution, with d proportional to C_phi."""
        lags, phi = own.lags, network.phi
        now = drive(network, statistics)
        linear = linear_surrogate(now, max(statistics.slope, 0.0), phi)
        v = gaussian_paths.amplitude(lags) * np.sqrt(now.V) * own.z
        squares = averages_at(phi, float(linear.C_x[0])).slope(linear.C_x)
        return cls(lags, phi.derivative(gaussian_paths.in_time(own.x, lags)),
                   phi.derivative(gaussian_paths.in_time(linear.transfer * v, lags)), squares, z,
                   max(statistics.slope, 0.0), own.window, np.zeros_like(z),
                   own.window * statistics.C / statistics.C[0], linear.exact)

    def sweep(self, gain: float, H: np.ndarray, K: np.ndarray) -> tuple[float, float]:
        """Update y and d once; log of the amplification of d(0), and the relative change of y.

        y <- (v + H K (phi' - split) y) / (1 - split H K), v = H sqrt(gain d) z.
        """
        lags = self.lags
        returned = H * K
        left = gaussian_paths.real_at_nyquist(1 / (1 - self.split * returned))
        spectrum = np.maximum(lags.spectrum(self.d), 0.0)
        root = gaussian_paths.amplitude(lags) * H * np.sqrt(gain * spectrum)
        halves = np.zeros((2, len(lags)))  # of alternate paths, minus their surrogates below
        halves_L = np.zeros((2, len(lags)))
        own: list[np.ndarray] = []
        own_L: list[np.ndarray] = []
        change = size = 0.0
        height = max(1, CHUNK_POINTS // gaussian_paths.period_steps(lags))
        for start in range(0, len(self.z), height):
            rows = slice(start, start + height)
            v = root * self.z[rows]
            through = gaussian_paths.in_frequency(
                self.slopes[rows] * gaussian_paths.in_time(self.y[rows], lags)
            )
            y = left * (v + returned * (through - self.split * self.y[rows]))
            change += float(power(y - np.exp(self.growth / 2) * self.y[rows]).sum())
            size += float(power(y).sum())
            self.y[rows] = y
            w = self.slopes[rows] * gaussian_paths.in_time(y, lags)
            w_L = self.slopes_L[rows] * gaussian_paths.in_time(left * v, lags)
            w_omega, w_L_omega = gaussian_paths.in_frequency(w), gaussian_paths.in_frequency(w_L)
            for half in (0, 1):
                first = (start + half) % 2
                halves[half] += power(np.ascontiguousarray(w_omega[first::2]))
                halves_L[half] += power(np.ascontiguousarray(w_L_omega[first::2]))
            own.append(np.einsum("pt,pt->p", w, w))
            own_L.append(np.einsum("pt,pt->p", w_L, w_L))
        beta = self._control(np.concatenate(own), np.concatenate(own_L))
        exact = self.squares_L * lags.correlation(np.abs(left * H) ** 2 * gain * spectrum)
        each = gaussian_paths.spectrum(halves - beta * halves_L, lags) * 2 / len(self.z)
        one, two = (lags.correlation(half) + beta * exact for half in each)
        raw = (one + two) / 2
        d = self.window * raw
        if not (np.all(np.isfinite(d)) and d[0] > 0):
            raise ConvergenceError("the perturbations of the paths diverged or vanished")
        ramp = (self.window > 0) & (self.window < 1)
        square = float(np.mean(one[ramp] * two[ramp])) if np.any(ramp) else 0.0
        self.late = float(np.sqrt(max(square, 0.0)) / raw[0])
        self.growth = float(np.log(d[0] / self.d[0]))
        self.y /= np.sqrt(d[0])
        self.d = d / d[0]
        return self.growth, float(np.sqrt(change / max(size, 1e-300)))

    def _control(self, own: np.ndarray, control: np.ndarray) -> float:
        """Coefficient of the control variate: regression over paths of the two mean squares."""
        if not self.controlled:
            return 0.0
        spread = control - control.mean()
        variance = float(spread @ spread)
        if variance <= 0:
            return 0.0
        return float(np.clip(spread @ own / variance, 0.0, LARGEST_CONTROL_WEIGHT))


def amplification(tangents: Tangents, gain: float, H: np.ndarray, K: np.ndarray) -> float:
    """log of the spectral radius of the map d -> <phi' y phi' y>, by power iteration."""
    before = np.inf
    for _ in range(MOST_SWEEPS):
        growth, change = tangents.sweep(gain, H, K)
        if abs(growth - before) < AMPLIFICATION_TOL and change < 50 * AMPLIFICATION_TOL:
            return growth
        before = growth
    raise ConvergenceError("the perturbations of the paths did not converge in "
                           f"{MOST_SWEEPS} sweeps")

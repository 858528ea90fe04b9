"""Averages over sampled paths, with the same averages over the surrogate as control."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..equations import linear_response
from ..grids.lags import Lags
from ..network.nonlinearity import Nonlinearity
from . import gaussian_paths
from .linear_surrogate import Surrogate
from .noise_and_memory import Drive
from .response_fit import causal_fit
from .site_statistics import SiteStatistics

STRIDE = 4  # phi' is averaged over every fourth time
MOST_CONTROL = 1.5


@dataclass(frozen=True, eq=False)
class Measured:
    """What a pass over the paths gave.

    Parameters
    ----------
    statistics : SiteStatistics
        With C behind the lag window.
    C, C_x : (n,) arrays
        <phi(t) phi(t + tau)> and <x(t) x(t + tau)> at all lags.
    change : float
        Root mean square by which the pass moved x, relative to x.
    control : float
        Coefficient of the control variate.
    """

    statistics: SiteStatistics
    C: np.ndarray
    C_x: np.ndarray
    change: float
    control: float


def mean_of(one: Measured, two: Measured, part: float) -> Measured:
    """All that was measured, averaged: `part` of the second and the rest of the first."""
    def mean(name: str, of=lambda m: m):
        return (1 - part) * getattr(of(one), name) + part * getattr(of(two), name)

    own = {name: mean(name, lambda m: m.statistics)
           for name in ("C", "static", "S", "slope", "square_slope")}
    return Measured(SiteStatistics(one.statistics.lags, **own), mean("C"), mean("C_x"),
                    two.change, mean("control"))


def power(coefficients: np.ndarray) -> np.ndarray:
    """(n,) sum over paths of the squared modulus."""
    parts = coefficients.view(float)  # real and imaginary parts side by side
    return np.einsum("pk,pk->k", parts, parts).reshape(-1, 2).sum(axis=1)


def product(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """(n,) sum over paths of one two*."""
    return np.einsum("pn,pn->n", one, two.conj())


class Sums:
    """Sums over the paths of one site, and over those of its surrogate."""

    def __init__(self, lags: Lags):
        n = len(lags)
        self.lags = lags
        self.phi, self.x, self.cross = np.zeros(n), np.zeros(n), np.zeros(n, dtype=complex)
        self.phi_L, self.x_L, self.cross_L = np.zeros(n), np.zeros(n), np.zeros(n, dtype=complex)
        self.both = np.zeros(n)
        self.slopes, self.slopes_L = np.zeros(2), np.zeros(2)
        self.squares: list[np.ndarray] = []
        self.squares_L: list[np.ndarray] = []
        self.moved = self.size = 0.0

    def move(self, old: np.ndarray, new: np.ndarray) -> None:
        self.moved += float(power(new - old).sum())
        self.size += float(power(new).sum())

    def add(self, x: np.ndarray, z: np.ndarray, phi: Nonlinearity) -> np.ndarray:
        """Add paths; the Fourier coefficients of their phi."""
        path = gaussian_paths.in_time(x, self.lags)
        value = phi(path)
        out = gaussian_paths.in_frequency(value)
        slopes = phi.derivative(path[:, ::STRIDE])
        self.slopes += slopes.sum(), np.vdot(slopes, slopes)
        self.phi += power(out)
        self.x += power(x)
        self.cross += product(out, z)
        self.squares.append(np.einsum("pt,pt->p", value, value))
        return out

    def add_control(self, x: np.ndarray, z: np.ndarray, site: np.ndarray,
                    phi: Nonlinearity) -> None:
        """Add the surrogate's paths for the same noise; `site` is phi of the site itself."""
        path = gaussian_paths.in_time(x, self.lags)
        value = phi(path)
        out = gaussian_paths.in_frequency(value)
        slopes = phi.derivative(path[:, ::STRIDE])
        self.slopes_L += slopes.sum(), np.vdot(slopes, slopes)
        self.phi_L += power(out)
        self.x_L += power(x)
        self.cross_L += product(out, z)
        self.both += product(site, out).real
        self.squares_L.append(np.einsum("pt,pt->p", value, value))

    def control(self) -> float:
        """Regression over paths of their mean phi^2 on that of the surrogate."""
        if not self.squares_L:
            return 0.0
        one, two = np.concatenate(self.squares), np.concatenate(self.squares_L)
        spread = two - two.mean()
        variance = float(spread @ spread)
        if variance <= 1e-20 * float(two @ two):
            return 1.0
        return float(np.clip(spread @ one / variance, 0.0, MOST_CONTROL))

    def evaluate(self, count: int, drive: Drive, linear: Surrogate, window: np.ndarray,
                 resting: bool) -> Measured:
        """Statistics: of each average the surrogate's is taken away, and its exact value added.

        Times one coefficient, so that all averages remain those of one ensemble.
        """
        lags, beta = self.lags, self.control()

        def spectrum(site: np.ndarray, control: np.ndarray) -> np.ndarray:
            return gaussian_paths.spectrum(site - beta * control, lags) / count

        C = lags.correlation(spectrum(self.phi, self.phi_L)) + beta * linear.C_phi
        C_x = lags.correlation(spectrum(self.x, self.x_L)) + beta * linear.C_x
        seen = count * len(range(0, gaussian_paths.steps(lags), STRIDE))
        exact = np.array([linear.slope, linear.square_slope])
        slope, square = (self.slopes - beta * self.slopes_L) / seen + beta * exact
        root = np.sqrt(drive.V)
        cross = ((self.cross - beta * self.cross_L) / (count * gaussian_paths.amplitude(lags))
                 + beta * linear.slope * linear.transfer * root)
        unexplained = self.phi - 2 * beta * self.both + beta**2 * self.phi_L
        response = causal_fit(cross, linear.transfer, slope, lags, drive.V,
                              gaussian_paths.spectrum(np.maximum(unexplained, 0), lags) / count,
                              gaussian_paths.spectrum(self.phi, lags) / count)
        S = response * linear_response.lowpass(lags.omega)
        static = resting_part(lags.spectrum(C), lags) if resting else 0.0
        windowed = static + window * (C - static)
        statistics = SiteStatistics(lags, windowed, static, S, float(slope), float(square))
        change = float(np.sqrt(self.moved / max(self.size, 1e-300)))
        return Measured(statistics, C, C_x, change, beta)


def resting_part(spectrum: np.ndarray, lags: Lags) -> float:
    """The part of a correlation that does not decay: its spectrum's excess at frequency zero.

    What decays has a spectrum that is even and smooth there: the value of the even polynomial of
    fourth order through the next three frequencies.
    """
    decaying = 1.5 * spectrum[1] - 0.6 * spectrum[2] + 0.1 * spectrum[3]
    return max(0.0, float(spectrum[0] - decaying) / (2 * lags.span))

"""Averages over sampled paths, with the linear surrogate as control variate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..equations import linear_response
from ..grids.lags import Lags
from ..network.nonlinearity import Nonlinearity
from . import gaussian_paths
from .linear_surrogate import LinearSurrogate
from .noise_and_memory import Drive
from .response_fit import causal_fit
from .site_statistics import SiteStatistics
from .tuning import LARGEST_CONTROL_WEIGHT, SLOPE_STRIDE

# Weights of the first four values of a spectrum: its excess at zero over an even polynomial.
STATIC_WEIGHTS = np.array([1.0, -1.5, 0.6, -0.1])


@dataclass(frozen=True, eq=False)
class PathAverages:
    """Averages over one pass through the paths.

    Parameters
    ----------
    statistics : SiteStatistics
        With C multiplied by the lag window.
    C, C_x : (n,) arrays
        <phi(t) phi(t + tau)> and <x(t) x(t + tau)> at all lags.
    change : float
        Root mean square change of x in the pass, relative to that of x.
    control : float
        Coefficient of the control variate.
    """

    statistics: SiteStatistics
    C: np.ndarray
    C_x: np.ndarray
    change: float
    control: float


def weighted_mean(one: PathAverages, two: PathAverages, part: float) -> PathAverages:
    """Weighted mean of all averages: (1 - part) of the first and `part` of the second."""
    def mean(name: str, of=lambda m: m):
        return (1 - part) * getattr(of(one), name) + part * getattr(of(two), name)

    own = {name: mean(name, lambda m: m.statistics)
           for name in ("C", "static", "S", "slope", "square_slope")}
    return PathAverages(SiteStatistics(one.statistics.lags, **own), mean("C"), mean("C_x"),
                    two.change, mean("control"))


def power(coefficients: np.ndarray) -> np.ndarray:
    """(n,) sum over paths of the squared modulus of their coefficients."""
    parts = coefficients.view(float)  # alternating real and imaginary parts
    return np.einsum("pk,pk->k", parts, parts).reshape(-1, 2).sum(axis=1)


def product(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """(n,) sum over paths of one times the complex conjugate of two."""
    return np.einsum("pn,pn->n", one, two.conj())


class PathSums:
    """Sums over the paths of one site, and over the paths of its linear surrogate."""

    def __init__(self, lags: Lags):
        n = len(lags)
        self.lags = lags
        self.phi, self.x, self.cross = np.zeros(n), np.zeros(n), np.zeros(n, dtype=complex)
        self.phi_L, self.x_L, self.cross_L = np.zeros(n), np.zeros(n), np.zeros(n, dtype=complex)
        self.both = np.zeros(n)
        self.slopes, self.slopes_L = np.zeros(2), np.zeros(2)
        self.squares: list[np.ndarray] = []
        self.squares_L: list[np.ndarray] = []
        self.changed = self.size = 0.0

    def add_change(self, old: np.ndarray, new: np.ndarray) -> None:
        """Add the power of the change of some paths, and that of the paths."""
        self.changed += float(power(new - old).sum())
        self.size += float(power(new).sum())

    def add(self, x: np.ndarray, z: np.ndarray, phi: Nonlinearity) -> np.ndarray:
        """Add some paths; returns the Fourier coefficients of their phi."""
        path = gaussian_paths.in_time(x, self.lags)
        value = phi(path)
        out = gaussian_paths.in_frequency(value)
        slopes = phi.derivative(path[:, ::SLOPE_STRIDE])
        self.slopes += slopes.sum(), np.vdot(slopes, slopes)
        self.phi += power(out)
        self.x += power(x)
        self.cross += product(out, z)
        self.squares.append(np.einsum("pt,pt->p", value, value))
        return out

    def add_control(self, x: np.ndarray, z: np.ndarray, site: np.ndarray,
                    phi: Nonlinearity) -> None:
        """Add the surrogate's paths for the same noise; `site` is phi of the unit's own paths."""
        path = gaussian_paths.in_time(x, self.lags)
        value = phi(path)
        out = gaussian_paths.in_frequency(value)
        slopes = phi.derivative(path[:, ::SLOPE_STRIDE])
        self.slopes_L += slopes.sum(), np.vdot(slopes, slopes)
        self.phi_L += power(out)
        self.x_L += power(x)
        self.cross_L += product(out, z)
        self.both += product(site, out).real
        self.squares_L.append(np.einsum("pt,pt->p", value, value))

    def control(self) -> float:
        """Regression coefficient, over paths, of the mean phi^2 on that of the surrogate."""
        if not self.squares_L:
            return 0.0
        one, two = np.concatenate(self.squares), np.concatenate(self.squares_L)
        spread = two - two.mean()
        variance = float(spread @ spread)
        if variance <= 1e-20 * float(two @ two):
            return 1.0
        return float(np.clip(spread @ one / variance, 0.0, LARGEST_CONTROL_WEIGHT))

    def evaluate(self, count: int, drive: Drive, linear: LinearSurrogate, window: np.ndarray,
                 may_be_static: bool) -> PathAverages:
        """The averages, each corrected by beta (exact - sampled average of the surrogate).

        The coefficient beta is the same for all averages, so that they remain consistent with one
        ensemble of paths.
        """
        lags, beta = self.lags, self.control()

        def spectrum(site: np.ndarray, control: np.ndarray) -> np.ndarray:
            return gaussian_paths.spectrum(site - beta * control, lags) / count

        C = lags.correlation(spectrum(self.phi, self.phi_L)) + beta * linear.C_phi
        C_x = lags.correlation(spectrum(self.x, self.x_L)) + beta * linear.C_x
        samples = count * len(range(0, gaussian_paths.period_steps(lags), SLOPE_STRIDE))
        exact = np.array([linear.slope, linear.square_slope])
        slope, square = (self.slopes - beta * self.slopes_L) / samples + beta * exact
        root = np.sqrt(drive.V)
        cross = ((self.cross - beta * self.cross_L) / (count * gaussian_paths.amplitude(lags))
                 + beta * linear.slope * linear.transfer * root)
        unexplained = self.phi - 2 * beta * self.both + beta**2 * self.phi_L
        response = causal_fit(cross, linear.transfer, slope, lags, drive.V,
                              gaussian_paths.spectrum(np.maximum(unexplained, 0), lags) / count,
                              gaussian_paths.spectrum(self.phi, lags) / count)
        S = response * linear_response.lowpass(lags.omega)
        static = static_part(lags.spectrum(C), lags) if may_be_static else 0.0
        windowed = static + window * (C - static)
        statistics = SiteStatistics(lags, windowed, static, S, float(slope), float(square))
        change = float(np.sqrt(self.changed / max(self.size, 1e-300)))
        return PathAverages(statistics, C, C_x, change, beta)


def static_part(spectrum: np.ndarray, lags: Lags) -> float:
    """The part of a correlation that does not decay, from the excess of its spectrum at zero.

    The decaying part has a spectrum that is even and smooth at frequency zero. Its value there is
    extrapolated by the even polynomial of fourth order through the next three frequencies.
    """
    return max(0.0, float(STATIC_WEIGHTS @ spectrum[:4]) / (2 * lags.span))

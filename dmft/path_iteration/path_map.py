"""PathMap: from statistics to noise and memory, to paths, and to the statistics of these."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import fft

from ..network.network import AnyNetwork
from ..paths import gaussian_paths
from ..paths.linear_surrogate import LinearSurrogate
from ..paths.noise_and_memory import Drive, drive
from ..paths.response_fit import ResponseBasis
from ..paths.site_statistics import SiteStatistics
from ..paths.stepped_paths import COMPLEX, SteppedPaths, Sweep
from ..paths.tuning import LARGEST_CONTROL_WEIGHT, SLOPE_STRIDE
from .path_features import Features
from .surrogate import own_surrogate, surrogate_moments
from .unknowns import NAMES, Moments, Unknowns


@dataclass(frozen=True, eq=False)
class Pass:
    """Noise, memory, linear surrogate and steps of one sweep, at given statistics."""

    now: Drive
    linear: LinearSurrogate
    slope: float
    sweep: Sweep
    exact: Moments


class PathMap:
    """The map of a vector of statistics to that of the paths which it drives.

    Parameters
    ----------
    network : Network
    paths : SteppedPaths
        Updated in place by each evaluation.
    unknowns : Unknowns
        Order of the vectors.
    """

    def __init__(self, network: AnyNetwork, paths: SteppedPaths, unknowns: Unknowns):
        self.network, self.paths, self.unknowns = network, paths, unknowns
        self.slope: float | None = None  # of the surrogate in the last sweep
        self.control: float | None = None  # a fixed coefficient of the control variate

    @property
    def driving(self) -> np.ndarray:
        """(len,) whether each component of a vector drives the paths."""
        return self.unknowns.driving

    @property
    def observed(self) -> np.ndarray:
        """Components whose errors matter: those of C."""
        return np.arange(self.unknowns.m)

    def scale(self, u: np.ndarray) -> np.ndarray:
        """(len,) changes of the components that count alike."""
        return self.unknowns.scale(u)

    def trial(self, part: slice = slice(None)) -> PathMap:
        """A map of copies of some of the paths, with the coefficient of the last control variate.

        What is tried with it leaves this map and its paths unchanged.
        """
        other = PathMap(self.network, self.paths.copy(part), self.unknowns)
        other.slope, other.control = self.slope, self.last_control
        return other

    def prepared(self, u: np.ndarray) -> Pass:
        """What one sweep at these statistics needs."""
        return self.prepared_at(self.unknowns.statistics(u))

    def prepared_at(self, statistics: SiteStatistics) -> Pass:
        """The same, at statistics on the grid of the paths."""
        now = drive(self.network, statistics)
        guess = statistics.slope if self.slope is None else self.slope
        linear, self.slope = own_surrogate(now, guess, self.network.phi)
        power = statistics.order_parameters(self.network.noise).C_spectrum
        sweep = Sweep(now, power, self.slope, self.network.phi)
        return Pass(now, linear, self.slope, sweep, surrogate_moments(now, linear))

    def __call__(self, u: np.ndarray, sweeps: int = 1) -> np.ndarray:
        """The vector of the paths after a sweep, with the surrogate as control variate."""
        return self.evaluated(self.prepared(u), sweeps)

    def rebase(self, u: np.ndarray) -> np.ndarray:
        """Take the basis of the response around the surrogate at u; returns u in this basis."""
        at = self.prepared(u)
        power = self.unknowns.statistics(u).order_parameters(self.network.noise).C_spectrum
        basis = ResponseBasis.around(at.linear.transfer, self.unknowns.lags, power, power)
        old, self.unknowns = self.unknowns, replace(self.unknowns, basis=basis)
        root = np.sqrt(at.now.V)
        transfer = old.basis.transfer(u[old.slope], u[old.weights])
        out = u.copy()
        out[old.weights] = basis.fit(transfer * root, u[old.slope], root)
        return out

    def evaluated(self, at: Pass, sweeps: int = 1) -> np.ndarray:
        """The same, of a sweep that is prepared."""
        return self.unknowns.vector(self.moments(at, sweeps), np.sqrt(at.now.V), True)

    def moments(self, at: Pass, sweeps: int = 1) -> Moments:
        """Moments of the paths after so many sweeps, with the surrogate as control variate."""
        for _ in range(sweeps - 1):
            for rows in self.paths.chunks():
                at.sweep(self.paths, rows)
        sums = [self._chunk(at, rows, sum) for rows in self.paths.chunks()]
        squares = np.concatenate([one[2] for one in sums], axis=1)
        beta = _control_weight(squares) if self.control is None else self.control
        self.last_control = beta if at.linear.exact else 0.0
        own = _mean([one[0] for one in sums], len(self.paths))
        control = _mean([one[1] for one in sums], len(self.paths))
        return own.minus(self.last_control, control, at.exact)

    def each(self, u: np.ndarray, features: Features) -> tuple[np.ndarray, np.ndarray]:
        """Vectors of each path (len, P) after a sweep, and its features (f, P) less their means."""
        at, beta = self.prepared(u), self.last_control
        values, controls, root = [], [], np.sqrt(at.now.V)
        prepared = features.prepared(at.now, at.linear)
        for rows in self.paths.chunks():
            own, control, _ = self._chunk(at, rows, None)
            values.append(self.unknowns.vector(own.minus(beta, control, at.exact), root))
            linear = ((_single(at.linear.transfer) * at.sweep.root)[:, None]
                      * self.paths.z[:, rows])
            controls.append(prepared(linear, control, at.exact, root, self.unknowns))
        return np.concatenate(values, axis=1), np.concatenate(controls, axis=1)

    def correlation_of_x(self, u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """<x(t) x(t + tau)> at all lags (n,), without lag window, and its standard error."""
        at, lags, beta = self.prepared(u), self.paths.lags, self.last_control
        total = squares = np.zeros(len(lags))
        for rows in self.paths.chunks():
            own, control, _ = self._chunk(at, rows, None)
            C = fft.idct((own.x - beta * control.x).astype(float), type=1, axis=0) / lags.dt
            total, squares = total + C.sum(axis=1), squares + (C**2).sum(axis=1)
        count = len(self.paths)
        mean = total / count
        variance = np.maximum(squares / count - mean**2, 0.0)
        return mean + beta * at.linear.C_x, np.sqrt(variance / max(count - 1, 1))

    def _chunk(self, at: Pass, rows: slice, over) -> tuple[Moments, Moments, np.ndarray]:
        """Step some paths; their moments, those of the surrogate, and both <phi^2> of each path."""
        lags, phi, z = self.paths.lags, self.network.phi, self.paths.z[:, rows]
        x = at.sweep(self.paths, rows)
        v = at.sweep.root[:, None] * z
        out = self.paths.phi[:, rows]
        own = _moments(out, v + _single(at.now.feedback)[:, None] * out, z,
                       phi.derivative(x[::SLOPE_STRIDE]), lags, over)
        x_L = _single(at.linear.transfer)[:, None] * v
        path = fft.irfft(x_L, gaussian_paths.period_steps(lags), axis=0)
        out_L = fft.rfft(phi.function(path), axis=0)
        control = _moments(out_L, x_L, z, phi.derivative(path[::SLOPE_STRIDE]), lags, over)
        squares = np.stack([_power(out), _power(out_L)])
        return own, control, squares


def _moments(phi: np.ndarray, x: np.ndarray, z: np.ndarray, slopes: np.ndarray, lags, over
             ) -> Moments:
    """Moments of each path, or their sums over paths."""
    amplitude, length = gaussian_paths.amplitude(lags), gaussian_paths.period_steps(lags)
    if over is None:
        return Moments(_squared(phi) / amplitude**2, _squared(x) / amplitude**2,
                       phi * z.conj() / amplitude, slopes.mean(axis=0, dtype=float),
                       (slopes**2).mean(axis=0, dtype=float), phi[0].real / length)
    return Moments(_squared(phi).sum(axis=1, dtype=float) / amplitude**2,
                   _squared(x).sum(axis=1, dtype=float) / amplitude**2,
                   np.einsum("np,np->n", phi, z.conj()) / amplitude,
                   np.asarray(slopes.sum(dtype=float) / len(slopes)),
                   np.asarray((slopes**2).sum(dtype=float) / len(slopes)),
                   np.asarray(phi[0].real.sum(dtype=float) / length))


def _single(transfer: np.ndarray) -> np.ndarray:
    return gaussian_paths.real_at_nyquist(transfer).astype(COMPLEX)


def _squared(values: np.ndarray) -> np.ndarray:
    return values.real**2 + values.imag**2


def _power(coefficients: np.ndarray) -> np.ndarray:
    """Sum over all frequencies, of either sign, of the squared modulus, for each path."""
    squared = _squared(coefficients)
    return 2 * squared.sum(axis=0, dtype=float) - squared[0] - squared[-1]


def _mean(sums: list[Moments], count: int) -> Moments:
    return Moments(*(np.sum([getattr(one, name) for one in sums], axis=0) / count
                     for name in NAMES))


def _control_weight(squares: np.ndarray) -> float:
    """Regression coefficient, over paths, of <phi^2> on that of the surrogate."""
    one, two = squares
    spread = two - two.mean()
    variance = float(spread @ spread)
    if not variance > 1e-20 * float(two @ two):
        return 1.0
    return float(np.clip(spread @ one / variance, 0.0, LARGEST_CONTROL_WEIGHT))

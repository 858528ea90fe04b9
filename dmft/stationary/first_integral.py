"""The stationary correlation from its first integral: no grid, no window, no iteration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.polynomial import chebyshev

from ..averages.chebyshev_averages import TAIL, interpolate
from ..base.errors import ConvergenceError
from ..equations import stationary as equations
from .stationary_variance import NODES, WEIGHTS, Variance
from .variance_bound import Gaussian

DEGREES = (40, 80, 160, 320)  # tried in turn until the series' tail is nothing


@dataclass(frozen=True, eq=False)
class Orbit:
    """Delta(tau), the solution of Delta'' = force(Delta) that comes to rest at Delta(inf).

    Its speed is -sqrt(2 E(Delta)), E the integral of the force from Delta(inf). With
    Delta = Delta(inf) + a sech(u), dtau/du = W is smooth and tends to 1/kappa: tau(u) is
    W(inf) u plus a Chebyshev series in theta = arcsin(sech u), inverted by Newton's method. With
    white noise the orbit starts at a speed; a then reaches to the point where it would have
    turned.

    Parameters
    ----------
    variance : Variance
        End points.
    amplitude : float
        a; it is Delta(0) - Delta(inf) without noise.
    rate : float
        kappa, the rate of the last decay, sqrt(force'(Delta(inf))).
    error : float
        Size of the series' tail, relative.
    """

    variance: Variance
    amplitude: float
    rate: float
    error: float
    start: float  # theta at tau = 0
    density: np.ndarray  # series of W(theta) on [0, start]
    remainder: np.ndarray  # series of the integral of (W - W(inf)) / sin(theta), from 0

    def Delta(self, tau: np.ndarray) -> np.ndarray:
        """Delta(tau) at any lags tau >= 0."""
        tau = np.asarray(tau, dtype=float)
        u = _steps(self.start) + tau * self.rate
        for _ in range(60):
            lag, density = self._lag(u)
            change = (tau - lag) / density
            u = np.maximum(u + change, 0.0)
            if np.max(np.abs(change), initial=0.0) < 1e-13 * (1 + np.max(u, initial=0.0)):
                break
        else:
            raise ConvergenceError("the lag could not be inverted to 1e-13; use method='fourier'")
        decay = np.exp(-u)  # sech(u) without overflow
        return self.variance.static + self.amplitude * 2 * decay / (1 + decay**2)

    def _lag(self, u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """tau(u) and its derivative."""
        theta = 2 * np.arctan(np.exp(-u))
        t = np.minimum(2 * theta / self.start - 1, 1.0)
        at_start = chebyshev.chebval(1.0, self.remainder)
        lag = (u - _steps(self.start)) / self.rate
        lag = lag + at_start - chebyshev.chebval(t, self.remainder)
        return lag, chebyshev.chebval(t, self.density)


def orbit(problem: Gaussian, variance: Variance) -> Orbit:
    """The orbit between the end points of `variance` (branch "chaotic" or "driven")."""
    averages, static = variance.averages, variance.static
    depth = variance.total - static
    pull = -float(problem.force(variance.total, averages))  # -Delta''(0)
    # Where the speed would vanish if the orbit were continued beyond Delta(0).
    beyond = equations.initial_slope(problem.noise) ** 2 / (2 * pull) if pull > 0 else np.inf
    amplitude = depth + min(beyond, 100 * depth) if problem.noise else depth
    rate = float(np.sqrt(problem.stiffness(static, averages)))
    start = float(np.arcsin(depth / amplitude))
    for degree in DEGREES:
        theta = start * (1 + chebyshev.chebpts1(degree)) / 2
        drop = depth - amplitude * np.sin(theta)
        if start == np.pi / 2:  # 1 - sin(theta) without cancellation
            drop = 2 * depth * np.sin((start - theta) / 2) ** 2
        energy2 = _twice_energy(problem, variance, pull, drop)
        density = amplitude * np.sin(theta) * np.cos(theta) / np.sqrt(energy2)
        series = interpolate(density)
        rest = interpolate((density - 1 / rate) / np.sin(theta))
        tail = np.max(np.abs(series[-3:])) / np.max(np.abs(series))
        if tail < TAIL:
            break
    remainder = chebyshev.chebint(rest) * (start / 2)
    return Orbit(variance, amplitude, rate, float(tail), start, series, remainder)


def _twice_energy(problem: Gaussian, variance: Variance, pull: float, drop: np.ndarray):
    """Squared speed (dDelta/dtau)^2 at Delta = Delta(0) - drop, without cancellation.

    Both forms are int (distance) force'(s) ds, by parts, from the end that is nearer: from
    Delta(inf), where energy and force vanish, or from Delta(0), where the noise gives the speed.
    """
    averages, depth = variance.averages, variance.total - variance.static
    height = depth - drop
    low = height < depth / 2
    result = np.empty_like(drop)
    s = variance.static + height[low, None] * NODES
    inner = (1 - NODES) * problem.stiffness(s, averages)
    result[low] = 2 * height[low] ** 2 * (inner @ WEIGHTS)
    # s = Delta(0) - drop y^2 resolves the steep end of force' at Delta(0).
    d = drop[~low]
    y2 = NODES**2
    inner = d[:, None] ** 2 * (1 - y2) * 2 * NODES
    inner = inner * problem.stiffness(variance.total - d[:, None] * y2, averages)
    speed0 = equations.initial_slope(problem.noise)
    result[~low] = speed0**2 + 2 * pull * d + 2 * (inner @ WEIGHTS)
    return result


def _steps(theta: float) -> float:
    """u with sech(u) = sin(theta)."""
    return float(-np.log(np.tan(theta / 2)))

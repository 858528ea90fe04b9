"""The stationary autocorrelation Delta(tau) from the first integral: no lag grid, no iteration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.polynomial import chebyshev

from ..averages.chebyshev_series import evaluate, interpolate
from ..averages.tuning import SERIES_TAIL
from ..base.errors import ConvergenceError
from ..equations import stationary as equations
from .gaussian_problem import GaussianProblem
from .stationary_variance import NODES, WEIGHTS, Variance
from .tuning import LINEAR_SHARE, ORBIT_DEGREES, STIFFNESS_DIGITS


@dataclass(frozen=True, eq=False)
class Orbit:
    """Delta(tau), the solution of Delta'' = force(Delta) that decays to Delta(inf).

    It is the orbit of a motion in a potential, with velocity dDelta/dtau = -sqrt(2 E(Delta)), E
    the integral of the force from Delta(inf) to Delta. In the variable u of
    Delta = Delta(inf) + a sech(u), the derivative dtau/du = W is smooth and tends to 1/kappa:
    tau(u) is W(inf) u plus a Chebyshev series in theta = arcsin(sech u). Newton's method inverts
    it at the nodes of a second series: u is kappa tau + u(0) plus a series in
    arcsin(sech(kappa tau + u(0))). With white noise the initial velocity is nonzero; a is then the
    amplitude at the turning point of the orbit continued to negative lags.

    Parameters
    ----------
    variance : Variance
        End points Delta(0) and Delta(inf).
    amplitude : float
        a; without noise it is Delta(0) - Delta(inf).
    rate : float
        kappa, the asymptotic decay rate, sqrt(force'(Delta(inf))).
    error : float
        Size of the tails of the series, relative to their largest coefficients.
    """

    variance: Variance
    amplitude: float
    rate: float
    error: float
    start: float  # theta at tau = 0
    advance: np.ndarray  # series of u - kappa tau - u(0) on [0, start]

    def Delta(self, tau: np.ndarray) -> np.ndarray:
        """Delta(tau) at any lags tau >= 0."""
        u = np.asarray(tau, dtype=float) * self.rate + _u_of_theta(self.start)
        u = u + evaluate(_place(u, self.start), self.advance)
        decay = np.exp(-u)  # sech(u) without overflow
        return self.variance.static + self.amplitude * 2 * decay / (1 + decay**2)


def orbit(problem: GaussianProblem, variance: Variance) -> Orbit:
    """The orbit between the end points of `variance` (branch "chaotic" or "driven")."""
    averages, static = variance.averages, variance.static
    depth, rate = variance.total - static, float(np.sqrt(problem.stiffness(static, averages)))
    if problem.noise and depth < LINEAR_SHARE * rate**2 * variance.total:
        return _linear_orbit(problem, variance, rate)
    restoring = -float(problem.force(variance.total, averages))  # -Delta''(0)
    # Distance from Delta(0) to the turning point of the orbit continued to negative lags.
    speed2 = equations.initial_slope(problem.noise) ** 2
    overshoot = speed2 / (2 * restoring) if restoring > 0 else np.inf
    amplitude = depth + min(overshoot, 100 * depth) if problem.noise else depth
    start = float(np.arcsin(depth / amplitude))
    tail = np.inf
    for degree in ORBIT_DEGREES:
        theta = start * (1 + chebyshev.chebpts1(degree)) / 2
        drop = depth - amplitude * np.sin(theta)
        if start == np.pi / 2:  # 1 - sin(theta) without cancellation
            drop = 2 * depth * np.sin((start - theta) / 2) ** 2
        energy2 = _twice_energy(problem, variance, restoring, drop)
        with np.errstate(invalid="ignore"):  # rounding near a transition: NaN fails the inversion
            density = amplitude * np.sin(theta) * np.cos(theta) / np.sqrt(energy2)
        series = interpolate(density)
        rest = interpolate((density - 1 / rate) / np.sin(theta))
        before, tail = tail, float(np.max(np.abs(series[-3:])) / np.max(np.abs(series)))
        # Near a transition rounding of the stiffness limits the tail, which then no longer falls.
        if tail < SERIES_TAIL or before / 2 < tail < STIFFNESS_DIGITS / rate**2:
            break
    remainder = chebyshev.chebint(rest) * (start / 2)
    remainder[0] -= np.sum(remainder)  # 0 at tau = 0
    advance, more = _inverted(series, -remainder, rate, start)
    return Orbit(variance, amplitude, rate, max(tail, more), start, advance)


def _linear_orbit(problem: GaussianProblem, variance: Variance, rate: float) -> Orbit:
    """Delta(inf) + (noise^2 / kappa) exp(-kappa tau): weak noise about a static state.

    The difference of the end points is then rounding. The turning point is so far away that sech
    is an exponential.
    """
    depth = float(equations.initial_slope(problem.noise)) / rate
    start = 1e-9
    error = abs(depth) / variance.total  # next order, relative to the fluctuations
    return Orbit(variance, abs(depth) / float(np.sin(start)), rate, error, start, np.zeros(1))


def _inverted(density: np.ndarray, beyond: np.ndarray, rate: float,
              start: float) -> tuple[np.ndarray, float]:
    """The series of u - w in arcsin(sech w), with w = kappa tau + u(0), and its tail.

    `density` and `beyond` are the series of W = dtau/du and of tau - (u - u(0)) / kappa in
    arcsin(sech u).
    """
    both = np.zeros((2, max(len(density), len(beyond))))
    both[0, :len(density)], both[1, :len(beyond)] = density, beyond
    for degree in ORBIT_DEGREES:
        theta = start * (1 + chebyshev.chebpts1(degree)) / 2
        w = -np.log(np.tan(theta / 2))
        u = w
        for _ in range(60):
            slope, more = evaluate(_place(u, start), both)
            change = ((w - u) / rate - more) / slope
            u = np.maximum(u + change, 0.0)
            if np.max(np.abs(change)) < 1e-13 * (1 + u[0]):
                break
        else:
            raise ConvergenceError("tau(u) could not be inverted to 1e-13; use method='fourier'")
        series = interpolate(u - w)
        tail = float(np.max(np.abs(series[-3:])) / (1 + np.max(np.abs(series))))
        if tail < SERIES_TAIL:
            break
    return series, tail


def _place(u: np.ndarray, start: float) -> np.ndarray:
    """arcsin(sech u), scaled from [0, start] to [-1, 1]."""
    return np.minimum(4 * np.arctan(np.exp(-u)) / start - 1, 1.0)


def _twice_energy(problem: GaussianProblem, variance: Variance, restoring: float,
                  drop: np.ndarray) -> np.ndarray:
    """Squared velocity (dDelta/dtau)^2 at Delta = Delta(0) - drop, without cancellation.

    Both forms are int (distance) force'(s) ds, by parts, from the nearer end: from Delta(inf),
    where energy and force vanish, or from Delta(0), where the white noise determines the velocity.
    """
    averages, depth = variance.averages, variance.total - variance.static
    height = depth - drop
    low = height < depth / 2
    result = np.empty_like(drop)
    s = variance.static + height[low, None] * NODES
    inner = (1 - NODES) * problem.stiffness(s, averages)
    result[low] = 2 * height[low] ** 2 * (inner @ WEIGHTS)
    # s = Delta(0) - drop y^4 resolves the steep end of force' at Delta(0).
    d = drop[~low]
    y4 = NODES**4
    inner = d[:, None] ** 2 * (1 - y4) * 4 * NODES**3
    inner = inner * problem.stiffness(variance.total - d[:, None] * y4, averages)
    speed0 = equations.initial_slope(problem.noise)
    result[~low] = speed0**2 + 2 * restoring * d + 2 * (inner @ WEIGHTS)
    return result


def _u_of_theta(theta: float) -> float:
    """u with sech(u) = sin(theta)."""
    return float(-np.log(np.tan(theta / 2)))

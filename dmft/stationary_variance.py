"""The variance of the stationary Gaussian process: one scalar root (the first integral)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

import numpy as np
from scipy import optimize

from .averages import GaussianAverages
from .checks import reject
from .equations import stationary as equations
from .errors import ModelError
from .nonlinearity import Nonlinearity

SMALLEST, LARGEST = 1e-12, 1e10  # variances between which a static solution is looked for
_HALF_NODES, _HALF_WEIGHTS = np.polynomial.legendre.leggauss(64)
NODES = (1 + _HALF_NODES) / 2  # Gauss-Legendre on [0, 1]
WEIGHTS = _HALF_WEIGHTS / 2


@dataclass(frozen=True)
class Gaussian:
    """What the stationary Gaussian theory is given: noise = gain C_phi, white noise, bias."""

    phi: Nonlinearity
    gain: float
    noise: float = 0.0
    bias: float = 0.0

    def force(self, covariance, averages: GaussianAverages):
        """Delta'' as a function of Delta (the derivative of minus the potential)."""
        return equations.force(covariance, averages.correlation(covariance), self.gain, self.bias)

    def stiffness(self, covariance, averages: GaussianAverages):
        """The derivative of `force`."""
        return equations.stiffness(averages.slope(covariance), self.gain)


@dataclass(frozen=True)
class Variance:
    """The stationary solution's end points.

    Parameters
    ----------
    branch : str
        "quiescent", "static", "chaotic" or "driven".
    total : float
        Delta(0), the variance of x.
    static : float
        Delta(inf), the part of it that does not decay.
    averages : GaussianAverages
        At this variance.
    evaluations : int
        How often the energy condition was evaluated.
    """

    branch: str
    total: float
    static: float
    averages: GaussianAverages
    evaluations: int


def stationary_variance(problem: Gaussian) -> Variance:
    """Solve the energy condition for Delta(0), with Delta(inf) where phi or a bias causes one.

    The decaying solution of Delta'' = force(Delta) starts at Delta(0) with slope -noise^2 and
    comes to rest at Delta(inf), force(Delta(inf)) = 0: hence int force dDelta between them is
    noise^4/2, one equation for Delta(0) (Sompolinsky, Crisanti & Sommers 1988, where it reads as
    the energy of a particle in a potential).

    Raises
    ------
    ModelError
        Where no stationary variance exists: it grows without bound.
    """
    largest_static = _largest_static_variance(problem)
    if problem.noise == 0:
        if largest_static == 0:
            return _quiescent(problem, 0)
        averages = problem.phi.averages(largest_static)
        if problem.stiffness(largest_static, averages) >= 0:
            return Variance("static", largest_static, largest_static, averages, 0)
    return _moving_variance(problem, max(largest_static, problem.noise**2))


def resting_covariance(problem: Gaussian, averages: GaussianAverages) -> float | None:
    """Delta(inf): the lower root of the force, or None where there is none.

    The force is concave in Delta (the powers of <phi phi> in the covariance have positive
    coefficients), so Newton's method from zero climbs to the lower root without passing it.
    """
    if problem.phi.odd and problem.bias == 0:
        return 0.0 if problem.stiffness(0.0, averages) > 0 else None
    covariance, end = 0.0, averages.variance
    for _ in range(200):
        force = float(problem.force(covariance, averages))
        slope = float(problem.stiffness(covariance, averages))
        if slope <= 0 or covariance > end:
            return None
        step = -force / slope
        covariance += step
        if step <= 1e-16 * end:  # rounding ends the monotone climb
            return covariance if covariance <= end else None
    return None


def _moving_variance(problem: Gaussian, start: float) -> Variance:
    """The root of the energy condition at or below `start`; above it where noise drives."""
    kick = equations.kick_energy(problem.noise)
    found: dict[float, tuple[GaussianAverages, float | None]] = {}

    def excess(log_variance: float) -> float:
        total = float(np.exp(log_variance))
        averages = problem.phi.averages(total)
        static = resting_covariance(problem, averages)
        found[log_variance] = averages, static
        return (_energy(problem, averages, static or 0.0) - kick) / total**2

    low = high = float(np.log(start))
    value = excess(low)
    while value > 0 and low > np.log(SMALLEST):
        low, high = low - np.log(4.0), low
        value = excess(low)
    if high == low:
        while (value := excess(high)) <= 0:
            low, high = high, high + np.log(4.0)
            if high > np.log(LARGEST):
                _diverges(problem)
    if low <= np.log(SMALLEST):
        return _quiescent(problem, len(found))
    root = float(optimize.brentq(excess, low, high, xtol=1e-15, rtol=1e-15))
    excess(root)
    averages, static = found[root]
    if static is None:
        raise ModelError(
            f"g={problem.gain**0.5:g}: the energy condition changes sign at variance "
            f"{np.exp(root):.6g} where the correlation does not come to rest; use "
            "method='fourier', or another g, noise or bias")
    branch = "driven" if problem.noise > 0 else "chaotic"
    return Variance(branch, float(np.exp(root)), static, averages, len(found))


def _quiescent(problem: Gaussian, evaluations: int) -> Variance:
    return Variance("quiescent", 0.0, 0.0, problem.phi.averages(0.0), evaluations)


def _energy(problem: Gaussian, averages: GaussianAverages, static: float) -> float:
    """int force dDelta from Delta(inf) to Delta(0), without cancellation.

    Integrated by parts, it is int (Delta(0) - s) force'(s) ds, plus an end term where the force
    does not vanish at the lower end; in s = Delta(0) sin(theta) the integrand is smooth.
    """
    total = averages.variance
    begin = np.arcsin(static / total)
    theta = begin + (np.pi / 2 - begin) * NODES
    s = total * np.sin(theta)
    integrand = (total - s) * problem.stiffness(s, averages) * total * np.cos(theta)
    end = float(problem.force(static, averages)) * (total - static) if static == 0 else 0.0
    return float(WEIGHTS @ integrand) * (np.pi / 2 - begin) + end


def _largest_static_variance(problem: Gaussian) -> float:
    """The largest Delta with Delta = gain <phi^2> + bias^2; 0 where there is none above 0."""
    high, excess = LARGEST, np.nan
    while not np.isfinite(excess):  # as far up as phi itself does not overflow
        high /= 16
        with np.errstate(over="ignore", invalid="ignore"):
            excess = _static_excess(problem, high)
        if high < SMALLEST:
            reject("phi", problem.phi, "overflows near zero", "give a phi that is finite there")
    if excess <= 0:
        _diverges(problem)
    while high > SMALLEST:
        low = high / 16
        if _static_excess(problem, low) <= 0:
            return float(optimize.brentq(lambda v: _static_excess(problem, v), low, high,
                                         xtol=1e-15 * low, rtol=1e-15))
        high = low
    return 0.0


def _static_excess(problem: Gaussian, variance: float) -> float:
    """force(Delta, Delta) / Delta, from the mean square of phi alone."""
    mean_square = problem.phi.mean_square(variance)
    return float(equations.force(variance, mean_square, problem.gain, problem.bias)) / variance


def _diverges(problem: Gaussian) -> NoReturn:
    raise ModelError(
        f"g={problem.gain**0.5:g} (total over the ensembles): the variance of x grows without "
        f"bound with phi={problem.phi.name}, noise={problem.noise:g}, bias={problem.bias:g}; "
        "give a smaller g, or a phi that saturates")

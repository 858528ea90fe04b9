"""The variance of the stationary Gaussian process: one scalar root (the first integral)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from ..averages.gaussian_averages import gaussian_averages
from ..averages.protocol import GaussianAverages
from ..base.checks import reject
from ..base.errors import ModelError
from ..equations import stationary as equations
from .variance_bound import SMALLEST, Gaussian, variance_bound

STEP = 1.2  # ratio of neighbouring variances in the search from the bound downwards
ROUNDING = 1e-14  # stiffness that float64 cannot tell from zero
_HALF_NODES, _HALF_WEIGHTS = np.polynomial.legendre.leggauss(64)
NODES = (1 + _HALF_NODES) / 2  # Gauss-Legendre on [0, 1]
WEIGHTS = _HALF_WEIGHTS / 2


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
    bound = variance_bound(problem)
    if problem.noise == 0:
        if bound == 0:
            return _quiescent(problem, 0)
        averages = gaussian_averages(problem.phi, bound)
        stiffness = float(problem.stiffness(bound, averages))
        if abs(stiffness) < ROUNDING:
            reject("g", problem.gain**0.5, "so close to a transition that rounding hides on which "
                   "side of it", "give a g further from it")
        if stiffness > 0:
            return Variance("static", bound, bound, averages, 0)
    return _moving_variance(problem, bound)


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


def _moving_variance(problem: Gaussian, bound: float) -> Variance:
    """The largest root of the energy condition: the first below the bound."""
    kick = equations.kick_energy(problem.noise)
    found: dict[float, tuple[GaussianAverages, float | None]] = {}

    def excess(log_variance: float) -> float:
        total = float(np.exp(log_variance))
        averages = gaussian_averages(problem.phi, total)
        static = resting_covariance(problem, averages)
        found[log_variance] = averages, static
        return (_energy(problem, averages, static or 0.0) - kick) / total**2

    # With noise, and where quiescence is unstable, there is a root however small.
    certain = problem.noise > 0 or problem.gain * problem.phi.slope_at_zero**2 > 1
    least = np.log(SMALLEST if certain else bound * 1e-4)
    low = high = float(np.log(bound)) + 1e-9
    while excess(low) > 0:
        low, high = low - np.log(STEP), low
        if low < least:
            return _quiescent(problem, len(found))
    if low == high:
        reject("g", problem.gain**0.5,
               f"the energy condition fails at the largest possible variance {bound:g}",
               "use method='fourier', or another g, noise or bias")
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
    return Variance("quiescent", 0.0, 0.0, gaussian_averages(problem.phi, 0.0), evaluations)


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

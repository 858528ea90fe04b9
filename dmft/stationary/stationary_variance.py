"""The variance Delta(0) of the stationary Gaussian process: a scalar root of the first integral."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import optimize

from ..averages.gaussian_averages import (
    averages_at,
    integrated_correlation,
    mean_square_slope,
    square_slope_at_rest,
)
from ..averages.protocol import GaussianAverages
from ..base.checks import reject
from ..base.errors import ModelError
from ..equations import stationary as equations
from .gaussian_problem import GaussianProblem
from .tuning import (
    PRIMITIVE_ROUNDING,
    ROOT_ACCURACY,
    ROOT_SEARCH_RATIO,
    STIFFNESS_ROUNDING,
)
from .variance_bound import Bound, reject_divergence, smallest_variance, variance_bound

_HALF_NODES, _HALF_WEIGHTS = np.polynomial.legendre.leggauss(64)
NODES = (1 + _HALF_NODES) / 2  # Gauss-Legendre on [0, 1]
WEIGHTS = _HALF_WEIGHTS / 2


@dataclass(frozen=True)
class Variance:
    """Variance and static covariance of the stationary solution, the end points of Delta(tau).

    Parameters
    ----------
    branch : str
        "quiescent", "static", "chaotic" or "driven".
    total : float
        Delta(0), the variance of x.
    static : float
        Delta(inf), the part of the variance that does not decay.
    averages : GaussianAverages
        Averages of phi at this variance.
    evaluations : int
        Number of evaluations of the first integral.
    note : str
        What becomes of other initial conditions, if their variance grows without bound.
    """

    branch: str
    total: float
    static: float
    averages: GaussianAverages
    evaluations: int
    note: str = ""


def stationary_variance(problem: GaussianProblem) -> Variance:
    """Find Delta(0) from the first integral, with Delta(inf) where phi or a bias causes one.

    The decaying solution of Delta'' = force(Delta) starts at Delta(0) with slope -noise^2 and
    tends to Delta(inf), where force(Delta(inf)) = 0. Hence the integral of force over Delta from
    Delta(inf) to Delta(0) is noise^4/2: one equation for Delta(0) (Sompolinsky, Crisanti & Sommers
    1988: conservation of energy of a motion in a potential).

    Raises
    ------
    ModelError
        Where no stationary variance exists, because the variance grows without bound; and where g
        is so close to a transition that rounding decides.
    """
    found = variance_bound(problem)
    return replace(_below(problem, found), note=found.note)


def _below(problem: GaussianProblem, limit: Bound) -> Variance:
    """The solution of largest variance within the bound."""
    bound = limit.variance
    if problem.noise == 0 and limit.static:
        if bound == 0:
            return _quiescent(problem, 0)
        stiffness = float(equations.stiffness(mean_square_slope(problem.phi, bound), problem.gain))
        if abs(stiffness) < STIFFNESS_ROUNDING:
            reject("g", problem.gain**0.5, "so close to a transition that rounding decides on "
                   "which side it lies", "give a g further from the transition")
        if stiffness > 0:
            return Variance("static", bound, bound, averages_at(problem.phi, bound), 0)
    return _fluctuating_variance(problem, limit)


def static_covariance(problem: GaussianProblem, averages: GaussianAverages,
                      start: float = 0.0) -> float | None:
    """Delta(inf): the lower root of the force, or None where there is none.

    The force is concave in Delta (the power series of <phi phi> in the covariance has nonnegative
    coefficients), so Newton's method from zero increases monotonically to the lower root. From any
    other `start` with a positive slope, its first step ends below that root.
    """
    if problem.phi.odd and problem.bias == 0:
        return 0.0 if problem.stiffness(0.0, averages) > 0 else None
    covariance, end = 0.0, averages.variance
    if start > 0 and (slope := float(problem.stiffness(start, averages))) > 0:
        covariance = max(0.0, start - float(problem.force(start, averages)) / slope)
    for _ in range(200):
        force = float(problem.force(covariance, averages))
        slope = float(problem.stiffness(covariance, averages))
        if slope <= 0 or covariance > end:
            return None
        step = -force / slope
        covariance += step
        if step <= 1e-16 * end:  # rounding ends the monotone increase
            return covariance if covariance <= end else None
    return None


def _fluctuating_variance(problem: GaussianProblem, limit: Bound) -> Variance:
    """The largest root of the first integral: the first below the bound."""
    bound, initial_energy = limit.variance, equations.kick_energy(problem.noise)
    found: dict[float, tuple[GaussianAverages, float | None]] = {}

    share = 0.0  # Delta(inf) / Delta(0) of the last variance

    def exact(log_variance: float) -> float:
        nonlocal share
        total = float(np.exp(log_variance))
        averages = averages_at(problem.phi, total)
        static = static_covariance(problem, averages, share * total)
        share = (static or 0.0) / total
        found[log_variance] = averages, static
        return (_energy(problem, averages, static or 0.0) - initial_energy) / total**2

    def by_primitive(log_variance: float) -> float:
        total = float(np.exp(log_variance))
        integral = integrated_correlation(problem.phi, total)
        return 0.5 - (problem.gain * integral + initial_energy) / total**2

    # Where nothing is static and averages are costly, the integral of phi is used for the search.
    quick = problem.phi.odd and problem.bias == 0 and problem.phi.closed is None
    excess = Counted(by_primitive if quick else exact)
    # With noise, and where the quiescent state is unstable, a root exists, however small it is.
    certain = problem.noise > 0 or problem.gain * square_slope_at_rest(problem.phi) > 1
    smallest = smallest_variance(problem)
    least = np.log(smallest if certain else bound * 1e-4)
    if not limit.static:  # no variance is below that of the noise
        least = np.log(max(smallest, problem.noise**2 / 2))
    bracket = _bracket(excess, float(np.log(bound)) + 1e-9, least, limit.static)
    if bracket is None:
        if not limit.static:
            reject_divergence(problem)
        return _quiescent(problem, excess.count)
    low, high = bracket
    if low == high:
        reject("g", problem.gain**0.5,
               f"the first integral has no root below the largest possible variance {bound:g}",
               "use method='fourier', or another g, noise or bias")
    root = _root(excess, low, high)
    if quick:
        root = _refined(excess, exact, root, low, high)
    if root not in found:
        exact(root)
    averages, static = found[root]
    if static is None and not limit.static:
        reject_divergence(problem)
    if static is None:
        raise ModelError(
            f"g={problem.gain**0.5:g}: the first integral changes sign at variance "
            f"{np.exp(root):.6g}, where the correlation has no limit at infinite lag; use "
            "method='fourier', or another g, noise or bias")
    branch = "driven" if problem.noise > 0 else "chaotic"
    return Variance(branch, float(np.exp(root)), static, averages, excess.count)


class Counted:
    """A function that counts its evaluations, and evaluates once at each place."""

    def __init__(self, function: Callable[[float], float]):
        self._function = function
        self._known: dict[float, float] = {}

    @property
    def count(self) -> int:
        return len(self._known)

    def __call__(self, x: float) -> float:
        if x not in self._known:
            self._known[x] = self._function(x)
        return self._known[x]


def _refined(quick: Callable[[float], float], exact: Callable[[float], float], root: float,
             low: float, high: float) -> float:
    """The root of `exact`, next to that of `quick`, in which rounding is larger near transitions.

    `quick` is a difference of terms of order 1.
    """
    step = 1e-3
    slope = (quick(root + step) - quick(root - step)) / (2 * step)
    error = PRIMITIVE_ROUNDING / max(abs(slope), 1e-300)
    if error < ROOT_ACCURACY:
        return root
    for span in (10 * error, 1e4 * error):
        near = max(root - span, low), min(root + span, high)
        if near[0] < near[1] and exact(near[0]) <= 0 < exact(near[1]):
            return _root(exact, *near)
    return _root(exact, low, high)


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    """The root; near a transition as well as rounding allows, the solution is verified later."""
    return float(optimize.brentq(function, low, high, xtol=1e-15, rtol=1e-15, disp=False))


def _bracket(excess: Callable[[float], float], top: float, least: float,
             bounded: bool) -> tuple[float, float] | None:
    """The pair (low, high) nearest to `top` with excess(low) <= 0 < excess(high).

    None if the excess is positive from `top` down to `least`, or, where variances above `top` are
    not `bounded`, if it is nowhere positive: all variances grow.

    Between two values of the search both roots of a narrow window may lie, as just above a fold:
    wherever the excess has a minimum, the minimum itself is tried too.
    """
    high, above = top, excess(top)
    if above <= 0 and bounded:
        return top, top
    while above <= 0:
        high -= float(np.log(ROOT_SEARCH_RATIO))
        if high < least:
            return None
        above = excess(high)
    top = high
    beyond, beyond_value = top, np.inf
    while True:
        low = high - float(np.log(ROOT_SEARCH_RATIO))
        if low < least:
            return None
        below = excess(low)
        if below <= 0:
            return low, high
        if above <= min(below, beyond_value):
            dip = optimize.minimize_scalar(excess, bounds=(low, beyond), method="bounded",
                                           options={"xatol": 1e-9})
            if dip.fun <= 0:
                return float(dip.x), beyond
        beyond, beyond_value, high, above = high, above, low, below


def _quiescent(problem: GaussianProblem, evaluations: int) -> Variance:
    return Variance("quiescent", 0.0, 0.0, averages_at(problem.phi, 0.0), evaluations)


def _energy(problem: GaussianProblem, averages: GaussianAverages, static: float) -> float:
    """The first integral: int force dDelta from Delta(inf) to Delta(0), without cancellation.

    By parts it is int (Delta(0) - s) force'(s) ds, plus a boundary term where the force does not
    vanish at the lower end; in s = Delta(0) sin(theta) the integrand is smooth.
    """
    total = averages.variance
    begin = np.arcsin(static / total)
    theta = begin + (np.pi / 2 - begin) * NODES
    s = total * np.sin(theta)
    integrand = (total - s) * problem.stiffness(s, averages) * total * np.cos(theta)
    end = float(problem.force(static, averages)) * (total - static) if static == 0 else 0.0
    return float(WEIGHTS @ integrand) * (np.pi / 2 - begin) + end

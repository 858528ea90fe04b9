"""The largest variance that a stationary solution can have, from averages over one Gaussian."""

from __future__ import annotations

from typing import NoReturn

import numpy as np
from scipy import optimize

from ..averages.gaussian_averages import mean_square
from ..base.checks import reject
from ..base.errors import ModelError
from ..equations import stationary as equations
from .gaussian_problem import GaussianProblem
from .tuning import BOUND_SEARCH_RATIO, LARGEST_VARIANCE, PHI_RANGE, SMALLEST_VARIANCE


def variance_bound(problem: GaussianProblem) -> float:
    """The largest Delta with Delta = gain <phi^2> + bias^2 + noise^2; 0 where none is positive.

    No stationary solution has a larger variance: C_phi is largest at zero lag, so the low-pass
    filtered input has at most this variance. Without noise it is the largest static solution.

    Raises
    ------
    ModelError
        Where the right side exceeds the left at all large Delta: the variance grows without bound.
    """
    high = _upper_variance(problem)
    if _slack(problem, high) < 0:
        zero = float(problem.phi(np.zeros(1))[0])
        can_be_quiescent = problem.noise == 0 and problem.bias == 0 and zero == 0
        if can_be_quiescent and problem.gain * problem.phi.slope_at_zero**2 < 1:
            return 0.0  # phi grows faster than x, but the quiescent state is stable
        _reject_divergence(problem)
    above = _slack(problem, high)
    beyond, beyond_above = high, np.inf
    while high > SMALLEST_VARIANCE:
        # Below 1e-4 the first terms of the Taylor series of phi suffice, and the relative excess is
        # monotone over a factor of 16.
        low = high / (BOUND_SEARCH_RATIO if high > 1e-4 else 16)
        below = _slack(problem, low)
        if below > 0 and above <= min(below, beyond_above) and above < 0.1:
            # A narrow window between two static solutions may lie between nodes of the search.
            dip = optimize.minimize_scalar(lambda v: _slack(problem, np.exp(v)), method="bounded",
                                           bounds=(np.log(low), np.log(beyond)),
                                           options={"xatol": 1e-9})
            if dip.fun <= 0:
                low, below, high = float(np.exp(dip.x)), float(dip.fun), beyond
        if below <= 0:
            return float(optimize.brentq(lambda v: _slack(problem, v), low, high,
                                         xtol=1e-15 * low, rtol=1e-15))
        beyond, beyond_above, high, above = high, above, low, below
    return 0.0


def _slack(problem: GaussianProblem, variance: float) -> float:
    """(Delta - gain <phi^2> - bias^2 - noise^2) / Delta."""
    power = mean_square(problem.phi, variance)
    force = equations.force(variance, power, problem.gain, problem.bias)
    return float(force - problem.noise**2) / variance


def _upper_variance(problem: GaussianProblem) -> float:
    """A variance above every solution: from the largest phi^2 where phi is bounded."""
    inputs = problem.bias**2 + problem.noise**2
    top = max(LARGEST_VARIANCE, 1e6 * (1 + problem.gain + inputs))
    with np.errstate(all="ignore"):
        while top > SMALLEST_VARIANCE:  # down to a range in which phi does not overflow
            x = np.geomspace(1e-3, PHI_RANGE * np.sqrt(top), 2000)
            largest = float(np.max(problem.phi(np.concatenate([x, -x])) ** 2))
            if np.isfinite(largest) and np.isfinite(_slack(problem, top)):
                return min(top, 1.001 * (problem.gain * largest + inputs) + SMALLEST_VARIANCE)
            top /= 16
    reject("phi", problem.phi, "overflows near zero", "give a phi that is finite there")


def _reject_divergence(problem: GaussianProblem) -> NoReturn:
    raise ModelError(
        f"g={problem.gain**0.5:g} (total over the ensembles): the variance of x grows without "
        f"bound with phi={problem.phi.name}, noise={problem.noise:g}, bias={problem.bias:g}; "
        "give a smaller g, or a phi that saturates")

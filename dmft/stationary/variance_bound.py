"""The largest variance that a stationary solution can have, from averages over one Gaussian."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NoReturn

import numpy as np
from scipy import optimize

from ..averages.gaussian_averages import mean_square
from ..averages.tuning import GAUSSIAN_RANGE
from ..base.checks import reject
from ..base.errors import ModelError
from ..equations import stationary as equations
from ..network.growth import growth, not_finite_within, reject_not_finite
from ..network.nonlinearity import Nonlinearity
from .gaussian_problem import GaussianProblem
from .tuning import (
    BOUND_SEARCH_RATIO,
    LARGEST_GROWTH,
    LARGEST_VARIANCE,
    LINEAR_GROWTH,
    SMALLEST_VARIANCE,
)


@dataclass(frozen=True)
class Bound:
    """Variances between which a stationary solution is sought.

    Parameters
    ----------
    variance : float
        The largest Delta with Delta = gain <phi^2> + bias^2 + noise^2 (below the variances that
        grow without bound, if there are any); 0 where none is positive.
    grows_above : float
        The variance above which variances grow without bound; inf where none does.
    static : bool
        Whether the equation holds at `variance`. If not, all static variances grow, and `variance`
        is only where the search for a fluctuating solution begins.
    """

    variance: float
    grows_above: float = np.inf
    static: bool = True

    @property
    def note(self) -> str:
        """What becomes of other initial conditions; empty where all variances stay bounded."""
        if np.isinf(self.grows_above):
            return ""
        if not self.static:
            return ("not every initial condition leads to this state: a variance that begins far "
                    "above that of this state grows without bound")
        return ("not every initial condition leads to this state: a variance that begins above "
                f"about {self.grows_above:.3g} grows without bound")


def variance_bound(problem: GaussianProblem) -> Bound:
    """The largest variance that a stationary solution can have.

    No stationary solution has a larger variance: C_phi is largest at zero lag, so the low-pass
    filtered input has at most this variance. Without noise it is the largest static solution.

    If phi grows as x or faster, large variances may grow without bound, and states of smaller
    variance may exist beside them; the bound is then that of the smaller states.

    Raises
    ------
    ModelError
        Where phi is not finite within the range of x, or overflows near zero.
    """
    high = _upper_variance(problem)
    above = _slack(problem, high)
    grows_above, descent = np.inf, high
    if above < 0:
        while descent > smallest_variance(problem) and _slack(problem, descent) < 0:
            descent /= BOUND_SEARCH_RATIO
        if descent <= smallest_variance(problem):  # no static variance
            return Bound(_search_start(problem, high), 0.0, static=False)
        grows_above = float(optimize.brentq(
            lambda v: _slack(problem, v), descent, descent * BOUND_SEARCH_RATIO))
        high, above = descent, _slack(problem, descent)
    return Bound(_largest_static(problem, high, above), grows_above)


def smallest_variance(problem: GaussianProblem) -> float:
    """The variance down to which states are sought: below that of any input, however weak."""
    inputs = problem.noise**2 / 2 + problem.bias**2
    return min(SMALLEST_VARIANCE, inputs / 10) if inputs > 0 else SMALLEST_VARIANCE


def reject_divergence(problem: GaussianProblem) -> NoReturn:
    """Raise the error that no stationary variance exists, with the g above which it is so."""
    raise ModelError(
        f"g={problem.gain**0.5:g} (total over the ensembles): the variance of x grows without "
        f"bound with phi={problem.phi.name}, noise={problem.noise:g}, bias={problem.bias:g}: "
        f"{growth(problem.phi)}; give a smaller g, or a phi that saturates")


def _largest_static(problem: GaussianProblem, high: float, above: float) -> float:
    """The largest root of the slack below `high`, where the slack is `above` >= 0; or 0."""
    beyond, beyond_above = high, np.inf
    while high > smallest_variance(problem):
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


def _search_start(problem: GaussianProblem, high: float) -> float:
    """The largest variance at which gain <phi^2> is not far above it.

    A fluctuating solution has a smaller variance than a static one: its C_phi decays. But it cannot
    have one where the static input is many times as large.
    """
    start, before = high, 1 - _slack(problem, high)
    while high > SMALLEST_VARIANCE:
        low = high / (10 * BOUND_SEARCH_RATIO)
        ratio = 1 - _slack(problem, low)
        # Where phi is linear on both sides, the ratio is constant and nothing new comes with Delta.
        if ratio < 1 + LARGEST_GROWTH and abs(before / ratio - 1) > LINEAR_GROWTH:
            return high
        high, before = low, ratio
    return start


def _upper_variance(problem: GaussianProblem) -> float:
    """A variance above every solution: from the largest phi^2 where phi is bounded."""
    inputs = problem.bias**2 + problem.noise**2
    top = max(LARGEST_VARIANCE, 1e6 * (1 + problem.gain + inputs))
    place = not_finite_within(problem.phi, GAUSSIAN_RANGE * np.sqrt(LARGEST_VARIANCE), large=False)
    if place is not None:
        # The largest variance whose averages do not evaluate phi there. If the bound is above it,
        # the search for the bound would.
        top = 0.999999 * (place / GAUSSIAN_RANGE) ** 2
        if _slack(problem, top) < 0:
            needed = np.sqrt(top * (1 - _slack(problem, top)))
            reject_not_finite(problem.phi, "phi", place, GAUSSIAN_RANGE * float(needed))
    with np.errstate(all="ignore"):
        while top > SMALLEST_VARIANCE:  # down to a range in which phi does not overflow
            largest = _largest_square(problem.phi, float(GAUSSIAN_RANGE * np.sqrt(top)))
            if np.isfinite(largest):
                high = min(top, 1.001 * (problem.gain * largest + inputs) + SMALLEST_VARIANCE)
                if np.isfinite(_slack(problem, high)):
                    return high
            top /= 16
    reject("phi", problem.phi, "overflows near zero", "give a phi that is finite there")


@lru_cache(maxsize=256)
def _largest_square(phi: Nonlinearity, reach: float) -> float:
    """The largest phi^2 between -reach and reach; not finite where phi overflows."""
    x = np.geomspace(1e-3, reach, 2000)
    return float(np.max(phi(np.concatenate([x, -x])) ** 2))

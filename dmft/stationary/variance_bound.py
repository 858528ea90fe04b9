"""The largest variance that a stationary solution can have, from averages over one Gaussian."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

import numpy as np
from scipy import optimize

from ..averages.gaussian_averages import mean_square
from ..averages.protocol import GaussianAverages, Numbers
from ..base.checks import reject
from ..base.errors import ModelError
from ..equations import stationary as equations
from ..network.nonlinearity import Nonlinearity

SMALLEST, LARGEST = 1e-12, 1e10  # variances between which an unbounded phi is searched
STEP = 1.3  # ratio of neighbouring variances in the search
WIDTHS = 9.0  # standard deviations over which phi is looked at


@dataclass(frozen=True)
class Gaussian:
    """What the stationary Gaussian theory is given: noise = gain C_phi, white noise, bias."""

    phi: Nonlinearity
    gain: float
    noise: float = 0.0
    bias: float = 0.0

    def force(self, covariance: Numbers, averages: GaussianAverages) -> np.ndarray:
        """Delta'' as a function of Delta (the derivative of minus the potential)."""
        return equations.force(covariance, averages.correlation(covariance), self.gain, self.bias)

    def stiffness(self, covariance: Numbers, averages: GaussianAverages) -> np.ndarray:
        """The derivative of `force`."""
        return equations.stiffness(averages.slope(covariance), self.gain)


def variance_bound(problem: Gaussian) -> float:
    """The largest Delta with Delta = gain <phi^2> + bias^2 + noise^2; 0 where there is none.

    No stationary solution has a larger variance: C_phi is largest at zero lag, so the low-pass
    filtered input has at most this variance. Without noise it is the largest static solution.

    Raises
    ------
    ModelError
        Where the right side stays above the left one: the variance grows without bound.
    """
    high = _top(problem)
    if _slack(problem, high) < 0:
        zero = float(problem.phi(np.zeros(1))[0])
        at_rest = problem.noise == 0 and problem.bias == 0 and zero == 0
        if at_rest and problem.gain * problem.phi.slope_at_zero**2 < 1:
            return 0.0  # phi grows faster than x, but the quiescent state is stable
        _diverges(problem)
    above = _slack(problem, high)
    beyond, beyond_above = high, np.inf
    while high > SMALLEST:
        # Below 1e-4 phi is its first terms, and nothing turns within a factor of 16.
        low = high / (STEP if high > 1e-4 else 16)
        below = _slack(problem, low)
        if below > 0 and above <= min(below, beyond_above) and above < 0.1:
            # A narrow window between two static solutions may lie between the nodes.
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


def _slack(problem: Gaussian, variance: float) -> float:
    """(Delta - gain <phi^2> - bias^2 - noise^2) / Delta."""
    power = mean_square(problem.phi, variance)
    force = equations.force(variance, power, problem.gain, problem.bias)
    return float(force - problem.noise**2) / variance


def _top(problem: Gaussian) -> float:
    """A variance above every solution: from the largest phi^2 where phi is bounded."""
    inputs = problem.bias**2 + problem.noise**2
    top = max(LARGEST, 1e6 * (1 + problem.gain + inputs))
    with np.errstate(all="ignore"):
        while top > SMALLEST:  # as far up as phi itself does not overflow
            x = np.geomspace(1e-3, WIDTHS * np.sqrt(top), 2000)
            largest = float(np.max(problem.phi(np.concatenate([x, -x])) ** 2))
            if np.isfinite(largest) and np.isfinite(_slack(problem, top)):
                return min(top, 1.001 * (problem.gain * largest + inputs) + SMALLEST)
            top /= 16
    reject("phi", problem.phi, "overflows near zero", "give a phi that is finite there")


def _diverges(problem: Gaussian) -> NoReturn:
    raise ModelError(
        f"g={problem.gain**0.5:g} (total over the ensembles): the variance of x grows without "
        f"bound with phi={problem.phi.name}, noise={problem.noise:g}, bias={problem.bias:g}; "
        "give a smaller g, or a phi that saturates")

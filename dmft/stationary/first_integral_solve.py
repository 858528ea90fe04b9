"""The stationary solve by its first integral, with the self-consistent map as its check."""

from __future__ import annotations

import numpy as np

from ..averages.gaussian_averages import gaussian_averages
from ..averages.protocol import GaussianAverages
from ..base.convergence import Check, Convergence
from ..base.estimate import Estimate
from ..equations import linear_response
from ..grids.lags import Lags
from ..grids.resolution import resolution_checks
from ..network.network import AnyNetwork
from ..network.nonlinearity import Nonlinearity
from .first_integral import Orbit, orbit
from .self_consistent_map import SelfConsistentMap
from .solution import Solution
from .stationary_variance import Variance, stationary_variance
from .variance_bound import Gaussian

DECAYS = 30  # the window holds exp(-30): below rounding
LEAST_LAGS, MOST_LAGS = 1024, 8192
NYQUIST = 1e-11  # spectrum at the highest frequency, relative: where the grid is fine enough
AT_REST = Lags(span=40.0, dt=0.05)  # grid of a solution that does not move


def solve_by_energy(network: AnyNetwork, problem: Gaussian, lags: Lags | None,
                    tol: float) -> Solution:
    """Solution from the scalar root; its residual under the map on a grid of its own."""
    variance = stationary_variance(problem)
    if variance.branch in ("quiescent", "static"):
        return _at_rest(network, problem, variance, lags or AT_REST)
    path = orbit(problem, variance)
    grid = natural_lags(path)
    state = _state(path, grid)
    residual = float(np.max(np.abs(SelfConsistentMap(network, grid)(state) - state))) / state[0]
    error = max(path.error, variance.averages.error, residual)
    # White noise leaves a corner that the grid resolves to a power of dt only; a grid at its
    # largest size may be too coarse for a steep correlation. The orbit does not depend on it.
    sharp = problem.noise == 0 and len(grid) <= MOST_LAGS
    limit = max(tol, 1e-9 if sharp else 1e-6)
    checks = [
        Check("self-consistency", residual, limit,
              "the grid's map moves the solution: report this network, or use method='fourier'"),
        averages_check(network.phi, variance.averages),
        Check("orbit", path.error, 1e-3, "the orbit's series has a tail: change g or noise"),
        # Close to the transition the stiffness 1 - g^2 <phi' phi'> is the small difference of
        # two numbers of order one, and rounding shows in the shape (not in the variance).
        Check("rounding", path.error, 1e-7,
              "so close to the transition rounding limits the shape of C_x(tau) to this",
              resolution=True),
    ]
    if lags is not None:
        state = _state(path, lags)
    used = lags or grid
    checks += resolution_checks(used, state[:-1], state[-1], network.noise)
    convergence = Convergence(True, variance.evaluations, residual, error, "energy",
                              "first integral; the map on the grid is its check",
                              tuple(checks))
    return solution_from_state(network, used, state, variance.branch, convergence)


def averages_check(phi: Nonlinearity, averages: GaussianAverages) -> Check:
    """Whether the averages of phi are exact: of a phi with a kink they are not."""
    return Check("averages", averages.error, 1e-9,
                 f"phi={phi.name} is not smooth enough for quadrature (a kink?): give a smooth "
                 "phi, or its averages as Nonlinearity(..., closed=ClosedForm(...))")


def natural_lags(path: Orbit) -> Lags:
    """A grid that holds the orbit's decay and its spectrum."""
    span = DECAYS / path.rate
    count = LEAST_LAGS
    while True:
        lags = Lags(span, span / count)
        Delta = path.Delta(lags.tau) - path.variance.static
        spectrum = np.abs(lags.spectrum(Delta))
        if count >= MOST_LAGS or np.max(spectrum[-3:]) < NYQUIST * np.max(spectrum):
            return lags
        count *= 2


def solution_from_state(network: AnyNetwork, lags: Lags, state: np.ndarray, branch: str,
                        convergence: Convergence) -> Solution:
    """Solution from Delta at the lags with its static part behind them."""
    averages = gaussian_averages(network.phi, float(state[0]))
    C = averages.correlation(state)
    gain = averages.mean_slope
    return Solution(network, lags, Estimate(state[:-1]), Estimate(C[:-1]), Estimate(state[-1]),
                    Estimate(C[-1]), Estimate(gain * linear_response.response(lags.tau)),
                    Estimate(np.asarray(gain)), branch, convergence)


def _state(path: Orbit, lags: Lags) -> np.ndarray:
    return np.append(path.Delta(lags.tau), path.variance.static)


def _at_rest(network: AnyNetwork, problem: Gaussian, variance: Variance, lags: Lags) -> Solution:
    """The quiescent or static solution, with its stability as the check."""
    averages, total = variance.averages, variance.total
    residual = abs(float(problem.force(total, averages)))
    check = Check("instability", 0.0 - float(problem.stiffness(total, averages)), 1e-9,
                  "the state at rest is unstable and no moving solution was found: report this "
                  "network, or use method='fourier'")
    checks = (check, averages_check(problem.phi, averages),
              Check("self-consistency", residual, 1e-9 * max(total, 1e-3),
                    "the variance is not its own image: report this network"))
    convergence = Convergence(True, variance.evaluations, residual, residual, "energy",
                              f"the {variance.branch} state is stable", checks)
    return solution_from_state(network, lags, np.full(len(lags) + 1, total), variance.branch,
                               convergence)

"""Stationary solution from the first integral, verified by the self-consistent equation."""

from __future__ import annotations

import numpy as np

from ..averages.gaussian_averages import averages_at
from ..averages.protocol import GaussianAverages
from ..base.convergence import Check, Convergence
from ..base.estimate import Estimate
from ..grids.lags import Lags
from ..network.network import AnyNetwork, unit_of
from ..network.nonlinearity import Nonlinearity
from .first_integral import Orbit, orbit
from .gaussian_problem import GaussianProblem
from .integral_equation import integral_equation_residual
from .self_consistent_map import resolution_of
from .solution import Solution
from .stationary_variance import Variance, stationary_variance
from .tuning import LEAST_LAGS, MOST_LAGS, NYQUIST_SPECTRUM, STATIC_LAGS, WINDOW_DECAYS


def solve_by_first_integral(network: AnyNetwork, problem: GaussianProblem, lags: Lags | None,
                            tol: float) -> Solution:
    """Solution from the scalar root Delta(0), with its residual in the self-consistent equation.

    The residual is that of the integral equation, on panels that do not depend on `lags`.
    """
    variance = stationary_variance(problem)
    if variance.branch in ("quiescent", "static"):
        return _static_solution(network, problem, variance, lags or STATIC_LAGS)
    path = orbit(problem, variance)
    grid = natural_lags(path)
    state = _state(path, grid)
    residual = integral_equation_residual(problem, path)
    error = max(path.error, variance.averages.error, residual)
    checks = [
        Check("self-consistency", residual, max(tol, 1e-9),
              "the solution does not satisfy the self-consistent equation: use method='fourier', "
              "and report this network"),
        averages_check(network.phi, variance.averages),
        Check("orbit", path.error, 1e-3,
              "the Chebyshev series of Delta(tau) has not converged, as very close to a "
              "transition: give g or noise further from it"),
        # Close to the transition the stiffness 1 - g^2 <phi' phi'> is the small difference of
        # two numbers of order one: rounding affects the shape of C_x, but not the variance.
        Check("rounding", path.error, 1e-7,
              "so close to the transition, rounding limits the relative accuracy of C_x(tau) to "
              "this value",
              resolution=True),
    ]
    if lags is not None:
        state = _state(path, lags)
    used = lags or grid
    checks += resolution_of(network, used, state)
    convergence = Convergence(True, variance.evaluations, residual, error, "energy",
                              _with_note("first integral, verified by the self-consistent equation",
                                         variance),
                              tuple(checks))
    return solution_from_state(network, used, state, variance.branch, convergence)


def averages_check(phi: Nonlinearity, averages: GaussianAverages) -> Check:
    """Check of the quadrature error of averages of phi; it is large where phi has a kink."""
    return Check("averages", averages.error, 1e-9,
                 f"quadrature of phi={phi.name} is not accurate: phi' has a narrow peak, grows "
                 "without bound, or is not smooth between its break-points; give kinks=, a smooth "
                 "phi, or its averages as Nonlinearity(..., closed=ClosedForm(...))")


def natural_lags(path: Orbit) -> Lags:
    """A lag grid that contains the decay of the orbit and resolves its spectrum."""
    span = WINDOW_DECAYS / path.rate
    count = LEAST_LAGS
    while True:
        lags = Lags(span, span / count)
        Delta = path.Delta(lags.tau) - path.variance.static
        spectrum = np.abs(lags.spectrum(Delta))
        if count >= MOST_LAGS or np.max(spectrum[-3:]) < NYQUIST_SPECTRUM * np.max(spectrum):
            return lags
        count *= 2


def solution_from_state(network: AnyNetwork, lags: Lags, state: np.ndarray, branch: str,
                        convergence: Convergence) -> Solution:
    """Solution from `state`: Delta at the n lags, followed by its static part."""
    averages = averages_at(network.phi, float(state[0]))
    C = averages.correlation(state)
    gain = averages.mean_slope
    return Solution(network, lags, Estimate(state[:-1]), Estimate(C[:-1]), Estimate(state[-1]),
                    Estimate(C[-1]), Estimate(gain * unit_of(network).impulse(lags.tau)),
                    Estimate(np.asarray(gain)), branch, convergence)


def _state(path: Orbit, lags: Lags) -> np.ndarray:
    return np.append(path.Delta(lags.tau), path.variance.static)


def _with_note(message: str, variance: Variance) -> str:
    return "; ".join(filter(None, [message, variance.note]))


def _static_solution(network: AnyNetwork, problem: GaussianProblem, variance: Variance,
                     lags: Lags) -> Solution:
    """The quiescent or static solution, with a check of its stability."""
    averages, total = variance.averages, variance.total
    residual = abs(float(problem.force(total, averages)))
    check = Check("instability", 0.0 - float(problem.stiffness(total, averages)), 1e-9,
                  "the constant state is unstable and no fluctuating solution was found: use "
                  "method='fourier', and report this network")
    checks = (check, averages_check(problem.phi, averages),
              Check("self-consistency", residual, 1e-9 * max(total, 1e-3),
                    "the variance is not self-consistent: report this network"))
    convergence = Convergence(True, variance.evaluations, residual, residual, "energy",
                              _with_note(f"the {variance.branch} state is stable", variance),
                              checks)
    return solution_from_state(network, lags, np.full(len(lags) + 1, total), variance.branch,
                               convergence)

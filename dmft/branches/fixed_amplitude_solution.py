"""The solution with a given amplitude C_phi(0), and the parameter at which it exists."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..base.checks import reject
from ..base.convergence import Convergence
from ..base.errors import ConvergenceError
from ..base.estimate import Estimate
from ..base.outcomes import Outcome
from ..network.network import AnyNetwork, unit_of
from ..path_iteration.newton_iteration import FixedPoint
from ..path_iteration.path_features import Features, regressed
from ..path_iteration.rounds import Rounds
from ..path_iteration.sampled_paths import SampledPaths, path_map
from ..path_iteration.solution_errors import LinearResponse, linear_response
from ..path_iteration.tuning import FIRST_TOL
from ..paths.linear_surrogate import linear_surrogate
from ..paths.noise_and_memory import drive
from ..paths.response_fit import fastest_rate
from ..paths.site_statistics import SiteStatistics
from ..paths.tuning import LONGEST_SPAN, SHORTEST_SPAN, SPAN_IN_MEMORY_TIMES
from ..paths.window import fast_grid, lag_window, memory_time, output_grid, required_step
from ..sampled.path_checks import path_checks
from ..sampled.sampled_fields import solution_fields
from ..sampled.starting_statistics import from_solution, on_grid
from ..sampled.tuning import REPLICATES
from ..stationary.solution import Solution
from .branch import BranchPoint
from .fixed_amplitude_iteration import iterate_at_fixed_amplitude
from .fixed_amplitude_map import BorderedDerivative, Family, FixedAmplitudeMap
from .stability import is_stable, largest_eigenvalue
from .tuning import (
    CHECKED_TOL,
    FIXED_AMPLITUDE_ITERATIONS,
    FIXED_AMPLITUDE_PATHS,
    MOST_GRIDS,
    PROBED_CHANGE,
    SAME_MEMORY_TIME,
)


@dataclass(frozen=True, eq=False)
class _Solved:
    """Statistics and parameter of the paths, with what each path adds to their errors."""

    own: FixedAmplitudeMap
    fixed: FixedPoint
    residuals: np.ndarray
    deviations: np.ndarray
    eigenvalue: float

    @property
    def value(self) -> Estimate:
        each = self.deviations[-1]
        return Estimate(self.fixed.u[-1], each.std(ddof=1) / np.sqrt(len(each)))

    def groups(self) -> np.ndarray:
        """(32,) values of the parameter for groups of the paths."""
        each = self.deviations[-1] - self.deviations[-1].mean()
        return self.fixed.u[-1] + np.array(
            [part.mean() for part in np.array_split(each, REPLICATES)])

    def statistics(self) -> SampledPaths:
        """The solution at the value of the parameter; what the iteration leaves is in `fixed`."""
        return SampledPaths(self.own.path_map,
                            replace(self.fixed, u=self.fixed.u[:-1], residual=0.0),
                            self.residuals[:-1], self.deviations[:-1], None)


def solution_at_fixed_amplitude(family: Family, near: Solution, amplitude: float, value: float,
                                scale: float, seed: int, size: int = FIXED_AMPLITUDE_PATHS
                                ) -> tuple[BranchPoint, np.ndarray]:
    """The solution with C_phi(0) = amplitude, starting from a similar solution.

    Parameters
    ----------
    family : callable
        family(value) -> network.
    near : Solution
    amplitude, value : float
        C_phi(0) that is held fixed, and the initial value of the parameter.
    scale : float
        Typical scale of the parameter.
    seed, size : int
        Seed of the paths, and their number.

    Returns
    -------
    point : BranchPoint
    groups : (32,) array
        Value of the parameter for each of 32 groups of the paths, to first order.

    Raises
    ------
    ConvergenceError
        If the iteration does not converge.
    """
    if unit_of(near.network).time_step is not None:
        reject("network", near.network, "in discrete time, in which branches are not followed at "
               "fixed amplitude", "give values at which the activity does not vanish")
    start = from_solution(near, near.lags)
    static = start.static
    start = replace(start, C=start.C * amplitude / start.C[0],
                    static=static * amplitude / start.C[0])
    time, iterations = memory_time(start.C, start.static, start.lags), 0
    with np.errstate(over="ignore", invalid="ignore"):  # divergence is detected and reported
        for _ in range(MOST_GRIDS):
            lags = _grid(family(value), start, time)
            window = lag_window(lags, time)
            # near the onset of chaos single frequencies decide, whose power must not fluctuate
            inner, u = path_map(family(value), on_grid(start, lags), window, seed, size,
                                matched=True)
            own = FixedAmplitudeMap(family, inner, amplitude, scale)
            fixed = iterate_at_fixed_amplitude(own, np.append(u, value), FIRST_TOL,
                                               FIXED_AMPLITUDE_ITERATIONS)
            iterations += _converged(fixed).iterations
            start, value = own.unknowns.statistics(fixed.u[:-1]), float(fixed.u[-1])
            before, time = time, memory_time(start.C, start.static, lags)
            if abs(np.log(time / before)) < np.log(SAME_MEMORY_TIME):
                break
        solved = _with_errors(own, fixed.u, time)
    solved = replace(solved, fixed=replace(
        solved.fixed, iterations=iterations + solved.fixed.iterations))
    settled = solved.fixed.ending.outcome is Outcome.CONVERGED
    stable = is_stable(solved.eigenvalue) if settled else None
    return BranchPoint(solved.value, _as_solution(solved), stable), solved.groups()


def _grid(network: AnyNetwork, start: SiteStatistics, time: float):
    """A grid for a memory time, with the step that the spectrum of `start` requires."""
    span = min(max(SHORTEST_SPAN, SPAN_IN_MEMORY_TIMES * time), LONGEST_SPAN)
    lags = start.lags
    linear = linear_surrogate(drive(network, start), max(start.slope, 0.0), network.phi)
    dt = required_step(lags.spectrum(start.C - start.static), lags, network.noise,
                       fastest_rate(linear.transfer, lags))
    return fast_grid(span, dt)


def _converged(fixed: FixedPoint) -> FixedPoint:
    if not fixed.ending.converged:
        raise ConvergenceError(fixed.ending.message)
    return fixed


def _with_errors(own: FixedAmplitudeMap, w: np.ndarray, time: float) -> _Solved:
    """Solve w = G(w), G the mean over paths after regression on features with known means.

    Errors follow by linear response at fixed amplitude.
    """
    w, iterations = own.rebase(w), 0
    response: LinearResponse | None = None
    derivative, rounds, finished = own.derivative(w), Rounds(), False
    while response is None or not finished:
        values, features = own.each(w, Features(time))
        best, residuals = regressed(values, features)
        response = response or linear_response(
            own, w, derivative, _with_tangent(own, w, derivative, residuals), PROBED_CHANGE)
        deviations = response.solve(residuals)
        error = float(deviations[-1].std() / np.sqrt(deviations.shape[1]))
        size = max(abs(float(w[-1])), 1e-300)
        fixed = _converged(iterate_at_fixed_amplitude(
            own, w, rounds.tol(error / size), FIXED_AMPLITUDE_ITERATIONS, offset=best - own(w),
            step_of=derivative.step))
        finished = rounds.finished(abs(float(fixed.u[-1] - w[-1])) / size, error / size)
        iterations, w = iterations + fixed.iterations, fixed.u
    fixed = replace(fixed, iterations=iterations, residual=max(fixed.residual, rounds.left))
    return _Solved(own, fixed, residuals, deviations, largest_eigenvalue(derivative, response))


def _with_tangent(own: FixedAmplitudeMap, w: np.ndarray, derivative: BorderedDerivative,
                  residuals: np.ndarray) -> np.ndarray:
    """The residuals and, with the weight of all of them, a change of the amplitude.

    The response to the latter is the tangent of the branch, and the slowest mode at a fold.
    """
    along = np.zeros((len(w), 1))
    along[-1] = 1.0
    scale = np.where(own.driving, own.scale(w), np.inf)[:, None]
    sizes = [np.linalg.norm(derivative.solve(one) / scale) for one in (residuals, along)]
    return np.concatenate([residuals, along * (sizes[0] / sizes[1])], axis=1)


def _as_solution(solved: _Solved) -> Solution:
    found = solved.statistics()
    network, fixed = found.path_map.network, solved.fixed
    fields = solution_fields(found, output_grid(found.unknowns.lags))
    checks = tuple(path_checks(found, CHECKED_TOL))
    error = float(solved.value.stderr) / max(abs(float(solved.value)), 1e-300)
    failed = [check.says for check in checks if not check.passed]
    message = "; ".join(["the parameter was solved for at fixed C_phi(0)", *failed])
    convergence = Convergence(
        not failed, fixed.iterations, fixed.residual, error, "fixed amplitude", message, checks,
        Outcome.CHECK_FAILED if failed else fixed.ending.outcome)
    return Solution(network, output_grid(found.unknowns.lags),
                    branch="driven" if network.noise > 0 else "chaotic",
                    convergence=convergence, **fields)

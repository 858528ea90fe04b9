"""SampledPaths: a self-consistent solution from one draw of paths, with its sampling errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..base.outcomes import Outcome
from ..network.network import AnyNetwork, unit_of
from ..paths.noise_and_memory import depends_on_mean, drive, responds
from ..paths.response_fit import ResponseBasis
from ..paths.site_statistics import SiteStatistics
from ..paths.stepped_paths import SteppedPaths
from .newton_iteration import FixedPoint, size_of, solve_paths
from .newton_krylov import solve_slow
from .path_features import Features, regressed
from .path_map import PathMap
from .rounds import Rounds
from .solution_errors import LinearResponse, linear_response
from .surrogate import SurrogateDerivative, own_surrogate
from .tuning import FIRST_TOL, PROBED_AGAIN_CHANGE, ROUND_SHARE, SLOWEST_MODE
from .unknowns import Unknowns


@dataclass(frozen=True, eq=False)
class SampledPaths:
    """A solution, and what each path contributes to its error.

    Parameters
    ----------
    path_map : PathMap
    fixed : FixedPoint
        The end of the iteration; its `u` is the solution.
    residuals : (len, P) array
        What each path adds to the error of one evaluation of the map.
    deviations : (len, P) array
        The error of u is that of the mean of these: the response to the residuals.
    response : LinearResponse or None
        To errors of the map; None where the iteration failed.
    left : float
        How far, relative to C(0), further rounds of the regression would move the solution.
    """

    path_map: PathMap
    fixed: FixedPoint
    residuals: np.ndarray
    deviations: np.ndarray
    response: LinearResponse | None
    left: float = 0.0

    @property
    def u(self) -> np.ndarray:
        return self.fixed.u

    @property
    def unknowns(self) -> Unknowns:
        return self.path_map.unknowns

    @property
    def statistics(self) -> SiteStatistics:
        return self.unknowns.statistics(self.u)

    @property
    def relative_error(self) -> float:
        """Standard error of C(0), over C(0)."""
        return self._relative(self.deviations)

    @property
    def error(self) -> float:
        """The same with what iteration and rounds leave."""
        return float(np.sqrt(self.relative_error**2 + self.fixed.residual**2 + self.left**2))

    @property
    def largest_error(self) -> float:
        """Largest standard error of C at any lag, over C(0)."""
        m, static = self.unknowns.m, self.unknowns.static
        each = self.deviations[:m] + self.deviations[static]
        error = each.std(axis=1, ddof=1) / np.sqrt(each.shape[1])
        return float(np.max(error)) / float(self.u[0] + self.u[static])

    @property
    def surrogate_error(self) -> float:
        """The same with the response of the surrogate alone."""
        known = self.fixed.derivative
        return self._relative(self.residuals if known is None else known.solve(self.residuals))

    def _relative(self, deviations: np.ndarray) -> float:
        C, each = (u[0] + u[self.unknowns.static] for u in (self.u, deviations))
        return float(each.std(ddof=1) / np.sqrt(len(each)) / C)

    def replicates(self, count: int) -> np.ndarray:
        """(count, len) vectors around u, of independent groups of paths."""
        count = min(count, self.deviations.shape[1])
        groups = np.array_split(self.deviations, count, axis=1)
        means = np.stack([group.mean(axis=1) for group in groups])
        means -= means.mean(axis=0)
        return self.u + means


def path_map(network: AnyNetwork, start: SiteStatistics, window: np.ndarray, seed: int,
             count: int, matched: bool = False) -> tuple[PathMap, np.ndarray]:
    """A map for fresh paths on the grid of `start`, and the vector of these statistics.

    `matched` noise has the sample power one at every frequency.
    """
    lags, now = start.lags, drive(network, start)
    linear, slope = own_surrogate(now, start.slope, network.phi)
    power = start.order_parameters(network.noise).C_spectrum
    basis = ResponseBasis.around(linear.transfer, lags, power, power)
    may_be_static = network.bias > 0 or not network.phi.odd
    unknowns = Unknowns(lags, window, basis, may_be_static, responds(network),
                        network.noise > 0, depends_on_mean(network), unit_of(network))
    found = PathMap(network, SteppedPaths.draw(seed, count, lags, matched), unknowns)
    found.slope = slope
    return found, unknowns.from_statistics(start)


def solve_with_errors(own: PathMap, u: np.ndarray, time: float, max_iter: int, worst: float,
                      callback: Callable | None = None) -> SampledPaths:
    """Solve u = G(u), G the mean over paths after regression on features with known means.

    The regression enters as an offset that is constant in each round of the iteration. Rounds end
    when a further one would move the solution by less than its error. If the relative error of C(0)
    exceeds `worst`, only the first round is done: more paths are needed.
    """
    fixed = solve_paths(own, u, FIRST_TOL, max_iter, callback=callback)
    if not fixed.ending.converged or fixed.ending.outcome is Outcome.DECAYED:
        nothing = np.zeros((len(u), 2))
        return SampledPaths(own, fixed, nothing, nothing, None)
    u, iterations, response, probed_at = own.rebase(fixed.u), fixed.iterations, None, fixed.u
    slow = False
    derivative, rounds = SurrogateDerivative(own.network, own.unknowns, u), Rounds()
    while True:
        values, features = own.each(u, Features(time))
        best, residuals = regressed(values, features)
        moved = size_of(own.unknowns, u - probed_at, u)
        if response is None or (slow and moved > PROBED_AGAIN_CHANGE):
            response, probed_at = linear_response(own, u, derivative, residuals), u
            # the steps of the surrogate's derivative are bounded, too short along a slower mode
            slow = abs(1 - response.largest_eigenvalue) < SLOWEST_MODE
        found = SampledPaths(own, replace(fixed, iterations=iterations, derivative=derivative),
                             residuals, response.solve(residuals), response)
        if found.relative_error > worst:
            return found
        tol, offset = rounds.tol(found.surrogate_error), best - own(u)
        if slow:
            fixed = _solve_slow(found, u, tol, offset, callback)
        else:
            fixed = solve_paths(own, u, tol, max_iter, offset=offset, derivative=derivative,
                                preconditioned=fixed.preconditioned, callback=callback)
        iterations += fixed.iterations
        if not fixed.ending.converged or fixed.ending.outcome is Outcome.DECAYED:
            return replace(found, fixed=replace(fixed, iterations=iterations), response=None)
        finished = rounds.finished(_moved(own.unknowns, fixed.u - u, u), found.relative_error)
        u = fixed.u
        if finished:
            return replace(found, fixed=replace(fixed, iterations=iterations), left=rounds.left)


def _solve_slow(found: SampledPaths, u: np.ndarray, tol: float, offset: np.ndarray,
                callback: Callable | None) -> FixedPoint:
    """A round with the probed response; what it leaves is that of C(0).

    At the longest lags the sampling error is larger by far, and decides how far to go.
    """
    own, response = found.path_map, found.response
    assert response is not None
    tols = [max(tol, ROUND_SHARE * error) for error in (found.largest_error, found.relative_error)]
    fixed = solve_slow(own, u, *tols, offset=offset, response=response, callback=callback)
    if not fixed.ending.converged:
        return fixed
    left = response.step(own(fixed.u) + offset - fixed.u)
    return replace(fixed, residual=_moved(own.unknowns, left, fixed.u))


def _moved(unknowns: Unknowns, change: np.ndarray, u: np.ndarray) -> float:
    """Change of C(0), and of <phi'> where the response drives the paths, relative to it."""
    static, slope = unknowns.static, unknowns.slope
    C = abs(float(change[0] + change[static])) / max(abs(float(u[0] + u[static])), 1e-300)
    if not unknowns.responding:
        return C
    return max(C, abs(float(change[slope])) / max(abs(float(u[slope])), 1e-300))

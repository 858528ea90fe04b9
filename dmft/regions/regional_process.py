"""The stationary Gaussian process of every region at constant currents: Delta(tau) and gain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..averages.gaussian_averages import averages_at, mean_square
from ..averages.protocol import GaussianAverages
from ..base.errors import ConvergenceError
from ..base.iteration import FixedPoint, iterate
from ..base.newton_krylov import newton_krylov
from ..grids.lags import Lags
from ..network.regional_mean_field import MeanField
from ..stationary.first_integral import Orbit, orbit
from ..stationary.gaussian_problem import GaussianProblem
from ..stationary.stationary_variance import stationary_variance
from .regional_map import RegionalMap
from .tuning import (
    DECAYED_VARIANCE,
    FLUCTUATION_THRESHOLD,
    LONGEST_WINDOW,
    MOST_ITERATIONS,
    NEWTON_ITERATIONS,
    NEWTON_START,
    PROCESS_ROUNDING,
    PROCESS_TOL,
    STATIC_ROUNDING,
)

FLUCTUATING = ("chaotic", "driven")  # branches with Delta(0) > Delta(inf)


@dataclass(frozen=True, eq=False)
class RegionalProcess:
    """Stationary state of R regions at constant currents.

    Parameters
    ----------
    branch : tuple of str
        Of each region: "quiescent", "static", "chaotic" or "driven".
    total, static : (R,) arrays
        Delta(0) and Delta(inf).
    averages : tuple of GaussianAverages
        Averages of phi at each variance.
    paths : tuple of (Orbit or None)
        Delta(tau) of each region from its first integral; None where it is constant in time.
    lags, state : Lags, (R, n+1) array; or None
        Where regions share disorder: Delta at the n lags, followed by the static part.
    """

    branch: tuple[str, ...]
    total: np.ndarray
    static: np.ndarray
    averages: tuple[GaussianAverages, ...]
    paths: tuple[Orbit | None, ...] = ()
    lags: Lags | None = None
    state: np.ndarray | None = None

    @property
    def psi(self) -> np.ndarray:
        """(R,) gains <phi'(x)>."""
        return np.array([one.mean_slope for one in self.averages])

    @property
    def rate(self) -> float:
        """Slowest decay rate of a correlation; 1 where all regions are constant in time."""
        rates = [path.rate for path in self.paths if path is not None]
        if self.lags is not None:
            rates.append(30.0 / self.lags.span)
        return float(min(rates, default=1.0))

    def Delta(self, tau: np.ndarray) -> np.ndarray:
        """(R, n) correlations <x(t) x(t + tau)>, including the static part."""
        if self.state is not None and self.lags is not None:
            from scipy.interpolate import CubicSpline

            inside = CubicSpline(self.lags.tau, self.state[:, :-1], axis=1,
                                 bc_type="natural" if self.state.shape[1] < 4 else "not-a-knot")
            found = inside(np.minimum(tau, self.lags.span))
            return np.where(tau <= self.lags.span, found, self.static[:, None])
        return np.array([np.full(len(tau), total) if path is None else path.Delta(tau)
                         for path, total in zip(self.paths, self.total, strict=True)])


def regional_process(field: MeanField, driven: np.ndarray,
                     start: RegionalProcess | None = None) -> RegionalProcess:
    """Solve (1 - d^2/dtau^2) Delta^mu = sum_nu gains C^nu + driven^mu + white noise.

    Parameters
    ----------
    driven : (R,) array
        Static part of the input variance: currents and constant inputs along their loadings, and
        the bias.
    start : RegionalProcess, optional
        A solution for a similar drive, from which the iteration starts where regions share
        disorder.

    Raises
    ------
    ModelError
        Where a variance grows without bound.
    ConvergenceError
        Where the iteration of regions that share disorder does not converge; its `solution` is the
        process reached.
    """
    if np.any(field.gains - np.diag(np.diag(field.gains))):
        return _coupled(field, driven, start)
    found, paths = [], []
    for gain, drive in zip(np.diag(field.gains), driven, strict=True):
        problem = GaussianProblem(field.phi, float(gain), field.noise, float(np.sqrt(drive)))
        one = stationary_variance(problem)
        found.append(one)
        paths.append(orbit(problem, one) if one.branch in FLUCTUATING else None)
    return RegionalProcess(tuple(one.branch for one in found),
                           np.array([one.total for one in found]),
                           np.array([one.static for one in found]),
                           tuple(one.averages for one in found), tuple(paths))


def region_gain(field: MeanField, region: int, drive: float) -> float:
    """psi of one region that receives no disorder from others, without computing Delta(tau)."""
    problem = GaussianProblem(field.phi, float(field.gains[region, region]), field.noise,
                       float(np.sqrt(drive)))
    return stationary_variance(problem).averages.mean_slope


def _coupled(field: MeanField, driven: np.ndarray,
             start: RegionalProcess | None) -> RegionalProcess:
    """Regions that share disorder: the static state if it is stable, else iteration on the lags."""
    static = static_process(field, driven)
    if static is not None:
        return static
    lags = start.lags if start is not None and start.lags is not None else Lags(40.0, 0.05)
    state = start.state if start is not None and start.state is not None else None
    while True:
        step = RegionalMap(field, driven, lags)
        begin = step.start() if state is None else state
        end = _fixed_point(step, begin.ravel())
        state = end.value.reshape(field.regions, -1)
        decaying = np.abs(state[:, :-1] - state[:, -1:])
        remaining = np.max(decaying[:, -max(2, len(lags) // 10):], axis=1)
        # fluctuations below the accuracy of the iteration count as none
        if np.all(remaining <= np.maximum(1e-7 * decaying[:, 0], 10 * PROCESS_TOL * np.max(state))):
            break
        if lags.span > LONGEST_WINDOW:
            raise ConvergenceError("regions that share disorder: correlations do not decay within "
                                   f"{lags.span:g} time constants; change g or cross_g, away from "
                                   "a transition", _process_of(field, driven, lags, state))
        longer = Lags(2 * lags.span, lags.dt)
        beyond = np.repeat(state[:, -1:], len(longer) - len(lags), axis=1)
        lags, state = longer, np.concatenate([state[:, :-1], beyond, state[:, -1:]], axis=1)
    found = _process_of(field, driven, lags, state)
    if not end.converged:
        raise ConvergenceError(f"regions that share disorder: {end.message}; change g or cross_g, "
                               "away from a transition", found)
    if not step.fluctuating(end.value):
        raise ConvergenceError("regions that share disorder: the iteration ended at a state that "
                               "is constant in time, which is unstable; change g or cross_g, away "
                               "from a transition", found)
    return found


def _fixed_point(step: RegionalMap, begin: np.ndarray) -> FixedPoint:
    """The fixed point of the map: iterated until it is near, then by Newton's method.

    If Newton's method does not reach a state that fluctuates, the iteration continues.
    """
    near = iterate(step.flat, begin, tol=NEWTON_START, max_iter=MOST_ITERATIONS,
                   admissible=step.admissible)
    if near.converged and near.residual > PROCESS_TOL:
        end = newton_krylov(step.flat, step.linearised, near.value, tol=PROCESS_TOL,
                            max_iter=NEWTON_ITERATIONS, admissible=step.fluctuating,
                            floor=PROCESS_ROUNDING)
        if end.converged and step.fluctuating(end.value):
            return end
    return iterate(step.flat, near.value, tol=PROCESS_TOL, floor=PROCESS_ROUNDING,
                   max_iter=MOST_ITERATIONS, admissible=step.admissible)


def static_process(field: MeanField, driven: np.ndarray) -> RegionalProcess | None:
    """The largest state that is constant in time, if it is stable; otherwise None.

    Delta = gains <phi^2> + driven, iterated from above every solution; it is stable where the
    spectral radius of gains <phi'^2> is below 1.
    """
    if field.noise:
        return None
    largest = np.max(field.phi(np.array([-40.0, 40.0])) ** 2)
    total = field.gains.sum(axis=1) * largest + driven
    for _ in range(MOST_ITERATIONS):
        before = total
        total = field.gains @ np.array([mean_square(field.phi, v) for v in before]) + driven
        settled = np.abs(total - before) <= STATIC_ROUNDING * total
        if np.all(settled | (total < DECAYED_VARIANCE) & (driven == 0)):
            break
    else:
        return None
    total = np.where(_decays_to_zero(field, driven, total), 0.0, total)
    averages = tuple(averages_at(field.phi, float(v)) for v in total)
    slopes = np.array([float(one.slope(v)) for one, v in zip(averages, total, strict=True)])
    if np.max(np.abs(np.linalg.eigvals(field.gains * slopes))) >= 1 - 1e-9:
        return None
    branch = tuple("static" if v > 0 else "quiescent" for v in total)
    return RegionalProcess(branch, total, total, averages, (None,) * len(total))


def _decays_to_zero(field: MeanField, driven: np.ndarray, total: np.ndarray) -> np.ndarray:
    """(R,) whether a region is quiescent: its small variance is the remainder of a decay to zero.

    A small variance is not zero where something drives the region: an input, noise, or a region
    that is active; nor where the quiescent state of these regions is unstable.
    """
    small = (total < DECAYED_VARIANCE) & (driven == 0)
    if field.noise or field.phi.at_zero != 0:
        small[:] = False
    while np.any(driven_by := small & np.any(field.gains[:, ~small] > 0, axis=1)):
        small &= ~driven_by
    if not np.any(small):
        return small
    slope = float(averages_at(field.phi, 0.0).slope(0.0))
    growth = np.linalg.eigvals(slope * field.gains[np.ix_(small, small)])
    return small if np.max(np.abs(growth)) < 1 else np.zeros_like(small)


def _process_of(field: MeanField, driven: np.ndarray, lags: Lags,
                state: np.ndarray) -> RegionalProcess:
    """The process whose correlations are `state`: a row per region, its static part last."""
    total, static = state[:, 0], state[:, -1]
    quiescent = _decays_to_zero(field, driven, total)
    fluctuates = ~quiescent & (
        total - static > max(FLUCTUATION_THRESHOLD, 10 * PROCESS_TOL) * total)
    branch = tuple("driven" if field.noise else "chaotic" if chaotic else
                   "quiescent" if silent else "static"
                   for chaotic, silent in zip(fluctuates, quiescent, strict=True))
    total, static = (np.where(quiescent, 0.0, value) for value in (total, static))
    return RegionalProcess(
        branch,
        total,
        static,
        tuple(averages_at(field.phi, float(v)) for v in total),
        (),
        lags,
        state,
    )

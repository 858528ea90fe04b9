"""The stationary Gaussian process of every region at constant currents: Delta(tau) and gain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..averages.gaussian_averages import averages_at, mean_square
from ..averages.protocol import GaussianAverages
from ..base.errors import ConvergenceError
from ..base.iteration import FixedPoint, iterate
from ..equations import linear_response
from ..grids.lags import Lags
from ..network.regional_mean_field import MeanField
from ..stationary.first_integral import Orbit, orbit
from ..stationary.gaussian_problem import GaussianProblem
from ..stationary.stationary_variance import stationary_variance
from .newton_krylov import newton_krylov
from .tuning import (
    FLUCTUATION_THRESHOLD,
    LONGEST_WINDOW,
    MOST_ITERATIONS,
    NEWTON_START,
    PROCESS_ROUNDING,
    PROCESS_TOL,
    QUIESCENT_VARIANCE,
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
    static = _static_process(field, driven)
    if static is not None:
        return static
    lags = start.lags if start is not None and start.lags is not None else Lags(40.0, 0.05)
    state = start.state if start is not None and start.state is not None else None
    while True:
        step = RegionalMap(field, driven, lags)
        begin = step.start() if state is None else state
        end = _fixed_point(step, begin.ravel(), PROCESS_TOL)
        state = end.value.reshape(field.regions, -1)
        decaying = np.abs(state[:, :-1] - state[:, -1:])
        remaining = np.max(decaying[:, -max(2, len(lags) // 10):], axis=1)
        # fluctuations below the accuracy of the iteration count as none
        if np.all(remaining <= np.maximum(1e-7 * decaying[:, 0], 10 * PROCESS_TOL * np.max(state))):
            break
        if lags.span > LONGEST_WINDOW:
            raise ConvergenceError("regions that share disorder: correlations do not decay within "
                                   f"{lags.span:g} time constants; change g or cross_g, away from "
                                   "a transition", _process_of(field, lags, state))
        lags, state = Lags(2 * lags.span, lags.dt), None
    found = _process_of(field, lags, state)
    if not end.converged:
        raise ConvergenceError(f"regions that share disorder: {end.message}; change g or cross_g, "
                               "away from a transition", found)
    return found


def _fixed_point(step: RegionalMap, begin: np.ndarray, tol: float) -> FixedPoint:
    """The fixed point of the map: iterated until it is near, then by Newton's method.

    If Newton's method does not reach a state that fluctuates, the iteration continues.
    """
    near = iterate(step.flat, begin, tol=max(tol, NEWTON_START), max_iter=MOST_ITERATIONS,
                   admissible=step.admissible)
    if near.converged and near.residual > tol:
        end = newton_krylov(step.flat, near.value, tol=tol, floor=PROCESS_ROUNDING,
                            admissible=step.fluctuating, preconditioner=step.preconditioner)
        if end.converged:
            return end
    return iterate(step.flat, near.value, tol=tol, floor=PROCESS_ROUNDING,
                   max_iter=MOST_ITERATIONS, admissible=step.admissible)


def _static_process(field: MeanField, driven: np.ndarray) -> RegionalProcess | None:
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
        if np.max(np.abs(total - before)) <= 1e-14 * max(float(np.max(total)), 1e-3):
            break
    else:
        return None
    total = np.where(total > QUIESCENT_VARIANCE, total, 0.0)
    averages = tuple(averages_at(field.phi, float(v)) for v in total)
    slopes = np.array([float(one.slope(v)) for one, v in zip(averages, total, strict=True)])
    if np.max(np.abs(np.linalg.eigvals(field.gains * slopes))) >= 1 - 1e-9:
        return None
    branch = tuple("static" if v > 0 else "quiescent" for v in total)
    return RegionalProcess(branch, total, total, averages, (None,) * len(total))


def _process_of(field: MeanField, lags: Lags, state: np.ndarray) -> RegionalProcess:
    """The process whose correlations are `state`: a row per region, its static part last."""
    total, static = state[:, 0], state[:, -1]
    quiescent = total <= QUIESCENT_VARIANCE
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


@dataclass(frozen=True, eq=False)
class RegionalMap:
    """The self-consistent map Delta -> <x x>; a row per region, its static part after the lags."""

    field: MeanField
    driven: np.ndarray
    lags: Lags

    def start(self) -> np.ndarray:
        """A state above every solution: the noise of saturated units, decaying slowly."""
        largest = float(np.max(self.field.phi(np.array([-40.0, 40.0])) ** 2))
        total = self.field.gains @ np.full(self.field.regions, largest)
        decaying = np.exp(-self.lags.tau / 4)
        return np.append(np.outer(total, decaying), np.zeros((len(total), 1)), axis=1) + (
            self.driven + self.field.noise**2)[:, None]

    def __call__(self, state: np.ndarray) -> np.ndarray:
        field = self.field
        C = np.array([averages_at(field.phi, max(float(row[0]), 0.0)).correlation(row)
                      for row in state])
        noise = field.gains @ C
        static = noise[:, -1:] + self.driven[:, None]
        spectrum = self.lags.spectrum(noise[:, :-1] - noise[:, -1:])
        decaying = self.lags.correlation(spectrum * linear_response.lowpass_power(self.lags.omega))
        white = linear_response.white_noise_correlation(self.lags.tau, field.noise)
        return np.append(decaying + white + static, static, axis=1)

    def flat(self, state: np.ndarray) -> np.ndarray:
        """The map of the rows concatenated into one vector."""
        return self(state.reshape(self.field.regions, -1)).ravel()

    def preconditioner(self, flat: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
        """The inverse of 1 - map' with C' as at infinite lag, where it is diagonal in frequency."""
        state = flat.reshape(self.field.regions, -1)
        phi = self.field.phi
        slopes = np.array([float(averages_at(phi, max(float(row[0]), 0.0)).slope(row[-1]))
                           for row in state])
        gains, one = self.field.gains * slopes, np.eye(self.field.regions)
        power = linear_response.lowpass_power(self.lags.omega)
        of_spectrum = np.linalg.inv(one - power[:, None, None] * gains)
        of_static = np.linalg.inv(one - gains)

        def inverse(flat: np.ndarray) -> np.ndarray:
            change = flat.reshape(self.field.regions, -1)
            static = of_static @ change[:, -1:]
            spectrum = self.lags.spectrum(change[:, :-1] - change[:, -1:])
            decaying = self.lags.correlation(np.einsum("wij,jw->iw", of_spectrum, spectrum))
            return np.append(decaying + static, static, axis=1).ravel()

        return inverse

    def fluctuating(self, flat: np.ndarray) -> bool:
        """Whether the rows can be correlations, and one of them decays with the lag.

        A state that is constant in time is a fixed point too, next to one that fluctuates.
        """
        state = flat.reshape(self.field.regions, -1)
        decaying = state[:, 0] - state[:, -1] > FLUCTUATION_THRESHOLD * state[:, 0]
        return self.admissible(flat) and bool(np.any(decaying))

    def admissible(self, flat: np.ndarray) -> bool:
        """Whether all rows can be correlations: nonnegative and largest at zero lag."""
        state = flat.reshape(self.field.regions, -1)
        total = state[:, :1]
        return bool(np.all(np.isfinite(state)) and np.all(total >= 0)
                    and np.all(np.abs(state) <= total * (1 + 1e-12)))

"""The stationary Gaussian process of every region, at constant currents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..averages.gaussian_averages import gaussian_averages, mean_square
from ..averages.protocol import GaussianAverages
from ..base.errors import ConvergenceError
from ..base.iteration import iterate
from ..equations import linear_response
from ..grids.lags import Lags
from ..network.mean_field import MeanField
from ..stationary.first_integral import Orbit, orbit
from ..stationary.stationary_variance import stationary_variance
from ..stationary.variance_bound import Gaussian

AT_REST, MOVING = ("quiescent", "static"), ("chaotic", "driven")
MOVES = 1e-9  # relative difference of Delta(0) and Delta(inf) above which a region moves
NOTHING = 1e-8  # variance below which a region is quiescent
TOL, FLOOR, MOST_ITERATIONS = 1e-11, 2e-15, 5000
LONGEST = 4000.0  # span of lags up to which a window grows by itself
FEW_ITERATIONS, LONG = 300, 100.0  # where only a rough answer is asked for


@dataclass(frozen=True, eq=False)
class RegionalProcess:
    """Stationary state of R regions whose currents are held.

    Parameters
    ----------
    branch : tuple of str
        Of each region: "quiescent", "static", "chaotic" or "driven".
    total, static : (R,) arrays
        Delta(0) and Delta(inf).
    averages : tuple of GaussianAverages
        At each variance.
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
        """Slowest rate of decay of a correlation; 1 where nothing moves."""
        rates = [path.rate for path in self.paths if path is not None]
        if self.lags is not None:
            rates.append(30.0 / self.lags.span)
        return float(min(rates, default=1.0))

    def Delta(self, tau: np.ndarray) -> np.ndarray:
        """(R, n) correlations <x(t) x(t + tau)>, static part included."""
        if self.state is not None and self.lags is not None:
            from scipy.interpolate import CubicSpline

            inside = CubicSpline(self.lags.tau, self.state[:, :-1], axis=1,
                                 bc_type="natural" if self.state.shape[1] < 4 else "not-a-knot")
            found = inside(np.minimum(tau, self.lags.span))
            return np.where(tau <= self.lags.span, found, self.static[:, None])
        return np.array([np.full(len(tau), total) if path is None else path.Delta(tau)
                         for path, total in zip(self.paths, self.total, strict=True)])


def regional_process(field: MeanField, driven: np.ndarray, start: RegionalProcess | None = None,
                     tol: float = TOL) -> RegionalProcess:
    """Solve (1 - d^2/dtau^2) Delta^mu = sum_nu gains C^nu + driven^mu + white noise.

    Parameters
    ----------
    driven : (R,) array
        Variance of what does not move: currents and constant inputs along their loadings, and
        the bias.
    start : RegionalProcess, optional
        A neighbour, from which the iteration begins where regions are coupled by disorder.
    tol : float
        Of that iteration.

    Raises
    ------
    ModelError
        Where a variance grows without bound.
    ConvergenceError
        Where the iteration of coupled regions does not converge.
    """
    if np.any(field.gains - np.diag(np.diag(field.gains))):
        return _coupled(field, driven, start, tol)
    found, paths = [], []
    for gain, drive in zip(np.diag(field.gains), driven, strict=True):
        problem = Gaussian(field.phi, float(gain), field.noise, float(np.sqrt(drive)))
        one = stationary_variance(problem)
        found.append(one)
        paths.append(orbit(problem, one) if one.branch in MOVING else None)
    return RegionalProcess(tuple(one.branch for one in found),
                           np.array([one.total for one in found]),
                           np.array([one.static for one in found]),
                           tuple(one.averages for one in found), tuple(paths))


def region_gain(field: MeanField, region: int, drive: float) -> float:
    """psi of one region without disorder from others: `regional_process` without its orbit."""
    problem = Gaussian(field.phi, float(field.gains[region, region]), field.noise,
                       float(np.sqrt(drive)))
    return stationary_variance(problem).averages.mean_slope


def _coupled(field: MeanField, driven: np.ndarray, start: RegionalProcess | None,
             tol: float) -> RegionalProcess:
    """Regions that share disorder: at rest if that is stable, else by iteration on the lags."""
    rest = _at_rest(field, driven)
    if rest is not None:
        return rest
    lags = start.lags if start is not None and start.lags is not None else (
        Lags(40.0, 0.05 if tol <= TOL else 0.2))
    state = start.state if start is not None and start.state is not None else None
    while True:
        step = _RegionalMap(field, driven, lags)
        begin = step.start() if state is None else state
        end = iterate(step.flat, begin.ravel(), tol=tol, floor=FLOOR,
                      max_iter=MOST_ITERATIONS if tol <= TOL else FEW_ITERATIONS,
                      admissible=step.admissible)
        state = end.value.reshape(field.regions, -1)
        moving = np.abs(state[:, :-1] - state[:, -1:])
        left = np.max(moving[:, -max(2, len(lags) // 10):], axis=1)
        # what moves less than the iteration can tell is at rest
        if np.all(left <= np.maximum(1e-7 * moving[:, 0], 10 * tol * np.max(state))):
            break
        if lags.span > (LONGEST if tol <= TOL else LONG):
            raise ConvergenceError("regions coupled by disorder: correlations do not decay within "
                                   f"{lags.span:g}; move g or cross_g away from a transition",
                                   _moving(field, lags, state, tol))
        lags, state = Lags(2 * lags.span, lags.dt), None
    found = _moving(field, lags, state, tol)
    if not end.converged:
        raise ConvergenceError(f"regions coupled by disorder: {end.message}; move g or cross_g "
                               "away from a transition", found)
    return found


def _at_rest(field: MeanField, driven: np.ndarray) -> RegionalProcess | None:
    """The largest state in which nothing moves, if it is stable; None else.

    Delta = gains <phi^2> + driven, iterated from above every solution; stable where gains <phi'^2>
    has no eigenvalue of 1 or above.
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
    total = np.where(total > NOTHING, total, 0.0)
    averages = tuple(gaussian_averages(field.phi, float(v)) for v in total)
    slopes = np.array([float(one.slope(v)) for one, v in zip(averages, total, strict=True)])
    if np.max(np.abs(np.linalg.eigvals(field.gains * slopes))) >= 1 - 1e-9:
        return None
    branch = tuple("static" if v > 0 else "quiescent" for v in total)
    return RegionalProcess(branch, total, total, averages, (None,) * len(total))


def _moving(field: MeanField, lags: Lags, state: np.ndarray, tol: float) -> RegionalProcess:
    """The process of rows of correlations, static parts behind."""
    total, static = state[:, 0], state[:, -1]
    nothing = total <= NOTHING
    moves = ~nothing & (total - static > max(MOVES, 10 * tol) * total)
    branch = tuple("driven" if field.noise else "chaotic" if move else
                   "quiescent" if none else "static"
                   for move, none in zip(moves, nothing, strict=True))
    total, static = (np.where(nothing, 0.0, value) for value in (total, static))
    return RegionalProcess(
        branch,
        total,
        static,
        tuple(gaussian_averages(field.phi, float(v)) for v in total),
        (),
        lags,
        state,
    )


@dataclass(frozen=True, eq=False)
class _RegionalMap:
    """Delta -> <x x> of every region; a row per region, its static part behind the lags."""

    field: MeanField
    driven: np.ndarray
    lags: Lags

    def start(self) -> np.ndarray:
        """Above every solution: the noise of saturated units, decaying slowly."""
        largest = float(np.max(self.field.phi(np.array([-40.0, 40.0])) ** 2))
        total = self.field.gains @ np.full(self.field.regions, largest)
        decaying = np.exp(-self.lags.tau / 4)
        return np.append(np.outer(total, decaying), np.zeros((len(total), 1)), axis=1) + (
            self.driven + self.field.noise**2)[:, None]

    def __call__(self, state: np.ndarray) -> np.ndarray:
        field = self.field
        C = np.array([gaussian_averages(field.phi, max(float(row[0]), 0.0)).correlation(row)
                      for row in state])
        noise = field.gains @ C
        static = noise[:, -1:] + self.driven[:, None]
        spectrum = self.lags.spectrum(noise[:, :-1] - noise[:, -1:])
        moving = self.lags.correlation(spectrum * linear_response.lowpass_power(self.lags.omega))
        white = linear_response.white_noise_correlation(self.lags.tau, field.noise)
        return np.append(moving + white + static, static, axis=1)

    def flat(self, state: np.ndarray) -> np.ndarray:
        """The map of all rows behind one another."""
        return self(state.reshape(self.field.regions, -1)).ravel()

    def admissible(self, flat: np.ndarray) -> bool:
        """Whether correlations may be these: largest at lag zero, and positive there."""
        state = flat.reshape(self.field.regions, -1)
        total = state[:, :1]
        return bool(np.all(np.isfinite(state)) and np.all(total >= 0)
                    and np.all(np.abs(state) <= total * (1 + 1e-12)))

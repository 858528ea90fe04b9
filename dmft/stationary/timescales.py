"""timescales: decay time and oscillation of a stationary autocorrelation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.optimize import brentq

from ..base.checks import reject
from ..base.estimate import Estimate
from ..grids.lags import Lags
from .solution import Solution, require_converged
from .tuning import NUMERICAL_NOISE, RESOLVED_ERRORS

MISSING = Estimate(np.asarray(np.nan), np.nan)


@dataclass(frozen=True, eq=False)
class Timescales:
    """Lags and frequencies that characterise a correlation C(tau).

    A field and its standard error are NaN where the quantity does not exist, or where sampling
    noise hides it: the curve whose sign must change there does not exceed five standard errors on
    both sides.

    Parameters
    ----------
    half_life : Estimate ()
        Lag at which C(tau) - C(inf) is half of its value at zero lag.
    first_zero : Estimate ()
        Lag of the first zero of C(tau) - C(inf).
    minimum : Estimate ()
        Most negative value of C(tau) - C(inf), relative to its value at zero lag; 0 for a solution
        without sampling noise that is never negative.
    minimum_lag : Estimate ()
        Lag of this minimum.
    peak : Estimate ()
        Angular frequency, above 0, at which the spectrum of C(tau) - C(inf) is largest, if it
        exceeds the spectrum at frequency zero.
    peak_height : Estimate ()
        Spectrum at the peak, relative to that at frequency zero; 1 for a solution without sampling
        noise whose spectrum is largest at zero.

    Examples
    --------
    >>> import dmft
    >>> found = dmft.timescales(dmft.solve(dmft.RandomNetwork(g=2.0)))
    >>> round(float(found.half_life), 3), found.oscillates, float(found.first_zero)
    (4.914, False, nan)
    """

    half_life: Estimate
    first_zero: Estimate
    minimum: Estimate
    minimum_lag: Estimate
    peak: Estimate
    peak_height: Estimate

    @property
    def oscillates(self) -> bool:
        """Whether the correlation is negative somewhere, by more than five standard errors."""
        return not np.isnan(float(self.minimum_lag))

    @property
    def peak_resolved(self) -> bool:
        """Whether the peak of the spectrum exceeds its value at zero by five standard errors."""
        return not np.isnan(float(self.peak))


def timescales(solution: Solution) -> Timescales:
    """Half-life, first zero and minimum of C_phi(tau), and the peak of its spectrum.

    The static part C_phi(inf) is subtracted first. Hebbian plasticity slows the activity,
    anti-Hebbian plasticity makes C_phi(tau) oscillate (Clark & Abbott 2024, autocorrelations of
    coupled neuronal-synaptic dynamics). The correlation can become negative long before its
    spectrum has a peak, so the two are tested separately: by `oscillates` and by `peak_resolved`.

    Parameters
    ----------
    solution : Solution
        Stationary solution with fluctuating activity (branch "chaotic" or "driven").

    Returns
    -------
    Timescales
        Lags in neuronal time constants, angular frequencies in their inverse; with standard errors
        where the solution was sampled, and NaN for what five standard errors do not resolve.

    Raises
    ------
    ModelError
        If the solution did not converge, or is constant in time.

    Examples
    --------
    >>> from dmft import RandomNetwork, solve
    >>> times = timescales(solve(RandomNetwork(g=2.0)))
    >>> bool(4 < times.half_life < 5), times.oscillates
    (True, False)
    """
    require_converged(solution)
    static, lags = float(solution.C_phi_static), solution.lags
    if float(solution.C_phi[0]) - static <= 1e-12 * max(static, 1e-300):
        reject("solution", solution, "is constant in time: it has no time scale",
               "give a chaotic or driven solution")
    scale = float(solution.C_phi[0]) - static
    curve, rows, error = (solution.C_phi.value - static) / scale, None, solution.convergence.error
    floor = np.hypot(float(solution.C_phi_static.stderr) / scale, NUMERICAL_NOISE)
    if solution.replicates is not None:
        rows = (solution.replicates.C_phi - static) / scale
    elif np.isfinite(error):
        floor = max(error, floor)
    sampled = _Sampled(curve, rows, floor)
    return Timescales(_crossing(lags.tau, sampled.minus(sampled.at(0) / 2)),
                      _crossing(lags.tau, sampled), *_minimum(lags.tau, sampled),
                      *_peak(lags, sampled))


@dataclass(frozen=True, eq=False)
class _Sampled:
    """A curve, its replicates (r, n) or None, and the least standard error of the curve."""

    curve: np.ndarray
    rows: np.ndarray | None
    floor: float

    @property
    def errors(self) -> np.ndarray:
        """(n,) standard errors.

        Few replicates underestimate the error at some of many points: the root mean square over
        the points from half to 3/2 of each is used.
        """
        if self.rows is None:
            return np.full(len(self.curve), self.floor)
        squares = np.concatenate([[0.0], np.cumsum(_error(self.rows) ** 2)])
        k = np.arange(len(self.curve))
        low, high = k // 2, np.minimum(k + k // 2 + 1, len(k))
        return np.hypot(np.sqrt((squares[high] - squares[low]) / (high - low)), self.floor)

    def at(self, k: int) -> _Sampled:
        """The value at one point."""
        return _Sampled(self.curve[k:k + 1], None if self.rows is None else self.rows[:, k:k + 1],
                        self.floor)

    def __truediv__(self, number: float) -> _Sampled:
        return _Sampled(self.curve / number, None if self.rows is None else self.rows / number,
                        self.floor / number)

    def minus(self, other: _Sampled) -> _Sampled:
        """The difference, replicate by replicate."""
        rows = None if self.rows is None or other.rows is None else self.rows - other.rows
        return _Sampled(self.curve - other.curve, rows, self.floor)

    def derived(self, value: float, rows: np.ndarray | None) -> Estimate:
        """A number with the standard error of its replicates (r,)."""
        return Estimate(np.asarray(value), 0.0 if rows is None else float(_error(rows)))


def _error(rows: np.ndarray) -> np.ndarray:
    return np.std(rows, axis=0, ddof=1) / np.sqrt(len(rows))


def _crossing(tau: np.ndarray, of: _Sampled) -> Estimate:
    """The lag at which a curve becomes negative; NaN where it is not resolved on both sides.

    Its error is that of the curve there, over the slope between the nearest lags at which the sign
    is resolved, since the noise of replicates causes further zeros.
    """
    resolved = RESOLVED_ERRORS * of.errors
    below = np.flatnonzero(of.curve < -resolved)
    if len(below) == 0:
        return MISSING
    end = int(below[0])
    above = np.flatnonzero(of.curve[:end] > resolved[:end])
    if len(above) == 0:
        return MISSING
    begin = int(above[-1])
    at = begin + int(np.flatnonzero(of.curve[begin:end + 1] < 0)[0])
    here, before = of.curve[at], of.curve[at - 1]
    share = before / (before - here)
    lag = tau[at - 1] + share * (tau[at] - tau[at - 1])
    if of.rows is None:
        near = slice(max(at - 4, 0), at + 4)
        smooth = CubicSpline(tau[near], of.curve[near])
        return of.derived(brentq(smooth, tau[at - 1], tau[at]), None)
    slope = (of.curve[begin] - of.curve[end]) / (tau[end] - tau[begin])
    values = (1 - share) * of.rows[:, at - 1] + share * of.rows[:, at]
    return of.derived(lag, values / slope)


def _minimum(tau: np.ndarray, of: _Sampled) -> tuple[Estimate, Estimate]:
    """The lowest value that is negative by five standard errors, over that at zero, and its lag."""
    below = np.flatnonzero(of.curve < -RESOLVED_ERRORS * of.errors)
    if len(below) == 0:
        return (Estimate(np.asarray(0.0)) if of.rows is None else MISSING), MISSING
    at = int(below[np.argmin(of.curve[below])])
    if of.rows is None:
        lag, depth = _vertex(tau, of.curve, at)
        return of.derived(depth, None), of.derived(lag, None)
    # replicates are searched near the minimum only, not among minima of the noise at long lags
    lags = _lowest_near(tau, of.rows, at)
    return (Estimate(np.asarray(of.curve[at]), of.errors[at]),
            of.derived(_vertex(tau, of.curve, at)[0], lags))


def _peak(lags: Lags, of: _Sampled) -> tuple[Estimate, Estimate]:
    """The frequency above zero of the largest spectrum, and this spectrum over that at zero."""
    spectrum = lags.spectrum(of.curve)
    rows = None if of.rows is None else np.array([lags.spectrum(row) for row in of.rows])
    all_of_it = _Sampled(spectrum / spectrum[0], None if rows is None else rows / spectrum[0],
                         of.floor)
    excess = all_of_it.minus(all_of_it.at(0))
    above = np.flatnonzero(excess.curve > RESOLVED_ERRORS * excess.errors)
    if len(above) == 0:
        return MISSING, (Estimate(np.asarray(1.0)) if rows is None else MISSING)
    at = int(above[np.argmax(excess.curve[above])])
    height = spectrum[at] / spectrum[0]
    if rows is None:
        frequency, height = _vertex(lags.omega, all_of_it.curve, at)
        return of.derived(frequency, None), of.derived(height, None)
    frequency = _vertex(lags.omega, spectrum, at)[0]
    return (of.derived(frequency, _lowest_near(lags.omega, -rows, at)),
            of.derived(height, rows[:, at] / rows[:, 0]))


def _vertex(x: np.ndarray, y: np.ndarray, at: int) -> tuple[float, float]:
    """The extremum of the parabola through the values at `at` and on both sides."""
    if not 0 < at < len(y) - 1:
        return float(x[at]), float(y[at])
    low, mid, high = y[at - 1:at + 2]
    bend, tilt = low - 2 * mid + high, (high - low) / 2
    share = -tilt / bend if bend else 0.0
    return float(x[at] + share * (x[1] - x[0])), float(mid + share * tilt / 2)


def _lowest_near(x: np.ndarray, rows: np.ndarray, at: int) -> np.ndarray:
    """(r,) places of the minima of the rows between half and 3/2 of `at`."""
    first = at // 2
    lowest = first + np.argmin(rows[:, first:at + at // 2 + 1], axis=1)
    return np.array([_vertex(x, row, int(k))[0] for row, k in zip(rows, lowest, strict=True)])

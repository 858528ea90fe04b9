"""period: the period of currents on a limit cycle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..base.checks import reject
from ..base.estimate import Estimate
from ..network.structure import structure
from ..two_time.time_solution import TimeSolution
from .tuning import MAX_LOOPS, RETURN_DISTANCE


@dataclass(frozen=True)
class Return:
    """A return of the currents to an earlier state: period, standard error, and distance.

    Parameters
    ----------
    period, stderr : float
        Mean and standard error over successive periods.
    distance : float
        Rms distance of the states a period apart, relative to the currents' amplitude.
    loops : int
        Upward crossings of the section in one period.
    """

    period: float
    stderr: float
    distance: float
    loops: int


def period(solution: TimeSolution) -> Estimate:
    """Period of the currents of a time-dependent solution, from the second half of its time.

    The trajectory is interpolated by a cubic Hermite spline (its slope dz/dt = S - z is known).
    The Poincare section is the plane through its mean, perpendicular to its first principal
    direction. The period is the time to the first upward crossing at which the currents return to
    the same state, within 0.5 % of their amplitude (Clark & Beiran 2025, limit cycles of the
    currents).

    Parameters
    ----------
    solution : TimeSolution
        Long enough for the transient to decay, with four periods in the second half.

    Returns
    -------
    Estimate
        In neuronal time constants. The standard error, over successive periods, indicates the
        remaining transient; the error of the solution itself is `solution.error`.

    Raises
    ------
    ModelError
        If the currents do not return: they are constant, quasi-periodic or chaotic, or the
        solution is too short.

    Examples
    --------
    >>> import dmft
    >>> import numpy as np
    >>> T = 1.5 * np.random.default_rng(111).standard_normal((3, 3, 3))
    >>> network = dmft.MultiregionNetwork(g=0.0, T=T)
    >>> solution = dmft.solve(network, times=dmft.Times(stop=60.0, dt=0.2), tol=1e-2, variance=0.0,
    ...                       currents=np.eye(3))
    >>> round(float(dmft.period(solution)), 1)
    4.7
    """
    t, z, slope = second_half(solution)
    found = first_return(t, z, slope)
    if found is None:
        reject("solution", solution, "its currents do not return to an earlier state",
               "solve for a longer time; dmft.solution_class(solution) tests whether they are "
               "periodic")
    return Estimate(np.asarray(found.period), found.stderr)


def second_half(solution: TimeSolution) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(n,) times, (n, P) currents and their slopes in the second half of a solution's time."""
    network = getattr(solution, "network", None)
    if network is not None and not structure(network).currents:
        reject("solution", solution, "its network has no currents", "give a solution in time of a "
               "network with low-rank couplings, such as dmft.MultiregionNetwork(...)")
    if not isinstance(solution, TimeSolution):
        reject("solution", solution, "not a time-dependent solution",
               "give a solution returned by dmft.solve(network, times=..., currents=...)")
    n = len(solution.times)
    late = slice(n // 2, None)
    z, S = (array.reshape(n, -1)[late] for array in (solution.z, solution.S))
    return solution.times.t[late], z, S - z


def first_return(t: np.ndarray, z: np.ndarray, slope: np.ndarray) -> Return | None:
    """The first return of currents z (n, P), with given slopes, to an earlier state; else None."""
    from scipy.interpolate import CubicHermiteSpline

    away = z - z.mean(axis=0)
    amplitude = float(np.sqrt(np.mean(np.sum(away**2, axis=1))))
    if len(t) < 8 or amplitude <= 1e-12 * float(np.max(np.abs(z), initial=0.0)):
        return None
    direction = np.linalg.svd(away, full_matrices=False)[2][0]
    coordinate = CubicHermiteSpline(t, away @ direction, slope @ direction)
    crossings = coordinate.roots(extrapolate=False)
    crossings = crossings[coordinate(crossings, 1) > 0]
    states = CubicHermiteSpline(t, z, slope)(crossings)
    for loops in range(1, min(MAX_LOOPS, len(crossings) - 3) + 1):
        # the remaining transient is smallest at the end
        late = slice((len(crossings) - loops) // 2, None)
        apart = (states[loops:] - states[:-loops])[late]
        distance = float(np.sqrt(np.mean(np.sum(apart**2, axis=1)))) / amplitude
        if distance < RETURN_DISTANCE:
            durations = (crossings[loops:] - crossings[:-loops])[late]
            spread = float(np.std(durations, ddof=1) / np.sqrt(len(durations)))
            return Return(float(np.mean(durations)), spread, distance, loops)
    return None

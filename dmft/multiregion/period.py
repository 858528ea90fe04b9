"""period: after how long the currents return to where they were."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..base.checks import reject
from ..base.estimate import Estimate
from ..two_time.time_solution import TimeSolution

RETURNED = 5e-3  # distance after a period, relative to the currents' amplitude
MOST_LOOPS = 12  # crossings of the section in one period: with more a torus looks periodic


@dataclass(frozen=True)
class Return:
    """A return of the currents: period, its standard error, and how near they came.

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
    """Period of the currents of a solution in time, from the second half of its time.

    The currents' trajectory is a cubic Hermite spline (its slope dz/dt = S - z is known), and the
    Poincare section the plane through its mean across its principal direction. The period is the
    time to the first upward crossing that comes back to the same state, within 0.5 % of the
    currents' amplitude (Clark & Beiran 2025, limit cycles of the currents).

    Parameters
    ----------
    solution : TimeSolution
        Long enough for the transient to pass, and for four periods in its second half.

    Returns
    -------
    Estimate
        In neuronal time constants. Its standard error, over successive periods, shows what is
        left of the transient; the error of the solution itself is `solution.error`.

    Raises
    ------
    ModelError
        If the currents do not return: they rest, are quasi-periodic or chaotic, or were followed
        for too short a time.
    """
    t, z, slope = second_half(solution)
    found = returning(t, z, slope)
    if found is None:
        reject("solution", solution, "its currents do not return to where they were",
               "solve for a longer time, if they have a period at all: see dmft.solution_class")
    return Estimate(np.asarray(found.period), found.stderr)


def second_half(solution: TimeSolution) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(n,) times, (n, P) currents and their slopes in the second half of a solution's time."""
    if not isinstance(solution, TimeSolution):
        reject("solution", solution, "not a solution in time",
               "give what dmft.solve(network, times=...) returned")
    n = len(solution.times)
    late = slice(n // 2, None)
    z, S = (array.reshape(n, -1)[late] for array in (solution.z, solution.S))
    if z.shape[1] == 0:
        reject("solution", solution, "its network has no currents", "give a MultiregionNetwork")
    return solution.times.t[late], z, S - z


def returning(t: np.ndarray, z: np.ndarray, slope: np.ndarray) -> Return | None:
    """The first return of currents z (n, P) of given slopes to where they were, if there is one."""
    from scipy.interpolate import CubicHermiteSpline

    away = z - z.mean(axis=0)
    amplitude = float(np.sqrt(np.mean(np.sum(away**2, axis=1))))
    if len(t) < 8 or amplitude <= 1e-12 * float(np.max(np.abs(z), initial=0.0)):
        return None
    direction = np.linalg.svd(away, full_matrices=False)[2][0]
    across = CubicHermiteSpline(t, away @ direction, slope @ direction)
    crossings = across.roots(extrapolate=False)
    crossings = crossings[across(crossings, 1) > 0]
    states = CubicHermiteSpline(t, z, slope)(crossings)
    for loops in range(1, min(MOST_LOOPS, len(crossings) - 3) + 1):
        # what is left of the transient is smallest at the end
        late = slice((len(crossings) - loops) // 2, None)
        apart = (states[loops:] - states[:-loops])[late]
        distance = float(np.sqrt(np.mean(np.sum(apart**2, axis=1)))) / amplitude
        if distance < RETURNED:
            lasting = (crossings[loops:] - crossings[:-loops])[late]
            spread = float(np.std(lasting, ddof=1) / np.sqrt(len(lasting)))
            return Return(float(np.mean(lasting)), spread, distance, loops)
    return None

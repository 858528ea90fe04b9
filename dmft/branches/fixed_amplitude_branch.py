"""A branch followed in steps of its amplitude C_phi(0), around a fold if there is one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from ..base.errors import ConvergenceError
from ..base.estimate import Estimate
from ..stationary.solution import Solution
from .branch import BranchPoint
from .branch_end import turn, turning_amplitude, turning_point
from .fixed_amplitude_map import Family
from .fixed_amplitude_solution import solution_at_fixed_amplitude
from .tuning import (
    AMPLITUDE_STEP,
    LEAST_SEPARATION,
    MOST_POINTS,
    SKIPPED_POINTS,
    SMALLEST_AMPLITUDE,
)


@dataclass(frozen=True, eq=False)
class FixedAmplitudeBranch:
    """Solutions at successive given amplitudes, and the end of the branch.

    Parameters
    ----------
    points : list of BranchPoint
        The solutions, with the parameter of each.
    end : Estimate () or None
        Value of the parameter at the end of the branch, if it could be estimated.
    fold : bool
        Whether the end is a fold.
    stopped : str
        Why there are no further points.
    last : Solution
        The last of the solutions.
    """

    points: list[BranchPoint]
    end: Estimate | None
    fold: bool
    stopped: str
    last: Solution


def follow_at_fixed_amplitude(family: Family, value: float, found: list[Solution], lost: float,
                              seed: int, report: Callable) -> FixedAmplitudeBranch:
    """Follow the branch from its last solution, around a fold if there is one.

    Parameters
    ----------
    family : callable
        family(value) -> network.
    value, lost : float
        The last value of the parameter with a solution, and the next one, which has none.
    found : list of Solution
        The solutions of the branch so far.
    seed : int
        Seed of the paths.
    report : callable
        report(value, solution) after each solution.
    """
    growing = len(found) > 1 and float(found[-1].C_phi[0]) > float(found[-2].C_phi[0])
    sign = -1.0 if growing else 1.0  # a growing amplitude continues to grow
    direction, scale = float(np.sign(lost - value)), max(abs(value), 0.5)
    solution, amplitude = found[-1], float(found[-1].C_phi[0])
    first, followed = amplitude, _Followed(family, scale, seed, report)
    stopped, passed, failures = "it was followed until its amplitude was small", False, 0
    while SMALLEST_AMPLITUDE * first <= amplitude and len(followed) < MOST_POINTS and not passed:
        try:
            solution, value = followed.add(solution, amplitude, value)
            failures = 0
        except ConvergenceError as error:
            failures += 1
            if failures > SKIPPED_POINTS:
                stopped = f"at C_phi(0)={amplitude:.3g} the iteration does not converge ({error})"
                break
        passed = bool(direction * (value - lost) > 0)
        amplitude -= sign * AMPLITUDE_STEP * first
    near = turn(followed.values, direction)
    if near is not None:
        amplitudes, middle = followed.amplitudes[near], followed.points[near][1]
        at = turning_amplitude(amplitudes, followed.values[near])
        if np.min(np.abs(amplitudes - at)) > LEAST_SEPARATION * AMPLITUDE_STEP * first:
            with suppress(ConvergenceError):  # the points on its two sides determine it already
                followed.add(middle.solution, at, float(middle.value))
    end, fold = turning_point(followed.amplitudes, followed.values, np.array(followed.groups),
                              direction)
    if end is not None and not fold:
        beyond = direction * (float(end) - value)
        if not 0 <= beyond <= abs(lost - value):
            end = None  # the extrapolation does not lie between the last value and the lost one
    return FixedAmplitudeBranch(followed.points, end, fold, stopped, solution)


class _Followed:
    """The points of a branch, in the order of their amplitudes."""

    def __init__(self, family: Family, scale: float, seed: int, report: Callable):
        self.family, self.scale, self.seed, self.report = family, scale, seed, report
        self.points: list[BranchPoint] = []
        self.groups: list[np.ndarray] = []

    def __len__(self) -> int:
        return len(self.points)

    @property
    def amplitudes(self) -> np.ndarray:
        return np.array([float(point.solution.C_phi[0]) for point in self.points])

    @property
    def values(self) -> np.ndarray:
        return np.array([float(point.value) for point in self.points])

    def add(self, near: Solution, amplitude: float, value: float) -> tuple[Solution, float]:
        """Solve at an amplitude, from a solution near it; returns the solution and its value."""
        point, groups = solution_at_fixed_amplitude(self.family, near, amplitude, value,
                                                    self.scale, self.seed)
        place = len(self)
        if place > 1:
            along = np.sign(self.amplitudes[1] - self.amplitudes[0])
            place = int(np.searchsorted(along * self.amplitudes, along * amplitude))
        self.points.insert(place, point)
        self.groups.insert(place, groups)
        self.report(float(point.value), point.solution)
        return point.solution, float(point.value)

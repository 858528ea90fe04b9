"""A branch followed in steps of its amplitude C_phi(0), around a fold if there is one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..base.errors import ConvergenceError
from ..base.estimate import Estimate
from ..stationary.solution import Solution
from .branch import BranchPoint
from .branch_end import turning_point
from .fixed_amplitude_map import Family
from .fixed_amplitude_solution import solution_at_fixed_amplitude
from .tuning import AMPLITUDE_STEP, MOST_POINTS, SMALLEST_AMPLITUDE


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
    first = amplitude
    points: list[BranchPoint] = []
    groups: list[np.ndarray] = []
    stopped, passed = "it was followed until its amplitude was small", False
    while SMALLEST_AMPLITUDE * first <= amplitude and len(points) < MOST_POINTS and not passed:
        try:
            point, of_groups = solution_at_fixed_amplitude(
                family, solution, amplitude, value, scale, seed)
        except ConvergenceError as error:
            stopped = f"beyond C_phi(0)={amplitude:.3g} the iteration does not converge ({error})"
            break
        points.append(point)
        groups.append(of_groups)
        solution, value = point.solution, float(point.value)
        report(value, solution)
        passed = bool(direction * (value - lost) > 0)
        amplitude -= sign * AMPLITUDE_STEP * first
    amplitudes = np.array([float(point.solution.C_phi[0]) for point in points])
    values = np.array([float(point.value) for point in points])
    end, fold = turning_point(amplitudes, values, np.array(groups), direction)
    if end is not None and not fold:
        beyond = direction * (float(end) - value)
        if not 0 <= beyond <= abs(lost - value):
            end = None  # the extrapolation does not lie between the last value and the lost one
    return FixedAmplitudeBranch(points, end, fold, stopped, solution)

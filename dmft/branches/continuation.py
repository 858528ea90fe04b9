"""continue_in: follow a solution along a parameter, around folds, to where it ends."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..base.checks import finite_array, generator, positive, reject
from ..base.errors import ConvergenceError
from ..base.estimate import Estimate
from ..network.network import AnyNetwork
from ..solving import solve
from ..stationary.solution import Solution
from .branch import Branch, BranchPoint
from .branch_end import turning_point
from .fixed_amplitude_iteration import Family
from .fixed_amplitude_solution import pinned_solution

STEP, SMALLEST = 0.09, 0.1  # of the amplitude where a walk begins; where it ends
DYING = 0.4  # of the last amplitude: an iteration that falls below it has left the branch
MOST_POINTS = 40


def continue_in(network: AnyNetwork, name: str, values: Sequence[float], *,
                initial: Solution | None = None, tol: float = 2e-3, rng=None,
                callback: Callable | None = None) -> Branch:
    """Follow a solution of a network while one of its parameters takes other values.

    Each solve starts from the solution before it. Where the activity dies, the branch has turned
    back at a fold: it is then followed at given amplitude C_phi(0), the parameter being what is
    solved for, around the fold and along the branch that it meets there (pseudo-arclength
    continuation with the amplitude in place of the arclength). The fold is the extremum of the
    parameter.

    Parameters
    ----------
    network : Network
        A frozen network with the field `name`, such as `PlasticNetwork(g=1.3, k=1.4, p=2.5)`.
    name : str
        A parameter that is a number: "g", "k", "p", "noise" ...
    values : sequence of float
        Its values in the order in which they are visited.
    initial : Solution, optional
        Where the first solve starts; from strong activity by default.
    tol : float
        Relative standard error of C_phi(0), as for `dmft.solve`.
    rng : int, SeedSequence or Generator, optional
        Seed of the noise, the same at every value; 0 by default.
    callback : callable, optional
        callback(value, solution) after each solution.

    Returns
    -------
    Branch
        With `.values`, `.solutions`, `.end`, `.fold` and `.points`.

    Raises
    ------
    ModelError
        For a name that is not a number of this network, or values that cannot be.
    ConvergenceError
        If there is no activity at the first value: the branch cannot be entered there.

    Examples
    --------
    >>> from dmft import PlasticNetwork
    >>> branch = continue_in(PlasticNetwork(2.0, -1.0, 2.5), "k", [-1.0, -0.5], tol=2e-2)
    >>> branch.amplitudes.shape, branch.end is None
    ((2,), True)
    """
    family, asked = _family(network, name), _values(values)
    for value in asked:
        family(value)  # a value out of range is told before anything is solved
    if initial is not None and not isinstance(initial, Solution):
        reject("initial", initial, "not a Solution", "give what dmft.solve returned, or nothing")
    if callback is not None and not callable(callback):
        reject("callback", callback, "not callable", "give a function of (value, solution)")
    tol, seed = positive("tol", tol), int(generator(rng).integers(2**63))
    first = _solved(family(float(asked[0])), initial, tol, seed, dying=0.0)
    if not _active(first):
        raise ConvergenceError(f"{name}={asked[0]:g}: no active branch to follow: {_why(first)}; "
                               "begin where there is one", first)
    told = callback or (lambda value, solution: None)
    told(float(asked[0]), first)
    found = [first]
    walk = None
    for value in asked[1:]:
        solution = _solved(family(float(value)), found[-1], tol, seed, DYING)
        if solution.branch == "quiescent":  # died, or was left because it was about to
            walk = _walk(family, float(asked[len(found) - 1]), found, float(value), seed, told)
            if not walk.fold:  # it may go on there, with less activity
                solution = _solved(family(float(value)), walk.last, tol, seed, 0.0)
        if not _active(solution):
            break
        found.append(solution)
        told(float(value), solution)
    else:
        return Branch(name, asked, tuple(found), "it exists at all values")
    reached, lost = asked[:len(found)], float(asked[len(found)])
    if solution.branch != "quiescent" or walk is None:
        end = Estimate(np.asarray((reached[-1] + lost) / 2), abs(lost - float(reached[-1])) / 2)
        says = f"at {name}={lost:g} {_why(solution)}"
        return Branch(name, reached, tuple(found), says, end)
    return _ended(name, reached, found, lost, walk)


def _family(network: Any, name: str) -> Family:
    """value -> the network with that value of the parameter."""
    fields: list[str] = []
    if dataclasses.is_dataclass(network):
        fields = [field.name for field in dataclasses.fields(network)]
    numbers = [one for one in fields if isinstance(getattr(network, one), float)]
    if name not in numbers:
        reject("name", name, "not a parameter of this network that is a number",
               f"give one of {', '.join(numbers) or 'a network with such fields'}")
    return lambda value: replace(network, **{name: float(value)})


def _values(values: Sequence[float]) -> np.ndarray:
    array = finite_array("values", values, 1)
    if len(array) == 0:
        reject("values", values, "empty", "give the values to visit, in order")
    return array


class _Dying(Exception):
    """Activity falls off: its slow death need not be waited for."""


def _solved(network: AnyNetwork, initial: Solution | None, tol: float, seed: int,
            dying: float) -> Solution:
    """The solution near another one, or the state of rest where activity leaves it."""
    least = dying * float(initial.C_phi[0]) if initial is not None else 0.0

    def watch(iteration: int, residual: float, C: np.ndarray) -> None:
        if C[0] < least:
            raise _Dying

    if not any(one.has_memory for one in network.ensembles):
        return solve(network, strict=False)
    try:
        return solve(network, initial=initial, tol=tol, rng=seed, strict=False, callback=watch)
    except _Dying:
        assert initial is not None
        return replace(initial, network=network, branch="quiescent",
                       convergence=replace(initial.convergence, success=False))


def _active(solution: Solution) -> bool:
    return solution.convergence.success and solution.branch in ("chaotic", "driven")


def _why(solution: Solution) -> str:
    if solution.branch == "quiescent":
        return "activity dies and quiescence is what exists there"
    return solution.convergence.message


@dataclass(frozen=True, eq=False)
class _Walk:
    """Solutions at given amplitudes, one after the other, and why there are no more."""

    points: list[BranchPoint]
    end: Estimate | None
    fold: bool
    stopped: str
    last: Solution  # the one that it came to


def _walk(family: Family, value: float, found: list[Solution], lost: float, seed: int,
          told: Callable) -> _Walk:
    """From the last solution, around a fold if there is one, as far as the branch goes."""
    growing = len(found) > 1 and float(found[-1].C_phi[0]) > float(found[-2].C_phi[0])
    sign = -1.0 if growing else 1.0  # a growing amplitude goes on growing
    way, scale = float(np.sign(lost - value)), max(abs(value), 0.5)
    solution, amplitude = found[-1], float(found[-1].C_phi[0])
    begun = amplitude
    points: list[BranchPoint] = []
    whole: list[float] = []
    groups: list[np.ndarray] = []
    stopped, passed = "it was followed until its amplitude was small", False
    while SMALLEST * begun <= amplitude and len(points) < MOST_POINTS and not passed:
        try:
            point, of_all, of_groups = pinned_solution(family, solution, amplitude, value, scale,
                                                       seed)
        except ConvergenceError as error:
            stopped = f"beyond C_phi(0)={amplitude:.3g} it is not resolved ({error})"
            break
        points.append(point)
        whole.append(of_all)
        groups.append(of_groups)
        solution, value = point.solution, float(point.value)
        told(value, solution)
        passed = bool(way * (value - lost) > 0)
        amplitude -= sign * STEP * begun
    amplitudes = np.array([float(point.solution.C_phi[0]) for point in points])
    end, fold = turning_point(amplitudes, np.array(whole), np.array(groups), way)
    if end is not None and not fold and not 0 <= way * (float(end) - value) <= abs(lost - value):
        end = None  # extrapolated to somewhere else
    return _Walk(points, end, fold, stopped, solution)


def _ended(name: str, reached: np.ndarray, found: list[Solution], lost: float,
           walk: _Walk) -> Branch:
    """The branch with its end, of which the walk tells."""
    end = walk.end
    if end is None:
        end = Estimate(np.asarray((reached[-1] + lost) / 2), abs(lost - float(reached[-1])) / 2)
        how = "no fold was seen"
    elif walk.fold:
        how = f"the branch turns back at a fold, {name}={float(end):.5g}"
    else:
        how = f"its amplitude goes to zero at {name}={float(end):.5g}"
    says = f"activity dies at {name}={lost:g}: {how}; {walk.stopped}"
    return Branch(name, reached, tuple(found), says, end, walk.fold, tuple(walk.points))

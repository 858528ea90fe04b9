"""continue_in: follow a solution along a parameter, around folds, to the end of its branch."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..base.annotations import Seed
from ..base.checks import callable_or_none, finite_array, generator, positive, reject
from ..base.errors import ConvergenceError
from ..base.estimate import Estimate
from ..base.long_call import long_call
from ..base.outcomes import Outcome
from ..network.network import AnyNetwork
from ..network.structure import check_network
from ..sampled.sampling_options import SamplingOptions, check_options
from ..solving import solve
from ..stationary.solution import Solution
from .branch import Branch
from .fixed_amplitude_branch import FixedAmplitudeBranch, follow_at_fixed_amplitude
from .fixed_amplitude_map import Family
from .tuning import BRANCH_LEFT_SHARE


def continue_in(network: AnyNetwork, name: str, values: Sequence[float], *,
                initial: Solution | None = None, tol: float = 2e-3, rng: Seed = None,
                callback: Callable | None = None, progress: bool | None = None,
                options: SamplingOptions | None = None) -> Branch:
    """Follow a solution of a network along one of its parameters.

    Each solve starts from the previous solution. Where the activity decays to zero, or a solve does
    not converge, the branch may have ended at a fold. It is then followed at given amplitude
    C_phi(0), with the parameter as the unknown, around the fold and along the branch that it meets
    there (pseudo-arclength continuation with the amplitude in place of the arclength). The fold is
    the extremum of the parameter.

    Parameters
    ----------
    network : Network
        A frozen network with the field `name`, such as `PlasticNetwork(g=1.3, k=1.4, p=2.5)`.
    name : str
        A parameter that is a number: "g", "k", "p", "noise" ...
    values : sequence of float
        Values of the parameter, in the order in which they are visited.
    initial : Solution, optional
        Start of the first solve; strong activity by default.
    tol : float
        Relative standard error of C_phi(0), as for `dmft.solve`; from 1e-4 to 0.1.
    rng : int, SeedSequence or Generator, optional
        Seed of the noise, the same at every value; 0 by default.
    callback : callable, optional
        callback(value, solution) after each solution.
    progress : bool, optional
        Show a bar on stderr from the first second on; by default in terminals and notebooks only.
    options : SamplingOptions, optional
        Of each solve, as for `dmft.solve`; for couplings with memory only. What follows at given
        amplitude, to find the fold, has its own numbers of paths.

    Returns
    -------
    Branch
        With `.values`, `.solutions`, `.end`, `.fold` and `.points`.

    Raises
    ------
    ModelError
        If `name` is not a numerical parameter of this network, a value is out of its range, or the
        network has several states (populations, driven means).
    ConvergenceError
        If there is no active solution at the first value, where the branch would begin.

    Examples
    --------
    >>> from dmft import PlasticNetwork
    >>> branch = continue_in(PlasticNetwork(2.0, -1.0, 2.5), "k", [-1.0, -0.5], tol=2e-2)
    >>> branch.amplitudes.shape, branch.end is None
    ((2,), True)
    """
    family, requested = _family(network, name), _values(values)
    for value in requested:
        family(value)  # a value out of range is reported before anything is solved
    if initial is not None and not isinstance(initial, Solution):
        reject("initial", initial, "not a Solution",
               "give what dmft.solve returned, or leave it out")
    callable_or_none("callback", callback, "(value, solution)")
    check_options(options, any(_has_memory(family(float(value))) for value in requested))
    tol, seed = positive("tol", tol), int(generator(rng).integers(2**63))
    first = _solved(family(float(requested[0])), initial, tol, seed, options, 0.0)
    if not isinstance(first, Solution):
        reject("network", network, "solved by several states, none of which is followed",
               f"call dmft.solve at each value of {name}: it returns all states there")
    if not _active(first):
        raise ConvergenceError(f"{name}={requested[0]:g}: no active branch to follow: "
                               f"{_why(first)}; begin at a value with an active solution", first)
    with long_call("continue_in", progress, callback) as shown:
        return _followed(family, name, requested, first, tol, seed, options,
                         shown or (lambda value, solution: None))


def _followed(family: Family, name: str, requested: np.ndarray, first: Solution, tol: float,
              seed: int, options: SamplingOptions | None, report: Callable) -> Branch:
    """The branch from its first solution on."""
    report(float(requested[0]), first)
    found = [first]
    tail = None
    for value in requested[1:]:
        solution = _solved(family(float(value)), found[-1], tol, seed, options, BRANCH_LEFT_SHARE)
        if _may_turn(solution):
            tail = follow_at_fixed_amplitude(family, float(requested[len(found) - 1]), found,
                                             float(value), seed, report)
            if not tail.fold:  # the branch may exist there, with another amplitude
                solution = _solved(family(float(value)), tail.last, tol, seed, options, 0.0)
        if not _active(solution):
            break
        found.append(solution)
        report(float(value), solution)
    else:
        return Branch(name, requested, tuple(found), "it exists at all values")
    reached, lost = requested[:len(found)], float(requested[len(found)])
    if tail is None or not (tail.fold or solution.branch == "quiescent"):
        message = f"at {name}={lost:g} {_why(solution)}"
        return Branch(name, reached, tuple(found), message, _midpoint(reached, lost))
    return _ended(name, reached, found, lost, solution, tail)


def _family(network: Any, name: str) -> Family:
    """value -> the network with that value of the parameter."""
    check_network(network)
    fields: list[str] = []
    if dataclasses.is_dataclass(network):
        fields = [field.name for field in dataclasses.fields(network)]
    numbers = [one for one in fields if isinstance(getattr(network, one), float)]
    if name not in numbers:
        reject("name", name, "not a numerical parameter of this network",
               f"give one of {', '.join(numbers)}" if numbers
               else "give a network with a field that is a float")
    return lambda value: replace(network, **{name: float(value)})


def _values(values: Sequence[float]) -> np.ndarray:
    array = finite_array("values", values, 1)
    if len(array) == 0:
        reject("values", values, "empty", "give the values to visit, in order")
    return array


class _BranchLeft(Exception):
    """The activity decays: the slow decay to zero is not awaited."""


def _has_memory(network: AnyNetwork) -> bool:
    return any(one.has_memory for one in network.ensembles)


def _solved(network: AnyNetwork, initial: Solution | None, tol: float, seed: int,
            options: SamplingOptions | None, left_share: float) -> Solution:
    """The solution near `initial`, or a quiescent one where the activity decays.

    The iteration stops where C_phi(0) falls below `left_share` of that of `initial`.
    """
    least = left_share * float(initial.C_phi[0]) if initial is not None else 0.0

    def watch(iteration: int, residual: float, C: np.ndarray) -> None:
        if C[0] < least:
            raise _BranchLeft

    if not _has_memory(network):
        return solve(network, strict=False)
    try:
        return solve(network, initial=initial, tol=tol, rng=seed, strict=False, callback=watch,
                     options=options)
    except _BranchLeft:
        assert initial is not None
        return replace(initial, network=network, branch="quiescent",
                       convergence=replace(initial.convergence, success=False))


def _active(solution: Solution) -> bool:
    return solution.convergence.success and solution.branch in ("chaotic", "driven")


def _may_turn(solution: Solution) -> bool:
    """Whether the branch may have ended at a fold: the activity decayed, or the solve failed.

    Where the correlation time exceeds every window, a fold is not looked for.
    """
    failed = not solution.convergence.success
    return solution.branch == "quiescent" or (
        failed and solution.convergence.outcome is not Outcome.FROZEN)


def _why(solution: Solution) -> str:
    if solution.branch == "quiescent":
        return "the activity decays to zero"
    return solution.convergence.message


def _midpoint(reached: np.ndarray, lost: float) -> Estimate:
    """The end of a branch between the last value with a solution and the next one."""
    return Estimate(np.asarray((reached[-1] + lost) / 2), abs(lost - float(reached[-1])) / 2)


def _ended(name: str, reached: np.ndarray, found: list[Solution], lost: float, last: Solution,
           tail: FixedAmplitudeBranch) -> Branch:
    """The branch with its end, as estimated at fixed amplitudes."""
    end = tail.end
    if end is None:
        end, how = _midpoint(reached, lost), "no fold was detected"
    elif tail.fold:
        how = f"the branch turns back at a fold, {name}={float(end):.5g}"
    else:
        how = f"its amplitude goes to zero at {name}={float(end):.5g}"
    message = f"at {name}={lost:g} {_why(last)}: {how}; {tail.stopped}"
    return Branch(name, reached, tuple(found), message, end, tail.fold, tuple(tail.points))

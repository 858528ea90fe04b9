"""solution_class: the attractor of the currents: fixed point, limit cycle, or kinds of chaos."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..base.annotations import Start
from ..base.array_data import ArrayData
from ..base.checks import reject
from ..grids.times import Times
from ..lyapunov.current_exponent import step_divisor
from ..lyapunov.tuning import SHORTEST_DURATION
from ..network.network import AnyNetwork
from ..network.preparation import Preparation, prepared
from ..network.regional_mean_field import mean_field
from ..network.structure import structure
from ..two_time.march_cost import check_cost
from ..two_time.time_solution import TimeSolution
from .class_evidence import ClassEvidence, class_evidence
from .tuning import EXPONENT_SIGNIFICANCE, NEARBY_START

CLASSES = ("no currents", "fixed point", "limit cycle", "chaos about a limit cycle",
           "chaos about a baseline", "chaos", "driven")


@dataclass(frozen=True, eq=False)
class SolutionClass(ArrayData):
    """The class of a solution of the currents, with the evidence for it.

    Parameters
    ----------
    kind : str
        One of `CLASSES`.
    certain : bool
        Whether the last integration distinguishes it from the other classes, and the one before,
        with twice the step, half the time and a slightly different start, has the same class.
    exponent, exponent_stderr : float
        Largest Lyapunov exponent of the currents and its standard error; NaN where the distance
        of nearby trajectories vanished before it could be measured.
    mean, mean_stderr, amplitude : (R, R) arrays
        Time average of z, its standard error, and the standard deviation of z over time.
    line, frequency : float
        Share of the power of the fluctuations in the largest spectral line, and its frequency in
        cycles per time constant.
    period, period_stderr : float
        Period of a limit cycle, else NaN. The error is mostly that of the time step; for more
        digits use `dmft.period(dmft.solve(network, times=...))`.
    kinds : tuple of str
        The class in each integration; the last one is `kind`.

    Examples
    --------
    >>> import dmft
    >>> network = dmft.MultiregionNetwork(g=0.0, T=[[[2.0]]])
    >>> found = dmft.solution_class(network, currents=[[1.0]], times=dmft.Times(stop=60.0, dt=0.2))
    >>> found.kind, found.certain, found.mean.round(3).tolist()
    ('fixed point', True, [[1.382]])
    """

    kind: str
    certain: bool
    exponent: float
    exponent_stderr: float
    mean: np.ndarray
    mean_stderr: np.ndarray
    amplitude: np.ndarray
    line: float
    frequency: float
    period: float
    period_stderr: float
    kinds: tuple[str, ...] = ()

    def __repr__(self) -> str:
        period = f", period {self.period:.5g}" if np.isfinite(self.period) else ""
        return (f"SolutionClass({self.kind}{'' if self.certain else ', uncertain'}: exponent "
                f"{self.exponent:.2g} +- {self.exponent_stderr:.1g}, largest mean "
                f"{np.max(np.abs(self.mean)):.3g}, largest amplitude "
                f"{np.max(self.amplitude):.3g}, line {self.line:.2f}{period})")


def solution_class(solution: TimeSolution | AnyNetwork, *, times: Times | None = None,
                   currents: Start = None, variance: Start = None) -> SolutionClass:
    """The class of solution that the currents of a network reach, with the evidence for it.

    The currents are integrated on the given grid of times, and again with half the step, over twice
    the time, and from currents that differ by 1e-3 of their size; where the classes differ, once
    more with a quarter of the step. The result is that of the last integration. It is certain only
    if the last two agree, since a discretised network can have a limit cycle where the network is
    chaotic, and a slow transient looks like an attractor. Steps are subdivided where eigenvalues of
    `effective_matrix` are large. (Integrations of second order are used: an extrapolation in the
    step is not a solution where currents are chaotic.) Other starts may lead to other attractors.

    Decided from the second half of each time:

    - "no currents": they end below 1e-3 of their largest size, and do not grow;
    - "fixed point": they fluctuate by less than 1e-3 of their size, without growth; or their
      exponent is negative by three standard errors, and their fluctuation decreases;
    - "driven": an external input changes in time, and the currents follow it, their exponent being
      negative by three standard errors (by one: not certain). With an exponent of zero they have a
      cycle of their own beside the input: "limit cycle", not certain;
    - "limit cycle": they return to the same state (see `dmft.period`), and their exponent is not
      positive;
    - chaos, if the exponent is positive by three standard errors: "chaos about a limit cycle" if
      one sharp line contains more than half of the power (and no input changes); else "chaos about
      a baseline" if the mean of z differs from zero by five standard errors and is above a tenth of
      the amplitude; else "chaos", about zero.

    If the exponent is not positive by three standard errors and the currents do not return, the
    solution is a torus, weak chaos or a long transient, and the class is not certain: "limit cycle"
    if the exponent is negative or a line contains most of the power, else a kind of chaos (Clark &
    Beiran 2025, classes of solutions).

    Parameters
    ----------
    solution : Network or TimeSolution
        A network with currents (a `MultiregionNetwork`, or one with `LowRank` couplings), to be
        started from `currents` and `variance`; or a time-dependent solution, whose network, initial
        state and times are used.
    times : Times, optional
        For a network: grid of times of the first integration, of 32 time constants or longer; 1250
        steps of 0.2 by default.
    currents : (R, R) array, optional
        For a network: filtered currents at t = 0, (P,) for a plain sum of ensembles; required
        without external input.
    variance : float or (R,) array, optional
        For a network: variance of the units at t = 0, as in `dmft.solve`.

    Returns
    -------
    SolutionClass

    Raises
    ------
    ModelError
        For any other argument, a network without currents, a time too short to measure an exponent,
        and one so long that its integration needs more memory than there is.

    Warns
    -----
    CostWarning
        Before an integration of many steps.


    Examples
    --------
    >>> import dmft
    >>> network = dmft.MultiregionNetwork(g=0.0, T=[[[0.5]]])
    >>> dmft.solution_class(network, currents=[[1.0]], times=dmft.Times(stop=40.0, dt=0.2)).kind
    'no currents'
    """
    network, times, start = _network_times_start(solution, times, currents, variance)
    field = mean_field(network)
    longer = Times(2 * times.stop, times.dt)
    parts = step_divisor(field, times.dt)
    check_cost(field, longer, "times", times, factors=(parts, 2 * parts), finest=4 * parts)
    found = [class_evidence(network, times, start)]
    for finer, sign in ((2, 1.0), (4, -1.0)):
        nearby = Preparation(start.z0 * (1 + sign * NEARBY_START), start.v0)
        found.append(class_evidence(network, longer, nearby, finer))
        if found[-1].kind == found[-2].kind:
            break
    return _class_of(found, structure(network).current_shape)


def _class_of(found: list[ClassEvidence], shape: tuple[int, ...]) -> SolutionClass:
    """The class by the last of several integrations; its errors include that of the step."""
    before, last = found[-2:]
    certain = last.certain and last.kind == before.kind
    change = abs(last.exponent - before.exponent)
    error = last.stderr
    if np.isfinite(change) and not change > EXPONENT_SIGNIFICANCE * np.hypot(error, before.stderr):
        error = max(error, change / 3)  # of second order in the step
    elif np.isfinite(change):
        error = max(error, change)
    pattern = last.pattern
    return SolutionClass(
        last.kind, bool(certain), last.exponent, error, pattern.mean.reshape(shape),
        pattern.mean_stderr.reshape(shape), pattern.amplitude.reshape(shape), pattern.line,
        pattern.frequency, last.period, last.period_stderr, tuple(one.kind for one in found))


def _network_times_start(solution, times, currents, variance
                         ) -> tuple[AnyNetwork, Times, Preparation]:
    """What is integrated: the network, its grid of times and its initial state."""
    if isinstance(solution, TimeSolution):
        for name, value in (("times", times), ("currents", currents), ("variance", variance)):
            if value is not None:
                reject(name, value, "given together with a solution, which has its own",
                       "leave it out, or give the network instead of the solution")
        network, times = solution.network, solution.times
        _require_currents(solution, network)
        field, z0 = mean_field(network), solution.z[0].ravel()
        static = field.static(np.concatenate([z0, solution.filtered_input[0]]))
        start = Preparation(z0, np.maximum(solution.variance[0] - static, 0.0))
    elif hasattr(solution, "ensembles") and not isinstance(solution, type):
        _require_currents(solution, solution)
        network, times = solution, Times(250.0, 0.2) if times is None else times
        start = prepared(network, currents, variance)
    else:
        reject("solution", solution, "neither a network nor a solution in time",
               "give a network with currents, such as dmft.MultiregionNetwork(...), or what "
               "dmft.solve(network, times=...) returned")
    if not isinstance(times, Times):
        reject("times", times, "not a grid of times", "give dmft.Times(stop=250, dt=0.2)")
    if times.stop < SHORTEST_DURATION:
        name = "solution" if isinstance(solution, TimeSolution) else "times"
        reject(name, solution if name == "solution" else times,
               f"lasts {times.stop:g} time constants, too short to measure an exponent",
               f"give a stop of {SHORTEST_DURATION:g} time constants or more, preferably 250")
    return network, times, start


def _require_currents(given, network: AnyNetwork) -> None:
    if not structure(network).currents:
        reject("solution", given, "its network has no currents to classify",
               "give a network with low-rank couplings, such as dmft.MultiregionNetwork(...)")

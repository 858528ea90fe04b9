"""solution_class: the attractor of the currents: fixed point, limit cycle, or kinds of chaos."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..averages.two_variances import pair_averages
from ..base.annotations import Start
from ..base.array_data import ArrayData
from ..base.checks import reject
from ..grids.times import Times
from ..lyapunov.current_exponent import separation_rate, step_divisor
from ..lyapunov.tuning import SHORTEST_DURATION
from ..network.preparation import Preparation, prepared
from ..network.regional_mean_field import mean_field
from ..two_time.causal_march import March
from ..two_time.filtered_inputs import filtered_inputs
from ..two_time.time_solution import TimeSolution
from .current_pattern import CurrentPattern, current_pattern
from .multiregion_network import MultiregionNetwork
from .period import Return, first_return
from .tuning import (
    BASELINE_SIGNIFICANCE,
    EXPONENT_SIGNIFICANCE,
    LINE_SHARE,
    MIN_BASELINE_SHARE,
    STATIC_MOTION,
    VANISHED_SIZE,
)

CLASSES = ("no currents", "fixed point", "limit cycle", "chaos about a limit cycle",
           "chaos about a baseline", "chaos")


@dataclass(frozen=True, eq=False)
class SolutionClass(ArrayData):
    """The class of a solution of the currents, with the evidence for it.

    Parameters
    ----------
    kind : str
        One of `CLASSES`.
    certain : bool
        Whether the time was long enough to distinguish it from the other classes.
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

    def __repr__(self) -> str:
        period = f", period {self.period:.5g}" if np.isfinite(self.period) else ""
        return (f"SolutionClass({self.kind}{'' if self.certain else ', uncertain'}: exponent "
                f"{self.exponent:.2g} +- {self.exponent_stderr:.1g}, largest mean "
                f"{np.max(np.abs(self.mean)):.3g}, largest amplitude "
                f"{np.max(self.amplitude):.3g}, line {self.line:.2f}{period})")


def solution_class(solution: TimeSolution | MultiregionNetwork, *, times: Times | None = None,
                   currents: Start = None, variance: Start = None) -> SolutionClass:
    """The class of solution that the currents of a network reach, with the evidence for it.

    Decided from the second half of the time, on the given grid of times, whose steps are subdivided
    where eigenvalues of `effective_matrix` are large. (One integration of second order is used: an
    extrapolation in the step is not a solution where currents are chaotic.)

    - "no currents": they end below 1e-3 of their largest size, and do not grow;
    - "fixed point": they fluctuate by less than 1e-3 of their size, without growth; or their
      exponent is negative by three standard errors, and their fluctuation decreases;
    - "limit cycle": they return to the same state (see `dmft.period`), and their exponent is not
      positive;
    - chaos, if the exponent is positive by three standard errors: "chaos about a limit cycle" if
      one sharp line contains more than half of the power; else "chaos about a baseline" if the mean
      of z differs from zero by five standard errors and is above a tenth of the amplitude; else
      "chaos", about zero.

    If the exponent is not positive by three standard errors and the currents do not return, the
    solution is a torus, weak chaos or a long transient, and the class is not certain: "limit cycle"
    if the exponent is negative or a line contains most of the power, else a kind of chaos (Clark &
    Beiran 2025, classes of solutions).

    Parameters
    ----------
    solution : MultiregionNetwork or TimeSolution
        A network, to be started from `currents` and `variance`; or a time-dependent solution, whose
        network, initial state and times are used.
    times : Times, optional
        For a network: grid of times, of 32 time constants or longer; 2500 steps of 0.2 by default.
    currents : (R, R) array, optional
        For a network: filtered currents at t = 0; required without external input.
    variance : float or (R,) array, optional
        For a network: variance of the units at t = 0, as in `dmft.solve`.

    Returns
    -------
    SolutionClass

    Raises
    ------
    ModelError
        For any other argument, and for a time too short to measure an exponent.

    Examples
    --------
    >>> import dmft
    >>> network = dmft.MultiregionNetwork(g=0.0, T=[[[0.5]]])
    >>> dmft.solution_class(network, currents=[[1.0]], times=dmft.Times(stop=40.0, dt=0.2)).kind
    'no currents'
    """
    network, times, start = _network_times_start(solution, times, currents, variance)
    field = mean_field(network)
    finer = step_divisor(field, times.dt)
    steps, dt = (len(times) - 1) * finer, times.dt / finer
    one = March(field, pair_averages(field.phi), steps, dt, start.z0, start.v0,
                filtered_inputs(field, steps, dt))
    for _ in range(steps // 2):
        one.step()
    rate = separation_rate(one, steps - steps // 2)
    P, late = field.currents, slice(len(times) // 2, None)
    z, S = one.state.y[:P, ::finer].T, one.state.S[:, ::finer].T
    if not np.all(np.isfinite(z)):
        reject("solution", solution, "its currents diverge", "give a smaller g or T, or a phi that "
               "saturates")
    largest = float(np.max(np.sqrt(np.sum(z**2, axis=1))))
    pattern = current_pattern(z[late], times.dt)
    back = first_return(times.t[late], z[late], S[late] - z[late])
    kind, certain = classify(pattern, largest, rate, back)
    shape = network.current_shape
    exponent, error = rate if rate is not None else (np.nan, np.nan)
    period, spread = np.nan, np.nan
    if back is not None and kind == "limit cycle":
        # a second-order scheme shifts the period by (omega dt)^2 / 12 of itself
        step_error = back.period * (2 * np.pi / back.period * dt) ** 2 / 12
        period, spread = back.period, float(np.hypot(back.stderr, step_error))
    return SolutionClass(
        kind, certain, exponent, error, pattern.mean.reshape(shape),
        pattern.mean_stderr.reshape(shape), pattern.amplitude.reshape(shape), pattern.line,
        pattern.frequency, period, spread)


def classify(pattern: CurrentPattern, largest: float, rate: tuple[float, float] | None,
           back: Return | None) -> tuple[str, bool]:
    """(class, whether it is certain) by the criteria of `solution_class`.

    `largest` is the largest size of the currents at any time, `rate` the exponent with its standard
    error, or None if nearby trajectories merged.
    """
    exponent, error = rate if rate is not None else (-np.inf, 0.0)
    size, motion = pattern.sizes[-1], pattern.motions[-1]
    growing = size > 1.1 * pattern.sizes[0]
    if size <= VANISHED_SIZE * largest and not growing:
        return "no currents", True
    if exponent < 0 and size < 0.7 * min(pattern.sizes[0], largest):
        return "no currents", False  # they decay, to zero or to a small fixed point
    if motion <= STATIC_MOTION * size:
        return "fixed point", bool(motion <= 1.1 * pattern.motions[0] or motion <= 1e-8 * size)
    if exponent < -EXPONENT_SIGNIFICANCE * error and motion < 0.5 * pattern.motions[0]:
        return "fixed point", bool(motion < 0.05 * size)
    chaotic = exponent > EXPONENT_SIGNIFICANCE * error
    if back is not None and not chaotic:
        return "limit cycle", True
    if not chaotic and (exponent <= 0 or pattern.line > LINE_SHARE):
        return "limit cycle", False
    if pattern.line > LINE_SHARE:
        return "chaos about a limit cycle", chaotic
    if pattern.baseline > BASELINE_SIGNIFICANCE and pattern.share_of_mean > MIN_BASELINE_SHARE:
        return "chaos about a baseline", chaotic
    return "chaos", bool(chaotic and pattern.baseline < BASELINE_SIGNIFICANCE)


def _network_times_start(solution, times, currents, variance
                         ) -> tuple[MultiregionNetwork, Times, Preparation]:
    """What is integrated: the network, its grid of times and its initial state."""
    if isinstance(solution, TimeSolution) and isinstance(solution.network, MultiregionNetwork):
        for name, value in (("times", times), ("currents", currents), ("variance", variance)):
            if value is not None:
                reject(name, value, "given together with a solution, which has its own",
                       "leave it out, or give the network instead of the solution")
        network, times, field = solution.network, solution.times, mean_field(solution.network)
        z0 = solution.z[0].ravel()
        static = field.static(np.concatenate([z0, solution.filtered_input[0]]))
        start = Preparation(z0, np.maximum(solution.variance[0] - static, 0.0))
    elif isinstance(solution, MultiregionNetwork):
        network, times = solution, Times(500.0, 0.2) if times is None else times
        start = prepared(network, currents, variance)
    else:
        reject("solution", solution, "neither a MultiregionNetwork nor a time-dependent solution "
               "of one", "give one of them")
    if not isinstance(times, Times):
        reject("times", times, "not a grid of times", "give dmft.Times(stop=500, dt=0.2)")
    if times.stop < SHORTEST_DURATION:
        reject("times", times, "too short to measure an exponent",
               f"give a stop of {SHORTEST_DURATION:g} time constants or more, preferably 400")
    return network, times, start

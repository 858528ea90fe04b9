"""solution_class: what becomes of the currents: rest, a limit cycle, or chaos of several kinds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..averages.two_variances import pair_averages
from ..base.array_data import ArrayData
from ..base.checks import reject
from ..grids.times import Times
from ..lyapunov.current_exponent import SHORTEST, parts, separation_rate
from ..network.mean_field import mean_field
from ..network.preparation import Preparation, prepared
from ..two_time.causal_march import March
from ..two_time.filtered_inputs import filtered_inputs
from ..two_time.time_solution import TimeSolution
from .current_pattern import CurrentPattern, current_pattern
from .multiregion_network import MultiregionNetwork
from .period import Return, returning

CLASSES = ("no currents", "fixed point", "limit cycle", "chaos about a limit cycle",
           "chaos about a baseline", "chaos")
VANISHED, STILL = 1e-3, 1e-3  # of the largest size of the currents, of their size
SURE = 3.0  # standard errors by which an exponent differs from zero
LINE = 0.5  # share of the power that makes a line a limit cycle
BASELINE, LEAST_MEAN = 5.0, 0.1  # standard errors, and share of the amplitude, of a mean


@dataclass(frozen=True, eq=False)
class SolutionClass(ArrayData):
    """The class of a solution, with the evidence.

    Parameters
    ----------
    kind : str
        One of `CLASSES`.
    certain : bool
        Whether the time was long enough to tell it from its neighbours.
    exponent, exponent_stderr : float
        Largest Lyapunov exponent of the currents and its standard error; NaN where the distance
        of neighbours vanished before it could be measured.
    mean, mean_stderr, amplitude : (R, R) arrays
        Average of z, its standard error, and its standard deviation.
    line, frequency : float
        Share of the power of the fluctuations in its largest line, and where that is.
    period, period_stderr : float
        Of currents that return; else NaN. The error is mostly that of the step: for more digits,
        `dmft.period(dmft.solve(network, times=...))`.
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


def solution_class(solution, *, times: Times | None = None, currents=None,
                   variance=None) -> SolutionClass:
    """The class of solution that the currents of a network reach, with the evidence.

    Decided from the second half of the time, on the grid of its times, stepped in parts where
    eigenvalues of `effective_matrix` are large (one march of second order: what is extrapolated in
    the step is no solution where currents are chaotic):

    - "no currents": they end below 1e-3 of their largest size, and do not grow;
    - "fixed point": they move by less than 1e-3 of their size, and not more and more; or their
      exponent is negative by three standard errors, and their motion falls;
    - "limit cycle": they come back to the same state (see `dmft.period`), and their exponent is
      not positive;
    - chaos, if the exponent is positive by three standard errors: "chaos about a limit cycle" if
      one sharp line holds more than half of the power; else "chaos about a baseline" if the mean
      of z is not zero by five standard errors, and above a tenth of the amplitude; else "chaos",
      about zero.

    An exponent that is not positive by three standard errors, of currents that do not return, is a
    torus, weak chaos or a long transient: not certain, "limit cycle" if it is negative or a line
    holds the power, else a kind of chaos (Clark & Beiran 2025, classes of solutions).

    Parameters
    ----------
    solution : MultiregionNetwork or TimeSolution
        A network, to be started as given; or a solution, whose network, start and times are used.
    times : Times, optional
        For a network: 2500 steps of 0.2 by default. 32 time constants or longer.
    currents : (R, R) array, optional
        For a network: filtered currents at t = 0; needed without external input.
    variance : float or (R,) array, optional
        For a network: as `dmft.solve` has it.

    Returns
    -------
    SolutionClass

    Raises
    ------
    ModelError
        For anything else, and for a time too short for an exponent.
    """
    network, times, start = _task(solution, times, currents, variance)
    field = mean_field(network)
    finer = parts(field, times.dt)
    steps, dt = (len(times) - 1) * finer, times.dt / finer
    one = March(field, pair_averages(field.phi), steps, dt, start.z0, start.v0,
                filtered_inputs(field, steps, dt))
    for _ in range(steps // 2):
        one.step()
    rate = separation_rate(one, steps - steps // 2)
    P, late = field.currents, slice(len(times) // 2, None)
    z, S = one.state.y[:P, ::finer].T, one.state.S[:, ::finer].T
    if not np.all(np.isfinite(z)):
        reject("solution", solution, "its currents are not finite", "give a smaller g or T, or a "
               "phi that saturates")
    largest = float(np.max(np.sqrt(np.sum(z**2, axis=1))))
    pattern = current_pattern(z[late], times.dt)
    back = returning(times.t[late], z[late], S[late] - z[late])
    kind, certain = decide(pattern, largest, rate, back)
    shape = network.current_shape
    exponent, error = rate if rate is not None else (np.nan, np.nan)
    period, spread = np.nan, np.nan
    if back is not None and kind == "limit cycle":
        # a step of second order puts a period off by (omega dt)^2 / 12 of itself
        step_error = back.period * (2 * np.pi / back.period * dt) ** 2 / 12
        period, spread = back.period, float(np.hypot(back.stderr, step_error))
    return SolutionClass(
        kind, certain, exponent, error, pattern.mean.reshape(shape),
        pattern.mean_stderr.reshape(shape), pattern.amplitude.reshape(shape), pattern.line,
        pattern.frequency, period, spread)


def decide(pattern: CurrentPattern, largest: float, rate: tuple[float, float] | None,
           back: Return | None) -> tuple[str, bool]:
    """(class, whether it is certain) by the criteria of `solution_class`.

    `largest` is the largest size that the currents ever had, `rate` the exponent with its standard
    error, None if neighbours had merged.
    """
    exponent, error = rate if rate is not None else (-np.inf, 0.0)
    size, motion = pattern.sizes[-1], pattern.motions[-1]
    growing = size > 1.1 * pattern.sizes[0]
    if size <= VANISHED * largest and not growing:
        return "no currents", True
    if exponent < 0 and size < 0.7 * min(pattern.sizes[0], largest):
        return "no currents", False  # on the way to nothing, or to a small fixed point
    if motion <= STILL * size:
        return "fixed point", bool(motion <= 1.1 * pattern.motions[0] or motion <= 1e-8 * size)
    if exponent < -SURE * error and motion < 0.5 * pattern.motions[0]:
        return "fixed point", bool(motion < 0.05 * size)
    chaotic = exponent > SURE * error
    if back is not None and not chaotic:
        return "limit cycle", True
    if not chaotic and (exponent <= 0 or pattern.line > LINE):
        return "limit cycle", False
    if pattern.line > LINE:
        return "chaos about a limit cycle", chaotic
    if pattern.baseline > BASELINE and pattern.share_of_mean > LEAST_MEAN:
        return "chaos about a baseline", chaotic
    return "chaos", bool(chaotic and pattern.baseline < BASELINE)


def _task(solution, times, currents, variance) -> tuple[MultiregionNetwork, Times, Preparation]:
    if isinstance(solution, TimeSolution) and isinstance(solution.network, MultiregionNetwork):
        for name, value in (("times", times), ("currents", currents), ("variance", variance)):
            if value is not None:
                reject(name, value, "given beside a solution, which has its own",
                       "leave it out, or give the network")
        network, times, field = solution.network, solution.times, mean_field(solution.network)
        z0 = solution.z[0].ravel()
        static = field.static(np.concatenate([z0, solution.filtered_input[0]]))
        start = Preparation(z0, np.maximum(solution.variance[0] - static, 0.0))
    elif isinstance(solution, MultiregionNetwork):
        network, times = solution, Times(500.0, 0.2) if times is None else times
        start = prepared(network, currents, variance)
    else:
        reject("solution", solution, "neither a MultiregionNetwork nor a solution of one in time",
               "give one of them")
    if not isinstance(times, Times):
        reject("times", times, "not a grid of times", "give dmft.Times(stop=500, dt=0.2)")
    if times.stop < SHORTEST:
        reject("times", times, "too short for an exponent",
               f"end at {SHORTEST:g} time constants or later, better 400")
    return network, times, start

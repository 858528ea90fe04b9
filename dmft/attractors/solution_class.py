"""solution_class: the attractor of the currents: fixed point, limit cycle, or kinds of chaos."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..base.annotations import Start
from ..base.array_data import ArrayData
from ..base.long_call import long_call
from ..grids.times import Times
from ..lyapunov.current_start import network_times_start, require_currents
from ..network.network import AnyNetwork
from ..network.structure import structure
from ..two_time.time_solution import TimeSolution
from .class_evidence import ClassEvidence
from .integrations import confirmed, converged_evidence
from .tuning import (
    CLASS_TIMES,
    EXPONENT_SIGNIFICANCE,
    LEAST_PERIOD_ERROR,
    PERIOD_ERROR_SHARE,
    SAME_PERIOD,
)

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
        Whether the last integration distinguishes it from the other classes, and those before it,
        back to one with twice the step over half the time or less, have the same class.
    exponent, exponent_stderr : float
        Largest Lyapunov exponent of the currents and its standard error; NaN where the distance
        of nearby trajectories vanished before it could be measured.
    mean, mean_stderr, amplitude : (R, R) arrays
        Time average of z, its standard error, and the standard deviation of z over time.
    line, frequency : float
        Largest share of the power of the fluctuations within 5 % of one frequency, and that
        frequency, in cycles per time constant.
    period, period_stderr : float
        Period of a limit cycle, extrapolated in the step, with its standard error, which is at
        least 1e-4 of the period; else NaN. For more digits use
        `dmft.period(dmft.solve(network, times=...))`.
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
                   currents: Start = None, variance: Start = None,
                   progress: bool | None = None) -> SolutionClass:
    """The class of solution that the currents of a network reach, with the evidence for it.

    The currents are integrated on the given grid of times, and again with half the step, over twice
    the time, and from currents that differ by 1e-3 of their size; where the classes differ or are
    not certain, again with a quarter of the step over 4 and over 8 times the time. The class is
    certain only if it no longer changes under such a refinement, since a discretised network can
    have a limit cycle where the network is chaotic, and a slow transient looks like an attractor.
    Steps are subdivided where eigenvalues of `effective_matrix` are large. (Integrations of second
    order are used: an extrapolation in the step is not a solution where currents are chaotic.)
    Other starts may lead to other attractors.

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
      more than half of the power is within 5 % of one frequency (and no input changes); else
      "chaos about a baseline" if the mean of z differs from zero by five standard errors and is
      above a tenth of the amplitude; else "chaos", about zero. The kind of chaos is certain only if
      that share differs from a half by its standard error.

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
    progress : bool, optional
        Show a bar on stderr from the first second on; by default in terminals and notebooks only.

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
    require_currents(solution)
    network, times, start = network_times_start(solution, times, currents, variance,
                                                CLASS_TIMES)
    with long_call("solution_class", progress, None, counts=True) as report:
        found = converged_evidence(network, times, start, _settled, report)
    return class_of(found, structure(network).current_shape)


def _settled(found: list[ClassEvidence]) -> bool:
    return found[-1].certain and confirmed(found, lambda one: one.kind)


def class_of(found: list[ClassEvidence], shape: tuple[int, ...]) -> SolutionClass:
    """The class by the last of several integrations; its errors include that of the step."""
    before, last = found[-2:]
    change = abs(last.exponent - before.exponent)
    error = last.stderr
    if np.isfinite(change) and not change > EXPONENT_SIGNIFICANCE * np.hypot(error, before.stderr):
        error = max(error, change / 3)  # of second order in the step
    elif np.isfinite(change):
        error = max(error, change)
    period, spread = _period(found)
    pattern = last.pattern
    return SolutionClass(
        last.kind, _settled(found), last.exponent, error, pattern.mean.reshape(shape),
        pattern.mean_stderr.reshape(shape), pattern.amplitude.reshape(shape), pattern.line,
        pattern.frequency, period, spread, tuple(one.kind for one in found))


def _period(found: list[ClassEvidence]) -> tuple[float, float]:
    """Period with its error, extrapolated in the step, whose error is of second order."""
    last = found[-1]
    if not np.isfinite(last.period):
        return np.nan, np.nan
    for one in reversed(found[:-1]):
        ratio = (one.dt / last.dt) ** 2
        # another number of loops is another period
        if ratio > 2 and abs(one.period / last.period - 1) < SAME_PERIOD:
            change = (last.period - one.period) / (ratio - 1)
            spread = np.hypot(last.period_stderr, one.period_stderr / (ratio - 1))
            step_error = np.hypot(PERIOD_ERROR_SHARE * change, LEAST_PERIOD_ERROR * last.period)
            return last.period + change, float(np.hypot(spread, step_error))
    share = (2 * np.pi / last.period * last.dt) ** 2 / 12
    step_error = np.hypot(share, LEAST_PERIOD_ERROR) * last.period
    return last.period, float(np.hypot(last.period_stderr, step_error))

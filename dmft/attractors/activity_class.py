"""activity_class: the class of the units' activity in every region, and that of the currents."""

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
from .solution_class import SolutionClass, class_of
from .tuning import CLASS_TIMES


@dataclass(frozen=True, eq=False)
class ActivityClass(ArrayData):
    """The class of the units' activity in every region, with the evidence for it.

    Parameters
    ----------
    kinds : tuple of str
        One of `KINDS` for each region.
    certain : (R,) array of bool
        For each region, whether the last integration distinguishes its class from the others, and
        those before it, back to one with twice the step over half the time, have the same class.
    depth : (R,) array
        1 minus the correlation coefficient of a unit with itself one period of the currents
        earlier, or at the largest lags if they are constant: 0 where units repeat themselves.
        NaN where it has no meaning.
    lag : (m,) array
        Lags, in neuronal time constants.
    correlation : (R, m) array
        Delta(t, t - lag) / sqrt(Delta(t, t) Delta(t - lag, t - lag)) back from the last time t.
    currents : SolutionClass
        The class of the currents, from the same integrations.

    Examples
    --------
    >>> import dmft
    >>> network = dmft.MultiregionNetwork(g=1.5, T=[[[0.5]]])
    >>> found = dmft.activity_class(network, currents=[[1.0]], times=dmft.Times(100.0, 0.2))
    >>> found.kinds, found.certain.tolist(), found.currents.kind
    (('chaos',), [True], 'no currents')
    """

    kinds: tuple[str, ...]
    certain: np.ndarray
    depth: np.ndarray
    lag: np.ndarray
    correlation: np.ndarray
    currents: SolutionClass

    def __repr__(self) -> str:
        rows = ", ".join(kind if sure else f"{kind} (uncertain)"
                         for kind, sure in zip(self.kinds, self.certain, strict=True))
        return f"ActivityClass({rows}; currents: {self.currents.kind})"


def activity_class(solution: TimeSolution | AnyNetwork, *, times: Times | None = None,
                   currents: Start = None, variance: Start = None,
                   progress: bool | None = None) -> ActivityClass:
    """The class of the units' activity in every region of a network, from their two-point function.

    The class of a region is read off its normalised two-point function

        c(lag) = Delta(t, t - lag) / sqrt(Delta(t, t) Delta(t - lag, t - lag)),

    which is 1 where the units return to the same state, together with the class of the currents
    (Clark & Beiran 2025, classes of solutions). Theory in time is integrated as for
    `dmft.solution_class`: the step is halved and the time doubled until classes no longer change;
    rows of Delta are kept long enough to hold the period of slow cycles.

    - "no activity": the variance of the units decays to zero;
    - "fixed point": the currents into the region are constant and c stays at 1;
    - "chaos about a fixed point": they are constant and c falls to a plateau;
    - "limit cycle": they are periodic and c returns to 1 after each period;
    - "chaos about a limit cycle": they are periodic, and c after a period is below 1;
    - "chaos": no currents reach the region, and c decays;
    - "chaotic currents": the currents themselves are chaotic;
    - "driven": the currents follow an external input that changes in time.

    c counts as 1 within 1e-3; between 1e-3 and 1e-2 below it, or where it still approaches 1 in the
    last half of the time, the class of the region is not certain. Units of a region with constant
    currents can be quiet while other regions are chaotic, and a region whose disorder is strong
    enough can lose its currents: classes differ between regions. The published map of classes is
    that of the units: `dmft.random_activity_class`.

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
    ActivityClass

    Raises
    ------
    ModelError
        As `dmft.solution_class`.

    Warns
    -----
    CostWarning
        Before an integration of many steps.

    Examples
    --------
    >>> import dmft
    >>> network = dmft.MultiregionNetwork(g=[0.5, 1.9], T=[[[2.0, 0], [0, 0]], [[0, 0], [0, 2.0]]])
    >>> start = {"currents": [[1.0, 0.0], [0.0, 1.0]], "times": dmft.Times(100.0, 0.2)}
    >>> dmft.activity_class(network, **start).kinds
    ('fixed point', 'chaos about a fixed point')
    """
    require_currents(solution)
    network, times, start = network_times_start(solution, times, currents, variance,
                                                CLASS_TIMES)
    with long_call("activity_class", progress, None, counts=True) as report:
        found = converged_evidence(network, times, start,
                                   lambda found: bool(_certain(found).all()), report)
    last = found[-1].units
    return ActivityClass(last.kinds, _certain(found), last.depth, last.lag,
                         last.correlation, class_of(found, structure(network).current_shape))


def _certain(found: list[ClassEvidence]) -> np.ndarray:
    """(R,) whether the class of each region is certain, and that of the currents on which it rests.
    """
    last = found[-1]
    rest = confirmed(found, lambda one: one.kind) and last.certain

    def of_region(region: int) -> bool:
        return confirmed(found, lambda one: one.units.kinds[region])

    return np.array([rest and bool(sure) and of_region(region)
                     for region, sure in enumerate(last.units.certain)])

"""Preparation: a schedule of couplings that selects one of several stationary states."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dmft.base.checks import finite_array, nonnegative, positive, reject, whole

from ..couplings.loadings import Loadings
from ..couplings.operators import Operator, Sum, matrix_of

Schedule = tuple[tuple[float, float], ...]  # (factor, duration) pairs


def ramp(start: float, stages: int, *, first: float = 60.0, each: float = 30.0) -> Schedule:
    """A schedule that starts at stronger couplings and approaches the network's own, in stages.

    It is the argument `prepare` of `simulate` and similar functions. Active states that coexist
    with the quiescent state, such as Hebbian-induced chaos at g < 1, are not reached from small or
    unstructured initial states. They are reached by continuation from parameters at which the
    active state is the only one (Clark & Abbott 2024, the Hebbian-induced chaos).

    Parameters
    ----------
    start : float
        Factor of the random couplings in the first stage, 0 or above; 1 is the network itself.
    stages : int
        Number of stages, 1 or above, before the factor is 1.
    first, each : float
        Duration of the first stage and of every other, in neuronal time constants, above 0.

    Returns
    -------
    tuple of (factor, duration) pairs
        The factors are equally spaced.

    Raises
    ------
    ModelError
        For an argument outside its range.

    Examples
    --------
    >>> ramp(1.5, 2)
    ((1.5, 60.0), (1.25, 30.0))
    """
    start, stages = nonnegative("start", start), whole("stages", stages)
    first, each = positive("first", first), positive("each", each)
    factors = np.linspace(start, 1.0, stages + 1)[:-1]
    return tuple((float(factor), each if k else first) for k, factor in enumerate(factors))


def checked_schedule(prepare) -> Schedule:
    """A checked schedule; empty for None."""
    if prepare is None:
        return ()
    pairs = finite_array("prepare", prepare)
    if pairs.ndim != 2 or pairs.shape[1] != 2:
        reject("prepare", prepare, "not (factor, duration) pairs", "give them, or ramp(1.5, 3)")
    if np.any(pairs < 0):
        reject("prepare", prepare, "negative factor or duration", "give 0 or above")
    return tuple((float(factor), float(duration)) for factor, duration in pairs)


def schedule_duration(schedule: Schedule) -> float:
    """Total duration of a schedule."""
    return sum(duration for _, duration in schedule)


class ScheduledCouplings:
    """Fixed couplings times a factor that changes from stage to stage, and is 1 after the last."""

    memoryless = False

    def __init__(self, couplings: Operator, schedule: Schedule):
        self.couplings, self.schedule = couplings, schedule
        self.ends = np.cumsum([duration for _, duration in schedule])
        self.time = 0.0

    @property
    def factor(self) -> float:
        stage = int(np.searchsorted(self.ends, self.time + 1e-9, side="right"))
        return self.schedule[stage][0] if stage < len(self.schedule) else 1.0

    def apply(self, phi: np.ndarray) -> np.ndarray:
        currents = self.couplings.apply(phi)
        if self.factor != 1:
            currents *= np.asarray(self.factor, currents.dtype)
        return currents

    def advance(self, phi: np.ndarray, dt: float) -> None:
        self.time += dt

    def tangent(self) -> ScheduledCouplings:
        return ScheduledCouplings(self.couplings, self.schedule)

    def rescale(self, factor: np.ndarray) -> None:
        """The state is the time alone, which is not rescaled."""

    def matrix_of(self, phi: np.ndarray, trajectory: int) -> np.ndarray:
        return np.asarray(self.factor, phi.dtype) * matrix_of(self.couplings, phi, trajectory)


def scheduled(couplings: Operator, schedule: Schedule) -> Operator:
    """Couplings whose fixed random part follows a schedule.

    Plastic and low-rank parts are not changed.
    """
    if not schedule:
        return couplings
    if isinstance(couplings, Sum):
        terms = tuple(scheduled(term, schedule) for term in couplings.terms)
        return replace(couplings, terms=terms)
    if couplings.memoryless and not isinstance(couplings, Loadings):
        return ScheduledCouplings(couplings, schedule)
    return couplings

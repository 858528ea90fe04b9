"""Preparation: where a network of several stationary states is led to before it is looked at."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dmft.base.checks import finite_array, nonnegative, positive, reject, whole

from ..couplings.loadings import Loadings
from ..couplings.operators import Operator, Sum, matrix_of

Schedule = tuple[tuple[float, float], ...]  # (factor, duration) pairs


def ramp(start: float, stages: int, *, first: float = 60.0, each: float = 30.0) -> Schedule:
    """A schedule that leads activity down from stronger couplings, in equal stages.

    To be given as `prepare` to `simulate` and its like. Activity that coexists with quiescence,
    as Hebbian chaos at g < 1, is not reached from small or unstructured states; it is found by
    following it from where it is the only one (Clark & Abbott 2024, the Hebbian-induced chaos).

    Parameters
    ----------
    start : float
        Factor of the random couplings in the first stage; the network's own strength is 1.
    stages : int
        Number of stages before that strength is reached.
    first, each : float
        Duration of the first stage and of every other, in neuronal time constants.

    Returns
    -------
    tuple of (factor, duration) pairs

    Examples
    --------
    >>> ramp(1.5, 2)
    ((1.5, 60.0), (1.25, 30.0))
    """
    start, stages = nonnegative("start", start), whole("stages", stages)
    first, each = positive("first", first), positive("each", each)
    factors = np.linspace(start, 1.0, stages + 1)[:-1]
    return tuple((float(factor), each if k else first) for k, factor in enumerate(factors))


def schedule_of(prepare) -> Schedule:
    """A checked schedule; empty for None."""
    if prepare is None:
        return ()
    pairs = finite_array("prepare", prepare)
    if pairs.ndim != 2 or pairs.shape[1] != 2:
        reject("prepare", prepare, "not (factor, duration) pairs", "give them, or ramp(1.5, 3)")
    if np.any(pairs < 0):
        reject("prepare", prepare, "negative factor or duration", "give 0 or above")
    return tuple((float(factor), float(duration)) for factor, duration in pairs)


def duration_of(schedule: Schedule) -> float:
    """Time that a schedule takes."""
    return sum(duration for _, duration in schedule)


class Staged:
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

    def tangent(self) -> Staged:
        return Staged(self.couplings, self.schedule)

    def rescale(self, factor: np.ndarray) -> None:
        """The state is a clock: nothing to rescale."""

    def matrix_of(self, phi: np.ndarray, trajectory: int) -> np.ndarray:
        return np.asarray(self.factor, phi.dtype) * matrix_of(self.couplings, phi, trajectory)


def staged(couplings: Operator, schedule: Schedule) -> Operator:
    """Couplings of which the random, fixed part follows a schedule.

    What is plastic or structured stays as it is.
    """
    if not schedule:
        return couplings
    if isinstance(couplings, Sum):
        return replace(couplings, terms=tuple(staged(term, schedule) for term in couplings.terms))
    if couplings.memoryless and not isinstance(couplings, Loadings):
        return Staged(couplings, schedule)
    return couplings

"""Schedule: what changes in time: plasticity halted and released, ramps of couplings, a drive."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from ..base import checks

Stages = tuple[tuple[float, float], ...]
InTime = float | Stages | Callable[[float], float]


@dataclass(frozen=True)
class Schedule:
    """Changes of a network in time, for `dmft.solve(network, times=..., schedule=...)`.

    The couplings at time t are couplings(t) J + A(t), J without its means, which stay as they are,
    and (1 + p d/dt) A_ij = plasticity(t) (k/N) phi_i phi_j except from each halt to the next
    release, where A is constant. Every unit has the further input drive(t).

    Parameters
    ----------
    halt : float or sequence of float
        Times at which plasticity is halted, above 0.
    release : float or sequence of float
        Times at which it is released; halts and releases alternate, beginning with a halt.
    couplings : float, callable, or sequence of (factor, duration) pairs
        Factor of the random couplings: a number, a function of time, or stages after which it is 1,
        such as `dmft.validation.ramp(1.5, 3)`.
    plasticity : float, callable, or sequence of (factor, duration) pairs
        Factor of the strength k with which the synapses are driven. Functions of time are smooth:
        write jumps as stages.
    drive : float, callable, or sequence of (value, duration) pairs
        Input that all units have in common; after the stages it is 0.

    Raises
    ------
    ModelError
        For halts and releases that do not alternate, or values that are not finite.

    Examples
    --------
    >>> schedule = Schedule(halt=20.0, release=40.0)
    >>> schedule.plastic(19.9), schedule.plastic(20.1), schedule.plastic(40.1)
    (True, False, True)
    """

    halt: tuple[float, ...] = ()
    release: tuple[float, ...] = ()
    couplings: InTime = 1.0
    plasticity: InTime = 1.0
    drive: InTime = 0.0

    def __init__(self, halt: float | Sequence[float] = (), release: float | Sequence[float] = (),
                 couplings: Any = 1.0, plasticity: Any = 1.0, drive: Any = 0.0):
        for name, value in (("halt", halt), ("release", release)):
            object.__setattr__(self, name, _ascending(name, value))
        for name, given in (("couplings", couplings), ("plasticity", plasticity),
                            ("drive", drive)):
            object.__setattr__(self, name, _in_time(name, given))
        events = sorted([(time, "halt") for time in self.halt]
                        + [(time, "release") for time in self.release])
        wanted = ["halt", "release"] * len(events)
        distinct = len({time for time, _ in events}) == len(events)
        if not distinct or [kind for _, kind in events] != wanted[:len(events)]:
            checks.reject("release", self.release, f"does not alternate with halt={self.halt}",
                          "give a release after each halt but the last, which may have one")

    @property
    def constant(self) -> bool:
        """Whether nothing changes."""
        return (not self.halt and self.couplings == 1.0 and self.plasticity == 1.0
                and self.drive == 0.0)

    @property
    def events(self) -> tuple[float, ...]:
        """Times at which inputs are not smooth: halts, releases, ends of stages."""
        stages = [one for name in ("couplings", "plasticity", "drive")
                  for one in [getattr(self, name)] if isinstance(one, tuple)]
        ends = [float(end) for one in stages for end in np.cumsum([last for _, last in one])]
        return tuple(sorted({*self.halt, *self.release, *ends}))

    def after(self, lead: float) -> Schedule:
        """The same changes, later by a time during which nothing changes."""
        if lead == 0:
            return self
        parts: dict[str, Any] = {}
        for name in ("couplings", "plasticity", "drive"):
            own, idle = getattr(self, name), 0.0 if name == "drive" else 1.0
            if callable(own):
                parts[name] = partial(_later, own, lead, idle)
            elif isinstance(own, tuple):
                parts[name] = ((idle, lead), *own)
            elif own != idle:
                parts[name] = partial(_later, own, lead, idle)
        return Schedule([lead + t for t in self.halt], [lead + t for t in self.release], **parts)

    def plastic(self, t: float) -> bool:
        """Whether plasticity acts at time t."""
        return sum(time <= t for time in self.halt) == sum(time <= t for time in self.release)

    def value(self, name: str, t: float) -> float:
        """The factor `couplings` or `plasticity`, or the `drive`, at time t.

        Raises
        ------
        ModelError
            If a function of time fails or returns no finite number.
        """
        own = getattr(self, name)
        if callable(own):
            try:
                return checks.finite(name, own(t))
            except Exception as error:
                checks.reject(name, own, f"fails at t={t:g} ({error})",
                              "give a function of one time that returns a finite number")
        if isinstance(own, tuple):
            ends = np.cumsum([duration for _, duration in own])
            stage = int(np.searchsorted(ends, t + 1e-9, side="right"))
            return own[stage][0] if stage < len(own) else (0.0 if name == "drive" else 1.0)
        return own


def check_schedule(schedule: Any, in_time: bool) -> None:
    """Refuse a schedule of another type, or one of a stationary solve."""
    if schedule is None:
        return
    if not isinstance(schedule, Schedule):
        checks.reject("schedule", schedule, "not a Schedule",
                      "give dmft.Schedule(halt=20.0, release=40.0)")
    if not in_time:
        checks.reject("schedule", schedule, "for solves in time only",
                      "give times=dmft.Times(stop, dt) too")


def _ascending(name: str, value: Any) -> tuple[float, ...]:
    times = [value] if np.ndim(value) == 0 else list(value)
    times = [checks.positive(name, time) for time in times]
    if times != sorted(set(times)):
        checks.reject(name, value, "not increasing", "give increasing times")
    return tuple(times)


def _later(own: float | Callable[[float], float], lead: float, idle: float, t: float) -> float:
    if t < lead - 1e-9:
        return idle
    return own(max(t - lead, 0.0)) if callable(own) else own


def _in_time(name: str, value: Any) -> InTime:
    if callable(value):
        return value
    if np.ndim(value) == 0:
        return checks.finite(name, value)
    pairs = checks.finite_array(name, value)
    if pairs.ndim != 2 or pairs.shape[1] != 2 or np.any(pairs[:, 1] < 0):
        checks.reject(name, value, "not (value, duration) pairs",
                      "give a number, a function of time, or pairs with durations of 0 or above")
    return tuple((float(a), float(b)) for a, b in pairs)


NOTHING = Schedule()

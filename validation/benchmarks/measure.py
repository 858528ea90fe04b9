"""Measurement of processor times, and the rows of the table of benchmarks."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Row:
    """One line of the table of benchmarks.

    Parameters
    ----------
    name : str
        Short name.
    says : str
        What is compared.
    baseline, ours : str
        Measured values of the plain script (or another reference), and of dmft.
    value : float
        The result, in `unit`.
    unit : str
        Unit of `value`, in words that follow a number: "times faster".
    how : str
        How the values were measured and combined.
    least, most : float, optional
        Target: `value` should be at least or at most this.
    """

    name: str
    says: str
    baseline: str
    ours: str
    value: float
    unit: str
    how: str
    least: float | None = None
    most: float | None = None

    @property
    def target(self) -> str:
        """The target in words; empty without a target."""
        if self.least is not None:
            return f"at least {self.least:g}"
        return f"at most {self.most:g}" if self.most is not None else ""

    @property
    def met(self) -> bool | None:
        """Whether the target was met; None without a target."""
        if self.least is not None:
            return self.value >= self.least
        return self.value <= self.most if self.most is not None else None

    def __str__(self) -> str:
        verdict = {None: "", True: f"  [{self.target}: met]", False: f"  [{self.target}: MISSED]"}
        return (f"{self.name:24} {self.value:.3g} {self.unit}{verdict[self.met]}\n"
                f"    {self.says}: {self.baseline} | dmft: {self.ours}")


def cpu_seconds(function: Callable[[], Any], repeats: int = 5) -> float:
    """Median processor time of a call, after one uncounted call (for repeats=1, of a single call).

    Processor time, not wall-clock time: other programs on the machine have little influence.
    """
    times = [_once(function) for _ in range(repeats + (repeats > 1))]
    return median(times[1:] or times)


def per_step(functions: Sequence[Callable[[int], Any]], steps: Sequence[tuple[int, int]],
             repeats: int = 7) -> list[float]:
    """Processor time of one step of each function(steps), without its preparation.

    For each function the time of a run with few steps is subtracted from that of a run with many.
    All functions alternate, so that fluctuations of the machine's load affect all equally; medians
    over the turns.
    """
    times: list[list[float]] = [[] for _ in functions]
    for turn in range(repeats + 1):
        for function, (few, many), found in zip(functions, steps, times, strict=True):
            short, long = (_once(partial(function, n)) for n in (few, many))
            if turn > 0:  # the first turn is not counted
                found.append((long - short) / (many - few))
    return [median(found) for found in times]


def _once(function: Callable[[], Any]) -> float:
    start = time.process_time()
    function()
    return time.process_time() - start


def timing(seconds: float) -> str:
    """A time with its unit, three digits."""
    for scale, unit in ((1.0, "s"), (1e-3, "ms")):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds * 1e6:.3g} µs"

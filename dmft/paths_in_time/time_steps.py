"""Steps in time: a grid that is fine after each event, and weights of multistep schemes on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from .tuning import FINER_STEPS

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)


@dataclass(frozen=True, eq=False)
class TimeSteps:
    """Times of a march, and where its multistep schemes begin anew.

    Parameters
    ----------
    t : (n,) array
        Times from 0 on.
    begins : (n,) array of bool
        Whether inputs are not smooth at a time: 0, and the times of events. The steps after it are
        short, so that the first ones, of lower order, do not limit the accuracy.
    recorded : (m,) array of int
        Indices of the times of the uniform grid.
    """

    t: np.ndarray
    begins: np.ndarray
    recorded: np.ndarray

    @classmethod
    def of(cls, stop: float, steps: int, events: tuple[float, ...]) -> TimeSteps:
        """`steps` uniform steps to `stop`, and short ones after 0 and after each event."""
        grid = np.linspace(0.0, stop, steps + 1)
        near = 1e-9 * stop
        inside = [time for time in events if 0 < time < stop - near]
        coarse = [*grid]
        for time in inside:
            if np.min(np.abs(grid - time)) > near:
                coarse.append(time)
        coarse.sort()
        starts = [0.0, *inside]
        t, begins = [0.0], [True]
        for first, last in pairwise(coarse):
            event = any(abs(first - time) <= near for time in starts)
            inner = [first + share * (last - first) for share in FINER_STEPS] if event else []
            t += [*inner, last]
            begins += [False] * len(inner)
            begins.append(any(abs(last - time) <= near for time in starts))
        times = np.array(t)
        recorded = np.searchsorted(times, grid - near)
        return cls(times, np.array(begins), recorded)

    def __len__(self) -> int:
        return len(self.t)

    def offsets(self, k: int, most: int) -> tuple[float, ...]:
        """Times t_k, t_(k-1), ... relative to t_k, at most `most` and not before the last begin."""
        found = [0.0]
        while len(found) < most and not self.begins[k - len(found) + 1]:
            found.append(float(self.t[k - len(found)] - self.t[k]))
        return tuple(round(one, 12) for one in found)

    def implicit(self, k: int, rate: float) -> tuple[float, tuple[float, ...]]:
        """Decay, and weights of the values at t_k, t_(k-1), ..., of a filter's step that ends at
        t_k.

        The filter is (d/dt + rate) f = value: exponential Adams-Moulton of third order.
        """
        step = round(float(self.t[k] - self.t[k - 1]), 12)
        return (float(np.exp(-rate * step)),
                weights(step, (step, *self.offsets(k - 1, 2)), rate))


@lru_cache(maxsize=4096)
def weights(step: float, offsets: tuple[float, ...], rate: float) -> tuple[float, ...]:
    """Integrals over a step of exp(-rate (step - s)) times the Lagrange polynomials of the offsets.

    Offsets are relative to the start of the step.
    """
    s = step * (1 + _NODES) / 2
    kernel = step / 2 * _WEIGHTS * np.exp(-rate * (step - s))
    return tuple(float(one) for one in lagrange(offsets, s) @ kernel)


def lagrange(offsets: tuple[float, ...], s: np.ndarray) -> np.ndarray:
    """(m, n) polynomials that are 1 at one of m offsets and 0 at the others, at n points."""
    out = np.ones((len(offsets), len(s)))
    for i, own in enumerate(offsets):
        for one in offsets:
            if one != own:
                out[i] *= (s - one) / (own - one)
    return out

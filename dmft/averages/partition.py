"""A partition of the line on whose intervals phi' is a polynomial; undeclared kinks."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NoReturn

import numpy as np
from scipy import fft

from ..base.checks import reject
from ..network.nonlinearity import Nonlinearity
from .tuning import (
    CORNER_SHARE,
    CORNER_STEPS,
    FIRST_EDGES,
    INTERVAL_NODES,
    INTERVAL_TAIL,
    KINK_SHARE,
    MOST_INTERVALS,
    MOST_MERGES,
    NARROWEST_INTERVAL,
    UNEVEN_HALF,
)

# Both ends of an interval are nodes, so that no kink lies beyond the last one; they are taken from
# inside, since phi' may jump at the ends.
_NODES = (1 + (1 - 1e-10) * np.polynomial.chebyshev.chebpts2(INTERVAL_NODES)) / 2


def partition(phi: Nonlinearity, reach: float) -> np.ndarray:
    """Edges of intervals, from below -reach to above reach, on each of which phi' is smooth.

    Intervals are halved until a polynomial of degree 16 represents phi' to 1e-12. They end at the
    break-points `phi.kinks`, and become narrow where phi' is steep.

    Raises
    ------
    ModelError
        If phi has a kink that `phi.kinks` does not name.
    """
    return _partition(phi, 2.0 ** np.ceil(np.log2(max(reach, 16.0))))


@lru_cache(maxsize=64)
def _partition(phi: Nonlinearity, reach: float) -> np.ndarray:
    inside = [b for b in phi.kinks if abs(b) < reach]
    far = FIRST_EDGES[-1] * 2.0 ** np.arange(1, max(1, np.ceil(np.log2(reach / FIRST_EDGES[-1]))))
    first = np.concatenate([FIRST_EDGES, far])
    edges = np.unique(np.concatenate([[-reach, reach], first, -1.0237 * first, inside]))
    edges = edges[np.abs(edges) <= reach]
    scale = _largest_within(phi, reach)
    with np.errstate(all="ignore"):
        found = _merged(phi, _halved(phi, edges, scale), scale)
    found.flags.writeable = False
    return found


def _halved(phi: Nonlinearity, edges: np.ndarray, scale: Callable) -> np.ndarray:
    """The edges, with intervals halved until phi' is a polynomial on each."""
    low, high, finished, total = edges[:-1], edges[1:], [edges], len(edges)
    while low.size and total < MOST_INTERVALS:
        coarse = _is_coarse(phi, low, high, scale)
        narrow = high - low < NARROWEST_INTERVAL * np.maximum(1.0, np.abs(low))
        for place in ((low + high) / 2)[coarse & narrow]:
            if _is_kink(phi, float(place), float(scale(np.array([abs(place) + 1.0]))[0])):
                _reject_kink(phi, float(place))
        halved = coarse & ~narrow
        low, high = low[halved], high[halved]
        middle = low + UNEVEN_HALF * (high - low)
        finished.append(middle)
        low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
        total += len(middle)
    return np.unique(np.concatenate(finished))


def _merged(phi: Nonlinearity, edges: np.ndarray, scale: Callable) -> np.ndarray:
    """Fewer edges: neighbouring intervals are joined in pairs where one polynomial is enough.

    The first intervals are narrow so that no kink or peak is overlooked; averages need fewer.
    """
    kept = np.isin(edges, phi.kinks)
    for _ in range(MOST_MERGES):
        middle = np.arange(1, len(edges) - 1)
        free = middle[~kept[middle] & ~_is_coarse(phi, edges[:-2], edges[2:], scale)]
        chosen: list[int] = []  # edges to remove, no two of them adjacent
        for i in free:
            if not chosen or i > chosen[-1] + 1:
                chosen.append(int(i))
        if not chosen:
            break
        edges, kept = np.delete(edges, chosen), np.delete(kept, chosen)
    return edges


def _is_coarse(phi: Nonlinearity, low: np.ndarray, high: np.ndarray,
               scale: Callable) -> np.ndarray:
    """Whether phi' on the intervals needs polynomials of a higher degree."""
    values = np.asarray(phi.derivative(low[:, None] + (high - low)[:, None] * _NODES), dtype=float)
    tail = np.max(np.abs(fft.dct(values, type=1, axis=1)[:, -4:-1]), axis=1) / (INTERVAL_NODES - 1)
    outer = np.maximum(np.abs(low), np.abs(high))
    limit = INTERVAL_TAIL * np.maximum(np.max(np.abs(values), axis=1), scale(outer))
    # Where phi' is not finite on a part, the end of that part is resolved, and nothing is joined
    # across it.
    finite = np.isfinite(values)
    return np.where(np.all(finite, axis=1), tail > limit, np.any(finite, axis=1))


def _largest_within(phi: Nonlinearity, reach: float):
    """A function of x: the largest |phi'| between -x and x. Rounding is relative to it."""
    x = np.concatenate([np.linspace(0.0037, 4, 201), np.geomspace(4.01, max(reach, 5.0), 400)])
    with np.errstate(all="ignore"):
        size = np.maximum(np.abs(phi.derivative(x)), np.abs(phi.derivative(-x)))
    largest = np.maximum.accumulate(np.where(np.isfinite(size), size, 0.0)) + 1e-300
    return lambda outer: largest[np.searchsorted(x, np.minimum(outer, x[-1]))]


def _is_kink(phi: Nonlinearity, place: float, scale: float) -> bool:
    """Whether phi' jumps or has a corner there; otherwise it is only steep, or not accurate."""
    unit = max(1.0, abs(place))
    bends = []
    for step in CORNER_STEPS:
        # Differences of phi itself: phi' may lose digits at a removable 0/0.
        steps = np.array([-3.0, -2.0, -1.0, 1.0, 2.0, 3.0])
        at = np.asarray(phi(place + unit * step * steps), dtype=float)
        slope = np.delete(np.diff(at), 2) / (unit * step)
        if step == CORNER_STEPS[-1] and abs(slope[2] - slope[1]) > KINK_SHARE * scale:
            return True
        bends.append(abs((slope[3] - slope[2]) - (slope[1] - slope[0])) / (unit * step))
    return bends[1] > KINK_SHARE * scale and bends[1] > CORNER_SHARE * bends[0]


def _reject_kink(phi: Nonlinearity, place: float) -> NoReturn:
    shown = 0.0 if abs(place) < 1e-6 else place
    reject("phi", phi, f"has a kink at x = {shown:.6g}, across which quadrature is not accurate",
           f"give every break-point: Nonlinearity(..., kinks=({shown:.6g}, ...)), or build phi "
           "from sympy's Piecewise, Max, Min or Abs with Nonlinearity.from_sympy")

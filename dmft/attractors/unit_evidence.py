"""UnitEvidence: the class of the units' activity in each region, from their two-point function."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..network.regional_mean_field import MeanField
from .tuning import (
    COHERENT_DEPTH,
    DECAY_TREND,
    INCOHERENT_DEPTH,
    STATIC_MOTION,
    VANISHED_POWER,
    VANISHED_SIZE,
)
from .unit_correlation import UnitCorrelation

KINDS = ("no activity", "fixed point", "chaos about a fixed point", "limit cycle",
         "chaos about a limit cycle", "chaos", "chaotic currents", "driven")


@dataclass(frozen=True, eq=False)
class UnitEvidence:
    """What one integration shows of the units of each region.

    Parameters
    ----------
    kinds : tuple of str
        The class of each region.
    certain : (R,) array of bool
        Whether this integration alone distinguishes it from the others.
    depth : (R,) array
        1 minus the correlation coefficient at the period of the currents, the largest in one
        period, or at large lags if they are constant.
    lag, correlation : (m,), (R, m) arrays
        The normalised two-point function back from the last time.
    """

    kinds: tuple[str, ...]
    certain: np.ndarray
    depth: np.ndarray
    lag: np.ndarray
    correlation: np.ndarray


@dataclass(frozen=True, eq=False)
class RegionMotion:
    """Activity of each region in the second half of the time.

    Parameters
    ----------
    power, motion : (R,) arrays
        Mean contribution of currents and inputs to the variance of a region, and that of their
        deviation from their mean.
    variance, spread : (R,) arrays
        Mean variance of a region, and its standard deviation in time.
    last, largest : (R,) arrays
        Variance of a region at the end, and the largest at any time.
    trend : (R,) array
        Variance in the last eighth of the time, over that in the eighth before.
    """

    power: np.ndarray
    motion: np.ndarray
    variance: np.ndarray
    spread: np.ndarray
    last: np.ndarray
    largest: np.ndarray
    trend: np.ndarray


def region_motion(field: MeanField, y: np.ndarray, variance: np.ndarray) -> RegionMotion:
    """The motion of each region from y (Q, n) and variances (R, n) at all times."""
    half, eighth = y.shape[1] // 2, max(1, y.shape[1] // 8)
    late, widths = y[:, half:], variance[:, half:]

    def power(one: np.ndarray) -> np.ndarray:
        return field.onto @ np.mean((field.covariance @ one) * one, axis=1)

    last, before = widths[:, -eighth:], widths[:, -2 * eighth:-eighth]
    trend = last.mean(axis=1) / np.maximum(before.mean(axis=1), 1e-300)
    return RegionMotion(power(late), power(late - late.mean(axis=1, keepdims=True)),
                        widths.mean(axis=1), widths.std(axis=1), variance[:, -1],
                        variance.max(axis=1), trend)


def unit_evidence(kind: str, period: float, motion: RegionMotion, seen: UnitCorrelation,
                  bias: float) -> UnitEvidence:
    """Classes of the units, given that of the currents and their period.

    Where the depth still falls in the recorded times, units approach a state in which they repeat
    themselves.
    """
    R = len(motion.power)
    known = np.ones(R, dtype=bool)
    moves = ((motion.motion > STATIC_MOTION**2 * motion.variance)
             | (motion.spread > STATIC_MOTION * motion.variance))
    rest = ~moves | (kind in ("no currents", "fixed point"))
    before, depth = seen.depth_at_large_lags()
    if not rest.all():
        known[~rest] = inside = bool(period <= seen.window)
        moving = seen.depth_at(period) if inside else seen.depth_of_revival()
        before, depth = (np.where(rest, one, other)
                         for one, other in zip((before, depth), moving, strict=True))
    powered = (motion.power > VANISHED_POWER * motion.variance) & (kind != "no currents")
    kinds, certain = [], np.zeros(R, dtype=bool)
    for region in range(R):
        if motion.last[region] <= VANISHED_SIZE**2 * motion.largest[region]:
            found, sure = "no activity", bool(motion.trend[region] <= 1.0)
        elif kind.startswith("chaos") and moves[region]:
            found, sure = "chaotic currents", True
        elif kind == "driven" and moves[region]:
            found, sure = "driven", True
        else:
            repeats, sure = _repeats(depth[region], before[region])
            found = _kind(repeats, bool(rest[region]), bool(powered[region] or bias > 0))
            sure = sure and bool(known[region])
        kinds.append(found)
        certain[region] = sure
    return UnitEvidence(tuple(kinds), certain, depth, seen.lag, seen.value[-1])


def _repeats(depth: float, before: float) -> tuple[bool, bool]:
    """(whether units return to their state, whether it is certain), by the depth and its trend."""
    if depth <= COHERENT_DEPTH:
        return True, bool(depth <= max(before, COHERENT_DEPTH / 2))
    repeats = depth < np.sqrt(COHERENT_DEPTH * INCOHERENT_DEPTH)
    return repeats, bool(depth >= max(INCOHERENT_DEPTH, DECAY_TREND * before))


def _kind(repeats: bool, rest: bool, powered: bool) -> str:
    if rest:
        if repeats:
            return "fixed point"
        return "chaos about a fixed point" if powered else "chaos"
    return "limit cycle" if repeats else "chaos about a limit cycle"

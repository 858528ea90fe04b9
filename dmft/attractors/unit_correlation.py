"""UnitCorrelation: normalised two-point function of the units, back from a series of times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..two_time.causal_march import March
from .tuning import EXACT_MEMORY, LATE_LAGS, SHORTEST_SERIES


@dataclass(frozen=True, eq=False)
class UnitCorrelation:
    """Delta(t, t - lag) / sqrt(Delta(t, t) Delta(t - lag, t - lag)) of the units of each region.

    Parameters
    ----------
    t : (k,) array
        Times, equally spaced.
    lag : (m,) array
        Lags from 0 on.
    value : (k, R, m) array
        Correlation coefficient of a unit with itself; 1 where units repeat themselves, and where
        they have no activity.
    """

    t: np.ndarray
    lag: np.ndarray
    value: np.ndarray

    @property
    def window(self) -> float:
        """Largest lag."""
        return float(self.lag[-1])

    def depth_at(self, lag: float) -> np.ndarray:
        """(2, R) largest 1 - value at one lag, over one such lag of first and of last times."""
        from scipy.interpolate import CubicSpline

        near = slice(*np.clip(np.searchsorted(self.lag, lag) + np.array([-8, 8]), 0, len(self.lag)))
        depth = 1 - CubicSpline(self.lag[near], self.value[..., near], axis=2)(lag)
        spacing = self.t[1] - self.t[0] if len(self.t) > 1 else 1.0
        count = max(SHORTEST_SERIES, int(np.ceil(lag / spacing)))
        ends = depth[:count].max(axis=0), depth[-count:].max(axis=0)
        return np.maximum(np.array(ends), 0.0)

    def depth_at_large_lags(self) -> np.ndarray:
        """(2, R) 1 - value at large lags, back from the first and from the last time."""
        late = slice(int((1 - LATE_LAGS) * len(self.lag)), None)
        return 1 - self.value[[0, -1], :, late].mean(axis=2)

    def depth_of_revival(self) -> np.ndarray:
        """(2, R) 1 minus the largest value beyond the first minimum, at the first and last time."""
        out = np.empty((2, self.value.shape[1]))
        for k, region in np.ndindex(*out.shape):
            row = self.value[-k, region]
            rising = np.flatnonzero(np.diff(row) > 0)
            out[k, region] = 1 - (np.max(row[rising[0]:]) if len(rising) else row[-1])
        return out


class CorrelationRecorder:
    """Records rows of the correlation of a march, on lags that are multiples of `every` steps."""

    def __init__(self, one: March, longest: float, every: int):
        self.every, self.dt = every, one.weights.dt
        # a row that does not begin at t = 0 lacks what came before its oldest values
        memory = one.reach * EXACT_MEMORY if one.reach < one.state.y.shape[1] else np.inf
        self.count = max(2, int(min(longest / self.dt, memory)) // every + 1)
        self.t: list[float] = []
        self.rows: list[np.ndarray] = []

    def __call__(self, one: March) -> None:
        """Record the row at the present time."""
        j, past = one.state.j, slice(None, self.count * self.every, self.every)
        row = one.last_row()[:, ::-1][:, past]
        width = one.state.width[:, j::-1][:, past][:, :row.shape[1]]
        scale = width[:, :1] * width
        self.rows.append(np.where(scale > 0, row / np.where(scale > 0, scale, 1.0), 1.0))
        self.t.append(j * self.dt)

    def result(self) -> UnitCorrelation:
        """All rows recorded until now."""
        m = min(row.shape[1] for row in self.rows)
        return UnitCorrelation(np.array(self.t), self.dt * self.every * np.arange(m),
                               np.array([row[:, :m] for row in self.rows]))

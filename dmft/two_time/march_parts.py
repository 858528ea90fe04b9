"""Parts of the causal march that do not change while it runs, and the rows that it keeps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..equations import linear_response
from ..network.mean_field import MeanField

BLOCK = 500.0  # time constants over which exp does not overflow


@dataclass(frozen=True)
class StepWeights:
    """Weights of one exponential step of dt, for (1 + d/dt) f = q.

    f decays by `decay`; `start` and `end` weigh q at both ends of the step where both are known,
    `now` and `before` weigh it now and a step ago where the end is extrapolated.
    """

    dt: float
    decay: float
    now: float
    before: float
    start: float
    end: float

    @classmethod
    def of(cls, dt: float) -> StepWeights:
        weights = (linear_response.decay, linear_response.etd_weight_now,
                   linear_response.etd_weight_before, linear_response.etd_weight_start,
                   linear_response.etd_weight_end)
        return cls(dt, *(float(weight(dt)) for weight in weights))


@dataclass(frozen=True, eq=False)
class DisorderNoise:
    """Covariance of the noise that independent couplings make: sum of gains times C.

    Parameters
    ----------
    noisy, heard : slice or (r,) array
        Regions that receive disorder, and those that send it; a slice where it is all of them,
        which is much faster than a list of numbers.
    gains : (r, s) array
        Between these regions.
    own_gain : (r, 1) array or None
        The diagonal, where no region sends disorder to another.
    """

    noisy: slice | np.ndarray
    heard: slice | np.ndarray
    gains: np.ndarray
    own_gain: np.ndarray | None

    @classmethod
    def of(cls, field: MeanField) -> DisorderNoise:
        noisy = np.flatnonzero(field.gains.any(axis=1))
        heard = np.flatnonzero(field.gains.any(axis=0))
        gains = field.gains[np.ix_(noisy, heard)]
        alone = np.array_equal(noisy, heard) and not np.any(gains - np.diag(np.diag(gains)))
        own = np.diag(gains)[:, None].copy() if alone else None
        of_all = [slice(None) if len(which) == field.regions else which for which in (noisy, heard)]
        return cls(*of_all, gains, own)

    def __len__(self) -> int:
        return len(self.gains)

    def covariance(self, C: np.ndarray) -> np.ndarray:
        """(r, n) of the noise, from C (s, n) of the regions that are heard."""
        return self.own_gain * C if self.own_gain is not None else self.gains @ C


class Recursion:
    """H_j+1 = decay H_j + start F_j + end F_j+1 along each row: a running sum, rescaled.

    H_j = decay^j times the sum over i < j of (start F_i + end F_i+1) decay^-(i+1), in blocks within
    which the powers do not overflow. H is zero at the oldest column: so it is at t = 0, and of an
    older edge nothing is left where it matters.
    """

    def __init__(self, weights: StepWeights, columns: int):
        self.start, self.end = weights.start, weights.end
        self.block = max(1, min(columns, int(BLOCK / weights.dt)))
        steps = weights.dt * np.arange(1, self.block + 1)
        self.up, self.down = 1 / linear_response.response(steps), linear_response.response(steps)

    def __call__(self, F: np.ndarray) -> np.ndarray:
        out = np.empty_like(F)
        out[:, 0] = 0.0
        gained = self.start * F[:, :-1]
        gained += self.end * F[:, 1:]
        for begin in range(0, gained.shape[1], self.block):
            part = gained[:, begin:begin + self.block]
            count = part.shape[1]
            part *= self.up[:count]
            np.cumsum(part, axis=1, out=part)
            part += out[:, begin, None]
            np.multiply(part, self.down[:count], out=out[:, begin + 1:begin + 1 + count])
        return out


class KnownCovariance:
    """What start, white noise and bias alone leave in <x x>: known beforehand."""

    def __init__(self, field: MeanField, v0: np.ndarray, dt: float, n: int):
        self.field, self.v0 = field, v0[:, None]
        self.t = dt * np.arange(n)
        # exp(-t - s) is a product: a row costs no exponential
        self.left = linear_response.initial_covariance(self.t, 0.0, 1.0)
        self.variances = self.v0 * self.left**2 + self._driven(self.t, self.t)  # (R, n)

    def row(self, j: int, upto: slice) -> np.ndarray:
        """(R, m) between time j and others up to it."""
        started = self.v0 * self.left[j] * self.left[upto]
        if self.field.noise or self.field.bias:
            started += self._driven(self.t[j], self.t[upto])
        return started

    def _driven(self, t, s) -> np.ndarray:
        return (linear_response.white_noise_covariance(t, s, self.field.noise)
                + linear_response.bias_covariance(t, s, self.field.bias))


class KeptRows:
    """Two-time functions at every keep-th time, filled row by row and by symmetry."""

    def __init__(self, regions: int, count: int):
        self.Delta = np.zeros((regions, count, count))
        self.C = np.zeros_like(self.Delta)

    def put(self, row: int, Delta: np.ndarray, C: np.ndarray) -> None:
        for array, values in ((self.Delta, Delta), (self.C, C)):
            array[:, row, :row + 1] = values
            array[:, :row + 1, row] = values

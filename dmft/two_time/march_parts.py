"""Parts of the causal march: step weights, noise covariance, recursion along a row, kept rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..equations import linear_response
from ..network.regional_mean_field import MeanField
from .tuning import LONGEST_BLOCK


@dataclass(frozen=True)
class StepWeights:
    """Weights of one exponential time-differencing step of dt, for (1 + d/dt) f = q.

    f decays by the factor `decay`. `start` and `end` are the weights of q at the two ends of the
    step, for the corrector; `now` and `before` those of q at its start and one step earlier, for
    the predictor, which extrapolates.
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
    """Covariance of the effective noise of independent random couplings: sum of gains times C.

    Parameters
    ----------
    receiving, sending : slice or (r,), (s,) arrays
        Regions that receive random couplings, and those that send them; a slice where it is all of
        them, which is much faster than an array of indices.
    gains : (r, s) array
        Gains between these regions.
    own_gain : (r, 1) array or None
        The diagonal of `gains`, where no region sends random couplings to another.
    """

    receiving: slice | np.ndarray
    sending: slice | np.ndarray
    gains: np.ndarray
    own_gain: np.ndarray | None

    @classmethod
    def of(cls, field: MeanField) -> DisorderNoise:
        receiving = np.flatnonzero(field.gains.any(axis=1))
        sending = np.flatnonzero(field.gains.any(axis=0))
        gains = field.gains[np.ix_(receiving, sending)]
        diagonal = (np.array_equal(receiving, sending)
                    and not np.any(gains - np.diag(np.diag(gains))))
        own = np.diag(gains)[:, None].copy() if diagonal else None
        return cls(slice(None) if len(receiving) == field.regions else receiving,
                   slice(None) if len(sending) == field.regions else sending, gains, own)

    def __len__(self) -> int:
        return len(self.gains)

    def covariance(self, C: np.ndarray) -> np.ndarray:
        """(r, n) covariance of the noise, from C (s, n) of the sending regions."""
        return self.own_gain * C if self.own_gain is not None else self.gains @ C


class RowRecursion:
    """The recursion H_j+1 = decay H_j + start F_j + end F_j+1 along each row, as a scaled sum.

    H_j = decay^j times the sum over i < j of (start F_i + end F_i+1) decay^-(i+1), evaluated in
    blocks within which the powers do not overflow. H is set to zero at the oldest time: exact at
    t = 0, and where older times were dropped, their contribution has decayed at the times used.
    """

    def __init__(self, weights: StepWeights, columns: int):
        self.start, self.end = weights.start, weights.end
        self.block = max(1, min(columns, int(LONGEST_BLOCK / weights.dt)))
        steps = weights.dt * np.arange(1, self.block + 1)
        self.up, self.down = 1 / linear_response.response(steps), linear_response.response(steps)

    def __call__(self, F: np.ndarray) -> np.ndarray:
        out = np.empty_like(F)
        out[:, 0] = 0.0
        increments = self.start * F[:, :-1]
        increments += self.end * F[:, 1:]
        for begin in range(0, increments.shape[1], self.block):
            part = increments[:, begin:begin + self.block]
            count = part.shape[1]
            part *= self.up[:count]
            np.cumsum(part, axis=1, out=part)
            part += out[:, begin, None]
            np.multiply(part, self.down[:count], out=out[:, begin + 1:begin + 1 + count])
        return out


class UncoupledCovariance:
    """Contribution of initial condition, white noise and bias to <x x>, in closed form."""

    def __init__(self, field: MeanField, v0: np.ndarray, dt: float, n: int):
        self.field, self.v0 = field, v0[:, None]
        self.t = dt * np.arange(n)
        # exp(-t - s) is a product: a row needs no further exponential
        self.left = linear_response.initial_covariance(self.t, 0.0, 1.0)
        self.variances = self.v0 * self.left**2 + self._driven(self.t, self.t)  # (R, n)

    def row(self, j: int, upto: slice) -> np.ndarray:
        """(R, m) covariance between time j and the times `upto`."""
        row = self.v0 * self.left[j] * self.left[upto]
        if self.field.noise or self.field.bias:
            row += self._driven(self.t[j], self.t[upto])
        return row

    def _driven(self, t, s) -> np.ndarray:
        return (linear_response.white_noise_covariance(t, s, self.field.noise)
                + linear_response.bias_covariance(t, s, self.field.bias))


class KeptRows:
    """Two-time functions Delta and C at every keep-th time, filled row by row and by symmetry."""

    def __init__(self, regions: int, count: int):
        self.Delta = np.zeros((regions, count, count))
        self.C = np.zeros_like(self.Delta)

    def put(self, row: int, Delta: np.ndarray, C: np.ndarray) -> None:
        for array, values in ((self.Delta, Delta), (self.C, C)):
            array[:, row, :row + 1] = values
            array[:, :row + 1, row] = values

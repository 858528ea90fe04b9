"""Mean response of a sampled site: a causal fit to the correlation of phi with the noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..grids.lags import Lags
from .tuning import (
    FASTEST_RATE,
    RESPONSE_POWER_FLOOR,
    RESPONSE_RATES,
    RESPONSE_RCOND,
    SLOWEST_RATE,
)


def fastest_rate(base: np.ndarray, lags: Lags) -> float:
    """Decay rate of the linear surrogate just after an impulse; 1 without instantaneous memory.

    base = (1 + i omega) / (rate + i omega) at high frequency.
    """
    omega = lags.omega[-2]
    return max(1.0, float(((1 + 1j * omega) / base[-2]).real))


@dataclass(frozen=True, eq=False)
class ResponseBasis:
    """A basis of causal responses around one surrogate, with the weights of its fit.

    The response of phi to v is base(omega) times a filter that tends to `slope` = <phi'> at high
    frequency, because that is the response just after an impulse. The filter is this constant plus
    a sum of causal exponentials, sum_j a_j r_j/(r_j + i omega), whose weights are fitted by least
    squares. The raw estimate <phi z*>/sqrt(V) fluctuates from frequency to frequency and is not
    causal; nearly all of its noise is orthogonal to causal functions as smooth as the basis.

    Parameters
    ----------
    base : (n,) complex array
        Response of the linear surrogate, which tends to one.
    columns : (n, J) complex array
        base times the low-pass filters.
    weight : (n,) array
        One over the noise of the correlation <phi z*>.
    """

    base: np.ndarray
    columns: np.ndarray
    weight: np.ndarray

    @classmethod
    def around(cls, base: np.ndarray, lags: Lags, unexplained: np.ndarray,
               power: np.ndarray) -> ResponseBasis:
        """The basis around a surrogate.

        `unexplained` and `power` are the spectra of the part of phi that causes the sampling noise
        of <phi z*>, and of phi.
        """
        rates = np.geomspace(SLOWEST_RATE / lags.span, FASTEST_RATE * fastest_rate(base, lags),
                             RESPONSE_RATES)
        columns = base[:, None] * (rates / (rates + 1j * lags.omega[:, None]))
        peak = float(np.max(power))
        floor = RESPONSE_POWER_FLOOR * peak if peak > 0 else 1.0  # of constant phi: any weight
        weight = 1 / np.sqrt(np.maximum(unexplained, 0.0) + floor)
        weight[[0, -1]] /= np.sqrt(2)  # coefficients are real there
        return cls(base, columns, weight)

    def __len__(self) -> int:
        return self.columns.shape[1]

    def fit(self, cross: np.ndarray, slope: np.ndarray | float, root: np.ndarray) -> np.ndarray:
        """(J, ...) weights closest to raw estimates cross (n, ...) = response times `root` (n,)."""
        size = self.weight * root
        columns = self.columns * size[:, None]
        extra = (1,) * (np.ndim(cross) - 1)
        rest = (cross * self.weight.reshape(-1, *extra)
                - slope * (self.base * size).reshape(-1, *extra))
        if not (np.all(np.isfinite(rest)) and np.all(np.isfinite(columns))):
            return np.full((len(self), *np.shape(cross)[1:]), np.nan)
        inverse = np.linalg.pinv(np.concatenate([columns.real, columns.imag]),
                                 rcond=RESPONSE_RCOND)
        return inverse[:, :len(size)] @ rest.real + inverse[:, len(size):] @ rest.imag

    def transfer(self, slope: np.ndarray | float, weights: np.ndarray) -> np.ndarray:
        """(n, ...) response over that of the low-pass filter of the unit."""
        extra = (1,) * (np.ndim(weights) - 1)
        return slope * self.base.reshape(-1, *extra) + self.columns @ weights

"""The response of a site in time, from its transfer function, and back."""

from __future__ import annotations

import numpy as np
from scipy import fft
from scipy.interpolate import CubicSpline

from ..grids.impulse_response import impulse_response
from ..grids.lag_transforms import causal_sum, causal_transform
from ..grids.lags import Lags
from ..units.unit import Unit


def impulse_of_site(S: np.ndarray, slope: float, unit: Unit, lags: Lags, output: Lags
                    ) -> np.ndarray:
    """R_phi(tau) (m,) at the lags of `output`, from S (n,) at the frequencies of `lags`.

    Just after the delay of the unit it is <phi'> times the unit's own; in discrete time it is the
    sum over the frequencies of the grid.
    """
    if unit.time_step is not None:
        return fft.irfft(S, 2 * (len(lags) - 1))[:len(lags)] / lags.dt
    after = impulse_response(S * np.exp(1j * lags.omega * unit.delay), slope * unit.jump, lags,
                             output)
    if not unit.delay:
        return after
    later = output.tau - unit.delay
    return np.where(later > -1e-9, CubicSpline(output.tau, after)(np.maximum(later, 0.0)), 0.0)


def response_transform(lags: Lags, R: np.ndarray, unit: Unit, omega: np.ndarray) -> np.ndarray:
    """S (m,) at frequencies omega, from the response R (n,) at the lags of a site."""
    if unit.time_step is not None:
        return causal_sum(lags, R, omega)
    if not unit.delay:
        return causal_transform(lags, R, omega)
    first = int(np.ceil(unit.delay / lags.dt - 1e-9))  # R is smooth after the delay only
    later = Lags(lags.span - first * lags.dt, lags.dt)
    smooth = CubicSpline(lags.tau[first:], R[first:])(unit.delay + later.tau)
    return np.exp(-1j * omega * unit.delay) * causal_transform(later, smooth, omega)

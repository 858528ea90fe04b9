"""The impulse response of a sampled site, from its transfer function on the grid of the paths."""

from __future__ import annotations

import numpy as np
from scipy import fft
from scipy.interpolate import CubicSpline

from ..grids.impulse_response import impulse_response
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

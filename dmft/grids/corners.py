"""Transforms of correlations with a corner at zero lag, which white noise makes.

The spectrum of a corner decays too slowly for a grid of lags: its leading term is transformed in
closed form.
"""

from __future__ import annotations

import numpy as np

from ..equations import linear_response
from .lags import Lags


def spectrum_with_corner(lags: Lags, C: np.ndarray, kink: float) -> np.ndarray:
    """(n,) spectrum of a decaying C (n,) with the slope -kink at zero lag.

    The part kink exp(-abs(tau)) is transformed in closed form.
    """
    if kink == 0:
        return lags.spectrum(C)
    smooth = C - kink * linear_response.response(lags.tau)
    return lags.spectrum(smooth) + 2 * kink * linear_response.lowpass_power(lags.omega)


def correlation_of_corner(lags: Lags, spectrum: np.ndarray) -> np.ndarray:
    """(n,) correlation with this spectrum, whose tail omega^-4 is transformed in closed form."""
    power2 = linear_response.lowpass_power(lags.omega) ** 2
    height = spectrum[-1] / power2[-1]
    tail = height * (1 + lags.tau) * linear_response.response(lags.tau) / 4
    return lags.correlation(spectrum - height * power2) + tail

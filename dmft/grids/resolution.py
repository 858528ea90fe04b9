"""Whether a grid of lags holds a correlation: decayed at its end, resolved by its step."""

from __future__ import annotations

import numpy as np

from ..base.convergence import Check
from ..equations import linear_response
from .lags import Lags

DECAY_LIMIT = 1e-6
NYQUIST_LIMIT = 1e-6


def resolution_checks(lags: Lags, Delta: np.ndarray, static: float, noise: float,
                      fatal: bool = False) -> list[Check]:
    """The decay in the window's last tenth, and the spectrum at the highest frequency.

    Both relative, towards the static part. They only warn where the solution does not depend on
    the grid; with `fatal` they fail it.
    """
    moving = Delta - static
    scale = max(abs(float(moving[0])), 1e-300)
    last = max(len(moving) - max(len(moving) // 10, 2), 0)
    decay = float(np.max(np.abs(moving[last:]))) / scale
    # White noise leaves a corner at zero lag, which the solvers transform in closed form.
    smooth = moving - linear_response.white_noise_correlation(lags.tau, noise)
    spectrum = np.abs(lags.spectrum(smooth))
    largest = float(np.max(np.abs(lags.spectrum(moving))))
    nyquist = float(np.max(spectrum[-3:])) / max(largest, 1e-300)
    return [
        Check("decay", decay, DECAY_LIMIT,
              f"the correlation has not decayed at span={lags.span:g}: give a longer span",
              resolution=not fatal),
        Check("nyquist", nyquist, NYQUIST_LIMIT,
              f"the spectrum has not decayed at pi/dt, dt={lags.dt:g}: give a smaller dt",
              resolution=not fatal),
    ]

"""Checks of a grid of lags: the correlation has decayed at its end and is resolved by its step."""

from __future__ import annotations

import numpy as np

from ..base.convergence import Check
from .lags import Lags
from .tuning import DECAY_LIMIT, NYQUIST_LIMIT


def resolution_checks(lags: Lags, Delta: np.ndarray, static: float, white: np.ndarray,
                      fatal: bool = False) -> list[Check]:
    """The decay in the last tenth of the window, and the spectrum at the highest frequency.

    Both are computed of Delta(tau) - Delta(inf) and relative to its value at zero lag or to its
    largest spectrum. Rounding of Delta is not counted: fluctuations below it are taken as resolved.

    Parameters
    ----------
    lags : Lags
        Grid of n lags.
    Delta : (n,) array
        Correlation of x.
    static : float
        Delta(inf).
    white : (n,) array
        The part of Delta that white noise alone causes.
    fatal : bool
        True if the solution depends on the grid: a failed check then fails the solution. False
        if it does not: the check then causes a warning only.

    Returns
    -------
    list of Check
        "decay" and "nyquist".
    """
    fluctuating = Delta - static
    rounding = np.finfo(float).eps * abs(float(Delta[0]))
    scale = max(abs(float(fluctuating[0])), 1e-300)
    last = max(len(fluctuating) - max(len(fluctuating) // 10, 2), 0)
    decay = max(float(np.max(np.abs(fluctuating[last:]))) - rounding, 0.0) / scale
    # White noise makes a corner at zero lag, which the solvers transform in closed form.
    spectrum = np.abs(lags.spectrum(fluctuating - white))
    largest = float(np.max(np.abs(lags.spectrum(fluctuating))))
    rounding *= lags.dt * len(lags) ** 0.5
    nyquist = max(float(np.max(spectrum[-3:])) - rounding, 0.0) / max(largest, 1e-300)
    return [
        Check("decay", decay, DECAY_LIMIT,
              f"the correlation has not decayed at span={lags.span:g}: give a longer span",
              resolution=not fatal),
        Check("nyquist", nyquist, NYQUIST_LIMIT,
              f"the spectrum has not decayed at pi/dt, dt={lags.dt:g}: give a smaller dt",
              resolution=not fatal),
    ]

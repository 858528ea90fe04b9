"""The linear Gaussian unit closest to a sampled one: its averages are exact (control variate)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..averages.gaussian_averages import averages_at
from ..network.nonlinearity import Nonlinearity
from .gaussian_paths import real_at_nyquist
from .noise_and_memory import Drive
from .tuning import SURROGATE_AVERAGES_TOL


@dataclass(frozen=True, eq=False)
class LinearSurrogate:
    """x_L = v + H K slope x_L: Gaussian, with the same noise v as the unit itself.

    Parameters
    ----------
    transfer : (n,) complex array
        Transfer function from v to x_L, 1/(1 - slope H K).
    C_x, C_phi : (n,) arrays
        Exact correlations of x_L and phi(x_L) on the grid; <phi phi> is a Gaussian average.
    slope, square_slope, mean : float
        Exact <phi'(x_L)>, <phi'(x_L)^2> and <phi(x_L)>. The mean response of phi(x_L) to v is
        slope * transfer (Stein's lemma).
    exact : bool
        Whether the averages of phi are accurate enough for a control variate. For a phi with a
        kink they may not be.
    """

    transfer: np.ndarray
    C_x: np.ndarray
    C_phi: np.ndarray
    slope: float
    square_slope: float
    mean: float
    exact: bool


def linear_surrogate(drive: Drive, slope: float, phi: Nonlinearity) -> LinearSurrogate:
    """The linear surrogate in which phi' is replaced by a given slope."""
    transfer = real_at_nyquist(1 / (1 - slope * drive.feedback))
    C_x = drive.lags.correlation(np.abs(transfer) ** 2 * drive.V)
    averages = averages_at(phi, float(C_x[0]))
    return LinearSurrogate(transfer, C_x, averages.correlation(C_x), averages.mean_slope,
                           float(averages.slope(C_x[0])), float(averages.mean),
                           averages.error < SURROGATE_AVERAGES_TOL)

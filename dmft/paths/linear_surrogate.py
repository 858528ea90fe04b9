"""The linear Gaussian site that is closest to a sampled one: known exactly, it is the control."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..averages.gaussian_averages import gaussian_averages
from ..network.nonlinearity import Nonlinearity
from .gaussian_paths import real_at_end
from .noise_and_memory import Drive

INEXACT = 1e-6  # error of the averages of phi above which there is no control


@dataclass(frozen=True, eq=False)
class Surrogate:
    """x_L = v + H K slope x_L: Gaussian, driven by the same v as the site itself.

    Parameters
    ----------
    transfer : (n,) complex array
        From v to x_L, 1/(1 - slope H K).
    C_x, C_phi : (n,) arrays
        Its exact correlations on the grid, <phi phi> as a Gaussian average.
    slope, square_slope : float
        Exact <phi'(x_L)> and <phi'(x_L)^2>; its response to v is slope * transfer (Stein's
        theorem).
    exact : bool
        Whether the averages of phi are: of a phi with a kink they may not be.
    """

    transfer: np.ndarray
    C_x: np.ndarray
    C_phi: np.ndarray
    slope: float
    square_slope: float
    exact: bool


def surrogate(drive: Drive, slope: float, phi: Nonlinearity) -> Surrogate:
    """The surrogate with a given slope in place of phi'."""
    transfer = real_at_end(1 / (1 - slope * drive.returned))
    C_x = drive.lags.correlation(np.abs(transfer) ** 2 * drive.V)
    averages = gaussian_averages(phi, float(C_x[0]))
    return Surrogate(transfer, C_x, averages.correlation(C_x), averages.mean_slope,
                     float(averages.slope(C_x[0])), averages.error < INEXACT)

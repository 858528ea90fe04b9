"""Waveform relaxation: sweeps that update whole paths of x = v + H K phi(x) at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..network.nonlinearity import Nonlinearity
from . import gaussian_paths
from .gaussian_paths import Paths
from .linear_surrogate import linear_surrogate
from .noise_and_memory import Drive
from .path_averages import PathAverages, PathSums
from .tuning import CHUNK_POINTS

PathUpdate = Callable[[slice, np.ndarray], np.ndarray]  # rows and their v -> new x


def sweep(own: Paths, drive: Drive, split: float, phi: Nonlinearity,
          controlled: bool = True, may_be_static: bool = False) -> PathAverages:
    """One sweep of waveform relaxation over all paths, and their averages.

    x <- (v + H K (phi - split x)) / (1 - split H K): the linear part of the gain is treated
    implicitly, so that only the deviation of phi' from `split` has to contract.

    Parameters
    ----------
    own : Paths
        Updated in place.
    drive : Drive
        Spectrum of v, and memory.
    split : float
        Slope of the implicit linear part, and of the linear surrogate.
    phi : Nonlinearity
    controlled : bool
        Whether the linear surrogate is used as control variate.
    may_be_static : bool
        Whether the correlation may have a part that does not decay.
    """
    left = gaussian_paths.real_at_nyquist(1 / (1 - split * drive.feedback))

    def update(rows: slice, v: np.ndarray) -> np.ndarray:
        if not own.initialized:
            return left * v
        return left * (v + drive.feedback * (own.phi[rows] - split * own.x[rows]))

    return replace_paths(own, drive, split, phi, update, controlled, may_be_static)


def replace_paths(own: Paths, drive: Drive, slope: float, phi: Nonlinearity, update: PathUpdate,
                  controlled: bool, may_be_static: bool) -> PathAverages:
    """Replace the paths by x = update(rows, v), in chunks that fit into the cache, and average."""
    lags = own.lags
    linear = linear_surrogate(drive, slope, phi)
    controlled = controlled and linear.exact
    root = gaussian_paths.amplitude(lags) * np.sqrt(drive.V)
    sums, height = PathSums(lags), max(1, CHUNK_POINTS // gaussian_paths.period_steps(lags))
    for start in range(0, len(own), height):
        rows = slice(start, start + height)
        v = root * own.z[rows]
        x = update(rows, v)
        sums.add_change(own.x[rows], x)
        own.x[rows] = x
        own.phi[rows] = sums.add(x, own.z[rows], phi)
        if controlled:
            sums.add_control(linear.transfer * v, own.z[rows], own.phi[rows], phi)
    own.initialized = True
    return sums.evaluate(len(own), drive, linear, own.window, may_be_static)

"""Waveform sweeps: whole paths of x = v + H K phi(x) are moved at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..network.nonlinearity import Nonlinearity
from . import gaussian_paths
from .gaussian_paths import Paths
from .linear_surrogate import surrogate
from .noise_and_memory import Drive
from .path_averages import Measured, Sums

CHUNK = 2**16  # points of paths treated at once: what the cache holds
Move = Callable[[slice, np.ndarray], np.ndarray]  # rows and their v -> new x


def sweep(own: Paths, drive: Drive, split: float, phi: Nonlinearity,
          controlled: bool = True, resting: bool = False) -> Measured:
    """One sweep of all paths, and their statistics.

    x <- (v + H K (phi - split x)) / (1 - split H K): the linear part of the gain stands on the
    left, so that only the deviation of phi' from `split` must contract.

    Parameters
    ----------
    own : Paths
        Moved in place.
    drive : Drive
        Spectrum of v, and memory.
    split : float
        Slope that is moved to the left, and that of the surrogate.
    phi : Nonlinearity
    controlled : bool
        Whether the surrogate serves as control.
    resting : bool
        Whether a part of the correlation may not decay.
    """
    left = gaussian_paths.real_at_end(1 / (1 - split * drive.returned))

    def move(rows: slice, v: np.ndarray) -> np.ndarray:
        if not own.begun:
            return left * v
        return left * (v + drive.returned * (own.phi[rows] - split * own.x[rows]))

    return replace_paths(own, drive, split, phi, move, controlled, resting)


def replace_paths(own: Paths, drive: Drive, slope: float, phi: Nonlinearity, move: Move,
                  controlled: bool, resting: bool) -> Measured:
    """Put x = move(rows, v) in place of the paths, a chunk that fits the cache after another."""
    lags = own.lags
    linear = surrogate(drive, slope, phi)
    controlled = controlled and linear.exact
    root = gaussian_paths.amplitude(lags) * np.sqrt(drive.V)
    sums, height = Sums(lags), max(1, CHUNK // gaussian_paths.steps(lags))
    for start in range(0, len(own), height):
        rows = slice(start, start + height)
        v = root * own.z[rows]
        x = move(rows, v)
        sums.move(own.x[rows], x)
        own.x[rows] = x
        own.phi[rows] = sums.add(x, own.z[rows], phi)
        if controlled:
            sums.add_control(linear.transfer * v, own.z[rows], own.phi[rows], phi)
    own.begun = True
    return sums.evaluate(len(own), drive, linear, own.window, resting)

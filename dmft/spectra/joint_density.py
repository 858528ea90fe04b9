"""Averages <phi'^2/abs(d)^2> over the units, accurate where d nearly vanishes for some units."""

from __future__ import annotations

import numpy as np

from ..ensembles.properties import synapses
from ..equations import plasticity as equations
from ..network.network import AnyNetwork
from .tuning import CHUNK_NUMBERS, DENSITY_POINTS, SMALLEST_IMAGINARY_PART


def loop_gain(network: AnyNetwork, lam: np.ndarray, C: float) -> np.ndarray:
    """Feedback k C/(1 + p lambda) of a unit's perturbation through its synapses, per phi'."""
    return np.sum(
        [equations.local_loop(lam, 1.0, C, one.k, one.p) for one in synapses(network.ensembles)],
        axis=0,
    )


def mean_square_response(lam: np.ndarray, loop: np.ndarray, x: np.ndarray, density: np.ndarray,
                         slope: np.ndarray) -> np.ndarray:
    """<phi'^2/abs(1 + lambda - loop phi')^2> at each lambda.

    Between nodes, phi' is approximated as linear in x, and phi'^2 times the density by its mean.
    The integral of 1/abs(d)^2 over such an interval is then exactly theta/Im(d_0* d_1), with theta
    the angle between the values d_0 and d_1 at its ends, even where d nearly vanishes within it.

    Parameters
    ----------
    lam, loop : (...) complex arrays
    x, density, slope : (n,) arrays
        Distribution on ascending x (of abs(x) where phi is odd), and phi' at these x.

    Returns
    -------
    (...) array
        With the shape of `lam`.
    """
    mass = np.diff(x) * (density[1:] * slope[1:] ** 2 + density[:-1] * slope[:-1] ** 2) / 2
    kept = mass > 0
    local, feedback = np.ravel(lam) + 1, np.ravel(loop)
    left, right, mass = slope[:-1][kept], slope[1:][kept], mass[kept]
    # d_0* d_1 with d = local - feedback phi'
    turn, apart = np.abs((local * np.conj(feedback)).imag), np.abs(right - left)
    out = np.empty(len(local))
    rows = max(1, CHUNK_NUMBERS // max(len(mass), 1))
    for i in range(0, len(local), rows):
        a, b = local[i:i + rows, None], feedback[i:i + rows, None]
        along = (np.abs(a) ** 2 - (a * np.conj(b)).real * (left + right)
                 + np.abs(b) ** 2 * (left * right))
        imaginary = np.maximum(turn[i:i + rows, None] * apart, SMALLEST_IMAGINARY_PART)
        out[i:i + rows] = (np.arctan2(imaginary, along) / imaginary) @ mass
    return out.reshape(np.shape(lam))


def smoothed_density(samples: np.ndarray, odd: bool,
                     bandwidth: float | None) -> tuple[np.ndarray, np.ndarray]:
    """Kernel density estimate of x on a grid, for each row of samples.

    Parameters
    ----------
    samples : (r, m) array
    odd : bool
        Whether the distribution is even: the density is then that of abs(x), with reflection at
        zero.
    bandwidth : float, optional
        Standard deviation of the Gaussian kernel; Silverman's rule by default.

    Returns
    -------
    grid : (n,) array
    density : (r, n) array
        With integral one over the grid.
    """
    from scipy import ndimage

    if bandwidth is None:
        bandwidth = 0.9 * float(np.std(samples)) * samples.size ** -0.2
    values = np.abs(samples) if odd else samples
    low = 0.0 if odd else float(values.min()) - 6 * bandwidth
    grid = np.linspace(low, float(values.max()) + 6 * bandwidth, DENSITY_POINTS)
    step = grid[1] - low
    rows = []
    for one in values:
        # linear binning: each sample is divided between its two neighbours on the grid
        place = (one - low) / step
        left = place.astype(int)
        counts = (np.bincount(left, left + 1 - place, DENSITY_POINTS)
                  + np.bincount(left + 1, place - left, DENSITY_POINTS))
        if odd:
            counts[0] *= 2  # the reflected samples contribute as much
        smooth = ndimage.gaussian_filter1d(counts, bandwidth / step, mode="mirror", truncate=6.0)
        rows.append(smooth / np.trapezoid(smooth, grid))
    return grid, np.array(rows)

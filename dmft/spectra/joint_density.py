"""Averages <phi'^2/abs(d)^2> over the units, exact where d nearly vanishes for some of them."""

from __future__ import annotations

import numpy as np

from ..ensembles.properties import synapses
from ..equations import plasticity as equations
from ..network.network import AnyNetwork

CHUNK = 2**19  # numbers at a time
POINTS = 500  # of the grid of x
TINY = 1e-200


def loop_gain(network: AnyNetwork, lam: np.ndarray, C: float) -> np.ndarray:
    """Return of a unit's perturbation through its synapses, per slope of phi."""
    return np.sum(
        [equations.local_loop(lam, 1.0, C, one.k, one.p) for one in synapses(network.ensembles)],
        axis=0,
    )


def mean_square_response(lam: np.ndarray, loop: np.ndarray, x: np.ndarray, density: np.ndarray,
                         slope: np.ndarray) -> np.ndarray:
    """<phi'^2/abs(1 + lambda - loop phi')^2> at each lambda.

    Between nodes phi' is taken as linear in x and phi'^2 times the density as its mean there: the
    integral of 1/abs(d)^2 over such a cell is theta/Im(d_0* d_1), theta the angle between d at its
    ends, whatever d does within it.

    Parameters
    ----------
    lam, loop : (...) complex arrays
    x, density, slope : (n,) arrays
        Distribution on ascending x (of abs(x) where phi is odd), and phi' there.

    Returns
    -------
    array, as lam
    """
    mass = np.diff(x) * (density[1:] * slope[1:] ** 2 + density[:-1] * slope[:-1] ** 2) / 2
    kept = mass > 0
    one, back = np.ravel(lam) + 1, np.ravel(loop)
    left, right, mass = slope[:-1][kept], slope[1:][kept], mass[kept]
    # d_0* d_1 with d = one - back phi'
    turn, apart = np.abs((one * np.conj(back)).imag), np.abs(right - left)
    out = np.empty(len(one))
    rows = max(1, CHUNK // max(len(mass), 1))
    for i in range(0, len(one), rows):
        a, b = one[i:i + rows, None], back[i:i + rows, None]
        along = (np.abs(a) ** 2 - (a * np.conj(b)).real * (left + right)
                 + np.abs(b) ** 2 * (left * right))
        imaginary = np.maximum(turn[i:i + rows, None] * apart, TINY)
        out[i:i + rows] = (np.arctan2(imaginary, along) / imaginary) @ mass
    return out.reshape(np.shape(lam))


def smoothed_density(samples: np.ndarray, odd: bool,
                     bandwidth: float | None) -> tuple[np.ndarray, np.ndarray]:
    """Density of x on a grid for each row of samples, smoothed by a Gaussian.

    Parameters
    ----------
    samples : (r, m) array
    odd : bool
        Whether x and -x are equally frequent: the density is then that of abs(x), reflected at
        zero.
    bandwidth : float, optional
        Standard deviation of the Gaussian; Silverman's rule by default.

    Returns
    -------
    grid : (n,) array
    density : (r, n) array
        Of integral one over the grid.
    """
    from scipy import ndimage

    if bandwidth is None:
        bandwidth = 0.9 * float(np.std(samples)) * samples.size ** -0.2
    values = np.abs(samples) if odd else samples
    low = 0.0 if odd else float(values.min()) - 6 * bandwidth
    grid = np.linspace(low, float(values.max()) + 6 * bandwidth, POINTS)
    step = grid[1] - low
    rows = []
    for one in values:
        # each sample is shared by its two neighbours on the grid, so that nothing is shifted
        place = (one - low) / step
        left = place.astype(int)
        counts = (np.bincount(left, left + 1 - place, POINTS)
                  + np.bincount(left + 1, place - left, POINTS))
        if odd:
            counts[0] *= 2  # its reflection adds to it
        smooth = ndimage.gaussian_filter1d(counts, bandwidth / step, mode="mirror", truncate=6.0)
        rows.append(smooth / np.trapezoid(smooth, grid))
    return grid, np.array(rows)

"""Paths of a unit with memory on a periodic window, and the means of their features.

The site is not Gaussian, and no mean is known exactly. Many cheap paths are drawn at the statistics
of the solution. Their features are regressed on C_x, C_phi and <phi'> of each path, and on the
features of the linear unit with the same noise, and evaluated at C_x, C_phi and <phi'> of the
solution, whose errors are smaller, and at the exact means of the linear, Gaussian unit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import fft

from ..base.checks import reject
from ..base.estimate import Estimate
from ..grids.lags import Lags
from ..paths.gaussian_paths import amplitude, period_steps
from ..paths.linear_surrogate import linear_surrogate
from ..paths.noise_and_memory import drive
from ..paths.site_statistics import SiteStatistics
from ..paths.stepped_paths import SteppedPaths, Sweep
from ..sampled.redrawn_paths import path_grid
from ..sampled.starting_statistics import from_solution
from ..stationary.solution import Replicates, Solution
from .control_features import (
    ControlFeatures,
    feature_lags,
    gain_features,
    gaussian_means,
    standardised,
    time_average,
)
from .tuning import (
    CHEAP_GROUPS,
    LARGEST_STEP,
    LAST_LEVEL,
    MOST_POINTS,
    NOISY_STEP,
    SHORTEST_MEMORY_WINDOW,
    SITE_SWEEPS,
    STATISTICS_RCOND,
    TAPER_BEGIN,
    WINDOW_IN_MEMORY_TIMES,
)
from .window import Window


@dataclass(frozen=True, eq=False)
class SiteSample:
    """n paths on a window, and what many more of them tell.

    Parameters
    ----------
    window : Window
    x : (n, m) array
    features : ControlFeatures
        With the means of all paths, and their errors.
    slopes : (m,) array
        <phi'(x(t)) phi'(x(t + tau))> on the ring.
    statistics : SiteStatistics
        Of the solution, on the lags of the window.
    curves : (r, h) array
        C_phi on these lags, minus its mean, for each replicate of the solution; over
        sqrt(r (r - 1)), so that the sum of squares is the squared standard error.
    distance : float
        Largest difference of C_x, C_phi and <phi'> between the cheap paths and the solution, in
        standard errors.
    """

    window: Window
    x: np.ndarray
    features: ControlFeatures
    slopes: np.ndarray
    statistics: SiteStatistics
    curves: np.ndarray
    distance: float


def site_sample(solution: Solution, length: float | None, dt: float | None, paths: int,
                cheap: int, rng: np.random.Generator) -> SiteSample:
    """Draw `cheap` paths of the solution; the first `paths` are kept.

    `length` and `dt` of the window are chosen here if they are None.
    """
    phi, replicates = solution.network.phi, solution.replicates
    if replicates is None:
        reject("solution", solution, "has no replicates, from which errors follow",
               "solve the network again")
    lags, fine = _grids(solution, length, dt)
    stride = (len(fine) - 1) // (len(lags) - 1)
    taper = _taper(solution.lags.tau, lags.span)
    tapered = _tapered(solution, taper)
    x, linear, variance = _paths(tapered, fine, paths + cheap, rng)
    x, linear = (one[::stride].T.astype(float) for one in (x, linear))
    window = _window(tapered, lags)
    steps = feature_lags(window)
    last = np.flatnonzero(window.covariance[:len(lags)] < LAST_LEVEL * window.covariance[0])
    own = [0, *steps, *([int(last[0])] if last.size and last[0] > steps[-1] else [])]

    many = x[paths:]
    y = np.asarray(phi(many), dtype=float)
    d = np.asarray(phi.derivative(many), dtype=float)
    found = np.stack([d.mean(axis=1), *(time_average(many, many, lag) for lag in own),
                      *(time_average(y, y, lag) for lag in own)], axis=1)
    target, deviations = _statistics(tapered, replicates, taper, lags.tau[own])
    distance = float(np.max(np.abs(found.mean(axis=0) - target) / found.std(axis=0)
                            * np.sqrt(len(found))))
    gains = gain_features(phi, many, steps)
    _, along, _ = _regressed(gains, found, target)  # how the means change with the solution
    # of the linear unit with the same noise, which is Gaussian: these means are exact
    found = np.concatenate([found, gain_features(phi, linear[paths:], steps)], axis=1)
    exact = gaussian_means(phi, float(variance[0]), variance[::stride][steps])
    means, _, groups = _regressed(gains, found, np.concatenate([target, exact]))
    errors = np.concatenate([groups, deviations @ along])
    features = standardised(gain_features(phi, x[:paths], steps), means, errors)
    half = np.array([np.mean(time_average(d, d, lag)) for lag in range(len(lags))])
    curves = (replicates.C_phi - replicates.C_phi.mean(axis=0)) * taper
    r = len(curves)
    return SiteSample(window, x[:paths], features, np.concatenate([half, half[-2:0:-1]]),
                      from_solution(tapered, lags),
                      np.stack([np.interp(lags.tau, solution.lags.tau, one) for one in curves])
                      / np.sqrt(r * (r - 1)), distance)


def _grids(solution: Solution, length: float | None, dt: float | None) -> tuple[Lags, Lags]:
    """Lags of half of the window, and those with the shorter step of the paths."""
    _, _, memory = path_grid(solution)
    if length is None:
        length = max(2 * WINDOW_IN_MEMORY_TIMES * memory, SHORTEST_MEMORY_WINDOW)
    if dt is None:
        dt = NOISY_STEP if solution.network.noise else LARGEST_STEP
    half = min(length / 2, solution.lags.span)
    lags = Lags(half, dt)
    if 2 * (len(lags) - 1) > MOST_POINTS:
        reject("window", length, f"takes {2 * (len(lags) - 1)} points at dt={dt:.3g}, above "
               f"{MOST_POINTS}", "give a shorter window or a larger dt, or a network with faster "
               "activity")
    stride = int(np.ceil(lags.dt / path_grid(solution)[0].dt * (1 - 1e-9)))
    return lags, Lags(half, lags.dt / stride)


def _taper(tau: np.ndarray, half: float) -> np.ndarray:
    """One at short lags, zero from half of the window on: sampled tails are noise."""
    place = np.clip((tau - TAPER_BEGIN * half) / ((1 - TAPER_BEGIN) * half), 0.0, 1.0)
    return (1 + np.cos(np.pi * place)) / 2


def _tapered(solution: Solution, taper: np.ndarray) -> Solution:
    def decaying(curve: Estimate, static: float) -> Estimate:
        return Estimate((curve.value - static) * taper + static, curve.stderr)

    return replace(solution, R_phi=decaying(solution.R_phi, 0.0),
                   C_x=decaying(solution.C_x, float(solution.C_x_static)),
                   C_phi=decaying(solution.C_phi, float(solution.C_phi_static)))


def _window(solution: Solution, lags: Lags) -> Window:
    half = np.interp(lags.tau, solution.lags.tau, solution.C_x.value)
    return Window(2 * lags.span, np.concatenate([half, half[-2:0:-1]]),
                  float(solution.C_x_static), 0.0)


def _paths(solution: Solution, lags: Lags, count: int, rng: np.random.Generator
           ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(T, count) paths at the statistics of the solution, on the window of these lags.

    And the paths of its linear surrogate with the same noise, with their covariance (n,).
    """
    network = solution.network
    at = from_solution(solution, lags)
    now = drive(network, at)
    sweep = Sweep(now, np.maximum(lags.spectrum(at.C), 0.0), max(at.slope, 0.0), network.phi)
    paths = SteppedPaths.draw(int(rng.integers(2**63)), count, lags)
    for _ in range(SITE_SWEEPS - 1):
        for rows in paths.chunks():
            sweep(paths, rows)
    x = np.concatenate([sweep(paths, rows) for rows in paths.chunks()], axis=1)
    surrogate = linear_surrogate(now, max(at.slope, 0.0), network.phi)
    root = surrogate.transfer * np.sqrt(now.V) * amplitude(lags)
    return x, fft.irfft(root[:, None] * paths.z, period_steps(lags), axis=0), surrogate.C_x


def _statistics(solution: Solution, rows: Replicates, taper: np.ndarray, at: np.ndarray
                ) -> tuple[np.ndarray, np.ndarray]:
    """<phi'>, C_x and C_phi at these lags, and the parts of replicates in their errors."""
    tau = solution.lags.tau

    def values(curve: np.ndarray) -> np.ndarray:
        return np.interp(at, tau, curve)

    target = np.concatenate([[float(solution.gain)], values(solution.C_x.value),
                             values(solution.C_phi.value)])
    each = np.stack([np.concatenate([[gain], values(taper * C_x), values(taper * C_phi)])
                     for gain, C_x, C_phi in zip(rows.gain, rows.C_x, rows.C_phi, strict=True)])
    return target, (each - each.mean(axis=0)) / np.sqrt(len(each) * (len(each) - 1))


def _regressed(features: np.ndarray, found: np.ndarray, target: np.ndarray
               ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Means of features (n, f) where statistics (n, q) are `target`: (f,) values.

    And the coefficients (q, f), and the parts of groups of paths in the errors, (groups, f).
    """
    n, scale = len(found), found.std(axis=0)
    z = (found - found.mean(axis=0)) / scale
    centred = features - features.mean(axis=0)
    u, s, vt = np.linalg.svd(z, full_matrices=False)
    kept = s > STATISTICS_RCOND * s[0]
    beta = vt[kept].T @ ((u[:, kept].T @ centred) / s[kept, None])
    residual = (centred - z @ beta) / n
    groups = np.add.reduceat(residual, np.arange(0, n, -(-n // CHEAP_GROUPS)))
    beta = beta / scale[:, None]
    return features.mean(axis=0) + (target - found.mean(axis=0)) @ beta, beta, groups

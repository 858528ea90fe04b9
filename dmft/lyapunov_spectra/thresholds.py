"""Thresholds: psi and 1 - F at one s from sampled gains, and the thresholds that are solved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..network.nonlinearity import Nonlinearity
from .control_features import ControlFeatures, control_features
from .tangent_kernels import Functional, GainSample, Kernels, active, closure, solve_kernels
from .tuning import DISTANCE_RATIO, FIRST_DISTANCES, LOW_SHARES, STABLE_FIRST, WARM_BELOW
from .window import Window


@dataclass(frozen=True, eq=False)
class Threshold:
    """The solution at s = a - 1.

    Parameters
    ----------
    a : float
    excess, fraction : float
        psi(s) and 1 - F(s).
    influence : (n,) array
        Parts of the paths in the error of psi.
    residual : float
    sweeps : int
    kernels : Kernels, optional
        The fixed point, from which a threshold below can start.
    """

    a: float
    excess: float
    fraction: float
    influence: np.ndarray
    residual: float
    sweeps: int
    kernels: Kernels | None = None


@dataclass(frozen=True, eq=False)
class SampledSpectrum:
    """Sampled gains of one unit, from which every threshold is solved.

    Parameters
    ----------
    window : Window
    d : (n, m) array
        Gains along the paths.
    features : ControlFeatures
    weights : (n,) array
    slopes : (m,) array
        <phi'(x(t)) phi'(x(t + tau))> on the ring.
    functional : callable
    """

    window: Window
    d: np.ndarray
    features: ControlFeatures
    weights: np.ndarray
    slopes: np.ndarray
    functional: Functional

    @property
    def feature_error(self) -> float:
        """Largest distance of a weighted feature from its exact mean, in deviations of a path."""
        return float(np.max(np.abs(self.weights @ self.features.values)))

    def at(self, a: float, near: Threshold | None = None) -> Threshold:
        """psi and 1 - F at s = a - 1, from Omega at the fixed point of the kernels.

        The iteration starts at the kernels of a threshold `near`, if one is given.
        """
        window = self.window
        start = closure(window, a, self.slopes, self.functional)
        harmonics = active(window, a, start)
        if near is not None and near.kernels is not None:
            start = near.kernels.completed(start)
        sample = GainSample(window, self.d, self.weights, harmonics)
        found = solve_kernels(sample, a, start, self.functional)
        x = found.kernels.B * found.kernels.P
        value, slope = self.functional(x)
        count = window.multiplicity / window.length
        y = np.stack([found.values.log_det, found.values.share], axis=1)
        mean, influence = self.features.regress(self.weights, y)
        excess = (mean[0] + float(count @ (value - 2 * slope * x))) / 2
        # log det of d/dt + a on the ring, where it is not a T: the response returns after T
        returned = np.exp(-a * window.length)
        excess += float(np.log1p(-returned)) / window.length
        fraction = mean[1] - returned / (1 - returned)
        return Threshold(a, float(excess), float(fraction), influence[:, 0] / 2, found.residual,
                         found.sweeps, found.kernels)

    def at_all(self, places: np.ndarray) -> list[Threshold]:
        """The solutions at increasing a, found from the edge on."""
        found: list[Threshold] = []
        for a in places[::-1]:
            warm = found and a < WARM_BELOW * places[-1]
            found.append(self.at(float(a), found[-1] if warm else None))
        return found[::-1]


def sampled_spectrum(phi: Nonlinearity, window: Window, slopes: np.ndarray, functional: Functional,
                     paths: int, rng: np.random.Generator) -> SampledSpectrum:
    """Draw the paths, and weight them so that their features have the exact means."""
    x = window.paths(paths, rng)
    features = control_features(phi, window, x)
    return SampledSpectrum(window, np.asarray(phi.derivative(x), dtype=float), features,
                           features.weights(), slopes, functional)


def thresholds(largest: float) -> np.ndarray:
    """Increasing a = 1 + s to be solved: dense near the edge and near -1, with s = 0 if inside."""
    edge = 1 + largest
    last = (1 - LOW_SHARES[-1]) * edge
    first = largest * np.array(FIRST_DISTANCES) if largest > 0 else np.array([STABLE_FIRST * edge])
    first = first[first < last]
    count = int(np.ceil(np.log(last / first[-1]) / np.log(DISTANCE_RATIO)))
    rest = first[-1] * (last / first[-1]) ** (np.arange(1, count) / count)
    return np.sort(np.concatenate([edge - first, edge - rest, edge * np.array(LOW_SHARES)]))

"""Thresholds: psi and 1 - F at one s from sampled gains, and the thresholds that are solved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..network.nonlinearity import Nonlinearity
from .closure import active, closure
from .control_features import ControlFeatures, control_features
from .gain_modes import Gains, PlainGains
from .tangent_kernels import Functional, GainSample, Kernels, KernelSolution, solve_kernels
from .tuning import (
    DISTANCE_RATIO,
    FEW_DISTANCES,
    FIRST_DISTANCES,
    LEAST_THRESHOLDS,
    LOW_SHARES,
    RESIDUAL_LIMIT,
    STABLE_FIRST,
    WARM_BELOW,
)
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
    gains : Gains
    features : ControlFeatures
    weights : (n,) array
    slopes : (m,) array
        <phi'(x(t)) phi'(x(t + tau))> on the ring.
    functional : callable
    """

    gains: Gains
    features: ControlFeatures
    weights: np.ndarray
    slopes: np.ndarray
    functional: Functional

    @property
    def window(self) -> Window:
        return self.gains.window

    @property
    def feature_error(self) -> float:
        """Largest distance of a weighted feature from its exact mean, in deviations of a path."""
        return float(np.max(np.abs(self.weights @ self.features.values)))

    def at(self, a: float, near: Threshold | None = None) -> Threshold:
        """psi and 1 - F at s = a - 1, from Omega at the fixed point of the kernels.

        The iteration starts at the kernels of a threshold `near`, if one is given.
        """
        start, harmonics = self.start(a)
        if near is not None and near.kernels is not None:
            start = near.kernels.completed(start)
        sample = GainSample(self.gains, self.weights, harmonics)
        found = solve_kernels(sample, a, start, self.functional)
        x = found.kernels.B * found.kernels.P
        value, slope = self.functional(x)
        with np.errstate(all="ignore"):  # where the kernels were lost
            y, constant = self.path_values(sample, a, found)
        if not np.all(np.isfinite(y)):
            return Threshold(a, np.nan, np.nan, np.zeros(0), np.inf, found.sweeps)
        mean, influence = self.features.regress(self.weights, y)
        count = self.window.multiplicity / self.window.length
        excess = (mean[0] + constant + float(count @ (value - 2 * slope * x))) / 2
        # log det of d/dt + a on the ring, where it is not a T: the response returns after T
        returned = np.exp(-a * self.window.length)
        excess += float(np.log1p(-returned)) / self.window.length
        fraction = mean[1] - returned / (1 - returned)
        own = self.explicit_influence(sample, a, found)
        return Threshold(a, float(excess), float(fraction),
                         np.concatenate([influence[:, 0] / 2, own]), found.residual,
                         found.sweeps, found.kernels)

    def start(self, a: float) -> tuple[Kernels, np.ndarray]:
        """Kernels to start from, and the harmonics that take part."""
        L2 = a**2 + self.window.omega**2
        start = closure(self.window, L2, self.slopes, self.functional)
        return start, active(L2, start)

    def path_values(self, sample: GainSample, a: float, found: KernelSolution
                    ) -> tuple[np.ndarray, float]:
        """(n, 2) log det and 1 - F of each path, and what else Omega has."""
        return np.stack([found.values.log_det, found.values.share], axis=1), 0.0

    def explicit_influence(self, sample: GainSample, a: float, found: KernelSolution) -> np.ndarray:
        """Errors of psi that do not come from the paths: of sampled kernels in Omega itself."""
        return np.zeros(0)

    def at_all(self, places: np.ndarray, report: Callable | None = None) -> list[Threshold]:
        """The solutions at increasing a, found from the edge on; `report(done, total)` after each.

        With memory they end where kernels do not converge: few paths are unstable by themselves at
        low thresholds, and dominate there.
        """
        found: list[Threshold] = []
        for a in places[::-1]:
            warm = found and a < WARM_BELOW * places[-1]
            one = self.at(float(a), found[-1] if warm else None)
            lost = not (np.isfinite(one.excess) and one.residual <= RESIDUAL_LIMIT)
            if lost and self.gains.has_memory and len(found) >= LEAST_THRESHOLDS:
                break
            found.append(one)
            if report is not None:
                report(len(found), len(places))
        return found[::-1]


def sampled_spectrum(phi: Nonlinearity, window: Window, slopes: np.ndarray, functional: Functional,
                     paths: int, rng: np.random.Generator) -> SampledSpectrum:
    """Draw the paths, and weight them so that their features have the exact means."""
    x = window.paths(paths, rng)
    features = control_features(phi, window, x)
    gains = PlainGains(window, np.asarray(phi.derivative(x), dtype=float))
    return SampledSpectrum(gains, features, features.weights(), slopes, functional)


def thresholds(largest: float, lowest: float = 0.0, full: bool = True) -> np.ndarray:
    """Increasing a = 1 + s to be solved: dense near the edge and near -1, with s = 0 if inside.

    `lowest` is the smallest a that the theory covers, above 0 where the spectrum is not symmetric.
    Without `full` they are those that entropy rate and dimension need.
    """
    edge, depth = 1 + largest, 1 + largest - lowest
    last = (1 - LOW_SHARES[-1]) * depth
    first = largest * np.array(FIRST_DISTANCES) if largest > 0 else np.array([STABLE_FIRST * edge])
    first = first[first < last]
    if not full and largest > 0:
        lowest = max(lowest, LOW_SHARES[1] * edge)
        return np.sort(np.maximum(edge - largest * np.array(FEW_DISTANCES), lowest))
    count = int(np.ceil(np.log(last / first[-1]) / np.log(DISTANCE_RATIO)))
    rest = first[-1] * (last / first[-1]) ** (np.arange(1, count) / count)
    low = lowest + depth * np.array(LOW_SHARES)
    return np.sort(np.concatenate([edge - first, edge - rest, low]))

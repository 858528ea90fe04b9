"""Averages of phi over pairs of Gaussians that have means, along a march in time."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from ..network.nonlinearity import Nonlinearity
from .partition import partition
from .tuning import (
    GAUSSIAN_RANGE,
    HERMITE_TERMS,
    PANEL_NODES,
    PANEL_WIDTH,
    SCANNED_RANGE,
)
from .two_variances import PairAverages, pair_averages

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(PANEL_NODES)


class MarchedAverages(Protocol):
    """Averages of phi over Gaussians x_0, x_1, ... whose moments become known one by one."""

    rate: float  # <phi> at the newest time
    gain: float  # <phi'> at the newest time

    def append(self, mean: float, variance: float) -> None:
        """Add a time."""

    def correlation(self, Delta: np.ndarray) -> np.ndarray:
        """(n,) <phi phi> of the newest time with all n times, from the covariances Delta (n,)."""


def marched_averages(phi: Nonlinearity, times: int, centred: bool) -> MarchedAverages:
    """The averages for a march of so many times; `centred` where all means are zero."""
    if centred and phi.odd:
        return CentredPairs(pair_averages(phi), times)
    return PairsWithMeans(phi, times)


class CentredPairs:
    """An odd phi at Gaussians without means: <phi> = 0."""

    rate = 0.0

    def __init__(self, averages: PairAverages, times: int):
        self._averages, self._variance, self._count = averages, np.zeros(times), 0
        self.gain = 0.0

    def append(self, mean: float, variance: float) -> None:
        self._variance[self._count] = variance
        self._count += 1
        self.gain = float(self._averages.gain(np.array([variance]))[0])

    def correlation(self, Delta: np.ndarray) -> np.ndarray:
        known = self._variance[:self._count]
        return np.asarray(self._averages.correlation(Delta[None], known[-1:], known[None])[0])


class PairsWithMeans:
    """Any phi at Gaussians with means, by Hermite series.

    With x_t = m_t + s_t z, phi(x_t) = sum over n of a_n(t) He_n(z)/sqrt(n!), and
    <phi(x_t) phi(x_s)> = sum over n of a_n(t) a_n(s) rho^n, rho the correlation coefficient. What
    the series leaves of <phi^2> is kept, with the power of rho of the first term that is left out.
    """

    def __init__(self, phi: Nonlinearity, times: int):
        partition(phi, SCANNED_RANGE)  # rejects an undeclared kink
        self._phi, self._count = phi, 0
        self._series = np.zeros((times, HERMITE_TERMS))
        self._rest, self._width = np.zeros(times), np.zeros(times)
        self.rate = self.gain = 0.0

    def append(self, mean: float, variance: float) -> None:
        width = float(np.sqrt(max(variance, 0.0)))
        z, weight = _normal(width, [(kink - mean) / width for kink in self._phi.kinks]
                            if width else [])
        values = self._phi(mean + width * z)
        series = _hermite(z) @ (weight * values)
        self.rate = float(series[0])
        self.gain = float(weight @ self._phi.derivative(mean + width * z))
        self._series[self._count], self._width[self._count] = series, width
        self._rest[self._count] = np.sqrt(max(float(weight @ values**2) - series @ series, 0.0))
        self._count += 1

    def correlation(self, Delta: np.ndarray) -> np.ndarray:
        n = self._count
        scale = self._width[:n] * self._width[n - 1]
        rho = np.clip(np.divide(Delta, scale, out=np.zeros(n), where=scale > 0), -1.0, 1.0)
        out = self._rest[:n] * self._rest[n - 1]
        products = self._series[:n] * self._series[n - 1]
        for term in products.T[::-1]:  # Horner
            out = out * rho + term
        return np.asarray(out)


def _normal(width: float, breaks: list[float]) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of a unit normal, in panels that resolve phi(width z) and end at breaks."""
    panels = int(np.ceil(2 * GAUSSIAN_RANGE * max(1.0, width) / PANEL_WIDTH))
    edges = np.unique([*np.linspace(-GAUSSIAN_RANGE, GAUSSIAN_RANGE, panels + 1),
                       *(one for one in breaks if abs(one) < GAUSSIAN_RANGE)])
    half = np.diff(edges)[:, None] / 2
    z = (edges[:-1, None] + half * (1 + _NODES)).ravel()
    weight = (half * _WEIGHTS).ravel() * np.exp(-z**2 / 2)
    return z, weight / weight.sum()


def _hermite(z: np.ndarray) -> np.ndarray:
    """(HERMITE_TERMS, n) He_n(z)/sqrt(n!)."""
    out = np.ones((HERMITE_TERMS, len(z)))
    out[1] = z
    for n in range(2, HERMITE_TERMS):
        out[n] = (z * out[n - 1] - np.sqrt(n - 1) * out[n - 2]) / np.sqrt(n)
    return out

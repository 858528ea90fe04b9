"""Observer: measurements at chosen times while prepared networks run."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dmft.units.leaky import LEAKY

from ..couplings.loadings import Loadings
from ..couplings.operators import of_regions
from ..measurements.correlator import mean_product
from .unit_steps import UnitSteps

AVERAGES = ("variance", "mean", "rates", "power", "psi")  # <x^2>, <x>, <phi>, <phi^2>, <phi'>


class Observer:
    """Currents, variances, gains and two-time correlations of one network, over its trials.

    S_p = n^p . phi / N, averaged over trials, is computed in every step and filtered by the step of
    the units, (1 + d/dt) z = S from z(0) = z0. Thus z is the part of x along m^p for any overlaps
    of the m, and no projection is required.

    Parameters
    ----------
    steps : (m,) array of int
        Steps of observation, ascending.
    sizes : (R,) tuple of int
        Numbers of units of the regions: the rows of a state are R blocks of units.
    loadings : Loadings or None
        The low-rank couplings; None without currents.
    slope : callable
        The derivative phi'.
    start : (P,) array
        Initial filtered currents z0.
    dt : float
        Step, in neuronal time constants.
    pairs : bool
        Whether correlations at all pairs of times are measured, for which x and phi(x) are stored.
    """

    def __init__(self, steps: np.ndarray, sizes: tuple[int, ...], loadings: Loadings | None,
                 slope: Callable[[np.ndarray], np.ndarray], start: np.ndarray, dt: float,
                 pairs: bool):
        self.index_of = {int(step): k for k, step in enumerate(steps)}
        self.last = int(steps[-1])
        self.sizes, self.loadings, self.slope = sizes, loadings, slope
        m, regions = len(steps), len(sizes)
        self.filtered = UnitSteps(LEAKY, dt, 0.0, np.array(start, dtype=float)[:, None])
        self.z, self.S = np.zeros((m, len(start))), np.zeros((m, len(start)))
        self.variance, self.mean, self.rates, self.power, self.psi = np.zeros((5, m, regions))
        self.correlations = np.zeros((2, regions, m, m)) if pairs else None  # of x, of phi
        self._kept: list[tuple[np.ndarray, np.ndarray]] = []

    def record(self, step: int, x: np.ndarray, phi: np.ndarray) -> None:
        """Measure the states x and phi(x), (R N, B), of one step; to be called at every step."""
        z = self.filtered.x[:, 0]
        S = (np.zeros_like(z) if self.loadings is None
             else self.loadings.currents(phi).mean(axis=1, dtype=float))
        k = self.index_of.get(step)
        if k is not None:
            self.z[k], self.S[k] = z, S
            for state, square, mean in ((x, self.variance, self.mean),
                                        (phi, self.power, self.rates)):
                for region, own in enumerate(of_regions(state, self.sizes)):
                    square[k, region] = mean_product(own, own)
                    mean[k, region] = own.mean(dtype=float)
            slope = self.slope(x)
            self.psi[k] = [own.mean(dtype=float) for own in of_regions(slope, self.sizes)]
            if self.correlations is not None:
                self._correlate(k, x, phi)
        self.filtered.advance(S[:, None])

    def _correlate(self, k: int, x: np.ndarray, phi: np.ndarray) -> None:
        assert self.correlations is not None
        self._kept.append((x.copy(), phi))  # phi is a new array at each step, x is not
        for row, state in enumerate((x, phi)):
            for earlier, kept in enumerate(self._kept):
                for region, (then, own) in enumerate(zip(
                        of_regions(kept[row], self.sizes), of_regions(state, self.sizes),
                        strict=True)):
                    value = mean_product(then, own)
                    self.correlations[row, region, k, earlier] = value
                    self.correlations[row, region, earlier, k] = value

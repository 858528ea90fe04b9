"""Correlator: correlation functions at chosen lags, accumulated while a simulation runs."""

from __future__ import annotations

import numpy as np

from ..couplings.operators import of_regions


class Correlator:
    """Averages of x(t) x(t+tau) and phi(t) phi(t+tau) over reference times, units and trials.

    Copies are kept only of the reference states within the longest lag, and each is multiplied
    with the states at the requested lags alone: memory and operations scale with the number of
    requested lags, not with the number of steps.

    Parameters
    ----------
    lags : (L,) array of int
        Lags in steps, 0 or above, ascending.
    every : int
        Steps from one reference time to the next.
    first, references : int
        Step of the first reference time, and number of reference times.
    sizes : (R,) tuple of int, optional
        Numbers of units of the regions: the rows of a state are R blocks of units, each with
        averages of its own. One region by default.
    """

    def __init__(self, lags: np.ndarray, every: int, first: int, references: int,
                 sizes: tuple[int, ...] = (1,)):
        self.lags = [int(lag) for lag in lags]
        self.every, self.first = every, first
        self.last = first + every * (references - 1)
        self.references = references
        self.sizes = sizes
        # of x and phi in each region; float64 for every dtype of x
        self.sums = np.zeros((2, len(sizes), len(self.lags)))
        self.static_sums = np.zeros(2)
        self.halves = np.zeros(2)  # sum of x^2 over the first and second half of reference times
        self._kept: dict[int, tuple[np.ndarray, np.ndarray]] = {}

    @property
    def steps(self) -> int:
        """Number of steps after which the measurement is complete."""
        return self.last + self.lags[-1] + 1

    def record(self, step: int, x: np.ndarray, phi: np.ndarray) -> None:
        """Add the states x and phi(x), (N, B), of one step."""
        if self.first <= step <= self.last and (step - self.first) % self.every == 0:
            self._kept[step] = (x.copy(), phi)  # phi is a new array at each step, x is not
            for row, state in enumerate((x, phi)):
                self.static_sums[row] += _between_trials(state)
            half = 2 * (step - self.first) >= self.every * self.references
            self.halves[int(half)] += mean_product(x, x)
        for column, lag in enumerate(self.lags):
            then = self._kept.get(step - lag)
            if then is not None:
                for row, (earlier, now) in enumerate(zip(then, (x, phi), strict=True)):
                    self.sums[row, :, column] += self._products(earlier, now)
        self._kept.pop(step - self.lags[-1], None)

    def correlations(self) -> np.ndarray:
        """(2, L): C_x and C_phi at the lags, averaged over all units."""
        regions = self.of_regions()
        if len(set(self.sizes)) == 1:
            return regions.mean(axis=1)
        return np.average(regions, axis=1, weights=self.sizes)

    def of_regions(self) -> np.ndarray:
        """(2, R, L): C_x and C_phi of each region at the lags."""
        return self.sums / self.references

    def _products(self, a: np.ndarray, b: np.ndarray) -> list[float]:
        """Mean of a b over the units and trials of each region."""
        if len(self.sizes) == 1:
            return [mean_product(a, b)]
        return [mean_product(*both) for both in zip(
            of_regions(a, self.sizes), of_regions(b, self.sizes), strict=True)]

    def static(self) -> np.ndarray:
        """(2,): static parts of C_x and C_phi, shared by the trials of a network (NaN for one)."""
        return self.static_sums / self.references

    def drift(self) -> float:
        """Relative change of the variance of x from the first to the second half of the times."""
        later = self.references // 2
        if later == 0 or self.halves[0] == 0:
            return 0.0
        return float((self.halves[1] / later) / (self.halves[0] / (self.references - later)) - 1)


def mean_product(a: np.ndarray, b: np.ndarray) -> float:
    """Mean of a b over all entries."""
    return float(np.dot(a.reshape(-1), b.reshape(-1))) / a.size


def _between_trials(state: np.ndarray) -> float:
    """Product of the states of two different trials, averaged over units and pairs of trials.

    Trials of one network with independent starts share only the part that does not decay, so that
    this is an unbiased estimate of the correlation function's limit at infinite lag.
    """
    units, trials = state.shape
    if trials < 2:
        return np.nan
    total = state.sum(axis=1, dtype=np.float64)
    pairs = np.dot(total, total) / units - trials * mean_product(state, state)
    return float(pairs / (trials * (trials - 1)))

"""The self-consistent map of the populations' means and correlations, and its derivative."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..averages.gaussian_averages import averages_at
from ..averages.protocol import GaussianAverages
from ..averages.shifted import shifted
from ..averages.tuning import SERIES_TAIL
from ..grids.corners import correlation_of_corner, spectrum_with_corner
from ..grids.lags import Lags
from ..network.nonlinearity import Nonlinearity
from ..network.populations import Population
from .tuning import LEAST_RESTORING, PROBE


@dataclass(frozen=True, eq=False)
class PopulationMap:
    """(Delta_a(tau), m_a) -> (covariance of x_a, mean of x_a) of units with this drive.

    m_a = H_a(0) (sum_b mean_ab <phi_b> + I_a), and Delta_a = |H_a|^2 (sum_b g_ab^2 C_b + bias_a^2)
    + white noise, with C_b = <phi_b phi_b> of Gaussians of mean m_b, not centred. A state is a
    vector of R rows of n + 1 entries (Delta at the lags, and its static part), and the R means.
    """

    populations: tuple[Population, ...]
    mean: np.ndarray
    gains: np.ndarray
    lags: Lags
    tail: float = SERIES_TAIL

    @cached_property
    def power(self) -> np.ndarray:
        """(R, n) |H|^2 of each population."""
        return np.array([one.unit.power(self.lags.omega) for one in self.populations])

    @cached_property
    def static_gain(self) -> np.ndarray:
        """(R,) H(0)."""
        return np.array([one.unit.static_gain for one in self.populations])

    @cached_property
    def white(self) -> np.ndarray:
        """(R, n) correlations of x that white noise alone causes."""
        return np.array([one.noise**2 * one.unit.white_correlation(self.lags.tau)
                         for one in self.populations])

    @cached_property
    def kinks(self) -> np.ndarray:
        """(R,) minus the slope of Delta at zero lag, which white noise causes."""
        return np.array([one.noise**2 * one.unit.kink for one in self.populations])

    @property
    def R(self) -> int:
        """Number of populations."""
        return len(self.populations)

    def split(self, state: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(R, n + 1) correlations with their static parts, and (R,) means."""
        return state[:-self.R].reshape(self.R, -1), state[-self.R:]

    def averages(self, state: np.ndarray) -> list[GaussianAverages]:
        """Of each population, at its mean and variance."""
        rows, means = self.split(state)
        return [averages_at(shifted(one.phi, float(mean)), max(float(row[0]), 0.0), self.tail)
                for one, row, mean in zip(self.populations, rows, means, strict=True)]

    def image(self, state: np.ndarray, fixed_means: bool = False) -> np.ndarray:
        """The state after one step; with `fixed_means` only the correlations follow."""
        rows, means = self.split(state)
        found = self.averages(state)
        C = np.array([one.correlation(np.clip(row, -row[0], row[0]))
                      for one, row in zip(found, rows, strict=True)])
        square_slopes = np.array([one.slope(one.variance) for one in found], dtype=float)
        new = self.propagated(C, np.array([one.mean for one in found]), square_slopes)
        new = new + self.driven
        if fixed_means:
            new[-self.R:] = means
        return new

    __call__ = image

    def propagated(self, C: np.ndarray, rates: np.ndarray, square_slopes: np.ndarray
                   ) -> np.ndarray:
        """What correlations (R, n + 1) and mean outputs (R,) cause through the couplings.

        `square_slopes` (R,) are <phi'^2>: C has the slope -kink <phi'^2> at zero lag.
        """
        static = self.gains @ C[:, -1] * self.static_gain**2
        spectra = self.gains @ np.array([
            spectrum_with_corner(self.lags, row[:-1] - row[-1], float(kink)) for row, kink in zip(
                C, self.kinks * square_slopes, strict=True)])
        corners = self.gains @ (self.kinks > 0) > 0
        decaying = np.array([
            correlation_of_corner(self.lags, row) if corner else self.lags.correlation(row)
            for row, corner in zip(spectra * self.power, corners, strict=True)])
        new = np.append(decaying + static[:, None], static[:, None], axis=1)
        return np.append(new.ravel(), self.static_gain * (self.mean @ rates))

    @cached_property
    def driven(self) -> np.ndarray:
        """What noise, bias and inputs cause."""
        inputs, bias = (np.array([getattr(one, name) for one in self.populations])
                        for name in ("input", "bias"))
        static = ((bias * self.static_gain) ** 2)[:, None]
        return np.append(np.append(self.white + static, static, axis=1).ravel(),
                         self.static_gain * inputs)

    def admissible(self, state: np.ndarray) -> bool:
        """Whether all rows can be correlations: nonnegative, and largest at zero lag."""
        rows, _ = self.split(state)
        return bool(np.all(np.isfinite(state)) and np.all(rows[:, 0] >= 0)
                    and np.all(np.abs(rows) <= rows[:, :1] * (1 + 1e-6) + 1e-12))


class LinearisedPopulationMap:
    """The derivative of a PopulationMap, and its approximate inverse.

    C depends on Delta at its own lag, on Delta(0) and on the mean; the last two derivatives are
    one-sided differences, at a fixed correlation coefficient. Far from zero lag <phi' phi'> is
    constant, so that 1 - map' is a matrix among populations at each frequency; means are treated
    apart.
    """

    def __init__(self, step: PopulationMap, state: np.ndarray):
        self._step = step
        rows, means = step.split(state)
        found = [_Derivative.at(one.phi, float(mean), row) for one, row, mean in zip(
            step.populations, rows, means, strict=True)]
        self._found = found
        gains, one = step.gains * np.array([each.slope[-1] for each in found]), np.eye(step.R)
        self._of_spectrum = _inverse(one - step.power.T[:, :, None] * gains)
        self._of_static = _inverse(one - step.static_gain[:, None] ** 2 * gains)
        self._of_means = _inverse(one - step.static_gain[:, None] * step.mean
                                  * np.array([each.rate_by_mean for each in found]))

    def __call__(self, direction: np.ndarray) -> np.ndarray:
        rows, means = self._step.split(direction)
        both = list(zip(self._found, rows, means, strict=True))
        C = np.array([one.slope * row + one.by_variance * row[0] + one.by_mean * mean
                      for one, row, mean in both])
        rates = np.array([one.rate_by_mean * mean + one.rate_by_variance * row[0]
                          for one, row, mean in both])
        square_slopes = np.array([one.corner_by_variance * row[0] + one.corner_by_mean * mean
                                  for one, row, mean in both])
        return self._step.propagated(C, rates, square_slopes)

    def approximate_inverse(self, change: np.ndarray) -> np.ndarray:
        lags, (rows, means) = self._step.lags, self._step.split(change)
        static = self._of_static @ rows[:, -1:]
        spectrum = np.array([lags.spectrum(row[:-1] - row[-1]) for row in rows])
        decaying = np.array([lags.correlation(row) for row in
                             np.einsum("wij,jw->iw", self._of_spectrum, spectrum)])
        correlations = np.append(decaying + static, static, axis=1)
        return np.append(correlations.ravel(), self._of_means @ means)


@dataclass(frozen=True, eq=False)
class _Derivative:
    """Derivatives of C (n + 1,) by Delta at its own lag, by Delta(0) and by the mean.

    Those of <phi> and of <phi'^2>, by Delta(0) and by the mean, go with them.
    """

    slope: np.ndarray
    by_variance: np.ndarray
    by_mean: np.ndarray
    rate_by_mean: float
    rate_by_variance: float
    corner_by_variance: float
    corner_by_mean: float

    @classmethod
    def at(cls, phi: Nonlinearity, mean: float, row: np.ndarray) -> _Derivative:
        D = max(float(row[0]), 0.0)
        here = averages_at(shifted(phi, mean), D)
        rho = np.clip(row / D, -1.0, 1.0) if D > 0 else np.ones(len(row))
        inside = rho * D
        C, slope = here.correlation(inside), here.slope(inside)
        wide = averages_at(shifted(phi, mean), D * (1 + PROBE) if D > 0 else PROBE)
        up = averages_at(shifted(phi, mean + PROBE), D)
        square = float(slope[0])
        along = (wide.correlation(rho * wide.variance) - C) / (wide.variance - D)
        return cls(slope, along - slope * rho, (up.correlation(inside) - C) / PROBE,
                   here.mean_slope, (wide.mean - here.mean) / (wide.variance - D),
                   (float(wide.slope(wide.variance)) - square) / (wide.variance - D),
                   (float(up.slope(D)) - square) / PROBE)


def _inverse(matrices: np.ndarray) -> np.ndarray:
    """Inverses, of matrices whose singular values are kept away from zero."""
    u, s, vt = np.linalg.svd(matrices)
    s = np.maximum(s, LEAST_RESTORING)
    return np.swapaxes(vt, -1, -2) @ (np.swapaxes(u, -1, -2) / s[..., None])

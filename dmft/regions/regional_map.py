"""The self-consistent map of regions that share disorder, on the lags, and its derivative."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..averages.gaussian_averages import averages_at
from ..equations import linear_response
from ..grids.corners import correlation_of_corner, spectrum_with_corner
from ..grids.lags import Lags
from ..network.regional_mean_field import MeanField
from .tuning import FLUCTUATION_THRESHOLD, TANGENT_STEP


@dataclass(frozen=True, eq=False)
class RegionalMap:
    """The self-consistent map Delta -> <x x>; a row per region, its static part after the lags."""

    field: MeanField
    driven: np.ndarray
    lags: Lags

    def start(self) -> np.ndarray:
        """A state above every solution: the noise of saturated units, decaying slowly."""
        largest = float(np.max(self.field.phi(np.array([-40.0, 40.0])) ** 2))
        total = self.field.gains @ np.full(self.field.regions, largest)
        decaying = np.exp(-self.lags.tau / 4)
        return np.append(np.outer(total, decaying), np.zeros((len(total), 1)), axis=1) + (
            self.driven + self.field.noise**2)[:, None]

    def __call__(self, state: np.ndarray) -> np.ndarray:
        field = self.field
        found = [averages_at(field.phi, max(float(row[0]), 0.0)) for row in state]
        C = np.array([one.correlation(row) for one, row in zip(found, state, strict=True)])
        static = field.gains @ C[:, -1:] + self.driven[:, None]
        # white noise makes a corner of C at zero lag, which the grid does not resolve
        spectra = field.gains @ np.array([
            spectrum_with_corner(self.lags, row[:-1] - row[-1], field.noise**2 * float(
                one.slope(one.variance))) for one, row in zip(found, C, strict=True)])
        spectra = spectra * linear_response.lowpass_power(self.lags.omega)
        decaying = (np.array([correlation_of_corner(self.lags, row) for row in spectra])
                    if field.noise else self.lags.correlation(spectra))
        white = linear_response.white_noise_correlation(self.lags.tau, field.noise)
        return np.append(decaying + white + static, static, axis=1)

    def flat(self, state: np.ndarray) -> np.ndarray:
        """The map of the rows concatenated into one vector."""
        return self(state.reshape(self.field.regions, -1)).ravel()

    def fluctuating(self, flat: np.ndarray) -> bool:
        """Whether the rows can be correlations, and one of them decays with the lag.

        A state that is constant in time is a fixed point too, next to one that fluctuates.
        """
        state = flat.reshape(self.field.regions, -1)
        decaying = state[:, 0] - state[:, -1] > FLUCTUATION_THRESHOLD * state[:, 0]
        return self.admissible(flat) and bool(np.any(decaying))

    def admissible(self, flat: np.ndarray) -> bool:
        """Whether all rows can be correlations: nonnegative and largest at zero lag."""
        state = flat.reshape(self.field.regions, -1)
        total = state[:, :1]
        return bool(np.all(np.isfinite(state)) and np.all(total >= 0)
                    and np.all(np.abs(state) <= total * (1 + 1e-12)))

    def linearised(self, flat: np.ndarray) -> LinearisedRegionalMap:
        """The derivative of `flat` at one state."""
        return LinearisedRegionalMap(self, flat)


class LinearisedRegionalMap:
    """The derivative of a RegionalMap by differences, and its approximate inverse.

    At infinite lag <phi' phi'> is constant, and 1 - map' is a matrix among regions for each
    frequency. Its inverse there approximates that of the whole.
    """

    def __init__(self, step: RegionalMap, flat: np.ndarray):
        self._step, self._at, self._image = step, flat, step.flat(flat)
        state, phi = flat.reshape(step.field.regions, -1), step.field.phi
        slopes = np.array([float(averages_at(phi, max(float(row[0]), 0.0)).slope(row[-1]))
                           for row in state])
        gains, one = step.field.gains * slopes, np.eye(step.field.regions)
        power = linear_response.lowpass_power(step.lags.omega)
        self._of_spectrum = np.linalg.inv(one - power[:, None, None] * gains)
        self._of_static = np.linalg.inv(one - gains)

    def __call__(self, direction: np.ndarray) -> np.ndarray:
        size = float(np.max(np.abs(direction)))
        if size == 0:
            return direction
        small = TANGENT_STEP * max(float(np.max(np.abs(self._at))), 1e-300) / size
        return (self._step.flat(self._at + small * direction) - self._image) / small

    def approximate_inverse(self, change: np.ndarray) -> np.ndarray:
        rows, lags = change.reshape(self._step.field.regions, -1), self._step.lags
        static = self._of_static @ rows[:, -1:]
        spectrum = lags.spectrum(rows[:, :-1] - rows[:, -1:])
        decaying = lags.correlation(np.einsum("wij,jw->iw", self._of_spectrum, spectrum))
        return np.append(decaying + static, static, axis=1).ravel()

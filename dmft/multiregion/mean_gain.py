"""MeanGain: psi = <phi'(x)> as a function of the variance of x, its integral and its inverse."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.polynomial import chebyshev
from scipy import optimize

from ..averages.chebyshev_series import interpolate
from ..averages.gaussian_averages import averages_at
from ..averages.line_panels import line_average, line_nodes
from ..averages.tuning import SERIES_TAIL
from ..base.checks import reject
from ..base.errors import ResolutionWarning
from ..equations import gaussian, multiregion
from ..network.nonlinearity import Nonlinearity, erf
from .tuning import SERIES_DEGREES, WARNED_GAIN_ERROR


class ErfMeanGain:
    """psi(Delta) and F(Delta) of the error function, in closed form."""

    gain = staticmethod(gaussian.erf_mean_slope)
    potential = staticmethod(multiregion.erf_energy)


def mean_gain(phi: Nonlinearity, largest: float) -> ErfMeanGain | MeanGain:
    """psi and F of phi, for variances up to `largest`."""
    return ErfMeanGain() if phi == erf else MeanGain.of(phi, largest)


@dataclass(frozen=True, eq=False)
class MeanGain:
    """psi(Delta) = <phi'(x)>, and F(Delta) = <int_0^x phi> = (1/2) int_0^Delta psi.

    (dF/dDelta = psi/2 by Price's theorem.) As a function of u = arcsinh(sqrt(Delta)) the gain is
    smooth, both at small variance and where it decreases as 1/sqrt(Delta). Chebyshev series in u,
    of the gain and of the integral, cover all variances up to the largest.

    Parameters
    ----------
    phi : Nonlinearity
    largest : float
        Largest variance.
    error : float
        Estimated error of F relative to F(largest), and of psi.
    """

    phi: Nonlinearity
    largest: float
    error: float
    _gain: np.ndarray
    _potential: np.ndarray

    @classmethod
    def of(cls, phi: Nonlinearity, largest: float) -> MeanGain:
        """The series for variances up to `largest`; warns if its error is above 1e-9."""
        gain = DirectMeanGain(phi, largest)
        end = np.arcsinh(np.sqrt(largest))
        for degree in SERIES_DEGREES:
            u = end * (1 + chebyshev.chebpts1(degree)) / 2
            values = np.array([gain(float(np.sinh(one) ** 2)) for one in u])
            series, rate = interpolate(values), interpolate(values * np.sinh(u) * np.cosh(u))
            tail = max(np.max(np.abs(one[-3:])) / np.max(np.abs(one)) for one in (series, rate))
            if tail < SERIES_TAIL:
                break
        potential = chebyshev.chebint(rate) * (end / 2)
        potential[0] -= chebyshev.chebval(-1.0, potential)
        error = max(float(tail), gain.error)
        if error > WARNED_GAIN_ERROR:
            warnings.warn(f"phi={phi.name}: its mean gain is accurate to {error:.1e} only, as for "
                          "a phi with an undeclared kink; give kinks=, or its averages as "
                          "Nonlinearity(..., closed=...)", ResolutionWarning, stacklevel=4)
        return cls(phi, largest, error, series, potential)

    def gain(self, Delta: np.ndarray) -> np.ndarray:
        """psi at variances from 0 to the largest."""
        return chebyshev.chebval(self._place(Delta), self._gain)

    def potential(self, Delta: np.ndarray) -> np.ndarray:
        """F at variances from 0 to the largest."""
        return chebyshev.chebval(self._place(Delta), self._potential)

    def _place(self, Delta: np.ndarray) -> np.ndarray:
        return 2 * np.arcsinh(np.sqrt(Delta)) / np.arcsinh(np.sqrt(self.largest)) - 1


class DirectMeanGain:
    """psi at one variance at a time: in closed form, or by quadrature up to the largest."""

    def __init__(self, phi: Nonlinearity, largest: float):
        self._phi = phi
        self.error = 1e-16
        if phi.closed is None:
            width = float(np.sqrt(largest))
            x, weight = line_nodes(phi, width, halved=True)
            finer = float(weight @ phi.derivative(x))
            self.error = abs(line_average(phi, phi.derivative, width) - finer) / max(
                abs(finer), 1e-300)

    def __call__(self, Delta: float) -> float:
        if self._phi.closed is not None:
            return float(self._phi.closed.mean_slope(Delta))
        if Delta == 0:
            return float(averages_at(self._phi, 0.0).mean_slope)
        return line_average(self._phi, self._phi.derivative, float(np.sqrt(Delta)))


def variance_at_gain(phi: Nonlinearity, psi: float) -> float:
    """The variance at which the mean gain is psi, 0 < psi <= phi'(0); the gain is decreasing.

    (2/pi)(1/psi^2 - 1) for erf.

    Raises
    ------
    ModelError
        If the gain is above psi at all variances up to 1e10.
    """
    at_zero = averages_at(phi, 0.0).mean_slope
    if psi >= at_zero:
        return 0.0
    if phi == erf:
        return float(multiregion.structured_variance(1 / psi))
    high = 1.0
    while (gain := DirectMeanGain(phi, high))(high) > psi:
        high *= 4
        if high > 1e10:
            reject("phi", phi, f"its mean gain does not decrease to {psi:.4g} at any variance",
                   "give a phi that saturates, or weaker interactions")
    low = high
    while gain(low) <= psi:
        low /= 4
    return float(optimize.brentq(lambda Delta: gain(Delta) - psi, low, high, xtol=1e-15 * low,
                                 rtol=1e-15))


def check_decreasing_gain(phi: Nonlinearity) -> None:
    """Reject a phi that is not odd, not increasing at zero, or whose mean gain is not decreasing.

    (Decreasing with the variance, so that each gain belongs to one variance.)
    """
    if not isinstance(phi, Nonlinearity) or not phi.odd or not phi.slope_at_zero > 0:
        reject("phi", phi, "not an odd Nonlinearity that increases at zero",
               "give dmft.erf or dmft.tanh")
    gain = DirectMeanGain(phi, 1e2)
    gains = [gain(Delta) for Delta in (0.0, *np.geomspace(1e-2, 1e2, 17))]
    if np.any(np.diff(gains) >= 0):
        reject("phi", phi, "its mean gain does not decrease with the variance",
               "give a phi that is steepest at zero, such as dmft.erf or dmft.tanh")

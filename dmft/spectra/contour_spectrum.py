"""Edge of a connectivity spectrum that is not an ellipse, from noise and memory alone."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import optimize

from ..averages.gaussian_averages import has_corner_at_rest
from ..base import checks
from ..base.array_data import ArrayData
from ..ensembles.ensemble import Ensemble
from ..ensembles.properties import random_modes
from ..grids.order_parameters import Frequencies
from ..network.nonlinearity import Nonlinearity
from ..plots.plane import ShownInPlane
from ..units.leaky import LEAKY
from ..units.unit import Unit
from .tuning import EDGE_POINTS, RAY_POINTS, SMALL_RESPONSE


def slope_at_rest(phi: Nonlinearity) -> float:
    """phi'(0); refuses a corner at zero, about which small activity is not linear."""
    if not isinstance(phi, Nonlinearity):
        checks.reject("phi", phi, "not a Nonlinearity", "give network.phi")
    if has_corner_at_rest(phi):
        checks.reject("phi", phi, "has a corner at x = 0, about which small activity is not linear",
                      "give a phi with one slope there, or use "
                      "dmft.validation.lyapunov_exponent(network, neurons)")
    return phi.slope_at_zero


@dataclass(frozen=True, eq=False)
class ContourSpectrum(ArrayData, ShownInPlane):
    """Eigenvalues of a connectivity matrix J at large N: they fill the inside of a closed curve.

    Outside the curve the linear network z phi = J phi has the response S with z = 1/S + K(S). The
    edge is where the variance diverges, noise gain times abs(S)^2 = 1. For overlapping modes this
    is <abs(T)^2> = 1, an ellipse if all modes are identical (Clark et al. 2025, the spectrum of J).
    A single strong mode among many gives the curve a spike along the real axis. With fewer modes
    than neurons the remaining eigenvalues are zero, even where zero is outside the curve.

    Parameters
    ----------
    ensembles : tuple of Ensemble
        Couplings of one kind of sites.
    """

    ensembles: tuple[Ensemble, ...]
    _edge: np.ndarray = field(init=False, repr=False)

    def __post_init__(self):
        # J is real: the lower half is the mirror image.
        angles = np.linspace(0.0, np.pi, EDGE_POINTS // 2 + 1)
        upper = np.array([self._at(angle) for angle in angles])
        edge = np.concatenate([upper, np.conj(upper[-2:0:-1])])
        edge.flags.writeable = False
        object.__setattr__(self, "_edge", edge)

    def boundary(self, n: int = EDGE_POINTS) -> np.ndarray:
        """(n,) complex points of the edge, anticlockwise from its rightmost real point."""
        place = np.arange(checks.whole("n", n)) * len(self._edge) / n
        closed, at = np.append(self._edge, self._edge[0]), np.arange(len(self._edge) + 1)
        return np.interp(place, at, closed.real) + 1j * np.interp(place, at, closed.imag)

    def contains(self, lam) -> np.ndarray:
        """Whether each complex number lies inside the edge (a polygon of 256 points)."""
        lam = np.asarray(lam, dtype=complex)
        around = self._edge - lam[..., None]
        turns = np.angle(np.roll(around, -1, axis=-1) / around).sum(axis=-1)
        return np.abs(turns) > np.pi

    @property
    def abscissa(self) -> float:
        """Largest real part of an eigenvalue; at least 0 with fewer modes than neurons."""
        edge = float(np.max(self._edge.real))
        return edge if self._full else max(edge, 0.0)

    def growth_rate(self, phi: Nonlinearity, unit: Unit = LEAKY) -> float:
        """Growth rate at quiescence; for the leaky unit, of the Jacobian -1 + phi'(0) J."""
        z = slope_at_rest(phi) * self._edge
        return float(np.max(unit.fastest_modes(z if self._full else np.append(z, 0.0)).real))

    @property
    def _full(self) -> bool:
        """Whether there is a mode for every neuron; with fewer, some eigenvalues are zero."""
        modes = random_modes(self.ensembles)
        return len(modes) < len(self.ensembles) or sum(
            one.spectrum.modes_per_neuron for one in modes) >= 1

    def _centre(self) -> float:
        """Average of D rho, weighted by the noise gain: every ray from here crosses the edge."""
        weight = total = 0.0
        for one in self.ensembles:
            gain = float(one.noise(self._frequency(SMALL_RESPONSE))[0][0])
            weight += gain
            total += gain * sum(modes.mean_feedback for modes in random_modes((one,)))
        return total / weight

    def _at(self, angle: float) -> complex:
        """The outermost point of the edge along a ray in the plane of w = 1/S, from its centre."""
        gain = float(self._gain(np.array([SMALL_RESPONSE]))[0])
        centre, direction = self._centre(), np.exp(1j * angle)
        feedback = max((abs(one.largest_feedback(sign)) for one in random_modes(self.ensembles)
                        for sign in (1, -1)), default=0.0)
        far = 2 * (np.sqrt(gain) + feedback + abs(centre))

        def excess(distance):
            w = centre + distance * direction
            return np.log(self._gain(1 / np.atleast_1d(w)) / np.abs(w) ** 2)

        distances = far * np.linspace(1.0, 1e-4, RAY_POINTS)
        inside = np.flatnonzero(excess(distances) >= 0)
        if len(inside) == 0:  # the ray passes between two clusters of modes
            return centre + self._memory(1 / complex(centre or far * 1e-4))
        inner, outer = distances[inside[0]], distances[inside[0] - 1]
        distance = optimize.brentq(lambda d: float(excess(d)[0]), inner, outer, xtol=1e-14 * far)
        w = centre + distance * direction
        return w + self._memory(1 / w)

    def _gain(self, S: np.ndarray) -> np.ndarray:
        """Spectrum of the noise per unit spectrum of phi, at the responses S (n,)."""
        at = Frequencies(np.zeros(len(S)), np.ones(len(S)), S.astype(complex))
        return np.sum([one.noise(at)[0] for one in self.ensembles], axis=0)  # type: ignore

    def _memory(self, S: complex) -> complex:
        return complex(sum(one.memory(self._frequency(S))[0] for one in self.ensembles))

    @staticmethod
    def _frequency(S: complex):
        return Frequencies(np.zeros(1), np.ones(1), np.array([S], dtype=complex))

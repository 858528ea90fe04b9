"""The edge of a connectivity's spectrum where it is no ellipse, from noise and memory alone."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import optimize

from . import checks
from .array_data import ArrayData
from .ensembles import Ensemble
from .nonlinearity import Nonlinearity
from .order_parameters import Frequencies

POINTS = 256  # of the edge, between which it is interpolated
LEAST = 1e-9  # response, times the strength, below which there is no edge


@dataclass(frozen=True, eq=False)
class ContourSpectrum(ArrayData):
    """Eigenvalues of a connectivity matrix J at large N: they fill the inside of a closed curve.

    Outside of it the linear network z phi = J phi has the response S with z = 1/S + K(S); its
    edge is where the variance diverges, noise gain times abs(S)^2 = 1. For overlapping modes this
    is <abs(T)^2> = 1, an ellipse where all modes are alike (Clark et al. 2025, the spectrum of J).
    A single strong mode among many makes a spike of the curve along the real axis.

    Parameters
    ----------
    ensembles : tuple of Ensemble
        Couplings of one kind of sites.
    """

    ensembles: tuple[Ensemble, ...]
    _edge: np.ndarray = field(init=False, repr=False)

    def __post_init__(self):
        # J is real: the lower half is the mirror image.
        angles = np.linspace(0.0, np.pi, POINTS // 2 + 1)
        upper = np.array([self._at(angle) for angle in angles])
        edge = np.concatenate([upper, np.conj(upper[-2:0:-1])])
        edge.flags.writeable = False
        object.__setattr__(self, "_edge", edge)

    def boundary(self, n: int = POINTS) -> np.ndarray:
        """(n,) complex points of the edge, anticlockwise from its rightmost real point."""
        place = np.arange(checks.whole("n", n)) * len(self._edge) / n
        closed, at = np.append(self._edge, self._edge[0]), np.arange(len(self._edge) + 1)
        return np.interp(place, at, closed.real) + 1j * np.interp(place, at, closed.imag)

    def contains(self, lam) -> np.ndarray:
        """Whether each complex number lies inside the edge (to the accuracy of its polygon)."""
        lam = np.asarray(lam, dtype=complex)
        around = self._edge - lam[..., None]
        turns = np.angle(np.roll(around, -1, axis=-1) / around).sum(axis=-1)
        return np.abs(turns) > np.pi

    @property
    def abscissa(self) -> float:
        """Largest real part of an eigenvalue."""
        return float(np.max(self._edge.real))

    def growth_rate(self, phi: Nonlinearity) -> float:
        """Growth rate at quiescence: largest real part of the Jacobian -1 + phi'(0) J."""
        if not isinstance(phi, Nonlinearity):
            checks.reject("phi", phi, "not a Nonlinearity", "give network.phi")
        return float(np.max((phi.slope_at_zero * self._edge).real)) - 1

    def _at(self, angle: float) -> complex:
        """The point of the edge where S has this angle, mirrored: z is about 1/S."""
        turn = np.exp(-1j * angle)

        def excess(log_size: float) -> float:
            size = np.exp(log_size)
            return float(np.log(self._gain(size * turn) * size**2))

        scale = np.log(self._gain(LEAST * turn)) / 2  # of couplings, at small response
        low = high = -scale - 30
        while excess(high) < 0:
            low, high = high, high + 0.25
        # A single strong mode that feeds itself is narrow, and seen before its pole on the axis.
        feeding = max((one.largest_feedback(1.0) for one in self.ensembles
                       if hasattr(one, "largest_feedback")), default=0.0)
        if angle == 0 and feeding > 0 and -np.log(feeding) <= high:
            low, high = -np.log(feeding) - 1.0, -np.log(feeding) - 1e-12
            low = next(at for at in low - np.arange(60) if excess(at) < 0)
        size = np.exp(optimize.brentq(excess, low, high, xtol=1e-14))
        return 1 / (size * turn) + self._memory(size * turn)

    def _gain(self, S: complex) -> float:
        """Noise per correlation at the response S."""
        return float(sum(one.noise(self._given(S))[0][0] for one in self.ensembles))

    def _memory(self, S: complex) -> complex:
        return complex(sum(one.memory(self._given(S))[0] for one in self.ensembles))

    @staticmethod
    def _given(S: complex):
        return Frequencies(np.zeros(1), np.ones(1), np.array([S], dtype=complex))

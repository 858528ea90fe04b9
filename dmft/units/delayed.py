"""Delayed: a unit whose input arrives after a delay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..base import checks
from .state_space import Step
from .unit import Unit

ROUNDING = 1e-9  # of lags, in neuronal time constants
# Points over the delay: rates up to about half as many, over the delay, are accurate to rounding.
DELAY_POINTS = 32


@dataclass(frozen=True)
class Delayed(Unit):
    """A unit whose input arrives after a delay: exp(-i omega d) H(omega).

    Correlations and noise without memory do not depend on a delay; responses do.

    Parameters
    ----------
    unit : Unit
        The unit in continuous time, without a delay of its own.
    d : float
        The delay, in neuronal time constants; above 0.

    Raises
    ------
    ModelError
        For another unit, or a delay of 0 or below.

    Examples
    --------
    >>> from dmft import Leaky
    >>> Delayed(Leaky(), 0.5).delay
    0.5
    """

    unit: Unit
    d: float

    def __post_init__(self):
        if not isinstance(self.unit, Unit) or self.unit.time_step or self.unit.delay:
            checks.reject("unit", self.unit, "not a unit in continuous time without delay",
                          "give one such as dmft.Leaky()")
        object.__setattr__(self, "d", checks.positive("d", self.d))

    @property
    def delay(self) -> float:  # type: ignore[override]
        """d."""
        return self.d

    def response(self, omega: np.ndarray) -> np.ndarray:
        """exp(-i omega d) H(omega)."""
        return np.exp(-1j * np.asarray(omega) * self.d) * self.unit.response(omega)

    def power(self, omega: np.ndarray) -> np.ndarray:
        """|H|^2, which does not depend on the delay."""
        return self.unit.power(omega)

    def impulse(self, tau: np.ndarray) -> np.ndarray:
        """h(tau - d), zero before the delay."""
        later = np.asarray(tau, dtype=float) - self.d
        first = int(np.searchsorted(later, -ROUNDING))
        out = np.zeros(len(later))
        out[first:] = self.unit.impulse(np.maximum(later[first:], 0.0))
        return out

    def white_correlation(self, tau: np.ndarray) -> np.ndarray:
        """That of the unit."""
        return self.unit.white_correlation(tau)

    def fastest_modes(self, z: np.ndarray) -> np.ndarray:
        """Zeros of 1 - z exp(-s d) H(s): eigenvalues of X'(t) = A X(t) + z B C X(t - d).

        The derivative over the delay is that of a polynomial through Chebyshev points (Breda,
        Maset & Vermiglio 2005, the infinitesimal generator).
        """
        own, (points, D) = self.unit.state_space, _differentiation(DELAY_POINTS)
        k, n = len(own.B), len(points)
        flat = []
        for one in np.ravel(np.asarray(z, dtype=complex)):
            generator = np.kron(D * (2 / self.d), np.eye(k)).astype(complex)
            generator[:k] = 0
            generator[:k, :k] = own.A
            generator[:k, (n - 1) * k:] += one * np.outer(own.B, own.C)
            values = np.linalg.eigvals(generator)
            flat.append(values[np.argmax(values.real)])
        return np.array(flat).reshape(np.shape(z))

    @property
    def kink(self) -> float:
        """That of the unit."""
        return self.unit.kink

    @property
    def jump(self) -> float:
        """That of the unit."""
        return self.unit.jump

    @property
    def rates(self) -> np.ndarray:
        """Those of the unit."""
        return self.unit.rates

    def step(self, dt: float) -> Step:
        """The step of the unit; its input is delayed by whoever steps it."""
        return self.unit.step(dt)


def _differentiation(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Chebyshev points from 1 to -1 (n,), and the matrix of the derivative of their polynomial."""
    points = np.cos(np.pi * np.arange(n) / (n - 1))
    ends = np.ones(n)
    ends[[0, -1]] = 2.0
    c = ends * (-1.0) ** np.arange(n)
    apart = points[:, None] - points[None, :] + np.eye(n)
    D = np.outer(c, 1 / c) / apart
    return points, D - np.diag(D.sum(axis=1))

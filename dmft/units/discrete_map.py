"""Map: the unit of a network in discrete time, x(n+1) = (1 - a) x(n) + input(n)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..base import checks
from .state_space import Step
from .unit import Unit


@dataclass(frozen=True)
class Map(Unit):
    """x(n+1) = (1 - a) x(n) + input(n), in discrete time with steps of one.

    H(omega) = 1/(exp(i omega) - 1 + a), for frequencies from -pi to pi. Lags are whole numbers.
    White noise is independent at each time, <xi(n) xi(m)> = 2 sigma^2 delta_nm. With a = 1 the unit
    has no memory (Molgedey, Schuchhardt & Schuster 1992). Euler's scheme of a leaky unit with the
    step d is a = d, with couplings and inputs multiplied by d.

    Parameters
    ----------
    a : float
        Leak, above 0 and below 2.

    Raises
    ------
    ModelError
        For a leak at which x grows without input.

    Examples
    --------
    >>> Map(0.5).static_gain
    2.0
    """

    a: float

    time_step = 1.0

    def __post_init__(self):
        a = checks.finite("a", self.a)
        if not 0 < a < 2:
            checks.reject("a", a, "the unit is unstable", "give a value above 0 and below 2")
        object.__setattr__(self, "a", a)

    def response(self, omega: np.ndarray) -> np.ndarray:
        """1/(exp(i omega) - 1 + a)."""
        return 1 / (np.exp(1j * np.asarray(omega)) - (1 - self.a))

    def impulse(self, tau: np.ndarray) -> np.ndarray:
        """(1 - a)^(n - 1) for n >= 1, and zero at n = 0."""
        n = np.asarray(tau, dtype=float)
        return np.where(n >= 1, self._power(np.maximum(n - 1, 0)), 0.0)

    def white_correlation(self, tau: np.ndarray) -> np.ndarray:
        """2 (1 - a)^n / (1 - (1 - a)^2)."""
        return 2 * self._power(np.abs(tau)) / (1 - (1 - self.a) ** 2)

    def _power(self, n: np.ndarray) -> np.ndarray:
        return (1 - self.a) ** np.round(n)

    def fastest_modes(self, z: np.ndarray) -> np.ndarray:
        """log(1 - a + z)."""
        with np.errstate(divide="ignore"):
            return np.log(1 - self.a + np.asarray(z, dtype=complex))

    @property
    def kink(self) -> float:
        """0: frequencies end at pi, and nothing beyond is left out."""
        return 0.0

    @property
    def jump(self) -> float:
        """0: the input acts in the next step."""
        return 0.0

    @property
    def rates(self) -> np.ndarray:
        """log(1 - a), the rate of x without input."""
        return np.log(np.array([1 - self.a], dtype=complex)) if self.a != 1 else np.array([-np.inf])

    def step(self, dt: float) -> Step:
        """The step of the map itself."""
        if dt != self.time_step:
            checks.reject("dt", dt, "not the step of a map", "give dt=1")
        one, zero = np.ones(1), np.zeros(1)
        return Step(np.array([[1 - self.a]]), one, zero, zero, np.array([[np.sqrt(2.0)]]), one)

"""Unit: what theory and simulation require of the linear response of a unit to its input."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import lru_cache

import numpy as np
from scipy import integrate

from .state_space import StateSpace, Step

SLOW_UNIT = 2.0  # speed up to which the step for leaky units is short enough
SPEED_POINTS = 20_000  # frequencies, so close that a resonance of quality 100 is resolved


class Unit(ABC):
    """A causal and stable linear filter from the input current of a unit to x.

    x(t) = int_0^inf h(s) input(t - s) ds, and H(omega) = int_0^inf h(s) exp(-i omega s) ds.

    Attributes
    ----------
    time_step : float or None
        Step of a unit in discrete time; None in continuous time.
    delay : float
        Time before which the response to an impulse is zero.
    """

    time_step: float | None = None
    delay: float = 0.0

    @abstractmethod
    def response(self, omega: np.ndarray) -> np.ndarray:
        """H(omega), at real or complex frequencies: H(omega - i rate) is that of exp(rate t)."""

    @abstractmethod
    def impulse(self, tau: np.ndarray) -> np.ndarray:
        """h(tau), the response at lags tau >= 0 (n,) after an impulse."""

    @abstractmethod
    def white_correlation(self, tau: np.ndarray) -> np.ndarray:
        """<x(t) x(t + tau)> without couplings, for white noise <xi xi> = 2 delta(t - t')."""

    @property
    @abstractmethod
    def kink(self) -> float:
        """Minus the slope of `white_correlation` at zero lag, from above."""

    @property
    @abstractmethod
    def jump(self) -> float:
        """The response just after an impulse, and after the delay: h(0+) without one."""

    @abstractmethod
    def step(self, dt: float) -> Step:
        """The exact step of the unit's state."""

    @property
    def state_space(self) -> StateSpace:
        """X' = A X + B input, x = C X, without the delay; continuous time only."""
        raise NotImplementedError

    @property
    @abstractmethod
    def rates(self) -> np.ndarray:
        """Poles of H(s), s = i omega: the rates (k,) at which the state evolves without input."""

    @abstractmethod
    def fastest_modes(self, z: np.ndarray) -> np.ndarray:
        """For each feedback z (n,), the rate s of largest real part with z H(s) = 1, s = i omega.

        A network whose Jacobian has these eigenvalues z of phi' J has perturbations exp(s t).
        """

    @property
    def static_gain(self) -> float:
        """H(0), the response to a constant input."""
        return float(self.response(np.zeros(1))[0].real)

    @property
    def speed(self) -> float:
        """Frequency below which half of the power |H|^2 lies: 1 of a leaky unit, and 1/tau of one
        with another time constant.
        """
        return _speed(self)

    @property
    def step_factor(self) -> float:
        """Factor of the step in time that leaky units need: 1 unless the unit is over twice as
        fast.
        """
        return 1.0 if self.time_step is not None else min(1.0, SLOW_UNIT / self.speed)

    def power(self, omega: np.ndarray) -> np.ndarray:
        """|H|^2 at real frequencies."""
        H = self.response(omega)
        return H.real**2 + H.imag**2


@lru_cache(maxsize=64)
def _speed(unit: Unit) -> float:
    omega = np.concatenate([[0.0], np.logspace(-4, 5, SPEED_POINTS)])
    share = integrate.cumulative_trapezoid(unit.power(omega), omega, initial=0.0)
    return float(np.interp(0.5 * share[-1], share, omega))

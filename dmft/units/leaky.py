"""Leaky: the usual unit, (1 + d/dt) x = input."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..equations import linear_response
from .state_space import StateSpace, Step
from .unit import Unit


@dataclass(frozen=True)
class Leaky(Unit):
    """(1 + d/dt) x = input: H(omega) = 1/(1 + i omega), in units of its time constant.

    Examples
    --------
    >>> Leaky().static_gain
    1.0
    """

    def response(self, omega: np.ndarray) -> np.ndarray:
        """1/(1 + i omega)."""
        return linear_response.lowpass(omega)

    def power(self, omega: np.ndarray) -> np.ndarray:
        """1/(1 + omega^2)."""
        return linear_response.lowpass_power(omega)

    def impulse(self, tau: np.ndarray) -> np.ndarray:
        """exp(-tau)."""
        return linear_response.response(tau)

    def white_correlation(self, tau: np.ndarray) -> np.ndarray:
        """exp(-tau)."""
        return linear_response.white_noise_correlation(tau, 1.0)

    def fastest_modes(self, z: np.ndarray) -> np.ndarray:
        """z - 1."""
        return np.asarray(z, dtype=complex) - 1

    @property
    def kink(self) -> float:
        """1."""
        return 1.0

    @property
    def jump(self) -> float:
        """1."""
        return 1.0

    @property
    def state_space(self) -> StateSpace:
        """x' = -x + input."""
        return StateSpace(np.array([[-1.0]]), np.ones(1), np.ones(1))

    @property
    def rates(self) -> np.ndarray:
        """-1."""
        return np.array([-1.0])

    def step(self, dt: float) -> Step:
        """The exponential step of second order."""
        def one(value: float) -> np.ndarray:
            return np.array([float(value)])

        noise = np.sqrt(linear_response.white_noise_step_variance(dt, 1.0))
        return Step(one(linear_response.decay(dt))[:, None],
                    one(linear_response.etd_weight_now(dt)),
                    one(linear_response.etd_weight_before(dt)),
                    one(linear_response.etd_weight_end(dt)), one(noise)[:, None], np.ones(1))


LEAKY = Leaky()

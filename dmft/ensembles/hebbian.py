"""Hebbian: couplings that follow the activity of the units they connect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..base import checks
from ..equations import plasticity as equations
from ..grids.order_parameters import OrderParameters


@dataclass(frozen=True)
class Hebbian:
    """Plastic couplings, (1 + p d/dt) A_ij = (k/N) phi_i phi_j.

    A_ij(t) is (k/pN) times the past phi_i phi_j, forgotten as exp(-(t-s)/p): its current returns a
    unit's own past to it, as the memory (k/p) exp(-tau/p) C(tau). It makes no noise, and the
    reaction on the presynaptic unit vanishes by causality (Clark & Abbott 2024, the single-site
    process of the coupled neuronal-synaptic dynamics).

    Parameters
    ----------
    k : float
        Strength: Hebbian above 0, anti-Hebbian below; of any size.
    p : float
        Synaptic time constant, above 0.
    """

    k: float
    p: float

    noise_gain = 0.0

    def __post_init__(self):
        object.__setattr__(self, "k", checks.finite("k", self.k))
        object.__setattr__(self, "p", checks.positive("p", self.p))

    @property
    def has_memory(self) -> bool:
        return self.k != 0

    @property
    def synapses(self) -> Hebbian:
        """These couplings themselves: what `properties.synapses` asks for."""
        return self

    def noise(self, order: OrderParameters) -> tuple[np.ndarray, float]:
        return np.zeros(len(order.lags)), 0.0

    def memory(self, order: OrderParameters) -> np.ndarray:
        """Transform of (k/p) exp(-tau/p) C(tau) over positive lags.

        What would fall off slowly with frequency is transformed in closed form: the corner of
        white noise, exp(-tau); and (1 + a tau) exp(-a tau), which has the value and the curvature
        of the rest at zero lag. What is left starts as tau^3, so that its sum over lags is exact
        to fourth order of the step.
        """
        if self.k == 0:
            return np.zeros_like(order.S)
        lags, k, p = order.lags, self.k, self.p
        smooth = order.C - order.kink * np.exp(-lags.tau)
        rate = _rate(lags.spectrum(smooth), lags)
        bulk = (1 + rate * lags.tau) * np.exp(-rate * lags.tau)
        rest = equations.memory(lags.tau, k, p, smooth - smooth[0] * bulk)
        padded = np.concatenate([rest, np.zeros(len(lags) - 2)])
        return (lags.dt * np.fft.rfft(padded)
                + order.C_static * equations.memory_static(lags.omega, k, p)
                + order.kink * self._exponential(lags.omega, 1.0)
                + smooth[0] * self._bulk(lags.omega, rate))

    def tangent_memory(self, order: OrderParameters, rate: float) -> np.ndarray:
        """Memory of a perturbation that grows as exp(rate t), (k/p) exp(-(rate + 1/p) tau) C(tau).

        That of a synapse which is shorter and weaker by 1 + p rate. C is not perturbed, since a
        perturbation and its negative are alike.
        """
        shorter = 1 + self.p * rate
        if shorter <= 0:
            checks.reject("rate", rate, "decays faster than the synapses forget, so that their "
                          "memory of it diverges", f"ask above -1/p={-1 / self.p:g}")
        return Hebbian(self.k / shorter, self.p / shorter).memory(order)

    def _exponential(self, omega: np.ndarray, rate: float) -> np.ndarray:
        """The transform where C is exp(-rate tau): a shorter and weaker memory of a constant."""
        shorter = 1 + self.p * rate
        return equations.memory_static(omega, self.k / shorter, self.p / shorter)

    def _bulk(self, omega: np.ndarray, rate: float) -> np.ndarray:
        """The transform where C is (1 + rate tau) exp(-rate tau)."""
        one = self._exponential(omega, rate)
        return one + rate * one * one * self.p / self.k


def _rate(spectrum: np.ndarray, lags) -> float:
    """a with C''(0) = -a^2 C(0), at least what decays within the window."""
    power = np.maximum(spectrum, 0.0)
    total = float(power.sum())
    square = float(power @ lags.omega**2) / total if total > 0 else 0.0
    return max(np.sqrt(square), 10 / lags.span)

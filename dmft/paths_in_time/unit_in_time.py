"""UnitInTime: steps of a unit's linear response along a march, in its state space."""

from __future__ import annotations

import numpy as np
from scipy import linalg

from ..base import checks
from ..units.unit import Unit
from .time_steps import TimeSteps, lagrange

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)


class UnitInTime:
    """X' = A X + B input, x = C X, stepped by exponential Adams-Bashforth of third order.

    Parameters
    ----------
    unit : Unit
        In continuous time, without delay.
    steps : TimeSteps
    """

    def __init__(self, unit: Unit, steps: TimeSteps):
        self.steps, self.unit = steps, unit
        own = unit.state_space
        self.A, self.B, self.output = own.A, own.B, own.C
        self.held = unit.step(1.0).held  # the state with x = 1 at t = 0
        self._known: dict[tuple, tuple] = {}
        self._covariance = own.covariance()
        self._noisy = np.zeros_like(self.A)  # <X X^T> that white noise of strength 1 has caused
        self._past = np.zeros((len(self.B), 0))  # <X x_k> of it, of all times k before

    @property
    def size(self) -> int:
        """Number of variables of the state."""
        return len(self.B)

    def explicit(self, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Propagator (d, d), and weights (m, d) of the inputs at t_k, t_(k-1), ..., from t_k on."""
        step = round(float(self.steps.t[k + 1] - self.steps.t[k]), 12)
        offsets = self.steps.offsets(k, 3)
        key = (step, offsets)
        if key not in self._known:
            s = step * (1 + _NODES) / 2
            kernel = np.array([linalg.expm(self.A * (step - one)) @ self.B for one in s])
            weighted = (step / 2 * _WEIGHTS)[:, None] * kernel
            self._known[key] = (linalg.expm(self.A * step), lagrange(offsets, s) @ weighted)
        return self._known[key]

    def noise_root(self, k: int) -> np.ndarray:
        """(d, d) root of the covariance that white noise of strength 1 adds in the step from t_k.
        """
        decay, _ = self.explicit(k)
        added = self._covariance - decay @ self._covariance @ decay.T
        values, vectors = np.linalg.eigh((added + added.T) / 2)
        return vectors * np.sqrt(np.maximum(values, 0.0))

    def noise_covariance(self, k: int) -> np.ndarray:
        """(k + 1,) <x(t_k) x(t_j)> by white noise of strength 1 since t = 0, at times in order."""
        if k:
            decay, _ = self.explicit(k - 1)
            self._past = decay @ self._past
            rest = self._covariance - self._noisy
            self._noisy = self._covariance - decay @ rest @ decay.T
        self._past = np.append(self._past, (self._noisy @ self.output)[:, None], axis=1)
        return self.output @ self._past

    def step_response(self) -> np.ndarray:
        """(n, n) weights of the inputs at all times in x at later ones, of the scheme of the march.
        """
        n = len(self.steps)
        out, state = np.zeros((n, n)), np.zeros((self.size, n))
        for k in range(n - 1):
            decay, weights = self.explicit(k)
            state = decay @ state
            for back, weight in enumerate(weights):
                state[:, k - back] += weight
            out[k + 1] = self.output @ state
        return out


def check_unit_in_time(unit: Unit) -> None:
    """Refuse a unit in discrete time or with a delay, whose march is not built."""
    if unit.time_step is not None or unit.delay:
        kind = "in discrete time" if unit.time_step is not None else "with a delay"
        checks.reject("unit", unit, f"{kind}, for which a theory in time is not built",
                      "give a unit in continuous time without delay, or use "
                      "dmft.validation.simulate(network, neurons, times=...)")

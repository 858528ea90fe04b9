"""The derivative of the self-consistent map, and its approximate inverse for Newton's method."""

from __future__ import annotations

import numpy as np

from ..averages.gaussian_averages import averages_at
from ..grids.order_parameters import OrderParameters
from ..stationary.self_consistent_map import SelfConsistentMap
from .tuning import LEAST_RESTORING, NOISE_PROBE, VARIANCE_PROBE


class LinearisedMap:
    """The derivative of Delta -> <x x> at one Delta, as an operator on states of n + 1 entries.

    C depends on Delta at its own lag, with the derivative <phi' phi'>, and on Delta(0), the
    variance of the averages; the second derivative is taken numerically, at a fixed correlation
    coefficient. The noise of the ensembles is a functional of C, linear or not: its derivative is
    a difference quotient too.

    Far from zero lag <phi' phi'> is constant, and the derivative multiplies each frequency by a
    number. The inverse of that operator approximates the inverse of the whole one, up to an
    operator that acts on a few lags near zero: GMRES then needs few products, also close to
    a transition.
    """

    def __init__(self, step: SelfConsistentMap, state: np.ndarray):
        self._step, total = step, float(state[0])
        averages = step.averages(state)
        self._order = step.order_parameters(state, averages)
        self._noise = step.noise(self._order)
        self._slope = averages.slope(state)
        more, less = (averages_at(step.network.phi, total * (1 + sign * VARIANCE_PROBE))
                      for sign in (1, -1))
        width, rho = more.variance - less.variance, state / total
        along = (more.correlation(rho * more.variance)
                 - less.correlation(rho * less.variance)) / width
        self._variance_slope = along - self._slope * rho
        self._gain_slope = (more.mean_slope - less.mean_slope) / width
        self._kink_slope = 0.0
        if step.kink:
            steeper = float(more.slope(more.variance) - less.slope(less.variance)) / width
            self._kink_slope = step.kink * steeper
        decaying, static = frequency_gains(step, self._order)
        self._restoring = _away_from_zero(1 - decaying * self._slope[-1])
        self._static_restoring = float(_away_from_zero(1 - static * self._slope[-1]))

    def __call__(self, direction: np.ndarray) -> np.ndarray:
        C = self._slope * direction + self._variance_slope * direction[0]
        order, at = self._order, self._step.lags
        largest = max(float(np.max(np.abs(C))), 1e-300)
        h = NOISE_PROBE * max(abs(float(order.C[0]) + float(order.C_static)), 1e-300) / largest
        S = order.S * (1 + h * self._gain_slope * direction[0] / self._mean_slope)
        probed = self._step.noise(OrderParameters(
            at, order.C + h * (C[:-1] - C[-1]), float(order.C_static) + h * float(C[-1]), S,
            order.kink + h * self._kink_slope * float(direction[0])))
        (spectrum, static), (before, static_before) = probed, self._noise
        return self._step.filtered((spectrum - before) / h, (static - static_before) / h)

    @property
    def _mean_slope(self) -> float:
        return float(self._order.S[0].real) or 1.0

    def approximate_inverse(self, change: np.ndarray) -> np.ndarray:
        lags, static = self._step.lags, change[-1]
        spectrum = lags.spectrum(change[:-1] - static) / self._restoring
        static = static / self._static_restoring
        return np.append(lags.correlation(spectrum) + static, static)


def frequency_gains(step: SelfConsistentMap, order: OrderParameters) -> tuple[np.ndarray, float]:
    """Factor by which the map multiplies a small change of C, at each frequency and for its
    static part.

    The change is an impulse at zero lag, whose spectrum is the same at all frequencies. For an
    ensemble whose noise at one frequency depends on C at other frequencies, this is an
    approximation.
    """
    C0 = abs(float(order.C[0]) + float(order.C_static))
    h = NOISE_PROBE * (C0 or 1.0)
    impulse = np.zeros(len(order.C))
    impulse[0] = h
    before = step.noise(order)
    after = step.noise(OrderParameters(order.lags, order.C + impulse, float(order.C_static) + h,
                                       order.S, order.kink))
    noise = (after[0] - before[0]) / (h * order.lags.dt)
    static = float(after[1] - before[1]) / h
    return step.power * noise, static * step.unit.static_gain**2


def _away_from_zero(values: np.ndarray | float) -> np.ndarray:
    return np.maximum(np.abs(values), LEAST_RESTORING)

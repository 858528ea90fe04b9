"""External inputs filtered by the leaky unit, at every step of a march."""

from __future__ import annotations

import numpy as np

from ..equations import linear_response
from ..network.inputs import Pulse, signal_at
from ..network.regional_mean_field import MeanField

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(6)


def filtered_inputs(field: MeanField, steps: int, dt: float) -> np.ndarray:
    """(K, steps + 1) inputs filtered by the unit, (1 + d/dt) I_f = I with I_f(0) = 0.

    Each step is integrated by Gauss-Legendre quadrature, which is exact to rounding for smooth
    signals and for signals that jump at the ends of steps. A pulse is filtered in closed form.
    """
    out = np.zeros((field.inputs, steps + 1))
    if not field.inputs:
        return out
    if isinstance(field.signal, Pulse):
        return field.signal.filtered(dt * np.arange(steps + 1))
    decay = float(linear_response.decay(dt))
    ahead = dt * (1 + _NODES) / 2
    weights = dt / 2 * _WEIGHTS * linear_response.response(dt - ahead)
    if not callable(field.signal):
        drive = np.outer(field.signal, np.full(steps, weights.sum()))
    else:
        drive = np.array([
            sum(w * signal_at(field.signal, k * dt + u, field.inputs)
                for u, w in zip(ahead, weights, strict=True)) for k in range(steps)]).T
    for k in range(steps):
        out[:, k + 1] = decay * out[:, k] + drive[:, k]
    return out

"""A bound on activity: where it is zero, quiescence is the only stationary state."""

from __future__ import annotations

import numpy as np

from ..grids.lags import Lags
from ..grids.order_parameters import OrderParameters
from ..network.network import AnyNetwork, unit_of
from ..network.structure import may_be_quiescent
from ..paths.noise_and_memory import depends_on_response
from .tuning import (
    BOUND_AMPLITUDES,
    BOUND_FREQUENCIES,
    BOUND_INPUTS,
    BOUND_SLOPES,
    LARGEST_BOUND_INPUT,
)


def only_quiescent(network: AnyNetwork) -> bool:
    """Whether no active stationary state can exist, by an inequality that all of them obey.

    With C = <phi^2>, noise of variance G(C) and memory of total weight kappa(C), the triangle
    inequality for root mean squares gives

        <x^2> <= max|H|^2 (sqrt(G(C)) + kappa(C) sqrt(C))^2,

    with the response H of the unit, because a correlation is largest at lag zero. C is at most the
    largest <phi^2> that any distribution of x with this mean square has. If this fails for all C,
    only C = 0 is left. For tanh, leaky units and plastic couplings it is
    atanh(c)/c <= g + abs(k) c^2, c^2 = C. False where a memory depends on the response, which has
    no such bound.
    """
    if not may_be_quiescent(network):
        return False
    if depends_on_response(network):
        return False
    x = np.concatenate([[0.0], np.geomspace(1e-3, LARGEST_BOUND_INPUT, BOUND_INPUTS)])
    with np.errstate(over="ignore", invalid="ignore"):
        phi2 = np.maximum(network.phi(x) ** 2, network.phi(-x) ** 2)
    if not np.all(np.isfinite(phi2)) or phi2[-1] > 1.5 * np.max(phi2[x < LARGEST_BOUND_INPUT / 9]):
        return False  # phi does not saturate: a bound would need its growth
    C = np.geomspace(1e-6, 1.0, BOUND_AMPLITUDES) * phi2.max()
    lags, total = Lags(1.0, 0.5), np.empty_like(C)
    zero = np.zeros(len(lags))
    for i, level in enumerate(C):
        order = OrderParameters(lags, zero, float(level), zero.astype(complex))
        noise = sum(float(one.noise(order)[1]) for one in network.ensembles)
        weight = sum(abs(one.memory(order)[0]) for one in network.ensembles)
        total[i] = (np.sqrt(noise) + weight * np.sqrt(level)) ** 2
    total *= float(np.max(unit_of(network).power(BOUND_FREQUENCIES)))
    return bool(np.all(_largest_mean_square(phi2, x**2, total) < C))


def _largest_mean_square(phi2: np.ndarray, x2: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Upper bound on <phi(x)^2> over all distributions with <x^2> = total, by tangents.

    phi(x)^2 <= s x^2 + max(phi^2 - s x^2) for every slope s; the least of these bounds is taken.
    """
    slopes = np.concatenate([[0.0], np.geomspace(1e-6, 1.0, BOUND_SLOPES)]) * np.max(
        phi2[1:] / x2[1:])
    offsets = np.max(phi2[:, None] - np.outer(x2, slopes), axis=0)
    return np.min(offsets + np.outer(total, slopes), axis=1)

"""The quiescent state x = 0: its response with memory, and its stability."""

from __future__ import annotations

import numpy as np

from ..averages.gaussian_averages import square_slope_at_rest
from ..grids.lags import Lags
from ..grids.order_parameters import OrderParameters
from ..network.network import AnyNetwork, unit_of
from ..stationary.self_consistent_map import unit_grid
from .tuning import QUIESCENT_CHANGE, RESPONSE_ITERATIONS, RESPONSE_TOL


def quiescent_response(network: AnyNetwork, lags: Lags) -> tuple[np.ndarray, float]:
    """S of the linearised site, 1/S = (1 + i omega)/phi'(0) - K(S), and its last relative change.

    A damped fixed-point iteration that starts from the response without memory.
    """
    slope, H = network.phi.slope_at_zero, unit_of(network).response(lags.omega)
    zero, S = np.zeros(len(lags)), slope * H
    change = np.inf
    for _ in range(RESPONSE_ITERATIONS):
        order = OrderParameters(lags, zero, 0.0, S)
        K = np.sum([one.memory(order) for one in network.ensembles], axis=0)
        new = slope * H / (1 - slope * H * K)
        change = float(np.max(np.abs(new - S))) / max(float(np.max(np.abs(S))), 1e-300)
        S = (S + new) / 2
        if change < RESPONSE_TOL:
            break
    return S, change


def amplification(network: AnyNetwork, lags: Lags, S: np.ndarray) -> float:
    """Largest gain of the power of phi at one frequency: above 1 the quiescent state is unstable.

    It is the maximum over frequencies of abs(S)^2 times the noise per unit spectrum of phi. Where
    phi has a corner at zero, its power is that of small Gaussian x, more than that of its slope.
    """
    impulse = np.zeros(len(lags))
    impulse[0] = 1 / lags.dt  # its spectrum is one
    order = OrderParameters(lags, impulse, 0.0, S)
    gain = np.sum([one.noise(order)[0] for one in network.ensembles], axis=0)
    slope = network.phi.slope_at_zero
    corner = square_slope_at_rest(network.phi) / slope**2 if slope else 1.0
    return float(np.max(np.abs(S) ** 2 * gain)) * corner


def quiescence_is_stable(network: AnyNetwork) -> bool:
    """Whether small activity decays, on a grid that resolves the response of a leaky unit."""
    lags = unit_grid(network, Lags(20.0, 0.2))
    S, change = quiescent_response(network, lags)
    return change < QUIESCENT_CHANGE and amplification(network, lags, S) < 1

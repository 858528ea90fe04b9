"""Neurons with heterogeneous gains: reduction to identical units, and averages over neurons."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ..averages.gain_mixture import GainAveragedNonlinearity
from ..averages.gaussian_averages import averages_at
from ..base.estimate import Estimate
from ..network.gains import unit_gains
from ..network.network import unit_of
from ..network.nonlinearity import Nonlinearity
from .solution import Solution


def effective_phi(network: Any) -> Nonlinearity:
    """Nonlinearity of the output that couplings receive: phi, or with gains u and v, v phi(u y)."""
    gains = unit_gains(network)
    return network.phi if gains is None else GainAveragedNonlinearity(network.phi, gains)


def average_over_gains(solution: Solution, network: Any) -> Solution:
    """Averages over all neurons, from the solution for y = x / u of identical units.

    C_x = <u^2> C_y. C_phi is <phi phi>, the covariance of the outputs v phi that couplings receive
    divided by <v^2>. The response is that of phi to the input of a neuron, <phi'> exp(-tau).
    """
    gains = network.gains
    inputs, v2 = gains.input_kinds, gains.output.moment(2)
    u, w = inputs.values, inputs.weights
    u2 = float(gains.input.moment(2))
    variance = float(solution.C_x[0])
    slopes = [averages_at(network.phi, float(one) ** 2 * variance).mean_slope for one in u]
    gain = float(np.dot(w, slopes))
    shape = unit_of(network).impulse(solution.lags.tau)
    return replace(
        solution, network=network, C_x=Estimate(u2 * solution.C_x.value),
        C_phi=Estimate(solution.C_phi.value / v2),
        C_x_static=Estimate(u2 * solution.C_x_static.value),
        C_phi_static=Estimate(solution.C_phi_static.value / v2),
        R_phi=Estimate(gain * shape), gain=Estimate(np.asarray(gain)))

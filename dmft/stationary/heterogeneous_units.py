"""Networks of neurons with gains, solved as a network of neurons all alike, and back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ..averages.gain_mixture import KINDS, GainAveraged
from ..averages.gaussian_averages import gaussian_averages
from ..base.estimate import Estimate
from ..equations import linear_response
from ..network.gains import Gains
from ..network.nonlinearity import Nonlinearity
from .solution import Solution


def has_gains(network: Any) -> bool:
    """Whether a network's neurons have gains."""
    return hasattr(network, "input_gain")


def input_kinds(network: Any) -> Gains:
    """The input gains to average over: all of a short list, or as few as average as a long one."""
    gains: Gains = network.input_gain
    return gains if gains.spread else gains.quadrature(KINDS)


def gain_square(network: Any) -> float:
    """<u^2> <v^2>: by how much gains multiply the variance of couplings; 1 without them."""
    if not has_gains(network):
        return 1.0
    return float(network.input_gain.moment(2) * network.output_gain.moment(2))


def seen_phi(network: Any) -> Nonlinearity:
    """The nonlinearity that couplings see: phi, or where neurons have gains, v phi(u y)."""
    if not has_gains(network):
        return network.phi
    return GainAveraged(network.phi, network.input_gain, network.output_gain)


def with_gains(solution: Solution, network: Any) -> Solution:
    """Averages over all neurons from the solution for y = x / u and the mean output.

    C_x = <u^2> C_y; C_phi is <phi phi>, what couplings see divided by <v^2>; the response is that
    of phi to a neuron's input, <phi'> exp(-tau).
    """
    inputs, v2 = input_kinds(network), network.output_gain.moment(2)
    u, w = inputs.values, inputs.weights
    u2 = float(network.input_gain.moment(2))
    variance = float(solution.C_x[0])
    slopes = [gaussian_averages(network.phi, float(one) ** 2 * variance).mean_slope for one in u]
    gain = float(np.dot(w, slopes))
    shape = linear_response.response(solution.lags.tau)
    return replace(
        solution, network=network, C_x=Estimate(u2 * solution.C_x.value),
        C_phi=Estimate(solution.C_phi.value / v2),
        C_x_static=Estimate(u2 * solution.C_x_static.value),
        C_phi_static=Estimate(solution.C_phi_static.value / v2),
        R_phi=Estimate(gain * shape), gain=Estimate(np.asarray(gain)))

"""A network as a stationary Gaussian problem, and the refusal of couplings with memory."""

from __future__ import annotations

from ..base import checks
from ..network.network import AnyNetwork
from .heterogeneous_units import seen_phi
from .variance_bound import Gaussian


def gaussian_problem(network: AnyNetwork) -> Gaussian:
    """The network as a Gaussian problem with one gain, for which a first integral exists."""
    refuse_memory(network)
    gain = 0.0
    for one in network.ensembles:
        if one.noise_gain is None:
            checks.reject("ensembles", one, "mixes lags: no first integral exists",
                          "give method='fourier'")
        gain += one.noise_gain
    return Gaussian(seen_phi(network), gain, network.noise, network.bias)


def refuse_memory(network: AnyNetwork) -> None:
    for one in network.ensembles:
        if one.has_memory:
            checks.reject(
                "ensembles", one, "its couplings return a unit's own past to it (memory), so that "
                "x is not Gaussian", "set k=0, reciprocity=0 or overlaps=0, or method='sampled' "
                "for what dmft.solve does, or use dmft.validation for the finite network")

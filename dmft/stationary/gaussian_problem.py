"""GaussianProblem: the stationary single-site problem without memory, and that of a network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..averages.protocol import GaussianAverages, Numbers
from ..base import checks
from ..ensembles.properties import memory_advice
from ..equations import stationary as equations
from ..network.network import AnyNetwork, unit_of
from ..network.nonlinearity import Nonlinearity
from ..units.leaky import Leaky
from .heterogeneous_units import effective_phi


@dataclass(frozen=True)
class GaussianProblem:
    """A site driven by Gaussian noise of covariance gain C_phi, white noise and a bias.

    Parameters
    ----------
    phi : Nonlinearity
    gain : float
        Covariance of the coupling noise over C_phi, summed over the ensembles; g^2 for iid
        couplings.
    noise : float
        Standard deviation that the white noise alone gives to x.
    bias : float
        Standard deviation of the quenched Gaussian input.
    """

    phi: Nonlinearity
    gain: float
    noise: float = 0.0
    bias: float = 0.0

    def force(self, covariance: Numbers, averages: GaussianAverages) -> np.ndarray:
        """Delta'' as a function of Delta: minus the derivative of the potential."""
        return equations.force(covariance, averages.correlation(covariance), self.gain, self.bias)

    def stiffness(self, covariance: Numbers, averages: GaussianAverages) -> np.ndarray:
        """The derivative of `force`."""
        return equations.stiffness(averages.slope(covariance), self.gain)


def gaussian_problem(network: AnyNetwork) -> GaussianProblem:
    """Gather phi, the total gain, noise and bias of a network that has a first integral.

    Raises
    ------
    ModelError
        For couplings with memory, for noise whose covariance at one lag is not a multiple of
        C_phi at that lag, and for units that are not leaky.
    """
    reject_memory(network)
    if not isinstance(unit_of(network), Leaky):
        checks.reject("unit", unit_of(network), "not leaky, so that there is no first integral",
                      "give method='fourier'")
    gain = 0.0
    for one in network.ensembles:
        if one.noise_gain is None:
            checks.reject("ensembles", one, "its noise mixes lags, so that there is no first "
                          "integral", "give method='fourier'")
        gain += one.noise_gain
    return GaussianProblem(effective_phi(network), gain, network.noise, network.bias)


def reject_memory(network: AnyNetwork) -> None:
    """Raise ModelError where couplings feed a unit's past activity back to it."""
    for one in network.ensembles:
        if one.has_memory:
            checks.reject(
                "ensembles", one, "these couplings feed a unit's past activity back to it "
                "(memory), so that x is not Gaussian", f"{memory_advice(one)}, give "
                "method='sampled' to dmft.solve, or simulate the finite network with "
                "dmft.validation.simulate")

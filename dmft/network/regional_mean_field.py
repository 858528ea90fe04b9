"""MeanField: noise gains and directions of a network, gathered from its ensembles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import linalg

from ..base import checks
from ..ensembles.properties import memory_advice, noise_gains
from .network import AnyNetwork, require_leaky
from .nonlinearity import Nonlinearity
from .structure import structure


@dataclass(frozen=True, eq=False)
class MeanField:
    """Regions, noise gains and directions of a network without memory kernels.

    x^mu = sum over q on mu of m^q y_q + h^mu. Here y consists of the P filtered currents z followed
    by the filtered inputs, and h is Gaussian with noise covariance sum_nu gains[mu, nu] C^nu.

    Parameters
    ----------
    gains : (R, R) array
        Factor between the noise of region mu and the correlation of region nu.
    source, target : (P,), (Q,) arrays of int
        Region from which each current comes, and region of each direction.
    overlaps : (P, Q) array
        <n^p m^q>.
    covariance : (Q, Q) array
        <m^q m^q'>.
    phi, noise, bias
        Nonlinearity, strength of the white noise, and standard deviation of the bias.
    signal
        (Q - P,) external inputs, constant or a function of time; None if there are none.
    """

    gains: np.ndarray
    source: np.ndarray
    target: np.ndarray
    overlaps: np.ndarray
    covariance: np.ndarray
    phi: Nonlinearity
    noise: float
    bias: float
    signal: Any

    @property
    def regions(self) -> int:
        """R, the number of regions."""
        return len(self.gains)

    @property
    def currents(self) -> int:
        """P, the number of currents."""
        return len(self.source)

    @property
    def inputs(self) -> int:
        """Q - P, the number of external inputs."""
        return len(self.target) - len(self.source)

    @cached_property
    def onto(self) -> np.ndarray:
        """(R, Q): 1 where a direction belongs to a region, else 0."""
        return (np.arange(self.regions)[:, None] == self.target).astype(float)

    def static(self, y: np.ndarray, other: np.ndarray | None = None) -> np.ndarray:
        """(R,) covariance sum over q, q' of y_q M_qq' y'_q' of each region along its directions.

        y' is `other`, y (Q,) by default. With `other` (Q, n), y' at n times, the result is (R, n).
        """
        weighted = self.covariance @ y
        if other is None:
            return self.onto @ (weighted * y)
        return (self.onto * weighted) @ other

    def driven(self, psi: np.ndarray, y: np.ndarray) -> np.ndarray:
        """(P,) currents S_p = psi[source] sum over q of <n^p m^q> y_q (Stein's lemma)."""
        return psi[self.source] * (self.overlaps @ y)


def mean_field(network: AnyNetwork) -> MeanField:
    """The mean field of a network.

    Raises
    ------
    ModelError
        For units with gains, couplings with memory, or noise at one pair of times that depends on
        the correlation at other times.
    """
    own = structure(network)
    require_leaky(network, "a theory in time or in regions")
    if own.drift:
        checks.reject("ensembles", network.ensembles, "have means, which a theory in time or of "
                      "currents does not treat", "use dmft.solve(network), which finds their "
                      "stationary states, or dmft.validation.simulate")
    if own.gains is not None:
        checks.reject("network", network, "has neurons of different gains, for which there is no "
                      "time-dependent or regional solver", "use dmft.solve(network) without "
                      "regions and times, or dmft.validation.simulate")
    gains = np.zeros((own.kinds, own.kinds))
    for one in network.ensembles:
        noise = noise_gains(one)
        if one.has_memory:
            checks.reject("ensembles", one, "these couplings feed a unit's past activity back to "
                          "it (memory), which is not solved in time or in regions",
                          f"{memory_advice(one)}, or use "
                          "dmft.validation.simulate(network, neurons)")
        if noise is None:
            checks.reject("ensembles", one, "its noise at one pair of times is not a multiple of "
                          "the correlation at that pair, which is not solved in time or in regions",
                          "use validation.simulate")
        gains += noise
    low, empty = own.low_rank, np.zeros(0, dtype=np.int64)
    return MeanField(
        gains, np.concatenate([empty, *(one.source for one in low)]),
        np.concatenate([empty, *(one.target for one in low)]),
        linalg.block_diag(*(one.overlaps for one in low)) if low else np.zeros((0, 0)),
        linalg.block_diag(*(one.covariance for one in low)) if low else np.zeros((0, 0)),
        network.phi, network.noise, network.bias, getattr(network, "signal", None))

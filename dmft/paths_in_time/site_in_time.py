"""SiteInTime: the noise and the memories of a unit in time, from the ensembles of a network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..base import checks
from ..ensembles.iid import IID
from ..ensembles.properties import random_modes, synapses
from ..equations import iid as iid_equations
from ..network.network import AnyNetwork, require_leaky
from ..network.nonlinearity import Nonlinearity
from ..network.structure import structure
from .tuning import MOST_GROUPS

SIMULATE = "use dmft.validation.simulate(network, neurons, times=...)"


@dataclass(frozen=True)
class NoiseGroup:
    """Couplings whose noise is one set of white innovations Z, and what they return to a unit.

    With V = <phi Z> at the present time, the input is strength A Z + sqrt(P) Q (direct l + echo V),
    A = l + own_echo V. Independent couplings of variance g^2/N and reciprocity r: strength g,
    echo r g. A value D of random modes, w of them per neuron, with overlap rho: strength
    sqrt(w) D, own_echo rho/sqrt(w), direct w D rho, echo sqrt(w) D rho^2.
    """

    strength: float
    own_echo: float = 0.0
    direct: float = 0.0
    echo: float = 0.0


@dataclass(frozen=True)
class SiteInTime:
    """One unit in time: groups of noise, plastic couplings (k, p), and the unit itself."""

    groups: tuple[NoiseGroup, ...]
    plastic: tuple[tuple[float, float], ...]
    phi: Nonlinearity
    noise: float
    bias: float

    @property
    def returns(self) -> bool:
        """Whether the response of a unit to its noise returns to it (reciprocity, overlaps)."""
        return any(one.own_echo or one.echo for one in self.groups)


def site_in_time(network: AnyNetwork) -> SiteInTime:
    """The site of a network.

    Raises
    ------
    ModelError
        For units that are not leaky, gains, several regions, currents or mean couplings, and for
        couplings whose theory in time is not derived.
    """
    own = structure(network)
    require_leaky(network, "a theory in time")
    if own.drift or own.low_rank or own.kinds > 1:
        checks.reject("network", network, "has regions, currents or mean couplings beside couplings"
                      " with memory or a schedule, for which there is no theory in time", SIMULATE)
    if own.gains is not None:
        checks.reject("network", network, "has units of different gains, for which there is no "
                      "theory in time", SIMULATE)
    plastic, groups, square, returned = [], [], 0.0, 0.0
    for one in network.ensembles:
        if synapses((one,)):
            plastic += [(syn.k, syn.p) for syn in synapses((one,)) if syn.k]
        elif one.has_memory and random_modes((one,)):
            groups += _of_modes(one)
        elif one.noise_gain is None or (one.has_memory and not isinstance(one, IID)):
            checks.reject("ensembles", one, "the theory in time of these couplings is not derived",
                          SIMULATE)
        else:
            square += one.noise_gain
            if isinstance(one, IID):
                returned += float(iid_equations.memory_kernel(1.0, one.g, one.reciprocity))
    if square:
        groups.insert(0, NoiseGroup(np.sqrt(square), echo=returned / np.sqrt(square)))
    if len(groups) > MOST_GROUPS:
        checks.reject("ensembles", network.ensembles, f"modes of {len(groups)} strengths with "
                      f"overlaps, each with noise of its own: more than {MOST_GROUPS}",
                      "give a Spectrum.from_values with fewer values, or " + SIMULATE)
    return SiteInTime(tuple(groups), tuple(plastic), network.phi, network.noise, network.bias)


def _of_modes(ensemble) -> list[NoiseGroup]:
    if np.ndim(ensemble.overlaps) == 2:
        checks.reject("ensembles", ensemble, "has a matrix of overlaps, whose theory in time is "
                      "not built", "give one overlap for each strength, or " + SIMULATE)
    spectrum = ensemble.spectrum
    overlaps = np.broadcast_to(ensemble.overlaps, spectrum.values.shape)
    return [NoiseGroup(np.sqrt(w) * D, rho / np.sqrt(w), w * D * rho, np.sqrt(w) * D * rho**2)
            for D, w, rho in zip(spectrum.values, spectrum.weights, overlaps, strict=True) if D]

"""SitesInTime: noise, memories and means of the units of each population, from a network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..base import checks
from ..ensembles.hebbian import RegionalHebbian
from ..ensembles.iid import IID
from ..ensembles.properties import drift_of, noise_gains, random_modes, synapses
from ..ensembles.regional_iid import RegionalIID
from ..equations import iid as iid_equations
from ..network.inputs import Pulse
from ..network.network import AnyNetwork
from ..network.populations import Population, populations
from ..network.structure import structure
from .tuning import MOST_GROUPS
from .unit_in_time import check_unit_in_time

SIMULATE = "use dmft.validation.simulate(network, neurons, times=...)"


@dataclass(frozen=True)
class NoiseGroup:
    """Couplings whose noise is one set of white innovations Z, and what they return to a unit.

    With V = <phi Z> at the present time, of the units of `target`, their input is
    strength A Z + sqrt(P) Q direct l, A = l + own_echo V, with l those of `source`; and the units
    of `source` receive sqrt(P) Q echo V. Independent couplings of variance g^2/N and reciprocity r:
    strength g, echo r g. A value D of random modes, w of them per neuron, with overlap rho:
    strength sqrt(w) D, own_echo rho/sqrt(w), direct w D rho, echo sqrt(w) D rho^2.
    """

    target: int
    source: int
    strength: float
    own_echo: float = 0.0
    direct: float = 0.0
    echo: float = 0.0


@dataclass(frozen=True)
class PlasticPart:
    """Plastic couplings from `source` to `target`, of strength k and time constant p."""

    target: int
    source: int
    k: float
    p: float


@dataclass(frozen=True)
class SitesInTime:
    """The R populations, groups of noise, plastic couplings, (R, R) means, and inputs in time.

    `events` are the times at which inputs jump.
    """

    populations: tuple[Population, ...]
    groups: tuple[NoiseGroup, ...]
    plastic: tuple[PlasticPart, ...]
    mean: np.ndarray
    input_at: Callable[[float], np.ndarray] | None = None
    events: tuple[float, ...] = ()

    @property
    def returns(self) -> bool:
        """Whether the response of a unit to its noise returns to it (reciprocity, overlaps)."""
        return any(one.own_echo or one.echo for one in self.groups)

    @property
    def noisy(self) -> bool:
        """Whether there is white noise."""
        return any(one.noise for one in self.populations)

    def responds(self, a: int) -> bool:
        """Whether the response of population a is known: by its noise, or as it has no memory."""
        return (any(one.target == a for one in self.groups)
                or not any(one.target == a for one in self.plastic))

    @property
    def directions(self) -> int:
        """Largest number of directions of the paths that a mode of each population takes."""
        return 1 + max(sum(one.target == a for one in self.groups)
                       for a in range(len(self.populations)))


def sites_in_time(network: AnyNetwork) -> SitesInTime:
    """The sites of a network.

    Raises
    ------
    ModelError
        For units in discrete time or with a delay, gains, currents, and for couplings whose theory
        in time is not derived.
    """
    own = structure(network)
    if own.functional:
        checks.reject("network", network, "has couplings of your own that drive the mean, which "
                      "are not solved in time", "give dmft.MeanCouplings, or " + SIMULATE)
    if own.low_rank:
        checks.reject("network", network, "has currents beside couplings with memory, means or a "
                      "schedule, which are not solved in time", SIMULATE)
    if own.gains is not None:
        checks.reject("network", network, "has units of different gains, for which there is no "
                      "theory in time", SIMULATE)
    units = populations(network)
    for population in units:
        check_unit_in_time(population.unit)
    R = own.kinds
    plastic: list[PlasticPart] = []
    groups: list[NoiseGroup] = []
    square, returned = np.zeros((R, R)), np.zeros((R, R))
    for one in network.ensembles:
        if hasattr(one, "drift"):
            continue
        if synapses((one,)):
            plastic += [PlasticPart(0, 0, syn.k, syn.p) for syn in synapses((one,)) if syn.k]
        elif isinstance(one, RegionalHebbian):
            plastic += [PlasticPart(int(a), int(b), float(one.k[a, b]), one.p)
                        for a, b in np.argwhere(one.k)]
        elif one.has_memory and random_modes((one,)):
            groups += _of_modes(one)
        elif (gains := noise_gains(one)) is None or (
                one.has_memory and not isinstance(one, IID | RegionalIID)):
            checks.reject("ensembles", one, "the theory in time of these couplings is not derived",
                          SIMULATE)
        else:
            square = square + gains
            returned = returned + _returned(one, own.share)
    pairs = np.argwhere(square > 0)
    root = np.sqrt(square)
    # what a returns to b is the memory of b, over the strength of the noise from b to a
    groups[:0] = [NoiseGroup(int(a), int(b), float(root[a, b]),
                             echo=float(returned[b, a] / root[a, b])) for a, b in pairs]
    if len(groups) > MOST_GROUPS:
        what, less = (("pairs of populations with g above 0", "fewer of them") if R > 1 else
                      ("strengths of modes with overlaps", "a Spectrum.from_values with fewer"))
        checks.reject("ensembles", network.ensembles, f"{len(groups)} {what}, each with noise of "
                      f"its own: more than {MOST_GROUPS}", f"give {less}, or {SIMULATE}")
    mean = drift_of(network.ensembles)
    return SitesInTime(units, tuple(groups), tuple(plastic),
                       np.zeros((R, R)) if mean is None else np.asarray(mean),
                       *_inputs(network))


def _inputs(network: Any) -> tuple[Callable[[float], np.ndarray] | None, tuple[float, ...]]:
    """Inputs to populations as a function of time, if they are one, and where they jump."""
    given = getattr(network, "input", None)
    if not callable(given):
        return None, ()
    return network.input_at, (given.start, given.stop) if isinstance(given, Pulse) else ()


def _returned(ensemble: Any, share: np.ndarray | None) -> np.ndarray:
    """(R, R) N_b <J_ab J_ba>: the memory of population a per response of population b."""
    if isinstance(ensemble, IID):
        return np.array([[float(iid_equations.memory_kernel(1.0, ensemble.g,
                                                            ensemble.reciprocity))]])
    return ensemble.returned(share) if ensemble.has_memory else np.zeros(1)


def _of_modes(ensemble: Any) -> list[NoiseGroup]:
    if np.ndim(ensemble.overlaps) == 2:
        checks.reject("ensembles", ensemble, "has a matrix of overlaps, whose theory in time is "
                      "not built", "give one overlap for each strength, or " + SIMULATE)
    spectrum = ensemble.spectrum
    overlaps = np.broadcast_to(ensemble.overlaps, spectrum.values.shape)
    return [NoiseGroup(0, 0, np.sqrt(w) * D, rho / np.sqrt(w), w * D * rho, np.sqrt(w) * D * rho**2)
            for D, w, rho in zip(spectrum.values, spectrum.weights, overlaps, strict=True) if D]

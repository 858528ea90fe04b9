"""Structure: the kinds of units and couplings of a network, from its ensembles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..base import checks
from ..ensembles.hebbian import Hebbian
from ..ensembles.low_rank import LowRank
from ..ensembles.properties import directions, drift_of, driving_means, kinds, synapses
from ..units.leaky import Leaky
from ..units.unit import Unit
from .gains import UnitGains, unit_gains
from .network import AnyNetwork, first_unit


@dataclass(frozen=True)
class Structure:
    """The properties of a network by which its solver, or its simulation, is chosen.

    Parameters
    ----------
    kinds : int
        Number R of kinds of units (regions).
    low_rank : tuple of LowRank
        Couplings with directions, which carry currents and external inputs.
    plastic : tuple of Hebbian
        Couplings with synaptic dynamics of their own.
    gains : UnitGains or None
        Gains of the units; None if the units are identical.
    memory : bool
        Whether couplings return the past of a unit to it, so that x is not Gaussian.
    local : bool
        Whether the noise at each lag is a multiple of the correlation at this lag, and the unit is
        leaky, so that a first integral exists.
    unit : Unit
        The linear response of the units.
    current_shape : tuple of int
        Shape of an array of currents: (R, R) or (R, R, K) for a multiregion network, else (P,).
    share : (R,) array or None
        Shares of the units in each region, which sum to 1; None if all regions have equal size.
    drift : bool
        Whether couplings have means, which drive the means of x.
    functional : bool
        Whether what drives the means is a functional of the activity, as that of an ensemble of
        your own may be.
    """

    kinds: int
    low_rank: tuple[LowRank, ...]
    plastic: tuple[Hebbian, ...]
    gains: UnitGains | None
    memory: bool
    local: bool
    unit: Unit
    current_shape: tuple[int, ...]
    share: np.ndarray | None = None
    drift: bool = False
    functional: bool = False

    @property
    def currents(self) -> int:
        """P, the number of currents."""
        return sum(len(one.source) for one in self.low_rank)

    @property
    def inputs(self) -> int:
        """K, the number of directions that carry external inputs."""
        return sum(len(one.target) for one in self.low_rank) - self.currents

    @property
    def in_regions(self) -> bool:
        """Whether there are several kinds of units, currents, or means of the couplings."""
        return bool(self.beyond_one_site)

    @property
    def beyond_one_site(self) -> str:
        """What a network has beyond one kind of units without means: "" if nothing."""
        found = {f"{self.kinds} kinds of units (regions or populations)": self.kinds > 1,
                 "currents (low-rank couplings)": bool(self.low_rank),
                 "couplings that drive the means of x": self.drift}
        return " and ".join(name for name, there in found.items() if there)


def region_sizes(network: AnyNetwork, neurons: int) -> tuple[int, ...]:
    """(R,) numbers of units of the regions: N `neurons` each, or R share N, rounded.

    Raises
    ------
    ModelError
        If the network is a given matrix, and `neurons` is not its mean number of units.
    """
    own, given = structure(network), getattr(network, "sizes", None)
    if given is not None:
        mean = round(sum(given) / len(given))
        if neurons != mean:
            checks.reject("neurons", neurons, f"not the mean size {mean} of the regions of the "
                          "given weights", f"give {mean}")
        return tuple(given)
    if own.share is None:
        return (neurons,) * own.kinds
    return tuple(max(1, int(size)) for size in np.rint(own.kinds * own.share * neurons))


def check_network(network: Any) -> None:
    """Reject a class, and an object without the fields of a network."""
    if isinstance(network, type):
        checks.reject("network", network.__name__, "a class, not a network",
                      "give an instance, such as dmft.RandomNetwork(g=2.0)")
    inner = getattr(network, "network", None)
    if not hasattr(network, "ensembles") and hasattr(inner, "ensembles"):
        checks.reject("network", network, "a result, not a network", "give its .network")
    for name in ("ensembles", "phi", "noise", "bias"):
        if not hasattr(network, name):
            checks.reject("network", network, f"not a network: it has no {name}",
                          "give one, such as dmft.RandomNetwork(g=2.0)")


def may_be_quiescent(network: AnyNetwork) -> bool:
    """Whether x = 0 is a state: without noise, bias and phi(0)."""
    return not network.noise and not network.bias and network.phi.at_zero == 0


def structure(network: AnyNetwork) -> Structure:
    """The structure of a network.

    Raises
    ------
    ModelError
        If this is not a network, if plastic couplings are given with units in discrete time, if
        directions carry inputs and the network has no signal, or if there are several low-rank
        ensembles and one of them has inputs.
    """
    check_network(network)
    ensembles = network.ensembles
    found = Structure(
        kinds(ensembles[0]), directions(ensembles), synapses(ensembles), unit_gains(network),
        memory=any(one.has_memory for one in ensembles),
        local=(all(one.noise_gain is not None for one in ensembles)
               and isinstance(first_unit(network), Leaky)),
        unit=first_unit(network),
        current_shape=_current_shape(network), share=getattr(network, "share", None),
        drift=drift_of(ensembles) is not None or bool(driving_means(ensembles)),
        functional=bool(driving_means(ensembles)))
    kernels = any(getattr(one, "in_continuous_time", False) for one in ensembles)
    if found.unit.time_step is not None and (found.plastic or kernels):
        checks.reject("unit", found.unit, "in discrete time, and the synapses of these couplings "
                      "are in continuous time", "give a unit such as dmft.Leaky()")
    if found.inputs and len(found.low_rank) > 1:
        checks.reject("ensembles", ensembles, "several low-rank ensembles, one with inputs",
                      "put all directions into one LowRank")
    if found.inputs and getattr(network, "signal", None) is None:
        checks.reject("signal", None, f"missing: {found.inputs} directions carry external inputs",
                      "give dmft.MultiregionNetwork(..., input=...)")
    return found


def _current_shape(network: AnyNetwork) -> tuple[int, ...]:
    currents = sum(len(one.source) for one in directions(network.ensembles))
    return tuple(getattr(network, "current_shape", (currents,)))

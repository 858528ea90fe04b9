"""Structure: how many regions, currents and external inputs a network has."""

from __future__ import annotations

from dataclasses import dataclass

from dmft import LowRank
from dmft.base.checks import reject
from dmft.ensembles import kinds


@dataclass(frozen=True)
class Structure:
    """R regions, P currents and K external inputs; (1, 0, 0) without regions and low rank."""

    regions: int
    currents: int
    inputs: int


def structure(network) -> Structure:
    """Count a network's regions, currents and inputs.

    Raises
    ------
    ModelError
        If directions carry inputs and there is no signal, or stand in one of several low-rank
        ensembles.
    """
    low = [one for one in network.ensembles if isinstance(one, LowRank)]
    currents = sum(len(one.source) for one in low)
    inputs = sum(len(one.target) for one in low) - currents
    if inputs and len(low) > 1:
        reject("network", network, "has several low-rank ensembles, one with inputs",
               "put all directions into one LowRank")
    if inputs and getattr(network, "signal", None) is None:
        reject("network", network, f"{inputs} of its directions carry external inputs, and it has "
               "no signal", "give dmft.MultiregionNetwork(..., input=...)")
    return Structure(kinds(network.ensembles[0]), currents, inputs)

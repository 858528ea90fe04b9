"""The state of plastic couplings, taken out of an operator and put back."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy as np

from .operators import Operator, Scaled, Sum
from .plastic import Plastic
from .plastic_memory import Memory


@dataclass(frozen=True, eq=False)
class PlasticState:
    """A of one plastic operator, up to k/N; None where it is zero."""

    memory: Memory | None


def plastic_terms(couplings: Operator, phi: np.ndarray) -> list[tuple[Plastic, np.ndarray]]:
    """The plastic operators within an operator, each with the phi (N, B) that it is given."""
    if isinstance(couplings, Plastic):
        return [(couplings, phi)]
    if isinstance(couplings, Sum):
        return [pair for term in couplings.terms for pair in plastic_terms(term, phi)]
    if isinstance(couplings, Scaled):
        return plastic_terms(couplings.couplings, couplings.output_gain * phi)
    return []


def states_of(couplings: Operator, phi: np.ndarray) -> tuple[PlasticState, ...]:
    """Copies of the states of all plastic operators, with the part of the present phi."""
    return tuple(PlasticState(one.held(own)) for one, own in plastic_terms(couplings, phi))


def put_states(couplings: Operator, phi: np.ndarray, kept: tuple[PlasticState, ...]) -> None:
    """Give all plastic operators states that were taken before."""
    for (one, _), state in zip(plastic_terms(couplings, phi), kept, strict=True):
        one.memory, one.end = copy.deepcopy(state.memory), 0.0

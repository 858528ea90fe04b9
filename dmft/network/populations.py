"""The populations of a network: nonlinearity, unit, noise, bias and mean input of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..base.checks import reject
from ..ensembles.properties import kinds
from ..units.unit import Unit
from .network import unit_of
from .nonlinearity import Nonlinearity


@dataclass(frozen=True)
class Population:
    """Units of one kind, and what drives them besides the couplings.

    Parameters
    ----------
    phi : Nonlinearity
    unit : Unit
    noise, bias : float
        Strength of the white noise, and standard deviation of the quenched bias.
    input : float
        Constant input to all units.
    """

    phi: Nonlinearity
    unit: Unit
    noise: float
    bias: float
    input: float


def populations(network: Any) -> tuple[Population, ...]:
    """The R populations of a network; alike where the network gives one value for all."""
    R = kinds(network.ensembles[0])
    columns = [of_each(value, R) for value in (
        network.phi, unit_of(network), network.noise, network.bias,
        getattr(network, "constant_input", 0.0))]
    return tuple(Population(*row) for row in zip(*columns, strict=True))


def require_alike(network: Any) -> None:
    """Refuse populations that differ where perturbations of all units take the same step."""
    if len(set(populations(network))) > 1:
        reject("network", network, "has populations that differ, whose tangents are not followed",
               "give all populations the same phi, unit, noise, bias and input")


def require_constant_input(network: Any) -> None:
    """Refuse an input to populations that is a function of time, where a state is stationary."""
    if callable(getattr(network, "input", None)):
        reject("input", network.input, "a function of time, with which no state is stationary",
               "give times=dmft.Times(stop, dt) to solve or simulate in time, or a constant input")


def of_each(value: Any, R: int) -> Sequence[Any]:
    """R values: those given, or one value for all."""
    if isinstance(value, np.ndarray):
        value = tuple(value.tolist()) if value.ndim else float(value)
    return value if isinstance(value, tuple) else (value,) * R

"""Network: a unit with its nonlinearity, and the sum of its coupling ensembles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ..base import checks
from ..ensembles.ensemble import Ensemble
from ..ensembles.properties import kinds, within_each
from ..plots.equation_shown import ShownNetwork
from ..units.leaky import LEAKY, Leaky
from ..units.unit import Unit
from .nonlinearity import Nonlinearity, tanh
from .site_derivation import Derivable
from .tuning import WEAKEST_INPUT

SIMULATE = "give unit=dmft.Leaky(), or use dmft.validation.simulate(network, neurons)"


class AnyNetwork(Protocol):
    """What `solve` and `simulate` require of a network: a `Network`, or a named one."""

    @property
    def ensembles(self) -> tuple[Ensemble, ...]: ...
    @property
    def phi(self) -> Nonlinearity: ...
    @property
    def noise(self) -> float: ...
    @property
    def bias(self) -> float: ...


class RegionalNetwork(AnyNetwork, Protocol):
    """A network of regions with a matrix of currents, as a `MultiregionNetwork` is."""

    @property
    def current_shape(self) -> tuple[int, ...]: ...


@dataclass(frozen=True)
class Network(Derivable, ShownNetwork):
    """(1 + d/dt) x_i = sum_j J_ij phi(x_j) + xi_i(t) + h_i, with J a sum of random ensembles.

    With another `unit` its linear response H takes the place of the leaky one,
    x_i = H (sum_j J_ij phi(x_j) + xi_i + h_i).

    Parameters
    ----------
    ensembles : Ensemble or tuple of Ensemble
        Independent coupling ensembles, whose couplings add. Where some couple several regions,
        independent couplings and means of one kind act within each of these.
    phi : Nonlinearity
        Transfer function.
    noise : float
        Strength sigma of the white noise, <xi xi> = 2 sigma^2 delta(t - t'); 0 or above.
    bias : float
        Standard deviation of the quenched Gaussian bias h_i; 0 or above.
    unit : Unit
        Linear response of a unit to its input: `dmft.Leaky()`, `dmft.Adaptation(b, tau)`,
        `dmft.SynapticFilter(tau)`, `dmft.Rational(H)`, `dmft.Delayed(unit, d)`, `dmft.Map(a)`.

    Raises
    ------
    ModelError
        For a field outside its range; the message names it.

    Examples
    --------
    >>> from dmft import IID, Hebbian
    >>> len(Network((IID(1.5), Hebbian(k=-1.0, p=2.5))).ensembles)
    2
    """

    ensembles: tuple[Ensemble, ...]
    phi: Nonlinearity = tanh
    noise: float = 0.0
    bias: float = 0.0
    unit: Unit = LEAKY

    if TYPE_CHECKING:  # accepts more than the fields keep; test_types.py compares the two
        def __init__(self, ensembles: Ensemble | Sequence[Ensemble], phi: Nonlinearity = tanh,
                     noise: float = 0.0, bias: float = 0.0, unit: Unit = LEAKY) -> None: ...

    def __post_init__(self):
        ensembles: Any = self.ensembles
        if isinstance(ensembles, Ensemble):
            ensembles = (ensembles,)
        if not isinstance(ensembles, (tuple, list)) or not ensembles:
            checks.reject("ensembles", ensembles, "no ensembles",
                          "give a tuple such as (IID(2.0),)")
        for one in ensembles:
            if isinstance(one, type) or not isinstance(one, Ensemble):
                checks.reject("ensembles", one, "not an ensemble", "give objects such as IID(2.0)")
        R = max(map(kinds, ensembles))
        if any(kinds(one) not in (1, R) for one in ensembles):
            checks.reject("ensembles", ensembles, "couple different numbers of regions",
                          "give ensembles of the same number of regions, or of one")
        object.__setattr__(self, "ensembles", tuple(within_each(one, R) for one in ensembles))
        check_unit(self)


def unit_of(network: AnyNetwork) -> Unit:
    """The unit of a network; leaky where the network does not say."""
    return getattr(network, "unit", LEAKY)


def first_unit(network: AnyNetwork) -> Unit:
    """The unit, or that of the first population where the populations have their own."""
    unit: Any = unit_of(network)
    return unit[0] if isinstance(unit, tuple) else unit


def require_leaky(network: AnyNetwork, what: str, advice: str = SIMULATE) -> None:
    """Refuse units that are not leaky where their response is not derived or not built in."""
    if not isinstance(unit_of(network), Leaky):
        checks.reject("unit", unit_of(network), f"{what} is known for leaky units only", advice)


def check_unit(network) -> None:
    """Check phi, noise, bias and the unit, the fields of every network, and convert them."""
    if not isinstance(network.phi, Nonlinearity):
        checks.reject("phi", network.phi, "not a Nonlinearity",
                      "give dmft.tanh, dmft.erf, ... or Nonlinearity(function, derivative)")
    if not isinstance(unit_of(network), Unit):
        checks.reject("unit", network.unit, "not a unit",
                      "give dmft.Leaky(), dmft.Adaptation(b, tau), dmft.Rational(H), ...")
    for name in ("noise", "bias"):
        value = checks.nonnegative(name, getattr(network, name))
        check_strength(name, value)
        object.__setattr__(network, name, value)


def check_strength(name: str, value: float | np.ndarray) -> None:
    """Refuse noise or bias whose powers are below the smallest numbers."""
    if np.any((np.asarray(value) > 0) & (np.asarray(value) < WEAKEST_INPUT)):
        checks.reject(name, value, "so weak that its powers vanish in double precision",
                      f"give 0, or at least {WEAKEST_INPUT:g}")

"""RandomNetwork: the network of Sompolinsky, Crisanti & Sommers."""

from __future__ import annotations

from dataclasses import dataclass

from ..ensembles.ensemble import Ensemble
from ..ensembles.iid import IID
from ..network.network import check_unit
from ..network.nonlinearity import Nonlinearity, tanh
from ..network.site_derivation import Derivable
from ..plots.equation_shown import ShownNetwork


@dataclass(frozen=True)
class RandomNetwork(Derivable, ShownNetwork):
    """(1 + d/dt) x_i = sum_j J_ij phi(x_j) + xi_i(t) + h_i with independent Gaussian couplings.

    A thin constructor of `Network(ensembles=(IID(g, reciprocity),), ...)`. Without noise, bias and
    reciprocity, and for an odd sigmoid phi, it is quiescent for g phi'(0) < 1 and chaotic for
    larger g (Sompolinsky, Crisanti & Sommers 1988).

    Parameters
    ----------
    g : float
        Coupling strength, <J_ij^2> = g^2/N; 0 or above.
    phi : Nonlinearity
        Transfer function: `dmft.tanh`, `dmft.erf`, `dmft.relu`, `dmft.linear` or another
        `dmft.Nonlinearity`.
    noise : float
        Strength sigma of the white noise, <xi xi> = 2 sigma^2 delta(t - t'); 0 or above.
    reciprocity : float
        Correlation of reciprocal couplings, <J_ij J_ji> = reciprocity g^2/N; from -1 to 1.
    bias : float
        Standard deviation of the quenched Gaussian bias h_i; 0 or above.

    Raises
    ------
    ModelError
        For a field outside its range, by name.

    Examples
    --------
    >>> RandomNetwork(g=2.0).noise
    0.0
    """

    g: float
    phi: Nonlinearity = tanh
    noise: float = 0.0
    reciprocity: float = 0.0
    bias: float = 0.0

    def __post_init__(self):
        coupling = IID(self.g, self.reciprocity)
        object.__setattr__(self, "g", coupling.g)
        object.__setattr__(self, "reciprocity", coupling.reciprocity)
        check_unit(self)

    @property
    def ensembles(self) -> tuple[Ensemble, ...]:
        """The coupling ensembles: IID(g, reciprocity)."""
        return (IID(self.g, self.reciprocity),)

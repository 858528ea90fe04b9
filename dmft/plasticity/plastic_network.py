"""PlasticNetwork: coupled dynamics of neurons and Hebbian synapses."""

from __future__ import annotations

from dataclasses import dataclass

from ..ensembles.ensemble import Ensemble
from ..ensembles.hebbian import Hebbian
from ..ensembles.iid import IID
from ..network.network import check_unit
from ..network.nonlinearity import Nonlinearity, tanh
from ..network.site_derivation import Derivable
from ..plots.equation_shown import ShownNetwork


@dataclass(frozen=True)
class PlasticNetwork(Derivable, ShownNetwork):
    """(1 + d/dt) x_i = sum_j (J_ij + A_ij(t)) phi(x_j), (1 + p d/dt) A_ij = (k/N) phi_i phi_j.

    Quenched random couplings J plus plastic couplings A: the coupled neuronal-synaptic dynamics of
    Clark & Abbott 2024. A thin constructor of `Network(ensembles=(IID(g), Hebbian(k, p)), ...)`.
    The quiescent state is stable for g phi'(0) < 1 at every k, and other states may coexist with
    it: see `dmft.phase`.

    Parameters
    ----------
    g : float
        Strength of the quenched couplings, <J_ij^2> = g^2/N; 0 or above.
    k : float
        Strength of plasticity: Hebbian for k > 0, anti-Hebbian for k < 0.
    p : float
        Synaptic time constant, in neuronal time constants; above 0.
    phi : Nonlinearity
        Transfer function: `dmft.tanh`, `dmft.erf` or another odd sigmoid.
    noise : float
        Strength sigma of the white noise, <xi xi> = 2 sigma^2 delta(t - t'); 0 or above.

    Raises
    ------
    ModelError
        For a field outside its range, by name.

    Examples
    --------
    >>> PlasticNetwork(g=2.0, k=1.0, p=2.5).ensembles
    (IID(g=2.0, reciprocity=0.0), Hebbian(k=1.0, p=2.5))
    """

    g: float
    k: float
    p: float
    phi: Nonlinearity = tanh
    noise: float = 0.0

    bias = 0.0

    def __post_init__(self):
        plastic = Hebbian(self.k, self.p)
        object.__setattr__(self, "g", IID(self.g).g)
        object.__setattr__(self, "k", plastic.k)
        object.__setattr__(self, "p", plastic.p)
        check_unit(self)

    @property
    def ensembles(self) -> tuple[Ensemble, ...]:
        """The coupling ensembles: IID(g) and Hebbian(k, p)."""
        return (IID(self.g), Hebbian(self.k, self.p))

"""HeterogeneousNetwork: neurons that differ in their input and output gains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..base import checks
from ..base.array_data import ArrayData
from ..ensembles.ensemble import Ensemble
from ..ensembles.iid import IID
from ..ensembles.properties import directions, kinds
from ..network.gains import Gains, UnitGains
from ..network.network import check_unit
from ..network.nonlinearity import Nonlinearity, tanh
from ..network.site_derivation import Derivable
from ..plots.equation_shown import ShownNetwork
from .connectivity_modes import AnyConnectivity, measured_modes
from .random_mode_network import RandomModeNetwork


@dataclass(frozen=True, eq=False)
class HeterogeneousNetwork(Derivable, ArrayData, ShownNetwork):
    """(1 + d/dt) x_i = u_i sum_j J_ij v_j phi(x_j), with gains u, v drawn for each neuron.

    Then x_i = u_i y_i, where y has the same statistics for all neurons. Output gains enter the
    dimension of activity through <v^4>/<v^2>^2, exactly as a reduced rank of the connectivity
    does. Input gains also make variances heterogeneous, which z-scoring compensates in part (Clark
    et al. 2025, heterogeneity against low-dimensional connectivity).

    Parameters
    ----------
    couplings : float, Ensemble or tuple of Ensemble
        J: strength g of independent couplings, or ensembles without memory kernel, which add, such
        as `dmft.Modes(spectrum)`.
    input_gain, output_gain : Gains or float
        Distributions of u and v: `dmft.Gains.lognormal(0.5)`, `dmft.Gains.from_values([...])`, or
        one number above 0 for all neurons.
    phi : Nonlinearity
        Transfer function; odd.

    Raises
    ------
    ModelError
        For gains that are not positive, couplings with memory or of several regions, and a phi
        that is not odd.

    Examples
    --------
    >>> HeterogeneousNetwork(3.0, output_gain=Gains.lognormal(0.4)).input_gain
    Gains(values=array([1.]), weights=array([1.]))
    """

    couplings: tuple[Ensemble, ...]
    input_gain: Gains = 1.0  # type: ignore[assignment]  # Gains of one value, put in below
    output_gain: Gains = 1.0  # type: ignore[assignment]
    phi: Nonlinearity = tanh

    noise = 0.0
    bias = 0.0

    if TYPE_CHECKING:  # accepts more than the fields keep; test_types.py compares the two
        def __init__(self, couplings: tuple[Ensemble, ...] | Ensemble | float,
                     input_gain: Gains | float = 1.0, output_gain: Gains | float = 1.0,
                     phi: Nonlinearity = tanh) -> None: ...

    def __post_init__(self):
        couplings: Any = self.couplings
        if isinstance(couplings, Ensemble):
            couplings = (couplings,)
        if not isinstance(couplings, tuple):
            couplings = (IID(checks.nonnegative("couplings", couplings)),)
        for one in couplings:
            if (
                not isinstance(one, Ensemble)
                or kinds(one) > 1
                or one.has_memory
                or directions((one,))
            ):
                checks.reject("couplings", one, "not an ensemble, or one with a memory kernel or "
                              "several regions, which is not solved together with gains",
                              "give dmft.IID(g), or set overlaps=0 and reciprocity=0")
        object.__setattr__(self, "couplings", couplings)
        for name in ("input_gain", "output_gain"):
            value = getattr(self, name)
            if not isinstance(value, (Gains, int, float)):
                checks.reject(name, value, "neither a distribution of gains nor a number",
                              "give dmft.Gains.from_values([...]), or one number")
            if not isinstance(value, Gains):
                value = Gains.from_values([checks.positive(name, value)])
            object.__setattr__(self, name, value)
        check_unit(self)
        if not self.phi.odd:
            checks.reject("phi", self.phi, "not odd: the means would be heterogeneous too",
                          "give dmft.tanh or dmft.erf")

    @classmethod
    def from_connectivity(cls, J: AnyConnectivity, phi: Nonlinearity = tanh, g: float | None = None,
                          remove_mean: bool = True) -> HeterogeneousNetwork:
        """A network with the gains of a connectivity matrix, and random modes of the remainder.

        J_ij = u_i B_ij v_j, where every row and every column of B has the same mean square. The
        modes of B are taken without overlaps, since gains are solved only together with couplings
        without memory.

        Parameters
        ----------
        J : (N, N) array, Connectivity, scipy.sparse matrix or ConnectivityModes
            Couplings from neuron j (column) to neuron i (row), or their measured modes.
        phi : Nonlinearity
            Odd transfer function.
        g : float, optional
            Rescale the couplings B, without gains, to this g_eff; to that of J by default.
        remove_mean : bool
            Subtract the mean coupling first; without effect on ConnectivityModes.

        Raises
        ------
        ModelError
            As for `dmft.measure_connectivity`, and as for the class.
        """
        found = measured_modes(J, remove_mean)
        u, v = found.gains
        product = np.outer(u, v)
        bare = np.divide(found.matrix, product, out=np.zeros_like(product), where=product > 0)
        modes = RandomModeNetwork.from_connectivity(
            bare, phi, g=found.g_eff if g is None else g, overlaps=False, remove_mean=False)
        return cls(modes.ensembles, Gains.from_values(u), Gains.from_values(v), phi)

    @property
    def gains(self) -> UnitGains:
        """Distributions of the input and output gains."""
        return UnitGains(self.input_gain, self.output_gain)

    @property
    def ensembles(self) -> tuple[Ensemble, ...]:
        """The coupling ensembles of J, without gains."""
        return self.couplings

"""HeterogeneousNetwork: neurons that differ in their input and output gains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from ..base import checks
from ..base.array_data import ArrayData
from ..ensembles import IID, Ensemble, kinds
from ..network.gains import Gains
from ..network.network import check_unit
from ..network.nonlinearity import Nonlinearity, tanh


@dataclass(frozen=True, eq=False)
class HeterogeneousNetwork(ArrayData):
    """(1 + d/dt) x_i = u_i sum_j J_ij v_j phi(x_j), with gains u, v drawn for each neuron.

    Then x_i = u_i y_i with y alike for all neurons. Output gains enter the dimension of activity
    through <v^4>/<v^2>^2 exactly as a reduced rank of the connectivity does; input gains also make
    variances differ, which z-scoring undoes in part (Clark et al. 2025, heterogeneity against
    low-dimensional connectivity).

    Parameters
    ----------
    couplings : float, Ensemble or tuple of Ensemble
        J: g of independent couplings, or ensembles such as `dmft.Modes(spectrum)`, without
        memory, which add.
    input_gain, output_gain : Gains or float
        u and v: `dmft.Gains.lognormal(0.5)`, `dmft.Gains.from_values([...])`, or one number.
    phi : Nonlinearity
        Transfer function; odd.

    Raises
    ------
    ModelError
        For gains that are not positive, couplings with memory or of several regions, or a phi that
        is not odd.

    Examples
    --------
    >>> HeterogeneousNetwork(3.0, output_gain=Gains.lognormal(0.4)).input_gain
    Gains(values=array([1.]), weights=array([1.]))
    """

    couplings: tuple[Ensemble, ...] | Ensemble | float
    input_gain: Gains | float = 1.0
    output_gain: Gains | float = 1.0
    phi: Nonlinearity = tanh

    noise = 0.0
    bias = 0.0

    def __post_init__(self):
        couplings = self.couplings
        if isinstance(couplings, Ensemble):
            couplings = (couplings,)
        if not isinstance(couplings, tuple):
            couplings = (IID(checks.nonnegative("couplings", couplings)),)
        for one in couplings:
            if not isinstance(one, Ensemble) or kinds(one) > 1 or one.has_memory or hasattr(
                    one, "source"):
                checks.reject("couplings", one, "no ensemble, or has memory or several regions, "
                              "which is not solved together with gains",
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
            checks.reject("phi", self.phi, "not odd: neurons would differ in their means too",
                          "give dmft.tanh or dmft.erf")

    @property
    def ensembles(self) -> tuple[Ensemble, ...]:
        """The couplings, before gains."""
        return cast(tuple[Ensemble, ...], self.couplings)

"""MultiregionNetwork: regions with disorder within and low-rank couplings between them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from ..base import checks
from ..base.array_data import ArrayData
from ..ensembles.ensemble import Ensemble
from ..ensembles.low_rank import LowRank
from ..ensembles.regional_iid import RegionalIID
from ..network.inputs import Input
from ..network.network import check_unit
from ..network.nonlinearity import Nonlinearity, erf
from ..network.site_derivation import Derivable
from ..plots.equation_shown import ShownNetwork
from .measured.measured_fields import Measured
from .measured.regional_weights import RegionalWeights
from .network_fields import (
    check_input,
    check_weights,
    cross_strengths,
    low_rank_couplings,
    overlaps_of_rank,
    receiving_overlaps,
    region_shares,
    region_strengths,
)


@dataclass(frozen=True, eq=False)
class MultiregionNetwork(Derivable, Measured, ArrayData, ShownNetwork):
    """R regions of N units: (1 + d/dt) x_i^mu = sum_nu sum_j J_ij^{mu nu} phi(x_j^nu) + input.

    J^{mu nu} has an independent Gaussian part of variance g_{mu nu}^2 / N_nu, with N_nu the number
    of units of the sending region, and a rank-one part m^{mu nu} (n^{mu nu})^T / N_nu, whose
    loadings are jointly Gaussian across units (Clark & Beiran 2025, the multiregion network). A
    current that region nu receives from rho drives the current from nu to mu with strength
    T[mu, nu, rho] = <n^{mu nu} m^{nu rho}>. With rank K there are K currents from each region to
    each, along the directions m^{mu nu k}, and T[mu, nu, k, rho, l] = <n^{mu nu k} m^{nu rho l}>.
    In a block that needs fewer currents the overlaps of the others are zero.

    The theory does not depend on the sizes of the regions: g, T and U are averages over the units
    of one region. `share` is used by `validation.simulate`.

    Parameters
    ----------
    g : float or (R,) array
        Strength of the disorder within each region, 0 or above; a number applies to all regions.
    T : (R, R, R) or (R, R, K, R, K) array
        Overlaps of sending and receiving directions, T[mu, nu, rho] = <n^{mu nu} m^{nu rho}>.
    U : (R, R, R) or (R, R, K, R, K) array, optional
        Overlaps of the directions along which region nu receives its currents,
        U[nu, rho, rho'] = <m^{nu rho} m^{nu rho'}>. The identity by default.
    cross_g : (R, R) array, optional
        Strength of the disorder from region nu (column) to mu (row), mu != nu, 0 or above; its
        diagonal must be 0.
    input : Input, optional
        External input to the regions; for rank K with V and W of shape (R, R, K).
    phi : Nonlinearity
        Transfer function.
    noise : float
        Strength sigma of the white noise, <xi xi> = 2 sigma^2 delta(t - t'); 0 or above.
    bias : float
        Standard deviation of a quenched Gaussian bias of each unit; 0 or above.
    share : (R,) array, optional
        Relative sizes of the regions, above 0; kept as shares that sum to 1. Equal by default. In
        a simulation with N `neurons` region mu has R share[mu] N units, rounded.
    weights : RegionalWeights, optional
        The weight matrix of which this is the theory, from `from_weights`: simulations are of this
        very matrix. `dataclasses.replace(network, weights=None)` draws networks like it.

    Raises
    ------
    ModelError
        For a field of the wrong shape or outside its range, and for T or U that no Gaussian
        loadings can have; the message names the field and the region.

    Examples
    --------
    >>> import numpy as np
    >>> net = MultiregionNetwork(g=1.5, T=np.full((2, 2, 2), 0.8))
    >>> net.regions, net.rank
    (2, 1)
    >>> MultiregionNetwork(g=0.0, T=np.zeros((2, 2, 3, 2, 3)), share=[1, 3]).current_shape
    (2, 2, 3)
    """

    g: np.ndarray
    T: np.ndarray
    U: np.ndarray = None  # type: ignore[assignment]  # the identity, put in below
    cross_g: np.ndarray | None = None
    input: Input | None = None
    phi: Nonlinearity = erf
    noise: float = 0.0
    bias: float = 0.0
    share: np.ndarray | None = None
    weights: RegionalWeights | None = None

    if TYPE_CHECKING:  # accepts more than the fields keep; test_types.py compares the two
        def __init__(self, g: ArrayLike, T: ArrayLike, U: ArrayLike | None = None,
                     cross_g: ArrayLike | None = None, input: Input | None = None,
                     phi: Nonlinearity = erf, noise: float = 0.0, bias: float = 0.0,
                     share: ArrayLike | None = None,
                     weights: RegionalWeights | None = None) -> None: ...

    def __post_init__(self):
        T, shape = overlaps_of_rank(self.T)
        R = shape[0]
        put = lambda name, value: object.__setattr__(self, name, value)  # noqa: E731
        put("T", T)
        put("g", region_strengths(self.g, R))
        put("U", receiving_overlaps(self.U, shape))
        if self.cross_g is not None:
            put("cross_g", cross_strengths(self.cross_g, R))
        if self.input is not None:
            check_input(self.input, shape)
        if self.share is not None:
            put("share", region_shares(self.share, R))
        if self.weights is not None:
            check_weights(self)
        check_unit(self)
        self._structure  # noqa: B018 - checks that the statistics are realisable

    @property
    def regions(self) -> int:
        """Number of regions R."""
        return len(self.T)

    @property
    def rank(self) -> int:
        """Number K of currents from each region to each."""
        return 1 if self.T.ndim == 3 else int(self.T.shape[2])

    @property
    def current_shape(self) -> tuple[int, ...]:
        """(R, R), or (R, R, K): current [mu, nu] (or [mu, nu, k]) goes from nu to mu."""
        return self.T.shape[:3] if self.T.ndim == 5 else self.T.shape[:2]

    @property
    def signal(self) -> Any:
        """The external input as a function of time, or None."""
        return None if self.input is None else self.input.signal

    @cached_property
    def disorder(self) -> np.ndarray:
        """(R, R) strengths of the independent couplings; g of each region on the diagonal."""
        g = np.diag(self.g) if self.cross_g is None else np.diag(self.g) + self.cross_g
        g.flags.writeable = False
        return g

    @cached_property
    def _structure(self) -> LowRank:
        return low_rank_couplings(self.T, self.U, self.input, self.current_shape)

    @property
    def ensembles(self) -> tuple[Ensemble, ...]:
        """The coupling ensembles: RegionalIID for the disorder and LowRank for the currents."""
        if self.weights is not None:
            return self._given
        return RegionalIID(self.disorder), self._structure

    @cached_property
    def _given(self) -> tuple[Ensemble, ...]:
        assert self.weights is not None
        return self.weights.ensembles(self.disorder, self._structure)

    @property
    def sizes(self) -> tuple[int, ...] | None:
        """Numbers of units of the regions of given weights; None if networks are drawn."""
        return None if self.weights is None else self.weights.sizes

    @classmethod
    def symmetric(cls, g: ArrayLike, c: ArrayLike, U: ArrayLike | None = None,
                  **fields: Any) -> MultiregionNetwork:
        """A network of symmetric effective interactions, each between two reciprocal currents.

        T[mu, nu, rho] = c[mu, nu] U[nu, mu, rho]. With U = 1 the current from nu to mu is driven
        only by the reciprocal one, which nu receives from mu (Clark & Beiran 2025, symmetric
        effective interactions: currents descend an energy).

        Parameters
        ----------
        g : float or (R,) array
            Strength of the disorder within each region.
        c : (R, R) array
            Symmetric strengths of the interactions.
        U : (R, R, R) array, optional
            Overlaps of receiving directions; the identity by default.
        **fields
            Further fields of MultiregionNetwork.

        Raises
        ------
        ModelError
            If c is not square and symmetric, and as for the class.
        """
        given = checks.finite_array("c", c, 2)
        if given.shape[0] != given.shape[1] or not np.allclose(given, given.T, rtol=1e-12, atol=0):
            checks.reject("c", given, "not a symmetric matrix", "give c[mu, nu] = c[nu, mu]")
        if "T" in fields:
            checks.reject("T", fields["T"], "given together with c, which determines it",
                          "leave it out")
        strengths = (given + given.T) / 2
        full = receiving_overlaps(U, strengths.shape)
        T = strengths[:, :, None] * np.transpose(full, (1, 0, 2))
        return cls(g=g, T=T, U=U, **fields)

    def silenced(self, nu: int) -> MultiregionNetwork:
        """The network in which region nu sends nothing to any region, itself included.

        T[:, nu, :] = 0, so that all currents from nu are zero; its disorder to other regions
        (cross_g[:, nu]) and the overlap of its external input with its outputs (V[:, nu]) are zero
        too (Clark & Beiran 2025, silencing a region). The other regions are then exactly as if the
        units of nu were silent, phi(x^nu) = 0. What region nu receives, and its own disorder g, are
        kept: its units stay active, but no other region is affected by them. For silent units set
        g[nu] = 0 too.

        Filtered currents from nu at t = 0 (in `currents=`) decay as exp(-t); set them to zero for
        a network that was silenced long ago.

        Parameters
        ----------
        nu : int
            Region, 0 to R - 1.

        Raises
        ------
        ModelError
            If nu is not the number of a region.

        Examples
        --------
        >>> network = MultiregionNetwork(g=1.0, T=np.ones((2, 2, 2)), cross_g=[[0, 1], [1, 0]])
        >>> without = network.silenced(1)
        >>> without.T[0].tolist(), without.cross_g.tolist()
        ([[1.0, 1.0], [0.0, 0.0]], [[0.0, 0.0], [1.0, 0.0]])
        """
        nu = checks.whole("nu", nu, 0)
        if nu >= self.regions:
            checks.reject("nu", nu, f"the network has {self.regions} regions",
                          f"give a number from 0 to {self.regions - 1}")

        def without(array: np.ndarray) -> np.ndarray:
            out = array.copy()
            out[:, nu] = 0.0
            return out

        cross = None if self.cross_g is None else without(self.cross_g)
        external = self.input and replace(self.input, V=without(self.input.V))
        return replace(self, T=without(self.T), cross_g=cross, input=external)

    def __repr__(self) -> str:
        extra = "".join(f", {name}={getattr(self, name):g}" for name in ("noise", "bias")
                        if getattr(self, name))
        extra += ", cross_g" if self.cross_g is not None else ""
        extra += ", input" if self.input is not None else ""
        extra += f", rank {self.rank}" if self.rank > 1 else ""
        if self.share is not None:
            extra += f", share={np.round(self.share, 4).tolist()}"
        return (f"MultiregionNetwork({self.regions} regions, g={np.round(self.g, 6).tolist()}, "
                f"phi={self.phi.name}{extra})")

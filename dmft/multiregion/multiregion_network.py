"""MultiregionNetwork: regions with disorder within and low-rank couplings between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from ..base import checks
from ..base.array_data import ArrayData
from ..base.errors import ModelError
from ..ensembles.ensemble import Ensemble
from ..ensembles.low_rank import LowRank
from ..ensembles.regional_iid import RegionalIID
from ..network.inputs import Input, Signal, signal_at
from ..network.network import check_unit
from ..network.nonlinearity import Nonlinearity, erf


@dataclass(frozen=True, eq=False)
class MultiregionNetwork(ArrayData):
    """R regions of N units: (1 + d/dt) x_i^mu = sum_nu sum_j J_ij^{mu nu} phi(x_j^nu) + input.

    J^{mu nu} has an independent Gaussian part of variance g_{mu nu}^2 / N and a rank-one part
    m^{mu nu} (n^{mu nu})^T / N, whose loadings are jointly Gaussian across units (Clark & Beiran
    2025, the multiregion network). A current that region nu receives from rho drives the current
    from nu to mu with strength T[mu, nu, rho] = <n^{mu nu} m^{nu rho}>.

    Parameters
    ----------
    g : float or (R,) array
        Strength of the disorder within each region, 0 or above; a number applies to all regions.
    T : (R, R, R) array
        Overlaps of sending and receiving directions, T[mu, nu, rho] = <n^{mu nu} m^{nu rho}>.
    U : (R, R, R) array, optional
        Overlaps of the directions along which region nu receives its currents,
        U[nu, rho, rho'] = <m^{nu rho} m^{nu rho'}>. The identity by default.
    cross_g : (R, R) array, optional
        Strength of the disorder from region nu (column) to mu (row), mu != nu, 0 or above; its
        diagonal must be 0.
    input : Input, optional
        External input to the regions.
    phi : Nonlinearity
        Transfer function.
    noise : float
        Strength sigma of the white noise, <xi xi> = 2 sigma^2 delta(t - t'); 0 or above.
    bias : float
        Standard deviation of a quenched Gaussian bias of each unit; 0 or above.

    Raises
    ------
    ModelError
        For a field of the wrong shape or outside its range, and for T or U that no Gaussian
        loadings can have; the message names the field and the region.

    Examples
    --------
    >>> import numpy as np
    >>> net = MultiregionNetwork(g=1.5, T=np.full((2, 2, 2), 0.8))
    >>> net.regions
    2
    """

    g: np.ndarray
    T: np.ndarray
    U: np.ndarray = None  # type: ignore[assignment]  # the identity, put in below
    cross_g: np.ndarray | None = None
    input: Input | None = None
    phi: Nonlinearity = erf
    noise: float = 0.0
    bias: float = 0.0

    if TYPE_CHECKING:  # accepts more than the fields keep; test_types.py compares the two
        def __init__(self, g: ArrayLike, T: ArrayLike, U: ArrayLike | None = None,
                     cross_g: ArrayLike | None = None, input: Input | None = None,
                     phi: Nonlinearity = erf, noise: float = 0.0, bias: float = 0.0) -> None: ...

    def __post_init__(self):
        T = checks.finite_array("T", self.T, 3)
        R = len(T)
        if T.shape != (R, R, R):
            checks.reject("T", T.shape, "not of shape (R, R, R)",
                          "give T[mu, nu, rho] for R regions")
        checks.bounded("T", T)
        put = lambda name, value: object.__setattr__(self, name, value)  # noqa: E731
        put("T", T)
        put("g", _strengths(self.g, R))
        put("U", _receiving(self.U, R))
        if self.cross_g is not None:
            put("cross_g", _cross_strengths(self.cross_g, R))
        if self.input is not None:
            _check_input(self.input, R)
        check_unit(self)
        self._structure  # noqa: B018 - checks that the statistics are realisable

    @property
    def regions(self) -> int:
        """Number of regions R."""
        return len(self.T)

    @property
    def current_shape(self) -> tuple[int, int]:
        """(R, R): current [mu, nu] goes from nu to mu."""
        return self.regions, self.regions

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
        R, T, U = self.regions, self.T, self.U
        # Current p = mu R + nu arrives along direction p of region mu; external inputs come last.
        source, target = np.tile(np.arange(R), R), np.repeat(np.arange(R), R)
        external = self.input
        inputs = 0 if external is None else R
        target = np.concatenate([target, np.arange(inputs)])
        overlaps = np.zeros((R * R, R * R + inputs))
        covariance = np.eye(R * R + inputs)
        for nu in range(R):
            own = nu * R + np.arange(R)  # what nu receives
            sent = np.arange(R) * R + nu  # what nu sends
            overlaps[np.ix_(sent, own)] = T[:, nu, :]
            covariance[np.ix_(own, own)] = U[nu]
            if external is not None:
                last = R * R + nu
                overlaps[sent, last] = external.V[:, nu]
                if external.W is not None:
                    covariance[own, last] = covariance[last, own] = external.W[nu]
        return _realisable(source, target, overlaps, covariance, R, self)

    @property
    def ensembles(self) -> tuple[Ensemble, ...]:
        """The coupling ensembles: RegionalIID for the disorder and LowRank for the currents."""
        return RegionalIID(self.disorder), self._structure

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
        full = _receiving(U, len(strengths))
        T = strengths[:, :, None] * np.transpose(full, (1, 0, 2))
        return cls(g=g, T=T, U=U, **fields)

    @classmethod
    def from_loadings(cls, g: ArrayLike, m: ArrayLike, n: ArrayLike, *,
                      inputs: ArrayLike | None = None, signal: Signal | None = None,
                      **fields: Any) -> MultiregionNetwork:
        """A network with the overlaps that are measured from given loadings.

        Parameters
        ----------
        g : float or (R,) array
            Strength of the disorder within each region.
        m : (R, R, N) array
            m[nu, rho]: direction, over the units of nu, along which nu receives from rho.
        n : (R, R, N) array
            n[mu, nu]: direction, over the units of nu, that is read out and sent to mu.
        inputs : (R, N) array, optional
            Direction of the external input over the units of each region. It is normalised to
            <l l> = 1, and the signal is multiplied by its norm.
        signal : callable, Pulse or (R,) array, optional
            Time course of the external input.
        **fields
            Further fields of MultiregionNetwork, except T, U and input.

        Raises
        ------
        ModelError
            For loadings of the wrong shape, and as for the class.
        """
        from .loadings import measured_overlaps

        T, U, external = measured_overlaps(m, n, inputs, signal)
        return cls(g=g, T=T, U=U, input=external, **fields)

    def __repr__(self) -> str:
        extra = "".join(f", {name}={getattr(self, name):g}" for name in ("noise", "bias")
                        if getattr(self, name))
        extra += ", cross_g" if self.cross_g is not None else ""
        extra += ", input" if self.input is not None else ""
        return (f"MultiregionNetwork({self.regions} regions, g={np.round(self.g, 6).tolist()}, "
                f"phi={self.phi.name}{extra})")


def _strengths(g, R: int) -> np.ndarray:
    array = checks.finite_array("g", g)
    if array.ndim == 0:
        array = np.full(R, float(array))
    if array.shape != (R,):
        checks.reject("g", array.shape, f"not of shape ({R},)", "give one strength per region")
    if np.any(array < 0):
        checks.reject("g", array.tolist(), "holds a negative strength",
                      "give strengths of 0 or above")
    checks.bounded("g", array)
    array.flags.writeable = False
    return array


def _cross_strengths(cross_g, R: int) -> np.ndarray:
    array = checks.finite_array("cross_g", cross_g, 2)
    if array.shape != (R, R):
        checks.reject("cross_g", array.shape, f"not of shape ({R}, {R})",
                      "give one strength per pair of regions")
    if np.any(array < 0) or np.any(np.diag(array)):
        checks.reject("cross_g", array.tolist(), "holds a negative strength, or is not zero on "
                      "the diagonal", "give strengths of 0 or above between regions; those within "
                      "regions are g")
    checks.bounded("cross_g", array)
    return array


def _receiving(U, R: int) -> np.ndarray:
    if U is None:
        U = np.broadcast_to(np.eye(R), (R, R, R))
    array = checks.finite_array("U", U, 3)
    if array.shape != (R, R, R):
        checks.reject("U", array.shape, f"not of shape ({R}, {R}, {R})",
                      "give U[nu, rho, rho'] for every region")
    checks.bounded("U", array)
    return array


def _check_input(given, R: int) -> None:
    if not isinstance(given, Input):
        checks.reject("input", given, "not an Input", "give dmft.Input(signal, V)")
    for name in ("V", "W"):
        value = getattr(given, name)
        if value is not None and value.shape != (R, R):
            checks.reject("input", value.shape, f"{name} is not of shape ({R}, {R})",
                          "give one overlap per pair of regions")
    if isinstance(given.signal, np.ndarray) and given.signal.shape != (R,):
        checks.reject("input", given.signal.shape, f"the signal is not of shape ({R},)",
                      "give one number per region")
    signal_at(given.signal, 0.0, R)


def _realisable(source, target, overlaps, covariance, R: int, network) -> LowRank:
    """The low-rank ensemble; errors about unrealisable statistics name the network's fields."""
    try:
        return LowRank(source, target, overlaps, covariance, R)
    except ModelError as error:
        crossed = network.input is not None and network.input.W is not None
        message = str(error).replace("covariance=", "U with input.W=" if crossed else "U=", 1)
        raise ModelError(message.replace("overlaps=", "T=", 1)) from None

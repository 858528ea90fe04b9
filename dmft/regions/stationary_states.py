"""StationaryStates: fixed points of the currents, each with its correlations and its stability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..base.array_data import ArrayData
from ..base.convergence import Convergence
from ..grids.lags import Lags
from ..network.network import AnyNetwork
from ..plots.groups import ShownGroups, ShownStates


@dataclass(frozen=True, eq=False)
class RegionalState(ArrayData, ShownGroups):
    """One stationary state of a network of R regions at constant currents.

    Parameters
    ----------
    z : (R, R) or (P,) array
        Filtered currents, which at a fixed point equal the currents.
    psi : (R,) array
        Gains <phi'(x)>.
    variance, static_variance : (R,) arrays
        Delta(0), and Delta(inf), the part of the variance that does not decay.
    drive : (R,) array
        A: the static part of the input variance, due to currents, constant inputs and bias.
    branch : tuple of str
        Of each region: "quiescent" (x = 0), "static" (constant in time), "chaotic" or "driven" (by
        white noise).
    growth_rate : complex
        Growth rate of the leading perturbation of the currents, per neuronal time constant: it
        grows where the real part is positive, and oscillates at the imaginary part. It includes
        the delay with which the variance within a region follows the currents. Where a region
        fluctuates, the real part is at least the decay rate of its correlations at long lags, and
        at least -0.95: perturbations that decay faster form a continuum.
    growing : array, as z
        This perturbation, of unit norm (complex where it oscillates).
    inner_rate : float
        Rate at which the variance relaxes after a perturbation of the units within the regions, 2
        (sqrt(g^2 <phi' phi'>) - 1) at infinite lag; always negative. Other initial conditions relax
        to the state at the slower of the two rates; close to the onset of chaos that is this one.
    marginal : int
        Number of marginal directions: the dimension of a continuous set of fixed points, or a
        bifurcation.
    lags : Lags
        Grid of lags.
    C_x, C_phi : (R, n) arrays
        Autocorrelations of x and phi(x) in each region, including the static parts.
    residual : float
        Largest difference of S and z, relative to the largest current (at least 1).

    Examples
    --------
    >>> import dmft
    >>> state = dmft.solve(dmft.MultiregionNetwork(g=0.0, T=[[[2.0]]])).stable[0]
    >>> round(abs(float(state.z[0, 0])), 6), round(float(state.psi[0]), 6), state.branch
    (1.381977, 0.5, ('static',))
    """

    group: ClassVar[str] = "region"
    z: np.ndarray
    psi: np.ndarray
    variance: np.ndarray
    static_variance: np.ndarray
    drive: np.ndarray
    branch: tuple[str, ...]
    growth_rate: complex
    growing: np.ndarray
    inner_rate: float
    marginal: int
    lags: Lags
    C_x: np.ndarray
    C_phi: np.ndarray
    residual: float

    def __post_init__(self):
        self._freeze()

    @property
    def stable(self) -> bool:
        """Whether no perturbation of the currents grows; marginal ones do not count as growing."""
        return bool(self.growth_rate.real <= 1e-6)

    @property
    def chaotic(self) -> np.ndarray:
        """(R,) whether each region is chaotic."""
        return np.array([one == "chaotic" for one in self.branch])

    def __repr__(self) -> str:
        kind = ("marginal" if self.marginal and self.stable else
                "stable" if self.stable else "unstable")
        return (f"RegionalState({kind}, growth rate {self.growth_rate:.4g}, regions "
                f"{'/'.join(self.branch)}, "
                f"largest current {np.max(np.abs(self.z), initial=0):.4g}, "
                f"psi={np.round(self.psi, 4).tolist()})")


@dataclass(frozen=True, eq=False)
class StationaryStates(ShownStates[RegionalState]):
    """Sequence of the stationary states that were found, the most stable first.

    Parameters
    ----------
    network : Network
        The network that was solved.
    states : tuple of RegionalState
        Different fixed points of the currents.
    starts : int
        Number of starts of the search; fixed points with small basins may need more.
    convergence : Convergence
        The largest residual, and the checks with their values and limits.

    Examples
    --------
    >>> import dmft
    >>> states = dmft.solve(dmft.MultiregionNetwork(g=0.0, T=[[[2.0]]]))
    >>> len(states), len(states.stable), states[0].stable
    (3, 2, True)
    """

    network: AnyNetwork
    states: tuple[RegionalState, ...]
    starts: int
    convergence: Convergence

    def __repr__(self) -> str:
        rows = [f"  {one!r}" for one in self.states[:12]]
        if len(self.states) > 12:
            rows.append(f"  ... and {len(self.states) - 12} more")
        head = (f"StationaryStates({self.network!r}: {len(self.states)} fixed points of the "
                f"currents from {self.starts} starts, {len(self.stable)} stable)")
        return "\n".join([head, *rows])

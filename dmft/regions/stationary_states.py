"""StationaryStates: fixed points of the currents of a network, each a stationary solution."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..base.array_data import ArrayData
from ..base.convergence import Convergence
from ..grids.lags import Lags
from ..network.network import AnyNetwork


@dataclass(frozen=True, eq=False)
class RegionalState(ArrayData):
    """One stationary state of a network of R regions at constant currents.

    Parameters
    ----------
    z : (R, R) or (P,) array
        Filtered currents, which at a fixed point are the currents themselves.
    psi : (R,) array
        Gains <phi'(x)>.
    variance, static_variance : (R,) arrays
        Delta(0), and Delta(inf), the part of it that does not decay.
    drive : (R,) array
        A: the part of the variance that currents, constant inputs and bias make.
    branch : tuple of str
        Of each region: "quiescent", "static" (nothing moves), "chaotic" or "driven" (by white
        noise).
    growth_rate : complex
        Rate of the fastest perturbation of the currents, per neuronal time constant: it grows
        where the real part is positive, and oscillates with the imaginary part. The delay with
        which the variance inside a region follows is part of it. Where a region moves, the rate
        at which its correlations at long lags decay (at least -0.95) stands for anything faster:
        below it there is a continuum.
    growing : array, as z
        That perturbation, of unit length (complex where it oscillates).
    inner_rate : float
        Rate at which the variance returns after the units inside the regions were perturbed, 2
        (sqrt(g^2 <phi' phi'>) - 1) at infinite lag; always negative. What is prepared otherwise
        than the state returns to it at the slower of both rates, close to the onset of chaos at
        this one.
    marginal : int
        Directions along which nothing restores: the dimension of a continuous set of fixed
        points, or a bifurcation.
    lags : Lags
        Grid of lags.
    C_x, C_phi : (R, n) arrays
        Autocorrelations of x and phi(x) in each region, static parts included.
    residual : float
        Largest difference of S and z, over the largest current.
    """

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
        """Whether no perturbation of the currents grows (marginal ones do not)."""
        return bool(self.growth_rate.real <= 1e-6)

    @property
    def chaotic(self) -> np.ndarray:
        """(R,) whether chaos goes on inside each region."""
        return np.array([one == "chaotic" for one in self.branch])

    def __repr__(self) -> str:
        kind = ("marginal" if self.marginal and self.stable else
                "stable" if self.stable else "unstable")
        return (f"RegionalState({kind}, growth rate {self.growth_rate:.4g}, regions "
                f"{'/'.join(self.branch)}, "
                f"largest current {np.max(np.abs(self.z), initial=0):.4g}, "
                f"psi={np.round(self.psi, 4).tolist()})")


@dataclass(frozen=True, eq=False)
class StationaryStates:
    """The stationary states that were found, the most stable first; a sequence of them.

    Parameters
    ----------
    network : Network
        The network that was solved.
    states : tuple of RegionalState
        Different fixed points of the currents.
    starts : int
        Starts from which they were sought: fixed points with small basins may need more.
    convergence : Convergence
        The largest residual, and what was checked.
    """

    network: AnyNetwork
    states: tuple[RegionalState, ...]
    starts: int
    convergence: Convergence

    @property
    def stable(self) -> tuple[RegionalState, ...]:
        """Those in which no perturbation of the currents grows."""
        return tuple(one for one in self.states if one.stable)

    def __len__(self) -> int:
        return len(self.states)

    def __iter__(self) -> Iterator[RegionalState]:
        return iter(self.states)

    def __getitem__(self, index: int) -> RegionalState:
        return self.states[index]

    def __repr__(self) -> str:
        rows = [f"  {one!r}" for one in self.states[:12]]
        if len(self.states) > 12:
            rows.append(f"  ... and {len(self.states) - 12} more")
        head = (f"StationaryStates({self.network!r}: {len(self.states)} fixed points of the "
                f"currents from {self.starts} starts, {len(self.stable)} stable)")
        return "\n".join([head, *rows])

"""Solution: the stationary theory of a network, on a grid of lags."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..base.checks import reject
from ..base.convergence import Convergence
from ..base.estimate import Estimate
from ..grids.lags import Lags
from ..network.network import AnyNetwork


@dataclass(frozen=True, eq=False)
class Replicates:
    """Independent repeats of a sampled solution, from which the error of what follows is known.

    The mean over repeats is the solution's value; a quantity computed from each of them has the
    standard error of its mean over them.

    Parameters
    ----------
    C_x, C_phi, R_phi : (r, n) arrays
        The curves of each repeat, at the solution's lags.
    gain : (r,) array
        <phi'> of each.
    """

    C_x: np.ndarray
    C_phi: np.ndarray
    R_phi: np.ndarray
    gain: np.ndarray

    def __post_init__(self):
        for name in ("C_x", "C_phi", "R_phi", "gain"):
            array = np.array(getattr(self, name), dtype=float)
            if array.ndim != (1 if name == "gain" else 2):
                reject(name, array.shape, "not the shape of repeats", "give one row for each")
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    def __len__(self) -> int:
        return len(self.gain)


@dataclass(frozen=True, eq=False)
class Solution:
    """Stationary solution of the dynamical mean-field theory of one network.

    Parameters
    ----------
    network : Network
        The network that was solved.
    lags : Lags
        Grid of lags tau, n of them, in neuronal time constants.
    C_x, C_phi : Estimate (n,)
        Autocorrelations <x(t) x(t+tau)> and <phi(x(t)) phi(x(t+tau))> of one unit, static part
        included. C_x(0) is the variance, often written Delta_0.
    C_x_static, C_phi_static : Estimate ()
        Their limits at infinite lag: zero for an odd phi without bias.
    R_phi : Estimate (n,)
        Mean response of phi to an impulse of input at `lags.tau`: <phi'> exp(-tau) without
        memory.
    gain : Estimate ()
        <phi'(x)>, the response of phi to a constant shift of x.
    branch : str
        "quiescent" (no activity), "static" (fixed point), "chaotic", or "driven" (white noise).
    convergence : Convergence
        What was checked and how far off it was.
    replicates : Replicates, optional
        Independent repeats, where the solution was sampled.
    """

    network: AnyNetwork
    lags: Lags
    C_x: Estimate
    C_phi: Estimate
    C_x_static: Estimate
    C_phi_static: Estimate
    R_phi: Estimate
    gain: Estimate
    branch: str
    convergence: Convergence
    replicates: Replicates | None = None

    def __repr__(self) -> str:
        return (f"Solution({self.network!r}: {self.branch}, C_x(0)={float(self.C_x[0]):.8g}, "
                f"C_phi(0)={float(self.C_phi[0]):.8g}, {len(self.lags)} lags to "
                f"{self.lags.span:g}, converged={self.convergence.success})")


def require_converged(solution: Solution) -> None:
    """Refuse a solution that is none: what follows from it would look like a number.

    Raises
    ------
    ModelError
    """
    if not isinstance(solution, Solution):
        reject("solution", solution, "not a Solution", "give what dmft.solve returned")
    if not solution.convergence.success:
        reject("solution", solution, f"did not converge ({solution.convergence.message})",
               "solve it first: with strict=True dmft.solve says what to change")

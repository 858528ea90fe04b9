"""Solution: the stationary theory of a network, on a grid of lags."""

from __future__ import annotations

from dataclasses import dataclass

from .convergence import Convergence
from .estimate import Estimate
from .grids import Lags
from .network import AnyNetwork


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

    def __repr__(self) -> str:
        return (f"Solution({self.network!r}: {self.branch}, C_x(0)={float(self.C_x[0]):.8g}, "
                f"C_phi(0)={float(self.C_phi[0]):.8g}, {len(self.lags)} lags to "
                f"{self.lags.span:g}, converged={self.convergence.success})")

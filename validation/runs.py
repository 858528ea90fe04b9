"""Runs: what a simulation measured, one row per quenched network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dmft import Estimate
from dmft.encoding import register

from .sampled import Sampled
from .settings import Settings

CURVES = ("C_x", "C_phi")


@register
@dataclass(frozen=True, eq=False)
class Runs(Sampled):
    """Simulated networks: S sizes, K networks of each, L lags.

    Parameters
    ----------
    settings : Settings
        What was asked for, with every default filled in.
    per_network : dict of arrays
        "C_x", "C_phi" (S, K, L): averages over units, trials and time of one network;
        "x_static", "phi_static" (S, K): their limits at infinite lag, from pairs of trials (NaN
        for one trial); "drift" (S, K): relative change of the variance of x from the first half
        of the measured time to the second; "still" (S, K): trials that ended at a fixed point.
    kept : (S, K) array of bool
        Networks that the rule of `discard` left in.
    discard : str
        That rule.
    """

    settings: Settings
    per_network: dict[str, np.ndarray]
    kept: np.ndarray
    discard: str = "nothing"

    @property
    def lags(self) -> np.ndarray:
        """(L,) lags in neuronal time constants."""
        return self.settings.lags

    @property
    def C_x(self) -> Estimate:
        """(L,) autocorrelation of x at the largest size; standard error over networks."""
        return self.curve("C_x")

    @property
    def C_phi(self) -> Estimate:
        """(L,) autocorrelation of phi(x) at the largest size; standard error over networks."""
        return self.curve("C_phi")

    @property
    def x_static(self) -> Estimate:
        """Limit of C_x at infinite lag, at the largest size."""
        return self.curve("x_static")

    @property
    def phi_static(self) -> Estimate:
        """Limit of C_phi at infinite lag, at the largest size."""
        return self.curve("phi_static")

    def __repr__(self) -> str:
        s = self.settings
        left = f", {self.discarded} discarded ({self.discard})" if self.discarded else ""
        return (f"Runs({self.network!r}: {s.networks} networks of {s.neurons} neurons, "
                f"{s.trials} trials of {s.duration:g} at dt={s.dt:g}, C_x(0)={self.C_x[0]}, "
                f"C_phi(0)={self.C_phi[0]}{left})" if self.lags[0] == 0 else
                f"Runs({self.network!r}: {s.networks} networks of {s.neurons} neurons{left})")

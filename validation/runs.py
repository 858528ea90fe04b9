"""Runs: what a simulation measured, one row per quenched network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dmft import Estimate
from dmft.checks import one_of, reject
from dmft.encoding import register

from .extrapolation import extrapolate
from .settings import Settings

CURVES = ("C_x", "C_phi")
NUMBERS = ("x_static", "phi_static", "drift", "still")


@register
@dataclass(frozen=True, eq=False)
class Runs:
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
    def network(self) -> Any:
        """The network that was simulated."""
        return self.settings.network

    @property
    def neurons(self) -> tuple[int, ...]:
        """The S sizes, ascending."""
        return self.settings.neurons

    @property
    def lags(self) -> np.ndarray:
        """(L,) lags in neuronal time constants."""
        return self.settings.lags

    @property
    def seed_entropy(self) -> Any:
        """Entropy of the seed: `rng=runs.seed_entropy` makes the same networks again."""
        return self.settings.entropy

    @property
    def discarded(self) -> int:
        """Number of networks left out by the rule fixed beforehand."""
        return int(np.sum(~self.kept))

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

    def samples(self, quantity: str, neurons: int | None = None) -> np.ndarray:
        """Rows of the networks kept, (K', L) or (K',), of one size (the largest by default)."""
        one_of("quantity", quantity, tuple(self.per_network))
        if neurons is None:
            neurons = self.neurons[-1]
        if neurons not in self.neurons:
            reject("neurons", neurons, "was not simulated",
                   "give one of " + ", ".join(map(str, self.neurons)))
        index = self.neurons.index(neurons)
        return self.per_network[quantity][index][self.kept[index]]

    def curve(self, quantity: str, neurons: int | None = None) -> Estimate:
        """Mean over networks of one size, with its standard error (NaN for one network)."""
        rows = self.samples(quantity, neurons)
        if len(rows) == 0:
            reject("discard", self.discard, "left no network", "run more networks")
        if len(rows) == 1:
            return Estimate(rows[0], np.nan)
        return Estimate(rows.mean(axis=0), rows.std(axis=0, ddof=1) / np.sqrt(len(rows)))

    def extrapolated(self, quantity: str) -> Estimate:
        """Intercept of the fit a + b/N over the sizes, two or more."""
        samples = [self.samples(quantity, n) for n in self.neurons]
        return extrapolate(self.neurons, samples).intercept

    def __repr__(self) -> str:
        s = self.settings
        left = f", {self.discarded} discarded ({self.discard})" if self.discarded else ""
        return (f"Runs({self.network!r}: {s.networks} networks of {s.neurons} neurons, "
                f"{s.trials} trials of {s.duration:g} at dt={s.dt:g}, C_x(0)={self.C_x[0]}, "
                f"C_phi(0)={self.C_phi[0]}{left})" if self.lags[0] == 0 else
                f"Runs({self.network!r}: {s.networks} networks of {s.neurons} neurons{left})")

"""Sampled: what all simulated runs share, one row for each quenched network."""

from __future__ import annotations

from typing import Any

import numpy as np

from dmft import Estimate
from dmft.base.checks import one_of, reject

from .finite_size_fit import extrapolate


class Sampled:
    """Runs with `settings`, `per_network` (arrays (S, K, ...)) and `kept` (S, K)."""

    settings: Any
    per_network: dict[str, np.ndarray]
    kept: np.ndarray
    discard: str

    @property
    def network(self) -> Any:
        """The network that was simulated."""
        return self.settings.network

    @property
    def neurons(self) -> tuple[int, ...]:
        """The S sizes, ascending: units of each region."""
        return self.settings.neurons

    @property
    def seed_entropy(self) -> Any:
        """What to give as `rng` to run the same networks again."""
        return self.settings.entropy

    @property
    def discarded(self) -> int:
        """Number of networks left out by the rule fixed beforehand."""
        return int(np.sum(~self.kept))

    def samples(self, quantity: str, neurons: int | None = None) -> np.ndarray:
        """Rows of the networks kept, (K', ...), of one size (the largest by default)."""
        one_of("quantity", quantity, tuple(self.per_network))
        if neurons is None:
            neurons = self.neurons[-1]
        if neurons not in self.neurons:
            reject("neurons", neurons, "was not simulated",
                   "give one of " + ", ".join(map(str, self.neurons)))
        index = self.neurons.index(neurons)
        return self.per_network[quantity][index][self.kept[index]]

    def rows(self, quantity: str, neurons: int | None = None) -> np.ndarray:
        """Rows whose mean is the estimate over networks, and whose scatter its error.

        Those of `samples`, but for quantities that are not means of the networks' own.
        """
        return self.samples(quantity, neurons)

    def curve(self, quantity: str, neurons: int | None = None) -> Estimate:
        """Mean over networks of one size, with its standard error (NaN for one network)."""
        rows = self.rows(quantity, neurons)
        if len(rows) == 0:
            reject("discard", self.discard, "left no network", "run more networks")
        if len(rows) == 1:
            return Estimate(rows[0], np.nan)
        return Estimate(rows.mean(axis=0), rows.std(axis=0, ddof=1) / np.sqrt(len(rows)))

    def extrapolated(self, quantity: str) -> Estimate:
        """Intercept of the fit a + b/N over the sizes, two or more."""
        rows = [self.rows(quantity, n) for n in self.neurons]
        return extrapolate(self.neurons, rows).intercept

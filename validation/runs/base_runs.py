"""BaseRuns: the common part of stationary runs and runs in time, one row per quenched network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dmft import Estimate
from dmft.base.checks import one_of, reject

from .finite_size_fit import extrapolate


class BaseRuns:
    """Runs with `settings`, `per_network` (arrays (S, K, ...)) and `kept` (S, K)."""

    settings: Any
    per_network: dict[str, np.ndarray]
    discard: str

    if TYPE_CHECKING:  # a field of Runs, a property of TimeRuns
        @property
        def kept(self) -> np.ndarray: ...

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
        """The value of `rng` that reproduces the same networks."""
        return self.settings.entropy

    @property
    def discarded(self) -> int:
        """Number of networks discarded by the rule fixed in advance."""
        return int(np.sum(~self.kept))

    def samples(self, quantity: str, neurons: int | None = None) -> np.ndarray:
        """Rows (K', ...) of the networks that are kept, of one size (the largest by default)."""
        one_of("quantity", quantity, tuple(self.per_network))
        if neurons is None:
            neurons = self.neurons[-1]
        if neurons not in self.neurons:
            reject("neurons", neurons, "not simulated",
                   "give one of " + ", ".join(map(str, self.neurons)))
        index = self.neurons.index(neurons)
        return self.per_network[quantity][index][self.kept[index]]

    def rows(self, quantity: str, neurons: int | None = None) -> np.ndarray:
        """Rows whose mean is the estimate over networks, and whose scatter gives its error.

        These are the rows of `samples`, except for quantities that are not means over networks.
        """
        return self.samples(quantity, neurons)

    def curve(self, quantity: str, neurons: int | None = None) -> Estimate:
        """Mean over networks of one size, with its standard error (NaN for one network)."""
        rows = self.rows(quantity, neurons)
        if len(rows) == 0:
            reject("discard", self.discard, "all networks were discarded", "run more networks")
        if len(rows) == 1:
            return Estimate(rows[0], np.nan)
        return Estimate(rows.mean(axis=0), rows.std(axis=0, ddof=1) / np.sqrt(len(rows)))

    def extrapolated(self, quantity: str) -> Estimate:
        """Intercept of the fit a + b/N over the sizes, two or more."""
        rows = [self.rows(quantity, n) for n in self.neurons]
        return extrapolate(self.neurons, rows).intercept

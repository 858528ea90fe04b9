"""RegionalMeans: currents of every trial, and gains of every region, averaged over time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..couplings.loadings import Loadings
from ..couplings.operators import of_regions


class RegionalMeans:
    """Time averages of currents and gains over the reference times of a stationary run.

    Currents are kept for each trial and for each half of the time, so that trials that are in
    different states, or leave one, are recognised.

    Parameters
    ----------
    every, first, references : int
        Reference times, in steps, as for `Correlator`.
    sizes : (R,) tuple of int
        Numbers of units of the regions.
    trials : int
        B.
    loadings : Loadings or None
        The low-rank couplings; None without currents.
    slope : callable
        The derivative phi'.
    """

    def __init__(self, every: int, first: int, references: int, sizes: tuple[int, ...],
                 trials: int, loadings: Loadings | None,
                 slope: Callable[[np.ndarray], np.ndarray]):
        self.every, self.first, self.references = every, first, references
        self.sizes, self.loadings, self.slope = sizes, loadings, slope
        P = 0 if loadings is None else len(loadings.n)
        self.currents, self.counts = np.zeros((2, P, trials)), np.zeros(2)
        self.gains, self.rates = np.zeros((2, len(sizes)))

    def record(self, step: int, x: np.ndarray, phi: np.ndarray) -> None:
        """Add the states x and phi(x), (R N, B), of one step."""
        index, rest = divmod(step - self.first, self.every)
        if rest or not 0 <= index < self.references:
            return
        half = int(2 * index >= self.references)
        self.counts[half] += 1
        if self.loadings is not None:
            self.currents[half] += self.loadings.currents(phi)
        self.rates += [own.mean(dtype=float) for own in of_regions(phi, self.sizes)]
        self.gains += [own.mean(dtype=float) for own in of_regions(self.slope(x), self.sizes)]

    def results(self) -> dict[str, np.ndarray]:
        """"psi" and "rates", <phi'> and <phi> (R,); with currents also "S_trials" (B, 2, P)."""
        found = {"psi": self.gains / self.references, "rates": self.rates / self.references}
        if self.loadings is not None:
            halves = self.currents / np.maximum(self.counts, 1.0)[:, None, None]
            halves[1] = halves[1] if self.counts[1] else halves[0]
            found["S_trials"] = np.moveaxis(halves, -1, 0)
        return found

"""Units of several populations: functions of a state, and steps, each on its own rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from dmft.network.populations import Population

from ..couplings.operators import of_regions
from .transfer32 import transfer
from .unit_steps import UnitSteps

Function = Callable[[np.ndarray], np.ndarray]


def by_population(own: Sequence[Population], sizes: tuple[int, ...], dtype: np.dtype,
                  derivative: bool = False) -> Function:
    """phi, or phi', of a state (sum of sizes, B), with that of each population on its rows."""
    functions = [transfer(one.phi.derivative if derivative else one.phi, dtype) for one in own]
    if all(one.phi is own[0].phi for one in own):
        return functions[0]

    def of_state(x: np.ndarray) -> np.ndarray:
        return np.concatenate([function(rows) for function, rows in zip(
            functions, of_regions(x, sizes), strict=True)])

    return of_state


class PopulationSteps:
    """`UnitSteps` of each population, with the same interface."""

    def __init__(self, own: Sequence[Population], sizes: tuple[int, ...], dt: float,
                 x: np.ndarray):
        self.x, self.sizes = x, sizes
        self.each = [UnitSteps(one.unit, dt, one.noise, rows) for one, rows in zip(
            own, of_regions(x, sizes), strict=True)]
        self.delayed = max(one.delayed for one in self.each)
        self.noisy = [one.noise > 0 for one in own]

    def advance(self, drive: np.ndarray, extrapolated: bool = True,
                constant: np.ndarray | None = None) -> None:
        """One step of the deterministic part, in place."""
        constants = [None] * len(self.each) if constant is None else of_regions(constant,
                                                                                self.sizes)
        for one, rows, more in zip(self.each, of_regions(drive, self.sizes), constants,
                                   strict=True):
            one.advance(rows, extrapolated, more)

    def correct(self, change: np.ndarray) -> None:
        """Correct the step by the change of the input over it."""
        for one, rows in zip(self.each, of_regions(change, self.sizes), strict=True):
            one.correct(rows)

    def add_noise(self, rng: np.random.Generator) -> None:
        """Add the white noise of a step, to populations that have it."""
        for one, noisy in zip(self.each, self.noisy, strict=True):
            if noisy:
                one.add_noise(rng)

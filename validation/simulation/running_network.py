"""RunningNetwork: one simulated network, whose plasticity is halted and released while it runs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dmft.base.checks import reject
from dmft.network.populations import populations
from dmft.network.structure import region_sizes

from ..couplings.draw import loadings_of
from ..couplings.operators import Operator, halt, release, synapses
from ..settings.settings import Settings
from .population_steps import by_population
from .task import (
    diverged,
    draw_network,
    initial_states,
    prepared_states,
    reject_diverged,
    trajectory,
)
from .tuning import DIVERGENCE_CHECK_STEPS

Step = tuple[int, np.ndarray, np.ndarray]  # number of the step, x and phi (N, B)


class RunningNetwork:
    """A network of B trajectories whose plasticity can be halted and released.

    Parameters
    ----------
    settings : Settings
        Settings of the simulation.
    neurons, network : int
        Size and number of the network.
    scale : float
        Standard deviation of the initial states, where the settings have none.
    """

    def __init__(self, settings: Settings, neurons: int, network: int, scale: float = 1.0):
        self.couplings: Operator
        self.settings = settings
        self.couplings, seeds = draw_network(settings, neurons, network)
        draws = np.random.default_rng(seeds.start)
        x = (prepared_states(settings, neurons, loadings_of(self.couplings), draws)
             if settings.variance else initial_states(settings, neurons, draws))
        if scale != 1:
            x *= np.asarray(scale, x.dtype)
        self.transfer = by_population(populations(settings.network),
                                      region_sizes(settings.network, neurons),
                                      np.dtype(settings.dtype))
        self._path = trajectory(settings, neurons, self.couplings, x, seeds)
        self._step = -1
        self.x = self.phi = x
        self.halted = False

    def run(self, time: float) -> Iterator[Step]:
        """Generate the states during a time; x is overwritten by the next step, phi is not."""
        steps = round(time / self.settings.dt)
        for left in range(steps - 1, -1, -1):
            with np.errstate(over="ignore", invalid="ignore"):
                state = next(self._path, None)
            if state is None:  # generators end with the error or interruption that they met
                reject("run", f"{self._step + 1} steps", "was ended by an error or interruption, "
                       "and cannot go on", "start a new one")
            self.x, self.phi = state
            self._step += 1
            if (self._step % DIVERGENCE_CHECK_STEPS == 0 or left == 0) and diverged(self.x):
                self._path = iter(())
                reject_diverged(self.settings)
            yield self._step, self.x, self.phi

    @property
    def t(self) -> float:
        """Time of the present state; the first one is that of the start, at 0."""
        return max(self._step, 0) * self.settings.dt

    def halt(self) -> None:
        """Hold all couplings fixed from the present state on."""
        halt(self.couplings, self.phi)
        self.halted = True

    def release(self) -> None:
        """Resume plasticity from the present state on."""
        release(self.couplings)
        self.halted = False

    def synapses(self, units: int) -> np.ndarray:
        """Plastic couplings (units, units) among the first units, in the first trajectory."""
        return synapses(self.couplings, self.phi, 0, units)


def relative_speeds(before: np.ndarray, now: np.ndarray, dt: float) -> np.ndarray:
    """(B,) |dx/dt| / |x|."""
    moved, size = (np.linalg.norm(one.astype(float), axis=0) for one in (now - before, now))
    return moved / (dt * np.maximum(size, np.finfo(float).tiny))


def overlaps(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(B,) a . b / (|a| |b|) of each trajectory."""
    a, b = a.astype(float), b.astype(float)
    norms = np.linalg.norm(a, axis=0) * np.linalg.norm(b, axis=0)
    return np.einsum("ib,ib->b", a, b) / np.maximum(norms, np.finfo(float).tiny)


def mean_squares(phi: np.ndarray) -> np.ndarray:
    """(B,) |phi|^2/N."""
    return np.einsum("ib,ib->b", phi, phi, dtype=float) / len(phi)

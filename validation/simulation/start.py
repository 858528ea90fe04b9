"""start: one simulated network in the hands of a user, who runs, halts, releases and asks it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dmft.base.annotations import Seed, Start
from dmft.base.checks import finite_array, nonnegative, reject, whole
from dmft.network.network import AnyNetwork
from dmft.network.structure import structure

from ..couplings.operators import matrix_of
from ..couplings.plastic_states import PlasticState, plastic_terms, put_states, states_of
from ..settings.settings import checked_settings
from .running_network import RunningNetwork, overlaps
from .task import check_memory


@dataclass(frozen=True, eq=False)
class StoredState:
    """A state that `NetworkRun.store` took: x (N,) or (N, B), and the plastic couplings.

    Examples
    --------
    >>> from dmft import PlasticNetwork, validation
    >>> run = validation.start(PlasticNetwork(1.5, 1.0, 2.5), neurons=50, rng=1)
    >>> run.run(5.0)
    >>> run.store().x.shape
    (50,)
    """

    x: np.ndarray
    phi: np.ndarray
    plastic: tuple[PlasticState, ...]

    def __repr__(self) -> str:
        return f"StoredState(x of shape {self.x.shape}, {len(self.plastic)} plastic couplings)"


class NetworkRun:
    """One network while it runs; made by `start`.

    Its states have the shape (N,), or (N, B) with B trajectories, and are copies.

    Examples
    --------
    >>> from dmft import PlasticNetwork, validation
    >>> run = validation.start(PlasticNetwork(1.5, 1.0, 2.5), neurons=200, rng=1)
    >>> run.run(40.0)
    >>> run.halt()
    >>> state = run.state
    >>> run.run(100.0)
    >>> bool(run.overlap(state) > 0.5), run.t, run.halted
    (True, 140.0, True)
    """

    def __init__(self, network: RunningNetwork):
        self._network = network
        for _ in network.run(network.settings.dt):  # the initial state
            pass

    def run(self, duration: float) -> None:
        """Run for a time, in neuronal time constants, rounded to whole steps.

        Raises
        ------
        ModelError
            If the time is negative, or above zero and shorter than half a step.
        """
        duration = nonnegative("duration", duration)
        dt = self._network.settings.dt
        if duration > 0 and round(duration / dt) == 0:
            reject("duration", duration, f"shorter than half a step, {dt / 2:g}",
                   "give a longer time, or start with a smaller dt")
        for _ in self._network.run(duration):
            pass

    def halt(self) -> None:
        """Hold the plastic couplings fixed from now on."""
        self._require_plasticity("halt")
        self._network.halt()

    def release(self) -> None:
        """Resume plasticity."""
        self._require_plasticity("release")
        self._network.release()

    @property
    def halted(self) -> bool:
        """Whether plasticity is halted."""
        return self._network.halted

    @property
    def t(self) -> float:
        """Time since the start."""
        return self._network.t

    @property
    def state(self) -> np.ndarray:
        """x, (N,) or (N, B)."""
        return self._shaped(self._network.x)

    @property
    def phi(self) -> np.ndarray:
        """phi(x), (N,) or (N, B)."""
        return self._shaped(self._network.phi)

    @property
    def couplings(self) -> np.ndarray:
        """All couplings J + A(t) of the first trajectory, (N, N); those of populations in blocks.

        Raises
        ------
        ModelError
            If an operator of the user's own has a state and no `matrix_of`.
        """
        return matrix_of(self._network.couplings, self._network.phi, 0).astype(float)

    @property
    def synapses(self) -> np.ndarray:
        """The plastic couplings A(t) of the first trajectory, (N, N); zero without any."""
        return self._network.synapses(len(self._network.x)).astype(float)

    def overlap(self, state: ArrayLike | StoredState) -> float | np.ndarray:
        """phi(x) . phi(state) / (norms): the correlation of the activity now with that of a state.

        Parameters
        ----------
        state : (N,) or (N, B) array, or StoredState
            x of another time, such as `run.state`, or what `run.store()` returned.

        Returns
        -------
        float, or (B,) array
        """
        if isinstance(state, StoredState):
            if state.x.shape != self.state.shape:
                reject("state", state, f"of another network, not of shape {self.state.shape}",
                       "give what this run stored")
            phi = state.phi
        else:
            x = finite_array("state", state)
            if x.shape not in (self.state.shape, self.state.shape[:1]):
                reject("state", x.shape, f"not of shape {self.state.shape}",
                       "give run.state of another time")
            phi = self._network.transfer(np.array(x.reshape(len(x), -1)))
        found = overlaps(phi.reshape(len(phi), -1), self._network.phi)
        return float(found[0]) if self._single else found

    def store(self) -> StoredState:
        """The present state with the plastic couplings, which `recall` puts back."""
        self._require_plasticity("store")
        return StoredState(self.state, self.phi,
                           states_of(self._network.couplings, self._network.phi))

    def recall(self, stored: StoredState) -> None:
        """Put back the plastic couplings of a stored state, and hold them fixed.

        The activity goes on from where it is. Where chaos is freezable, the couplings make a stable
        fixed point near the stored state, and its negative.

        Raises
        ------
        ModelError
            For what `store` did not return, or a state of another network.
        """
        self._require_plasticity("recall")
        if not isinstance(stored, StoredState):
            reject("stored", stored, "not a stored state", "give what run.store() returned")
        if stored.x.shape != self.state.shape:
            reject("stored", stored, f"stored by a network of {stored.x.shape[-1]} units; this one "
                   f"has {self.state.shape[-1]}", "give what this run stored")
        self._network.halt()
        put_states(self._network.couplings, self._network.phi, stored.plastic)

    @property
    def _single(self) -> bool:
        return self._network.settings.trials == 1

    def _shaped(self, state: np.ndarray) -> np.ndarray:
        return (state[:, 0] if self._single else state).astype(float)

    def _require_plasticity(self, verb: str) -> None:
        if not plastic_terms(self._network.couplings, self._network.phi):
            reject("network", self._network.settings.network, f"has no plastic couplings to {verb}",
                   "give a dmft.PlasticNetwork with nonzero k")

    def __repr__(self) -> str:
        return (f"NetworkRun({self._network.settings.network!r}: {len(self._network.x)} neurons, "
                f"t={self.t:g}{', plasticity halted' if self.halted else ''})")


def start(network: AnyNetwork, neurons: int, *, trials: int = 1, dt: float | None = None,
          variance: Start = None, currents: Start = None, mean: Start = None,
          prepare: ArrayLike | None = None, rng: Seed = None, dtype: str = "float32") -> NetworkRun:
    """Start one network of finite size, to be run, halted, released and asked by the caller.

    The network is drawn and stepped as by `simulate`. Plasticity can be halted at any time, so that
    W = J + A(t0) from then on (Clark & Abbott 2024, freezable chaos as a working memory).

    Parameters
    ----------
    network : Network
        A network whose ensembles are registered with `draw`.
    neurons : int
        N, 2 or above, of each region.
    trials : int
        Trajectories of the network, each with plastic couplings of its own.
    dt, prepare, rng, dtype
        As for `simulate`; dt is 0.1 by default.
    variance : float or (R,) array, optional
        Variance of x(0), 0 or above; 1 by default.
    currents : (R, R) array, optional
        Filtered currents at t = 0, of a network with regions.
    mean : float or (R,) array, optional
        Mean of x(0), of populations with mean couplings; 0 by default.

    Returns
    -------
    NetworkRun
        With `.run(t)`, `.halt()`, `.release()`, `.state`, `.couplings`, `.overlap(state)`,
        `.store()` and `.recall(stored)`.

    Raises
    ------
    ModelError
        For an argument outside its range, more memory than available, or activity that diverges.

    Examples
    --------
    >>> from dmft import PlasticNetwork
    >>> run = start(PlasticNetwork(1.5, 1.0, 2.5), neurons=100, rng=1)
    >>> run.run(20.0)
    >>> run.state.shape, run.couplings.shape
    ((100,), (100, 100))
    """
    neurons, scale = whole("neurons", neurons, 2), 1.0
    if not structure(network).in_regions and variance is not None:
        scale, variance = float(np.sqrt(nonnegative("variance", variance))), None
    settings = checked_settings(network, neurons, 1, trials, 1.0, dt, 0.0, [0.0], rng, dtype,
                                prepare=prepare, currents=currents, variance=variance,
                                mean=mean, stationary=False)
    check_memory(settings)
    return NetworkRun(RunningNetwork(settings, neurons, 0, scale))

"""Plastic couplings at finite N: A_ij follows the activity of units i and j, also in regions."""

from __future__ import annotations

import copy

import numpy as np

from .operators import of_regions
from .plastic_memory import Memory, PastStates, cheaper_memory, memory_length, weights
from .plastic_tangent import PlasticTangent


class Plastic:
    """(1 + p d/dt) A_ij = (k/N) phi_i phi_j of each trajectory, with A = 0 at the start.

    A(t+dt) = decay A(t) + (start phi phi^T (t) + end phi phi^T (t+dt)) k/N: the exponential step
    with phi phi^T interpolated linearly, of second order like the step of the units (Cox & Matthews
    2002, ETD2; Clark & Abbott 2024, the plasticity rule). A is stored in the cheaper of two ways
    (see `plastic_memory`), chosen when the step and the number of trajectories are known.

    Parameters
    ----------
    k, p : float
        Strength and time constant of the plasticity.
    neurons : int
        N.
    """

    memoryless = False

    def __init__(self, k: float, p: float, neurons: int):
        self.k, self.p, self.neurons = k, p, neurons
        self.memory: Memory | None = None
        self.end = 0.0  # weight of the present phi phi^T, which is not yet in the memory
        self.halted = False

    def apply(self, phi: np.ndarray) -> np.ndarray:
        """A phi (N, B); A includes the contribution of the present phi."""
        if self.memory is None:
            return np.zeros_like(phi)
        currents = self.memory.times(phi)
        currents += np.asarray(self.end, phi.dtype) * np.einsum("ib,ib->b", phi, phi) * phi
        currents *= np.asarray(self.k / self.neurons, phi.dtype)
        return currents

    def advance(self, phi: np.ndarray, dt: float) -> None:
        """Advance A by dt, given the present phi (N, B); no effect while plasticity is halted."""
        if self.halted:
            return
        if self.memory is None:
            self.memory = cheaper_memory(self.neurons, phi.shape[1], self.p, dt, phi.dtype)
        decay, start, end = weights(dt / self.p)
        self.memory.step(decay, phi, decay * self.end + start)
        self.end = end

    def held(self, phi: np.ndarray) -> Memory | None:
        """A copy of the memory that includes the present phi (N, B); None where A is zero."""
        memory = copy.deepcopy(self.memory)
        if memory is not None:
            memory.step(1.0, phi, self.end)
        return memory

    def halt(self, phi: np.ndarray) -> None:
        """Hold A fixed from now on, given the present phi (N, B)."""
        self.memory = self.held(phi)
        self.end, self.halted = 0.0, True

    def release(self) -> None:
        """Resume plasticity, starting from the A that was held fixed."""
        self.halted = False

    def matrix_of(self, phi: np.ndarray, trajectory: int) -> np.ndarray:
        """A (N, N) of one trajectory, given the present phi (N, B)."""
        return self.synapses(phi, trajectory, self.neurons)

    def synapses(self, phi: np.ndarray, trajectory: int, units: int) -> np.ndarray:
        """A (units, units) among the first units, given the present phi (N, B)."""
        one = phi[:units, trajectory]
        outer = np.asarray(self.end, phi.dtype) * np.outer(one, one)
        if self.memory is not None:
            outer += self.memory.matrix(trajectory, units)
        return np.asarray(self.k / self.neurons, phi.dtype) * outer

    def tangent(self) -> PlasticTangent | None:
        """Plastic couplings that act on states and their tangent vectors side by side."""
        return PlasticTangent(self.k, self.p, self.neurons)


class RegionalPlastic(Plastic):
    """(1 + p d/dt) A_ij = (k_{mu nu}/N_nu) phi_i phi_j, with A = 0 at the start.

    Stored as past states of all regions, which are stepped as those of `Plastic`.

    Parameters
    ----------
    k : (R, R) array
    p : float
    sizes : (R,) tuple of int
    """

    def __init__(self, k: np.ndarray, p: float, sizes: tuple[int, ...]):
        super().__init__(1.0, p, sum(sizes))
        self.strengths, self.sizes = k / np.array(sizes, dtype=float), sizes

    def apply(self, phi: np.ndarray) -> np.ndarray:
        """A phi (N, B); A includes the contribution of the present phi."""
        out = np.zeros_like(phi)
        memory = self.memory
        if not isinstance(memory, PastStates):  # none yet
            return out
        filled = memory.filled
        kept = memory.weights[:filled].astype(phi.dtype)
        to, of = of_regions(out, self.sizes), of_regions(phi, self.sizes)
        strengths = self.strengths.astype(phi.dtype)
        for b, own in enumerate(memory.states):
            past = of_regions(own[:filled].T, self.sizes)
            along = np.array([then.T @ now[:, b] for then, now in zip(past, of, strict=True)])
            present = np.array([now[:, b] @ now[:, b] for now in of])
            for mu, then in enumerate(past):
                to[mu][:, b] = then @ (kept * (strengths[mu] @ along))
                to[mu][:, b] += np.asarray(self.end * (strengths[mu] @ present),
                                           phi.dtype) * of[mu][:, b]
        return out

    def advance(self, phi: np.ndarray, dt: float) -> None:
        """Advance A by dt, given the present phi (N, B); no effect while plasticity is halted."""
        if self.halted:
            return
        if self.memory is None:
            self.memory = PastStates(self.neurons, phi.shape[1], memory_length(self.p, dt),
                                     phi.dtype)
        decay, start, end = weights(dt / self.p)
        self.memory.step(decay, phi, decay * self.end + start)
        self.end = end

    def synapses(self, phi: np.ndarray, trajectory: int, units: int) -> np.ndarray:
        """A (units, units) among the first units, given the present phi (N, B)."""
        one = phi[:, trajectory]
        outer = np.asarray(self.end, phi.dtype) * np.outer(one, one)
        if self.memory is not None:
            outer += self.memory.matrix(trajectory, self.neurons)
        strengths = np.repeat(np.repeat(self.strengths, self.sizes, axis=0), self.sizes, axis=1)
        return (strengths.astype(phi.dtype) * outer)[:units, :units]

    def tangent(self) -> None:
        """Not built: tangent vectors of these couplings are not followed."""

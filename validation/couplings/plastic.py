"""Plastic couplings at finite N: A follows the activity of the units that it connects."""

from __future__ import annotations

import numpy as np

from .plastic_memory import Memory, memory_of, weights
from .plastic_tangent import PlasticTangent


class Plastic:
    """(1 + p d/dt) A_ij = (k/N) phi_i phi_j of each trajectory, from A = 0 at the start.

    A(t+dt) = decay A(t) + (start phi phi^T (t) + end phi phi^T (t+dt)) k/N: the exponential step
    with phi phi^T linear in between, of second order as the units' own step is (Cox & Matthews
    2002, ETD2; Clark & Abbott 2024, the plasticity rule). A is kept by the cheaper of two ways
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
        """A phi (N, B); the present phi is part of A."""
        if self.memory is None:
            return np.zeros_like(phi)
        currents = self.memory.times(phi)
        currents += np.asarray(self.end, phi.dtype) * np.einsum("ib,ib->b", phi, phi) * phi
        currents *= np.asarray(self.k / self.neurons, phi.dtype)
        return currents

    def advance(self, phi: np.ndarray, dt: float) -> None:
        """Move A on by dt, given the present phi (N, B); nothing while plasticity is halted."""
        if self.halted:
            return
        if self.memory is None:
            self.memory = memory_of(self.neurons, phi.shape[1], self.p, dt, phi.dtype)
        decay, start, end = weights(dt / self.p)
        self.memory.step(decay, phi, decay * self.end + start)
        self.end = end

    def halt(self, phi: np.ndarray) -> None:
        """Keep A as it is, given the present phi (N, B)."""
        if self.memory is not None:
            self.memory.step(1.0, phi, self.end)
        self.end, self.halted = 0.0, True

    def release(self) -> None:
        """Let plasticity go on from the A that was kept."""
        self.halted = False

    def matrix_of(self, phi: np.ndarray, trajectory: int) -> np.ndarray:
        """A (N, N) of one trajectory, given the present phi (N, B)."""
        one = phi[:, trajectory]
        outer = np.asarray(self.end, phi.dtype) * np.outer(one, one)
        if self.memory is not None:
            outer += self.memory.matrix(trajectory)
        return np.asarray(self.k / self.neurons, phi.dtype) * outer

    def tangent(self) -> PlasticTangent:
        """Plastic couplings of as many states and their small changes, side by side."""
        return PlasticTangent(self.k, self.p, self.neurons)

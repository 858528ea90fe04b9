"""The tangent of plastic couplings: perturbations of units and of synapses together."""

from __future__ import annotations

import numpy as np

from .plastic_memory import memory_length, weights


class PlasticTangent:
    """A of B trajectories and its perturbation, acting on (N, 2B): states, then perturbations.

    delta A, with d(delta A)/dt = [-delta A + (k/N)(delta phi phi^T + phi delta phi^T)]/p, is not
    stored. With A = (k/N) sum_m w_m phi_m phi_m^T, the perturbation of A phi is (k/N) sum_m w_m
    times delta phi_m (phi_m . phi) + phi_m (delta phi_m . phi) + phi_m (phi_m . delta phi), which
    requires the past perturbations in addition to the past states, and 4 N L multiplications per
    step in all (the derivative of the step of `Plastic`; Clark & Abbott 2024, the linearised
    neuronal-synaptic dynamics).

    A perturbation of the synapses alone, by `perturb`, is delta A = a b^T with random a and b of
    norm 1. It decays at the rate 1/p, like every perturbation that no unit maintains.

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
        self.states = np.zeros((0, 0, 0, neurons))  # (2, B, L, N): phi and its perturbations
        self.weights = np.zeros(0)
        self.sizes = np.zeros((0, 0))  # (B, L): product of the rescalings since each was stored
        self.filled = self.slot = 0
        self.end = 0.0
        self.alone: np.ndarray | None = None  # (2, N): a and b
        self.size = np.zeros(0)  # (B,): size of delta A = a b^T

    def perturb(self, trajectories: int, rng: np.random.Generator) -> None:
        """Start delta A = a b^T, of norm 1, in each trajectory; none without plasticity (k = 0)."""
        if self.k:
            directions = rng.standard_normal((2, self.neurons))
            self.alone = directions / np.linalg.norm(directions, axis=1)[:, None]
            self.size = np.ones(trajectories)

    def perturbation(self) -> float | np.ndarray:
        """(B,) norm of what is left of a b^T."""
        return 0.0 if self.alone is None else self.size

    def apply(self, both: np.ndarray) -> np.ndarray:
        """A phi and its perturbation, (N, 2B)."""
        trajectories = both.shape[1] // 2
        out = np.empty_like(both)
        w = self.weights[:self.filled].astype(both.dtype)
        end = np.asarray(self.end, both.dtype)
        for b in range(trajectories):
            phi, change = both[:, b], both[:, trajectories + b]
            pair = np.column_stack([phi, change])
            now, then = end * (pair.T @ phi), np.zeros_like(pair.T)
            tangent = now[0] * change + 2 * now[1] * phi
            if self.filled:
                past, changed = self.states[:, b, :self.filled]
                size = self.sizes[b, :self.filled].astype(both.dtype)
                along = (past @ pair) * w[:, None]  # w_m phi_m . phi, w_m phi_m . delta phi
                along[:, 1] += w * size * (changed @ phi)
                then = along.T @ past
                tangent += (size * along[:, 0]) @ changed
            out[:, b] = then[0] + now[0] * phi
            out[:, trajectories + b] = then[1] + tangent
        out *= np.asarray(self.k / self.neurons, both.dtype)
        if self.alone is not None:
            a, b = self.alone.astype(both.dtype)
            along = self.size.astype(both.dtype) * (b @ both[:, :trajectories])
            out[:, trajectories:] += np.outer(a, along)
        return out

    def advance(self, both: np.ndarray, dt: float) -> None:
        """Advance A and its perturbation by dt."""
        trajectories = both.shape[1] // 2
        if not self.weights.size:
            length = memory_length(self.p, dt)
            self.states = np.zeros((2, trajectories, length, self.neurons), dtype=both.dtype)
            self.weights, self.sizes = np.zeros(length), np.ones((trajectories, length))
        decay, start, end = weights(dt / self.p)
        self.weights *= decay
        self.size *= decay
        self.weights[self.slot] = decay * self.end + start
        self.states[:, :, self.slot] = both.T.reshape(2, trajectories, self.neurons)
        self.sizes[:, self.slot] = 1.0
        self.slot = (self.slot + 1) % len(self.weights)
        self.filled = min(self.filled + 1, len(self.weights))
        self.end = end

    def rescale(self, factor: np.ndarray) -> None:
        """Multiply the perturbations of each trajectory by its factor (B,)."""
        if self.sizes.size:
            self.sizes *= factor[:, None]
        if self.alone is not None:
            self.size *= factor

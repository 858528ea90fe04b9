"""What plastic couplings remember: sums of outer products that fade, one for each trajectory.

Two ways to keep G = sum over past steps m of w_m phi(m) phi(m)^T, with the same verbs: `step`
makes G <- decay G + weight phi phi^T, `times` gives G phi. Trajectories of one network
share its quenched couplings, and each has a G of its own.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

import numpy as np

from dmft.equations import linear_response

ROWS = 64  # past states multiplied at a time: they stay in the cache between the two products
BLOCK = 32  # outer products that are gathered before they are added to the matrix
TAIL = 1e-4  # what is forgotten of a constant past, relative to what is remembered
SLOWER = 0.8  # past states, in units of N, beyond which the matrix is the cheaper one


class Memory(Protocol):
    """G of each of B trajectories."""

    def times(self, phi: np.ndarray) -> np.ndarray:
        """G phi (N, B), a new array."""

    def step(self, decay: float, phi: np.ndarray, weight: float) -> None:
        """G <- decay G + weight phi phi^T."""

    def matrix(self, trajectory: int) -> np.ndarray:
        """G (N, N) of one trajectory."""


class PastStates:
    """G kept as the past states themselves and their weights: 2 N L products a step.

    Parameters
    ----------
    neurons, trajectories, length : int
        N, B, and L: the number of past states that are remembered.
    dtype : dtype
        Of the run.
    """

    def __init__(self, neurons: int, trajectories: int, length: int, dtype):
        self.states = np.zeros((trajectories, length, neurons), dtype=dtype)
        self.weights = np.zeros(length)  # float64: repeated decay in float32 would drift
        self.filled = self.slot = 0

    def times(self, phi: np.ndarray) -> np.ndarray:
        out = np.zeros((phi.shape[1], phi.shape[0]), dtype=phi.dtype)
        weights = self.weights.astype(phi.dtype)
        columns = np.ascontiguousarray(phi.T)
        for own, column, total in zip(self.states, columns, out, strict=True):
            for first in range(0, self.filled, ROWS):
                rows = own[first:min(first + ROWS, self.filled)]
                along = rows @ column
                along *= weights[first:first + len(rows)]
                total += along @ rows
        return np.ascontiguousarray(out.T)

    def step(self, decay: float, phi: np.ndarray, weight: float) -> None:
        self.weights *= decay
        self.states[:, self.slot] = phi.T
        self.weights[self.slot] = weight  # in the place of the oldest
        self.slot = (self.slot + 1) % len(self.weights)
        self.filled = max(self.filled, self.slot, (self.slot == 0) * len(self.weights))

    def matrix(self, trajectory: int) -> np.ndarray:
        rows = self.states[trajectory, :self.filled]
        return rows.T @ (self.weights[:self.filled, None].astype(rows.dtype) * rows)


class Matrices:
    """G kept as the matrix of each trajectory, BLOCK outer products at a time: N^2 a step."""

    def __init__(self, neurons: int, trajectories: int, dtype):
        self.matrices = np.zeros((trajectories, neurons, neurons), dtype=dtype)
        self.scale = 1.0  # of the matrices
        self.recent = PastStates(neurons, trajectories, BLOCK, dtype)

    def times(self, phi: np.ndarray) -> np.ndarray:
        out = self.recent.times(phi)
        for b, matrix in enumerate(self.matrices):
            out[:, b] += np.asarray(self.scale, dtype=phi.dtype) * (matrix @ phi[:, b])
        return out

    def step(self, decay: float, phi: np.ndarray, weight: float) -> None:
        self.scale *= decay
        self.recent.step(decay, phi, weight)
        if self.recent.slot == 0:
            self._gather()

    def matrix(self, trajectory: int) -> np.ndarray:
        matrix = self.matrices[trajectory]
        return np.asarray(self.scale, matrix.dtype) * matrix + self.recent.matrix(trajectory)

    def _gather(self) -> None:
        """Add the recent outer products to the matrices."""
        scale = np.asarray(self.scale, dtype=self.matrices.dtype)
        for trajectory, matrix in enumerate(self.matrices):
            matrix *= scale
            matrix += self.recent.matrix(trajectory)
        self.scale = 1.0
        self.recent.filled = 0  # gathered: to be written over


@lru_cache(maxsize=8)
def weights(h: float) -> tuple[float, float, float]:
    """decay, start and end of A(t+dt) = decay A(t) + start Q(t) + end Q(t+dt), h = dt/p."""
    return (float(linear_response.decay(h)), float(linear_response.etd_weight_start(h)),
            float(linear_response.etd_weight_end(h)))


def remembered(p: float, dt: float) -> int:
    """L: steps after which exp(-L dt/p) is TAIL."""
    return int(np.ceil(-np.log(TAIL) * p / dt))


def numbers(neurons: int, p: float, dt: float) -> float:
    """Numbers that the memory of one trajectory takes."""
    length = remembered(p, dt)
    return float(neurons) * (length if _states_are_cheaper(neurons, length) else neurons + BLOCK)


def memory_of(neurons: int, trajectories: int, p: float, dt: float, dtype) -> Memory:
    """The cheaper of the two."""
    length = remembered(p, dt)
    if _states_are_cheaper(neurons, length):
        return PastStates(neurons, trajectories, length, dtype)
    return Matrices(neurons, trajectories, dtype)


def _states_are_cheaper(neurons: int, length: int) -> bool:
    return length <= SLOWER * neurons

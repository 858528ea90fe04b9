"""Memory of plastic couplings: decaying sums of outer products, one for each trajectory.

Two ways to store G = sum over past steps m of w_m phi(m) phi(m)^T, with the same methods: `step`
sets G <- decay G + weight phi phi^T, `times` returns G phi. Trajectories of one network share its
quenched couplings, and each has a G of its own.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

import numpy as np

from dmft.equations import linear_response

from .tuning import GATHERED_STATES, MATRIX_CHEAPER_BEYOND, MEMORY_TAIL, STATE_ROWS


class Memory(Protocol):
    """The sum G of each of B trajectories."""

    def times(self, phi: np.ndarray) -> np.ndarray:
        """G phi (N, B), a new array."""

    def step(self, decay: float, phi: np.ndarray, weight: float) -> None:
        """G <- decay G + weight phi phi^T."""

    def matrix(self, trajectory: int, units: int) -> np.ndarray:
        """G (units, units) of one trajectory, among the first units."""


class PastStates:
    """G stored as the past states and their weights: 2 N L multiplications per step.

    Parameters
    ----------
    neurons, trajectories, length : int
        N, B, and the number L of stored past states.
    dtype : dtype
        The dtype of the run.
    """

    def __init__(self, neurons: int, trajectories: int, length: int, dtype):
        self.states = np.zeros((trajectories, length, neurons), dtype=dtype)
        self.weights = np.zeros(length)  # float64: rounding of repeated decay would accumulate
        self.filled = self.slot = 0

    def times(self, phi: np.ndarray) -> np.ndarray:
        out = np.zeros((phi.shape[1], phi.shape[0]), dtype=phi.dtype)
        weights = self.weights.astype(phi.dtype)
        columns = np.ascontiguousarray(phi.T)
        for own, column, total in zip(self.states, columns, out, strict=True):
            for first in range(0, self.filled, STATE_ROWS):
                rows = own[first:min(first + STATE_ROWS, self.filled)]
                along = rows @ column
                along *= weights[first:first + len(rows)]
                total += along @ rows
        return np.ascontiguousarray(out.T)

    def step(self, decay: float, phi: np.ndarray, weight: float) -> None:
        self.weights *= decay
        self.states[:, self.slot] = phi.T
        self.weights[self.slot] = weight  # replaces the oldest state
        self.slot = (self.slot + 1) % len(self.weights)
        self.filled = max(self.filled, self.slot, (self.slot == 0) * len(self.weights))

    def matrix(self, trajectory: int, units: int) -> np.ndarray:
        rows = self.states[trajectory, :self.filled, :units]
        return rows.T @ (self.weights[:self.filled, None].astype(rows.dtype) * rows)


class Matrices:
    """G stored as a matrix per trajectory, updated by blocks of outer products: N^2 per step."""

    def __init__(self, neurons: int, trajectories: int, dtype):
        self.matrices = np.zeros((trajectories, neurons, neurons), dtype=dtype)
        self.scale = 1.0  # common factor of the matrices
        self.recent = PastStates(neurons, trajectories, GATHERED_STATES, dtype)

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

    def matrix(self, trajectory: int, units: int) -> np.ndarray:
        matrix = self.matrices[trajectory, :units, :units]
        return np.asarray(self.scale, matrix.dtype) * matrix + self.recent.matrix(trajectory, units)

    def _gather(self) -> None:
        """Add the recent outer products to the matrices."""
        scale = np.asarray(self.scale, dtype=self.matrices.dtype)
        for trajectory, matrix in enumerate(self.matrices):
            matrix *= scale
            matrix += self.recent.matrix(trajectory, len(matrix))
        self.scale = 1.0
        self.recent.filled = 0  # now part of the matrices, and to be overwritten


@lru_cache(maxsize=8)
def weights(h: float) -> tuple[float, float, float]:
    """Weights decay, start, end of A(t+dt) = decay A(t) + start Q(t) + end Q(t+dt), h = dt/p."""
    return (float(linear_response.decay(h)), float(linear_response.etd_weight_start(h)),
            float(linear_response.etd_weight_end(h)))


def memory_length(p: float, dt: float) -> int:
    """Number of steps L after which exp(-L dt/p) is MEMORY_TAIL."""
    return int(np.ceil(-np.log(MEMORY_TAIL) * p / dt))


def memory_footprint(neurons: int, p: float, dt: float) -> float:
    """Number of values in the memory of one trajectory."""
    length = memory_length(p, dt)
    rows = length if _states_are_cheaper(neurons, length) else neurons + GATHERED_STATES
    return float(neurons) * rows


def cheaper_memory(neurons: int, trajectories: int, p: float, dt: float, dtype) -> Memory:
    """The memory, in the form that needs fewer operations per step."""
    length = memory_length(p, dt)
    if _states_are_cheaper(neurons, length):
        return PastStates(neurons, trajectories, length, dtype)
    return Matrices(neurons, trajectories, dtype)


def _states_are_cheaper(neurons: int, length: int) -> bool:
    return length <= MATRIX_CHEAPER_BEYOND * neurons

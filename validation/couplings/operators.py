"""Operators: one draw of couplings, acting on a batch of states."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from dmft.base.checks import reject


class Operator(Protocol):
    """One draw of couplings, acting on a batch of states phi (R N, B): each column is a trajectory.

    The units of region mu are N rows, after those of the regions before it; with unequal regions
    "R N" stands for the sum of their sizes. Without regions R is 1. If an operator
    has a method `astype(dtype)`, that is used to convert it to the dtype of the run.
    """

    @property
    def memoryless(self) -> bool:
        """Whether `advance` has no effect."""

    def apply(self, phi: np.ndarray) -> np.ndarray:
        """The currents sum_j J_ij phi_j, a new array (R N, B) of phi's dtype."""

    def advance(self, phi: np.ndarray, dt: float) -> None:
        """Advance the operator's state (of plastic couplings) by dt, given phi (R N, B)."""


class Tangent(Operator, Protocol):
    """An operator on (R N, 2B): the states of B trajectories, then their tangent vectors."""

    def rescale(self, factor: np.ndarray) -> None:
        """Multiply the tangent of the operator's own state by a factor (B,) per trajectory."""

    def perturb(self, trajectories: int, rng: np.random.Generator) -> None:
        """Start a random perturbation of the operator's own state, if it has one."""

    def perturbation(self) -> float | np.ndarray:
        """Norm (B,) of what is left of that perturbation; 0 without one."""


def tangent_of(couplings: Operator) -> Operator | None:
    """Couplings that act on states and their tangent vectors side by side, at the initial time.

    Fixed couplings act on all columns in the same way, and are their own tangent. Others must have
    a method `tangent()` that returns a new `Tangent`; without it the result is None.
    """
    if couplings.memoryless:
        return couplings
    return couplings.tangent() if hasattr(couplings, "tangent") else None


def rescale(couplings: Operator, factor: np.ndarray) -> None:
    """Multiply the tangent of the operator's own state, if it has one, by a factor (B,)."""
    if not couplings.memoryless:
        couplings.rescale(factor)  # type: ignore[attr-defined]


def perturb(couplings: Operator, trajectories: int, rng: np.random.Generator) -> None:
    """Start a random perturbation of the operator's own state, such as synapses, if it has one."""
    if hasattr(couplings, "perturb"):
        couplings.perturb(trajectories, rng)


def perturbation(couplings: Operator) -> float | np.ndarray:
    """Norm (B,) of what is left of the perturbation that `perturb` started; 0 without one."""
    return couplings.perturbation() if hasattr(couplings, "perturbation") else 0.0


def halt(couplings: Operator, phi: np.ndarray) -> None:
    """Halt plasticity, given the present phi; other couplings are not affected."""
    if hasattr(couplings, "halt"):
        couplings.halt(phi)


def release(couplings: Operator) -> None:
    """Resume plasticity after `halt`."""
    if hasattr(couplings, "release"):
        couplings.release()


def matrix_of(couplings: Operator, phi: np.ndarray, trajectory: int) -> np.ndarray:
    """The couplings of one trajectory as a matrix (R N, R N), given the present phi (R N, B).

    Raises
    ------
    ModelError
        If they have a state and no method `matrix_of`.
    """
    if hasattr(couplings, "matrix_of"):
        return couplings.matrix_of(phi, trajectory)
    if not couplings.memoryless:
        reject("network", couplings, "its couplings have memory, and their matrix is not known",
               "give their operator a method matrix_of (see dmft.validation.couplings.operators)")
    return couplings.apply(np.eye(len(phi), dtype=phi.dtype))  # a fixed matrix, column by column


def synapses(couplings: Operator, phi: np.ndarray, trajectory: int, units: int) -> np.ndarray:
    """Plastic couplings (units, units) among the first units, given the present phi; 0 without."""
    if hasattr(couplings, "synapses"):
        return couplings.synapses(phi, trajectory, units)
    return np.zeros((units, units), dtype=phi.dtype)


def of_regions(state: np.ndarray, sizes: tuple[int, ...]) -> list[np.ndarray]:
    """Views (N_mu, B) of a state (sum of sizes, B), one for each region."""
    ends = np.cumsum(sizes)
    return [state[end - size:end] for size, end in zip(sizes, ends, strict=True)]


@dataclass(frozen=True, eq=False)
class Dense:
    """Fixed couplings, stored as the matrix (N, N)."""

    matrix: np.ndarray
    memoryless = True

    def apply(self, phi: np.ndarray) -> np.ndarray:
        return self.matrix @ phi

    def advance(self, phi: np.ndarray, dt: float) -> None:
        """Fixed couplings do not change."""

    def astype(self, dtype) -> Dense:
        return Dense(self.matrix.astype(dtype, copy=False))


@dataclass(frozen=True, eq=False)
class Product:
    """Fixed couplings of M modes, J = sum_a D_a l_a r_a^T, stored as modes: efficient for M < N/2.

    Parameters
    ----------
    left, right : (N, M) arrays
        The modes D_a l_a and r_a, as columns.
    """

    left: np.ndarray
    right: np.ndarray
    memoryless = True

    def apply(self, phi: np.ndarray) -> np.ndarray:
        return self.left @ (self.right.T @ phi)

    def advance(self, phi: np.ndarray, dt: float) -> None:
        """Fixed couplings do not change."""

    def astype(self, dtype) -> Product:
        return Product(self.left.astype(dtype, copy=False), self.right.astype(dtype, copy=False))


@dataclass(frozen=True, eq=False)
class Scaled:
    """diag(u) J diag(v): the input of each unit is scaled by u, its output by v.

    Parameters
    ----------
    couplings : Operator
        J.
    input_gain, output_gain : (N, 1) arrays
        Gains u and v, in the dtype of the run.
    """

    couplings: Operator
    input_gain: np.ndarray
    output_gain: np.ndarray

    @property
    def memoryless(self) -> bool:
        return self.couplings.memoryless

    def apply(self, phi: np.ndarray) -> np.ndarray:
        currents = self.couplings.apply(self.output_gain * phi)
        currents *= self.input_gain
        return currents

    def advance(self, phi: np.ndarray, dt: float) -> None:
        self.couplings.advance(self.output_gain * phi, dt)

    def tangent(self) -> Scaled | None:
        couplings = tangent_of(self.couplings)
        return None if couplings is None else replace(self, couplings=couplings)

    def rescale(self, factor: np.ndarray) -> None:
        rescale(self.couplings, factor)

    def perturb(self, trajectories: int, rng: np.random.Generator) -> None:
        perturb(self.couplings, trajectories, rng)

    def perturbation(self) -> float | np.ndarray:
        return perturbation(self.couplings)

    def halt(self, phi: np.ndarray) -> None:
        halt(self.couplings, self.output_gain * phi)

    def release(self) -> None:
        release(self.couplings)

    def matrix_of(self, phi: np.ndarray, trajectory: int) -> np.ndarray:
        inner = matrix_of(self.couplings, self.output_gain * phi, trajectory)
        return self.input_gain * inner * self.output_gain[:, 0]

    def synapses(self, phi: np.ndarray, trajectory: int, units: int) -> np.ndarray:
        inner = synapses(self.couplings, self.output_gain * phi, trajectory, units)
        return self.input_gain[:units] * inner * self.output_gain[:units, 0]


@dataclass(frozen=True, eq=False)
class MeanInput:
    """The input sum over b of mean[a, b] times the average of phi over population b.

    Parameters
    ----------
    mean : (R, R) array
    sizes : (R,) tuple of int
        Numbers of units of the populations.
    """

    mean: np.ndarray
    sizes: tuple[int, ...]
    memoryless = True

    def apply(self, phi: np.ndarray) -> np.ndarray:
        rates = np.stack([own.mean(axis=0) for own in of_regions(phi, self.sizes)])
        return np.repeat(self.mean.astype(phi.dtype) @ rates, self.sizes, axis=0)

    def advance(self, phi: np.ndarray, dt: float) -> None:
        """Fixed couplings do not change."""

    def astype(self, dtype) -> MeanInput:
        return self


@dataclass(frozen=True, eq=False)
class Sum:
    """The sum of several operators."""

    terms: tuple[Operator, ...]

    @property
    def memoryless(self) -> bool:
        return all(term.memoryless for term in self.terms)

    def apply(self, phi: np.ndarray) -> np.ndarray:
        currents = self.terms[0].apply(phi)
        for term in self.terms[1:]:
            currents += term.apply(phi)
        return currents

    def advance(self, phi: np.ndarray, dt: float) -> None:
        for term in self.terms:
            term.advance(phi, dt)

    def tangent(self) -> Sum | None:
        terms = tuple(tangent_of(term) for term in self.terms)
        known = tuple(term for term in terms if term is not None)
        return Sum(known) if len(known) == len(terms) else None

    def rescale(self, factor: np.ndarray) -> None:
        for term in self.terms:
            rescale(term, factor)

    def perturb(self, trajectories: int, rng: np.random.Generator) -> None:
        for term in self.terms:
            perturb(term, trajectories, rng)

    def perturbation(self) -> float | np.ndarray:
        return np.sqrt(sum(perturbation(term)**2 for term in self.terms))

    def halt(self, phi: np.ndarray) -> None:
        for term in self.terms:
            halt(term, phi)

    def release(self) -> None:
        for term in self.terms:
            release(term)

    def matrix_of(self, phi: np.ndarray, trajectory: int) -> np.ndarray:
        return sum(  # type: ignore[return-value]  # there are terms: it is not the number 0
            matrix_of(term, phi, trajectory) for term in self.terms)

    def synapses(self, phi: np.ndarray, trajectory: int, units: int) -> np.ndarray:
        return sum(  # type: ignore[return-value]
            synapses(term, phi, trajectory, units) for term in self.terms)

"""Coupling ensembles at finite N: each is drawn as an operator on a batch of states.

`draw` and `footprint` are registries keyed by the ensemble's type. A new ensemble adds one
function to each, here or beside its own definition:

>>> @draw.register                                                      # doctest: +SKIP
... def _(ensemble: MyEnsemble, neurons, rng): return Dense(...)
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import singledispatch
from typing import Protocol

import numpy as np

from dmft import IID
from dmft.checks import reject

TILE = 512  # edge of the tiles in which a matrix is mixed with its transpose: two fit the cache


class Operator(Protocol):
    """One draw of couplings, acting on a batch of states phi (N, B): a column is a trajectory."""

    memoryless: bool  # whether `advance` does nothing

    def apply(self, phi: np.ndarray) -> np.ndarray:
        """The currents sum_j J_ij phi_j, a new array (N, B) of phi's dtype."""

    def advance(self, phi: np.ndarray, dt: float) -> None:
        """Move the operator's own state (as plastic couplings) on by dt, given phi (N, B)."""


@dataclass(frozen=True, eq=False)
class Dense:
    """Fixed couplings, kept as the matrix (N, N)."""

    matrix: np.ndarray
    memoryless = True

    def apply(self, phi: np.ndarray) -> np.ndarray:
        return self.matrix @ phi

    def advance(self, phi: np.ndarray, dt: float) -> None:
        """Fixed couplings do not change."""


@dataclass(frozen=True, eq=False)
class Sum:
    """Couplings that add."""

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


@singledispatch
def draw(ensemble, neurons: int, rng: np.random.Generator) -> Operator:
    """Draw one network's couplings of an ensemble.

    Parameters
    ----------
    ensemble : Ensemble
        What to draw from.
    neurons : int
        N.
    rng : Generator
        Draws are made in float32, whatever the dtype of the run: runs in float32 and in float64
        have the same network.

    Returns
    -------
    Operator
        In float32.

    Raises
    ------
    ModelError
        If nothing is registered for the ensemble's type.
    """
    _unknown(ensemble)


@singledispatch
def footprint(ensemble, neurons: int) -> float:
    """Most float32 numbers that drawing and keeping an ensemble takes at N `neurons`."""
    _unknown(ensemble)


@draw.register
def _(ensemble: IID, neurons: int, rng: np.random.Generator) -> Dense:
    matrix = rng.standard_normal((neurons, neurons), dtype=np.float32)
    scale = ensemble.g / math.sqrt(neurons)
    # J = g/sqrt(N) (a A + b A^T) with a^2 + b^2 = 1 and 2ab = r; so <J_ii^2> = (1 + r) g^2/N.
    even, odd = math.sqrt((1 + ensemble.reciprocity) / 2), math.sqrt((1 - ensemble.reciprocity) / 2)
    _mix_with_transpose(matrix, scale * (even + odd) / math.sqrt(2),
                        scale * (even - odd) / math.sqrt(2))
    return Dense(matrix)


@footprint.register
def _(ensemble: IID, neurons: int) -> float:
    return float(neurons) ** 2 + 2 * TILE**2


def draw_sum(ensembles: Iterable, neurons: int, seed: np.random.SeedSequence, dtype) -> Operator:
    """Draw each ensemble with its own child of `seed`, and add them; fixed matrices add into one.

    Returns
    -------
    Operator
        In `dtype`.
    """
    ensembles = tuple(ensembles)
    dense: Dense | None = None
    others: list[Operator] = []
    for ensemble, child in zip(ensembles, seed.spawn(len(ensembles)), strict=True):
        one = draw(ensemble, neurons, np.random.default_rng(child))
        if not isinstance(one, Dense):
            others.append(one)
        elif dense is None:
            dense = one
        else:
            dense.matrix[...] += one.matrix
    if dense is not None:
        others.insert(0, Dense(dense.matrix.astype(dtype, copy=False)))
    return others[0] if len(others) == 1 else Sum(tuple(others))


def _mix_with_transpose(matrix: np.ndarray, own: float, other: float) -> None:
    """matrix <- own * matrix + other * matrix^T, in place."""
    if other == 0:
        matrix *= own
        return
    edges = range(0, len(matrix), TILE)
    for i in edges:
        for j in edges:
            if j < i:
                continue
            upper, lower = matrix[i:i + TILE, j:j + TILE], matrix[j:j + TILE, i:i + TILE]
            mixed = own * upper + other * lower.T
            lower[...] = mixed.T if i == j else own * lower + other * upper.T
            upper[...] = mixed


def _unknown(ensemble):
    reject("ensembles", ensemble, "no finite-N draw is known for this ensemble",
           "register one with dmft.validation.draw.draw.register, and its footprint")

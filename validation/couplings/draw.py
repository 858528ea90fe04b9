"""Coupling ensembles at finite N: each is drawn as an operator on a batch of states.

`draw` and `footprint` are registries keyed by the ensemble's type, and so is `carried`, for those
whose operator has a state. A new ensemble adds one function to each, here or beside its own
definition:

>>> @draw.register                                                      # doctest: +SKIP
... def _(ensemble: MyEnsemble, neurons, rng): return Dense(...)
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import singledispatch

import numpy as np

from dmft import IID, Hebbian, LowRank, Matrix, Modes, RegionalIID
from dmft.base.checks import reject

from .loadings import Loadings, sampled
from .modes import modes_footprint, sampled_modes
from .operators import Blocks, Dense, Operator, Product, Sum
from .plastic import Plastic
from .plastic_memory import numbers

TILE = 512  # edge of the tiles in which a matrix is mixed with its transpose: two fit the cache


@singledispatch
def draw(ensemble, neurons: int, rng: np.random.Generator) -> Operator:
    """Draw one network's couplings of an ensemble.

    Parameters
    ----------
    ensemble : Ensemble
        What to draw from.
    neurons : int
        N, of each region where there are several.
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


@singledispatch
def carried(ensemble, neurons: int, dt: float) -> float:
    """Numbers of the run's dtype that an operator's own state takes for each trajectory."""
    return 0.0


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


@draw.register
def _(ensemble: RegionalIID, neurons: int, rng: np.random.Generator) -> Blocks:
    blocks = {}
    for mu, nu in zip(*np.nonzero(ensemble.g), strict=True):
        block = rng.standard_normal((neurons, neurons), dtype=np.float32)
        block *= float(ensemble.g[mu, nu]) / math.sqrt(neurons)
        blocks[int(mu), int(nu)] = block
    return Blocks(blocks, ensemble.kinds, neurons)


@footprint.register
def _(ensemble: RegionalIID, neurons: int) -> float:
    return float(np.count_nonzero(ensemble.g)) * float(neurons) ** 2


@draw.register
def _(ensemble: LowRank, neurons: int, rng: np.random.Generator) -> Loadings:
    return sampled(ensemble, neurons, rng)


@footprint.register
def _(ensemble: LowRank, neurons: int) -> float:
    return float(len(ensemble.source) + len(ensemble.target)) * neurons


@draw.register
def _(ensemble: Modes, neurons: int, rng: np.random.Generator) -> Operator:
    return sampled_modes(*ensemble.at(neurons), neurons, rng)


@footprint.register
def _(ensemble: Modes, neurons: int) -> float:
    modes = round(ensemble.spectrum.modes_per_neuron * neurons)
    return modes_footprint(modes, neurons, np.ndim(ensemble.overlaps))


@draw.register
def _(ensemble: Matrix, neurons: int, rng: np.random.Generator) -> Dense:
    # The matrix as it is: networks differ in starts, bias and noise only, and standard errors over
    # them do not tell how far this matrix is from others of the same structure.
    _check_size(ensemble, neurons)
    return Dense(ensemble.matrix.astype(np.float32))


@footprint.register
def _(ensemble: Matrix, neurons: int) -> float:
    _check_size(ensemble, neurons)
    return float(neurons) ** 2


@draw.register
def _(ensemble: Hebbian, neurons: int, rng: np.random.Generator) -> Plastic | Product:
    # Nothing is random here: what is plastic starts from nothing, and follows the activity.
    if ensemble.k == 0:
        return Product(*np.zeros((2, neurons, 0), dtype=np.float32))
    return Plastic(ensemble.k, ensemble.p, neurons)


@footprint.register
def _(ensemble: Hebbian, neurons: int) -> float:
    return 0.0


@carried.register
def _(ensemble: Hebbian, neurons: int, dt: float) -> float:
    return numbers(neurons, ensemble.p, dt) if ensemble.k else 0.0


def _check_size(ensemble: Matrix, neurons: int) -> None:
    own = len(ensemble.matrix)
    if neurons != own:
        reject("neurons", neurons, f"is not the size of the given matrix, {own}", f"give {own}")


def draw_sum(ensembles: Iterable, neurons: int, seed: np.random.SeedSequence, dtype) -> Operator:
    """Draw each ensemble with its own child of `seed`, and add them.

    Fixed matrices add into one, and loadings stand together in one, in the order of the ensembles.

    Returns
    -------
    Operator
        In `dtype`.
    """
    ensembles = tuple(ensembles)
    dense: Dense | None = None
    structure: Loadings | None = None
    others: list[Operator] = []
    for ensemble, child in zip(ensembles, seed.spawn(len(ensembles)), strict=True):
        one = draw(ensemble, neurons, np.random.default_rng(child))
        if isinstance(one, Loadings):
            structure = one if structure is None else structure.joined(one)
        elif not isinstance(one, Dense):
            others.append(one)
        elif dense is None:
            dense = one
        else:
            dense.matrix[...] += one.matrix
    terms = [one for one in (dense, *others, structure) if one is not None]
    terms = [one.astype(dtype) if hasattr(one, "astype") else one for one in terms]
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


def loadings_of(operator: Operator) -> Loadings | None:
    """The structured part of what `draw_sum` made, if there is one."""
    terms = operator.terms if isinstance(operator, Sum) else (operator,)
    return next((one for one in terms if isinstance(one, Loadings)), None)


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
           "register one with dmft.validation.couplings.draw.draw.register, and its footprint")

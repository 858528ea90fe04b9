"""Coupling ensembles at finite N: each is drawn as an operator on a batch of states.

`draw`, `footprint`, and for operators with a state `state_footprint`, are registries keyed by the
type of the ensemble. A new ensemble registers one function with each, here or in the module that
defines it:

>>> @draw.register                                                      # doctest: +SKIP
... def _(ensemble: MyEnsemble, neurons, rng): return Dense(...)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import singledispatch
from typing import NoReturn

import numpy as np

from dmft import (
    IID,
    DerivedEnsemble,
    Hebbian,
    LowRank,
    Matrix,
    MeanCouplings,
    Modes,
    RegionalHebbian,
    RegionalIID,
)
from dmft.base.checks import reject
from dmft.ensembles.given_weights import GivenDisorder, GivenLowRank

from .independent import Blocks, sample_blocks, sample_matrix
from .loadings import Loadings, sample_loadings
from .modes import modes_footprint, sample_modes
from .operators import Dense, MeanInput, Operator, Product, Sum
from .own import draw_own, own_footprint, own_state_footprint
from .plastic import Plastic, RegionalPlastic
from .plastic_memory import memory_footprint, memory_length
from .tuning import TRANSPOSE_TILE

Neurons = int | tuple[int, ...]  # of each region, or of every region


def sizes_of(neurons: Neurons, regions: int) -> tuple[int, ...]:
    """(R,) sizes of the regions."""
    return neurons if isinstance(neurons, tuple) else (neurons,) * regions


@singledispatch
def draw(ensemble, neurons: Neurons, rng: np.random.Generator) -> Operator:
    """Draw the couplings of one network from an ensemble.

    Parameters
    ----------
    ensemble : Ensemble
        The ensemble.
    neurons : int, or tuple of int
        N; with several regions N of each, or the size of each.
    rng : Generator
        Draws are made in float32 for every dtype of the run, so that runs in float32 and float64
        have the same network.

    Returns
    -------
    Operator
        In float32.

    Raises
    ------
    ModelError
        If no function is registered for the type of the ensemble.
    """
    _reject_unknown(ensemble)


@singledispatch
def footprint(ensemble, neurons: Neurons) -> float:
    """Largest number of float32 values needed to draw and store the couplings at N `neurons`."""
    _reject_unknown(ensemble)


@singledispatch
def state_footprint(ensemble, neurons: int, dt: float) -> float:
    """Number of values, in the dtype of the run, in the operator's state of each trajectory."""
    return 0.0


@draw.register
def _(ensemble: IID, neurons: int, rng: np.random.Generator) -> Dense:
    return sample_matrix(ensemble.g, ensemble.reciprocity, neurons, rng)


@footprint.register
def _(ensemble: IID, neurons: int) -> float:
    return float(neurons) ** 2 + 2 * TRANSPOSE_TILE**2


@draw.register
def _(ensemble: RegionalIID, neurons: Neurons, rng: np.random.Generator) -> Blocks:
    return sample_blocks(ensemble.g, ensemble.reciprocity, sizes_of(neurons, ensemble.kinds), rng)


@footprint.register
def _(ensemble: RegionalIID, neurons: Neurons) -> float:
    sizes = np.array(sizes_of(neurons, ensemble.kinds), dtype=float)
    return float(sizes @ (ensemble.g != 0) @ sizes)


@draw.register
def _(ensemble: MeanCouplings, neurons: Neurons, rng: np.random.Generator) -> MeanInput:
    return MeanInput(ensemble.mean, sizes_of(neurons, ensemble.kinds))


@footprint.register
def _(ensemble: MeanCouplings, neurons: Neurons) -> float:
    return 0.0


@draw.register
def _(ensemble: LowRank, neurons: Neurons, rng: np.random.Generator) -> Loadings:
    return sample_loadings(ensemble, sizes_of(neurons, ensemble.kinds), rng)


@footprint.register
def _(ensemble: LowRank, neurons: Neurons) -> float:
    largest = max(sizes_of(neurons, ensemble.kinds))
    return float(len(ensemble.source) + len(ensemble.target)) * largest


@draw.register
def _(ensemble: GivenDisorder, neurons: Neurons, rng: np.random.Generator) -> Dense:
    return Dense(ensemble.matrix.astype(np.float32))  # as given: nothing is drawn


@footprint.register
def _(ensemble: GivenDisorder, neurons: Neurons) -> float:
    return float(ensemble.matrix.size)


@draw.register
def _(ensemble: GivenLowRank, neurons: Neurons, rng: np.random.Generator) -> Loadings:
    P, largest = len(ensemble.source), max(ensemble.sizes)
    drawn = sample_loadings(ensemble, ensemble.sizes, rng)  # for the directions of inputs
    return replace(drawn, m=ensemble.m[:P, :largest].astype(np.float32),
                   n=ensemble.n[:P, :largest].astype(np.float32))


@draw.register
def _(ensemble: Modes, neurons: int, rng: np.random.Generator) -> Operator:
    return sample_modes(*ensemble.at(neurons), neurons, rng)


@footprint.register
def _(ensemble: Modes, neurons: int) -> float:
    modes = round(ensemble.spectrum.modes_per_neuron * neurons)
    return modes_footprint(modes, neurons, np.ndim(ensemble.overlaps))


@draw.register
def _(ensemble: Matrix, neurons: int, rng: np.random.Generator) -> Dense:
    # The matrix is not redrawn: networks differ only in initial states, bias and noise. Standard
    # errors over them do not include the variation between matrices of the same structure.
    _check_size(ensemble, neurons)
    return Dense(ensemble.matrix.astype(np.float32))


@footprint.register
def _(ensemble: Matrix, neurons: int) -> float:
    _check_size(ensemble, neurons)
    return float(neurons) ** 2


@draw.register
def _(ensemble: Hebbian, neurons: int, rng: np.random.Generator) -> Plastic | Product:
    # Nothing is random here: plastic couplings start at zero, and follow the activity.
    if ensemble.k == 0:
        return Product(*np.zeros((2, neurons, 0), dtype=np.float32))
    return Plastic(ensemble.k, ensemble.p, neurons)


@footprint.register
def _(ensemble: Hebbian, neurons: int) -> float:
    return 0.0


@state_footprint.register
def _(ensemble: Hebbian, neurons: int, dt: float) -> float:
    return memory_footprint(neurons, ensemble.p, dt) if ensemble.k else 0.0


@draw.register
def _(ensemble: RegionalHebbian, neurons: Neurons, rng: np.random.Generator) -> RegionalPlastic:
    return RegionalPlastic(ensemble.k, ensemble.p, sizes_of(neurons, ensemble.kinds))


@footprint.register
def _(ensemble: RegionalHebbian, neurons: Neurons) -> float:
    return 0.0


@state_footprint.register
def _(ensemble: RegionalHebbian, neurons: int, dt: float) -> float:
    return float(neurons * ensemble.kinds * memory_length(ensemble.p, dt))


@draw.register
def _(ensemble: DerivedEnsemble, neurons: int, rng: np.random.Generator) -> Operator:
    return draw_own(ensemble, neurons, rng)


@footprint.register
def _(ensemble: DerivedEnsemble, neurons: int) -> float:
    return own_footprint(ensemble, neurons)


@state_footprint.register
def _(ensemble: DerivedEnsemble, neurons: int, dt: float) -> float:
    return own_state_footprint(ensemble, neurons, dt)


def _check_size(ensemble: Matrix, neurons: int) -> None:
    own = len(ensemble.matrix)
    if neurons != own:
        reject("neurons", neurons, f"not the size {own} of the given matrix", f"give {own}")


def draw_sum(ensembles: Iterable, neurons: Neurons, seed: np.random.SeedSequence,
             dtype) -> Operator:
    """Draw each ensemble with its own child of `seed`, and add the operators.

    Fixed matrices are added to one matrix, and loadings are joined to one `Loadings`, in the order
    of the ensembles.

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
    """The low-rank part of an operator made by `draw_sum`, or None without one."""
    terms = operator.terms if isinstance(operator, Sum) else (operator,)
    return next((one for one in terms if isinstance(one, Loadings)), None)


def _reject_unknown(ensemble) -> NoReturn:
    reject("ensembles", ensemble, "no finite-N draw is registered for this ensemble",
           "register one with dmft.validation.couplings.draw.draw.register, and its footprint")

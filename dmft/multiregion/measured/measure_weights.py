"""measure_weights: low-rank part and disorder of a weight matrix, block by block."""

from __future__ import annotations

import warnings

import numpy as np

from ...base import checks
from ...base.errors import ResolutionWarning
from ...base.matrices import square_matrix
from .measured_currents import MeasuredCurrents
from .partition import partition
from .regional_weights import RegionalWeights
from .rest_tests import rest_of, rest_tests
from .spiked_block import SpikedBlock
from .tuning import LOADING_KURTOSIS, LOADING_SIGNIFICANCE, REST_LEVEL

TESTS = ("rows", "columns", "spectrum", "reciprocity")


def measure_weights(W, regions, rank: int = 1) -> RegionalWeights:
    """The measurement of `MultiregionNetwork.from_weights`, which documents it."""
    given = square_matrix("W", W)
    rank = checks.whole("rank", rank)
    if not np.any(given):
        checks.reject("W", given, "is zero", "give a matrix with couplings")
    order, sizes = partition(regions, len(given))
    if rank > min(sizes) // 2:
        checks.reject("rank", rank, f"too large for a region of {min(sizes)} units",
                      f"give at most {min(sizes) // 2}")
    matrix = given[np.ix_(order, order)]
    edges, R = np.cumsum((0, *sizes)), len(sizes)
    parts = {(mu, nu): matrix[edges[mu]:edges[mu + 1], edges[nu]:edges[nu + 1]]
             for mu in range(R) for nu in range(R)}
    blocks = {place: SpikedBlock.of(block) for place, block in parts.items()}
    rests = {place: rest_of(blocks[place], block) for place, block in parts.items()}
    tests = {place: rest_tests(blocks[place], rests[place], rests[place[::-1]],
                               place[0] == place[1]) for place in parts}

    def table(value) -> np.ndarray:
        return np.array([[value(blocks[mu, nu], tests[mu, nu]) for nu in range(R)]
                         for mu in range(R)])

    g = table(lambda block, test: block.g)
    g_stderr = table(lambda block, test: block.g * np.sqrt(
        max(test.kurtosis + 2, 0.0) / (4 * block.shape[0] * block.shape[1])))
    spikes = table(lambda block, test: len(block.strength))
    currents = MeasuredCurrents(blocks, sizes, rank)
    T, T_stderr, T_sampling = currents.overlaps()
    U, U_stderr = currents.receiving()
    T, U = currents.realisable(T, U)
    shape = (R, R, R) if rank == 1 else (R, R, rank, R, rank)
    m, n = currents.loadings()
    found = RegionalWeights(
        order=order, sizes=sizes, matrix=matrix, T=T.reshape(shape),
        T_stderr=T_stderr.reshape(shape), T_sampling=T_sampling.reshape(shape),
        U=U.reshape(shape), U_stderr=U_stderr.reshape(shape), g=g, g_stderr=g_stderr,
        strength=currents.y, strength_stderr=currents.y_stderr,
        threshold=table(lambda block, test: block.g * (block.shape[0] / block.shape[1]) ** 0.25),
        left_overlap=currents.c_left, right_overlap=currents.c_right, spikes=spikes,
        loading_kurtosis=currents.kurtosis(), m=m, n=n,
        **{name: table(lambda block, test, name=name: getattr(test, name))
           for name in (*TESTS, "correlation", "kurtosis")})
    _warn(found, rank)
    return found


def _warn(found: RegionalWeights, rank: int) -> None:
    """Warn of blocks without structure, with more of it, and of a rest that is not independent."""
    few = np.argwhere(found.spikes < rank)
    more = np.argwhere(found.spikes > rank)
    messages = []
    if len(few):
        messages.append(f"blocks {_places(few)} have fewer than {rank} singular values above those "
                        "of their disorder: currents below the threshold are taken as zero")
    if len(more):
        messages.append(f"blocks {_places(more)} have more singular values above those of their "
                        f"disorder, which are left out: give rank={int(np.max(found.spikes))}")
    limit = REST_LEVEL / (len(TESTS) * found.g.size)
    for name in TESTS:
        failed = np.argwhere(getattr(found, name) < limit)
        if len(failed):
            messages.append(f"the rest of blocks {_places(failed)} is not independent: test of "
                            f"{name}, p = {float(np.min(getattr(found, name))):.1g}")
    units = min(found.sizes)
    odd = (np.abs(found.loading_kurtosis) > LOADING_KURTOSIS) & (
        np.abs(found.loading_kurtosis) * np.minimum(found.left_overlap,
                                                    found.right_overlap)[..., None] ** 4
        > LOADING_SIGNIFICANCE * np.sqrt(24 / units))
    if np.any(odd):
        messages.append(f"loadings of blocks {_places(np.argwhere(np.any(odd, axis=(2, 3))))} are "
                        "not Gaussian, as the theory takes them to be")
    if messages:
        warnings.warn("weights: " + "; ".join(messages) + "; see .weights", ResolutionWarning,
                      stacklevel=4)


def _places(where: np.ndarray) -> str:
    shown = ", ".join(f"({mu}, {nu})" for mu, nu in where[:4])
    return shown + (f" and {len(where) - 4} more" if len(where) > 4 else "") + " (to, from)"

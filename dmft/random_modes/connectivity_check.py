"""Whether random modes with the measured overlaps respond like the matrix they were taken from."""

from __future__ import annotations

import warnings

import numpy as np
from scipy import linalg
from scipy.sparse.linalg import ArpackError, eigs

from ..base.errors import ResolutionWarning
from ..equations import fluctuations
from ..grids.order_parameters import Frequencies
from ..network.network import AnyNetwork
from .tuning import COMPARED_RESPONSE, MEMORY_DEVIATION, NOISE_DEVIATION, PROBE_VECTORS


def warn_if_modes_differ(matrix: np.ndarray, network: AnyNetwork) -> None:
    """Compare noise and memory with those of the linear network of the matrix, z phi = J phi + xi.

    This is done at a real z beyond the rightmost eigenvalue, by an LU decomposition and random
    vectors. Modes of nearly equal strengths have overlaps between all their pairs, and reciprocity
    of unstructured couplings is not an overlap of single modes; a network with the overlaps of
    single modes lacks both.

    Warns
    -----
    ResolutionWarning
        Where the noise differs by more than half, or the memory times the response by 0.05.
    """
    N = len(matrix)
    z = COMPARED_RESPONSE * max(_rightmost(matrix), float(np.sqrt(np.sum(matrix**2) / N)))
    probes = np.random.default_rng(0).choice([-1.0, 1.0], size=(N, PROBE_VECTORS))
    answers = linalg.lu_solve(linalg.lu_factor(z * np.eye(N) - matrix, overwrite_a=True,
                                               check_finite=False), probes, check_finite=False)
    S = float(np.sum(probes * answers)) / (N * PROBE_VECTORS)
    h = float(np.sum(answers**2)) / (N * PROBE_VECTORS)
    noise = float(fluctuations.resolvent_noise(1.0, S, h))
    memory = float(fluctuations.resolvent_memory(z, S))
    at = Frequencies(np.zeros(1), np.ones(1), np.array([S + 0j]))
    own_noise = float(sum(one.noise(at)[0][0] for one in network.ensembles))  # type: ignore
    own_memory = float(sum(one.memory(at)[0].real for one in network.ensembles))  # type: ignore
    noise_differs = abs(own_noise / noise - 1) > NOISE_DEVIATION
    if noise_differs or abs(own_memory - memory) * S > MEMORY_DEVIATION:
        warnings.warn(
            "the overlaps of single modes do not account for the matrix: at the response "
            f"{S:.3g} they give the noise {own_noise:.3g} and the memory {own_memory:.3g}, the "
            f"matrix {noise:.3g} and {memory:.3g}; use dmft.rotated_network(J), which includes "
            "all pairs of modes", ResolutionWarning, stacklevel=3)


def _rightmost(matrix: np.ndarray) -> float:
    """Largest real part of the eigenvalues."""
    if len(matrix) < 200:
        return float(np.max(linalg.eigvals(matrix).real))
    try:
        found = eigs(matrix, k=1, which="LR", v0=np.ones(len(matrix)), tol=1e-3,
                     return_eigenvectors=False)
    except ArpackError as error:
        found = getattr(error, "eigenvalues", np.zeros(1))
    return float(np.max(found.real, initial=0.0))

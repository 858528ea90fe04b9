"""Whether random modes with the measured overlaps respond as the matrix that they are read from."""

from __future__ import annotations

import warnings

import numpy as np
from scipy import linalg
from scipy.sparse.linalg import ArpackError, eigs

from ..base.errors import ResolutionWarning
from ..equations import fluctuations
from ..grids.order_parameters import Frequencies
from ..network.network import AnyNetwork

BEYOND = 1.3  # of the rightmost eigenvalue: where the linear network is looked at
PROBES = 64
NOISE, MEMORY = 0.5, 0.05  # deviations, relative, of the noise and of memory times response


def warn_where_modes_differ(matrix: np.ndarray, network: AnyNetwork) -> None:
    """Compare noise and memory with those of the matrix' linear network, z phi = J phi + xi.

    At a real z beyond the rightmost eigenvalue, by an LU decomposition and random vectors: modes
    of nearly equal strengths share their overlaps among all pairs, and reciprocity of unstructured
    couplings is no overlap of single modes; both are then missing in the network.

    Warns
    -----
    ResolutionWarning
        Where they differ by more than half, or the memory by 0.05 of the unit's own response.
    """
    N = len(matrix)
    z = BEYOND * max(_rightmost(matrix), float(np.sqrt(np.sum(matrix**2) / N)))
    probes = np.random.default_rng(0).choice([-1.0, 1.0], size=(N, PROBES))
    answers = linalg.lu_solve(linalg.lu_factor(z * np.eye(N) - matrix, overwrite_a=True,
                                               check_finite=False), probes, check_finite=False)
    S = float(np.sum(probes * answers)) / (N * PROBES)
    h = float(np.sum(answers**2)) / (N * PROBES)
    noise = float(fluctuations.resolvent_noise(1.0, S, h))
    memory = float(fluctuations.resolvent_memory(z, S))
    at = Frequencies(np.zeros(1), np.ones(1), np.array([S + 0j]))
    own_noise = float(sum(one.noise(at)[0][0] for one in network.ensembles))  # type: ignore
    own_memory = float(sum(one.memory(at)[0].real for one in network.ensembles))  # type: ignore
    if abs(own_noise / noise - 1) > NOISE or abs(own_memory - memory) * S > MEMORY:
        warnings.warn(
            f"the modes' own overlaps do not account for the matrix: at the response {S:.3g} they "
            f"make the noise {own_noise:.3g} and the memory {own_memory:.3g}, the matrix "
            f"{noise:.3g} and {memory:.3g}; use dmft.rotated_network(J), which takes every "
            "pair of modes in", ResolutionWarning, stacklevel=3)


def _rightmost(matrix: np.ndarray) -> float:
    """Largest real part of an eigenvalue."""
    if len(matrix) < 200:
        return float(np.max(linalg.eigvals(matrix).real))
    try:
        found = eigs(matrix, k=1, which="LR", v0=np.ones(len(matrix)), tol=1e-3,
                     return_eigenvectors=False)
    except ArpackError as error:
        found = getattr(error, "eigenvalues", np.zeros(1))
    return float(np.max(found.real, initial=0.0))

"""Growth of perturbations of the populations' means, and the slowest mode of the whole map."""

from __future__ import annotations

import numpy as np
from scipy import linalg
from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigs

from ..network.populations import Population
from .population_map import LinearisedPopulationMap, PopulationMap


def mean_growth(populations: tuple[Population, ...], feedback: np.ndarray) -> float:
    """Largest growth rate of m_a = H_a(s) sum_b feedback_ab m_b.

    feedback_ab = mean_ab <phi'_b>. With one response for all it is that of the fastest mode of an
    eigenvalue of the feedback; with different ones, the largest eigenvalue of the joint state
    space. NaN for different units with delays or in discrete time.
    """
    units = [one.unit for one in populations]
    if all(one == units[0] for one in units):
        return float(np.max(units[0].fastest_modes(np.linalg.eigvals(feedback)).real))
    if any(one.delay or one.time_step is not None for one in units):
        return np.nan
    own = [one.state_space for one in units]
    A = linalg.block_diag(*(one.A for one in own))
    B = linalg.block_diag(*(one.B[:, None] for one in own))
    C = linalg.block_diag(*(one.C[None] for one in own))
    return float(np.max(np.linalg.eigvals(A + B @ feedback @ C).real))


def slowest_mode(step: PopulationMap, state: np.ndarray) -> float:
    """Largest real eigenvalue of the derivative of the map."""
    derivative, n = LinearisedPopulationMap(step, state), len(state)
    if not np.any(derivative(np.ones(n))):  # saturated units: nothing responds
        return 0.0
    start = np.append(np.repeat(np.maximum(step.split(state)[0][:, :1], 1e-6),
                                len(step.lags) + 1, axis=1).ravel(), np.ones(step.R))
    try:
        values = eigs(LinearOperator((n, n), matvec=derivative, dtype=float), k=min(4, n - 2),
                      which="LR", v0=start, tol=1e-6, return_eigenvectors=False)
    except ArpackNoConvergence as found:
        values = found.eigenvalues
    real = values[np.abs(values.imag) < 1e-8 * np.maximum(np.abs(values.real), 1.0)].real
    return float(np.max(real, initial=-np.inf))

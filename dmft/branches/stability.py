"""Whether a solution at fixed amplitude is stable to an iteration at fixed parameters."""

from __future__ import annotations

import numpy as np

from ..path_iteration.solution_errors import LinearResponse
from .fixed_amplitude_map import BorderedDerivative
from .tuning import NEUTRAL_EIGENVALUE


def is_stable(eigenvalue: float) -> bool | None:
    """Whether the largest eigenvalue is below one; None where it is too near one to tell."""
    if abs(eigenvalue - 1) < NEUTRAL_EIGENVALUE:
        return None
    return eigenvalue < 1


def largest_eigenvalue(derivative: BorderedDerivative, response: LinearResponse) -> float:
    """Largest real part of the eigenvalues of G' by the statistics, at fixed parameter.

    G' is J + E Q', J that of the surrogate and E = G'Q - JQ as probed. Its eigenvalues other than
    zero are those of the small matrix that takes what J and E are known by, (R, Q'), to itself.

    Parameters
    ----------
    derivative : BorderedDerivative
    response : LinearResponse
        Of the map at fixed amplitude, with `derivative`.
    """
    scale = response.scale[:, None]
    Y, own = response.Y * scale, derivative.own
    E, Q = (Y - derivative.times(Y))[:-1], (response.Q / scale)[:-1]
    columns, places = own.columns, own.places
    small = np.block([[columns[places], E[places]], [Q.T @ columns, Q.T @ E]])
    return float(np.linalg.eigvals(small).real.max())

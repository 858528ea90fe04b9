"""dimension: the participation ratio of the covariance of activity, per neuron."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..base import checks
from ..base.annotations import Observable
from ..base.errors import ConvergenceError
from ..base.estimate import Estimate
from ..base.long_call import long_call
from ..stationary.solution import Solution
from .four_point import over_replicates
from .pair_quadrature import check_solution, pair_quadrature
from .site_spectra import OBSERVABLES
from .tuning import DIMENSION_EXCESS


@dataclass(frozen=True, eq=False, repr=False)
class Dimension(Estimate):
    """The dimension per neuron, an `Estimate` that can be used as a number.

    Parameters
    ----------
    value, stderr : float
        PR / N, and its standard error (0 unless the solution was sampled).
    error : float
        Relative error of the quadrature, from its change in the last refinement.
    of : "phi" or "x"
        Observable: the outputs phi or the inputs x of the neurons.
    z_scored : bool
        Whether the activity of each neuron was divided by its standard deviation.
    frequencies : int
        Number of frequencies of the quadrature.

    Examples
    --------
    >>> import dmft
    >>> found = dmft.dimension(dmft.solve(dmft.RandomNetwork(g=2.0, phi=dmft.erf)), of="x")
    >>> round(float(found), 6), found.of, bool(found.error < 1e-6)
    (0.018199, 'x', True)
    """

    error: float = 0.0
    of: Observable = "phi"
    z_scored: bool = False
    frequencies: int = 0


def dimension(solution: Solution, of: Observable = "phi", z_scored: bool = False,
              tol: float = 1e-7, progress: bool | None = None) -> Dimension:
    """Dimension of activity, the participation ratio of the equal-time covariance, per neuron.

    PR / N = (tr C)^2 / (N tr C^2), which is C(0)^2 / (C(0)^2 + Psi(0, 0)) for homogeneous networks,
    with Psi the four-point function of pairs. Each of the N^2 covariances fluctuates by a term of
    order N^(-1/2), and together they contribute at leading order (Clark, Abbott & Litwin-Kumar
    2023, the dimension of activity; Clark et al. 2025 for structured connectivity).

    Parameters
    ----------
    solution : Solution
        Stationary solution with activity and without a static part.
    of : "phi" or "x"
        Observable: the outputs phi or the inputs x of the neurons.
    z_scored : bool
        Whether to divide the activity of each neuron by its standard deviation (that of the
        theory). Without gains this changes nothing.
    tol : float
        Relative tolerance of the quadrature, from 1e-12 to 1e-2.
    progress : bool, optional
        Show a bar on stderr from the first second on; by default in terminals and notebooks only.

    Returns
    -------
    Dimension
        Can be used as a number; with `.stderr` for a sampled solution, and `.error`.

    Raises
    ------
    ModelError
        For a solution without activity or with a static part, or with lags that are too short or
        too coarse.
    ConvergenceError
        If the quadrature does not converge, or the solution is not accurate enough.

    Examples
    --------
    >>> import dmft
    >>> solution = dmft.solve(dmft.RandomNetwork(g=2.0, phi=dmft.erf))
    >>> round(float(dimension(solution)), 8), round(float(dimension(solution, of="x")), 8)
    (0.02301369, 0.01819936)
    """
    check_solution(solution)
    checks.one_of("of", of, OBSERVABLES)
    checks.flag("z_scored", z_scored)
    tol = checks.within("tol", tol, 1e-12, 1e-2)
    errors = []

    def ratio(one: Solution, tol: float, size: int | None) -> tuple[np.ndarray, int]:
        found = pair_quadrature(one, of, 0.0, 0.0, z_scored=z_scored, tol=tol, size=size)
        errors.append(found.error)
        return np.asarray(found.mean**2 / (found.own + found.value[0])), found.size

    with long_call("dimension", progress, None):
        value, stderr, size = over_replicates(solution, ratio, tol)
    if not 0 < float(value) < 1 + max(5 * float(stderr), DIMENSION_EXCESS):
        raise ConvergenceError(f"the dimension per neuron is {float(value):.4g}, outside the "
                               "possible range from 0 to 1: the solution is not accurate enough; "
                               "solve with a longer span, a smaller dt or a smaller tol")
    return Dimension(value, stderr, errors[0], of, z_scored, size)

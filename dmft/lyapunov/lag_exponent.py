"""The exponent of Gaussian paths of any unit: self-consistent growth on the grid of lags.

A perturbation exp(rate t) y has a correlation f = <y y> that obeys f = |H(omega - i rate)|^2 FT[G
<phi' phi'>(tau) f(tau)]. The map of f is linear and decreases with the rate; the exponent is the
rate at which its largest eigenvalue is one. For the leaky unit this is the Schroedinger problem.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse.linalg import LinearOperator, eigsh

from ..averages.gaussian_averages import averages_at
from ..ensembles.properties import total_gain
from ..grids.lags import Lags
from ..network.network import unit_of
from ..stationary.solution import Solution
from ..units.unit import Unit
from .growth_root import growth_root
from .tuning import EIGENVALUE_TOL


def lag_exponent(solution: Solution) -> tuple[float, tuple[tuple[int, float], ...]]:
    """lambda_max, and its values on fewer lags and on all of them.

    The coarser grid has half the span, and in continuous time twice the step.

    Raises
    ------
    ConvergenceError
        If no rate has an eigenvalue of one.
    """
    network, lags = solution.network, solution.lags
    unit, gain = unit_of(network), total_gain(network)
    Delta = solution.C_x.value
    slopes = gain * averages_at(network.phi, float(Delta[0])).slope(Delta)
    stride = 1 if unit.time_step is not None else 2
    half = (len(lags) - 1) // (2 * stride) * stride
    coarse = Lags(half * lags.dt, stride * lags.dt)
    rough = _rate(unit, coarse, slopes[:half + 1:stride], None)
    found = _rate(unit, lags, slopes, rough)
    return found, ((len(coarse), rough), (len(lags), found))


def _rate(unit: Unit, lags: Lags, slopes: np.ndarray, guess: float | None) -> float:
    """The rate at which the largest eigenvalue is one."""
    # DCT-I weights its ends by one half: with these roots the operator is symmetric.
    ends = np.ones(len(lags))
    ends[[0, -1]] = np.sqrt(0.5)
    last: np.ndarray | None = None

    def excess(rate: float) -> float:
        nonlocal last
        H = unit.response(lags.omega - 1j * rate)
        root = np.sqrt(H.real**2 + H.imag**2)

        def grown(vector: np.ndarray) -> np.ndarray:
            passed = slopes * lags.correlation(root * (vector.ravel() / ends))
            return ends * root * lags.spectrum(passed)

        size = len(lags)
        start = ends * root if last is None else last
        values, vectors = eigsh(LinearOperator((size, size), matvec=grown, dtype=float), k=1,
                                which="LA", v0=start, tol=EIGENVALUE_TOL)
        last = vectors[:, 0]
        return float(np.log(max(float(values[0]), 1e-300)))

    return growth_root(excess, float(np.max(unit.rates.real)), guess)

"""The quiescent and static states of a network without noise, and their stability."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse.linalg import LinearOperator, eigs

from ..averages.gaussian_averages import averages_at, mean_square
from ..base.errors import ModelError
from ..equations import linear_response
from ..network.network import AnyNetwork
from ..network.structure import may_be_quiescent
from ..stationary.self_consistent_map import SelfConsistentMap, static_variance, unit_grid
from ..stationary.variance_bound import variance_bound
from .local_approximation import LocalApproximation, without_activity
from .tuning import (
    GAIN_GRID,
    GAIN_PEAK_WIDTH,
    GROWTH_DECAY,
    GROWTH_KRYLOV,
    GROWTH_ROUNDING,
    GROWTH_TOL,
    LARGE_VARIANCE,
    NOISE_PROBE,
    STATIC_COLLAPSE,
    STATIC_ITERATIONS,
    STATIC_ROUNDING,
)


@dataclass(frozen=True)
class ConstantState:
    """A state in which x is constant in time, with the growth of its fluctuations.

    Parameters
    ----------
    total : float
        Variance of x over the units; 0 for the quiescent state.
    growth : float
        Largest factor, over all frequencies, by which the map multiplies a small fluctuating part
        of Delta. The state is stable where it is below 1.
    frequency : float
        The frequency of this largest factor.
    error : float
        Numerical error of `growth`.
    """

    total: float
    growth: float
    frequency: float

    error: float

    @property
    def stable(self) -> bool:
        """Whether all fluctuations decay."""
        return self.growth < 1

    @property
    def marginal(self) -> bool:
        """Whether the growth differs from 1 by no more than its numerical error."""
        return abs(self.growth - 1) <= self.error

    @property
    def name(self) -> str:
        """The branch."""
        return "static" if self.total > 0 else "quiescent"

    def __str__(self) -> str:
        return (f"the {self.name} state is {'stable' if self.stable else 'unstable'} (fluctuations "
                f"at frequency {self.frequency:.3g} are multiplied by {self.growth:.6g})")


def quiescent_state(network: AnyNetwork, local: LocalApproximation) -> ConstantState | None:
    """The state x = 0; None where noise, bias or phi(0) exclude it."""
    if not may_be_quiescent(network):
        return None
    return _with_stability(network, local, 0.0)


def largest_constant_state(network: AnyNetwork,
                           local: LocalApproximation) -> ConstantState | None:
    """The constant state of largest variance; None where the variance grows without bound."""
    try:
        bound = variance_bound(local.static_problem(network))
    except ModelError:
        return None
    if not bound.static:
        return None
    total = bound.variance
    if not local.proportional:
        found = _iterated(network, max(total, LARGE_VARIANCE))
        if found is None:
            return None
        total = found
    return _with_stability(network, local, total)


def _iterated(network: AnyNetwork, total: float) -> float | None:
    """The static variance by iteration from above, for noise that is not linear in C."""
    step = SelfConsistentMap(network, unit_grid(network, GAIN_GRID))
    start = total
    for _ in range(STATIC_ITERATIONS):
        before = total
        order = without_activity(step, mean_square(network.phi, before))
        total = step.noise(order)[1] * step.unit.static_gain**2 + static_variance(network)
        if total <= STATIC_COLLAPSE * start:
            return 0.0
        if not np.isfinite(total) or total > 1e3 * start:
            return None
        if abs(total - before) <= STATIC_ROUNDING * total:
            return total
    return None


def _with_stability(network: AnyNetwork, local: LocalApproximation, total: float) -> ConstantState:
    slope = float(averages_at(network.phi, total).slope(total))
    if local.proportional:
        error = GROWTH_ROUNDING if local.peak == 0 else GAIN_PEAK_WIDTH**2
        return ConstantState(total, local.gain * slope, local.peak, error)
    growth, frequency = _largest_growth(network, total, slope)
    return ConstantState(total, growth, frequency, GROWTH_TOL)


def _largest_growth(network: AnyNetwork, total: float, slope: float) -> tuple[float, float]:
    """Largest eigenvalue of the linearised map, and the main frequency of its eigenvector.

    For noise at one frequency that depends on C at others, fluctuations of one frequency are
    not eigenvectors.
    """
    lags = unit_grid(network, GAIN_GRID)
    step = SelfConsistentMap(network, lags)
    C0 = mean_square(network.phi, total) if total else 0.0
    order = without_activity(step, C0)
    before = step.noise(order)[0]

    def grown(C: np.ndarray) -> np.ndarray:
        h = NOISE_PROBE * (C0 or 1.0) / max(float(np.max(np.abs(C))), 1e-300)
        after = step.noise(replace(order, C=h * C))[0]
        return slope * step.filtered((after - before) / h, 0.0)[:-1]

    n = len(lags)
    start = linear_response.response(lags.tau / GROWTH_DECAY)
    values, vectors = eigs(LinearOperator((n, n), matvec=grown, dtype=float), k=1, which="LR",
                           v0=start, tol=GROWTH_TOL, ncv=GROWTH_KRYLOV)
    at = int(np.argmax(np.abs(lags.spectrum(vectors[:, 0].real))))
    return float(values[0].real), float(lags.omega[at])

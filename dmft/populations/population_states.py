"""PopulationStates: the roots of the mean equations, each with its correlations and stability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from ..base import checks
from ..base.array_data import ArrayData
from ..base.convergence import Check, Convergence
from ..grids.lags import Lags
from ..plots.groups import ShownGroups, ShownStates


@dataclass(frozen=True, eq=False)
class PopulationState(ArrayData, ShownGroups):
    """One stationary state of a network of R populations.

    Parameters
    ----------
    rates : (R,) array
        Mean outputs <phi(x)>; those of sampled paths have the relative standard error `error`.
    means : (R,) array
        Means of x over the units and over time.
    variance, static_variance : (R,) arrays
        Variance of x, and its part that is constant in time (differences between units).
    gains : (R,) array
        <phi'(x)>.
    branch : tuple of str
        Of each population: "static" (constant in time), "chaotic", or "driven" (by white noise).
    growth_rate : float
        Largest growth rate of perturbations of the means, with the variances as they are; NaN where
        it is not known (units with different delays).
    slowest : float
        Largest real eigenvalue of the map of means and variances at zero frequency: above 1 the
        state is unstable, and 1 is a fold.
    lags : Lags
        Grid of lags.
    C_x, C_phi : (R, n) arrays
        Covariance of x over units and time, and <phi phi> (not centred), at the lags.
    C_x_static, C_phi_static : (R,) arrays
        Their limits at infinite lag.
    residual : float
        Largest change of the state under the map, relative to its largest entry.
    error : float
        Relative standard error of the averages, where paths were sampled.

    Examples
    --------
    >>> import dmft
    >>> states = dmft.solve(dmft.PopulationNetwork(mean=[[2.0]], g=0.2))
    >>> [(round(float(one.rates[0]), 2), one.stable) for one in states]
    [(-0.95, True), (0.95, True), (0.0, False)]
    """

    group: ClassVar[str] = "population"
    rates: np.ndarray
    means: np.ndarray
    variance: np.ndarray
    static_variance: np.ndarray
    gains: np.ndarray
    branch: tuple[str, ...]
    growth_rate: float
    slowest: float
    lags: Lags
    C_x: np.ndarray
    C_phi: np.ndarray
    C_x_static: np.ndarray
    C_phi_static: np.ndarray
    residual: float
    error: float = 0.0

    def __post_init__(self):
        self._freeze()

    @property
    def stable(self) -> bool:
        """Whether perturbations of the means decay, and those of zero frequency of the variances
        too. Oscillations in which means and variances take part are not tested.
        """
        return self.slowest < 1 and not self.growth_rate > 0

    def __repr__(self) -> str:
        sampled = f", standard error {self.error:.1%}" if self.error else ""
        return (f"PopulationState({'stable' if self.stable else 'unstable'}, rates "
                f"{_short(np.round(self.rates, 4) + 0.0)}, {'/'.join(self.branch)}, variance "
                f"{_short(self.variance)}{sampled})")


def _short(values: np.ndarray) -> str:
    return "[" + ", ".join(f"{float(one):.4g}" for one in values) + "]"


@dataclass(frozen=True, eq=False)
class PopulationStates(ShownStates[PopulationState]):
    """Sequence of the states that were found, stable ones first.

    Parameters
    ----------
    network : Network
        The network that was solved.
    states : tuple of PopulationState
        Different roots of the mean equations.
    starts : int
        Number of starts of the search.
    convergence : Convergence
        The checks of the states.

    Examples
    --------
    >>> import dmft
    >>> states = dmft.solve(dmft.PopulationNetwork(mean=[[2.0]], g=0.2))
    >>> len(states), len(states.stable)
    (3, 2)
    """

    network: Any
    states: tuple[PopulationState, ...]
    starts: int
    convergence: Convergence

    def only(self, index: int) -> PopulationStates:
        """One of the states alone, for functions that take one, such as `lyapunov_exponent`."""
        if checks.whole("index", index, 0) >= len(self):
            checks.reject("index", index, f"there are {len(self)} states",
                          f"give an integer from 0 to {len(self) - 1}")
        return replace(self, states=(self[index],))

    def __repr__(self) -> str:
        lines = [f"PopulationStates({self.network!r}: {len(self)} state{'s' * (len(self) != 1)} "
                 f"from {self.starts} starts, converged={self.convergence.success})"]
        return "\n  ".join([*lines, *(repr(one) for one in self.states)])


def stable_state_check(states: Sequence[PopulationState]) -> Check:
    """That a search found a stable state: if it did not, the network is in none of these states."""
    unstable = float(not any(one.stable for one in states))
    return Check("unstable", unstable, 0.0, "no state that was found is stable: activity goes to "
                 "a state that the search missed, or to means that change in time; simulate the "
                 "network with dmft.validation.simulate", resolution=True)

"""Strengths of plasticity above which fixed points exist, are stable, or are very numerous."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import optimize

from ..base import checks
from ..network.nonlinearity import Nonlinearity, tanh
from .complexity import most_numerous
from .fixed_point_families import outer_family, stability
from .fixed_point_site import FixedPointSite, check_sigmoid
from .tuning import ABSENT_GROWTH_RATE, HIGHEST_ONSET, LOWEST_ONSET, ONSET_WIDTH


def fixed_point_onset(g: float, phi: Nonlinearity = tanh) -> float:
    """The k above which stable fixed points are exponentially many: max over C of Sigma is zero.

    The synaptic time constant p has no influence: fixed points do not depend on it, nor, for
    k > 0, does their stability.

    Parameters
    ----------
    g : float
        Strength of the random couplings, above 0.
    phi : Nonlinearity
        An odd sigmoid.

    Returns
    -------
    float

    Raises
    ------
    ModelError
        For g not above 0, or another phi.

    Examples
    --------
    >>> round(fixed_point_onset(1.5), 2)
    1.24
    """
    checks.positive("g", g)
    bound = check_sigmoid(phi) ** 2
    least = 1 / (bound * phi.slope_at_zero)  # for smaller k no unit has several roots

    def sigma(k: float) -> float:
        return max(most_numerous(g, k, phi).sigma, ABSENT_GROWTH_RATE)

    high = 1.5 * least
    while sigma(high) < 0:
        high *= 1.5
    low = high / 1.5
    return float(optimize.brentq(sigma, max(low, least * (1 + 1e-9)), high, xtol=1e-8))


def active_family_onset(g: float, phi: Nonlinearity = tanh, *, stable: bool = False,
                        width: float = ONSET_WIDTH) -> float:
    """The k above which fixed points exist at which all units occupy the single or outer root.

    x = eta + k C phi(x), C = <phi^2> above 0, eta Gaussian with variance g^2 C (Clark & Abbott
    2024, self-consistent families of fixed points).

    Parameters
    ----------
    g : float
        Strength of the random couplings, above 0.
    phi : Nonlinearity
        An odd sigmoid.
    stable : bool
        Require also that the family of largest C has q < 1, the condition for stability against
        static perturbations.
    width : float
        Width of the final bracket of k, which is bisected; above 0.

    Returns
    -------
    float
        NaN where the family exists at every k, or at no k up to where units are saturated.

    Raises
    ------
    ModelError
        For g or width not above 0, or another phi.

    Examples
    --------
    >>> round(active_family_onset(0.8), 1)
    1.5
    """
    checks.positive("g", g)
    checks.positive("width", width)
    checks.flag("stable", stable)
    bound = check_sigmoid(phi) ** 2
    scale = 1 / (bound * phi.slope_at_zero)

    def exists(k: float) -> bool:
        found = outer_family(g, k, phi, bound)
        if not stable:
            return bool(found)
        return bool(found) and stability(FixedPointSite(g, k, phi, max(found)), 1.0) < 1

    return _first(exists, LOWEST_ONSET * scale, HIGHEST_ONSET * scale, width)


def _first(exists: Callable[[float], bool], low: float, high: float, width: float) -> float:
    """Where a condition begins to hold, by bisection; NaN if it holds at `low` or not at `high`."""
    if exists(low) or not exists(high):
        return np.nan
    while high - low > width:
        middle = (low + high) / 2
        low, high = (low, middle) if exists(middle) else (middle, high)
    return (low + high) / 2

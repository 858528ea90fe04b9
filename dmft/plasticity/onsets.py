"""Strengths of plasticity from which on fixed points exist, are stable, or are very many."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import optimize

from ..base import checks
from ..network.nonlinearity import Nonlinearity, tanh
from .complexity import NONE, most_numerous
from .families import outer_family, stability
from .fixed_point_site import RestingSite, check_sigmoid

WIDTH = 1e-2  # to which the onset of a family is halved
LOWEST, HIGHEST = 0.05, 2.45  # k phi'(0), times the bound of phi, between which it is sought


def fixed_point_onset(g: float, phi: Nonlinearity = tanh) -> float:
    """The k above which stable fixed points are exponentially many: Sigma = 0 at its maximum.

    The time constant p of the synapses does not matter: it moves no fixed point, and for k > 0
    does not change whether one is stable.

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
    least = 1 / (bound * phi.slope_at_zero)  # below it no unit has several roots

    def sigma(k: float) -> float:
        return max(most_numerous(g, k, phi).sigma, NONE)

    high = 1.5 * least
    while sigma(high) < 0:
        high *= 1.5
    low = high / 1.5
    return float(optimize.brentq(sigma, max(low, least * (1 + 1e-9)), high, xtol=1e-8))


def active_family_onset(g: float, phi: Nonlinearity = tanh, *, stable: bool = False,
                        width: float = WIDTH) -> float:
    """The k above which fixed points exist at which all units take the single or outer root.

    x = eta + k C phi(x), C = <phi^2> above 0, eta Gaussian of variance g^2 C (Clark & Abbott 2024,
    self-consistent families of fixed points).

    Parameters
    ----------
    g : float
        Strength of the random couplings, above 0.
    phi : Nonlinearity
        An odd sigmoid.
    stable : bool
        Whether the family, at its largest C, must also have q < 1, the condition for stability
        against static perturbations.
    width : float
        To which the onset is halved.

    Returns
    -------
    float
        NaN where the family exists at every k, or at none up to where units are saturated.

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
    bound = check_sigmoid(phi) ** 2
    scale = 1 / (bound * phi.slope_at_zero)

    def there(k: float) -> bool:
        found = outer_family(g, k, phi, bound)
        if not stable:
            return bool(found)
        return bool(found) and stability(RestingSite(g, k, phi, max(found)), 1.0) < 1

    return _first(there, LOWEST * scale, HIGHEST * scale, width)


def _first(there: Callable[[float], bool], low: float, high: float, width: float) -> float:
    """Where a condition begins to hold, by halving; NaN if it holds at `low`, or not at `high`."""
    if there(low) or not there(high):
        return np.nan
    while high - low > width:
        middle = (low + high) / 2
        low, high = (low, middle) if there(middle) else (middle, high)
    return (low + high) / 2

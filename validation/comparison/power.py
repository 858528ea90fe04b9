"""Multiple t tests with Holm's correction, and the smallest deviation that they detect."""

from __future__ import annotations

import numpy as np
from scipy import special

from .tuning import BISECTIONS


def two_sided_t_test(deviation: np.ndarray, stderr: np.ndarray,
                     dof: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The statistic deviation/stderr and its two-sided p value by Student's t distribution.

    For a standard error of 0, the statistic of a deviation of 0 is 0, and infinite otherwise.
    """
    infinite = np.where(deviation == 0, 0.0, np.copysign(np.inf, deviation))
    t = np.divide(deviation, stderr, out=infinite, where=stderr > 0)
    return t, 2 * special.stdtr(dof, -np.abs(t))


def holm(p: np.ndarray) -> np.ndarray:
    """p values adjusted for multiple tests by Holm's step-down method, in the same shape."""
    flat = np.ravel(p)
    order = np.argsort(flat)
    stepped = np.maximum.accumulate(flat[order] * np.arange(flat.size, 0, -1))
    out = np.empty_like(flat)
    out[order] = np.minimum(1.0, stepped)
    return out.reshape(np.shape(p))


def detectable_deviation(dof: np.ndarray, alpha: float, power: float) -> np.ndarray:
    """True deviation, in standard errors, that a two-sided t test detects with this power.

    This is the noncentrality d at which P(t' > t_crit) = power, where the other tail is negligible,
    found by bisection of the noncentral t distribution.

    Parameters
    ----------
    dof : array
        Degrees of freedom.
    alpha : float
        Level of a single test.
    power : float
        Power of the test, from 0.5 to 0.999.
    """
    dof = np.asarray(dof, dtype=float)
    critical = -special.stdtrit(dof, alpha / 2)
    low, high = np.zeros_like(critical), 4 * critical + 20
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        missed = special.nctdtr(dof, middle, critical) > 1 - power
        low, high = np.where(missed, middle, low), np.where(missed, high, middle)
    return (low + high) / 2

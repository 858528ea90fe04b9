"""Tests of many deviations at once, and the smallest deviation that they would catch."""

from __future__ import annotations

import numpy as np
from scipy import special


def two_sided(deviation: np.ndarray, stderr: np.ndarray,
              dof: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The statistic deviation/stderr and its two-sided p value by Student's t.

    Without scatter a deviation of 0 has statistic 0, any other has an infinite one.
    """
    infinite = np.where(deviation == 0, 0.0, np.copysign(np.inf, deviation))
    t = np.divide(deviation, stderr, out=infinite, where=stderr > 0)
    return t, 2 * special.stdtr(dof, -np.abs(t))


def holm(p: np.ndarray) -> np.ndarray:
    """p values adjusted for multiplicity by Holm's step-down rule, of the shape given."""
    flat = np.ravel(p)
    order = np.argsort(flat)
    stepped = np.maximum.accumulate(flat[order] * np.arange(flat.size, 0, -1))
    out = np.empty_like(flat)
    out[order] = np.minimum(1.0, stepped)
    return out.reshape(np.shape(p))


def detectable(dof: np.ndarray, alpha: float, power: float) -> np.ndarray:
    """True deviation, in standard errors, that a two-sided t test catches with this power.

    The noncentrality d at which P(t' > t_crit) = power; the other tail is negligible. Found by
    bisection of the noncentral t distribution.

    Parameters
    ----------
    dof : array
        Degrees of freedom.
    alpha : float
        Level of the one test.
    power : float
        From 0.5 to 0.999.
    """
    dof = np.asarray(dof, dtype=float)
    critical = -special.stdtrit(dof, alpha / 2)
    low, high = np.zeros_like(critical), 4 * critical + 20
    for _ in range(60):
        middle = (low + high) / 2
        missed = special.nctdtr(dof, middle, critical) > 1 - power
        low, high = np.where(missed, middle, low), np.where(missed, high, middle)
    return (low + high) / 2

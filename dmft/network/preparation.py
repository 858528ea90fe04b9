"""Preparation: the initial condition of a solve in time, or of its simulation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..base import checks
from .network import AnyNetwork
from .structure import structure
from .tuning import LARGEST_START


@dataclass(frozen=True, eq=False)
class Preparation:
    """Initial condition x(0) = sum m z0 + N(m0, v0), checked.

    Parameters
    ----------
    z0 : (P,) array
        Filtered currents at t = 0.
    v0 : (R,) array
        Variance of x(0) of each region, besides the part of the currents.
    m0 : (R,) array or None
        Mean of x(0); None for zero.
    """

    z0: np.ndarray
    v0: np.ndarray
    m0: np.ndarray | None = None

    @property
    def means(self) -> np.ndarray:
        """(R,) m0, or zeros."""
        return np.zeros_like(self.v0) if self.m0 is None else self.m0


def prepared(network: AnyNetwork, currents, variance, mean=None) -> Preparation:
    """The preparation from the arguments of `solve`.

    Parameters
    ----------
    network : AnyNetwork
    currents : array or None
        Filtered currents at t = 0, in the shape of the network; None if there are none.
    variance : float, (R,) array or None
        Variance of x(0); 1 by default.
    mean : float, (R,) array or None
        Mean of x(0); 0 by default.

    Raises
    ------
    ModelError
        For wrong shapes, numbers that are not finite, negative variances, or missing currents.
    """
    own = structure(network)
    shape = own.current_shape
    if currents is None:
        if own.currents and not own.inputs:
            checks.reject("currents", None, "missing: with zero currents at t=0 they stay zero",
                          f"give the filtered currents at t=0, an array of shape {shape}")
        z0 = np.zeros(shape)
    elif own.currents == 0:
        checks.reject("currents", currents, "the network has no low-rank couplings",
                      "give mean=..., the mean of x(0) in each population" if own.drift
                      else "leave it out")
    else:
        z0 = checks.finite_array("currents", currents)
        if z0.shape != shape:
            checks.reject("currents", z0.shape, f"not of shape {shape}",
                          "give the filtered currents at t=0 in this shape")
    v0 = _of_each("variance", 1.0 if variance is None else variance, own.kinds)
    if np.any(v0 < 0):
        checks.reject("variance", v0.tolist(), "negative", "give numbers of 0 or above")
    m0 = None if mean is None else _of_each("mean", mean, own.kinds)
    for name, start in (("currents", z0), ("variance", v0), ("mean", m0)):
        if start is not None and np.max(np.abs(start), initial=0.0) > LARGEST_START:
            checks.reject(name, start.tolist(), "too large for a start",
                          f"give at most {LARGEST_START:g}")
    return Preparation(np.array(z0, dtype=float).ravel(), v0, m0)


def _of_each(name: str, given: Any, R: int) -> np.ndarray:
    """(R,) numbers, from them or from one for all."""
    found = checks.finite_array(name, given)
    if found.ndim == 0:
        found = np.full(R, float(found))
    if found.shape != (R,):
        checks.reject(name, found.shape, f"not of shape ({R},)",
                      "give one number, or one per region or population")
    return np.array(found, dtype=float)

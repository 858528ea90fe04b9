"""Preparation: the initial condition of a solve in time, or of its simulation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..base import checks
from .network import AnyNetwork
from .structure import structure
from .tuning import LARGEST_START


@dataclass(frozen=True, eq=False)
class Preparation:
    """Initial condition x(0) = sum m z0 + N(0, v0), checked.

    Parameters
    ----------
    z0 : (P,) array
        Filtered currents at t = 0.
    v0 : (R,) array
        Variance of x(0) of each region, besides the part of the currents.
    """

    z0: np.ndarray
    v0: np.ndarray


def prepared(network: AnyNetwork, currents, variance) -> Preparation:
    """The preparation from the arguments of `solve`.

    Parameters
    ----------
    network : AnyNetwork
    currents : array or None
        Filtered currents at t = 0, in the shape of the network; None if there are none.
    variance : float, (R,) array or None
        Variance of x(0); 1 by default.

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
                      "leave it out")
    else:
        z0 = checks.finite_array("currents", currents)
        if z0.shape != shape:
            checks.reject("currents", z0.shape, f"not of shape {shape}",
                          "give the filtered currents at t=0 in this shape")
    v0 = checks.finite_array("variance", 1.0 if variance is None else variance)
    if v0.ndim == 0:
        v0 = np.full(own.kinds, float(v0))
    if v0.shape != (own.kinds,):
        checks.reject("variance", v0.shape, f"not of shape ({own.kinds},)",
                      "give one number, or one per region")
    if np.any(v0 < 0):
        checks.reject("variance", v0.tolist(), "negative", "give numbers of 0 or above")
    for name, start in (("currents", z0), ("variance", v0)):
        if np.max(np.abs(start), initial=0.0) > LARGEST_START:
            checks.reject(name, start.tolist(), "too large for a start",
                          f"give at most {LARGEST_START:g}")
    return Preparation(np.array(z0, dtype=float).ravel(), np.array(v0, dtype=float))

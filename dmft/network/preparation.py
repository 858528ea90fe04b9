"""Preparation: how a solve in time, or a simulation of it, begins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..base import checks
from .network import AnyNetwork
from .structure import structure

LARGEST_START = 1e6  # of currents and variances: beyond, nothing is left of units but their sign


@dataclass(frozen=True, eq=False)
class Preparation:
    """The start: x(0) = sum m z0 + N(0, v0), clean."""

    z0: np.ndarray
    v0: np.ndarray


def prepared(network: AnyNetwork, currents, variance) -> Preparation:
    """The preparation in clean form, or one ModelError."""
    own = structure(network)
    shape = own.current_shape
    if currents is None:
        if own.currents and not own.inputs:
            checks.reject("currents", None, "missing: without any current there stays none",
                          f"give the filtered currents at t=0, an array of shape {shape}")
        z0 = np.zeros(shape)
    elif own.currents == 0:
        checks.reject("currents", currents, "the network has no low-rank couplings",
                      "leave it out")
    else:
        z0 = checks.finite_array("currents", currents)
        if z0.shape != shape:
            checks.reject("currents", z0.shape, f"not of shape {shape}",
                          "give the filtered currents at t=0")
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
            checks.reject(name, start.tolist(), "too large to be marched from",
                          f"give at most {LARGEST_START:g}")
    return Preparation(np.array(z0, dtype=float).ravel(), np.array(v0, dtype=float))

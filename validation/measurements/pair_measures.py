"""Measures of pairs of units from the snapshots of one network, for x and phi, also z-scored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..settings.pair_settings import has_zero_mean, unit_variances
from ..settings.settings import Settings
from .cross_moments import cross_moments
from .participation import participation

KINDS = ("x", "phi")  # the order of Snapshots.states
MEASURES = ("dimension", "trace", "square", "square_drift")


def pair_measures(settings: Settings, states: np.ndarray,
                  variance: Callable[[np.ndarray], Any] | None = None,
                  input_gain: np.ndarray | None = None) -> dict[str, Any]:
    """Dimension, its numerator and denominator, and Psi, under the names of `Runs.per_network`.

    Parameters
    ----------
    settings : Settings
        Settings of the simulation.
    states : (2, B, T, N) array
        Snapshots of x and of phi; overwritten.
    variance : callable, optional
        u -> (variance of phi, variance of x), for z-scoring by the theory.
    input_gain : (N,) array, optional
        Input gains u of the units; 1 by default.

    Returns
    -------
    dict
        Floats, and the arrays Psi_x, Psi_phi (P,).
    """
    out: dict[str, Any] = {}
    centred = states if has_zero_mean(settings.network) else _differences(states)
    for kind, rows in zip(KINDS, centred, strict=True):
        out |= _named(kind, rows, settings.shifts)
        out[f"Psi_{kind}"] = out.pop("psi")
    if settings.zscore == "none":
        return out
    if settings.zscore == "network":
        spread = [np.mean([np.einsum("ti,ti->i", row, row, dtype=float) / len(row)
                           for row in rows], axis=0) for rows in centred]
    else:
        u = np.ones(states.shape[-1]) if input_gain is None else input_gain
        of_phi, of_x = unit_variances(variance, u)
        spread = [of_x, of_phi]
    for kind, rows, per_unit in zip(KINDS, centred, spread, strict=True):
        # a static unit contributes nothing, whatever replaces its standard deviation of 0
        rows /= np.sqrt(np.where(per_unit > 0, per_unit, 1.0)).astype(rows.dtype)
        found = _named(f"{kind}_z", rows, np.zeros((0, 2), dtype=int))
        del found["psi"]
        out |= found
    return out


def _named(kind: str, rows: np.ndarray, shifts: np.ndarray) -> dict[str, Any]:
    found = cross_moments(rows, shifts)
    return {f"dimension_{kind}": float(participation(found.trace, found.square)),
            f"trace_{kind}": found.trace, f"square_{kind}": found.square,
            f"square_drift_{kind}": found.drift, "psi": found.psi}


def _differences(states: np.ndarray) -> np.ndarray:
    """(2, B // 2, T, N): differences of two trials, divided by sqrt(2).

    They have the covariance of one trial and mean zero. Where the symmetry x -> -x is broken, every
    unit has a mean of its own, and products of states are not covariances.
    """
    even = states.shape[1] // 2 * 2
    out = states[:, 0:even:2] - states[:, 1:even:2]
    out *= np.sqrt(0.5).astype(out.dtype)
    return out

"""What a simulation is asked to say of pairs of units, checked."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from dmft.base.checks import finite_array, positive, reject
from dmft.network.structure import structure

DEFAULT_CROSS_LAGS = ((0.0, 0.0), (4.0, 4.0), (4.0, -4.0))
# Independent starts have no cross-covariances; these build up at the pace of the collective modes.
LONGER_BURN_IN = 3.0
PROBES = np.geomspace(0.05, 20.0, 41)  # gains at which two functions are told apart


def cross_checked(network, dimension, cross_lags, zscore, *, trials: int, spacing: float,
                  references: int) -> dict[str, Any]:
    """The fields of Settings that say what is measured of pairs of units, or one ModelError.

    `spacing` is the time from one snapshot to the next, of which there are `references`.
    """
    if not isinstance(dimension, bool):
        reject("dimension", dimension, "neither True nor False", "give one of them")
    if not dimension:
        for name, value in (("cross_lags", cross_lags), ("zscore", zscore)):
            if value is not None:
                reject(name, value, "is of pairs of units, which are not measured",
                       "give dimension=True too")
        return {"dimension": False, "cross_lags": (), "zscore": "none"}
    if structure(network).kinds > 1:
        reject("dimension", dimension, "is of the units of one region, and the network has several",
               "simulate a network of one region")
    fewest = 2 if of_mean_zero(network) else 4
    if trials < fewest:
        reject("trials", trials, "too few: covariances are squared between independent trials",
               f"give {fewest} or more" + ("" if fewest == 2 else ", an even number"))
    return {"dimension": True, "cross_lags": _snapped(cross_lags, spacing, references),
            "zscore": _normalisation(zscore)}


def of_mean_zero(network) -> bool:
    """Whether every unit's mean vanishes by the symmetry x -> -x."""
    return network.phi.odd and network.bias == 0


def unit_variances(zscore, u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Variances of phi and of x (each like u) that a function of the input gain gives.

    Raises
    ------
    ModelError
        If it does not return two arrays of positive numbers.
    """
    try:
        of_phi, of_x = zscore(u)
        found = [np.broadcast_to(np.asarray(one, dtype=float), u.shape) for one in (of_phi, of_x)]
    except (TypeError, ValueError) as error:
        reject("zscore", zscore, f"does not give two arrays for an array of gains ({error})",
               "give u -> (variance of phi, variance of x)")
    if not all(np.all(np.isfinite(one)) and np.all(one > 0) for one in found):
        reject("zscore", zscore, "gives variances that are not positive",
               "give u -> (variance of phi, variance of x)")
    return found[0], found[1]


def _normalisation(zscore) -> str:
    """ "none", "network", or "theory" with a mark by which its function is known again."""
    if zscore is None:
        return "none"
    if isinstance(zscore, str) and zscore == "network":
        return "network"
    if not callable(zscore):
        reject("zscore", zscore, "unknown", "give 'network', a function u -> (variance of phi, "
               "variance of x), or leave it out")
    values = " ".join(f"{value:.9g}" for one in unit_variances(zscore, PROBES) for value in one)
    return f"theory {hashlib.sha256(values.encode()).hexdigest()[:16]}"


def _snapped(cross_lags, spacing: float, references: int) -> tuple[tuple[float, float], ...]:
    """Pairs of signed lags as whole numbers of the spacing of snapshots."""
    asked = finite_array("cross_lags",
                         DEFAULT_CROSS_LAGS if cross_lags is None else cross_lags)
    if asked.ndim != 2 or asked.shape[1] != 2:
        reject("cross_lags", cross_lags, f"has the shape {asked.shape}",
               "give pairs of lags, such as ((4, 4), (4, -4))")
    positive("spacing", spacing)
    steps = np.rint(asked / spacing)
    if np.abs(steps).max() > references // 2:
        reject("cross_lags", cross_lags, f"reach beyond half of the {references} snapshots that "
               f"are {spacing:g} apart", "give shorter ones, or a longer duration")
    return tuple((float(first), float(second)) for first, second in steps * spacing)

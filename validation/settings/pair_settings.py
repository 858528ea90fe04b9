"""Settings of measurements on pairs of units, checked."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from dmft.base.checks import finite_array, positive, reject
from dmft.network.structure import structure

from .tuning import DEFAULT_CROSS_LAGS

TEST_GAINS = np.geomspace(0.05, 20.0, 41)  # gains at which two functions of the gain are compared


def checked_pair_settings(network, dimension, cross_lags, zscore, *, trials: int, spacing: float,
                          references: int) -> dict[str, Any]:
    """The fields of Settings for measurements on pairs of units, or one ModelError.

    `spacing` is the time from one snapshot to the next, `references` the number of snapshots.
    """
    if not isinstance(dimension, bool):
        reject("dimension", dimension, "neither True nor False", "give one of them")
    if not dimension:
        for name, value in (("cross_lags", cross_lags), ("zscore", zscore)):
            if value is not None:
                reject(name, value, "concerns pairs of units, which are not measured",
                       "give dimension=True too")
        return {"dimension": False, "cross_lags": (), "zscore": "none"}
    if structure(network).kinds > 1:
        reject("dimension", dimension, "defined for one region only, and the network has several",
               "simulate a network of one region")
    fewest = 2 if has_zero_mean(network) else 4
    if trials < fewest:
        reject("trials", trials, "too few: squared covariances are products of independent trials",
               f"give {fewest} or more" + ("" if fewest == 2 else ", an even number"))
    return {"dimension": True, "cross_lags": _cross_lags_on_grid(cross_lags, spacing, references),
            "zscore": _normalisation(zscore)}


def has_zero_mean(network) -> bool:
    """Whether the mean of every unit vanishes by the symmetry x -> -x."""
    return network.phi.odd and network.bias == 0


def unit_variances(zscore, u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Variances of phi and of x, each of the shape of u, as a function `zscore` of the input gain.

    Raises
    ------
    ModelError
        If `zscore` does not return two arrays of positive numbers.
    """
    try:
        of_phi, of_x = zscore(u)
        found = [np.broadcast_to(np.asarray(one, dtype=float), u.shape) for one in (of_phi, of_x)]
    except (TypeError, ValueError) as error:
        reject("zscore", zscore, f"does not return two arrays for an array of gains ({error})",
               "give u -> (variance of phi, variance of x)")
    if not all(np.all(np.isfinite(one)) and np.all(one > 0) for one in found):
        reject("zscore", zscore, "returns variances that are not positive and finite",
               "give u -> (variance of phi, variance of x)")
    return found[0], found[1]


def _normalisation(zscore) -> str:
    """ "none", "network", or "theory" with a digest that identifies the function."""
    if zscore is None:
        return "none"
    if isinstance(zscore, str) and zscore == "network":
        return "network"
    if not callable(zscore):
        reject("zscore", zscore, "neither 'network', a solution, nor a function", "give 'network', "
               "a solution, a function u -> (variance of phi, variance of x), or omit it")
    values = " ".join(f"{value:.9g}" for one in unit_variances(zscore, TEST_GAINS) for value in one)
    return f"theory {hashlib.sha256(values.encode()).hexdigest()[:16]}"


def _cross_lags_on_grid(cross_lags, spacing: float,
                        references: int) -> tuple[tuple[float, float], ...]:
    """Pairs of signed lags, rounded to multiples of the spacing of snapshots."""
    requested = finite_array("cross_lags",
                         DEFAULT_CROSS_LAGS if cross_lags is None else cross_lags)
    if requested.ndim != 2 or requested.shape[1] != 2:
        reject("cross_lags", cross_lags, f"has the shape {requested.shape}",
               "give pairs of lags, such as ((4, 4), (4, -4))")
    positive("spacing", spacing)
    steps = np.rint(requested / spacing)
    if np.abs(steps).max() > references // 2:
        reject("cross_lags", cross_lags, f"longer than half of the {references} snapshots, which "
               f"are {spacing:g} apart", "give shorter ones, or a longer duration")
    return tuple((float(first), float(second)) for first, second in steps * spacing)

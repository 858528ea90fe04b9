"""Gains of units at finite N: the input of a unit is scaled by u, its output by v."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dmft.averages.gaussian_averages import mean_square
from dmft.base.checks import reject
from dmft.network.gains import unit_gains
from dmft.network.structure import structure

from .operators import Operator, Scaled
from .tuning import VARIANCE_NODES


def with_gains(couplings: Operator, network, neurons: int, seed: np.random.SeedSequence,
               dtype) -> Operator:
    """diag(u) J diag(v) of a network with gains; u and v have their own children of `seed`.

    Couplings of a network without `gains` are returned unchanged.

    Raises
    ------
    ModelError
        If the network has several regions, or gains that are not finite.
    """
    gains = unit_gains(network)
    if gains is None:
        return couplings
    if structure(network).kinds > 1:
        reject("network", network, "has gains and several regions", "give one region")
    drawn = [_sample_gain(one, neurons, child)
             for one, child in zip((gains.input, gains.output), seed.spawn(2), strict=True)]
    return Scaled(couplings, *(one.astype(dtype)[:, None] for one in drawn))


def input_gain(couplings: Operator) -> np.ndarray | None:
    """(N,) input gains u of couplings made by `with_gains`, or None without gains."""
    return couplings.input_gain[:, 0] if isinstance(couplings, Scaled) else None


def variances_by_gain(solution) -> Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Function u -> (variance of phi, variance of x) of a unit with input gain u, by the theory.

    x = u y, where y has the same statistics for all units, so that <x^2> = u^2 C_x(0) / <u^2>.
    <phi^2> is the average over a Gaussian of that variance, by a cubic spline in its logarithm.
    """
    from scipy.interpolate import CubicSpline

    network = solution.network
    gains = unit_gains(network)
    square = 1.0 if gains is None else float(
        np.dot(gains.input.weights, gains.input.values**2))
    of_unit_gain = float(solution.C_x[0]) / square  # variance of y

    def variances(u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        of_x = u**2 * of_unit_gain
        ends = np.log(of_x.min()) - 0.1, np.log(of_x.max()) + 0.1
        grid = np.linspace(*ends, VARIANCE_NODES)
        known = [mean_square(network.phi, variance) for variance in np.exp(grid)]
        return CubicSpline(grid, known)(np.log(of_x)), of_x

    return variances


def _sample_gain(gain, neurons: int, seed: np.random.SeedSequence) -> np.ndarray:
    values = np.asarray(gain.sample(neurons, np.random.default_rng(seed)), dtype=float)
    if values.shape != (neurons,) or not np.all(np.isfinite(values)):
        reject("gains", gain, f"sample({neurons}, rng) has the shape {values.shape}, or is not "
               "finite", "return one finite gain for each neuron")
    return values

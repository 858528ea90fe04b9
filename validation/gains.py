"""Gains of units at finite N: what they receive is scaled by u, what they send by v."""

from __future__ import annotations

import numpy as np

from dmft.checks import reject

from .operators import Operator, Scaled
from .structure import structure


def scaled(couplings: Operator, network, neurons: int, seed: np.random.SeedSequence,
           dtype) -> Operator:
    """diag(u) J diag(v) of a network with gains, each drawn from its own child of `seed`.

    Couplings of a network without `input_gain` and `output_gain` are returned as they are.

    Raises
    ------
    ModelError
        If the network has several regions, or gains that are not finite.
    """
    gains = [getattr(network, name, None) for name in ("input_gain", "output_gain")]
    if all(one is None for one in gains):
        return couplings
    if structure(network).regions > 1:
        reject("network", network, "has gains and several regions", "give one region")
    drawn = [_sampled(one, neurons, child)
             for one, child in zip(gains, seed.spawn(2), strict=True)]
    return Scaled(couplings, *(one.astype(dtype)[:, None] for one in drawn))


def input_gain(couplings: Operator) -> np.ndarray | None:
    """(N,) u of what `scaled` made, or None where there are no gains."""
    return couplings.input_gain[:, 0] if isinstance(couplings, Scaled) else None


def _sampled(gain, neurons: int, seed: np.random.SeedSequence) -> np.ndarray:
    if gain is None:
        return np.ones(neurons)
    values = np.asarray(gain.sample(neurons, np.random.default_rng(seed)), dtype=float)
    if values.shape != (neurons,) or not np.all(np.isfinite(values)):
        reject("gains", gain, f"sample({neurons}, rng) gives {values.shape}, or is not finite",
               "give one finite gain for each neuron")
    return values

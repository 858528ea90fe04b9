"""Maps of a few paths on short grids, for the tests of this folder."""

from __future__ import annotations

import dmft
from dmft.path_iteration.sampled_paths import path_map
from dmft.paths.window import lag_window
from dmft.sampled.starting_statistics import from_above

RECIPROCAL = dmft.RandomNetwork(1.5, dmft.erf, reciprocity=0.3, noise=0.5)
BIASED = dmft.Network((dmft.IID(0.8, 0.3),), dmft.tanh, bias=0.5)
PLASTIC = dmft.PlasticNetwork(2.0, -1.0, 2.5)
SUSTAINED = dmft.PlasticNetwork(2.0, 1.0, 2.5)


def small_map(network, count=32, span=20.0, dt=0.25, seed=0):
    """A map of `count` paths, and the vector of strong activity at which it starts."""
    lags = dmft.Lags(span, dt)
    return path_map(network, from_above(network, lags), lag_window(lags, span / 5), seed, count)

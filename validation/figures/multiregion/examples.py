"""Example networks of several multiregion figures, and one finite network of any of them."""

from __future__ import annotations

from typing import Any

import numpy as np

import dmft
from dmft.network.structure import region_sizes

from ...settings.time_settings import checked_time_settings
from ...simulation.task import draw_network, trajectory
from ...simulation.time_task import prepared_states
from .tuning import (
    CHAOTIC_START,
    CHAOTIC_T,
    CYCLE_OVERLAP_SCALE,
    CYCLE_SEED,
    DROPPING_OUT_SCALE,
    DROPPING_OUT_SEED,
    START_CURRENT_SCALE,
)


def limit_cycle(g=0.0) -> tuple[dmft.MultiregionNetwork, np.ndarray]:
    """Three regions with random asymmetric overlaps and a limit cycle of currents, and their start.

    g is the disorder in the first region; 1.5 preserves the cycle and makes the region chaotic.
    """
    rng = np.random.default_rng(CYCLE_SEED)
    T = rng.normal(size=(3, 3, 3)) * CYCLE_OVERLAP_SCALE
    return dmft.MultiregionNetwork([g, 0.0, 0.0], T), rng.normal(size=(3, 3)) * START_CURRENT_SCALE


def dropping_out(g: float) -> tuple[dmft.MultiregionNetwork, dict[str, Any]]:
    """Three regions of which the first, by its disorder g, falls silent; and their initial state.

    T is a draw of independent normal entries, not that of a publication: its currents are at a
    fixed point up to g = 2 in region 1, and on a limit cycle from 2.2 on.
    """
    rng = np.random.default_rng(DROPPING_OUT_SEED)
    T = rng.standard_normal((3, 3, 3)) * DROPPING_OUT_SCALE
    start = {"currents": rng.uniform(0.0, 1.0, (3, 3)), "variance": [g**2, 0.25, 0.25]}
    return dmft.MultiregionNetwork([g, 0.5, 0.5], T), start


def two_regions() -> tuple[dmft.MultiregionNetwork, np.ndarray]:
    """Two regions with disorder and oscillating currents, and their start."""
    T = dmft.random_overlaps(2, 2.0 + 1.5j, rng=0)
    return dmft.MultiregionNetwork([1.2, 0.5], T), np.full((2, 2), 0.5)


def chaotic_currents(g: float = 0.0) -> tuple[dmft.MultiregionNetwork, np.ndarray]:
    """Three regions with chaotic currents, exponent 0.19 without disorder, and currents on them."""
    return dmft.MultiregionNetwork(g, np.array(CHAOTIC_T)), np.array(CHAOTIC_START)


def couplings(network: dmft.MultiregionNetwork, neurons: int, seed: int) -> np.ndarray:
    """(R N, R N) matrix of one finite network."""
    settings = checked_time_settings(
        network, neurons, 1, 1, dmft.Times(1.0, 1.0), None, 0.1, np.zeros(network.current_shape),
        0.0, False, seed, "float64")
    operator, _ = draw_network(settings, neurons, 0)
    return operator.apply(np.eye(sum(region_sizes(network, neurons))))


def unit_traces(network: dmft.MultiregionNetwork, neurons: int, units: np.ndarray, stop: float,
                currents: np.ndarray, variance, dt: float, seed: int) -> np.ndarray:
    """(times, len(units)) x of some units of one finite network at every step."""
    settings = checked_time_settings(
        network, neurons, 1, 1, dmft.Times(stop, dt), None, dt, currents, variance, False, seed,
        "float32")
    from ...couplings.draw import loadings_of

    operator, seeds = draw_network(settings, neurons, 0)
    x = prepared_states(settings, neurons, loadings_of(operator),
                        np.random.default_rng(seeds.start))
    path = trajectory(settings, neurons, operator, x, seeds)
    steps = len(settings.times)
    return np.array([now[units, 0] for _, (now, _) in zip(range(steps), path, strict=False)])

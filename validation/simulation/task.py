"""One task: one network of one size, drawn, run and measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from dmft.base.allocation import require
from dmft.base.checks import reject
from dmft.network.structure import structure

from ..couplings.draw import Operator, carried, draw_sum, footprint
from ..couplings.external_input import external_input
from ..couplings.gains import input_gain, scaled
from ..execution.threads import cores
from ..measurements.correlator import Correlator, mean_product
from ..measurements.pair_measures import pair_measures
from ..measurements.snapshots import Snapshots
from ..settings.preparation import staged
from ..settings.settings import Settings
from .integrator import states
from .transfer32 import transfer

STILL = 1e-4  # a trial is still if <(dx/dt)^2> / <x^2> is below the square of this


def check_memory(settings, streams: int = 1) -> int:
    """How many networks fit in memory at once, at most one for each core.

    Refuses, before anything is drawn, sizes of which not even one fits. `streams` is the number of
    states per trajectory (2 with a tangent).
    """
    size, trials = max(settings.neurons), settings.trials
    itemsize = np.dtype(settings.dtype).itemsize
    numbers = sum(footprint(one, size) for one in settings.network.ensembles)
    units = float(size) * structure(settings.network).kinds
    own = sum(carried(one, size, settings.dt) for one in settings.network.ensembles)
    states_ = ((8 + settings.copies) * units + own) * streams * trials * itemsize
    grams = 3 * 8.0 * settings.references**2 if getattr(settings, "dimension", False) else 0.0
    states_ += grams  # products of the states at all pairs of times
    couplings = numbers * 4 + (numbers * itemsize if itemsize > 4 else 0)
    dominant, advice = (
        ("neurons", "give fewer neurons" + (", or dtype='float32'" if itemsize > 4 else ""))
        if couplings > states_ else
        ("trials", f"give fewer trials, fewer neurons, or {settings.fewer_copies}"))
    value = settings.neurons if dominant == "neurons" else trials
    fitting = require(couplings + states_, dominant, value, advice)
    return int(min(cores(), fitting))


def run(settings: Settings, neurons: int, network: int, *,
        variance: Callable[[np.ndarray], Any] | None = None) -> dict[str, Any]:
    """Simulate one network of one size.

    `variance` is the theory's, u -> (variance of phi, variance of x), by which states are
    z-scored where the settings ask for that.

    Returns
    -------
    dict
        "C_x", "C_phi" (L,) at the lags; "x_static", "phi_static"; "drift", the relative change of
        the variance of x from the first to the second half of the reference times; "still", the
        number of trials that ended at a fixed point; with `dimension` what `pair_measures` gives.

    Raises
    ------
    ModelError
        If the activity diverges.
    """
    couplings, seeds = drawn(settings, neurons, network)
    x = initial_states(settings, neurons, np.random.default_rng(seeds.start))
    seen = Correlator(settings.lag_steps, settings.every, settings.first, settings.references)
    kept = (Snapshots(settings.every, settings.first, settings.references)
            if settings.dimension else None)
    last = seen.steps - 1
    before_last = x
    path = trajectory(settings, neurons, couplings, x, seeds)
    with np.errstate(over="ignore", invalid="ignore"):  # looked at below, and said in words
        for step, (now, phi) in zip(range(last + 1), path, strict=False):
            seen.see(step, now, phi)
            if kept is not None:
                kept.see(step, now, phi)
            if step % 100 == 0 and not np.isfinite(mean_product(now, now)):
                diverged(settings)
            if step == last - 1:
                before_last = now.copy()
        correlations, static = seen.correlations(), seen.static()
    if not np.all(np.isfinite(correlations)):
        diverged(settings)
    result = {
        "C_x": correlations[0], "C_phi": correlations[1],
        "x_static": static[0], "phi_static": static[1],
        "drift": seen.drift(), "still": _still(before_last, x, settings.dt),
    }
    if kept is not None and kept.states is not None:
        result |= pair_measures(settings, kept.states, variance, input_gain(couplings))
    return result


@dataclass(frozen=True)
class Seeds:
    """What else than the couplings is random in one network."""

    bias: np.random.SeedSequence
    start: np.random.SeedSequence
    noise: np.random.SeedSequence


def drawn(settings, neurons: int, network: int) -> tuple[Operator, Seeds]:
    """The couplings of one network, and its other seeds."""
    couplings_seed, *others, gains_seed = settings.seed(neurons, network).spawn(5)
    dtype = np.dtype(settings.dtype)
    couplings = staged(draw_sum(settings.network.ensembles, neurons, couplings_seed, dtype),
                       getattr(settings, "prepare", ()))
    return scaled(couplings, settings.network, neurons, gains_seed, dtype), Seeds(*others)


def trajectory(settings, neurons: int, couplings: Operator, x: np.ndarray,
               seeds: Seeds) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """States of one network from its start x (R N, B) on, with its bias, noise and input."""
    net, dtype = settings.network, np.dtype(settings.dtype)
    return states(x, transfer(net.phi, dtype), couplings,
                  quenched_bias(net, neurons, seeds.bias, dtype), settings.dt, net.noise,
                  np.random.default_rng(seeds.noise),
                  external_input(net, couplings, settings.dt, dtype),
                  net.noise > 0 and any(one.has_memory for one in net.ensembles))


def initial_states(settings, neurons: int, rng: np.random.Generator) -> np.ndarray:
    """(R N, B) independent unit normals, drawn in float32 whatever the dtype."""
    shape = (structure(settings.network).kinds * neurons, settings.trials)
    return rng.standard_normal(shape, dtype=np.float32).astype(settings.dtype, copy=False)


def quenched_bias(network, neurons: int, seed: np.random.SeedSequence, dtype) -> np.ndarray | None:
    """(R N, 1) bias of one network, or None where there is none."""
    if network.bias == 0:
        return None
    shape = (structure(network).kinds * neurons, 1)
    bias = np.random.default_rng(seed).standard_normal(shape, dtype=np.float32)
    return bias.astype(dtype) * network.bias


def _still(before: np.ndarray, now: np.ndarray, dt: float) -> int:
    moved = np.sum((now - before).astype(float) ** 2, axis=0)
    size = np.sum(now.astype(float) ** 2, axis=0)
    return int(np.sum(moved <= (STILL * dt) ** 2 * size))


def diverged(settings) -> NoReturn:
    """Raise the one error for activity that grows without bound."""
    reject("network", settings.network, f"activity diverged at dt={settings.dt:g}",
           "this network has no stationary state, or dt is too long: try smaller g or dt")

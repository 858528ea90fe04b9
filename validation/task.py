"""One task: one network of one size, drawn, run and measured."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from dmft.checks import reject
from dmft.memory import require

from .correlator import Correlator, mean_product
from .draw import draw_sum, footprint
from .parallel import cores
from .settings import Settings
from .stepping import states
from .transfer32 import transfer

STILL = 1e-4  # a trial is still if <(dx/dt)^2> / <x^2> is below the square of this


def check_memory(settings: Settings, streams: int = 1) -> int:
    """How many networks fit in memory at once, at most one for each core.

    Refuses, before anything is drawn, sizes of which not even one fits. `streams` is the number of
    states per trajectory (2 with a tangent).
    """
    size, trials = max(settings.neurons), settings.trials
    itemsize = np.dtype(settings.dtype).itemsize
    numbers = sum(footprint(one, size) for one in settings.network.ensembles)
    kept = settings.lag_steps[-1] // settings.every + 1  # pairs of reference states
    states_ = (8 + 2 * min(kept, settings.references)) * float(size) * streams * trials * itemsize
    couplings = numbers * 4 + (numbers * itemsize if itemsize > 4 else 0)
    dominant, advice = (
        ("neurons", "give fewer neurons" + (", or dtype='float32'" if itemsize > 4 else ""))
        if couplings > states_ else
        ("trials", "give fewer trials, fewer neurons, or shorter lags"))
    value = settings.neurons if dominant == "neurons" else trials
    fitting = require(couplings + states_, dominant, value, advice)
    return int(min(cores(), fitting))


def run(settings: Settings, neurons: int, network: int) -> dict[str, Any]:
    """Simulate one network of one size.

    Returns
    -------
    dict
        "C_x", "C_phi" (L,) at the lags; "x_static", "phi_static"; "drift", the relative change of
        the variance of x from the first to the second half of the reference times; "still", the
        number of trials that ended at a fixed point.

    Raises
    ------
    ModelError
        If the activity diverges.
    """
    coupling_seed, bias_seed, start_seed, noise_seed = settings.seed(neurons, network).spawn(4)
    net, dtype = settings.network, np.dtype(settings.dtype)
    couplings = draw_sum(net.ensembles, neurons, coupling_seed, dtype)
    bias = quenched_bias(net, neurons, bias_seed, dtype)
    x = initial_states(settings, neurons, np.random.default_rng(start_seed))
    seen = Correlator(settings.lag_steps, settings.every, settings.first, settings.references)
    last = seen.steps - 1
    before_last = x
    path = states(x, transfer(net.phi, dtype), couplings, bias, settings.dt, net.noise,
                  np.random.default_rng(noise_seed))
    with np.errstate(over="ignore", invalid="ignore"):  # looked at below, and said in words
        for step, (now, phi) in zip(range(last + 1), path, strict=False):
            seen.see(step, now, phi)
            if step % 100 == 0 and not np.isfinite(mean_product(now, now)):
                diverged(settings)
            if step == last - 1:
                before_last = now.copy()
        correlations, static = seen.correlations(), seen.static()
    if not np.all(np.isfinite(correlations)):
        diverged(settings)
    return {
        "C_x": correlations[0], "C_phi": correlations[1],
        "x_static": static[0], "phi_static": static[1],
        "drift": seen.drift(), "still": _still(before_last, x, settings.dt),
    }


def initial_states(settings: Settings, neurons: int, rng: np.random.Generator) -> np.ndarray:
    """(N, B) independent unit normals, drawn in float32 whatever the dtype."""
    shape = (neurons, settings.trials)
    return rng.standard_normal(shape, dtype=np.float32).astype(settings.dtype, copy=False)


def quenched_bias(network, neurons: int, seed: np.random.SeedSequence, dtype) -> np.ndarray | None:
    """(N, 1) bias of one network, or None where there is none."""
    if network.bias == 0:
        return None
    bias = np.random.default_rng(seed).standard_normal((neurons, 1), dtype=np.float32)
    return bias.astype(dtype) * network.bias


def _still(before: np.ndarray, now: np.ndarray, dt: float) -> int:
    moved = np.sum((now - before).astype(float) ** 2, axis=0)
    size = np.sum(now.astype(float) ** 2, axis=0)
    return int(np.sum(moved <= (STILL * dt) ** 2 * size))


def diverged(settings: Settings) -> NoReturn:
    """Raise the one error for activity that grows without bound."""
    reject("network", settings.network, f"activity diverged at dt={settings.dt:g}",
           "this network has no stationary state, or dt is too long: try smaller g or dt")

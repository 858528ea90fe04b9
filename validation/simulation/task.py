"""One stationary task: one network of one size, drawn, simulated and measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from dmft.base.allocation import require
from dmft.base.checks import reject
from dmft.network.populations import populations
from dmft.network.structure import region_sizes, structure

from ..couplings.draw import Operator, draw_sum, footprint, loadings_of, state_footprint
from ..couplings.external_input import external_input, population_input
from ..couplings.gains import input_gain, with_gains
from ..couplings.loadings import Loadings
from ..execution.threads import cores
from ..measurements.correlator import Correlator, mean_product
from ..measurements.pair_measures import pair_measures
from ..measurements.regional_means import RegionalMeans
from ..measurements.snapshots import Snapshots
from ..settings.preparation import scheduled
from ..settings.settings import Settings
from .integrator import states
from .population_steps import PopulationSteps, by_population
from .tuning import DIVERGENCE_CHECK_STEPS, FIXED_POINT_SPEED


def check_memory(settings, streams: int = 1) -> int:
    """Number of networks that fit into memory at once, at most one for each core.

    Refuses, before anything is drawn, sizes of which not even one fits. `streams` is the number of
    states per trajectory (2 with a tangent).
    """
    size, trials = max(settings.neurons), settings.trials
    itemsize = np.dtype(settings.dtype).itemsize
    drawn, units = _drawn_sizes(settings.network, size), float(sum(
        region_sizes(settings.network, size)))
    numbers = sum(footprint(one, drawn) for one in settings.network.ensembles)
    own = sum(state_footprint(one, size, settings.dt) for one in settings.network.ensembles)
    states_ = ((8 + settings.copies) * units + own) * streams * trials * itemsize
    grams = 3 * 8.0 * settings.references**2 if getattr(settings, "dimension", False) else 0.0
    states_ += grams  # matrices of products of the states at all pairs of times
    couplings = numbers * 4 + (numbers * itemsize if itemsize > 4 else 0)
    dominant, advice = (
        ("neurons", "give fewer neurons" + (", or dtype='float32'" if itemsize > 4 else ""))
        if couplings > states_ else
        ("trials", f"give fewer trials, fewer neurons, or {settings.fewer_copies}"))
    value = settings.neurons if dominant == "neurons" else trials
    fitting = require(couplings + states_, dominant, value, advice)
    return int(min(cores(), fitting))


def run_stationary(settings: Settings, neurons: int, network: int, *,
                   variance: Callable[[np.ndarray], Any] | None = None) -> dict[str, Any]:
    """Simulate one network of one size, and measure it in its stationary state.

    `variance` is a function u -> (variance of phi, variance of x) of the theory, by which states
    are z-scored if the settings require that.

    Returns
    -------
    dict
        "C_x", "C_phi" (L,) at the lags; "x_static", "phi_static"; "drift", the relative change of
        the variance of x from the first to the second half of the reference times; "still", the
        number of trials that ended at a fixed point; with regions or low-rank couplings also
        "C_x_regions", "C_phi_regions" (R, L) and the results of `RegionalMeans`; with `dimension`
        those of `pair_measures`.

    Raises
    ------
    ModelError
        If the activity diverges.
    """
    couplings, seeds = draw_network(settings, neurons, network)
    own, loadings = structure(settings.network), loadings_of(couplings)
    times = (settings.every, settings.first, settings.references)
    x = (prepared_states(settings, neurons, loadings, np.random.default_rng(seeds.start))
         if settings.variance else
         initial_states(settings, neurons, np.random.default_rng(seeds.start)))
    sizes = region_sizes(settings.network, neurons)
    correlator = Correlator(settings.lag_steps, *times, sizes)
    means = RegionalMeans(*times, sizes, settings.trials, loadings, by_population(
        populations(settings.network), sizes, np.dtype(settings.dtype), derivative=True)
        ) if own.in_regions else None
    snapshots = (Snapshots(settings.every, settings.first, settings.references)
                 if settings.dimension else None)
    last = correlator.steps - 1
    before_last = x
    path = trajectory(settings, neurons, couplings, x, seeds)
    with np.errstate(over="ignore", invalid="ignore"):  # overflow raises ModelError below
        for step, (now, phi) in zip(range(last + 1), path, strict=False):
            correlator.record(step, now, phi)
            if snapshots is not None:
                snapshots.record(step, now, phi)
            if means is not None:
                means.record(step, now, phi)
            if step % DIVERGENCE_CHECK_STEPS == 0 and diverged(now):
                reject_diverged(settings)
            if step == last - 1:
                before_last = now.copy()
        correlations, static = correlator.correlations(), correlator.static()
    if not np.all(np.isfinite(correlations)):
        reject_diverged(settings)
    result = {
        "C_x": correlations[0], "C_phi": correlations[1],
        "x_static": static[0], "phi_static": static[1],
        "drift": correlator.drift(), "still": _count_at_fixed_points(before_last, x, settings.dt),
    }
    if means is not None:
        result["C_x_regions"], result["C_phi_regions"] = correlator.of_regions()
        result |= means.results()
    if snapshots is not None and snapshots.states is not None:
        result |= pair_measures(settings, snapshots.states, variance, input_gain(couplings))
    return result


@dataclass(frozen=True)
class Seeds:
    """Seeds of the random quantities of one network other than its couplings."""

    bias: np.random.SeedSequence
    start: np.random.SeedSequence
    noise: np.random.SeedSequence


def draw_network(settings, neurons: int, network: int) -> tuple[Operator, Seeds]:
    """The couplings of one network, and its other seeds."""
    couplings_seed, *others, gains_seed = settings.seed(neurons, network).spawn(5)
    dtype = np.dtype(settings.dtype)
    drawn = draw_sum(settings.network.ensembles, _drawn_sizes(settings.network, neurons),
                     couplings_seed, dtype)
    couplings = scheduled(drawn, getattr(settings, "prepare", ()))
    return with_gains(couplings, settings.network, neurons, gains_seed, dtype), Seeds(*others)


def _drawn_sizes(network, neurons: int) -> int | tuple[int, ...]:
    """N, or the sizes of several regions where they differ."""
    share = structure(network).share
    return neurons if share is None or len(share) == 1 else region_sizes(network, neurons)


def trajectory(settings, neurons: int, couplings: Operator, x: np.ndarray,
               seeds: Seeds) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """States of one network from the initial x (R N, B) on, with its bias, noise and input."""
    net, dtype = settings.network, np.dtype(settings.dtype)
    own, sizes = populations(net), region_sizes(net, neurons)
    steps = None if len(set(own)) == 1 else PopulationSteps(own, sizes, settings.dt, x)
    noise = max(one.noise for one in own)
    return states(x, by_population(own, sizes, dtype), couplings,
                  quenched_bias(net, neurons, seeds.bias, dtype), settings.dt, noise,
                  np.random.default_rng(seeds.noise), own[0].unit,
                  external_input(net, couplings, settings.dt, dtype)
                  or population_input(net, sizes, settings.dt, dtype),
                  noise > 0 and any(one.has_memory for one in net.ensembles), steps)


def initial_states(settings, neurons: int, rng: np.random.Generator) -> np.ndarray:
    """(R N, B) independent standard normals, drawn in float32 for every dtype of the run."""
    shape = (sum(region_sizes(settings.network, neurons)), settings.trials)
    return rng.standard_normal(shape, dtype=np.float32).astype(settings.dtype, copy=False)


def prepared_states(settings, neurons: int, loadings: Loadings | None,
                    rng: np.random.Generator) -> np.ndarray:
    """(R N, B) initial states: x^mu = sum over p in mu of m^p z0_p + sqrt(v0_mu) times a normal.

    The trials of a network share its loadings, and therefore the first term.
    """
    x = initial_states(settings, neurons, rng)
    sizes = region_sizes(settings.network, neurons)
    x *= np.repeat(np.sqrt(settings.variance), sizes)[:, None].astype(x.dtype)
    if len(settings.mean):
        x += np.repeat(settings.mean, sizes)[:, None].astype(x.dtype)
    if loadings is not None:
        x += loadings.along(np.asarray(settings.currents)[:, None].astype(x.dtype))
    return x


def quenched_bias(network, neurons: int, seed: np.random.SeedSequence, dtype) -> np.ndarray | None:
    """(R N, 1) constant inputs of one network, random ones and means; None without them."""
    own = populations(network)
    if not any(one.bias or one.input for one in own):
        return None
    shape = (sum(region_sizes(network, neurons)), 1)
    bias = np.random.default_rng(seed).standard_normal(shape, dtype=np.float32)
    if len(set(own)) == 1 and not own[0].input:
        return bias.astype(dtype) * own[0].bias
    sizes = region_sizes(network, neurons)
    spread, inputs = (np.repeat([getattr(one, name) for one in own], sizes)[:, None].astype(dtype)
                      for name in ("bias", "input"))
    return bias.astype(dtype) * spread + inputs


def _count_at_fixed_points(before: np.ndarray, now: np.ndarray, dt: float) -> int:
    """Number of trajectories whose last step was that of a fixed point."""
    change = np.sum((now - before).astype(float) ** 2, axis=0)
    size = np.sum(now.astype(float) ** 2, axis=0)
    return int(np.sum(change <= (FIXED_POINT_SPEED * dt) ** 2 * size))


def diverged(x: np.ndarray) -> bool:
    """Whether the mean square of the activity (N, B) is no longer finite."""
    with np.errstate(over="ignore", invalid="ignore"):
        return not np.isfinite(mean_product(x, x))


def reject_diverged(settings) -> NoReturn:
    """Raise ModelError for activity that grows without bound."""
    reject("network", settings.network, f"activity diverged at dt={settings.dt:g}",
           "the network has no stationary state, or dt is too long: try a smaller g or dt")

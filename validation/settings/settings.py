"""Settings: the checked arguments of a stationary simulation, with every default filled in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from dmft import Hebbian, Lags, register
from dmft.base.checks import finite_array, nonnegative, one_of, positive, reject, whole
from dmft.network.network import first_unit
from dmft.network.populations import populations, require_constant_input
from dmft.network.preparation import prepared
from dmft.network.structure import Structure, structure

from .pair_settings import checked_pair_settings
from .preparation import checked_schedule, schedule_duration
from .tuning import (
    DEFAULT_LAGS,
    DEFAULT_STEP,
    FINE_STEP,
    LONGEST_BURN_IN,
    LONGEST_LAG_STEPS,
    LONGEST_STEP,
    MOST_STEPS,
    PAIR_BURN_IN_FACTOR,
    REFERENCE_SPACING,
    SHORTEST_BURN_IN,
    SYNAPTIC_BURN_IN,
)

Sizes = int | Sequence[int] | np.ndarray  # neurons: one size, or several
DTYPES = ("float32", "float64")


class Seeded:
    """Settings that determine the seed of each network."""

    entropy: Any
    spawn_key: tuple[int, ...]

    def seed(self, neurons: int, network: int) -> np.random.SeedSequence:
        """Seed of one network, a function of its size and number only, whatever else is run."""
        return np.random.SeedSequence(self.entropy,
                                      spawn_key=(*self.spawn_key, neurons, network))


@register
@dataclass(frozen=True, eq=False)
class Settings(Seeded):
    """Settings of a stationary simulation; see `simulate` for the meaning of each field."""

    # The fields that all runs in a store have in common. Each task has its own seed, so that more
    # networks or sizes may be added to a store.
    shared: ClassVar[tuple[str, ...]] = ("network", "trials", "duration", "dt", "burn_in", "lags",
                                         "dtype", "entropy", "spawn_key", "dimension",
                                         "cross_lags", "zscore", "prepare", "currents", "variance",
                                         "mean")
    # values in stores that were written before these fields existed
    absent: ClassVar[dict[str, Any]] = {"dimension": False, "cross_lags": (), "zscore": "none",
                                        "prepare": (), "currents": (), "variance": (), "mean": ()}
    fewer_copies: ClassVar[str] = "shorter lags"

    network: Any
    neurons: tuple[int, ...]
    networks: int
    trials: int
    duration: float
    dt: float
    burn_in: float
    lags: np.ndarray
    dtype: str
    entropy: Any  # entropy of the SeedSequence: a whole number, or a tuple of them
    spawn_key: tuple[int, ...]
    dimension: bool = False
    cross_lags: tuple[tuple[float, float], ...] = ()
    zscore: str = "none"  # "none", "network", or "theory" with a digest of its function
    prepare: tuple[tuple[float, float], ...] = ()
    # initial state of regions: currents (P,), variances (R,) and means (R,) of populations; none:
    # standard normals
    currents: tuple[float, ...] = ()
    variance: tuple[float, ...] = ()
    mean: tuple[float, ...] = ()

    @property
    def lag_steps(self) -> np.ndarray:
        """(L,) lags in steps."""
        return np.rint(self.lags / self.dt).astype(np.int64)

    @property
    def every(self) -> int:
        """Steps from one reference time to the next."""
        return max(1, round(REFERENCE_SPACING / self.dt))

    @property
    def first(self) -> int:
        """Step of the first reference time."""
        return math.ceil((schedule_duration(self.prepare) + self.burn_in) / self.dt - 1e-9)

    @property
    def references(self) -> int:
        """Number of reference times."""
        return 1 + int(self.duration / self.dt + 1e-9) // self.every

    @property
    def shifts(self) -> np.ndarray:
        """(P, 2) pairs of lags between units, in snapshots."""
        pairs = np.array(self.cross_lags, dtype=float).reshape(-1, 2)
        return np.rint(pairs / (self.every * self.dt)).astype(np.int64)

    @property
    def copies(self) -> int:
        """Largest number of stored copies of a state: of x and of phi, within the longest lag.

        For pairs of units all snapshots are stored, and copied once more when they are reordered.
        """
        within = 2 * min(int(self.lag_steps[-1]) // self.every + 1, self.references)
        return within + (3 * self.references if self.dimension else 0)


def checked_settings(network, neurons, networks, trials, duration, dt, burn_in, lags, rng,
            dtype, dimension=False, cross_lags=None, zscore=None, prepare=None, currents=None,
            variance=None, mean=None, stationary=True) -> Settings:
    """The settings of a call of `simulate`, or one ModelError."""
    if stationary:
        require_constant_input(network)
    own = structure(network)  # rejects what is not a network
    dt = checked_step(dt, network, FINE_STEP if dimension is True else DEFAULT_STEP)
    duration = positive("duration", duration)
    lag_times = lags_on_grid(lags, dt)
    if burn_in is None:
        burn_in = default_burn_in(network) * (PAIR_BURN_IN_FACTOR if dimension is True else 1.0)
    burn_in = nonnegative("burn_in", burn_in)
    schedule = checked_schedule(prepare)
    steps = (duration + burn_in + schedule_duration(schedule) + lag_times[-1]) / dt
    if steps > MOST_STEPS:
        reject("duration", duration, f"requires {steps:.2g} steps",
               "shorten it, the lags or burn_in")
    trials = whole("trials", trials)
    entropy, spawn_key = seed_of(rng)
    plain = Settings(network, checked_sizes(neurons), whole("networks", networks), trials, duration,
                     dt, burn_in, lag_times, one_of("dtype", dtype, DTYPES), entropy, spawn_key,
                     prepare=schedule, **_initial_state(network, own, currents, variance, mean))
    return replace(plain, **checked_pair_settings(
        network, dimension, cross_lags, zscore, trials=trials, spacing=plain.every * dt,
        references=plain.references))


def _initial_state(network, own: Structure, currents, variance, mean) -> dict[str, Any]:
    """Checked start of a stationary run, where there are regions or populations."""
    given = {name: value for name, value in (("currents", currents), ("variance", variance),
                                             ("mean", mean)) if value is not None}
    if not given:
        return {}
    if not own.in_regions:
        name, value = next(iter(given.items()))
        reject(name, value, "belongs to a simulation in time, or of a network with regions, "
               "populations or low-rank couplings", "give times=dmft.Times(stop, dt) too")
    if mean is not None and not own.drift:
        reject("mean", mean, "belongs to a simulation in time, or of a network with mean couplings",
               "give times=dmft.Times(stop, dt) too, or leave it out")
    start = prepared(network, np.zeros(own.current_shape) if currents is None and own.currents
                     else currents, variance, mean)
    return {"currents": tuple(start.z0.tolist()), "variance": tuple(start.v0.tolist()),
            "mean": () if start.m0 is None else tuple(start.m0.tolist())}


def checked_step(dt, network, default: float = DEFAULT_STEP) -> float:
    """A step that is short enough for the units; that of a map is given by it.

    The default is reduced for units that are faster than leaky ones, and so that a delay is a whole
    number of steps.
    """
    own = first_unit(network).time_step
    if own is not None:
        if dt is not None and dt != own:
            reject("dt", dt, "not the step of the units, which are in discrete time",
                   f"leave it out, or give dt={own:g}")
        return own
    if dt is None:
        delay = first_unit(network).delay
        default /= math.ceil(1 / min(one.unit.step_factor for one in populations(network)))
        dt = delay / math.ceil(delay / default) if delay else default
    dt = positive("dt", dt)
    if dt > LONGEST_STEP:
        reject("dt", dt, "too long a step for units with time constant 1",
               f"give at most {LONGEST_STEP:g}, preferably 0.1")
    return dt


def checked_sizes(neurons, *, ascending: bool = True) -> tuple[int, ...]:
    """One size or several different ones, 2 or above, sorted if `ascending`."""
    if not isinstance(neurons, (tuple, list, np.ndarray)):
        neurons = (neurons,)
    if len(neurons) == 0:
        reject("neurons", neurons, "no sizes", "give a whole number, or a tuple of them")
    out = [whole("neurons", size, 2) for size in neurons]
    if len(set(out)) < len(out):
        reject("neurons", neurons, "the same size twice", "give different sizes")
    return tuple(sorted(out) if ascending else out)


def lags_on_grid(lags, dt: float) -> np.ndarray:
    """Lags rounded to whole numbers of steps, ascending, without duplicates."""
    if lags is None:
        lags = DEFAULT_LAGS
    elif isinstance(lags, Lags):
        lags = lags.tau
    times = finite_array("lags", np.atleast_1d(np.asarray(lags)) if np.ndim(lags) == 0 else lags, 1)
    if np.any(times < 0):
        reject("lags", lags, "negative lags", "correlations are even: give lags of 0 or above")
    if times.max() / dt > LONGEST_LAG_STEPS:
        reject("lags", lags, f"longer than {LONGEST_LAG_STEPS:g} steps",
               "give lags of at most a few hundred time constants")
    out = np.unique(np.rint(times / dt)) * dt
    out.flags.writeable = False
    return out


def default_burn_in(network) -> float:
    """50/|1 - G^(1/2) phi'(0)| neuronal time constants, limited to the range 50 to 1000.

    G is the sum of the noise gains of the ensembles (g^2 for independent couplings), times the
    largest |H|^2 of the unit: relaxation slows down like 1/|g - g_c| at the transition. All times
    are multiplied by the slowest time constant of the unit. If an ensemble has no noise gain,
    because lags or regions mix in its noise, the burn-in is 100. For plastic couplings 20 synaptic
    time constants are added, in which their memory builds up and slows the units down.

    Independent initial states have no cross-correlations. These build up in the collective time,
    several times that of single units; their remaining deficit changes C_x and C_phi only at
    order 1/N.
    """
    gains = [getattr(one, "noise_gain", None) for one in network.ensembles]
    synapses = sum(one.p for one in network.ensembles if isinstance(one, Hebbian) and one.k)
    known = [gain for gain in gains if gain is not None]
    units = [one.unit for one in populations(network)]
    slowest = max(max(1.0, 1 / float(np.min(np.abs(unit.rates.real)))) + unit.delay
                  for unit in units)
    if len(known) < len(gains):
        return 2 * SHORTEST_BURN_IN * slowest + SYNAPTIC_BURN_IN * synapses
    peak = math.sqrt(float(np.max(units[0].power(np.linspace(0.0, np.pi, 1001)))))
    distance = abs(1 - math.sqrt(sum(known)) * network.phi.slope_at_zero * peak)
    time = min(LONGEST_BURN_IN, SHORTEST_BURN_IN * max(1.0, 1 / max(distance, 1e-6)))
    return time * slowest + SYNAPTIC_BURN_IN * synapses


def seed_of(rng) -> tuple[Any, tuple[int, ...]]:
    """Entropy and spawn key of an int, SeedSequence or Generator (which is advanced), or fresh."""
    if isinstance(rng, np.random.SeedSequence):
        entropy: Any = rng.entropy
        return (tuple(entropy) if np.ndim(entropy) else entropy), tuple(rng.spawn_key)
    if isinstance(rng, np.random.Generator):
        return tuple(int(word) for word in rng.integers(2**32, size=4)), ()
    if rng is None:
        return np.random.SeedSequence().entropy, ()
    return whole("rng", rng, 0), ()

"""Settings: what a simulation was asked for, checked, with every default filled in."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from dmft import Hebbian, Lags
from dmft.base.checks import finite_array, nonnegative, one_of, positive, reject, whole
from dmft.network.structure import structure
from dmft.storage.encoding import register

from .pair_settings import LONGER_BURN_IN, cross_checked
from .preparation import duration_of, schedule_of

LONGEST_STEP = 0.5  # neuronal time constants: beyond that nothing about the dynamics is resolved
SAMPLING = 0.5  # from one reference time to the next; activity hardly changes in between
# Longer lags say little: correlations of one finite network differ there by much of C(0).
DEFAULT_LAGS = (0.0, 0.5, 1.0, 2.0, 4.0)
SHORTEST_BURN_IN, LONGEST_BURN_IN = 50.0, 1000.0
SYNAPTIC_BURN_IN = 20.0  # synaptic time constants
DTYPES = ("float32", "float64")


class Seeded:
    """Settings by which each network has its seed."""

    entropy: Any
    spawn_key: tuple[int, ...]

    def seed(self, neurons: int, network: int) -> np.random.SeedSequence:
        """The seed of one network of one size: of nothing else, so that order does not matter."""
        return np.random.SeedSequence(self.entropy,
                                      spawn_key=(*self.spawn_key, neurons, network))


@register
@dataclass(frozen=True, eq=False)
class Settings(Seeded):
    """What was simulated; see `simulate` for the meaning of each field."""

    # The seed of each task is its own, so that more networks or sizes may be added to a store.
    shared: ClassVar[tuple[str, ...]] = ("network", "trials", "duration", "dt", "burn_in", "lags",
                                         "dtype", "entropy", "spawn_key", "dimension",
                                         "cross_lags", "zscore", "prepare")
    # of stores that were written before these were there
    absent: ClassVar[dict[str, Any]] = {"dimension": False, "cross_lags": (), "zscore": "none",
                                        "prepare": ()}
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
    entropy: Any  # of the SeedSequence: a whole number, or a tuple of them
    spawn_key: tuple[int, ...]
    dimension: bool = False
    cross_lags: tuple[tuple[float, float], ...] = ()
    zscore: str = "none"  # "none", "network", or "theory" with a mark of its function
    prepare: tuple[tuple[float, float], ...] = ()

    @property
    def lag_steps(self) -> np.ndarray:
        """(L,) lags in steps."""
        return np.rint(self.lags / self.dt).astype(np.int64)

    @property
    def every(self) -> int:
        """Steps from one reference time to the next."""
        return max(1, round(SAMPLING / self.dt))

    @property
    def first(self) -> int:
        """Step of the first reference time."""
        return math.ceil((duration_of(self.prepare) + self.burn_in) / self.dt - 1e-9)

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
        """Copies of a state that are kept at most: of x and of phi, within the longest lag.

        For pairs of units all snapshots are kept, and once more while they are put in order.
        """
        within = 2 * min(int(self.lag_steps[-1]) // self.every + 1, self.references)
        return within + (3 * self.references if self.dimension else 0)


def checked(network, neurons, networks, trials, duration, dt, burn_in, lags, rng,
            dtype, dimension=False, cross_lags=None, zscore=None, prepare=None) -> Settings:
    """The settings of a call of `simulate`, or one ModelError."""
    check_network(network)
    dt = step(dt)
    duration = positive("duration", duration)
    lag_times = snapped(lags, dt)
    if burn_in is None:
        burn_in = default_burn_in(network) * (LONGER_BURN_IN if dimension is True else 1.0)
    burn_in = nonnegative("burn_in", burn_in)
    schedule = schedule_of(prepare)
    steps = (duration + burn_in + duration_of(schedule) + lag_times[-1]) / dt
    if steps > 1e8:
        reject("duration", duration, f"makes {steps:.2g} steps", "shorten it, the lags or burn_in")
    trials = whole("trials", trials)
    entropy, spawn_key = seed_of(rng)
    plain = Settings(network, sizes(neurons), whole("networks", networks), trials, duration, dt,
                     burn_in, lag_times, one_of("dtype", dtype, DTYPES), entropy, spawn_key,
                     prepare=schedule)
    return replace(plain, **cross_checked(
        network, dimension, cross_lags, zscore, trials=trials, spacing=plain.every * dt,
        references=plain.references))


def check_network(network) -> None:
    """Refuse what has not the fields of a network, or inputs without a signal."""
    for field in ("ensembles", "phi", "noise", "bias"):
        if not hasattr(network, field):
            reject("network", network, f"has no {field}", "give a network such as RandomNetwork(2)")
    structure(network)


def step(dt) -> float:
    """A step that resolves a unit."""
    dt = positive("dt", dt)
    if dt > LONGEST_STEP:
        reject("dt", dt, "too long a step for units with time constant 1",
               f"give at most {LONGEST_STEP:g}, better 0.1")
    return dt


def sizes(neurons, *, ascending: bool = True) -> tuple[int, ...]:
    """One size or several, different, 2 or above; sorted unless their order has a meaning."""
    if not isinstance(neurons, (tuple, list, np.ndarray)):
        neurons = (neurons,)
    if len(neurons) == 0:
        reject("neurons", neurons, "no sizes", "give a whole number, or a tuple of them")
    out = [whole("neurons", size, 2) for size in neurons]
    if len(set(out)) < len(out):
        reject("neurons", neurons, "the same size twice", "give different sizes")
    return tuple(sorted(out) if ascending else out)


def snapped(lags, dt: float) -> np.ndarray:
    """Lags as whole numbers of steps: ascending, each once."""
    if lags is None:
        lags = DEFAULT_LAGS
    elif isinstance(lags, Lags):
        lags = lags.tau
    times = finite_array("lags", np.atleast_1d(np.asarray(lags)) if np.ndim(lags) == 0 else lags, 1)
    if np.any(times < 0):
        reject("lags", lags, "negative lags", "correlations are even: give lags of 0 or above")
    if times.max() / dt > 1e7:
        reject("lags", lags, "too long", "give lags of at most a few hundred time constants")
    out = np.unique(np.rint(times / dt)) * dt
    out.flags.writeable = False
    return out


def default_burn_in(network) -> float:
    """50/|1 - G^(1/2) phi'(0)| time constants, from 50 to 1000; 100 where lags mix.

    Of plastic couplings 20 synaptic time constants are added: their memory fills, and slows the
    units down.

    G is the sum of the ensembles' noise gains (g^2 for independent couplings): activity slows
    down like 1/|g - g_c| at the transition. Independent starts have no cross-correlations, and
    these need the collective time, several times that of single units, to build up; what is
    missing of them changes C_x and C_phi at order 1/N only.
    """
    gains = [getattr(one, "noise_gain", None) for one in network.ensembles]
    synapses = sum(one.p for one in network.ensembles if isinstance(one, Hebbian) and one.k)
    if any(gain is None for gain in gains):
        return 2 * SHORTEST_BURN_IN + SYNAPTIC_BURN_IN * synapses
    distance = abs(1 - math.sqrt(sum(gains)) * network.phi.slope_at_zero)
    units = min(LONGEST_BURN_IN, SHORTEST_BURN_IN * max(1.0, 1 / max(distance, 1e-6)))
    return units + SYNAPTIC_BURN_IN * synapses


def seed_of(rng) -> tuple[Any, tuple[int, ...]]:
    """Entropy and spawn key of an int, SeedSequence or Generator (which it advances), or fresh."""
    if isinstance(rng, np.random.SeedSequence):
        entropy = rng.entropy
        return (tuple(entropy) if np.ndim(entropy) else entropy), tuple(rng.spawn_key)
    if isinstance(rng, np.random.Generator):
        return tuple(int(word) for word in rng.integers(2**32, size=4)), ()
    if rng is None:
        return np.random.SeedSequence().entropy, ()
    return whole("rng", rng, 0), ()

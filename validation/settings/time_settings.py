"""TimeSettings: the checked arguments of a simulation in time, with every default filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from dmft import Times, register
from dmft.base.checks import finite_array, one_of, reject, whole
from dmft.network.preparation import prepared
from dmft.network.structure import structure

from .settings import DTYPES, Seeded, checked_sizes, checked_step, seed_of
from .tuning import FINE_STEP, MOST_STEPS


@register
@dataclass(frozen=True, eq=False)
class TimeSettings(Seeded):
    """Settings of a simulation in time; see `simulate` for the meaning of each field.

    `currents` (P,), `variance` and `mean` (R,) are the initial conditions, `at` (m,) the times of
    observation.
    """

    network: Any
    neurons: tuple[int, ...]
    networks: int
    trials: int
    times: Times
    at: np.ndarray
    dt: float
    currents: np.ndarray
    variance: np.ndarray
    pairs: bool
    dtype: str
    entropy: Any  # entropy of the SeedSequence: a whole number, or a tuple of them
    spawn_key: tuple[int, ...]
    mean: tuple[float, ...] = ()  # none: zero

    shared: ClassVar[tuple[str, ...]] = ("network", "trials", "at", "dt", "currents", "variance",
                                         "pairs", "dtype", "entropy", "spawn_key", "mean")
    # values in stores that were written before these fields existed
    absent: ClassVar[dict[str, Any]] = {"mean": ()}
    fewer_copies: ClassVar[str] = "fewer times at=..."

    @property
    def steps(self) -> np.ndarray:
        """(m,) times of observation in steps."""
        return np.rint(self.at / self.dt).astype(np.int64)

    @property
    def copies(self) -> int:
        """Largest number of stored copies of a state: of x and of phi, at every time."""
        return 2 * len(self.at) if self.pairs else 0

    @property
    def current_shape(self) -> tuple[int, ...]:
        """(R, R) of a MultiregionNetwork, else (P,)."""
        return tuple(getattr(self.network, "current_shape", self.currents.shape))


def checked_time_settings(network, neurons, networks, trials, times, at, dt, currents, variance,
                          pairs, rng, dtype, mean=None) -> TimeSettings:
    """The settings of a call of `simulate` with times, or one ModelError."""
    structure(network)  # rejects what is not a network
    if not isinstance(times, Times):
        reject("times", times, "not a grid of times", "give dmft.Times(stop=20, dt=0.1)")
    dt = checked_step(dt, network, FINE_STEP)
    if times.stop / dt > MOST_STEPS:
        reject("times", times, f"requires {times.stop / dt:.2g} steps", "give an earlier stop")
    if not isinstance(pairs, bool):
        reject("pairs", pairs, "neither True nor False", "give one of them")
    start = prepared(network, currents, variance, mean)
    entropy, spawn_key = seed_of(rng)
    return TimeSettings(
        network, checked_sizes(neurons), whole("networks", networks), whole("trials", trials),
        times, _observation_times(times.t if at is None else at, times, dt), dt, start.z0, start.v0,
        pairs, one_of("dtype", dtype, DTYPES), entropy, spawn_key,
        tuple(start.means.tolist()) if np.any(start.means) else ())


def _observation_times(at, times: Times, dt: float) -> np.ndarray:
    """Times of observation, rounded to whole numbers of steps, ascending, without duplicates."""
    requested = finite_array("at", np.atleast_1d(np.asarray(at)) if np.ndim(at) == 0 else at, 1)
    if np.any(requested < 0) or np.any(requested > times.stop * (1 + 1e-9)):
        reject("at", at, "outside the times", f"give times from 0 to {times.stop:g}")
    if np.any(np.diff(requested) <= 0):
        reject("at", at, "not increasing", "give increasing times, each once")
    out = np.unique(np.rint(requested / dt)) * dt
    out.flags.writeable = False
    return out

"""Arguments of `simulate`, checked; and a store, checked against them before anything is run."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

from dmft.base.annotations import PathLike
from dmft.base.checks import reject
from dmft.base.errors import StorageWarning
from dmft.network.network import AnyNetwork
from dmft.network.structure import structure
from dmft.storage.files import with_suffix

from ..couplings.gains import variances_by_gain
from ..runs.store import Store
from ..settings.settings import Settings, Sizes, checked_settings
from ..settings.time_settings import checked_time_settings
from .task import run_stationary
from .time_task import run_in_time
from .tuning import DEFAULT_DURATION

STATIONARY = ("an argument of stationary simulations only", "leave out either it or times")


def check_store(store: PathLike, network: AnyNetwork, neurons: Sizes, networks: int = 20,
                **options: Any) -> None:
    """Refuse a store, and options of `simulate`, as that would with them; nothing is simulated.

    Raises
    ------
    ModelError, StorageError
        As `simulate`.
    """
    settings, _ = checked_call(network, neurons, networks, **options)
    if os.path.lexists(with_suffix(store)):
        with warnings.catch_warnings():  # `simulate` will say it
            warnings.simplefilter("ignore", StorageWarning)
            Store(store, settings, needed_results(settings), options.get("rng") is None)


def checked_call(network: AnyNetwork, neurons: Sizes, networks: int, *, trials: int = 8,
                 duration=None, dt=None, burn_in=None, lags=None, times=None, at=None,
                 currents=None, variance=None, pairs=False, rng=None, dtype="float32",
                 dimension=False, cross_lags=None, zscore=None,
                 prepare=None, mean=None) -> tuple[Any, Callable[..., dict[str, Any]]]:
    """The checked settings of a call, and the function that runs one network."""
    if times is not None:
        refuse_all({"duration": duration, "burn_in": burn_in, "lags": lags,
                 "dimension": dimension or None, "cross_lags": cross_lags, "zscore": zscore,
                 "prepare": prepare}, *STATIONARY)
        return checked_time_settings(network, neurons, networks, trials, times, at,
                                     dt, currents, variance, pairs, rng, dtype, mean), run_in_time
    refuse_all({"at": at, "pairs": pairs or None},
            "belongs to a simulation in time", "give times=dmft.Times(stop, dt) too")
    if hasattr(zscore, "C_x"):
        zscore = variances_by_gain(zscore)
    settings = checked_settings(network, neurons, networks, trials,
                                DEFAULT_DURATION if duration is None else duration, dt, burn_in,
                                lags, rng, dtype, dimension, cross_lags, zscore, prepare,
                                currents, variance, mean)
    task = partial(run_stationary, variance=zscore) if callable(zscore) else run_stationary
    return settings, task


def refuse_all(given: dict[str, Any], problem: str, advice: str) -> None:
    """Refuse whatever of these arguments is given."""
    for name, value in given.items():
        if value is not None:
            reject(name, value, problem, advice)


def needed_results(settings) -> set[str]:
    """Names that a stored result must have."""
    if not isinstance(settings, Settings):
        return {"power"}  # an older store holds no means
    in_regions = structure(settings.network).in_regions
    return {"C_x_regions"} if in_regions else set()  # an older store holds no single regions

"""simulate: finite networks, run and measured one quenched network at a time."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from dmft import ResolutionWarning
from dmft.checks import one_of

from .parallel import each
from .runs import CURVES, NUMBERS, Runs
from .settings import Settings, checked
from .store import Store, stored_seed
from .task import check_memory, run

RULES = ("nothing", "still")
QUIESCENT = 1e-6  # variance of x below which there is no activity


def simulate(network, neurons, networks=20, *, trials=8, duration=50.0, dt=0.1, burn_in=None,
             lags=None, rng=None, dtype="float32", discard="nothing", store=None,
             progress=False) -> Runs:
    """Simulate networks of finite size and measure their autocorrelations.

    Each network is drawn once and run as `trials` trajectories from independent normal starts
    that share its couplings, so that a step is one matrix product; as many networks as there are
    cores (and memory) run at once. The step is the exponential
    Adams-Bashforth scheme of second order; white noise has its exact variance per step; the bias
    is drawn per network. Times are in neuronal time constants.

    Parameters
    ----------
    network : Network
        Any network whose ensembles `draw` knows.
    neurons : int or tuple of int
        N, 2 or above; several sizes for the extrapolation in 1/N.
    networks : int
        Networks drawn of each size: the standard errors are over these.
    trials : int
        Trajectories of each network. They make a step of one trajectory several times cheaper,
        but what differs from network to network they cannot average: rather more networks than
        more trials or a longer duration.
    duration : float
        Time over which the correlations' first factor runs; a trajectory lasts
        burn_in + duration + longest lag.
    dt : float
        Step, at most 0.5.
    burn_in : float, optional
        Time before measuring; `settings.default_burn_in` says the rule. `runs.per_network`
        ["drift"] shows whether the variance still changed, and a ResolutionWarning is given when
        it did significantly.
    lags : array_like or Lags, optional
        Lags of C_x and C_phi, each moved to the nearest whole step (see `runs.lags`);
        0, 0.5, 1, 2, 4 by default.
    rng : int, SeedSequence or Generator, optional
        One network of one size has one seed, whatever else is run with it; the draws are the
        same at every dt and dtype. Fresh by default, and kept in `runs.seed_entropy`.
    dtype : "float32" or "float64"
        Of couplings and states; averages are float64.
    discard : "nothing" or "still"
        Rule, fixed beforehand, by which networks are left out: "still" discards those of which a
        trial ended at a fixed point. What it left out is counted in `runs.discarded`.
    store : path-like, optional
        An .npz file that is written after each network; a second call does only what is missing.
    progress : bool
        Show a progress bar on stderr.

    Returns
    -------
    Runs
        Correlations of every network.

    Raises
    ------
    ModelError
        For an argument outside its range, more memory than there is (before anything is drawn),
        or activity that diverges.
    StorageError
        If the store cannot be read or written, or holds runs of other settings.

    Examples
    --------
    >>> from dmft import RandomNetwork
    >>> runs = simulate(RandomNetwork(g=2.0), 100, 4, trials=4, duration=20.0, rng=1)
    >>> runs.per_network["C_x"].shape
    (1, 4, 5)
    """
    one_of("discard", discard, RULES)
    if rng is None and store is not None:
        rng = stored_seed(store)
    settings = checked(network, neurons, networks, trials, duration, dt, burn_in, lags, rng, dtype)
    workers = check_memory(settings)
    kept_results = None if store is None else Store(store, settings)
    tasks = [(size, index) for size in settings.neurons for index in range(settings.networks)]
    results = {task: None if kept_results is None else kept_results.get(*task) for task in tasks}
    missing = [(settings, *task) for task in tasks if results[task] is None]
    for (_, *task), result in each(run, missing, workers, progress):
        results[tuple(task)] = result
        if kept_results is not None:
            kept_results.add(*task, result)
    return _gathered(settings, [results[task] for task in tasks], discard)


def _gathered(settings: Settings, results: list[dict[str, Any]], discard: str) -> Runs:
    shape = (len(settings.neurons), settings.networks)
    arrays = {name: np.array([result[name] for result in results]).reshape(*shape, -1)
              for name in (*CURVES, *NUMBERS)}
    for name in NUMBERS:
        arrays[name] = arrays[name][..., 0]
    for array in arrays.values():
        array.flags.writeable = False
    kept = arrays["still"] == 0 if discard == "still" else np.ones(shape, dtype=bool)
    runs = Runs(settings, arrays, kept, discard)
    _warn_of_drift(runs)
    return runs


def _warn_of_drift(runs: Runs) -> None:
    for size in runs.neurons:
        change, variance = runs.samples("drift", size), runs.samples("C_x", size)[:, 0]
        # Quiescent activity decays for ever: what is left of it has no size to be steady.
        if len(change) < 8 or variance.mean() < QUIESCENT:
            continue
        stderr = change.std(ddof=1) / np.sqrt(len(change))
        if abs(change.mean()) > max(5 * stderr, 0.005):
            warnings.warn(
                f"{size} neurons: the variance of x still changed by {100 * change.mean():.2g} % "
                f"from the first to the second half of the measured time; raise burn_in above "
                f"{runs.settings.burn_in:g}", ResolutionWarning, stacklevel=4)

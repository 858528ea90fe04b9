"""simulate: finite networks, run and measured one quenched network at a time."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from dmft import ResolutionWarning
from dmft.base.checks import one_of, reject

from ..couplings.gains import variances_by_gain
from ..couplings.plastic_resolution import check_oscillation
from ..execution.threads import each
from ..measurements.pair_measures import KINDS
from ..runs.runs import Runs
from ..runs.store import Store, stored_seed
from ..runs.time_runs import TimeRuns
from ..settings.settings import Settings, checked
from ..settings.time_settings import time_checked
from .task import check_memory, run
from .time_task import run_in_time

RULES = ("nothing", "still")
QUIESCENT = 1e-6  # variance of x below which there is no activity


def simulate(network, neurons, networks=20, *, trials=8, duration=None, dt=None, burn_in=None,
             lags=None, times=None, at=None, currents=None, variance=None, pairs=False, rng=None,
             dtype="float32", discard="nothing", store=None, progress=False, dimension=False,
             cross_lags=None, zscore=None, prepare=None) -> Runs | TimeRuns:
    """Simulate networks of finite size, and measure what the theory predicts.

    Each network is drawn once and run as `trials` trajectories that share its couplings, so that a
    step is one matrix product; as many networks as there are cores (and memory) run at once. The
    step is the exponential Adams-Bashforth scheme of second order; white noise has its exact
    variance per step, an external input its value in the middle of the step; the bias is drawn per
    network. Times are in neuronal time constants.

    Without `times` trajectories start from independent unit normals, and after a burn-in the
    stationary autocorrelations are measured, averaged over all units: of a network of several
    regions over all regions, in whichever state those starts lead to. What each region and each
    current does is measured with `times`: there the networks are prepared as the theory is,
    x^mu(0) = sum_rho m^{mu rho} z0^{mu rho} + sqrt(v0_mu) times a unit normal, and observed at
    given times (Clark & Beiran 2025, the two-time equations and their initial conditions).

    Parameters
    ----------
    network : Network
        Any network whose ensembles `draw` knows.
    neurons : int or tuple of int
        N, 2 or above, of each region; several sizes for the extrapolation in 1/N.
    networks : int
        Networks drawn of each size: the standard errors are over these.
    trials : int
        Trajectories of each network. They make a step of one trajectory several times cheaper,
        but what differs from network to network they cannot average: rather more networks than
        more trials or a longer duration.
    duration : float, optional
        Time over which the correlations' first factor runs, 50 by default; a trajectory lasts
        burn_in + duration + longest lag.
    dt : float, optional
        Step, at most 0.5; 0.1 by default, and 0.05 with `times`, where the transient is looked at,
        and with `dimension`, which a step changes ten times as much as it does C_phi(0).
    burn_in : float, optional
        Time before measuring; `settings.default_burn_in` says the rule. `runs.per_network`
        ["drift"] shows whether the variance still changed, and a ResolutionWarning is given when
        it did significantly.
    lags : array_like or Lags, optional
        Lags of C_x and C_phi, each moved to the nearest whole step (see `runs.lags`);
        0, 0.5, 1, 2, 4 by default.
    times : Times, optional
        Prepare the networks and observe them at these times.
    at : array_like, optional
        With `times`: observe at these times only, from 0 to times.stop; all of times.t by default.
        Each is moved to the nearest whole step (see `runs.at`).
    currents : (R, R) array, optional
        With `times`: filtered currents z0 at t = 0, (P,) for a plain sum of ensembles. As for
        `dmft.solve`: needed by a network with currents, unless inputs can make them.
    variance : float or (R,) array, optional
        With `times`: variance v0 of x(0) beside the currents' part, of each region; 1 by default.
    pairs : bool
        With `times`: measure Delta and C_phi at all pairs of the times of observation. The states
        of all these times are kept: give a few by `at`.
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
    dimension : bool
        Measure what pairs of units do: the dimension of activity, (tr C)^2 / (N tr C^2) of the
        covariances of phi and of x, and their four-point functions Psi. Squared covariances are
        taken between independent trials, without a bias of short windows (see `cross_moments`);
        the states at every half time constant are kept. The burn-in is three times as long by
        default, since covariances build up from 0 at the pace of the collective modes;
        `runs.per_network` ["square_drift_phi"] shows whether they still did, and a
        ResolutionWarning is given when they did significantly.
    cross_lags : array_like of pairs, optional
        Signed lags (tau1, tau2) of Psi = N <C_ij(tau1) C_ij(tau2)> over i != j, with C_ij(tau) =
        <phi_i(t) phi_j(t+tau)>, each moved to the nearest half time constant (see
        `runs.cross_lags`); (0, 0), (4, 4), (4, -4) by default. (4, 4) has both covariances with
        unit j later, (4, -4) one of them: they are different quantities.
    zscore : "network", Solution or callable, optional
        With `dimension`: also measure it with each unit's x and phi over their standard
        deviations, as this network shows them ("network"), or as the theory gives them: by a
        solution, or by a function of the units' input gains, u (n,) -> (variance of phi (n,),
        variance of x (n,)). The former differ from the latter at order 1/N, by much of what
        z-scoring does.
    prepare : sequence of (factor, duration) pairs, optional
        Stages before the burn-in, during which the random couplings are multiplied by a factor;
        plastic ones stay as they are. So activity is led to one of several stationary states:
        `validation.ramp(1.5, 3)` comes down from stronger couplings.

    Returns
    -------
    Runs or TimeRuns
        Correlations of every network; with `times`, currents, variances and gains.

    Raises
    ------
    ModelError
        For an argument outside its range, one that belongs to the other kind of simulation, more
        memory than there is (before anything is drawn), or activity that diverges.
    StorageError
        If the store cannot be read or written, or holds runs of other settings.

    Examples
    --------
    >>> from dmft import MultiregionNetwork, RandomNetwork, Times
    >>> runs = simulate(RandomNetwork(g=2.0), 100, 4, trials=4, duration=20.0, rng=1)
    >>> runs.per_network["C_x"].shape
    (1, 4, 5)
    >>> net = MultiregionNetwork(g=0.5, T=[[[1.5, 0.0], [0.0, 0.0]], [[0.0, 0.0], [1.0, 1.0]]])
    >>> runs = simulate(net, 100, 4, times=Times(stop=5, dt=0.5), currents=[[1, 0], [0, 1]], rng=1)
    >>> runs.z.shape, runs.variance.shape
    ((11, 2, 2), (11, 2))
    """
    one_of("discard", discard, RULES)
    if rng is None and store is not None:
        rng = stored_seed(store)
    if times is not None:
        _refuse({"duration": duration, "burn_in": burn_in, "lags": lags,
                 "discard": None if discard == "nothing" else discard,
                 "dimension": dimension or None, "cross_lags": cross_lags, "zscore": zscore,
                 "prepare": prepare},
                "belongs to a stationary simulation", "leave it out, or times")
        in_time = time_checked(network, neurons, networks, trials, times, at,
                               0.05 if dt is None else dt, currents, variance, pairs, rng, dtype)
        return TimeRuns(in_time, _stacked(in_time, _results(run_in_time, in_time, store, progress)))
    _refuse({"at": at, "currents": currents, "variance": variance, "pairs": pairs or None},
            "belongs to a simulation in time", "give times=dmft.Times(stop, dt) too")
    if hasattr(zscore, "C_x"):
        zscore = variances_by_gain(zscore)
    if dt is None:
        dt = 0.05 if dimension is True else 0.1
    settings = checked(network, neurons, networks, trials, 50.0 if duration is None else duration,
                       dt, burn_in, lags, rng, dtype, dimension, cross_lags, zscore, prepare)
    task = partial(run, variance=zscore) if callable(zscore) else run
    return _gathered(settings, _results(task, settings, store, progress), discard)


def _refuse(given: dict[str, Any], problem: str, advice: str) -> None:
    for name, value in given.items():
        if value is not None:
            reject(name, value, problem, advice)


def _results(task: Callable[..., dict[str, Any]], settings, store,
             progress: bool) -> list[dict[str, Any]]:
    """What each network gave, sizes first; what a store has is not run again."""
    workers = check_memory(settings)
    kept_results = None if store is None else Store(store, settings)
    tasks = [(size, index) for size in settings.neurons for index in range(settings.networks)]
    results = {one: None if kept_results is None else kept_results.get(*one) for one in tasks}
    missing = [(settings, *one) for one in tasks if results[one] is None]
    for (_, *one), result in each(task, missing, workers, progress):
        results[tuple(one)] = result
        if kept_results is not None:
            kept_results.add(*one, result)
    return [results[one] for one in tasks]


def _stacked(settings, results: list[dict[str, Any]]) -> dict[str, np.ndarray]:
    """Arrays (S, K, ...) of what each network gave, read-only."""
    arrays = {name: np.array([result[name] for result in results]) for name in results[0]}
    shape = (len(settings.neurons), settings.networks)
    arrays = {name: array.reshape(*shape, *array.shape[1:]) for name, array in arrays.items()}
    for array in arrays.values():
        array.flags.writeable = False
    return arrays


def _gathered(settings: Settings, results: list[dict[str, Any]], discard: str) -> Runs:
    arrays = _stacked(settings, results)
    shape = (len(settings.neurons), settings.networks)
    kept = arrays["still"] == 0 if discard == "still" else np.ones(shape, dtype=bool)
    runs = Runs(settings, arrays, kept, discard)
    _warn_of_drift(runs)
    if runs.lags[0] == 0:
        variance = float(np.mean(arrays["C_phi"][..., 0]))
        check_oscillation(settings.network, variance, settings.dt)
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
        for kind in KINDS if runs.settings.dimension else ():
            change = runs.samples(f"square_drift_{kind}", size)
            stderr = change.std(ddof=1) / np.sqrt(len(change))
            if abs(change.mean()) > max(5 * stderr, 0.02):
                warnings.warn(
                    f"{size} neurons: the squared covariances of {kind} still changed by "
                    f"{100 * change.mean():.2g} % from the first to the second half of the "
                    f"measured time, and the dimension with them; raise burn_in above "
                    f"{runs.settings.burn_in:g}", ResolutionWarning, stacklevel=4)

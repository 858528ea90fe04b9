"""simulate: finite networks, simulated and measured one quenched network at a time."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike

from dmft import Lags, ResolutionWarning, Solution, Times
from dmft.base.annotations import PathLike, Seed, Start
from dmft.base.checks import one_of
from dmft.network.network import AnyNetwork

from ..couplings.plastic_resolution import check_oscillation
from ..measurements.pair_measures import KINDS
from ..runs.runs import Runs
from ..runs.store import Store, stored
from ..runs.time_runs import TimeRuns
from ..settings.settings import Settings, Sizes
from .checked_call import STATIONARY, checked_call, needed_results, refuse_all
from .task import check_memory
from .tuning import (
    FEWEST_FOR_DRIFT,
    LARGEST_DRIFT,
    LARGEST_DRIFT_ERRORS,
    LARGEST_SQUARE_DRIFT,
    QUIESCENT_VARIANCE,
)

RULES = ("nothing", "still")
Zscore = str | Solution | Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]] | None


@overload
def simulate(network: AnyNetwork, neurons: Sizes, networks: int = 20, *, trials: int = 8,
             duration: float | None = None, dt: float | None = None,
             burn_in: float | None = None, lags: ArrayLike | Lags | None = None,
             times: None = None, rng: Seed = None, dtype: str = "float32",
             discard: str = "nothing", store: PathLike | None = None, progress: bool | None = None,
             dimension: bool = False, cross_lags: ArrayLike | None = None, zscore: Zscore = None,
             prepare: ArrayLike | None = None, currents: Start = None,
             variance: Start = None, mean: Start = None) -> Runs: ...
@overload
def simulate(network: AnyNetwork, neurons: Sizes, networks: int = 20, *, trials: int = 8,
             dt: float | None = None, times: Times, at: ArrayLike | None = None,
             currents: Start = None, variance: Start = None, mean: Start = None,
             pairs: bool = False, rng: Seed = None, dtype: str = "float32",
             store: PathLike | None = None, progress: bool | None = None) -> TimeRuns: ...
def simulate(network: AnyNetwork, neurons: Sizes, networks: int = 20, *, trials: int = 8,
             duration: float | None = None, dt: float | None = None,
             burn_in: float | None = None, lags: ArrayLike | Lags | None = None,
             times: Times | None = None, at: ArrayLike | None = None, currents: Start = None,
             variance: Start = None, pairs: bool = False, rng: Seed = None,
             dtype: str = "float32", discard: str = "nothing", store: PathLike | None = None,
             progress: bool | None = None, dimension: bool = False,
             cross_lags: ArrayLike | None = None, zscore: Zscore = None,
             prepare: ArrayLike | None = None, mean: Start = None) -> Runs | TimeRuns:
    """Simulate networks of finite size, and measure the quantities that the theory predicts.

    Each network is drawn once and run as `trials` trajectories that share its couplings, so that a
    step is one matrix product. As many networks run at once as cores and memory allow. Integration
    uses the exponential Adams-Bashforth scheme of second order; white noise has its exact variance
    per step, and an external input its value in the middle of the step; the bias is drawn per
    network. Times are in neuronal time constants.

    Without `times`, trajectories start from independent standard normals, and after a burn-in the
    stationary autocorrelations are measured, averaged over all units. In a network with regions or
    low-rank couplings they are measured in every region too, with its gain and the currents, in the
    state that each trajectory reaches: it is selected by starting there, with `currents`.

    With `times` the networks are started from the initial state of the theory, x^mu(0) = sum_rho
    m^{mu rho} z0^{mu rho} + sqrt(v0_mu) times a standard normal, and observed at given times (Clark
    & Beiran 2025, the two-time equations and their initial conditions).

    Parameters
    ----------
    network : Network
        A network whose ensembles are registered with `draw`.
    neurons : int or tuple of int
        N, 2 or above, of each region or population; several sizes for the extrapolation in 1/N.
        Populations that have shares have N on average, R share N each.
    networks : int
        Networks drawn of each size; standard errors are over these.
    trials : int
        Trajectories of each network. Several make the step of one trajectory several times
        cheaper, but do not reduce the variation between networks: more networks are better than
        more trials or a longer duration.
    duration : float, optional
        Length of the interval of reference times, 50 by default; a trajectory lasts
        burn_in + duration + longest lag.
    dt : float, optional
        Step, at most 0.5; 0.1 by default, and 0.05 with `times`, where transients are measured,
        and with `dimension`, whose relative step error is ten times that of C_phi(0).
    burn_in : float, optional
        Time before measuring; see `settings.default_burn_in` for the default. `runs.per_network`
        ["drift"] is the change of the variance during the measurement; a ResolutionWarning is
        issued when it is significant.
    lags : array_like or Lags, optional
        Lags of C_x and C_phi, each rounded to the nearest whole step (see `runs.lags`);
        0, 0.5, 1, 2, 4 by default.
    times : Times, optional
        Prepare the networks and observe them at these times.
    at : array_like, optional
        With `times`: observe at these times only, from 0 to times.stop; all of times.t by default.
        Each is rounded to the nearest whole step (see `runs.at`).
    currents : (R, R) array, optional
        Filtered currents z0 at t = 0, (P,) for a plain sum of ensembles. With `times`, as in
        `dmft.solve`, required for a network with currents, unless its inputs generate them.
        Without: `state.z` of a stationary state starts all networks there, before the burn-in.
    variance : float or (R,) array, optional
        With `times`, or for a network with regions or low-rank couplings: variance v0 of x(0) in
        each region, without the part of the currents; 1 by default.
    mean : float or (R,) array, optional
        With `times`, or for populations with mean couplings: mean of x(0); 0 by default. The state
        of a unit that is not leaky is the one in which a constant input holds x(0).
    pairs : bool
        With `times`: measure Delta and C_phi at all pairs of the times of observation. The states
        at all these times are stored: give few times by `at`.
    rng : int, SeedSequence or Generator, optional
        The seed of a network depends only on `rng`, its size and its number; the draws are the
        same at every dt and dtype. Fresh by default, and recorded in `runs.seed_entropy`.
    dtype : "float32" or "float64"
        Type of couplings and states; averages are float64.
    discard : "nothing" or "still"
        Rule, fixed in advance, by which networks are discarded: "still" discards those of which a
        trial ended at a fixed point. `runs.discarded` is their number.
    store : path-like, optional
        An .npz file with the results of each network as soon as it has run (where it was rewritten
        a moment ago, in a folder beside it, `<name>.npz.parts`, until the end of the call); a
        second call runs only the missing ones, without `rng` from the seed of the file.
        Several processes may use it at once: they share the networks. Runs that another version
        wrote are used with a StorageWarning. If the file cannot be written any more, as on a full
        disk, the runs are returned, with a StorageWarning.
    progress : bool, optional
        Show a bar on stderr; by default in terminals and notebooks only, after the first second.
    dimension : bool
        Measure pairs of units: the dimension of activity, (tr C)^2 / (N tr C^2) of the covariances
        of phi and of x, and their four-point functions Psi. Squared covariances are products of
        independent trials, without the bias of short windows (see `cross_moments`); the states at
        every half time constant are stored. The default burn-in is three times as long, since
        covariances build up from 0 at the rate of the slow collective modes; `runs.per_network`
        ["square_drift_phi"] is their change during the measurement, and a ResolutionWarning is
        issued when it is significant.
    cross_lags : array_like of pairs, optional
        Signed lags (tau1, tau2) of Psi = N <C_ij(tau1) C_ij(tau2)> over i != j, with C_ij(tau) =
        <phi_i(t) phi_j(t+tau)>, each rounded to the nearest half time constant (see
        `runs.cross_lags`); (0, 0), (4, 4), (4, -4) by default. In (4, 4) unit j is later in both
        covariances, in (4, -4) in one of them: these are different quantities.
    zscore : "network", Solution or callable, optional
        With `dimension`: also measure it with x and phi of each unit divided by their standard
        deviations, either those measured in the same network ("network"), or those of the theory,
        given by a solution, or by a function of the input gains of the units, u (n,) -> (variance
        of phi (n,), variance of x (n,)). The two differ at order 1/N, by an amount comparable with
        the effect of z-scoring itself.
    prepare : sequence of (factor, duration) pairs, optional
        Stages before the burn-in, during which the random couplings are multiplied by a factor;
        plastic couplings are not changed. This selects one of several stationary states:
        `validation.ramp(1.5, 3)` approaches the network from stronger couplings.

    Returns
    -------
    Runs or TimeRuns
        Correlations of every network; with `times`, currents, variances and gains.

    Raises
    ------
    ModelError
        For an argument outside its range, one that belongs to the other kind of simulation, more
        memory than available (before anything is drawn), or activity that diverges.
    StorageError
        If the store cannot be read or written, or holds runs with other settings.

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
    if times is not None and discard != "nothing":
        refuse_all({"discard": discard}, *STATIONARY)
    settings, task = checked_call(
        network, neurons, networks, trials=trials, duration=duration, dt=dt, burn_in=burn_in,
        lags=lags, times=times, at=at, currents=currents, variance=variance, pairs=pairs, rng=rng,
        dtype=dtype, dimension=dimension, cross_lags=cross_lags, zscore=zscore, prepare=prepare,
        mean=mean)
    settings, found = _results(task, settings, store, progress, rng is None)
    if times is not None:
        return TimeRuns(settings, _stacked(settings, found))
    return _gathered(settings, found, discard)


def _results(task: Callable[..., dict[str, Any]], settings, store, progress: bool | None,
             fresh: bool) -> tuple[Any, list[dict[str, Any]]]:
    """The settings, and the results of all networks by size; those in the store are not run again.

    A `fresh` seed gives way to that of the store.
    """
    workers = check_memory(settings)
    tasks = [(size, index) for size in settings.neurons for index in range(settings.networks)]
    kept = None if store is None else Store(store, settings, needed_results(settings), fresh)
    if kept is not None:
        settings = kept.settings
    results = stored(kept, task, settings, tasks, workers, progress)
    return settings, [results[one] for one in tasks]


def _stacked(settings, results: list[dict[str, Any]]) -> dict[str, np.ndarray]:
    """The results of all networks as read-only arrays (S, K, ...)."""
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
        # The activity of a quiescent network decays without limit, and is never stationary.
        if len(change) < FEWEST_FOR_DRIFT or variance.mean() < QUIESCENT_VARIANCE:
            continue
        stderr = change.std(ddof=1) / np.sqrt(len(change))
        if abs(change.mean()) > max(LARGEST_DRIFT_ERRORS * stderr, LARGEST_DRIFT):
            warnings.warn(
                f"{size} neurons: the variance of x still changed by {100 * change.mean():.2g} % "
                f"from the first to the second half of the measured time; raise burn_in above "
                f"{runs.settings.burn_in:g}", ResolutionWarning, stacklevel=4)
        for kind in KINDS if runs.settings.dimension else ():
            change = runs.samples(f"square_drift_{kind}", size)
            stderr = change.std(ddof=1) / np.sqrt(len(change))
            if abs(change.mean()) > max(LARGEST_DRIFT_ERRORS * stderr, LARGEST_SQUARE_DRIFT):
                warnings.warn(
                    f"{size} neurons: the squared covariances of {kind} still changed by "
                    f"{100 * change.mean():.2g} % from the first to the second half of the "
                    f"measured time, and the dimension with them; raise burn_in above "
                    f"{runs.settings.burn_in:g}", ResolutionWarning, stacklevel=4)

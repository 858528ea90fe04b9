"""The solvers of a theory, in a table: the first that takes the structure of a network is used.

They are, in order: paths marched in time (memory, means, units, schedules), the causal march in
time, means of one population and of several, sampled paths of one unit (couplings with memory),
averages over the gains of units, fixed points of the currents (regions), the first integral,
Newton's method on the grid of lags.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from .base import checks
from .base.annotations import Callback, Method, Seed, Start
from .base.convergence import Check
from .base.delivery import deliver
from .ensembles.properties import memory_advice, synapses
from .grids.lags import Lags
from .grids.times import Times
from .lag_grid.lag_iteration import solve_by_lag_iteration
from .network.network import AnyNetwork, Network
from .network.populations import require_constant_input
from .network.preparation import prepared
from .network.regional_mean_field import mean_field
from .network.structure import Structure, structure
from .paths_in_time.path_options import PathOptions
from .paths_in_time.path_solution import SampledTimeSolution
from .paths_in_time.schedule import Schedule
from .paths_in_time.site_in_time import sites_in_time
from .paths_in_time.solve_paths import solve_paths
from .populations.driven_mean import check_driven_mean, solve_driven_mean
from .populations.population_solve import population_map, solve_populations
from .populations.population_states import PopulationStates
from .regions.regional_solve import check_stationary_currents, fixed_points_of_currents
from .regions.stationary_states import StationaryStates
from .sampled.mode_condensation import with_outlier_check
from .sampled.sampled_solve import solve_single_site
from .sampled.sampling_options import SamplingOptions
from .stationary.first_integral_solve import solve_by_first_integral
from .stationary.gaussian_problem import gaussian_problem, reject_memory
from .stationary.heterogeneous_units import average_over_gains, effective_phi
from .stationary.solution import Solution, require_converged
from .stationary.timescales import timescales
from .two_time.solve_in_time import march_once, solve_in_time
from .two_time.time_solution import TimeSolution
from .units.leaky import Leaky

LEAST_TOL = 1e-13  # smaller relative changes of a correlation are rounding of float64
GAINS_TOL = 1e-8  # least for gains: averages over steep and flat units lose digits
STATIONARY_TOL = 1e-10
SAMPLED_TOL = 2e-3  # of the standard error, which costs 1/tol^2 paths
TIME_TOL = 1e-6

PATHS_TOL = 1e-2  # of the standard error of the variance
# a stationary past: half-lives and synaptic time constants before t = 0, and its least tolerance
PAST_HALF_LIVES, PAST_MEMORY_TIMES, PAST_CHANGE = 7.0, 6.0, 0.01

Result = Solution | TimeSolution | SampledTimeSolution | StationaryStates | PopulationStates


@dataclass(frozen=True, eq=False)
class Request:
    """The arguments of one call of `solve`, and the structure of its network."""
    network: AnyNetwork
    structure: Structure
    lags: Lags | None
    times: Times | None
    currents: Start
    variance: Start
    method: Method
    tol: float
    max_iter: int
    initial: Solution | None
    strict: bool
    rng: Seed
    callback: Callback
    options: SamplingOptions | PathOptions | None
    branch: str | None
    schedule: Schedule | None = None
    mean: Start = None


@dataclass(frozen=True)
class Solver:
    """One row of the table: the requests that it takes, its function, and its arguments."""

    name: str
    takes: Callable[[Structure, Times | None, str], bool]
    solve: Callable[[Request], Result]
    tol: float = STATIONARY_TOL
    tol_range: tuple[float, float] = (LEAST_TOL, 1e-2)
    takes_initial: bool = False
    takes_options: bool = False  # of sampling, and a branch
    takes_max_iter: bool = True  # and a tolerance
    check: Callable[[AnyNetwork], object] = lambda network: None  # raises what it does not treat


def solver_of(network: AnyNetwork, own: Structure, times: Times | None, method: Method,
              scheduled: bool = False) -> Solver:
    """The first solver of the table that takes a network of this structure, with a schedule or not.

    Raises
    ------
    ModelError
        If couplings have memory and the method or other parts of the network exclude sampling, or
        for a part of the network that this solver does not treat.
    """
    if method != "auto" and (method == "march") == (times is None):
        kind = "solves in time" if times is None else "stationary solves"
        checks.reject("method", method, f"a method of {kind} only", "give times=dmft.Times(stop, "
                      "dt) too" if times is None else "leave out either method or times")
    if times is None and not own.drift and (own.memory or method == "sampled"):
        if own.in_regions or own.gains is not None:
            in_time = ("give times=dmft.Times(stop, dt), or "
                       if own.memory and not own.low_rank and own.gains is None else "")
            checks.reject("ensembles" if own.memory else "network", network, "has regions, "
                          "currents or gains, and the sampled solver is for identical units",
                          in_time + (memory_advice(*network.ensembles) or "give method='auto'"))
        if method not in ("auto", "sampled"):
            reject_memory(network)
    if times is None:
        require_constant_input(network)
    if scheduled:
        return PATHS_IN_TIME
    found = next(one for one in SOLVERS if one.takes(own, times, method))
    found.check(network)
    return found


def _in_time(given: Request) -> TimeSolution:
    assert given.times is not None
    if given.method == "march":
        return march_once(given.network, given.times, given.currents, given.variance,
                          given.callback)
    return solve_in_time(given.network, given.times, given.currents, given.variance, given.tol,
                         given.callback)


def _by_paths_in_time(given: Request) -> SampledTimeSolution:
    assert given.times is not None
    if given.initial is not None:
        return _from_stationary(given, given.initial)
    start = prepared(given.network, given.currents, given.variance, given.mean)
    return solve_paths(given.network, given.times, (start.means, start.v0), given.schedule,
                       given.options, given.tol, given.method != "march", given.rng, given.callback)


def _from_stationary(given: Request, past: Solution) -> SampledTimeSolution:
    """In time from a stationary past: units start apart, and t = 0 is when they have forgotten it.

    The activity at t = 0 is compared with that of the past.
    """
    assert given.times is not None
    if past.network != given.network:
        checks.reject("initial", past, "a solution of another network", "give dmft.solve(network)")
    require_converged(past)
    if past.branch not in ("chaotic", "driven"):
        checks.reject("initial", past, f"{past.branch}: without activity that forgets its past",
                      "give variance=... in place of initial")
    forgotten = PAST_HALF_LIVES * float(timescales(past).half_life)
    slowest = max((one.p for one in synapses(given.network.ensembles)), default=0.0)
    start = prepared(given.network, None, float(past.C_x[0]), None)
    found = solve_paths(given.network, given.times, (start.means, start.v0), given.schedule,
                        given.options, given.tol, given.method != "march", given.rng,
                        given.callback, max(forgotten, PAST_MEMORY_TIMES * slowest))
    begun, known = found.power[0, 0], past.C_phi[0]
    off = abs(float(begun) - float(known)) - 4 * math.hypot(begun.stderr, known.stderr)
    check = Check("past", max(off, 0.0) / float(known), max(2 * given.tol, PAST_CHANGE),
                  "<phi^2> at t=0 is not that of initial, which the network has left: start from "
                  "variance=... in its place")
    done = found.convergence
    return replace(found, convergence=replace(done, success=done.success and check.passed,
                                              checks=(*done.checks, check)))


def _by_sampled_paths(given: Request) -> Solution:
    assert not isinstance(given.options, PathOptions)  # refused before
    return with_outlier_check(solve_single_site(
        given.network, given.lags, given.tol, given.max_iter, given.initial, given.rng,
        given.callback, given.options, given.branch))


def _with_gains_of_units(given: Request) -> Solution:
    """Solve the network of identical units with an effective phi, then average over the gains."""
    effective = Network(given.network.ensembles, effective_phi(given.network),
                        unit=given.structure.unit)
    own = structure(effective)
    request = replace(given, network=effective, structure=own, tol=max(given.tol, GAINS_TOL),
                      strict=False)
    found = deliver(solver_of(effective, own, None, given.method).solve(request), strict=False)
    return average_over_gains(found, given.network)


def _of_regions(given: Request) -> StationaryStates:
    return fixed_points_of_currents(given.network, lags=given.lags, rng=given.rng,
                                    strict=given.strict, callback=given.callback)


def _of_populations(given: Request) -> PopulationStates:
    return solve_populations(given.network, given.lags, given.tol, given.max_iter, given.rng,
                             given.callback)


def _driven(own: Structure) -> bool:
    """Whether the mean of one population is driven as the map of populations does not treat."""
    return own.drift and own.kinds == 1 and (own.functional or own.memory)


def _with_driven_mean(given: Request) -> PopulationStates:
    def inner(network: Network) -> Solution:
        own = structure(network)
        request = replace(given, network=network, structure=own, method="auto", strict=True,
                          callback=None)
        found = solver_of(network, own, None, "auto").solve(request)
        assert isinstance(found, Solution)
        return deliver(found, True)

    return solve_driven_mean(given.network, inner, given.tol)


def _by_first_integral(given: Request) -> Solution:
    return solve_by_first_integral(given.network, gaussian_problem(given.network), given.lags,
                                   given.tol)


def _by_lag_iteration(given: Request) -> Solution:
    problem = gaussian_problem(given.network) if given.structure.local else None
    return solve_by_lag_iteration(given.network, problem, given.lags, given.tol, given.max_iter,
                                  given.initial, given.callback)


PATHS_IN_TIME = Solver("paths in time",
                       lambda own, times, method: times is not None and (
                           own.memory or own.drift or not isinstance(own.unit, Leaky)),
                       _by_paths_in_time, PATHS_TOL, (1e-4, 0.1), takes_options=True,
                       check=sites_in_time)
SOLVERS = (
    PATHS_IN_TIME,
    Solver("integration in time", lambda own, times, method: times is not None, _in_time, TIME_TOL,
           check=mean_field),
    Solver("driven mean of one population with memory",
           lambda own, times, method: _driven(own) and own.memory, _with_driven_mean, SAMPLED_TOL,
           (1e-4, 0.1), takes_options=True, check=check_driven_mean),
    Solver("driven mean of one population", lambda own, times, method: _driven(own),
           _with_driven_mean, check=check_driven_mean),
    Solver("populations with mean couplings", lambda own, times, method: own.drift,
           _of_populations, check=population_map),
    Solver("sampled paths of a unit", lambda own, times, method: own.memory or method == "sampled",
           _by_sampled_paths, SAMPLED_TOL, (1e-4, 0.1), takes_initial=True,
           takes_options=True),
    Solver("averages over the gains of units", lambda own, times, method: own.gains is not None,
           _with_gains_of_units),
    Solver("fixed points of the currents", lambda own, times, method: own.in_regions, _of_regions,
           takes_max_iter=False, check=check_stationary_currents),
    Solver("first integral", lambda own, times, method: method == "energy" or (
        method == "auto" and own.local), _by_first_integral),
    Solver("iteration on the lags", lambda own, times, method: True, _by_lag_iteration,
           takes_initial=True),
)

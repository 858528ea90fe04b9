"""solve: the theory of a network, by the first solver in a table that applies to its structure.

`SOLVERS` lists them in order: the causal march in time, sampled paths of one unit (couplings with
memory), averages over the gains of units, fixed points of the currents (regions), the first
integral, iteration on the grid of lags.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, overload

from .base import checks
from .base.annotations import Callback, Seed, Start
from .base.delivery import deliver
from .grids.lags import Lags
from .grids.times import Times
from .network.network import AnyNetwork, Network, RegionalNetwork
from .network.structure import Structure, structure
from .regions.regional_solve import fixed_points_of_currents
from .regions.stationary_states import StationaryStates
from .sampled.mode_condensation import with_outlier_check
from .sampled.sampled_solve import solve_single_site
from .sampled.sampling_options import SamplingOptions, check_branch, check_options
from .stationary.first_integral_solve import solve_by_first_integral
from .stationary.gaussian_problem import gaussian_problem, reject_memory
from .stationary.heterogeneous_units import average_over_gains, effective_phi
from .stationary.lag_iteration import solve_by_lag_iteration
from .stationary.solution import Solution
from .two_time.solve_in_time import march_once, solve_in_time
from .two_time.time_solution import TimeSolution

METHODS = ("auto", "energy", "fourier", "sampled", "march")
LEAST_TOL = 1e-13  # smaller relative changes of a correlation are rounding of float64
GAINS_TOL = 1e-8  # least for gains: averages over steep and flat units lose digits
STATIONARY_TOL = 1e-10
SAMPLED_TOL = 2e-3  # of the standard error, which costs 1/tol^2 paths
TIME_TOL = 1e-6

Result = Solution | TimeSolution | StationaryStates


@dataclass(frozen=True, eq=False)
class Request:
    """The arguments of one call of `solve`, and the structure of its network."""

    network: AnyNetwork
    structure: Structure
    lags: Lags | None
    times: Times | None
    currents: Start
    variance: Start
    method: str
    tol: float
    max_iter: int
    initial: Solution | None
    strict: bool
    rng: Seed
    callback: Callback
    options: SamplingOptions | None
    branch: str | None


@dataclass(frozen=True)
class Solver:
    """One row of the table: the requests that it takes, its function, and its arguments."""

    name: str
    takes: Callable[[Structure, Times | None, str], bool]
    solve: Callable[[Request], Result]
    tol: float = STATIONARY_TOL
    tol_range: tuple[float, float] = (LEAST_TOL, 1e-2)
    takes_initial: bool = False


@overload
def solve(network: AnyNetwork, *, times: Times, currents: Start = None, variance: Start = None,
          method: str = "auto", tol: float | None = None, max_iter: int = 5000,
          strict: bool = True, rng: Seed = None, callback: Callback = None) -> TimeSolution: ...
@overload
def solve(network: RegionalNetwork, *, lags: Lags | None = None,  # type: ignore[overload-overlap]
          times: None = None, method: str = "auto", tol: float | None = None, max_iter: int = 5000,
          strict: bool = True, rng: Seed = None, callback: Callback = None) -> StationaryStates: ...
@overload
def solve(network: AnyNetwork, *, lags: Lags | None = None, times: None = None,
          method: str = "auto", tol: float | None = None, max_iter: int = 5000,
          initial: Solution | None = None, strict: bool = True, rng: Seed = None,
          callback: Callback = None, options: SamplingOptions | None = None,
          branch: str | None = None) -> Solution: ...
def solve(network: AnyNetwork, *, lags: Lags | None = None, times: Times | None = None,
          currents: Start = None, variance: Start = None, method: str = "auto",
          tol: float | None = None, max_iter: int = 5000, initial: Solution | None = None,
          strict: bool = True, rng: Seed = None, callback: Callback = None,
          options: SamplingOptions | None = None, branch: str | None = None) -> Result:
    """Solve the dynamical mean-field theory of a network, stationary or in time.

    Stationary (without `times`): finds Delta(tau) = <x(t) x(t+tau)> with

        (1 - d^2/dtau^2) Delta = C_eta(tau) + bias^2 + 2 noise^2 delta(tau),

    where C_eta is the effective noise, a function of C_phi = <phi phi>, and C_phi is an average
    over the Gaussian x of correlation Delta (Sompolinsky, Crisanti & Sommers 1988, the
    self-consistent equation of the local field). Without noise, the largest solution is returned:
    chaotic if the quiescent or static one is unstable. Couplings that return the past of a unit to
    it (plasticity, reciprocity, overlaps of modes) give (1 + d/dt) x = eta + K * phi(x) + xi with a
    memory kernel K. Then x is not Gaussian, and averages are over sampled paths (Clark & Abbott
    2024, the single-site process with a memory of its own past). For regions with currents, each
    fixed point that is found solves the same equations in every region, self-consistently with
    the constant currents (Clark & Beiran 2025, structured states with or without chaos).

    In time (with `times`): the causal two-time equations for x(0) = sum m z(0) + N(0, v0), with
    currents S^{mu nu} = psi^nu sum_rho T^{mu nu rho} z^{nu rho} and variances that evolve together
    (Clark & Beiran 2025, the two-time equations).

    Parameters
    ----------
    network : Network
        `RandomNetwork(...)`, `PlasticNetwork(...)`, `MultiregionNetwork(...)`, any `Network`.
    lags : Lags, optional
        Grid of lags of the solution; by default it follows from the correlation.
    times : Times, optional
        Solve in time, on this grid.
    currents : (R, R) array, optional
        With `times`: filtered currents z at t = 0. Zero by default if there are external inputs;
        otherwise a network with low-rank couplings needs them, since zero currents remain zero.
    variance : float or (R,) array, optional
        With `times`: variance v0 of x(0) without the part of the currents; 1 by default.
    method : {"auto", "energy", "fourier", "sampled", "march"}
        "energy": first integral, a scalar equation and a Chebyshev series, without grid, window or
        critical slowing; the self-consistent map on the grid checks it, and `convergence.error`
        estimates its error (1e-11 or better for g from 1.01 to 20).
        "fourier": iteration of that map to convergence; the first integral checks it.
        "sampled": paths of one unit with its memory; every estimate has its standard error.
        "march", with `times`: one march of second order with the step dt, without refinement.
        "auto": "sampled" for couplings with memory; else "energy" if a first integral exists, else
        "fourier"; with `times` a refined march.
    tol : float, optional
        Tolerance of the iteration and of the checks, relative to Delta(0); 1e-13 or above, 1e-10
        by default. Sampled: the target for the relative standard error of C_phi(0), 1e-4 or
        above, 2e-3 by default. In time: of currents and variances, relative to their largest
        values, 1e-6 by default; the step is halved, with extrapolation, until it is met.
    max_iter : int
        Largest number of iterations.
    initial : Solution, optional
        Start of the iteration, such as the solution at similar parameters; for "fourier" and
        "sampled" only. If its branch does not exist here, an error carries the quiescent state.
    strict : bool
        Raise ConvergenceError if a check fails, or return it with `convergence.success` False.
    rng : int, SeedSequence or Generator, optional
        Seed of a sampled solve, 0 by default; equal seeds give equal results.
    callback : callable, optional
        callback(iteration, residual, state) in each iteration, or in each block of times.
    options : SamplingOptions, optional
        For a sampled solve: numbers of paths, and the length of the window.
    branch : {"quiescent", "static", "chaotic", "driven"}, optional
        For a sampled solve: the branch to find; by default the one with the most activity.

    Returns
    -------
    Solution, TimeSolution or StationaryStates
        Stationary; in time (`times`); or all fixed points of the currents that were found.

    Raises
    ------
    ModelError
        For an argument out of range, a network whose variance diverges, or couplings with memory
        that the method, or a solve in time, does not treat.
    ConvergenceError
        If a check fails or a branch is not found; it has `.solution`, and names what to change.

    Warns
    -----
    ResolutionWarning
        If the grid `lags` is too short or too coarse for the correlation that was found.

    Examples
    --------
    >>> import dmft
    >>> sol = dmft.solve(dmft.RandomNetwork(g=2.0))
    >>> round(float(sol.C_x[0]), 9)
    1.924805414
    >>> start = dmft.solve(dmft.RandomNetwork(g=2.0), times=dmft.Times(stop=5, dt=0.1))
    >>> start.variance.shape
    (51, 1)
    """
    _check_grids_and_start(lags, times, initial)
    checks.one_of("method", method, METHODS)
    own = structure(network)
    solver = solver_of(network, own, times, method)
    tol = checks.within("tol", solver.tol if tol is None else tol, *solver.tol_range)
    max_iter = checks.whole("max_iter", max_iter)
    checks.flag("strict", strict)
    if callback is not None and not callable(callback):
        checks.reject("callback", callback, "not callable",
                      "give a function of (iteration, residual, state)")
    if initial is not None and times is None and not solver.takes_initial:
        checks.reject("initial", initial, f"not used by the solver of this network ({solver.name})",
                      "leave it out, or give method='fourier' (units without gains, in one region)")
    _check_preparation(times, lags=lags, initial=initial, currents=currents, variance=variance)
    check_options(options, solver.solve is _by_sampled_paths)
    check_branch(branch, solver.solve is _by_sampled_paths)
    request = Request(network, own, lags, times, currents, variance, method, tol, max_iter, initial,
                      strict, rng, callback, options, branch)
    return deliver(solver.solve(request), strict)


def solver_of(network: AnyNetwork, own: Structure, times: Times | None, method: str) -> Solver:
    """The first solver of the table that takes a network of this structure.

    Raises
    ------
    ModelError
        If couplings have memory and the method or other parts of the network exclude sampling.
    """
    if times is None and method == "march":
        checks.reject("method", method, "a method of solves in time only",
                      "give times=dmft.Times(stop, dt) too")
    if times is None and (own.memory or method == "sampled"):
        if own.in_regions or own.gains is not None:
            checks.reject("ensembles" if own.memory else "network", network, "has regions, "
                          "currents or gains, and the sampled solver is for identical units",
                          "set reciprocity=0 and overlaps=0, or method='auto'")
        if method not in ("auto", "sampled"):
            reject_memory(network)
    return next(one for one in SOLVERS if one.takes(own, times, method))


def _in_time(given: Request) -> TimeSolution:
    assert given.times is not None
    if given.method == "march":
        return march_once(given.network, given.times, given.currents, given.variance,
                          given.callback)
    return solve_in_time(given.network, given.times, given.currents, given.variance, given.tol,
                         given.callback)


def _by_sampled_paths(given: Request) -> Solution:
    return with_outlier_check(solve_single_site(
        given.network, given.lags, given.tol, given.max_iter, given.initial, given.rng,
        given.callback, given.options, given.branch))


def _with_gains_of_units(given: Request) -> Solution:
    """Solve the network of identical units with an effective phi, then average over the gains."""
    effective = Network(given.network.ensembles, effective_phi(given.network))
    found = solve(effective, lags=given.lags, method=given.method, tol=max(given.tol, GAINS_TOL),
                  max_iter=given.max_iter, strict=False, callback=given.callback)
    return average_over_gains(found, given.network)


def _of_regions(given: Request) -> StationaryStates:
    return fixed_points_of_currents(given.network, lags=given.lags, rng=given.rng,
                                    strict=given.strict, callback=given.callback)


def _by_first_integral(given: Request) -> Solution:
    return solve_by_first_integral(given.network, gaussian_problem(given.network), given.lags,
                                   given.tol)


def _by_lag_iteration(given: Request) -> Solution:
    problem = gaussian_problem(given.network) if given.structure.local else None
    return solve_by_lag_iteration(given.network, problem, given.lags, given.tol, given.max_iter,
                                  given.initial, given.callback)


SOLVERS = (
    Solver("integration in time", lambda own, times, method: times is not None, _in_time, TIME_TOL),
    Solver("sampled paths of a unit", lambda own, times, method: own.memory or method == "sampled",
           _by_sampled_paths, SAMPLED_TOL, (1e-4, 0.1), takes_initial=True),
    Solver("averages over the gains of units", lambda own, times, method: own.gains is not None,
           _with_gains_of_units),
    Solver("fixed points of the currents", lambda own, times, method: own.in_regions, _of_regions),
    Solver("first integral", lambda own, times, method: method == "energy" or (
        method == "auto" and own.local), _by_first_integral),
    Solver("iteration on the lags", lambda own, times, method: True, _by_lag_iteration,
           takes_initial=True),
)


def _check_grids_and_start(lags, times, initial) -> None:
    if lags is not None and not isinstance(lags, Lags):
        checks.reject("lags", lags, "not a grid of lags", "give dmft.Lags(span=100, dt=0.1)")
    if times is not None and not isinstance(times, Times):
        checks.reject("times", times, "not a grid of times", "give dmft.Times(stop=50, dt=0.1)")
    if initial is not None and not isinstance(initial, Solution):
        checks.reject("initial", initial, "not a Solution", "give what dmft.solve returned")


def _check_preparation(times: Times | None, **given: Any) -> None:
    """Reject arguments of a stationary solve with `times`, and initial conditions without it."""
    for name in ("currents", "variance") if times is None else ("lags", "initial"):
        if given[name] is None:
            continue
        if times is None:
            checks.reject(name, given[name], "an initial condition of solves in time only",
                          "give times=dmft.Times(stop, dt) too")
        checks.reject(name, given[name], "an argument of stationary solves only",
                      f"leave out either times or {name}")

"""solve: the theory of a network, by the first solver in a table that applies to its structure."""

from __future__ import annotations

from typing import Any, get_args, overload

import numpy as np

from .base import checks
from .base.annotations import Callback, Method, Seed, Start
from .base.delivery import deliver
from .base.long_call import long_call
from .grids.lags import Lags
from .grids.times import Times
from .network.network import AnyNetwork, RegionalNetwork
from .network.structure import structure
from .paths_in_time.path_options import PathOptions
from .paths_in_time.path_solution import SampledTimeSolution
from .paths_in_time.schedule import Schedule, check_schedule
from .regions.regional_solve import refuse_iteration
from .regions.stationary_states import StationaryStates
from .sampled.sampling_options import SamplingOptions, check_branch, check_options
from .solvers import PATHS_IN_TIME, Request, Result, solver_of
from .stationary.solution import Solution
from .two_time.time_solution import TimeSolution
from .units.unit import Unit

STEPS = 5000  # default of max_iter


@overload
def solve(network: AnyNetwork, *, times: Times, schedule: Schedule, variance: Start = None,
          method: Method = "auto", tol: float | None = None, strict: bool = True,
          rng: Seed = None, callback: Callback = None,
          progress: bool | None = None,
          options: PathOptions | None = None) -> SampledTimeSolution: ...
@overload
def solve(network: RegionalNetwork, *, times: Times, currents: Start = None,
          variance: Start = None, mean: Start = None, method: Method = "auto",
          tol: float | None = None, max_iter: int = STEPS, strict: bool = True, rng: Seed = None,
          callback: Callback = None, progress: bool | None = None) -> TimeSolution: ...
@overload
def solve(network: AnyNetwork, *, times: Times, currents: Start = None, variance: Start = None,
          mean: Start = None, method: Method = "auto", tol: float | None = None,
          max_iter: int = STEPS, strict: bool = True, rng: Seed = None, callback: Callback = None,
          progress: bool | None = None,
          options: PathOptions | None = None) -> TimeSolution | SampledTimeSolution: ...
@overload
def solve(network: RegionalNetwork, *, lags: Lags | None = None,  # type: ignore[overload-overlap]
          times: None = None, method: Method = "auto", tol: float | None = None,
          max_iter: int = STEPS, strict: bool = True, rng: Seed = None,
          callback: Callback = None, progress: bool | None = None) -> StationaryStates: ...
@overload
def solve(network: AnyNetwork, *, lags: Lags | None = None, times: None = None,
          method: Method = "auto", tol: float | None = None, max_iter: int = STEPS,
          initial: Solution | None = None, strict: bool = True, rng: Seed = None,
          callback: Callback = None, progress: bool | None = None,
          options: SamplingOptions | None = None, branch: str | None = None) -> Solution: ...
def solve(network: AnyNetwork, *, lags: Lags | None = None, times: Times | None = None,
          currents: Start = None, variance: Start = None, mean: Start = None,
          method: Method = "auto", tol: float | None = None, max_iter: int = STEPS,
          initial: Solution | None = None,
          strict: bool = True, rng: Seed = None, callback: Callback = None,
          progress: bool | None = None,
          options: SamplingOptions | PathOptions | None = None, branch: str | None = None,
          schedule: Schedule | None = None) -> Result:
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
    (Clark & Beiran 2025, the two-time equations). Couplings with memory or means, units that are
    not leaky, populations, and networks with a `schedule` are solved on sampled paths that are
    marched once, in the basis of their own innovations. Every estimate carries the standard error
    of the sampling; the error of the step in time is `convergence.residual`.

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
        With `times`: variance v0 of x(0) around its mean and without the part of the currents; 1
        by default. (`variance` of a solution in time is <x^2>.)
    mean : float or (R,) array, optional
        With `times`, for solves by paths: mean of x(0) in each population; 0 by default. The state
        of a unit that is not leaky is the one in which a constant input holds x(0).
    method : {"auto", "energy", "fourier", "sampled", "march"}
        "energy": first integral, a scalar equation and a Chebyshev series, without grid, window or
        critical slowing; the integrated self-consistent equation checks it, and
        `convergence.error` estimates its error (1e-11 or better for g from 1.01 to 20).
        "fourier": Newton's method for the map on the lags; a first integral, if any, checks it.
        "sampled": paths of one unit with its memory; every estimate has its standard error.
        "march", with `times`: one march with the step dt, without refinement, of second order; of
        third order for paths (memory, populations, other units, a schedule).
        "auto": "sampled" with memory; else "energy" with a first integral, else "fourier"; with
        `times` a refined march.
    tol : float, optional
        Tolerance of the iteration and of the checks, relative to Delta(0); 1e-13 or above, 1e-10
        by default. Sampled: the target for the relative standard error of C_phi(0), 1e-4 or
        above, 2e-3 by default. In time: of currents and variances, relative to their largest
        values, 1e-6 by default; the step is halved, with extrapolation, until it is met. In time
        by paths: the target for the standard error of the variance, and for its error by the step,
        relative to its largest value, from 1e-4 to 0.1, 1e-2 by default.
    max_iter : int
        Largest number of iterations. Fixed points of currents take neither tol nor max_iter.
    initial : Solution, optional
        Start of the iteration, such as the solution at similar parameters, for "fourier" and
        "sampled" only. If its active branch does not exist here, the error carries the
        quiescent state. With `times`: a chaotic or driven solution of this network, as its
        stationary past in place of a prepared start, for one population without currents; paths
        are marched from seven of its half-lives, or six synaptic time constants, before t = 0 on.
    strict : bool
        Raise ConvergenceError if a check fails (default), or return the solution with
        `convergence.success` False.
    rng : int, SeedSequence or Generator, optional
        Seed of a sampled solve, or of the starts of the search for fixed points of currents; 0 by
        default; equal seeds give equal results. It is checked, and not used, where nothing is
        drawn: a scan gives each network its own.
    callback : callable, optional
        callback(iteration, residual, state) in each iteration or block of times; never called by
        "energy", which does not iterate.
    progress : bool, optional
        Show a bar on stderr from the first second on; by default in terminals and notebooks only.
    options : SamplingOptions or PathOptions, optional
        For a sampled solve: numbers of paths, and the length of the window. In time by paths:
        `PathOptions`, numbers of paths and of sets of paths.
    branch : {"quiescent", "static", "chaotic", "driven"}, optional
        For a sampled solve: the one branch that is requested, where several states can coexist.
        "quiescent" takes no sampling, and fails where it is unstable. By default the solution with
        the most activity is sought, from starts with longer and longer correlation times; the
        quiescent one is returned if none of them keeps its activity.
    schedule : Schedule, optional
        With `times`: plasticity halted and released, factors of couplings and plasticity that
        change in time, and a drive. For networks without currents.

    Returns
    -------
    Solution, TimeSolution, SampledTimeSolution or StationaryStates
        Stationary; in time (`times`); in time with memory or a schedule; or all fixed points of the
        currents that were found.

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
    CostWarning
        Before a sampled solve, or one in time, that takes longer than about a minute.

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
    checks.callable_or_none("callback", callback, "(iteration, residual, state)")
    checks.one_of("method", method, get_args(Method))
    own = structure(network)
    _check_lags_of_unit(lags, own.unit)
    check_schedule(schedule, times is not None)
    in_time = times is not None
    solver = solver_of(network, own, times, method,
                       schedule is not None or (in_time and initial is not None))
    if not solver.takes_max_iter:
        refuse_iteration(tol, max_iter, STEPS)
    tol = checks.within("tol", solver.tol if tol is None else tol, *solver.tol_range)
    max_iter = checks.whole("max_iter", max_iter)
    checks.flag("strict", strict)
    checks.generator(rng)
    if initial is not None and times is None and not solver.takes_initial:
        checks.reject("initial", initial, f"not used by the solver of this network ({solver.name})",
                      "leave it out, or give method='fourier' (units without gains, in one region)")
    _check_preparation(times, lags=lags, initial=initial, currents=currents, variance=variance,
                       mean=mean)
    if mean is not None and solver is not PATHS_IN_TIME:
        checks.reject("mean", mean, f"not used by the solver of this network ({solver.name})",
                      "leave it out; regions start with currents=...")
    if times is None or not solver.takes_options:  # those of paths in time are checked there
        check_options(options, solver.takes_options)
    check_branch(branch, solver.takes_options and times is None)
    with long_call("solve", progress, callback) as report:
        request = Request(network, own, lags, times, currents, variance, method, tol, max_iter,
                          initial, strict, rng, report, options, branch, schedule, mean)
        return deliver(solver.solve(request), strict)


def _check_grids_and_start(lags, times, initial) -> None:
    if lags is not None and not isinstance(lags, Lags):
        checks.reject("lags", lags, "not a grid of lags", "give dmft.Lags(span=100, dt=0.1)")
    if times is not None and not isinstance(times, Times):
        checks.reject("times", times, "not a grid of times", "give dmft.Times(stop=50, dt=0.1)")
    if initial is not None and not isinstance(initial, Solution):
        checks.reject("initial", initial, "not a Solution", "give what dmft.solve returned for a "
                      "network of one population, or leave it out")


def _check_lags_of_unit(lags: Lags | None, unit: Unit) -> None:
    if lags is not None and unit.time_step is not None and lags.dt != unit.time_step:
        checks.reject("lags", lags, "of another step than the units, which are in discrete time",
                      f"give dmft.Lags(span={np.ceil(lags.span):g}, dt={unit.time_step:g})")


def _check_preparation(times: Times | None, **given: Any) -> None:
    """Reject arguments of a stationary solve with `times`, and initial conditions without it."""
    if times is not None and given["initial"] is not None:
        for name in ("currents", "variance", "mean"):
            if given[name] is not None:
                checks.reject(name, given[name], "a start of its own, besides initial, the "
                              "stationary past", f"leave out either {name} or initial")
    for name in ("currents", "variance") if times is None else ("lags",):
        if given[name] is None:
            continue
        if times is None:
            checks.reject(name, given[name], "an initial condition of solves in time only",
                          "give times=dmft.Times(stop, dt) too")
        checks.reject(name, given[name], "an argument of stationary solves only",
                      f"leave out either times or {name}")

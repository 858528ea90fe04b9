"""solve: the stationary theory of a network, by the method that its ensembles allow."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from .base import checks
from .base.errors import ConvergenceError, ResolutionWarning
from .grids.lags import Lags
from .grids.times import Times
from .network.network import AnyNetwork, Network
from .regions.regional_solve import fixed_points, has_regions
from .sampled.mode_condensation import with_outlier_check
from .sampled.sampled_solve import solve_single_site
from .stationary.first_integral_solve import solve_by_energy
from .stationary.gaussian_problem import gaussian_problem, refuse_memory
from .stationary.heterogeneous_units import has_gains, seen_phi, with_gains
from .stationary.lag_iteration import solve_by_fourier
from .stationary.solution import Solution
from .two_time.solve_in_time import solve_in_time

METHODS = ("auto", "energy", "fourier", "sampled")
LEAST_TOL = 1e-13  # float64 cannot show a smaller change of a correlation
GAINS_TOL = 1e-8
STATIONARY_TOL, SAMPLED_TOL, TIME_TOL = 1e-10, 2e-3, 1e-6


def solve(network: AnyNetwork, *, lags: Lags | None = None, times: Times | None = None,
          currents=None, variance=None, method: str = "auto", tol: float | None = None,
          max_iter: int = 5000, initial: Solution | None = None, strict: bool = True, rng=None,
          callback: Callable[[int, float, np.ndarray], None] | None = None) -> Any:
    """Solve the dynamical mean-field theory of a network, stationary or in time.

    Stationary (without `times`): finds Delta(tau) = <x(t) x(t+tau)> with

        (1 - d^2/dtau^2) Delta = C_eta(tau) + bias^2 + 2 noise^2 delta(tau),

    C_eta the noise that the coupling ensembles make from C_phi = <phi phi>, an average over the
    Gaussian x of correlation Delta (Sompolinsky, Crisanti & Sommers 1988, the self-consistent
    equation of the local field). Without noise the largest solution is taken: chaotic where the
    quiescent or static one is unstable. Where couplings return a unit's own past to it
    (plasticity, reciprocity, overlaps of modes), (1 + d/dt) x = eta + K * phi(x) + xi with the
    memory K, and x is not Gaussian: its averages are taken over sampled paths (Clark & Abbott 2024,
    the single-site process with a memory of its own past). For regions with currents the same is
    solved in every region at constant currents, self-consistently with them, for every fixed point
    that is found (Clark & Beiran 2025, structured states with or without chaos inside a region).

    In time (with `times`): the causal two-time equations from the preparation x(0) = sum m z(0) +
    N(0, v0), in which currents S^{mu nu} = psi^nu sum_rho T^{mu nu rho} z^{nu rho} and the
    variances move together (Clark & Beiran 2025, the two-time equations).

    Parameters
    ----------
    network : Network
        `RandomNetwork(...)`, `PlasticNetwork(...)`, `RandomModeNetwork(...)`,
        `MultiregionNetwork(...)`, or any `Network`.
    lags : Lags, optional
        Grid of lags of the solution; chosen from the solution's own rate and width by default.
    times : Times, optional
        Solve in time, on this grid.
    currents : (R, R) array, optional
        With `times`: filtered currents z at t = 0. Zero by default where inputs can make currents;
        else a network with low-rank couplings needs them, since without any there stay none.
    variance : float or (R,) array, optional
        With `times`: variance v0 of x(0) beside the currents' part, of each region; 1 by default.
    method : {"auto", "energy", "fourier", "sampled"}
        "energy": first integral, a scalar root and a Chebyshev series, without grid,
        window or critical slowing; the self-consistent map on the grid is its check, and
        `convergence.error` says how exact it is (1e-11 or better for g from 1.01 to 20).
        "fourier": iteration of that map to convergence; the first integral is its check.
        "sampled": paths of one unit with its own memory; every estimate has its standard error.
        "auto": "sampled" for couplings with memory; else "energy" where it exists, else "fourier".
    tol : float, optional
        Tolerance of the iteration and of the checks, relative to Delta(0); 1e-13 or above, 1e-10
        by default. Sampled: the relative standard error of C_phi(0) that is aimed at, 1e-4 or
        above, 2e-3 by default. In time: of currents and variances, relative to their largest
        values, 1e-6 by default; the step is halved, and extrapolated, until it is met.
    max_iter : int
        Largest number of iterations.
    initial : Solution, optional
        Start of the iteration ("fourier" and "sampled"), for instance a neighbour's solution. Where
        the active branch of it does not exist at these parameters (sampled), that is an error whose
        `.solution` is the quiescent state.
    strict : bool
        Raise ConvergenceError where a check fails (default), or return the solution with
        `convergence.success` False.
    rng : optional
        Seed of a sampled solve, 0 by default: the same gives the same result.
    callback : callable, optional
        callback(iteration, residual, state) in each iteration.

    Returns
    -------
    Solution, TimeSolution or StationaryStates
        Stationary; in time; or all fixed points of the currents that were found.

    Raises
    ------
    ModelError
        For an argument out of range, a network whose variance diverges, or couplings with
        memory where the method, or a solve in time, has none.
    ConvergenceError
        Where a check fails; it carries `.solution` and says what to change.

    Warns
    -----
    ResolutionWarning
        Where `lags` are too few to hold the correlation that was found.

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
    _check_arguments(network, lags, times, initial)
    checks.one_of("method", method, METHODS)
    sampled = times is None and _is_sampled(network, method)
    default = TIME_TOL if times is not None else SAMPLED_TOL if sampled else STATIONARY_TOL
    least, most = (1e-4, 0.1) if sampled else (LEAST_TOL, 1e-2)
    tol = checks.within("tol", default if tol is None else tol, least, most)
    max_iter = checks.whole("max_iter", max_iter)
    checks.flag("strict", strict)
    if callback is not None and not callable(callback):
        checks.reject("callback", callback, "not callable",
                      "give a function of (iteration, residual, state)")
    if times is not None:
        for name, value in (("lags", lags), ("initial", initial)):
            if value is not None:
                checks.reject(name, value, "belongs to a stationary solve",
                              "leave out times, or it")
        found_in_time = solve_in_time(network, times, currents, variance, tol, callback)
        return _deliver(found_in_time, strict)
    for name, value in (("currents", currents), ("variance", variance)):
        if value is not None:
            checks.reject(name, value, "is the preparation of a solve in time",
                          "give times=dmft.Times(stop, dt) too")
    if sampled:
        drawn = solve_single_site(network, lags, tol, max_iter, initial, rng, callback)
        return _deliver(with_outlier_check(drawn), strict)
    if has_gains(network):
        if initial is not None:
            checks.reject("initial", initial, "is for networks of units all alike", "leave it out")
        seen = Network(network.ensembles, seen_phi(network))
        # A mixture of steep and flat averages keeps a digit less than one of them.
        found = solve(seen, lags=lags, method=method, tol=max(tol, GAINS_TOL), max_iter=max_iter,
                      strict=False, callback=callback)
        return _deliver(with_gains(found, network), strict)
    if has_regions(network):
        if initial is not None:
            checks.reject("initial", initial, "is for networks of one region",
                          "give starts= to dmft.fixed_points")
        found = fixed_points(network, lags=lags, rng=rng, strict=strict, callback=callback)
        return _deliver(found, strict)
    local = all(one.noise_gain is not None for one in network.ensembles)
    if method == "energy" or (method == "auto" and local):
        solution = solve_by_energy(network, gaussian_problem(network), lags, tol)
    else:
        problem = gaussian_problem(network) if local else None
        solution = solve_by_fourier(network, problem, lags, tol, max_iter, initial, callback)
    return _deliver(solution, strict)


def _is_sampled(network: AnyNetwork, method: str) -> bool:
    """Whether the stationary solve is by sampled paths."""
    remembers = any(one.has_memory for one in network.ensembles)
    if not remembers and method != "sampled":
        return False
    if has_regions(network) or has_gains(network):
        checks.reject("network" if not remembers else "ensembles", network, "has regions, currents "
                      "or gains, and the sampled single-site solver is of units all alike",
                      "set reciprocity=0 and overlaps=0, or method='auto'")
    if method not in ("auto", "sampled"):
        refuse_memory(network)
    return True


def _check_arguments(network, lags, times, initial) -> None:
    for name in ("ensembles", "phi", "noise", "bias"):
        if not hasattr(network, name):
            checks.reject("network", network, "not a network", "give dmft.RandomNetwork(g=2.0)")
    if lags is not None and not isinstance(lags, Lags):
        checks.reject("lags", lags, "not a grid of lags", "give dmft.Lags(span=100, dt=0.1)")
    if times is not None and not isinstance(times, Times):
        checks.reject("times", times, "not a grid of times", "give dmft.Times(stop=50, dt=0.1)")
    if initial is not None and not isinstance(initial, Solution):
        checks.reject("initial", initial, "not a Solution", "give what dmft.solve returned")


def _deliver(solution, strict: bool):
    """Warn of a coarse grid; raise where a check failed, unless told not to."""
    convergence = solution.convergence
    coarse = [c for c in convergence.checks if c.resolution and not c.passed]
    failed = [c for c in convergence.checks if not c.resolution and not c.passed]
    for check in coarse:
        warnings.warn(f"{check.name} {check.value:.1e}: {check.says}", ResolutionWarning,
                      stacklevel=3)
    if convergence.success and not failed:
        return solution
    # Where the averages of phi are wrong, all else is, and says nothing more.
    failed = [c for c in failed if c.name == "averages"] or failed
    wrong = [f"{c.name} {c.value:.1e} above {c.limit:.0e}: {c.says}" for c in failed]
    if not convergence.success:
        wrong.insert(0, convergence.message)
    message = "; ".join(wrong)
    solution = replace(solution, convergence=replace(convergence, success=False, message=message))
    if strict:
        raise ConvergenceError(message, solution)
    return solution

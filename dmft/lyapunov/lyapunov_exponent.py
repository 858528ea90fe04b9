"""lyapunov_exponent: the largest Lyapunov exponent of a solution, by the method that applies."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from ..averages.gaussian_averages import averages_at, square_slope_at_rest
from ..base.annotations import Seed, Start
from ..base.checks import positive, reject
from ..base.errors import ConvergenceError, ResolutionWarning
from ..base.estimate import Estimate
from ..base.long_call import long_call
from ..ensembles.properties import synaptic_rate, total_gain
from ..equations import stationary as equations
from ..grids.times import Times
from ..network.network import AnyNetwork, unit_of
from ..network.structure import structure
from ..populations.population_states import PopulationStates
from ..spectra.connectivity_spectrum import connectivity_spectrum, edge_growth
from ..stationary.first_integral import orbit
from ..stationary.gaussian_problem import gaussian_problem
from ..stationary.solution import Solution, require_solution
from ..stationary.stationary_variance import stationary_variance
from ..two_time.time_solution import TimeSolution
from ..units.leaky import Leaky
from ..units.unit import Unit
from .current_exponent import current_exponent
from .current_start import network_times_start
from .lag_exponent import lag_exponent
from .population_exponent import population_exponent
from .sampled_exponent import check_perturbations, sampled_exponent
from .schroedinger_problem import ground_state
from .tuning import EXPONENT_TIMES, FAILURE_ERROR, LAG_WARNING_ERROR, WARNING_ERROR


@dataclass(frozen=True, eq=False, repr=False)
class LyapunovExponent(Estimate):
    """The largest Lyapunov exponent, with its convergence under refinement.

    Parameters
    ----------
    value, stderr : float
        lambda_max, per neuronal time constant, and its standard error; the latter is 0 where
        nothing was sampled.
    error : float
        Change of the value under the last refinement, or what the error of the potential causes,
        if that is larger; where paths were sampled, the standard error.
    refinement : tuple of (int, float)
        Number of polynomials (or of time steps) and the exponent that they give, in turn.
    zero_mode : float
        Lowest odd eigenvalue of the Schroedinger problem; without noise it is exactly 0, with
        eigenfunction dDelta/dtau. NaN otherwise.
    """

    error: float = 0.0
    refinement: tuple[tuple[int, float], ...] = ()
    zero_mode: float = np.nan

    def __repr__(self) -> str:
        if self.error <= float(self.stderr):
            return super().__repr__()
        return f"LyapunovExponent({float(self.value):.8g}, error={self.error:.2g})"


def lyapunov_exponent(solution: Solution | PopulationStates | TimeSolution | AnyNetwork, *,
                      times: Times | None = None, currents: Start = None, variance: Start = None,
                      tol: float = 2e-3, rng: Seed = None,
                      progress: bool | None = None) -> LyapunovExponent:
    """Largest Lyapunov exponent of the network's dynamics, or of its currents.

    For a stationary solution it is the exponent of the network: lambda = -1 + sqrt(1 - E0), where
    E0 is the ground-state energy of -psi'' + W psi = E psi on the line of lags, with
    W(tau) = 1 - G <phi'(x(t)) phi'(x(t+tau))> (Sompolinsky, Crisanti & Sommers 1988: the growth of
    the distance of two replicas of one network). It is positive above the transition without
    noise, and noise lowers it. The problem is solved by spectral elements in the even sector on the
    half-line of lags, refined until the exponent changes by less than 1e-9.

    Where couplings have memory (plasticity, reciprocity) the paths are not Gaussian, and lambda is
    found on sampled paths: the rate at which a perturbation exp(lambda t) y generates noise of its
    own amplitude, (1 + lambda + d/dt) y = zeta + int_0^inf exp(-lambda s) K(s) phi'(x) y(t-s) ds,
    <zeta zeta> = G <phi' y phi' y> (the noise of the couplings at another correlation; without
    memory this is the Schroedinger problem). With plastic couplings it is the exponent of units and
    synapses together, and therefore at least -1/p, the rate of perturbations of the synapses alone;
    without random couplings it is the larger one of -1/p and the exponent of a single unit with its
    memory. For other quiescent states, and for linear units, it is the edge of the spectrum of
    -1 + J phi'.

    Populations with mean couplings: the same with W a matrix,
    f_a = abs(H_a(omega - i lambda))^2 FT[sum_b g_ab^2 <phi'_b phi'_b> f_b], for perturbations
    without mean (Kadmon & Sompolinsky 2015, the largest exponent of several populations). It is
    given where it is positive, in a state whose means are stable.

    For a solution in time, and for a network with currents that are started from `currents` and
    `variance`, it is that of the dynamics of currents and variances (the order parameters): the
    growth rate of the distance of two nearby solutions, over the second half of the time. It is
    negative at a fixed point, zero on a limit cycle, and positive where the currents themselves are
    chaotic (Clark & Beiran 2025, chaotic currents), whether or not the activity within the regions
    is chaotic. Chaotic currents amplify every error, so that `dmft.solve(network, times=...)` does
    not converge at late times; their exponent does, and is found from the network directly. Steps
    are halved until it changes by less than its standard errors. Its `stderr` is estimated from
    blocks of the time, its `error` is the last change when the step is halved.

    Parameters
    ----------
    solution : Solution, PopulationStates, TimeSolution or Network
        Any branch of a stationary solution; chaotic populations with one stable state (or
        `states.only(0)`); a solution in time of 32 time constants or longer,
        preferably 400; or a network with currents.
    times : Times, optional
        For a network: grid of times, of 32 time constants or longer; 2000 steps of 0.2 by default.
    currents : (R, R) array, optional
        For a network: filtered currents at t = 0, (P,) for a plain sum of ensembles; required
        without external input.
    variance : float or (R,) array, optional
        For a network: variance of the units at t = 0, as in `dmft.solve`.
    tol : float
        Requested standard error where paths are sampled, which determines their number.
    rng : int, SeedSequence or Generator, optional
        Seed of the sampled paths, where there are any; 0 by default.
    progress : bool, optional
        Show a bar on stderr from the first second on; by default in terminals and notebooks only.

    Returns
    -------
    LyapunovExponent
        Behaves as its value, per neuronal time constant; with `.error`, `.refinement` and
        `.zero_mode`.

    Raises
    ------
    ModelError
        If `solution` is neither a solution nor a network with currents, if the time is too short,
        or if the memory of perturbations is not known for its couplings.
    ConvergenceError
        If the refinement leaves an error above 1e-3, or sampled perturbations do not converge or
        do not decay within the lag window (nearly linear units).

    Warns
    -----
    ResolutionWarning
        If a standard error above `tol` remains, because a smaller one takes too many paths; or if
        the refinement leaves an error above 1e-6.

    Examples
    --------
    >>> from dmft import RandomNetwork, erf, lyapunov_exponent, solve
    >>> round(float(lyapunov_exponent(solve(RandomNetwork(g=2.0, phi=erf)))), 6)
    0.123094
    """
    tol = positive("tol", tol)
    in_time = any(one is not None for one in (times, currents, variance))
    with long_call("lyapunov_exponent", progress, None):
        if isinstance(solution, TimeSolution) or in_time:
            values, stderr = current_exponent(
                *network_times_start(solution, times, currents, variance, EXPONENT_TIMES))
            (_, before), (_, last) = values[-2:]
            return LyapunovExponent(np.asarray(last), np.asarray(stderr), abs(last - before),
                                    tuple(values))
        if isinstance(solution, PopulationStates):
            return _on_lags(*population_exponent(solution))
        require_solution(solution, "use dmft.validation.lyapunov_exponent(network, neurons); for "
                         "the exponent of currents, if it has any, give the network with their "
                         "start, dmft.lyapunov_exponent(network, currents=..., "
                         "times=dmft.Times(400, 0.2))")
        assert isinstance(solution, Solution)
        check_exponent(solution.network)
        if any(one.has_memory for one in solution.network.ensembles):
            return _sampled(solution, tol, rng)
        unit = unit_of(solution.network)
        if isinstance(unit, Leaky):
            return _of_leaky_units(solution)
        if solution.branch in ("quiescent", "static") or solution.network.phi.is_linear:
            return _of_constant_gains(solution, unit)
        return _on_lags(*lag_exponent(solution))


def check_exponent(network: AnyNetwork) -> None:
    """Refuse networks whose stationary exponent is not known, whatever their solution.

    Raises
    ------
    ModelError
        For regions, currents and driven means; couplings whose noise mixes lags; and couplings
        with memory whose perturbations are not derived.
    """
    if beyond := structure(network).beyond_one_site:
        reject("network", network, f"has {beyond}, for which the exponent of a stationary state is "
               "not derived", "use dmft.validation.lyapunov_exponent(network, neurons)" + (
                   "; or give times and the start of its currents"
                   if structure(network).low_rank else ""))
    if any(one.has_memory for one in network.ensembles):
        check_perturbations(network)
    else:
        total_gain(network)


def _of_leaky_units(solution: Solution) -> LyapunovExponent:
    """Without memory: the Schroedinger problem, or the edge of its continuum."""
    problem = gaussian_problem(solution.network)
    state = stationary_variance(problem)
    if state.branch in ("quiescent", "static"):
        stiffness = problem.stiffness(state.total, state.averages)
        return LyapunovExponent(equations.growth_rate(stiffness))
    averages, path = state.averages, orbit(problem, state)

    def potential(tau: np.ndarray) -> np.ndarray:
        return problem.stiffness(path.Delta(tau), averages)

    limit = float(problem.stiffness(state.static, averages))
    depth = limit - float(potential(np.zeros(1))[0])
    if depth < 1e-13:  # linear phi: no well, the exponent is the edge of the continuum
        return LyapunovExponent(equations.growth_rate(limit))
    found = ground_state(potential, limit, float(40 / path.rate))
    # Errors of <phi' phi'> and of Delta shift the potential, and the energy by no more.
    shift = averages.error * abs(limit - depth - 1) + path.error * depth
    error = max(found.error, shift / (2 * (1 + found.exponent)))
    if error > WARNING_ERROR:
        message = (f"lyapunov_exponent: the error is {error:.1e}, the last values being "
                   f"{', '.join(f'{v:.9g}' for _, v in found.refinement[-3:])}: the well of the "
                   "Schroedinger problem is steep; give a smaller g or noise, or a smoother phi")
        if error > FAILURE_ERROR:
            raise ConvergenceError(message)
        warnings.warn(message, ResolutionWarning, stacklevel=3)
    zero_mode = np.nan
    if problem.noise == 0:
        zero_mode = found.elements.lowest_eigenvalue(odd=True)
    return LyapunovExponent(np.asarray(found.exponent), np.zeros(()), error,
                            tuple(found.refinement), zero_mode)


def _of_constant_gains(solution: Solution, unit: Unit) -> LyapunovExponent:
    """Without memory, of units that are not leaky: from the edge of the spectrum."""
    variance = float(solution.C_x[0])
    slope = float(averages_at(solution.network.phi, variance).slope(variance))
    gain = total_gain(solution.network)
    return LyapunovExponent(np.asarray(edge_growth(unit, np.full(2, np.sqrt(gain * slope)))))


def _on_lags(value: float, refinement: tuple[tuple[int, float], ...]) -> LyapunovExponent:
    """An exponent that was found on the lags of a solution, with its change on fewer of them."""
    error = abs(value - refinement[0][1])
    if error > LAG_WARNING_ERROR:
        warnings.warn(f"lyapunov_exponent: the error is {error:.1e} on the lags of the solution: "
                      "solve with lags of a longer span and a smaller dt", ResolutionWarning,
                      stacklevel=3)
    return LyapunovExponent(np.asarray(value), np.zeros(()), error, refinement)


def _sampled(solution: Solution, tol: float, rng) -> LyapunovExponent:
    """With memory: from sampled paths, or from the spectrum of J where phi' is the same for all."""
    network = solution.network
    slowest = synaptic_rate(network.ensembles)
    if solution.branch != "quiescent" and not network.phi.is_linear:
        found = sampled_exponent(solution, tol, rng)
        return LyapunovExponent(found.value, found.stderr, float(found.stderr))
    if np.isfinite(slowest):
        if solution.branch != "quiescent":
            reject("solution", solution, "has linear units with plastic couplings, whose exponent "
                   "is the edge of a continuum that is not derived",
                   "use dmft.validation.lyapunov_exponent(network, ...)")
        # at quiescence plasticity has no effect on the units
        units = edge_growth(unit_of(network), np.full(2, np.sqrt(
            total_gain(network) * square_slope_at_rest(network.phi))))
        return LyapunovExponent(np.asarray(max(float(units), slowest)))
    rate = connectivity_spectrum(network).growth_rate(network.phi, unit_of(network))
    return LyapunovExponent(np.asarray(rate))

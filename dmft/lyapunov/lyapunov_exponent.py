"""The largest Lyapunov exponent, from the Schroedinger problem of two nearby replicas."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.polynomial import legendre
from scipy import linalg

from ..base.checks import positive, reject
from ..base.errors import ConvergenceError, ResolutionWarning
from ..base.estimate import Estimate
from ..ensembles.properties import total_gain
from ..equations import linear_response
from ..equations import stationary as equations
from ..grids.order_parameters import OrderParameters
from ..stationary.first_integral import orbit
from ..stationary.gaussian_problem import gaussian_problem
from ..stationary.solution import Solution
from ..stationary.stationary_variance import stationary_variance
from ..two_time.time_solution import TimeSolution
from .current_exponent import current_exponent
from .sampled_exponent import sampled_exponent

SIZES = (48, 72, 108, 162, 243, 365)  # polynomials, in turn
ACCURACY = 1e-9
WARNED, FAILED = 1e-6, 1e-3  # errors above which it warns, and fails


@dataclass(frozen=True, eq=False, repr=False)
class LyapunovExponent(Estimate):
    """The exponent with its refinement.

    Parameters
    ----------
    value, stderr : float
        lambda_max, per neuronal time constant; of a stationary solution without sampling, hence
        stderr 0.
    error : float
        Change under the last refinement.
    refinement : tuple of (int, float)
        Number of polynomials (of time steps) and the exponent that they give, in turn.
    zero_mode : float
        Lowest odd eigenvalue: 0 exactly without noise (dDelta/dtau is that mode), else NaN.
    """

    error: float = 0.0
    refinement: tuple[tuple[int, float], ...] = ()
    zero_mode: float = np.nan


def lyapunov_exponent(solution: Solution | TimeSolution, *, tol: float = 2e-3,
                      rng=None) -> LyapunovExponent:
    """Largest Lyapunov exponent of the network's dynamics, or of its currents.

    Of a stationary solution, that of the network. With E0 the ground-state energy of
    -psi'' + W psi = E psi on the line of lags, W(tau) = 1 - G <phi'(x(t)) phi'(x(t+tau))>,
    lambda = -1 + sqrt(1 - E0) (Sompolinsky, Crisanti & Sommers 1988: the growth of the distance of
    two replicas of one network).

    Solved by Legendre polynomials on the half line of the even sector, refined until the value
    changes by less than 1e-9. Positive above the transition without noise; noise lowers it.

    Where couplings remember (plasticity, reciprocity) the paths are not Gaussian, and lambda is
    found on sampled paths: the rate at which a perturbation exp(lambda t) y makes as much noise as
    it is made by, (1 + lambda + d/dt) y = zeta + int_0^inf exp(-lambda s) K(s) phi'(x) y(t-s) ds,
    <zeta zeta> = G <phi' y phi' y> (the couplings' own noise at another correlation; without
    memory it is the Schroedinger problem). Of a quiescent state it is that of the units alone;
    synapses by themselves forget at the rate 1/p.

    Of a solution in time, that of the dynamics of currents and variances (the order parameters):
    the growth of the distance of two neighbouring solutions, over the second half of its time, by
    steps of the solution's dt. Negative at a fixed point, zero on a limit cycle, positive where the
    currents themselves are chaotic (Clark & Beiran 2025, chaotic currents), whether or not there is
    chaos inside the regions. Its `stderr` is over blocks of that time, its `error` the change when
    the step is halved.

    Parameters
    ----------
    solution : Solution or TimeSolution
        Any branch. In time: 32 time constants or longer, better 400.
    tol : float
        Standard error that is aimed at, where paths are sampled: they are added until it is met.
    rng : int, SeedSequence or Generator, optional
        Seed of the paths, where they are sampled; 0 by default.

    Returns
    -------
    LyapunovExponent
        Behaves as its value; with `.error`, `.refinement` and `.zero_mode`.

    Raises
    ------
    ModelError
        If `solution` is not a Solution of such a network.
    ConvergenceError
        If the refinement leaves an error above 1e-3, or sampled perturbations do not settle.

    Warns
    -----
    ResolutionWarning
        If it leaves an error above 1e-6; a corner in <phi' phi'>, as of relu, or a steep well slow
        it.
    """
    if isinstance(solution, TimeSolution):
        value, stderr = current_exponent(solution)
        finer, _ = current_exponent(solution, refine=2)
        steps = len(solution.times) - 1
        return LyapunovExponent(np.asarray(finer), stderr, abs(finer - value),
                                ((steps, value), (2 * steps, finer)))
    if not isinstance(solution, Solution):
        reject("solution", solution, "not a Solution", "give what dmft.solve returned")
    if any(one.has_memory for one in solution.network.ensembles):
        return _sampled(solution, positive("tol", tol), rng)
    problem = gaussian_problem(solution.network)
    variance = stationary_variance(problem)
    if variance.branch in ("quiescent", "static"):
        stiffness = problem.stiffness(variance.total, variance.averages)
        return LyapunovExponent(equations.growth_rate(stiffness))
    averages, path = variance.averages, orbit(problem, variance)

    def potential(tau: np.ndarray) -> np.ndarray:
        return problem.stiffness(path.Delta(tau), averages)

    floor = float(problem.stiffness(variance.static, averages))
    depth = floor - float(potential(np.zeros(1))[0])
    if depth < 1e-13:  # linear phi: no well, the exponent is the edge of the continuum
        return LyapunovExponent(equations.growth_rate(floor))
    length, before = float(40 / path.rate), float(np.inf)
    while True:
        refinement, energy = _refine(potential, length)
        value = refinement[-1][1]
        error = abs(value - refinement[-2][1])
        # The box is long enough where the ground state ends in it, or where a shorter one gave
        # the same value (a well so shallow that its state hardly decays).
        decay = float(np.sqrt(max(floor - energy, 0.0))) * length
        if decay > 20 or abs(value - before) < ACCURACY:
            break
        length, before = 2 * length, value
    if error > WARNED:
        message = (f"lyapunov_exponent: known to {error:.1e} only, the last values being "
                   f"{', '.join(f'{v:.9g}' for _, v in refinement[-3:])}: the well is steep; a "
                   "smaller g or noise, or a smoother phi, makes it smooth")
        if error > FAILED:
            raise ConvergenceError(message)
        warnings.warn(message, ResolutionWarning, stacklevel=2)
    zero_mode = np.nan
    if problem.noise == 0:
        zero_mode = _lowest(potential, length, refinement[-1][0], odd=True)
    return LyapunovExponent(np.asarray(value), 0.0, error, tuple(refinement), zero_mode)


def _sampled(solution: Solution, tol: float, rng) -> LyapunovExponent:
    """Where couplings remember: on sampled paths, or at rest, where plastic ones do not act."""
    network, branch = solution.network, solution.branch
    if branch != "quiescent":
        found = sampled_exponent(solution, tol, rng)
        return LyapunovExponent(found.value, found.stderr, float(found.stderr))
    order = OrderParameters(solution.lags, np.zeros(len(solution.lags)), 0.0,
                            linear_response.lowpass(solution.lags.omega))
    if any(np.any(one.memory(order)) or one.noise_gain is None for one in network.ensembles):
        reject("solution", solution, "is at rest, and its couplings return what units do there",
               "ask dmft.jacobian_spectrum(network).growth_rate(network.phi)")
    gain = total_gain(network)
    return LyapunovExponent(equations.growth_rate(1 - gain * network.phi.slope_at_zero**2))


def _refine(potential, length: float) -> tuple[list[tuple[int, float]], float]:
    """Exponents at growing size, until two agree or the largest is reached."""
    found: list[tuple[int, float]] = []
    energy = float(np.nan)
    for size in SIZES:
        energy = _lowest(potential, length, size)
        found.append((size, float(equations.growth_rate(energy))))
        if len(found) > 1 and abs(found[-1][1] - found[-2][1]) < ACCURACY:
            break
    return found, energy


def _lowest(potential, length: float, size: int, odd: bool = False) -> float:
    """Lowest eigenvalue of -d^2/dtau^2 + potential on [0, length], even or odd about zero.

    Galerkin in normalised Legendre polynomials: the even sector has zero slope at tau = 0 by
    itself (the natural condition); the odd one is spanned by neighbours' sums, which vanish
    there.
    """
    x, weight = legendre.leggauss(2 * size)
    basis = legendre.legvander(x, size - 1)
    n = np.arange(size)
    low = np.minimum.outer(n, n)
    kinetic = np.where(np.add.outer(n, n) % 2 == 0, low * (low + 1.0), 0.0) * (2 / length) ** 2
    matrix = kinetic + basis.T * (weight * potential(length * (1 + x) / 2)) @ basis
    mass = np.diag(2 / (2 * n + 1))
    if odd:
        pairs = np.eye(size, size - 1) + np.eye(size, size - 1, k=-1)
        matrix, mass = pairs.T @ matrix @ pairs, pairs.T @ mass @ pairs
    return float(linalg.eigh(matrix, mass, eigvals_only=True, subset_by_index=[0, 0])[0])

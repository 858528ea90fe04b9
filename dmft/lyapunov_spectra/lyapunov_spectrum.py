"""lyapunov_spectrum: all Lyapunov exponents of a large network, by the theory of one unit."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np

from ..averages.line_panels import line_nodes
from ..averages.partition import partition
from ..averages.tuning import GAUSSIAN_RANGE
from ..base.annotations import Seed
from ..base.checks import generator, positive, reject, whole
from ..base.convergence import Check, Convergence
from ..base.errors import ConvergenceError, ModelError, ResolutionWarning
from ..base.estimate import Estimate
from ..ensembles.properties import check_tangent_functional, tangent_functional
from ..lyapunov.lyapunov_exponent import lyapunov_exponent
from ..network.gains import unit_gains
from ..network.network import require_leaky
from ..network.nonlinearity import Nonlinearity
from ..stationary.first_integral import orbit
from ..stationary.gaussian_problem import gaussian_problem
from ..stationary.solution import Solution, require_converged
from ..stationary.stationary_variance import Variance, stationary_variance
from .constant_gains import ConstantGains
from .spectrum_result import LyapunovSpectrum
from .tangent_kernels import Functional
from .thresholds import SampledSpectrum, Threshold, sampled_spectrum, thresholds
from .tuning import (
    COARSER_STEP,
    COARSER_WINDOW,
    CONSTANT_NODES,
    ERROR_LIMIT,
    FEATURE_LIMIT,
    RESIDUAL_LIMIT,
    TANGENT_STEPS,
    TANGENT_TOL,
    WINDOW_DECAY,
)
from .window import make_window

LEAST_PATHS = 32


def lyapunov_spectrum(solution: Solution, *, paths: int = 48, window: float | None = None,
                      dt: float | None = None, rng: Seed = None) -> LyapunovSpectrum:
    r"""Lyapunov spectrum of a network of many units, by the theory of a single unit.

    Exponents are shifted by s and counted by the tangent dynamics with a source,
    (d/dt + 1 + s - J D) v = source, D = diag phi'(x(t)). Its average over the couplings leaves one
    unit on a path of its gain d(t), and a function that is stationary in two kernels A and P:

    .. math:: \Omega(a) = \frac{1}{T}\langle\log\det(d\,Y d + L^\top A^{-1} L)\rangle
       + \int\frac{d\omega}{2\pi}[\log A - A P - Y B + w(BP) - \log(a^2+\omega^2)] + a

    with a = 1 + s, L = d/dt + a, A = w'(BP) B, Y = w'(BP) P, and w(x) = g^2 x for independent
    couplings, w(x) = <log(1 + D^2 x)> for random modes of strengths D. It is
    twice (1/2N) sum abs(s - lambda_i), so that psi(s) = (Omega - a)/2 is the sum of lambda_i - s
    over exponents above s, over N, and 1 - F = -dpsi/ds. Entropy rate and dimension follow:
    h = psi(0) and D_KY/N = min over s < 0 of psi(s)/abs(s). The spectrum is symmetric about -1.

    Gains are sampled. log det of a path is nearly linear in time averages whose exact means are
    known, since x is Gaussian: paths are weighted so that these means are exact. At a fixed point
    frequencies decouple and nothing is sampled.

    Parameters
    ----------
    solution : Solution
        Of a network of leaky units without gains, whose couplings are independent or random
        modes without overlaps (or sums of them), with white noise or quenched bias.
    paths : int
        Sampled paths of the gain, 32 or more; standard errors decrease like 1/sqrt(paths).
    window, dt : float, optional
        Length and step of the periodic window of the paths, in neuronal time constants. By default
        C_x has decayed to 0.002 at half of the window, and dt is 0.5, or 2/g if that is shorter,
        and 0.25 with white noise.
    rng : int, SeedSequence or Generator, optional
        Seed of the paths; 0 by default.

    Returns
    -------
    LyapunovSpectrum
        `.F(s)`, `.density(s)`, `.entropy_rate`, `.dimension`, `.s_ky`, `.largest`, each with its
        standard error from sampling, and `.convergence`, whose `error` is the relative change
        of psi when the window is shorter and the step longer by a factor 1.4.

    Raises
    ------
    ModelError
        If `solution` is not a converged stationary solution; for couplings with memory (plastic,
        reciprocal or overlapping), regions, low-rank couplings, units that are not leaky or have
        gains, a phi with break-points while the activity fluctuates; and for arguments outside
        their range.
    ConvergenceError
        If the kernels do not converge; `.solution` is the spectrum that was reached.

    Warns
    -----
    ResolutionWarning
        If C_x has not decayed in the window, psi changes on the coarser one by more than 3 %, or
        the paths are too few for the exact means of their features.

    Examples
    --------
    >>> import dmft
    >>> found = dmft.lyapunov_spectrum(dmft.solve(dmft.RandomNetwork(g=3.0)), paths=32)
    >>> print(f"{found.entropy_rate.value:.4f} {found.dimension.value:.3f} {found.s_ky.value:.2f}")
    0.0032 0.061 -0.19
    """
    require_converged(solution)
    paths = whole("paths", paths, least=LEAST_PATHS)
    window = None if window is None else positive("window", window)
    dt = None if dt is None else positive("dt", dt)
    if window is not None and dt is not None and window < 8 * dt:
        reject("window", window, "shorter than 8 steps", "give a longer window or a smaller dt")
    rng = generator(rng)
    network = solution.network
    check_tangent_functional(network.ensembles)
    require_leaky(network, "the Lyapunov spectrum",
                  "use dmft.validation.lyapunov_spectrum(network, neurons)")
    if unit_gains(network) is not None:
        reject("gains", unit_gains(network), "the Lyapunov spectrum of units with gains is not "
               "built", "give a network without gains")

    def functional(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return tangent_functional(network.ensembles, x)

    problem = gaussian_problem(network)
    variance = stationary_variance(problem)
    exponent = lyapunov_exponent(solution)
    largest = Estimate(exponent.value, exponent.stderr)
    if variance.branch in ("quiescent", "static") or network.phi.is_linear:
        return _of_constant_gains(solution, variance, functional, largest)
    if not _smooth(network.phi, float(np.sqrt(variance.total))):
        reject("phi", network.phi, "has break-points, for which the exact means are not built",
               "give a smooth phi, such as dmft.tanh")
    path = orbit(problem, variance)
    slopes = variance.averages.slope

    def sampled(length: float | None, step: float | None) -> SampledSpectrum:
        ring = make_window(path.Delta, variance.static, path.rate, problem.gain, problem.noise,
                           length, step)
        return sampled_spectrum(network.phi, ring, slopes(ring.covariance), functional, paths, rng)

    fine = sampled(window, dt)
    nodes = fine.at_all(thresholds(float(largest)))
    found = _result(largest, nodes, _atom(functional), _convergence(fine, nodes, np.nan))
    for _ in range(TANGENT_STEPS if float(largest) > 0 else 0):
        s = float(found.s_ky)
        if min(abs(one.a - 1 - s) for one in nodes) < TANGENT_TOL * abs(s):
            break
        nodes = sorted([*nodes, fine.at(1 + s)], key=lambda one: one.a)
        found = _result(largest, nodes, found.atom, found.convergence)
    reference = min(nodes, key=lambda one: abs(one.a - 1))
    coarse = sampled(fine.window.length / COARSER_WINDOW, fine.window.dt * COARSER_STEP)
    error = abs(coarse.at(reference.a).excess / reference.excess - 1)
    found = replace(found, convergence=_convergence(fine, nodes, error))
    return _delivered(found)


def _smooth(phi: Nonlinearity, width: float) -> bool:
    """Whether phi' has no break-points, declared or not."""
    try:
        partition(phi, GAUSSIAN_RANGE * width)
    except ModelError:
        return False
    return not phi.kinks


def _of_constant_gains(solution: Solution, variance: Variance, functional: Functional,
                       largest: Estimate) -> LyapunovSpectrum:
    phi = solution.network.phi
    if variance.total == 0 or phi.is_linear:
        if 0.0 in phi.kinks:
            reject("phi", phi, "has a break-point at x = 0, where all units rest",
                   "give a phi with a slope there")
        gains = ConstantGains(np.array([phi.slope_at_zero]), np.ones(1), functional)
    else:
        x, weights = line_nodes(phi, float(np.sqrt(variance.total)))
        gains = ConstantGains(np.asarray(phi.derivative(x), dtype=float), weights, functional)
    if gains.edge == 0:
        reject("phi", phi, "has slope 0 at rest: all exponents are -1",
               "give couplings and a phi with a slope")
    # denser near the edge, where the density has a root
    at = gains.edge * np.sin(np.pi / 2 * (np.arange(CONSTANT_NODES) + 0.5) / CONSTANT_NODES)
    nodes = [Threshold(a, *gains.values(a), np.zeros(0), 0.0, 0) for a in at]
    atom = 1 - 2 * gains.values(1e-9 * gains.edge)[1]
    done = Convergence(True, 0, 0.0, 0.0, "constant gains", "gains are constant in time")
    return _result(largest, nodes, atom, done)


def _result(largest: Estimate, nodes: list[Threshold], atom: float,
            convergence: Convergence) -> LyapunovSpectrum:
    """The result with the edge as its last threshold."""
    edge = Threshold(float(largest) + 1, 0.0, 0.0, np.zeros_like(nodes[0].influence), 0.0, 0)
    every = [*nodes, edge]
    return LyapunovSpectrum(
        largest, np.array([one.a - 1 for one in every]), np.array([one.excess for one in every]),
        np.array([one.fraction for one in every]), np.array([one.influence for one in every]),
        atom, convergence)


def _atom(functional: Functional) -> float:
    """Fraction of exponents at -1: couplings of rank alpha N < N leave 1 - alpha there."""
    huge = np.full(1, 1e12)
    return max(0.0, 1 - float((huge * functional(huge)[1])[0]))


def _convergence(fine: SampledSpectrum, nodes: list[Threshold], error: float) -> Convergence:
    residual = max(one.residual for one in nodes)
    checks = (
        Check("decay of C_x in half of the window", fine.window.decay, 1.5 * WINDOW_DECAY,
              "give a longer window", resolution=True),
        Check("change on a coarser window", 0.0 if np.isnan(error) else error, ERROR_LIMIT,
              "give a longer window and a smaller dt, or more paths", resolution=True),
        Check("distance of the features from their means", fine.feature_error, FEATURE_LIMIT,
              "give more paths", resolution=True),
        Check("residual of the kernels", residual, RESIDUAL_LIMIT,
              "give more paths or a longer window"))
    return Convergence(bool(residual <= RESIDUAL_LIMIT), sum(one.sweeps for one in nodes), residual,
                       error, "sampled gains", f"{len(nodes)} thresholds", checks)


def _delivered(found: LyapunovSpectrum) -> LyapunovSpectrum:
    failed = [check for check in found.convergence.checks if not check.passed]
    for check in failed:
        message = (f"lyapunov_spectrum: {check.name} is {check.value:.2g}, above "
                   f"{check.limit:.2g}: {check.says}")
        if not check.resolution:
            raise ConvergenceError(message, found)
        warnings.warn(message, ResolutionWarning, stacklevel=3)
    return found

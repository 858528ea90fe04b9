"""lyapunov_spectrum: all Lyapunov exponents of a large network, by the theory of one unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ..averages.gaussian_averages import has_corner_at_rest
from ..averages.line_panels import line_nodes
from ..averages.partition import partition
from ..averages.tuning import GAUSSIAN_RANGE
from ..base.annotations import Seed
from ..base.checks import flag, generator, positive, reject, whole
from ..base.convergence import Convergence
from ..base.errors import ModelError
from ..base.estimate import Estimate
from ..base.long_call import long_call
from ..ensembles.properties import (
    check_tangent_functional,
    random_modes,
    synapses,
    tangent_feedback,
    tangent_functional,
    total_gain,
)
from ..equations import lyapunov_spectra as equations
from ..lyapunov.lyapunov_exponent import lyapunov_exponent
from ..network.gains import unit_gains
from ..network.network import AnyNetwork, require_leaky
from ..network.nonlinearity import Nonlinearity
from ..stationary.first_integral import orbit
from ..stationary.gaussian_problem import gaussian_problem
from ..stationary.solution import Solution, require_converged
from ..stationary.stationary_variance import stationary_variance
from .assembly import assembled, finished
from .constant_gains import ConstantGains
from .spectrum_result import LyapunovSpectrum
from .tangent_kernels import Functional
from .thresholds import SampledSpectrum, Threshold, sampled_spectrum, thresholds
from .tuning import CONSTANT_NODES
from .window import make_window
from .with_memory import with_memory

LEAST_PATHS, MOST_PATHS = 32, 65536


def lyapunov_spectrum(solution: Solution, *, paths: int = 48, window: float | None = None,
                      dt: float | None = None, full: bool = True,
                      rng: Seed = None, progress: bool | None = None) -> LyapunovSpectrum:
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

    With plastic couplings the tangent of a unit has a memory of its own past, and L becomes
    L - M d with M(tau) = (k/p) exp(-(s + 1/p) tau) C(tau) for tau > 0; with reciprocity r it is
    M = r g^2 S, where S is the response of phi in the tangent dynamics, a third kernel, and Omega
    has r g^2 int S^2 in addition. The site is not Gaussian then: the means of the time averages
    come from some thousand cheap paths. The spectrum is not symmetric about -1. It is that of the N
    exponents above -1/p; N^2 - O(N) exponents of the synapses are at -1/p.

    Parameters
    ----------
    solution : Solution
        Of a network of leaky units without gains, whose couplings are independent (with or without
        reciprocity), plastic, or random modes without overlaps, or sums of them, with white noise
        or quenched bias.
    paths : int
        Sampled paths of the gain, 32 to 65536; standard errors decrease like 1/sqrt(paths).
    window, dt : float, optional
        Length and step of the periodic window of the paths, in neuronal time constants. By default
        C_x has decayed to 0.002 at half of the window, or with memory the window is four times as
        long as the lag at which C_phi falls to a tenth; dt is 0.5, or 2/g if that is shorter, and
        0.25 with white noise.
    full : bool
        False solves the few thresholds that entropy rate and dimension need, three to four times as
        fast; F and the density are then refused below them. At fixed points it has no effect.
    rng : int, SeedSequence or Generator, optional
        Seed of the paths; 0 by default.
    progress : bool, optional
        Show a bar on stderr from the first second on; by default in terminals and notebooks only.

    Returns
    -------
    LyapunovSpectrum
        `.F(s)`, `.density(s)`, `.entropy_rate`, `.dimension`, `.s_ky`, `.largest`, each with its
        standard error from sampling, and `.convergence`, whose `error` is the relative change
        of psi when the window is shorter and the step longer by a factor 1.4. With memory `.F(s)`
        and `.density(s)` refuse s below `.thresholds[0]`, and `.largest` is the edge of the
        spectrum, which is compared with `lyapunov_exponent`.

    Raises
    ------
    ModelError
        If `solution` is not a converged stationary solution; for modes with overlaps, regions,
        low-rank couplings, units that are not leaky or have gains, a phi with break-points while
        the activity fluctuates; static states, and linear units, of couplings with memory; a
        plastic network without exponents of units above -1/p; and for arguments outside their
        range.
    ConvergenceError
        If the kernels do not converge (`.solution` is the spectrum that was reached); or if the
        causal response of single units, from which errors of the window are told, is not found
        with reciprocity.

    Warns
    -----
    ResolutionWarning
        If C_x has not decayed in the window, psi changes on the coarser one by more than 3 %, or
        the paths are too few for the exact means of their features; with memory also if the cheap
        paths differ from the solution, the edge differs from `lyapunov_exponent`, or s_KY lies
        below the lowest threshold.

    Examples
    --------
    >>> import dmft
    >>> found = dmft.lyapunov_spectrum(dmft.solve(dmft.RandomNetwork(g=3.0)), paths=32)
    >>> print(f"{found.entropy_rate.value:.4f} {found.dimension.value:.3f} {found.s_ky.value:.2f}")
    0.0032 0.061 -0.19
    """
    require_converged(solution)
    paths = whole("paths", paths, least=LEAST_PATHS)
    if paths > MOST_PATHS:
        reject("paths", paths, f"above {MOST_PATHS}", "give fewer; a matrix of the window is "
               "factorised for each of them")
    window = None if window is None else positive("window", window)
    dt = None if dt is None else positive("dt", dt)
    if window is not None and dt is not None and window < 8 * dt:
        reject("window", window, "shorter than 8 steps", "give a longer window or a smaller dt")
    rng = generator(rng)
    full = flag("full", full)
    network = solution.network
    check_tangent_functional(network.ensembles)
    require_leaky(network, "the Lyapunov spectrum",
                  "use dmft.validation.lyapunov_spectrum(network, neurons)")
    if unit_gains(network) is not None:
        reject("gains", unit_gains(network), "the Lyapunov spectrum of units with gains is not "
               "built", "give a network without gains")
    width = float(np.sqrt(solution.C_x.value[0]))
    resting = solution.branch == "quiescent" or network.phi.is_linear
    if not resting and solution.branch != "static" and not _smooth(network.phi, width):
        reject("phi", network.phi, "has break-points, for which the exact means are not built",
               "give a smooth phi, such as dmft.tanh")
    memory = any(one.has_memory for one in network.ensembles)
    if resting or (solution.branch == "static" and not memory):
        return _of_constant_gains(solution)
    compute = with_memory if memory else _without_memory
    with long_call("lyapunov_spectrum", progress, None, counts=True) as report:
        return compute(solution, paths, window, dt, full, rng, report)


def _without_memory(solution: Solution, paths: int, window: float | None, dt: float | None,
                    full: bool, rng: np.random.Generator, report: Callable | None
                    ) -> LyapunovSpectrum:
    """The spectrum of Gaussian units, whose features have exact means."""
    network = solution.network
    functional = _functional(network)
    problem = gaussian_problem(network)
    variance = stationary_variance(problem)
    exponent = lyapunov_exponent(solution)
    path = orbit(problem, variance)
    slopes = variance.averages.slope

    def sampled(length: float | None, step: float | None) -> SampledSpectrum:
        ring = make_window(path.Delta, variance.static, path.rate, problem.gain, problem.noise,
                           length, step)
        return sampled_spectrum(network.phi, ring, slopes(ring.covariance), functional, paths, rng)

    fine = sampled(window, dt)
    nodes = fine.at_all(thresholds(float(exponent), full=full), report)
    atom = _atom(functional)
    nodes = [_on_infinite_window(one, atom, fine.window.length) for one in nodes]
    start = Convergence(True, 0, 0.0, 0.0, "sampled gains", "")
    largest = Estimate(exponent.value, exponent.stderr)
    found = assembled(largest, nodes, atom, start, network,
                      full or float(exponent) <= 0)
    return finished(fine, nodes, found, sampled)


def _functional(network: AnyNetwork) -> Functional:
    def functional(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return tangent_functional(network.ensembles, x)

    return functional


def _smooth(phi: Nonlinearity, width: float) -> bool:
    """Whether phi' has no break-points, declared or not."""
    try:
        partition(phi, GAUSSIAN_RANGE * width)
    except ModelError:
        return False
    return not phi.kinks


def _of_constant_gains(solution: Solution) -> LyapunovSpectrum:
    network, phi = solution.network, solution.network.phi
    width, functional = float(np.sqrt(solution.C_x.value[0])), _functional(network)
    if solution.branch == "quiescent" or phi.is_linear:
        if has_corner_at_rest(phi):
            reject("phi", phi, "has a corner at x = 0, where all units rest",
                   "give a phi with one slope there")
        d = phi.slope_at_zero * _stretch(solution)
        gains = ConstantGains(np.array([d]), np.ones(1), functional)
    else:
        x, weights = line_nodes(phi, width)
        gains = ConstantGains(np.asarray(phi.derivative(x), dtype=float), weights, functional)
    if gains.edge == 0:
        reject("solution", solution, "has no spectrum: all exponents are -1, as g or the slope of "
               "phi at rest is 0 (within rounding), or J is antisymmetric",
               "give couplings and a phi with a slope")
    # denser near the edge, where the density has a root
    at = gains.edge * np.sin(np.pi / 2 * (np.arange(CONSTANT_NODES) + 0.5) / CONSTANT_NODES)
    nodes = [Threshold(a, *gains.values(a), np.zeros(0), 0.0, 0) for a in at]
    atom = 1 - 2 * gains.values(1e-9 * gains.edge)[1]
    done = Convergence(True, 0, 0.0, 0.0, "constant gains", "gains are constant in time")
    return assembled(Estimate(gains.edge - 1), nodes, atom, done, network)


def _stretch(solution: Solution) -> float:
    """1 + r: with one gain, eigenvalues of J fill an ellipse of half-width g (1 + r).

    Their real parts have a semicircle of this radius. At rest synapses do not act on the units.
    """
    network = solution.network
    feedback = tangent_feedback(network.ensembles)
    if feedback and random_modes(network.ensembles):
        reject("ensembles", network.ensembles, "a sum of random modes and of couplings with "
               "reciprocity, whose eigenvalues do not fill an ellipse", "set reciprocity=0")
    if synapses(network.ensembles) and solution.branch != "quiescent" and any(
            one.k for one in synapses(network.ensembles)):
        reject("solution", solution, "has linear units with plastic couplings, whose spectrum is "
               "not derived", "use dmft.validation.lyapunov_spectrum(network, neurons)")
    return float(equations.ellipse_stretch(feedback / total_gain(network))) if feedback else 1.0


def _on_infinite_window(one: Threshold, atom: float, length: float) -> Threshold:
    """A threshold without what the periodic window adds to the exponents at -1.

    On a window of length T such an exponent contributes log(2 sinh(a T/2))/T to psi, instead of
    a/2: its logarithm of abs det(d/dt + a).
    """
    inside = -np.expm1(-one.a * length)
    return replace(one, excess=one.excess - atom * np.log(inside) / length,
                   fraction=one.fraction + atom * (1 / inside - 1))


def _atom(functional: Functional) -> float:
    """Fraction of exponents at -1: couplings of rank alpha N < N leave 1 - alpha there."""
    huge = np.full(1, 1e12)
    return max(0.0, 1 - float((huge * functional(huge)[1])[0]))

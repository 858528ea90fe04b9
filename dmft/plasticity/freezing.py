"""freeze: the state that a network reaches after its plasticity is halted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg

from ..base.checks import generator, positive, reject
from ..base.errors import ConvergenceError
from ..base.estimate import Estimate
from ..base.sequence_acceleration import AcceleratedSequence
from ..ensembles.hebbian import Hebbian
from ..ensembles.properties import synapses, total_gain
from ..equations import linear_response
from ..equations import plasticity as equations
from ..paths import gaussian_paths
from ..paths.gaussian_paths import Paths
from ..paths.site_statistics import SiteStatistics
from ..sampled.redrawn_paths import over_groups
from ..sampled.replicates import GROUPS, corrected
from ..stationary.solution import Solution

PAST = 16.0  # synaptic time constants of the past that are seen
RIDGE = 1e-4  # of g^2 C(0): of the regression on the past noise
MIX, STEPS, TOL = 0.7, 600, 2e-5  # of the iteration of c and C
ENOUGH = 2e-3  # change that is left after all steps: where the overlap vanishes it dies slowly
FIRST_SIZE, TRIES, MOST_GROWN = 160, 3, 8.0


@dataclass(frozen=True, eq=False)
class Frozen:
    """The fixed point of a network whose plasticity was halted at t0, W = J + A(t0) thereafter.

    Parameters
    ----------
    overlap : Estimate ()
        <phi(x*) phi(x(t0))> / sqrt(C* C(0)): how much of the state at t0 is kept.
    C : Estimate ()
        C* = <phi(x*)^2>.
    q : Estimate ()
        g^2 <phi'(x*)^2>: the fixed point is stable below 1.
    solution : Solution
        The chaotic state in which plasticity was halted.
    """

    overlap: Estimate
    C: Estimate
    q: Estimate
    solution: Solution

    @property
    def freezable(self) -> bool:
        """Whether the fixed point is stable, q < 1: chaos that can be frozen."""
        return float(self.q) < 1

    @property
    def decided(self) -> bool:
        """Whether q is farther from 1 than two standard errors."""
        return abs(float(self.q) - 1) > 2 * float(self.q.stderr)

    @property
    def convergence(self) -> str:
        """In words."""
        says = "stable: it freezes" if self.freezable else "unstable: it stays chaotic"
        return says if self.decided else f"{says} (within two standard errors of the boundary)"

    def __repr__(self) -> str:
        return (f"Frozen(overlap={self.overlap}, C={self.C}, q={self.q}, "
                f"freezable={self.freezable}, {self.convergence})")


def freeze(solution: Solution, *, tol: float = 0.02, rng=None) -> Frozen:
    """The state after plasticity is halted in a chaotic plastic network, and its stability.

    x* = eta* + (k/p) int_0^inf exp(-s/p) c(s) phi(x(t0-s)) ds with the overlaps
    c(s) = <phi(x*) phi(x(t0-s))>: eta* is Gaussian of variance g^2 C*, and has the covariance
    g^2 c(s) with the noise at t0 - s. Solved on sampled paths, by regression of eta* on the past
    noise, for all times t0 at once. The fixed point is stable, and chaos freezable, where
    q = g^2 <phi'(x*)^2> < 1 (Clark & Abbott 2024, freezable chaos).

    Parameters
    ----------
    solution : Solution
        Chaotic solution of a network with plasticity, without noise and bias.
    tol : float
        Standard error of q that is aimed at: paths are added until it is met.
    rng : int, SeedSequence or Generator, optional
        Seed of the paths; 0 by default.

    Returns
    -------
    Frozen
        With `.overlap`, `.C`, `.q` and their standard errors, and `.freezable`.

    Raises
    ------
    ModelError
        If `solution` is not such a solution.
    ConvergenceError
        If the iteration does not settle.

    Examples
    --------
    >>> from dmft import PlasticNetwork, solve
    >>> freeze(solve(PlasticNetwork(g=1.5, k=1.0, p=2.5)), tol=0.1).freezable
    True
    """
    halted, gain = _parts(solution)
    tol, draws, size = positive("tol", tol), generator(rng), FIRST_SIZE
    for _ in range(TRIES):
        found = _sampled(solution, halted, gain, size, draws)
        error = float(np.asarray(found.stderr)[2])
        if error <= tol:
            break
        size = int(np.ceil(size * min(MOST_GROWN, 1.3 * (error / tol) ** 2)))
    return Frozen(found[0], found[1], found[2], solution)


def _parts(solution: Solution) -> tuple[list[Hebbian], float]:
    """The plastic ensembles, and the gain of the noise of all."""
    if not isinstance(solution, Solution):
        reject("solution", solution, "not a Solution", "give what dmft.solve returned")
    network = solution.network
    halted = [one for one in synapses(network.ensembles) if one.k != 0]
    if not halted:
        reject("solution", solution, "its network has no plasticity that could be halted",
               "give a solution of dmft.PlasticNetwork with k other than 0")
    others = [one for one in network.ensembles if not synapses((one,))]
    if any(one.has_memory or one.noise_gain is None for one in others):
        reject("solution", solution, "its fixed couplings have a memory too, and freezing is not "
               "known for those", "set reciprocity=0 and overlaps=0")
    if network.noise > 0 or network.bias > 0 or not network.phi.odd:
        reject("solution", solution, "has noise, bias or a phi that is not odd: no frozen fixed "
               "point of independent signs", "set noise=0 and bias=0, with phi such as dmft.tanh")
    if solution.branch != "chaotic":
        reject("solution", solution, f"is {solution.branch}: there is no chaos to freeze",
               "give a chaotic solution")
    return halted, total_gain(network)


def _sampled(solution: Solution, halted: list[Hebbian], gain: float, size: int,
             draws: np.random.Generator) -> Estimate:
    """Overlap, C*, q and C(0) from eight groups of `size` paths."""
    seeds = [int(s) for s in draws.integers(2**63, size=GROUPS)]

    def frozen(own: Paths, statistics: SiteStatistics, rows: slice) -> np.ndarray:
        shape = (size, gaussian_paths.steps(own.lags))
        own_noise = [np.random.default_rng(s).standard_normal(shape)
                     for s in seeds[rows.start // size:rows.stop // size]]
        return _frozen(solution, halted, gain, own, statistics, np.concatenate(own_noise))

    return _at_known(*over_groups(solution, frozen, size, draws, controlled=False),
                     solution.C_phi[0])


def _frozen(solution: Solution, halted: list[Hebbian], gain: float, own: Paths,
            statistics: SiteStatistics, own_noise: np.ndarray) -> np.ndarray:
    """Overlap, C* and q of one sample of paths, and its C(0)."""
    lags, phi, C = own.lags, solution.network.phi, statistics.C
    slowest = max(one.p for one in halted)
    length = min(len(lags) - 1, int(np.ceil(PAST * slowest / lags.dt)))
    spectrum = gain * np.maximum(lags.spectrum(C), 0.0)
    covariance = lags.correlation(spectrum)[:length]  # that of the very noise of these paths
    regularised = covariance.copy()
    regularised[0] *= 1 + RIDGE
    gram = linalg.toeplitz(covariance)
    factor = linalg.cho_factor(linalg.toeplitz(regularised))
    H = linear_response.lowpass(lags.omega)
    # the paths' v = H eta has the phase of z
    eta = (
        gaussian_paths.real_at_end(
            gaussian_paths.amplitude(lags) * np.sqrt(spectrum) * np.abs(H) / H
        )
        * own.z
    )
    steps = own_noise.shape[1]
    past = np.arange(length) * lags.dt
    weight = np.full(length, lags.dt)
    weight[0] /= 2  # the trapezoidal rule
    c, C_star = C[:length].copy(), float(C[0])
    sequence = AcceleratedSequence()
    for _ in range(STEPS):
        filter_ = linalg.cho_solve(factor, gain * c)
        explained = float(filter_ @ gram @ filter_)
        kernel = weight * np.sum([equations.frozen_memory(past, one.k, one.p, c)
                                  for one in halted], axis=0)
        seen = _transfer(filter_, steps) * eta + _transfer(kernel, steps) * own.phi
        x = gaussian_paths.in_time(seen, lags)
        x += np.sqrt(max(gain * C_star - explained, 0.0)) * own_noise
        frozen = phi(x)
        cross = gaussian_paths.in_frequency(frozen) * own.phi.conj()
        new_c = gaussian_paths.in_time(cross.mean(axis=0), lags)[:length] / steps
        new_C = float(np.mean(frozen**2))
        change = max(abs(new_C - C_star), float(np.max(np.abs(new_c - c)))) / float(C[0])
        c, C_star = c + MIX * (new_c - c), C_star + MIX * (new_C - C_star)
        if change < TOL:
            break
        here = np.append(c, C_star)
        leap = sequence.limit(here)
        if leap is not None and np.max(np.abs(leap - here)) < 0.1 * C_star and leap[-1] > 0:
            c, C_star = leap[:-1], float(leap[-1])
    if change > ENOUGH:
        raise ConvergenceError(f"the frozen state did not settle in {STEPS} steps: the last one "
                               f"changed it by {change:.1e}", solution)
    q = gain * float(np.mean(phi.derivative(x) ** 2))
    return np.array([c[0] / np.sqrt(C_star * C[0]), C_star, q, C[0]])


def _at_known(whole: np.ndarray, groups: np.ndarray, C: Estimate) -> Estimate:
    """Estimates at the solution's own C(0): that of a sample is off, and all else with it.

    The regression on C(0) over the groups is taken away; what error C has is added.
    """
    spread = groups - groups.mean(axis=0)
    slope = spread[:, -1] @ spread / max(float(spread[:, -1] @ spread[:, -1]), 1e-300)
    found, _ = corrected(whole - slope * (whole[-1] - float(C)),
                         groups - slope * (groups[:, -1:] - float(C)))
    lost = np.sqrt((len(groups) - 1) / (len(groups) - 2))  # one degree of freedom
    return Estimate(found.value, np.hypot(lost * found.stderr, slope * float(C.stderr)))


def _transfer(causal: np.ndarray, steps: int) -> np.ndarray:
    """Transfer function of a causal filter on the periodic window."""
    return gaussian_paths.in_frequency(np.pad(causal, (0, steps - len(causal))))

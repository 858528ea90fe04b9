"""freeze: the fixed point that a chaotic network reaches after its plasticity is halted."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import fft, linalg

from ..base.annotations import Seed
from ..base.checks import generator, positive, reject
from ..base.errors import ConvergenceError, ResolutionWarning
from ..base.estimate import Estimate
from ..base.sequence_acceleration import AcceleratedSequence
from ..ensembles.hebbian import Hebbian
from ..ensembles.properties import synapses, total_gain
from ..equations import linear_response
from ..equations import plasticity as equations
from ..network.network import AnyNetwork
from ..paths import gaussian_paths
from ..paths.memory_filters import COMPLEX, REAL
from ..sampled.bias_correction import bias_corrected
from ..sampled.redrawn_paths import Of, RedrawnPaths, over_groups, over_paths
from ..sampled.tuning import GROUPS
from ..stationary.solution import Solution, require_solution
from .tuning import (
    ACCEPTED_CHANGE,
    FIRST_GROUP_SIZE,
    FREEZING_TOLERANCE,
    MAX_FREEZING_STEPS,
    MAX_GROWTH,
    MIXING_SHARE,
    PAST_DURATION,
    REGRESSION_RIDGE,
    TOL_MARGIN,
)


@dataclass(frozen=True, eq=False)
class Frozen:
    """The fixed point of a network whose plasticity was halted at t0, W = J + A(t0) thereafter.

    Parameters
    ----------
    overlap : Estimate ()
        <phi(x*) phi(x(t0))> / sqrt(C* C(0)): correlation of the fixed point with the state at t0.
    C : Estimate ()
        C* = <phi(x*)^2>.
    q : Estimate ()
        g^2 <phi'(x*)^2>: the fixed point is stable where q < 1.
    solution : Solution
        The chaotic state in which plasticity was halted.

    Examples
    --------
    >>> import dmft
    >>> found = dmft.freeze(dmft.solve(dmft.PlasticNetwork(g=1.5, k=1.2, p=2.5), tol=0.1), tol=0.1)
    >>> found.freezable, bool(0.9 < found.overlap < 1)
    (True, True)
    """

    overlap: Estimate
    C: Estimate
    q: Estimate
    solution: Solution

    @property
    def freezable(self) -> bool:
        """Whether the fixed point is stable, q < 1, so that chaos is freezable."""
        return float(self.q) < 1

    @property
    def decided(self) -> bool:
        """Whether q differs from 1 by more than two standard errors."""
        return abs(float(self.q) - 1) > 2 * float(self.q.stderr)

    @property
    def convergence(self) -> str:
        """Stability of the fixed point, in words."""
        verdict = ("stable: the state freezes" if self.freezable
                   else "unstable: activity stays chaotic")
        if self.decided:
            return verdict
        return f"{verdict} (q is within two standard errors of 1)"

    def __repr__(self) -> str:
        return (f"Frozen(overlap={self.overlap}, C={self.C}, q={self.q}, "
                f"freezable={self.freezable}, {self.convergence})")


def freeze(solution: Solution, *, tol: float = 0.02, rng: Seed = None) -> Frozen:
    """Fixed point after plasticity is halted in a chaotic plastic network, and its stability.

    x* = eta* + (k/p) int_0^inf exp(-s/p) c(s) phi(x(t0-s)) ds with the overlaps
    c(s) = <phi(x*) phi(x(t0-s))>. eta* is Gaussian with variance g^2 C* and has the covariance
    g^2 c(s) with the effective noise at t0 - s. This is solved on sampled paths, by regression of
    eta* on the past noise, for all times t0 at once. The fixed point is stable, and chaos
    freezable, where q = g^2 <phi'(x*)^2> < 1 (Clark & Abbott 2024, freezable chaos).

    Parameters
    ----------
    solution : Solution
        Chaotic solution of a network with plasticity, without noise and bias.
    tol : float
        Target standard error of q, above 0, which determines the number of paths.
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
        If the iteration does not converge.

    Warns
    -----
    ResolutionWarning
        If the standard error of q stays above `tol`: the solution's C(0) is too uncertain, or too
        many paths would be needed.

    Examples
    --------
    >>> from dmft import PlasticNetwork, solve
    >>> freeze(solve(PlasticNetwork(g=1.5, k=1.0, p=2.5)), tol=0.1).freezable
    True
    """
    halted, gain = _plastic_ensembles(solution)
    tol, draws, size = positive("tol", tol), generator(rng), FIRST_GROUP_SIZE
    of = _frozen_sets(solution, halted, gain, draws)
    whole, groups = over_groups(solution, of, size, draws)
    found = _adjusted(whole, groups)
    growth = min(MAX_GROWTH, (float(np.asarray(found.stderr)[2]) / tol) ** 2)
    if growth > 1:
        count = int(np.ceil(GROUPS * size * growth))
        more = over_paths(solution, _frozen_sets(solution, halted, gain, draws), count, draws)
        found = _adjusted(more, groups, whole, count / (GROUPS * size))
    error = float(np.asarray(found.stderr)[2])
    if error > tol * (1 + TOL_MARGIN):
        warnings.warn(f"freeze: the standard error of q is {error:.1e}, above tol={tol:g}: give a "
                      "larger tol", ResolutionWarning, stacklevel=2)
    return Frozen(found[0], found[1], found[2], solution)


def freezable_ensembles(network: AnyNetwork) -> tuple[list[Hebbian], float]:
    """The plastic ensembles, and the squared gain of the noise, g^2 summed over all ensembles.

    Raises
    ------
    ModelError
        For a network whose freezing is not solved.
    """
    halted = [one for one in synapses(network.ensembles) if one.k != 0]
    if not halted:
        reject("network", network, "has no plasticity to halt",
               "give a dmft.PlasticNetwork with nonzero k")
    others = [one for one in network.ensembles if not synapses((one,))]
    if any(one.has_memory or one.noise_gain is None for one in others):
        reject("network", network, "its fixed couplings have a memory kernel too, for which "
               "freezing is not solved", "set reciprocity=0 and overlaps=0")
    if network.noise > 0 or network.bias > 0 or not network.phi.odd:
        reject("network", network, "has noise, a bias or a phi that is not odd, for which freezing "
               "is not solved", "set noise=0 and bias=0, with an odd phi such as dmft.tanh")
    return halted, total_gain(network)


def _plastic_ensembles(solution: Solution) -> tuple[list[Hebbian], float]:
    require_solution(solution, "give dmft.solve(dmft.PlasticNetwork(g, k, p))")
    found = freezable_ensembles(solution.network)
    if solution.branch != "chaotic":
        reject("solution", solution, f"the solution is {solution.branch}: there is no chaos to "
               "freeze", "give a chaotic solution")
    return found


def _frozen_sets(solution: Solution, halted: list[Hebbian], gain: float,
                 draws: np.random.Generator) -> Of:
    """Overlap, C* and q of sets of paths, with independent noise after t0."""
    seed = int(draws.integers(2**63))

    def frozen(sets: Sequence[RedrawnPaths]) -> np.ndarray:
        shape = (len(sets[0].x), sum(one.x.shape[1] for one in sets))
        own_noise = np.random.default_rng(seed).standard_normal(shape, dtype=REAL)
        parts = np.split(own_noise, len(sets), axis=1)
        return np.stack([_frozen(solution, halted, gain, *one)
                         for one in zip(sets, parts, strict=True)])

    return frozen


def _frozen(solution: Solution, halted: list[Hebbian], gain: float, own: RedrawnPaths,
            own_noise: np.ndarray) -> np.ndarray:
    """Overlap, C* and q of paths (T, P), and what their mean <phi^2> exceeds C(0) by."""
    lags, phi, steps = own.lags, solution.network.phi, len(own_noise)
    slowest = max(one.p for one in halted)
    length = min(len(lags) - 1, int(np.ceil(PAST_DURATION * slowest / lags.dt)))
    # C and the noise of these very paths, scaled so that the covariance of the noise is gain C
    power, own_power = (np.mean(one.real**2 + one.imag**2, axis=1, dtype=float)
                        for one in (own.phi, own.z))
    C = own.window * lags.correlation(gaussian_paths.spectrum(power, lags))
    spectrum = gain * np.maximum(lags.spectrum(C), 0.0)
    covariance = lags.correlation(spectrum)[:length]
    regularised = covariance.copy()
    regularised[0] *= 1 + REGRESSION_RIDGE
    gram = linalg.toeplitz(covariance)
    factor = linalg.cho_factor(linalg.toeplitz(regularised))
    H = linear_response.lowpass(lags.omega)
    # the filtered noise v = H eta of the paths has the phase of z
    phase = gaussian_paths.amplitude(lags) * np.sqrt(spectrum / own_power) * np.abs(H) / H
    eta = gaussian_paths.real_at_nyquist(phase).astype(COMPLEX)[:, None] * own.z
    past = np.arange(length) * lags.dt
    weight = np.full(length, lags.dt)
    weight[0] /= 2  # the trapezoidal rule
    c, C_star = C[:length].copy(), float(C[0])
    sequence = AcceleratedSequence()
    for _ in range(MAX_FREEZING_STEPS):
        filter_ = linalg.cho_solve(factor, gain * c)
        explained = float(filter_ @ gram @ filter_)
        kernel = weight * np.sum([equations.frozen_memory(past, one.k, one.p, c)
                                  for one in halted], axis=0)
        from_past = _transfer(filter_, steps) * eta + _transfer(kernel, steps) * own.phi
        x = fft.irfft(from_past, steps, axis=0)
        x += REAL(np.sqrt(max(gain * C_star - explained, 0.0))) * own_noise
        frozen = phi.function(x)
        cross = np.einsum("np,np->n", fft.rfft(frozen, axis=0), own.phi.conj()) / frozen.shape[1]
        new_c = gaussian_paths.in_time(cross.astype(complex), lags)[:length] / steps
        new_C = float(np.mean(frozen**2, dtype=float))
        change = max(abs(new_C - C_star), float(np.max(np.abs(new_c - c)))) / float(C[0])
        c, C_star = c + MIXING_SHARE * (new_c - c), C_star + MIXING_SHARE * (new_C - C_star)
        if change < FREEZING_TOLERANCE:
            break
        here = np.append(c, C_star)
        limit = sequence.limit(here)
        if limit is not None and np.max(np.abs(limit - here)) < 0.1 * C_star and limit[-1] > 0:
            c, C_star = limit[:-1], float(limit[-1])
    if change > ACCEPTED_CHANGE:
        raise ConvergenceError(
            f"the frozen state did not converge in {MAX_FREEZING_STEPS} steps: the last one still "
            f"changed it by {change:.1e} of C(0); it is slow where the overlap vanishes, at small "
            "k, so give a larger k", solution)
    q = gain * float(np.mean(phi.derivative(x) ** 2, dtype=float))
    return np.array([c[0] / np.sqrt(C_star * C[0]), C_star, q, C[0] - own.statistics.C[0]])


def _adjusted(whole: np.ndarray, groups: np.ndarray, first: np.ndarray | None = None,
              ratio: float = 1.0) -> Estimate:
    """Estimates without what comes with a chance excess of <phi^2> of the paths over C(0).

    The excess has mean zero. Linear regression on it over the groups removes its part. `first` and
    `ratio` are those of `bias_corrected`.
    """
    spread = groups - groups.mean(axis=0)
    slope = spread[:, -1] @ spread / max(float(spread[:, -1] @ spread[:, -1]), 1e-300)

    def adjusted(values: np.ndarray) -> np.ndarray:
        return values - slope * values[..., -1:]

    found, _ = bias_corrected(adjusted(whole), adjusted(groups),
                              None if first is None else adjusted(first), ratio)
    lost = np.sqrt((len(groups) - 1) / (len(groups) - 2))  # one degree of freedom
    return Estimate(found.value, lost * found.stderr)


def _transfer(causal: np.ndarray, steps: int) -> np.ndarray:
    """(n, 1) transfer function of a causal filter on the periodic window."""
    padded = np.pad(causal, (0, steps - len(causal)))
    return gaussian_paths.in_frequency(padded).astype(COMPLEX)[:, None]

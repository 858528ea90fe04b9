"""freeze: the fixed point that a chaotic network reaches after its plasticity is halted."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..base.annotations import Seed
from ..base.checks import generator, positive, reject
from ..base.errors import ResolutionWarning
from ..base.estimate import Estimate
from ..base.long_call import long_call
from ..ensembles.hebbian import Hebbian
from ..ensembles.properties import synapses, total_gain
from ..network.network import AnyNetwork, require_leaky
from ..paths.memory_filters import REAL
from ..sampled.bias_correction import bias_corrected
from ..sampled.redrawn_paths import RedrawnPaths, over_groups, over_paths
from ..sampled.tuning import GROUPS
from ..stationary.solution import Solution, require_solution
from .frozen_map import FrozenMap, FrozenResponse, self_consistent
from .tuning import FIRST_GROUP_SIZE, MAX_GROWTH, TOL_MARGIN


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


def freeze(solution: Solution, *, tol: float = 0.02, rng: Seed = None,
           progress: bool | None = None) -> Frozen:
    """Fixed point after plasticity is halted in a chaotic plastic network, and its stability.

    x* = eta* + (k/p) int_0^inf exp(-s/p) c(s) phi(x(t0-s)) ds with the overlaps
    c(s) = <phi(x*) phi(x(t0-s))>. eta* is Gaussian with variance g^2 C* and has the covariance
    g^2 c(s) with the effective noise at t0 - s. This is solved on sampled paths, by regression of
    eta* on the past noise, for all times t0 at once. The fixed point is stable, and chaos
    freezable, where q = g^2 <phi'(x*)^2> < 1 (Clark & Abbott 2024, freezable chaos). Where q > 1
    the halted network keeps moving: `dmft.solve(network, times=..., schedule=dmft.Schedule(
    halt=...))` says how much of the state at t0 it keeps, by `.overlap` and `.static_share`.

    Parameters
    ----------
    solution : Solution
        Chaotic solution of a network with plasticity, without noise and bias.
    tol : float
        Target standard error of q, above 0, which determines the number of paths.
    rng : int, SeedSequence or Generator, optional
        Seed of the paths; 0 by default.
    progress : bool, optional
        Show a bar on stderr from the first second on; by default in terminals and notebooks only.

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
    frozen = _FrozenSets(solution, halted, gain, draws)
    with long_call("freeze", progress, None):
        whole, groups = over_groups(solution, frozen, size, draws)
        found = _adjusted(whole, groups)
        growth = min(MAX_GROWTH, (float(np.asarray(found.stderr)[2]) / tol) ** 2)
        if growth > 1:
            count = int(np.ceil(GROUPS * size * growth))
            more = over_paths(solution, frozen, count, draws)
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
    require_leaky(network, "the frozen state")
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


class _FrozenSets:
    """Overlap, C*, q of sets of paths, and what their mean <phi^2> exceeds C(0) by.

    The first set, of all paths, is solved. Groups follow from it by linear response: where the
    overlap is about to vanish, a group of few paths may have no solution of its own.
    """

    def __init__(self, solution: Solution, halted: list[Hebbian], gain: float,
                 draws: np.random.Generator):
        self.solution, self.halted, self.gain = solution, halted, gain
        self.seed = int(draws.integers(2**63))
        self.known: tuple[np.ndarray, FrozenResponse] | None = None

    def __call__(self, sets: Sequence[RedrawnPaths]) -> np.ndarray:
        shape = (len(sets[0].x), sum(one.x.shape[1] for one in sets))
        own_noise = np.random.default_rng([self.seed, shape[1]]).standard_normal(shape, REAL)
        maps = [FrozenMap(self.solution, self.halted, self.gain, *one)
                for one in zip(sets, np.split(own_noise, len(sets), axis=1), strict=True)]
        known = self.known
        if known is None:
            start = np.append(maps[0].C, maps[0].C[0])
            known = self_consistent(maps[0], start, None, self.solution)
        elif len(maps) == 1:  # more paths: their solution is near
            known = self_consistent(maps[0], *known, self.solution)
        self.known = known
        return np.stack([_results(one, *known) for one in maps])


def _results(frozen: FrozenMap, value: np.ndarray, response: FrozenResponse) -> np.ndarray:
    """Overlap, C*, q and the excess of paths that settle near a value, by linear response."""
    image = frozen(value)
    moved = response.settled(image[:-1] - value)
    c, C_star, C = float(value[0]), float(value[-1]), float(frozen.C[0])
    overlap = c / np.sqrt(C_star * C)
    overlap += moved[0] / np.sqrt(C_star * C) - overlap * moved[-1] / (2 * C_star)
    q = image[-1] + response.q @ (response.basis.T @ moved)
    return np.array([overlap, C_star + moved[-1], q, C - frozen.own.statistics.C[0]])


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

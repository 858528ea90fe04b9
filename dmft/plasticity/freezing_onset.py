"""freezing_onset: the strength of plasticity above which chaos is freezable, q(k) = 1."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import optimize

from ..averages.gaussian_averages import mean_square, mean_square_slope
from ..base.annotations import Seed
from ..base.checks import generator, positive, reject
from ..base.errors import ConvergenceError
from ..base.estimate import Estimate
from ..base.long_call import long_call
from ..network.nonlinearity import Nonlinearity
from ..solving import solve
from ..stationary.solution import Solution
from .freezing import freezable_ensembles, freeze
from .plastic_network import PlasticNetwork
from .tuning import (
    FIRST_SLOPE,
    FIT_DISTANCE,
    FIT_SHARE,
    K_OFFSET,
    LEAST_K,
    LEAST_SLOPE,
    LEAST_START,
    MAX_EVALUATIONS,
    MAX_K_STEP,
    START_OFFSET,
    START_SLOPE,
)


def freezing_onset(network: PlasticNetwork, *, tol: float = 0.01, rng: Seed = None,
                   callback: Callable | None = None, progress: bool | None = None) -> Estimate:
    """Critical k_c above which halting plasticity leaves a stable fixed point, at given g and p.

    q = g^2 <phi'(x*)^2> of the frozen state and q(k_c) = 1 (Clark & Abbott 2024, the phase of
    freezable chaos). At small k the overlap is zero, and q is that of random couplings alone,
    above 1 at every k. Where the overlap begins, q begins to decrease; at g near 1 this is just
    below k_c. Solved by repeated `dmft.solve` and `dmft.freeze`, and a linear fit to the values of
    q near one that are below that plateau.

    Parameters
    ----------
    network : PlasticNetwork
        The search starts from its k if that is above 0, else from about where k_c is for p=2.5.
    tol : float
        Target standard error of k_c, above 0. After ten evaluations the estimate is returned with
        the error that it has.
    rng : int, SeedSequence or Generator, optional
        Seed of the paths; 0 by default.
    callback : callable, optional
        callback(k, frozen) after each evaluation.
    progress : bool, optional
        Show a bar on stderr from the first second on; by default in terminals and notebooks only.

    Returns
    -------
    Estimate ()
        k_c with its standard error.

    Raises
    ------
    ModelError
        If `network` is not a PlasticNetwork above its onset of chaos, g phi'(0) > 1.
    ConvergenceError
        If no k with q = 1 is found in ten evaluations; the message states their k and q.

    Examples
    --------
    >>> import dmft
    >>> onset = dmft.freezing_onset(dmft.PlasticNetwork(g=1.5, k=0.9, p=2.5), tol=0.1)
    >>> bool(0.5 < onset < 1.5)
    True
    """
    if not isinstance(network, PlasticNetwork):
        reject("network", network, "not a PlasticNetwork",
               "give dmft.PlasticNetwork(g=1.5, k=1.0, p=2.5)")
    if network.g * network.phi.slope_at_zero <= 1:
        reject("network", network, "g phi'(0) is not above 1, so that chaos may not exist near "
               "the onset of freezing", "give a larger g, or follow a branch with "
               "dmft.continue_in and freeze its solutions")
    _, gain = freezable_ensembles(replace(network, k=1.0))
    tol, draws = positive("tol", tol), generator(rng)
    k = network.k
    if k <= 0:
        k = max(START_SLOPE * network.g - START_OFFSET, LEAST_START)
    with long_call("freezing_onset", progress, callback) as report:
        return _searched(replace(network, k=k), _Search(_without_overlap(network.phi, gain)), tol,
                         draws, report)


def _searched(network: PlasticNetwork, search: _Search, tol: float, draws: np.random.Generator,
              report: Callable | None) -> Estimate:
    """The root of q - 1, from the k of the network on."""
    k = network.k
    solution: Solution | None = None
    for _ in range(MAX_EVALUATIONS):
        seed = int(draws.integers(2**63))
        solution = solve(replace(network, k=k), rng=seed, initial=solution)
        try:
            frozen = freeze(solution, tol=tol, rng=seed)
        except ConvergenceError:  # the overlap vanishes slowly there, so that it is on the plateau
            search.plateau.append(k)
        else:
            search.add(k, frozen.q)
            if report is not None:
                report(k, frozen)
        found = search.root()
        if found is not None and float(found.stderr) <= tol:
            return found
        k = search.next()
    if found is None:
        raise ConvergenceError(
            f"no k with q = 1 was found: {search}; start from a network with another k", solution)
    return found


def _without_overlap(phi: Nonlinearity, gain: float) -> float:
    """q of the fixed point of random couplings of this squared gain, which is unstable."""
    def excess(variance: float) -> float:
        return gain * mean_square(phi, variance) / variance - 1

    high = 1.0
    while excess(high) > 0:
        high *= 2
    low = high
    while excess(low) <= 0:
        low /= 2
    return gain * mean_square_slope(phi, optimize.brentq(excess, low, high))


@dataclass(eq=False)
class _Search:
    """The values of q that are known, and what follows from them.

    Parameters
    ----------
    highest : float
        q of the plateau, where the overlap is zero.
    q : dict
        Estimates at the k that are above the plateau.
    plateau : list
        The k on the plateau, or next to it.
    """

    highest: float
    q: dict[float, Estimate] = field(default_factory=dict)
    plateau: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        known = ", ".join(f"{float(q):.3f} at k={k:.3g}" for k, q in sorted(self.q.items()))
        flat = ", ".join(f"{k:.3g}" for k in sorted(self.plateau))
        return f"q is {known or 'not known at any k'}" + (
            f"; without overlap, or next to that, at k={flat}" if flat else "")

    def add(self, k: float, q: Estimate) -> None:
        """Note q at k: on the plateau, or below it, where q depends smoothly on k."""
        if float(q) > 1 + FIT_SHARE * (self.highest - 1):
            self.plateau.append(k)
        else:
            self.q[k] = q
        below = max(self.plateau, default=0.0)
        for at in [at for at in self.q if at <= below and float(self.q[at]) > 1]:
            self.plateau.append(at)
            del self.q[at]

    def line(self) -> tuple[float, float] | None:
        """A k where q is nearly one by what is known, and the slope of q there."""
        if not self.q:
            return None
        k, q = np.array(list(self.q)), np.array([float(one) for one in self.q.values()])
        weight = (FIT_DISTANCE / 4 + np.abs(q - 1)) ** -2.0
        at, value = np.average(k, weights=weight), np.average(q, weights=weight)
        slope = FIRST_SLOPE
        if len(k) > 1:
            slope = float(weight @ ((k - at) * (q - value)) / (weight @ (k - at) ** 2))
        slope = min(slope, LEAST_SLOPE)
        return float(at + (1 - value) / slope), slope

    def root(self) -> Estimate | None:
        """k_c by a line through the values near one, once some of them are close to it."""
        near = np.array([k for k in self.q if abs(float(self.q[k]) - 1) < FIT_DISTANCE])
        if len(near) < 2 or np.ptp(near) < K_OFFSET / 3:  # the slope would be that of chance
            return None
        q = np.array([float(self.q[k]) for k in near])
        found = _root(near, q, np.array([float(self.q[k].stderr) for k in near]))
        if found is None or np.min(np.abs(near - float(found))) > K_OFFSET:
            return None
        return found

    def next(self) -> float:
        """The k to evaluate next: near the expected root, and above all k on the plateau."""
        line, below = self.line(), max(self.plateau, default=0.0)
        if line is None:
            return below + MAX_K_STEP / 2
        k, slope = line
        # the values are spread to both sides of the expected root, but not on to the plateau
        spread = min(K_OFFSET, (self.highest - 1) * FIT_SHARE / -slope / 2)
        if min(abs(k - at) for at in self.q) < K_OFFSET / 2:
            above = any(k + K_OFFSET / 2 <= at <= k + 2 * K_OFFSET for at in self.q)
            below_it = any(k - 2 * K_OFFSET <= at <= k - spread / 2 for at in self.q)
            if not above and (below_it or spread < K_OFFSET):
                k += K_OFFSET
            elif not below_it:
                k -= spread
        lowest, highest = min(self.q), max(self.q)
        k = float(np.clip(k, lowest - MAX_K_STEP, highest + MAX_K_STEP))
        if k <= below:
            k = (below + min((at for at in self.q if at > below), default=below + K_OFFSET)) / 2
        return max(LEAST_K, k)


def _root(k: np.ndarray, q: np.ndarray, error: np.ndarray) -> Estimate | None:
    """The k at which a straight line fitted to q(k) is one, with its propagated error."""
    weight = 1 / np.maximum(error, 1e-6)
    columns = np.stack([np.ones_like(k), k], axis=1) * weight[:, None]
    covariance = np.linalg.inv(columns.T @ columns)
    a, b = covariance @ columns.T @ (q * weight)
    if b >= 0:
        return None
    root = (1 - a) / b
    gradient = np.array([-1 / b, -root / b])
    return Estimate(np.asarray(root), float(np.sqrt(gradient @ covariance @ gradient)))

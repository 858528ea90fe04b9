"""The largest Lyapunov exponent of a sampled solution: the rate at which a perturbation is its own.

A perturbation exp(lambda t) y of the network makes noise for itself, <zeta zeta> = G d(tau) with
d(tau) = <phi' y(t) phi' y(t+tau)>, and is remembered by the couplings. The map of d onto itself is
linear; lambda is the rate at which its spectral radius is one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..base.allocation import require
from ..base.checks import generator
from ..base.errors import ConvergenceError
from ..base.estimate import Estimate
from ..ensembles.properties import tangent_memory, total_gain
from ..equations import linear_response
from ..network.network import AnyNetwork
from ..paths.gaussian_paths import Paths, unit_noise
from ..paths.site_statistics import SiteStatistics
from ..sampled.redrawn_paths import over_groups
from ..sampled.replicates import BYTES, GROUPS, corrected
from ..sampled.starting_statistics import from_solution
from ..stationary.solution import Solution
from .path_tangent import Tangents, amplification

FIRST, LEAST_SIZE = (0.1, 0.13), 48  # rates that are tried first; paths of a group
ACCURACY, MOST_SECANTS, LONGEST_STEP = 1e-6, 30, 0.1
TRIES, MOST_GROWN = 4, 16.0


def sampled_exponent(solution: Solution, tol: float, rng) -> Estimate:
    """lambda_max of a sampled solution; paths are added until its standard error is `tol`.

    Raises
    ------
    ModelError
        If an ensemble does not say what perturbations remember.
    ConvergenceError
        If the paths leave the solution, or perturbations do not settle.
    """
    network = solution.network
    for one in network.ensembles:
        tangent_memory(one, from_solution(solution, solution.lags).order(network.noise), 0.0)
    draws, size = generator(rng), LEAST_SIZE
    for _ in range(TRIES):
        require(2 * GROUPS * size * len(solution.lags) * BYTES, "tol", tol,
                "give a larger tol: that many paths do not fit")
        seeds = [int(s) for s in draws.integers(2**63, size=GROUPS)]
        found = _exponent(network, solution, seeds, size, draws)
        if float(found.stderr) <= tol:
            break
        size = int(np.ceil(size * min(MOST_GROWN, 1.3 * (float(found.stderr) / tol) ** 2)))
    return found


def _exponent(network: AnyNetwork, solution: Solution, seeds: Sequence[int], size: int,
              draws: np.random.Generator) -> Estimate:
    def rate(own: Paths, statistics: SiteStatistics, rows: slice) -> np.ndarray:
        groups = seeds[rows.start // size:rows.stop // size]
        z = np.concatenate([unit_noise(np.random.default_rng(s), size, own.lags) for s in groups])
        tangents = Tangents.of(network, own, statistics, z)
        return np.asarray(growth_rate(network, statistics, tangents))

    return corrected(*over_groups(solution, rate, size, draws))[0]


def growth_rate(network: AnyNetwork, statistics: SiteStatistics, tangents: Tangents) -> float:
    """The rate at which perturbations keep their amplitude, by the secant method."""
    gain = total_gain(network)
    order = statistics.order(network.noise)

    def log_radius(rate: float) -> float:
        H = linear_response.lowpass(order.omega - 1j * rate)  # of exp(rate t)
        K = np.sum([tangent_memory(one, order, rate) for one in network.ensembles], axis=0)
        return amplification(tangents, gain, H, K)

    before, rate = FIRST
    log_before = log_radius(before)
    for _ in range(MOST_SECANTS):
        log_now = log_radius(rate)
        step = log_now * (rate - before) / (log_before - log_now)
        if abs(step) < ACCURACY:
            return rate + step
        before, log_before = rate, log_now
        rate += float(np.clip(step, -LONGEST_STEP, LONGEST_STEP))
    raise ConvergenceError(f"no growth rate was found from {FIRST[0]} in {MOST_SECANTS} steps")

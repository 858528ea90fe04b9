"""The largest Lyapunov exponent with memory: self-consistent growth of perturbed sampled paths.

A perturbation exp(lambda t) y of the network is driven by the noise that it generates,
<zeta zeta> = G d(tau) with d(tau) = <phi' y(t) phi' y(t+tau)>, and by the memory of the couplings.
The map d -> d is linear; lambda is the rate at which its spectral radius is one.
"""

from __future__ import annotations

import warnings

import numpy as np

from ..base.checks import generator
from ..base.errors import ConvergenceError, ResolutionWarning
from ..base.estimate import Estimate
from ..ensembles.properties import synaptic_rate, tangent_memory, total_gain
from ..equations import linear_response
from ..network.network import AnyNetwork
from ..paths.gaussian_paths import Paths, unit_noise
from ..paths.site_statistics import SiteStatistics
from ..sampled.redrawn_paths import Of, over_groups, over_paths
from ..sampled.replicates import bias_corrected
from ..sampled.starting_statistics import from_solution
from ..sampled.tuning import GROUPS
from ..stationary.solution import Solution
from .path_tangent import Tangents, amplification
from .tuning import (
    FIRST_RATES,
    LARGEST_GROWTH,
    LARGEST_RATE_STEP,
    LATE_SHARE,
    LEAST_PATHS,
    MOST_SECANT_STEPS,
    RATE_ACCURACY,
    SYNAPTIC_MARGIN,
)
from .unit_exponent import unit_exponent


def sampled_exponent(solution: Solution, tol: float, rng) -> Estimate:
    """lambda_max of a sampled solution, with so many paths that its standard error is `tol`.

    Groups of few paths give the scatter, from which the number of paths follows.

    Raises
    ------
    ModelError
        If the memory of perturbations is not known for an ensemble.
    ConvergenceError
        If the paths leave the solution, or perturbations do not converge.

    Warns
    -----
    ResolutionWarning
        If the standard error stays above `tol`, because that takes too many paths.
    """
    network = solution.network
    for one in network.ensembles:
        start = from_solution(solution, solution.lags)
        tangent_memory(one, start.order_parameters(network.noise), 0.0)
    draws, size = generator(rng), LEAST_PATHS
    rate = _rate(network, draws, size)
    whole, groups = over_groups(solution, rate, size, draws)
    found = bias_corrected(whole, groups)[0]
    growth = min(LARGEST_GROWTH, (float(found.stderr) / tol) ** 2)
    larger = int(np.ceil(size * max(growth, 1.0)))
    if larger > size:
        more = over_paths(solution, _rate(network, draws, larger), larger, draws)
        found = bias_corrected(more, groups, whole, larger / size)[0]
    if float(found.stderr) > tol * (1 + 1e-9):
        warnings.warn(f"lyapunov_exponent: the standard error is {float(found.stderr):.1e}, above "
                      f"tol={tol:g}, with {GROUPS * larger} paths: give a larger tol",
                      ResolutionWarning, stacklevel=4)
    return found


def _rate(network: AnyNetwork, draws: np.random.Generator, size: int) -> Of:
    """The exponent of given paths, with independent perturbations, in groups of `size` paths."""
    seeds = [int(s) for s in draws.integers(2**63, size=GROUPS)]

    def rate(own: Paths, statistics: SiteStatistics, rows: slice) -> np.ndarray:
        groups = seeds[rows.start // size:rows.stop // size]
        z = np.concatenate([unit_noise(np.random.default_rng(s), size, own.lags) for s in groups])
        tangents = Tangents.of(network, own, statistics, z)
        return np.asarray(growth_rate(network, statistics, tangents))

    return rate


def growth_rate(network: AnyNetwork, statistics: SiteStatistics, tangents: Tangents) -> float:
    """The rate at which the amplification of perturbations is one, by the secant method.

    With plastic couplings it is at least -1/p, the rate of perturbations of synapses alone. Without
    random couplings units do not perturb one another, and it is the exponent of one unit.
    """
    gain, slowest = total_gain(network), synaptic_rate(network.ensembles)
    order = statistics.order_parameters(network.noise)
    if gain == 0:
        return max(slowest, unit_exponent(network, order, tangents))
    lowest = slowest + SYNAPTIC_MARGIN  # at rate -1/p the memory of a perturbation is infinite

    def log_radius(rate: float) -> float:
        H = linear_response.lowpass(order.omega - 1j * rate)  # of exp(rate t)
        K = np.sum([tangent_memory(one, order, rate) for one in network.ensembles], axis=0)
        return amplification(tangents, gain, H, K)

    before, rate = FIRST_RATES
    log_before = log_radius(before)
    for _ in range(MOST_SECANT_STEPS):
        log_now = log_radius(rate)
        step = log_now * (rate - before) / (log_before - log_now)
        if abs(step) < RATE_ACCURACY:
            if tangents.late > LATE_SHARE:
                raise ConvergenceError(
                    "perturbations do not decay within the lag window: the exponent near "
                    f"{rate + step:.3g} is that of the window (it is an edge of a continuum, as "
                    "for nearly linear units); measure it with dmft.validation.lyapunov_exponent")
            return rate + step
        if rate <= lowest and step < 0:
            return slowest  # perturbations of units decay faster than synapses
        before, log_before = rate, log_now
        rate = max(rate + float(np.clip(step, -LARGEST_RATE_STEP, LARGEST_RATE_STEP)), lowest)
    raise ConvergenceError(f"no growth rate was found from {FIRST_RATES[0]} in "
                           f"{MOST_SECANT_STEPS} secant steps")

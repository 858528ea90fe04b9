"""The largest Lyapunov exponent with memory: self-consistent growth of perturbed sampled paths.

A perturbation exp(lambda t) y of the network is driven by the noise that it generates,
<zeta zeta> = G d(tau) with d(tau) = <phi' y(t) phi' y(t+tau)>, and by the memory of the couplings.
The map d -> d is linear; lambda is the rate at which its spectral radius is one.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence

import numpy as np

from ..base.checks import generator, reject
from ..base.errors import ConvergenceError, ResolutionWarning
from ..base.estimate import Estimate
from ..base.long_call import show_step
from ..ensembles.properties import check_tangent_memory, synaptic_rate, tangent_memory, total_gain
from ..network.network import AnyNetwork, require_leaky, unit_of
from ..paths.gaussian_paths import unit_noise
from ..paths.memory_filters import COMPLEX
from ..sampled.bias_correction import bias_corrected
from ..sampled.redrawn_paths import Of, RedrawnPaths, over_groups, over_paths
from ..sampled.starting_statistics import from_solution
from ..sampled.tuning import GROUPS
from ..stationary.solution import Solution
from .path_tangent import Tangents
from .tuning import (
    AMPLIFICATION_TOL,
    FIRST_RATES,
    GROUP_TOL,
    LARGEST_GROWTH,
    LARGEST_LAST_STEP,
    LARGEST_RATE_STEP,
    LATE_SHARE,
    LEAST_DECREASE,
    LEAST_PATHS,
    MOST_SECANT_STEPS,
    MOST_SWEEPS,
    PATH_CHANGE,
    ROUGH_TOL,
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
    check_perturbations(network)
    for one in network.ensembles:
        start = from_solution(solution, solution.lags)
        tangent_memory(one, start.order_parameters(network.noise), 0.0)
    draws, size = generator(rng), LEAST_PATHS
    whole, groups = over_groups(solution, _rates(network, draws), size, draws)
    found = bias_corrected(whole, groups)[0]
    growth = min(LARGEST_GROWTH, (float(found.stderr) / tol) ** 2)
    count = int(np.ceil(GROUPS * size * max(growth, 1.0)))
    if growth > 1:
        more = over_paths(solution, _rates(network, draws), count, draws)
        found = bias_corrected(more, groups, whole, count / (GROUPS * size))[0]
    if float(found.stderr) > tol * (1 + 1e-9):
        warnings.warn(f"lyapunov_exponent: the standard error is {float(found.stderr):.1e}, above "
                      f"tol={tol:g}, with {count} paths: give a larger tol",
                      ResolutionWarning, stacklevel=4)
    return found


def check_perturbations(network: AnyNetwork) -> None:
    """Refuse couplings with memory whose perturbations are not derived, and such units."""
    unit = unit_of(network)
    if unit.delay or unit.time_step is not None:
        reject("unit", unit, "delayed or in discrete time, with couplings that have memory, whose "
               "perturbations are not built in", "use dmft.validation.lyapunov_exponent")
    for one in network.ensembles:
        check_tangent_memory(one)


def _rates(network: AnyNetwork, draws: np.random.Generator) -> Of:
    """The exponents of sets of paths, with independent perturbations."""
    seed = int(draws.integers(2**63))

    def rates(sets: Sequence[RedrawnPaths]) -> np.ndarray:
        count = sum(one.z.shape[1] for one in sets)
        z = unit_noise(np.random.default_rng(seed), count, sets[0].lags).astype(COMPLEX)
        return growth_rates(network, sets, Tangents(network, sets, z))

    return rates


def growth_rates(network: AnyNetwork, sets: Sequence[RedrawnPaths], tangents: Tangents
                 ) -> np.ndarray:
    """(s,) the rates at which the amplification of perturbations is one, for each set of paths.

    With plastic couplings it is at least -1/p, the rate of perturbations of synapses alone. Without
    random couplings units do not perturb one another, and it is the exponent of one unit.
    """
    gain, slowest = total_gain(network), synaptic_rate(network.ensembles)
    orders = [one.statistics.order_parameters(network.noise) for one in sets]
    if gain == 0:
        require_leaky(network, "the exponent of a unit with memory that receives no noise")
        return np.array([max(slowest, unit_exponent(network, order, tangents.slopes[:, part]))
                         for order, part in zip(orders, tangents.parts, strict=True)])
    unit = unit_of(network)
    lowest = slowest + SYNAPTIC_MARGIN  # at rate -1/p the memory of a perturbation is infinite

    def sweep(rates: np.ndarray) -> tuple[np.ndarray, float]:
        H = np.stack([unit.response(order.omega - 1j * rate)  # of exp(rate t)
                      for order, rate in zip(orders, rates, strict=True)])
        K = np.stack([np.sum([tangent_memory(one, order, rate) for one in network.ensembles],
                             axis=0) for order, rate in zip(orders, rates, strict=True)])
        return tangents.sweep(gain, H, K)

    # groups only determine an error, and single ones of few paths may have two modes that compete
    tol, settled = (AMPLIFICATION_TOL, PATH_CHANGE) if len(sets) == 1 else (GROUP_TOL, np.inf)
    rates, growth, slope = _secant_steps(sweep, np.full(len(sets), FIRST_RATES[0]), lowest)
    for _ in range(MOST_SWEEPS):  # power iteration, with a step of the rates in each sweep
        steps = np.clip(-growth / slope, -LARGEST_RATE_STEP, LARGEST_RATE_STEP)
        rates, before = np.maximum(rates + steps, lowest), growth
        growth, change = sweep(rates)
        show_step(1, float(np.max(np.abs(growth))))
        overshot = (growth * before < 0) & (np.abs(growth) > np.maximum(0.3 * np.abs(before), tol))
        slope = np.where(overshot, 1.5 * slope, slope)
        held = (rates <= lowest) & (growth < 0)  # these decay faster than synapses
        off = np.where(held, growth - before, np.abs(growth) + np.abs(growth - before))
        if np.max(np.abs(off)) < tol and change < settled:
            if tangents.late > LATE_SHARE and not np.any(held):
                raise ConvergenceError(
                    "perturbations do not decay within the lag window: the exponent near "
                    f"{np.mean(rates):.3g} is that of the window (it is an edge of a continuum, as "
                    "for nearly linear units); measure it with dmft.validation.lyapunov_exponent")
            return np.where(held, slowest, rates)
    raise ConvergenceError("the perturbations of the paths did not converge in "
                           f"{MOST_SWEEPS} sweeps")


def _secant_steps(sweep: Callable, rates: np.ndarray, lowest: float
                  ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rates (s,) at which the growth is small, that growth, and its derivative by the rate."""
    growth = _amplification(sweep, rates)
    before, growth_before = rates, growth
    rates = rates + FIRST_RATES[1] - FIRST_RATES[0]
    for _ in range(MOST_SECANT_STEPS):
        growth = _amplification(sweep, rates)
        moved = rates != before
        slope = np.where(moved, (growth - growth_before) / np.where(moved, rates - before, 1.0),
                         -np.inf)
        slope = np.minimum(slope, LEAST_DECREASE)
        steps = np.clip(-growth / slope, -LARGEST_RATE_STEP, LARGEST_RATE_STEP)
        if np.all((np.abs(steps) < LARGEST_LAST_STEP) | ((rates <= lowest) & (steps < 0))):
            return rates, growth, slope
        before, growth_before = rates, growth
        rates = np.maximum(rates + steps, lowest)
    raise ConvergenceError(f"no growth rate was found from {FIRST_RATES[0]} in "
                           f"{MOST_SECANT_STEPS} secant steps")


def _amplification(sweep: Callable, rates: np.ndarray) -> np.ndarray:
    """(s,) log of the spectral radius of d -> <phi' y phi' y>, by power iteration, roughly."""
    before = np.inf
    for _ in range(MOST_SWEEPS):
        growth, _ = sweep(rates)
        if np.max(np.abs(growth - before)) < ROUGH_TOL:
            return growth
        before = growth
    raise ConvergenceError("the perturbations of the paths did not converge in "
                           f"{MOST_SWEEPS} sweeps")

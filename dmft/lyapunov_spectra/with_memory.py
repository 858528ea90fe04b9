"""The spectrum of networks whose couplings have memory: plastic or reciprocal, in a moving state.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..base.checks import reject
from ..base.convergence import Check, Convergence
from ..base.estimate import Estimate
from ..ensembles.properties import synaptic_rate, tangent_feedback
from ..lyapunov.lyapunov_exponent import lyapunov_exponent
from ..stationary.solution import Solution
from .assembly import assembled, finished
from .memory_spectrum import MemorySpectrum, memory_spectrum
from .site_with_memory import SiteSample, site_sample
from .spectrum_result import LyapunovSpectrum
from .thresholds import Threshold, thresholds
from .tuning import (
    CHEAP_PATHS,
    EDGE_LIMIT,
    EDGE_TOL,
    LOWEST_RECIPROCAL,
    LOWEST_SHARE,
    SITE_LIMIT,
)


def with_memory(solution: Solution, paths: int, length: float | None, dt: float | None,
                full: bool, rng: np.random.Generator, report: Callable | None
                ) -> LyapunovSpectrum:
    """The spectrum above -1/p with plastic couplings, and above some s with reciprocal ones.

    The largest exponent on perturbed paths tells where thresholds are; the edge of the spectrum
    itself follows from psi, which is quadratic there, and is more accurate.
    """
    network = solution.network
    if solution.branch == "static":
        reject("solution", solution, "static with couplings that have memory, whose gains are not "
               "Gaussian: this spectrum is not built",
               "use dmft.validation.lyapunov_spectrum(network, neurons)")
    rough = lyapunov_exponent(solution, tol=EDGE_TOL, rng=rng)
    lowest = _lowest(solution, float(rough))
    sampled: list[SiteSample] = []

    def spectrum(length: float | None, dt: float | None) -> MemorySpectrum:
        sampled.append(site_sample(solution, length, dt, paths, CHEAP_PATHS, rng))
        return memory_spectrum(network, sampled[-1], 1 + float(rough))

    fine = spectrum(length, dt)
    nodes = fine.at_all(thresholds(float(rough), lowest, full), report)
    largest = edge(nodes)
    difference = abs(float(largest) - float(rough))
    checks = (
        Check("difference of cheap paths from the solution, in standard errors",
              sampled[0].distance, SITE_LIMIT, "give a longer window, or solve with a smaller tol",
              resolution=True),
        Check("difference of the edge from lyapunov_exponent", difference,
              EDGE_LIMIT + 5 * float(rough.stderr), "give more paths or a longer window",
              resolution=True))
    start = Convergence(True, 0, 0.0, 0.0, "sampled gains", "")
    found = assembled(largest, nodes, 0.0, start, network, symmetric=False)
    return finished(fine, nodes, found, spectrum, checks)


def _lowest(solution: Solution, largest: float) -> float:
    """Smallest a to be solved, above that of the synapses."""
    ensembles = solution.network.ensembles
    rate = synaptic_rate(ensembles)
    if largest <= rate:
        reject("solution", solution, f"has no exponents of units above -1/p={rate:g}, the rate of "
               "the synapses, below which the spectrum is not derived",
               "use dmft.validation.lyapunov_spectrum(network, neurons)")
    lowest = 1 + rate + LOWEST_SHARE * (largest - rate) if np.isfinite(rate) else 0.0
    if tangent_feedback(ensembles):
        lowest = max(lowest, LOWEST_RECIPROCAL * (1 + largest))
    return max(lowest, LOWEST_SHARE * (1 + largest))


def edge(nodes: list[Threshold]) -> Estimate:
    """s at which psi vanishes, from its value and slope at the three highest thresholds.

    d = 2 psi/(1 - F) is the distance of the edge up to terms of order d^2 and d^3, which the three
    determine. The standard error includes the change by the last of them.
    """
    last = nodes[-1]
    d = np.array([2 * one.excess / one.fraction for one in nodes[-3:]])
    places = np.array([one.a - 1 for one in nodes[-3:]]) + d
    value = np.linalg.solve(np.stack([np.ones(3), d**2, d**3], axis=1), places)[0]
    rough = np.linalg.solve(np.stack([np.ones(2), d[1:] ** 2], axis=1), places[1:])[0]
    sampling = np.linalg.norm(last.influence) / last.fraction
    return Estimate(value, float(np.hypot(sampling, value - rough)))

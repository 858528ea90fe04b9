"""One population whose mean is driven by a functional of its activity: states by one root.

At a given mean m of the drive the units are those of a network with phi(m + x) and no drift, which
the other solvers treat, with memory too. What its activity drives must be m again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import brentq

from ..averages.gaussian_averages import averages_at
from ..averages.shifted import shifted
from ..base import checks
from ..base.convergence import Check, Convergence
from ..base.errors import ConvergenceError, ModelError
from ..ensembles.properties import drift_of
from ..grids.order_parameters import OrderParameters
from ..network.network import AnyNetwork, Network
from ..network.populations import Population, populations
from ..network.structure import structure
from ..own.fixed_mean import FixedMean
from ..own.own_ensemble import DerivedEnsemble
from ..own.site_kernels import Averages
from ..stationary.solution import Solution
from .population_states import PopulationState, PopulationStates, stable_state_check
from .tuning import (
    BESIDE,
    FARTHEST_MEAN,
    LEAST_RESTORING,
    MEAN_STEP,
    NEGLIGIBLE_BIAS,
    QUENCHED_SLOPE,
    QUENCHED_STEPS,
    QUENCHED_TOL,
    SAMPLED_MEAN_STEP,
    SAMPLED_QUENCHED_SHARE,
    SCANNED_MEANS,
    SECANT_STEPS,
)

Inner = Callable[[Network], Solution]


def solve_driven_mean(network: AnyNetwork, inner: Inner, tol: float) -> PopulationStates:
    """The states of one population; with memory the one that is reached from the input alone.

    If that one is unstable, as the zero mean of an odd phi may be, those beside it are sought too.

    Parameters
    ----------
    network : Network
    inner : callable
        Solves a network without drift.
    tol : float
        Of the mean, relative to its size or to one.

    Raises
    ------
    ConvergenceError
        If no state is found.
    """
    own = structure(network)
    site = _Site(network, populations(network)[0], inner,
                 SAMPLED_QUENCHED_SHARE * tol if own.memory else QUENCHED_TOL)
    if not site.driven:
        roots = [site.population.unit.static_gain * site.population.input]
    else:
        roots = _from_the_input(site, tol) if own.memory else _scanned(site, tol)
    if not roots:
        raise ConvergenceError(f"no mean of x was found from {len(site.seen)} values up to "
                               f"{FARTHEST_MEAN:g}: give couplings that drive a smaller mean, or "
                               "phi that saturates")
    step = SAMPLED_MEAN_STEP if own.memory else MEAN_STEP
    found = [_state(site, root, step) for root in roots]
    states = sorted(found, key=lambda one: (not one.stable, one.rates[0]))
    # an excess moves a root by as much over 1 - slowest, which is small near a fold
    worst = max(abs(site.excess(root)) / max(abs(1 - one.slowest), LEAST_RESTORING)
                / max(1.0, abs(root)) for root, one in zip(roots, found, strict=True))
    largest = max(one.error for one in states if one.stable or not states[0].stable)
    made = (Check("mean", worst, 3 * tol, "the mean is not that of its drive: give a larger tol"),
            Check("standard error", largest, max(3 * tol, 1e-9), "the standard error of the "
                  "averages, relative to them, is above tol, as near a fold: give a smaller tol",
                  resolution=True), stable_state_check(states))
    message = (f"{len(states)} states from {len(site.seen)} values of the mean"
               + ("; others were not sought, as paths are sampled" if own.memory else ""))
    return PopulationStates(network, tuple(states), len(site.seen), Convergence(
        True, len(site.seen), worst, max(worst, largest),
        "populations", message, made))


def check_driven_mean(network: AnyNetwork) -> None:
    """Refuse low-rank couplings and gains together with means."""
    own = structure(network)
    if own.currents or own.inputs or own.gains is not None:
        checks.reject("network", network, "has currents or gains together with couplings that "
                      "drive means", "leave one of them out, or use dmft.validation.simulate")


@dataclass(eq=False)
class _Site:
    """The units at a given mean of their drive; each mean is solved once.

    `rate_tol` is the change of <phi> at which its own quenched noise has been found.
    """

    network: AnyNetwork
    population: Population
    inner: Inner
    rate_tol: float = QUENCHED_TOL
    seen: dict[float, tuple[Solution, float, float]] = field(default_factory=dict)

    def excess(self, mean: float) -> float:
        """The mean of the drive that the activity at this mean causes, less the mean."""
        return self.at(mean)[1] - mean

    def at(self, mean: float) -> tuple[Solution, float, float]:
        """The solution of the units, the mean that they drive, and <phi>."""
        mean = float(mean)
        if mean not in self.seen:
            self.seen[mean] = self._solved(mean)
        return self.seen[mean]

    def _solved(self, mean: float) -> tuple[Solution, float, float]:
        solution, rate = self._with_own_rate(mean)
        known = Averages(solution.lags, solution.C_phi.value, float(solution.C_phi_static),
                         solution.R_phi.value, rate)
        drift = drift_of(self.network.ensembles)
        total = self.population.input + sum(one.mean_input(known) for one in self.own)
        total += float(drift[0, 0]) * rate if drift is not None else 0.0
        return solution, self.population.unit.static_gain * total, rate

    def _with_own_rate(self, mean: float) -> tuple[Solution, float]:
        """The solution at a mean whose quenched noise is that of its own <phi>, by secant steps."""
        gain = float(sum(one.mean_gain for one in self.own))
        near = min(self.seen, key=lambda one: abs(one - mean), default=None)
        rate = 0.0 if near is None else self.seen[near][2]
        before: tuple[float, float] | None = None
        for _ in range(QUENCHED_STEPS):
            solution, found = self._with_bias(mean, gain * rate**2)
            off = found - rate
            if not gain or abs(off) < self.rate_tol * max(1.0, abs(found)):
                break
            slope = -1.0 if before is None else (off - before[1]) / (rate - before[0])
            before = rate, off
            rate += -off / slope if slope < -QUENCHED_SLOPE else off
        return solution, found

    def _with_bias(self, mean: float, quenched: float) -> tuple[Solution, float]:
        """The solution with this variance of a quenched input besides the bias, and <phi>."""
        one = self.population
        phi = shifted(one.phi, mean)
        ensembles = tuple(FixedMean(each) if isinstance(each, DerivedEnsemble) else each
                          for each in self.network.ensembles if not hasattr(each, "drift"))
        bias = float(np.sqrt(one.bias**2 + quenched))
        if one.bias == 0 and bias < NEGLIGIBLE_BIAS:  # of a mean output that is rounding
            bias = 0.0
        solution = self.inner(Network(ensembles, phi, one.noise, bias, one.unit))
        if solution.mean_phi is not None:
            return solution, float(solution.mean_phi)
        return solution, float(averages_at(phi, float(solution.C_x[0])).mean)

    @property
    def driven(self) -> bool:
        """Whether the activity drives the mean at all."""
        return (any(one.has_drift for one in self.own)
                or drift_of(self.network.ensembles) is not None)

    @property
    def own(self) -> list[DerivedEnsemble]:
        return [one for one in self.network.ensembles if isinstance(one, DerivedEnsemble)]


def _scanned(site: _Site, tol: float) -> list[float]:
    """Roots between the means of a scan, which reaches so far that the drive falls behind."""
    reach, roots = 1.0, []
    while reach < FARTHEST_MEAN and not (_sign(site, reach) < 0 < _sign(site, -reach)):
        reach *= 2
    means = reach * np.linspace(-1, 1, SCANNED_MEANS)
    near = [mean + side * reach * BESIDE for mean in means if _sign(site, mean) == 0
            for side in (-1, 1)]  # other roots may lie on both sides of a root
    means = np.sort(np.append(means, near))
    signs = [_sign(site, mean) for mean in means]
    for low, high, left, right in zip(means, means[1:], signs, signs[1:], strict=False):
        if left == 0:
            roots.append(float(low))
        elif left * right < 0:
            roots.append(float(brentq(site.excess, low, high, xtol=max(tol, 1e-11), rtol=1e-10)))
    return roots


def _sign(site: _Site, mean: float) -> float:
    """Sign of the excess; 0 also where it is rounding, as at the zero mean of an odd phi."""
    try:
        excess = site.excess(mean)
    except (ConvergenceError, ModelError):
        return np.nan
    return 0.0 if abs(excess) < 1e-12 else float(np.sign(excess))


def _from_the_input(site: _Site, tol: float) -> list[float]:
    """The root next to the mean that the input alone drives; if unstable, also those beside it."""
    roots = _followed(site, tol, site.population.unit.static_gain * site.population.input)
    for root in tuple(roots):
        ahead, behind = (site.excess(root + side * SAMPLED_MEAN_STEP) for side in (1, -1))
        if ahead > behind:  # perturbations of the mean grow
            roots += [one for side in (-1, 1) for one in _followed(site, tol, root + side)
                      if abs(one - root) > SAMPLED_MEAN_STEP]
    return roots


def _followed(site: _Site, tol: float, mean: float) -> list[float]:
    """The root that secant steps reach from this mean."""
    off = site.excess(mean)
    step = 0.5 * off
    for _ in range(SECANT_STEPS):
        if max(abs(off), abs(step)) < tol * max(1.0, abs(mean)):
            return [mean]
        new = mean + step
        after = site.excess(new)
        slope = (after - off) / (new - mean)
        mean, off = new, after
        step = -off / slope if slope < 0 else 0.5 * off
    return []


def _state(site: _Site, mean: float, step: float) -> PopulationState:
    """The state at a root; its stability from the drive at means on both sides."""
    solution, _, rate = site.at(mean)
    derivative = 0.0
    if site.driven:
        derivative = (site.at(mean + step)[1] - site.at(mean - step)[1]) / (2 * step)
    extra = _mean_by_memory(site, solution, rate)
    C_x = solution.C_x.value - extra**2
    static = float(solution.C_x_static) - extra**2
    error = 0.0
    if solution.replicates is not None:
        error = float(np.max(solution.C_phi.stderr)) / float(solution.C_phi[0])
    return PopulationState(
        np.array([rate]), np.array([mean + extra]), C_x[:1], np.array([static]),
        np.array([float(solution.gain)]), (solution.branch,), np.nan, derivative, solution.lags,
        C_x[None], solution.C_phi.value[None], np.array([static]),
        np.array([float(solution.C_phi_static)]), abs(site.excess(mean)),
        error / max(abs(1 - derivative), 0.1) if error else 0.0)


def _mean_by_memory(site: _Site, solution: Solution, rate: float) -> float:
    """What the memory adds to the mean of x, H(0) K(0) <phi>."""
    if not any(one.has_memory for one in solution.network.ensembles):
        return 0.0
    lags, unit = solution.lags, site.population.unit
    response = np.append(solution.R_phi.value, np.zeros(len(lags) - 2))
    jump = float(solution.gain) * unit.impulse(lags.tau)
    S = float(solution.gain) * unit.response(lags.omega) + lags.dt * np.fft.rfft(
        response - np.append(jump, np.zeros(len(lags) - 2)))
    static = float(solution.C_phi_static)
    order = OrderParameters(lags, solution.C_phi.value - static, static, S, mean=rate)
    K: Any = sum(one.memory(order)[0] for one in solution.network.ensembles)
    return float(unit.static_gain * K.real * rate)

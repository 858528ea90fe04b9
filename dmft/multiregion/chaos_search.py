"""chaotic_overlaps: a search for overlaps T with chaotic currents, by climbing the exponents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..base.annotations import Seed
from ..base.array_data import ArrayData
from ..base.checks import generator, reject, whole
from ..equations import multiregion
from ..equations.gaussian import erf_mean_slope
from .tuning import (
    CHAOS_SIGNIFICANCE,
    CHILD_CHANGE,
    CLIMBED_TIME,
    CONFIRMED_TIME,
    PARENT_SHARE,
    SEARCH_SIZE,
    SEARCH_STEP,
)


@dataclass(frozen=True, eq=False)
class ChaoticOverlaps(ArrayData):
    """Overlaps with chaotic currents, as `chaotic_overlaps` returns them.

    Parameters
    ----------
    T : (R, R, R) array
        Overlaps of a network without disorder, phi = erf, U = 1.
    currents : (R, R) array
        Filtered currents on the attractor, to start from.
    exponent, stderr : float
        Largest Lyapunov exponent of the currents, and its standard error.
    climb : (n,) array
        Largest sum of the two leading exponents in each generation of the search.

    Examples
    --------
    >>> import numpy as np
    >>> ChaoticOverlaps(np.ones((2, 2, 2)), np.ones((2, 2)), 0.1, 0.01, np.zeros(3))
    ChaoticOverlaps(2 regions: exponent 0.100 +- 0.010 after 3 generations)
    """

    T: np.ndarray
    currents: np.ndarray
    exponent: float
    stderr: float
    climb: np.ndarray

    def __repr__(self) -> str:
        return (f"ChaoticOverlaps({len(self.T)} regions: exponent {self.exponent:.3f} +- "
                f"{self.stderr:.3f} after {len(self.climb)} generations)")


def chaotic_overlaps(regions: int, *, population: int = 48, generations: int = 40,
                     rng: Seed = None) -> ChaoticOverlaps:
    """Search for overlaps T whose currents are chaotic, without disorder within the regions.

    Random T with chaotic currents are rare: none in 700 with three regions, about one in a hundred
    with four or five, and none are known with two (Clark & Beiran 2025, chaotic currents). The
    search climbs lambda_1 + lambda_2, the sum of the two leading Lyapunov exponents of

        dz[mu, nu]/dt = -z[mu, nu] + psi[nu] sum_rho T[mu, nu, rho] z[nu, rho],
        psi[nu] = (1 + (pi/2) sum_rho z[nu, rho]^2)^(-1/2)

    (disorder 0, phi = erf, U = 1). On a limit cycle lambda_1 = 0 and lambda_2 < 0; lambda_2 rises
    to zero where the cycle loses its stability, and beyond it currents may become chaotic. In each
    generation the best quarter of the population is kept, and the others are replaced by its
    randomly changed copies, which start from their attractors. A network is returned once its
    lambda_1 is positive by five standard errors over a longer time with half the step.
    `dmft.solution_class` and `dmft.lyapunov_exponent` of `dmft.MultiregionNetwork(g, found.T)` then
    tell what disorder g does to it.

    Parameters
    ----------
    regions : int
        Number of regions R, 2 or above.
    population : int
        Networks in a generation, 8 or above.
    generations : int
        Largest number of generations.
    rng : int, SeedSequence or Generator, optional
        Seed of the search; 0 by default. Another seed finds another network.

    Returns
    -------
    ChaoticOverlaps

    Raises
    ------
    ModelError
        For numbers outside their range, and if no network with chaotic currents was found.

    Examples
    --------
    >>> import dmft
    >>> found = dmft.chaotic_overlaps(5, population=24, rng=1)
    >>> bool(found.exponent > 5 * found.stderr)
    True
    """
    R = whole("regions", regions)
    count, most = whole("population", population), whole("generations", generations)
    if R < 2:
        reject("regions", R, "its single current cannot be chaotic", "give 2 or more")
    if count < 8:
        reject("population", count, "too small to select from", "give 8 or more")
    random = generator(rng)
    T = SEARCH_SIZE / np.sqrt(R) * random.standard_normal((count, R, R, R))
    z = random.standard_normal((count, R, R))
    parents, climb = max(2, int(PARENT_SHARE * count)), []
    _, _, z = exponents(T, z, CLIMBED_TIME, SEARCH_STEP, random)
    for _ in range(most):
        rates, _, z = exponents(T, z, CLIMBED_TIME, SEARCH_STEP, random)
        height = rates.sum(axis=1)
        best = np.argsort(-height)
        climb.append(float(height[best[0]]))
        top = best[np.argmax(rates[best[:parents], 0])]
        if climb[-1] > 0 and (found := _confirmed(T[top], z[top], random)):
            return ChaoticOverlaps(T[top], z[top], *found, np.array(climb))
        chosen = random.choice(best[:parents], count - parents)
        change = CHILD_CHANGE * random.standard_normal((len(chosen), R, R, R))
        size = np.sqrt(np.mean(T[chosen] ** 2, axis=(1, 2, 3), keepdims=True))
        T = np.concatenate([T[best[:parents]], T[chosen] + size * change])
        z = np.concatenate([z[best[:parents]], z[chosen]])
    reject("generations", most, f"no chaotic currents of {R} regions were found; lambda_1 + "
           f"lambda_2 reached {max(climb):.2g}", "give more, or another rng (at R = 2 none are "
           "known)")


def _confirmed(T: np.ndarray, z: np.ndarray, random: np.random.Generator
               ) -> tuple[float, float] | None:
    """Exponent and standard error over a longer time with half the step, if it is positive."""
    rates, errors, _ = exponents(T[None], z[None], CONFIRMED_TIME, SEARCH_STEP / 2, random)
    found = float(rates[0, 0]), float(errors[0, 0])
    return found if found[0] > CHAOS_SIGNIFICANCE * found[1] else None


def exponents(T: np.ndarray, z: np.ndarray, duration: float, step: float,
              random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two leading exponents of B networks, (B, 2), their standard errors, and the last currents.

    Classical Runge-Kutta steps of currents z (B, R, R) and of two perturbations, which are made
    orthonormal once per time constant; after a quarter of the time they are aligned.
    """
    state = np.concatenate([z[:, None], random.standard_normal((len(z), 2, *z.shape[1:]))], axis=1)
    _orthonormal(state)
    often = round(1 / step)
    growth = []
    for _ in range(int(duration)):
        for _ in range(often):
            a = _flow(T, state)
            b = _flow(T, state + step / 2 * a)
            c = _flow(T, state + step / 2 * b)
            d = _flow(T, state + step * c)
            state = state + step / 6 * (a + 2 * (b + c) + d)
        growth.append(np.log(_orthonormal(state)))
    late = np.array(growth[len(growth) // 4:]) / (often * step)
    blocks = np.array([part.mean(axis=0) for part in np.array_split(late, 8)])
    return late.mean(axis=0), blocks.std(axis=0, ddof=1) / np.sqrt(len(blocks)), state[:, 0]


def _flow(T: np.ndarray, state: np.ndarray) -> np.ndarray:
    """Rate of change of currents state[:, 0] and, linearised, of perturbations state[:, 1:]."""
    z = state[:, 0]
    Delta = np.sum(z**2, axis=2)
    psi, slope = erf_mean_slope(Delta), multiregion.erf_gain_slope(Delta)
    driven = np.einsum("bmnr,bknr->bkmn", T, state, optimize=False)
    out = psi[:, None, None, :] * driven - state
    variance = 2 * np.einsum("bnr,bknr->bkn", z, state[:, 1:])
    out[:, 1:] += (slope[:, None] * variance)[:, :, None, :] * driven[:, :1]
    return out


def _orthonormal(state: np.ndarray) -> np.ndarray:
    """Make two perturbations orthonormal in place; (B, 2) factors by which they had grown."""
    one, two = state[:, 1], state[:, 2]
    first = np.sqrt(np.sum(one**2, axis=(1, 2)))
    one /= first[:, None, None]
    two -= np.sum(one * two, axis=(1, 2))[:, None, None] * one
    second = np.sqrt(np.sum(two**2, axis=(1, 2)))
    two /= second[:, None, None]
    return np.stack([first, second], axis=1)

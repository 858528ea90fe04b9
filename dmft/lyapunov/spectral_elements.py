"""The lowest eigenvalue of -d^2/dtau^2 + W(tau) on the half-line of lags, by spectral elements.

On each element psi is a polynomial through Gauss-Lobatto nodes, which also integrate: the mass is
diagonal, and W is needed at the nodes only. Elements are halved where W is steep, so that a corner
of W at zero lag (relu, white noise) costs a few short elements. They end at a lag L at which W has
reached its limit; beyond, psi decays as exp(-k tau) with k^2 = W(inf) - E.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.polynomial import chebyshev, legendre
from scipy import linalg

from ..averages.chebyshev_series import interpolate
from ..base.errors import ConvergenceError
from .tuning import (
    ENERGY_ROUNDING,
    FIRST_EDGES,
    LARGEST_RESIDUAL,
    MOST_DECAY_STEPS,
    MOST_HALVINGS,
    MOST_INVERSE_STEPS,
    MOST_SHIFT_HALVINGS,
    POTENTIAL_NODES,
    POTENTIAL_TAIL,
)

Potential = Callable[[np.ndarray], np.ndarray]


def element_edges(potential: Potential, limit: float, length: float) -> np.ndarray:
    """Edges of elements of [0, length], on each of which W is a polynomial.

    An error of W changes the lowest eigenvalue by its average over psi^2, which is at most about
    the square root of the depth of the well: by this factor, and by its length, an interval counts.

    Parameters
    ----------
    potential : callable
        W(tau).
    limit : float
        W(inf).
    length : float
        L.
    """
    edges = length * np.array(FIRST_EDGES)
    low, high, found = edges[:-1], edges[1:], edges
    nodes = (1 + chebyshev.chebpts1(POTENTIAL_NODES)) / 2
    size, depth = 1.0, 0.0
    for _ in range(MOST_HALVINGS):
        at = low[:, None] + (high - low)[:, None] * nodes
        values = potential(at.ravel()).reshape(at.shape)
        size = max(size, float(np.max(np.abs(values))))
        depth = max(depth, limit - float(np.min(values)))
        tail = np.max(np.abs(interpolate(values.T)[-2:]), axis=0)
        coarse = tail * (high - low) * np.sqrt(depth) > POTENTIAL_TAIL * size
        if not np.any(coarse):
            break
        low, high = low[coarse], high[coarse]
        middle = (low + high) / 2
        found = np.concatenate([found, middle])
        low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
    return np.sort(found)


@dataclass(frozen=True, eq=False)
class Elements:
    """-d^2/dtau^2 + W on elements, with polynomials of one degree.

    Parameters
    ----------
    edges : (m + 1,) array
        From 0 to L.
    degree : int
    W : (n,) array
        The potential at the n = m degree + 1 nodes.
    limit : float
        W(inf).
    """

    edges: np.ndarray
    degree: int
    W: np.ndarray
    limit: float

    @classmethod
    def of(cls, potential: Potential, limit: float, edges: np.ndarray, degree: int) -> Elements:
        x, _, _ = _reference(degree)
        inside = edges[:-1, None] + np.diff(edges)[:, None] * (1 + x[:-1]) / 2
        return cls(edges, degree, potential(np.append(inside.ravel(), edges[-1])), limit)

    def lowest_eigenvalue(self, odd: bool = False) -> float:
        """The lowest eigenvalue, of even functions (slope 0 at tau = 0) or of odd ones.

        The condition psi' = -k psi at L adds k psi(L)^2 to the energy E(k), and k^2 is
        W(inf) - E(k): Newton's method, with dE/dk = psi(L)^2, from k = 0. A deep well, whose psi
        vanishes at L, needs one step, and a shallow one no longer interval.
        """
        mass, stiffness = self._mass(), self._stiffness()
        psi, k = np.ones(len(mass)), 0.0
        for _ in range(MOST_DECAY_STEPS):
            energy, psi = self._ground_state(mass, stiffness, k, psi, odd)
            end, most = float(psi[-1] ** 2), float(np.sqrt(max(self.limit - energy, 0.0)))
            excess = energy - self.limit + k**2
            # From the left of the root, k is at most the square root of W(inf) - E(k).
            better = min(k - excess / (end + 2 * k), most) if end + 2 * k > 0 else most
            better = max(better, 0.0)
            if abs(better - k) * end < ENERGY_ROUNDING:
                return energy
            if max(k, better) ** 2 < ENERGY_ROUNDING:  # rounding of the energy decides on k
                return self.limit
            k = better
        raise _not_converged("the decay of the lowest state", MOST_DECAY_STEPS)

    def _ground_state(self, mass: np.ndarray, stiffness: np.ndarray, k: float, psi: np.ndarray,
                      odd: bool) -> tuple[float, np.ndarray]:
        """Lowest eigenvalue and its psi at one k, by inverse iteration from a given psi.

        It begins with a shift below the least W (by 1/L^2, so that rounding does not matter), and
        the shift follows the Rayleigh quotient from below. A Cholesky factor exists only where no
        eigenvalue is below the shift, so that the iteration cannot end in another state.
        """
        first = int(odd)  # psi(0) = 0
        mass_in, band = mass[first:], stiffness[:, first:].copy()
        psi = np.append(np.zeros(first), psi[first:] / np.sqrt(mass_in @ psi[first:] ** 2))
        band[0, -1] += k
        shift = float(min(np.min(self.W), self.limit) - self.edges[-1] ** -2)
        factor, energy = _factor(band, mass_in, shift), np.inf
        for _ in range(MOST_INVERSE_STEPS):
            old = psi[first:]
            solved = linalg.cho_solve_banded((factor, True), mass_in * old, check_finite=False)
            norm = float(np.sqrt(mass_in @ solved**2))
            psi = np.append(np.zeros(first), solved / norm)
            before, energy = energy, self._energy(psi, mass) + k * float(psi[-1] ** 2)
            # The residual of psi, by the equation that it solves, in which no slopes cancel.
            residual = old / norm + (shift - energy) * psi[first:]
            distance = float(np.sqrt(mass_in @ residual**2))
            rounding = ENERGY_ROUNDING * max(1.0, abs(energy))
            closer = _closer(band, mass_in, shift, energy - 2 * distance - rounding)
            # On short elements rounding limits the residual, but not the energy.
            if abs(energy - before) < rounding and (distance < LARGEST_RESIDUAL or closer is None):
                return energy, psi
            if closer is not None:
                factor, shift = closer
        raise _not_converged("the lowest state", MOST_INVERSE_STEPS)

    def _mass(self) -> np.ndarray:
        """(n,) weights of the nodes."""
        _, weight, _ = _reference(self.degree)
        return self._summed(np.diff(self.edges)[:, None] / 2 * weight)

    def _stiffness(self) -> np.ndarray:
        """(degree + 1, n) lower diagonals of the matrix of int psi'^2 + W psi^2."""
        d, lengths = self.degree, np.diff(self.edges)
        _, weight, slope = _reference(d)
        of_element = slope.T @ (weight[:, None] * slope)
        band = np.zeros((d + 1, len(self.W)))
        for k in range(d + 1):
            diagonal = np.zeros((len(lengths), d + 1))
            diagonal[:, :d + 1 - k] = 2 / lengths[:, None] * np.diagonal(of_element, -k)
            band[k] = self._summed(diagonal)
        band[0] += self._mass() * self.W
        return band

    def _summed(self, of_elements: np.ndarray) -> np.ndarray:
        """(n,) sums of values at the nodes of each element, of which neighbours share one."""
        d = self.degree
        out = np.append(of_elements[:, :d].ravel(), 0.0)
        out[d::d] += of_elements[:, d]
        return out

    def _energy(self, psi: np.ndarray, mass: np.ndarray) -> float:
        """int psi'^2 + W psi^2, as a sum of squares: rounding of short elements does not matter."""
        d, lengths = self.degree, np.diff(self.edges)
        _, weight, slope = _reference(d)
        of_elements = np.column_stack([psi[:-1].reshape(-1, d), psi[d::d]])
        squares = (of_elements @ slope.T) ** 2 @ weight
        return float(squares @ (2 / lengths) + mass @ (self.W * psi**2))


def _not_converged(what: str, steps: int) -> ConvergenceError:
    return ConvergenceError(f"{what} of the Schroedinger problem has not converged in {steps} "
                            "steps; give another g or noise, or a smoother phi")


def _closer(band: np.ndarray, mass: np.ndarray, shift: float,
            goal: float) -> tuple[np.ndarray, float] | None:
    """The factor at the goal, or on the way to it from the shift; None if only below the shift."""
    for _ in range(MOST_SHIFT_HALVINGS):
        if goal <= shift:
            return None
        try:
            return _factor(band, mass, goal), goal
        except linalg.LinAlgError:  # an eigenvalue is below
            goal = (goal + shift) / 2
    return None


def _factor(stiffness: np.ndarray, mass: np.ndarray, shift: float) -> np.ndarray:
    """Cholesky factor of stiffness - shift mass; LinAlgError if an eigenvalue is below it."""
    shifted = stiffness.copy()
    shifted[0] -= shift * mass
    return linalg.cholesky_banded(shifted, overwrite_ab=True, lower=True, check_finite=False)


@lru_cache(maxsize=16)
def _reference(degree: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gauss-Lobatto nodes on [-1, 1], their weights, and slopes of polynomials at the nodes."""
    inner = legendre.Legendre.basis(degree).deriv()
    roots = inner.roots().real
    roots -= inner(roots) / inner.deriv()(roots)  # polished
    x = np.concatenate([[-1.0], np.sort(roots), [1.0]])
    weight = 2 / (degree * (degree + 1) * legendre.Legendre.basis(degree)(x) ** 2)
    powers = legendre.legvander(x, degree)
    slopes = np.array([legendre.legval(x, legendre.legder(row)) for row in np.eye(degree + 1)]).T
    slope = slopes @ np.linalg.inv(powers)
    slope -= np.diag(np.sum(slope, axis=1))  # a constant has slope 0, exactly
    for array in (x, weight, slope):
        array.flags.writeable = False
    return x, weight, slope

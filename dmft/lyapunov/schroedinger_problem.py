"""The Schroedinger problem -psi'' + W(tau) psi = E psi on the line of lags: its ground state.

W(tau) = 1 - G <phi'(x(t)) phi'(x(t + tau))> is even, a well around tau = 0 with limit W(inf). Its
ground-state energy E0 gives the largest Lyapunov exponent, lambda = -1 + sqrt(1 - E0)
(Sompolinsky, Crisanti & Sommers 1988).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.polynomial import legendre
from scipy import linalg

from ..equations import stationary as equations
from .tuning import ACCURACY, BASIS_SIZES

Potential = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class GroundState:
    """Refinement of the exponent on the largest interval of lags that was used.

    Parameters
    ----------
    length : float
        Length of this interval, [0, length].
    refinement : list of (int, float)
        Number of polynomials, and the exponent that they give.
    """

    length: float
    refinement: list[tuple[int, float]]

    @property
    def exponent(self) -> float:
        return self.refinement[-1][1]

    @property
    def error(self) -> float:
        """Change of the exponent under the last refinement."""
        return abs(self.exponent - self.refinement[-2][1])


def ground_state(potential: Potential, limit: float, length: float) -> GroundState:
    """Refine the ground state in the number of polynomials and in the length of the interval.

    Parameters
    ----------
    potential : callable
        W(tau).
    limit : float
        W(inf), the lower edge of the continuum.
    length : float
        Initial length of the interval of lags, which is doubled as often as needed.
    """
    before = float(np.inf)
    while True:
        refinement, energy = _refined(potential, length)
        found = GroundState(length, refinement)
        # The interval is long enough where the ground state decays within it, or where a shorter
        # one gave the same value (a well so shallow that its ground state hardly decays).
        decay = float(np.sqrt(max(limit - energy, 0.0))) * length
        if decay > 20 or abs(found.exponent - before) < ACCURACY:
            return found
        length, before = 2 * length, found.exponent


def _refined(potential: Potential, length: float) -> tuple[list[tuple[int, float]], float]:
    """Exponents with more and more polynomials, until two agree or the most are reached."""
    found: list[tuple[int, float]] = []
    energy = float(np.nan)
    for size in BASIS_SIZES:
        energy = lowest_eigenvalue(potential, length, size)
        found.append((size, float(equations.growth_rate(energy))))
        if len(found) > 1 and abs(found[-1][1] - found[-2][1]) < ACCURACY:
            break
    return found, energy


def lowest_eigenvalue(potential: Potential, length: float, size: int, odd: bool = False) -> float:
    """Lowest eigenvalue of -d^2/dtau^2 + potential on [0, length], even or odd about zero.

    Galerkin method with `size` normalised Legendre polynomials. In the even sector the zero slope
    at tau = 0 is the natural boundary condition; the odd sector is spanned by sums of neighbouring
    polynomials, which vanish there.
    """
    x, weight = legendre.leggauss(2 * size)
    basis = legendre.legvander(x, size - 1)
    n = np.arange(size)
    low = np.minimum.outer(n, n)
    kinetic = np.where(np.add.outer(n, n) % 2 == 0, low * (low + 1.0), 0.0) * (2 / length) ** 2
    matrix = kinetic + basis.T * (weight * potential(length * (1 + x) / 2)) @ basis
    mass = np.diag(2 / (2 * n + 1))
    if odd:
        pairs = np.eye(size, size - 1) + np.eye(size, size - 1, k=-1)
        matrix, mass = pairs.T @ matrix @ pairs, pairs.T @ mass @ pairs
    return float(linalg.eigh(matrix, mass, eigvals_only=True, subset_by_index=[0, 0])[0])

"""The Schroedinger problem -psi'' + W(tau) psi = E psi on the line of lags: its ground state.

W(tau) = 1 - G <phi'(x(t)) phi'(x(t + tau))> is even, a well around tau = 0 with limit W(inf). Its
ground-state energy E0 gives the largest Lyapunov exponent, lambda = -1 + sqrt(1 - E0)
(Sompolinsky, Crisanti & Sommers 1988).
"""

from __future__ import annotations

from dataclasses import dataclass

from ..equations import stationary as equations
from .spectral_elements import Elements, Potential, element_edges
from .tuning import ACCURACY, DEGREES


@dataclass(frozen=True)
class GroundState:
    """The ground state, and the refinement of the exponent.

    Parameters
    ----------
    elements : Elements
        The last and finest discretisation.
    refinement : list of (int, float)
        Number of polynomials, and the exponent that they give.
    """

    elements: Elements
    refinement: list[tuple[int, float]]

    @property
    def exponent(self) -> float:
        return self.refinement[-1][1]

    @property
    def error(self) -> float:
        """Change of the exponent under the last refinement."""
        return abs(self.exponent - self.refinement[-2][1])


def ground_state(potential: Potential, limit: float, length: float) -> GroundState:
    """Refine the ground state in the degree of polynomials, until two exponents agree.

    Parameters
    ----------
    potential : callable
        W(tau).
    limit : float
        W(inf), the lower edge of the continuum.
    length : float
        Lag at which W has reached its limit.
    """
    edges, refinement = element_edges(potential, limit, length), []
    for degree in DEGREES:
        elements = Elements.of(potential, limit, edges, degree)
        energy = elements.lowest_eigenvalue()
        refinement.append((len(elements.W), float(equations.growth_rate(energy))))
        if len(refinement) > 1 and abs(refinement[-1][1] - refinement[-2][1]) < ACCURACY:
            break
    return GroundState(elements, refinement)

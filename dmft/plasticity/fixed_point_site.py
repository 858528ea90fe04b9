"""FixedPointSite: a unit at a fixed point, x = eta + k C phi(x), and quadratures over its roots."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import optimize

from ..base import checks
from ..equations import plasticity as equations
from ..network.nonlinearity import Nonlinearity
from .tuning import (
    FOLD_SERIES_DEGREE,
    FOLD_SERIES_RANGE,
    INPUT_RANGE,
    LOG_SMALLEST_FOLD_DISTANCE,
    MAX_NODE_SPACING,
    PANEL_NODES,
    ROOT_STEP,
    SATURATION_POINT,
)


@dataclass(frozen=True)
class RootBranch:
    """Nodes of a quadrature over a branch of roots x > 0; the weights count both x and -x.

    The stiffness D = 1 - k C phi'(x) keeps its relative accuracy where it vanishes, at the fold.
    """

    x: np.ndarray
    weight: np.ndarray
    phi: np.ndarray
    slope: np.ndarray
    stiffness: np.ndarray


@dataclass(frozen=True)
class FixedPointSite:
    """A unit of a network at a fixed point with <phi^2> = C; its input eta is N(0, g^2 C).

    Where k C phi'(0) > 1, an input between -eta_f and eta_f has three roots x: two outer ones with
    D > 0 and an inner one with D < 0. They meet at the fold x_f, where D = 0 (Clark & Abbott 2024,
    fixed points with plasticity).

    Parameters
    ----------
    g, k : float
        Strengths of the random and of the plastic couplings.
    phi : Nonlinearity
        An odd sigmoid.
    C : float
        Mean square of phi, above 0.
    """

    g: float
    k: float
    phi: Nonlinearity
    C: float

    @property
    def folds(self) -> bool:
        """Whether some inputs have three roots."""
        return self.k * self.C * self.phi.slope_at_zero > 1

    @property
    def width(self) -> float:
        """Standard deviation of the input."""
        return self.g * float(np.sqrt(self.C))

    @cached_property
    def fold(self) -> float:
        """x_f > 0 with k C phi'(x_f) = 1, or 0 without a fold."""
        if not self.folds:
            return 0.0
        return self._root(lambda x: self._stiffness(x), 0.0)

    @cached_property
    def fold_input(self) -> float:
        """eta_f: inputs of smaller magnitude have three roots (0 without a fold)."""
        return abs(float(self.eta(np.array([self.fold]))[0])) if self.folds else 0.0

    @cached_property
    def outer_zero(self) -> float:
        """The largest root where the input is zero: x_0 = k C phi(x_0)."""
        return self.outer_root(0.0) if self.folds else 0.0

    def outer_root(self, eta: float) -> float:
        """The largest root for an input, which must be above -eta_f."""
        return self._root(lambda x: float(self.eta(np.array([x]))[0]) - eta, self.fold)

    def eta(self, x: np.ndarray) -> np.ndarray:
        """The input for which x is a root."""
        return equations.fixed_point_input(x, self.phi(x), self.C, self.k)

    def density(self, branch: RootBranch) -> np.ndarray:
        """abs(D) N(eta(x); 0, g^2 C), the density of x along a branch if every unit occupies it."""
        exponent = equations.kac_rice_exponent(branch.x, branch.phi, 1.0, branch.slope, self.C,
                                               self.g, 0.0, 0.0, self.k)
        return np.abs(branch.stiffness) * np.exp(exponent)

    def outer(self) -> RootBranch:
        """All roots with D > 0: x = x_f + exp(u), or a sinh u where there is no fold.

        Trapezoidal rule in u. The nodes come as close to the fold as exp(-340), for integrands
        that diverge there unless they are cut off at an exponentially small distance.
        """
        longest = self.largest
        if self.folds:
            # also resolves a narrow distribution of the input, near the root at zero input
            step = min(ROOT_STEP, MAX_NODE_SPACING * self.width / (self.outer_zero - self.fold))
            u = np.arange(LOG_SMALLEST_FOLD_DISTANCE * step / ROOT_STEP,
                          np.log(longest - self.fold), step)
            return self._near_fold(np.exp(u), step * np.exp(u), 1.0)
        scale = min(1.0, self.width, np.sqrt(max(self._stiffness(0.0), 1e-12)))
        u = np.arange(0.0, np.arcsinh(longest / scale) + ROOT_STEP, ROOT_STEP)
        weight = 2 * ROOT_STEP * scale * np.cosh(u)
        weight[0] /= 2  # x = 0 counts once
        return self._branch(scale * np.sinh(u), weight)

    def inner(self) -> RootBranch | None:
        """All roots with D < 0: x = x_f tanh(u/2); None where there is no fold."""
        if not self.folds:
            return None
        u = np.arange(0.0, -LOG_SMALLEST_FOLD_DISTANCE, ROOT_STEP)
        distance = 2 * self.fold / (1 + np.exp(u))
        weight = ROOT_STEP * self.fold / 2 / np.cosh(np.minimum(u, 600) / 2) ** 2
        weight[0] /= 2
        return self._near_fold(distance, weight, -1.0)

    def between(self, low: float, high: float) -> RootBranch:
        """Roots with low < x < high, away from the fold, by Gauss-Legendre panels."""
        if high <= low:
            return self._branch(np.zeros(0), np.zeros(0))
        size = min(0.5, self.width)
        edges = np.linspace(low, high, 2 + int((high - low) / size))
        nodes, weights = np.polynomial.legendre.leggauss(PANEL_NODES)
        half = np.diff(edges)[:, None] / 2
        x = ((edges[:-1] + edges[1:])[:, None] / 2 + half * nodes).ravel()
        return self._branch(x, 2 * (half * weights).ravel())

    def at(self, x: np.ndarray) -> RootBranch:
        """Roots at given x, with weight zero."""
        return self._branch(x, np.zeros_like(x))

    @cached_property
    def largest(self) -> float:
        """The outer root at the largest input that is considered, 12 standard deviations."""
        return self.outer_root(INPUT_RANGE * self.width)

    @cached_property
    def smallest(self) -> float:
        """The outer root at the most negative input with one: the fold, or -12 deviations."""
        far = INPUT_RANGE * self.width
        return self.outer_root(-far) if far < self.fold_input else self.fold

    @cached_property
    def fold_edge(self) -> float:
        """The outer root at the input eta_f; at most `largest`."""
        return min(self.outer_root(self.fold_input), self.largest)

    def _branch(self, x: np.ndarray, weight: np.ndarray) -> RootBranch:
        slope = self.phi.derivative(x)
        return RootBranch(x, weight, self.phi(x), slope,
                      equations.fixed_point_stiffness(slope, self.C, self.k))

    def _near_fold(self, distance: np.ndarray, weight: np.ndarray, side: float) -> RootBranch:
        """Nodes at x_f + side distance; the weights, given for one sign of x, are doubled."""
        fold = self.fold
        plain = self._branch(fold + side * distance, 2 * weight)
        # Near the fold phi'(x_f + d) - phi'(x_f) is taken from its series in d, which has no
        # constant term: the subtraction itself would lose all digits.
        fit = np.polynomial.Chebyshev.interpolate(
            lambda d: self.phi.derivative(fold + d), FOLD_SERIES_DEGREE,
            [-FOLD_SERIES_RANGE, FOLD_SERIES_RANGE])
        series = fit.convert(kind=np.polynomial.Polynomial, domain=[-1, 1], window=[-1, 1])
        d = side * np.minimum(distance, FOLD_SERIES_RANGE)
        # (the constant term of D is 1 - k C phi'(x_f) = 0)
        exact = -self.k * self.C * d * np.polynomial.polynomial.polyval(d, series.coef[1:])
        near = distance < FOLD_SERIES_RANGE / 2
        return RootBranch(plain.x, plain.weight, plain.phi, plain.slope,
                      np.where(near, exact, plain.stiffness))

    def _stiffness(self, x: float) -> float:
        slope = float(self.phi.derivative(np.array([x]))[0])
        return float(equations.fixed_point_stiffness(slope, self.C, self.k))

    @staticmethod
    def _root(function, low: float) -> float:
        high = max(2 * low, 1.0)
        while function(high) < 0:
            high *= 2
        return float(optimize.brentq(function, low, high, xtol=1e-15, rtol=1e-14))


def join_branches(*branches: RootBranch | None) -> RootBranch:
    """The nodes of several branches as one quadrature; None is left out."""
    given = [one for one in branches if one is not None]
    return RootBranch(*(np.concatenate([getattr(one, name) for one in given])
                    for name in ("x", "weight", "phi", "slope", "stiffness")))


def check_sigmoid(phi: Nonlinearity) -> float:
    """Bound of an odd sigmoid: a phi that saturates and whose slope decreases with abs(x).

    Raises
    ------
    ModelError
        For any other phi.
    """
    if not isinstance(phi, Nonlinearity):
        checks.reject("phi", phi, "not a Nonlinearity", "give dmft.tanh or dmft.erf")
    x = np.linspace(0.0, 12.0, 600)
    slope = phi.derivative(x)
    bound = np.abs(phi(np.array([SATURATION_POINT / 100, SATURATION_POINT])))
    falls = np.all(np.diff(slope) <= 1e-12) and slope[0] > 0 and np.all(slope >= 0)
    if not (phi.odd and falls and bound[1] < 1.5 * bound[0]):
        checks.reject("phi", phi, "not an odd sigmoid, for which alone the fixed points with "
                      "plasticity are known", "give dmft.tanh, dmft.erf or another odd phi that "
                      "saturates and is steepest at zero")
    return float(bound[1])

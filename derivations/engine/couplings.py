"""Ensembles of couplings: their mean and covariance, and how a matrix is drawn.

To add an ensemble, give a subclass of `Ensemble` a ``mean`` (structured, low-rank or plastic
couplings: the mean may contain fields of the sites, such as ``n[j]`` or phi at an earlier instant)
or a ``covariance`` (random couplings); couplings that are not Gaussian but can be averaged, such as
products of random modes, override `Ensemble.functional` with the logarithm of their average.  The
rest of the engine uses only this functional and does not depend on the ensemble.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import sympy as sp

from .disorder import (
    ActionTerm,
    Functional,
    J,
    Kind,
    average,
    group,
    i,
    j,
    k,
    l,
    over_instants,
    s,
    t,
)
from .disorder import N as N_SITES

delta = sp.KroneckerDelta


class Ensemble:
    """Couplings J_ij(t), Gaussian unless `functional` is overridden."""

    # Every kind of sites with its fraction of all sites; empty for a single kind.
    share: Mapping[Kind, sp.Expr] = {}

    def mean(self) -> sp.Expr:
        """Mean of J_ij(t) as a summand over s: the contribution of instant s.

        Static couplings contain ``KroneckerDelta(t, s)``; plastic ones depend on earlier instants.
        """
        return sp.S.Zero

    def covariance(self) -> sp.Expr:
        """Covariance <J_ij J_kl> - <J_ij><J_kl>, with Kronecker deltas in the sites i, j, k, l."""
        return sp.S.Zero

    def sample(self, size: int) -> sp.Matrix:
        """The matrix J of a finite network, linear in independent standard normals A_ij."""
        raise NotImplementedError(f"{type(self).__name__} defines no draw; implement sample(size)")

    def averaged(self, coupling: ActionTerm, instants: Iterable[int]) -> sp.Expr:
        """Exponent of the average of exp(sum of ``coupling``), as a summand over sites."""
        mean, pairs = average(coupling, J[i, j], self.mean(), self.covariance())
        return over_instants(sp.S.Zero, mean + pairs, instants)

    def functional(self, coupling: ActionTerm, instants: Iterable[int]) -> Functional:
        """W: the logarithm of the average of exp(sum of ``coupling``), per unit."""
        return group(self.averaged(coupling, instants))

    def __add__(self, other: Ensemble) -> Sum:
        return Sum((self, other))


@dataclass(frozen=True)
class IID(Ensemble):
    """Independent couplings of variance g^2/N, of which J_ij and J_ji have the correlation r."""

    g: sp.Expr
    reciprocity: sp.Expr = sp.S.Zero

    def covariance(self) -> sp.Expr:
        """Equal pairs of sites, and transposed pairs with the reciprocity."""
        same, exchanged = delta(i, k) * delta(j, l), delta(i, l) * delta(j, k)
        return self.g**2 / N_SITES * (same + self.reciprocity * exchanged)

    def sample(self, size: int) -> sp.Matrix:
        """A mixture of an independent matrix and its transpose."""
        A = normals(size)
        plus, minus = sp.sqrt(1 + self.reciprocity), sp.sqrt(1 - self.reciprocity)
        return self.g / sp.sqrt(size) * ((plus + minus) / 2 * A + (plus - minus) / 2 * A.T)


@dataclass(frozen=True)
class UniformMean(Ensemble):
    """Every coupling equals strength/N: the simplest structured ensemble, of rank one."""

    strength: sp.Expr

    def mean(self) -> sp.Expr:
        """Equal for all pairs of sites, and static."""
        return self.strength / N_SITES * delta(t, s)

    def sample(self, size: int) -> sp.Matrix:
        """A constant matrix."""
        return self.strength / size * sp.ones(size, size)


@dataclass(frozen=True)
class Sum(Ensemble):
    """Independent ensembles added to one matrix: their functionals add."""

    parts: tuple[Ensemble, ...]

    def averaged(self, coupling: ActionTerm, instants: Iterable[int]) -> sp.Expr:
        """Sum of the parts' exponents: averages of independent factors multiply."""
        return sum((part.averaged(coupling, instants) for part in self.parts), sp.S.Zero)

    def functional(self, coupling: ActionTerm, instants: Iterable[int]) -> Functional:
        """Sum of the parts' functionals."""
        first, *others = [part.functional(coupling, instants) for part in self.parts]
        return sum(others, first)


def normals(size: int) -> sp.Matrix:
    """Independent standard normals A_ij."""
    return sp.Matrix(size, size, lambda a, b: sp.Symbol(f"A_{a + 1}{b + 1}", real=True))


def explicit_average(
    ensemble: Ensemble, coupling: ActionTerm, size: int, instants: Iterable[int]
) -> sp.Expr:
    """Exponent of the average at a finite size, by integrating over every normal of the draw.

    The second route to W: it uses no covariance, no Kronecker deltas and no grouping by sites.
    """
    drawn = drawn_exponent(coupling, ensemble.sample(size), instants)
    return over_normals(drawn, normals(size))


def drawn_exponent(coupling: ActionTerm, matrix: sp.Matrix, instants: Iterable[int]) -> sp.Expr:
    """The coupling term of a network with drawn couplings, summed over its units."""
    size, instants = matrix.rows, tuple(instants)
    return sum(
        (coupling.coefficient * coupling.monomial).subs(J[i, j], matrix[a - 1, b - 1])
        .subs({i: a, j: b, t: at})
        for a in range(1, size + 1) for b in range(1, size + 1) for at in instants
    )  # fmt: skip


def over_normals(exponent: sp.Expr, drawn: Iterable[sp.Symbol]) -> sp.Expr:
    """Exponent after integrating over each of the independent normals that enter it."""
    for normal in drawn:
        exponent = sp.expand(exponent)
        slope = exponent.coeff(normal, 1)
        # The normal enters linearly; `gaussian_exponent` is the logarithm of its integral.
        exponent = exponent.coeff(normal, 0) + gaussian_exponent(slope)
    return sp.expand(exponent)


def gaussian_exponent(slope: sp.Expr) -> sp.Expr:
    """Logarithm of <exp(slope * A)> for a standard normal A, by integration."""
    b = sp.Symbol("b", real=True)
    return _log_normal_average(b).subs(b, slope)


@cache
def _log_normal_average(b: sp.Symbol) -> sp.Expr:
    a = sp.Symbol("a", real=True)
    weight = sp.exp(-(a**2) / 2) / sp.sqrt(2 * sp.pi)
    integral = sp.integrate(sp.exp(b * a) * weight, (a, -sp.oo, sp.oo))
    return sp.expand_log(sp.log(sp.simplify(integral)), force=True)

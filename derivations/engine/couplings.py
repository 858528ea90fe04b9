"""What can be averaged: an ensemble of couplings says its mean and covariance, and how it is drawn.

To add an ensemble, give the class below a ``mean`` (structured, low-rank or plastic couplings: the
mean may contain fields of the sites, such as ``n[j]`` or phi at an earlier instant) or a
``covariance`` (random couplings); couplings that are not Gaussian but can be averaged, such as
products of random modes, override `Ensemble.functional` with the logarithm of their average.  The
rest of the engine only ever sees the functional, and so does not know which ensemble it serves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

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

    # Every kind of sites with its part of all sites; empty where all sites are alike.
    share: ClassVar[Mapping[Kind, sp.Expr]] = {}

    def mean(self) -> sp.Expr:
        """Mean of J_ij(t) as a summand over s: what instant s contributes to it.

        Static couplings carry ``KroneckerDelta(t, s)``; plastic ones remember earlier instants.
        """
        return sp.S.Zero

    def covariance(self) -> sp.Expr:
        """<J_ij J_kl> without the means, with Kronecker deltas in the sites i, j, k, l."""
        return sp.S.Zero

    def sample(self, size: int) -> sp.Matrix:
        """The matrix J at a finite number of units, linear in independent standard normals A_ij."""
        raise NotImplementedError(f"{type(self).__name__} does not say how it is drawn")

    def averaged(self, coupling: ActionTerm, instants: Iterable[int]) -> sp.Expr:
        """Exponent of the average of exp(sum of ``coupling``), a summand over its sites."""
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
        """Equal pairs of sites, and exchanged ones with the reciprocity."""
        same, exchanged = delta(i, k) * delta(j, l), delta(i, l) * delta(j, k)
        return self.g**2 / N_SITES * (same + self.reciprocity * exchanged)

    def sample(self, size: int) -> sp.Matrix:
        """A mixture of an independent matrix and its transpose."""
        A = normals(size)
        plus, minus = sp.sqrt(1 + self.reciprocity), sp.sqrt(1 - self.reciprocity)
        return self.g / sp.sqrt(size) * ((plus + minus) / 2 * A + (plus - minus) / 2 * A.T)


@dataclass(frozen=True)
class UniformMean(Ensemble):
    """Every coupling equals strength/N: the smallest structured ensemble, of rank one."""

    strength: sp.Expr

    def mean(self) -> sp.Expr:
        """The same for all pairs of sites, and static."""
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
    """Exponent of the average at a finite size, integrating over every single normal of the draw.

    The second route to W: no covariance, no Kronecker deltas, no grouping.
    """
    drawn = drawn_exponent(coupling, ensemble.sample(size), instants)
    return over_normals(drawn, normals(size))


def drawn_exponent(coupling: ActionTerm, matrix: sp.Matrix, instants: Iterable[int]) -> sp.Expr:
    """The coupling term of a network whose couplings have been drawn, summed over its units."""
    size, instants = matrix.rows, tuple(instants)
    return sum(
        (coupling.coefficient * coupling.monomial).subs(J[i, j], matrix[a - 1, b - 1])
        .subs({i: a, j: b, t: at})
        for a in range(1, size + 1) for b in range(1, size + 1) for at in instants
    )  # fmt: skip


def over_normals(exponent: sp.Expr, drawn: Iterable[sp.Symbol]) -> sp.Expr:
    """Exponent after the integral over every one of the independent normals that enter it."""
    for normal in drawn:
        exponent = sp.expand(exponent)
        slope = exponent.coeff(normal, 1)
        # normal enters linearly; its integral leaves what `gaussian_exponent` says.
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

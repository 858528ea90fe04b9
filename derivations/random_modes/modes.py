"""Random modes: couplings that are sums of outer products, averaged mode by mode.

J = sum_a D_a l_a r_a^T is not Gaussian, but for given fields the exponent is a quadratic form in
the projections of the fields on l and r of each mode, and these projections are Gaussian.  The
average is the inverse square root of a determinant, for fields at instants and at frequencies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sympy as sp

from ..engine.couplings import Ensemble
from ..engine.disorder import ActionTerm, Functional, J, i, j, order_parameter, t
from ..engine.spectral import CONJUGATES, FIELDS


@dataclass(frozen=True)
class Modes(Ensemble):
    """alpha N modes of strength D; entries of l and r have variance 1/N and covariance rho/N."""

    D: sp.Expr
    rho: sp.Expr
    alpha: sp.Expr

    def functional(self, coupling: ActionTerm, instants: Iterable[int]) -> Functional:
        """W: alpha times the logarithm of the average over one mode."""
        left, right, form = projections(coupling, instants)
        fields, size = left + right, len(left)
        order = {order_parameter(p * q): p * q for p in fields for q in fields if paired(p, q)}

        def covariance(a: int, b: int) -> sp.Expr:
            if not paired(fields[a], fields[b]):
                return sp.S.Zero
            same = (a < size) == (b < size)
            return order_parameter(fields[a] * fields[b]) * (1 if same else self.rho)

        matrix = sp.eye(2 * size) - self.D * form * sp.Matrix(2 * size, 2 * size, covariance)
        return Functional(-self.alpha / 2 * log_determinant(matrix), order)


def paired(p: sp.Indexed, q: sp.Indexed) -> bool:
    """Whether two fields can be correlated; at frequencies, only a field and a conjugate field."""
    charge = sum((f.base in FIELDS) - (f.base in CONJUGATES) for f in (p, q))
    return charge == 0


def projections(
    coupling: ActionTerm, instants: Iterable[int]
) -> tuple[list[sp.Indexed], list[sp.Indexed], sp.Matrix]:
    """The fields projected on l, those projected on r, and the quadratic form of the exponent."""
    left, right, products = [], [], []
    for one in sp.Add.make_args(sp.expand(coupling.coefficient * coupling.monomial / J[i, j])):
        here, there = (next(f for f in one.atoms(sp.Indexed) if f.indices[0] == site)
                       for site in (i, j))  # fmt: skip
        for at in instants:
            fields = [f.base[tuple(e.subs(t, at) for e in f.indices[1:])] for f in (here, there)]
            left.append(fields[0])
            right.append(fields[1])
            products.append(one / (here * there))
    size = len(left)
    form = sp.Matrix(2 * size, 2 * size,
                     lambda a, b: products[min(a, b)] if abs(a - b) == size else 0)  # fmt: skip
    return left, right, form


def log_determinant(matrix: sp.Matrix) -> sp.Expr:
    """Logarithm of the determinant, a sum over the connected components of the matrix."""
    parts = matrix.connected_components()
    return sum(sp.log(matrix[part, part].det(method="berkowitz")) for part in map(list, parts))


def explicit_mode(
    mode: Modes,
    coupling: ActionTerm,
    size: int,
    instants: Iterable[int],
    numbers: Mapping[sp.Basic, sp.Expr],
) -> tuple[sp.Expr, sp.Expr]:
    """Average of exp(coupling) over one mode of a small network.

    By a Gaussian integral over each of the normals from which its entries are drawn, one after the
    other: the second route to the determinant, without projections, covariances or matrices.
    Returns the remaining exponent, and the inverse square of the average.  ``numbers`` may be
    substituted for fields and overlap, to keep the integrals short.
    """
    a, b = (sp.symbols(f"{letter}_1:{size + 1}", real=True) for letter in "ab")
    r = [normal / sp.sqrt(size) for normal in a]
    l = [(mode.rho * p + sp.sqrt(1 - mode.rho**2) * q) / sp.sqrt(size)
         for p, q in zip(a, b, strict=True)]  # fmt: skip
    exponent = sp.expand(sum(
        (coupling.coefficient * coupling.monomial).subs(J[i, j], mode.D * l[p] * r[q])
        .subs({i: p + 1, j: q + 1, t: at})
        for p in range(size) for q in range(size) for at in instants
    ).xreplace(dict(numbers)))  # fmt: skip
    factor = sp.S.One
    for normal in (*a, *b):
        poly = sp.Poly(exponent, *a, *b)
        square, slope, rest = (poly.as_expr().coeff(normal, n) for n in (2, 1, 0))
        # <exp(c A^2 + b A)> = exp(b^2 / (2 (1 - 2c))) / sqrt(1 - 2c)
        factor *= 1 - 2 * square
        exponent = sp.expand(rest) + sp.expand(slope**2) * sp.cancel(1 / (2 * (1 - 2 * square)))
        exponent = sp.Poly(exponent, *a, *b).as_expr()
    return exponent, sp.cancel(factor)


@dataclass(frozen=True)
class Overlapping(Ensemble):
    """A few modes with overlaps between different modes: <r_a l_b> = O_ab / N at each of N units.

    ``weight`` is their number over N, divided by how many there are.
    """

    strengths: tuple[sp.Expr, ...]
    overlaps: sp.ImmutableMatrix
    weight: sp.Expr

    def functional(self, coupling: ActionTerm, instants: Iterable[int]) -> Functional:
        """One determinant over modes and fields, not expanded."""
        left, right, form = projections(coupling, instants)
        fields, size, count = left + right, len(left), len(self.strengths)
        order = {order_parameter(p * q): p * q for p in fields for q in fields if paired(p, q)}

        def covariance(a: int, b: int) -> sp.Expr:
            (mode, p), (other, q) = divmod(a, 2 * size), divmod(b, 2 * size)
            if not paired(fields[p], fields[q]):
                return sp.S.Zero
            if (p < size) == (q < size):
                known = sp.Integer(mode == other)
            else:
                known = self.overlaps[mode, other] if q < size else self.overlaps[other, mode]
            return known * order_parameter(fields[p] * fields[q])

        full = 2 * size * count
        forms = sp.diag(*(D * form for D in self.strengths))
        matrix = sp.eye(full) - forms * sp.Matrix(full, full, covariance)
        parts = [matrix[list(part), list(part)] for part in matrix.connected_components()]
        value = sum(sp.log(sp.Determinant(part.as_immutable())) for part in parts)
        return Functional(-self.weight / 2 * value, order)

"""The engine at fixed frequencies: complex fields, and W with its first and second derivatives.

In a stationary network every frequency has its own complex fields, phi and the response field
s = -i xhat, with their conjugates.  They replace the fields at instants: ensembles are averaged by
the same functions, and W is a functional of the averages over sites
B_ab(w, w') = (1/N) sum_i psi_a(w) psi_b(w')^*.  In derivatives a field and its conjugate are
independent variables, and so are a saddle-point value and its conjugate (C is real, S is not).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

import sympy as sp

from .couplings import Ensemble
from .disorder import ActionTerm, Functional, J, i, j, order_parameter, t

# psi = (phi, s) and the conjugates; an index is a site and a frequency.
FIELDS = Phi, s = tuple(map(sp.IndexedBase, ("Phi", "s")))
CONJUGATES = Phi_c, s_c = tuple(map(sp.IndexedBase, ("Phi_c", "s_c")))
PAIRS = tuple(product(range(2), repeat=2))  # ab: phi phi, phi s, s phi, s s

COUPLING = ActionTerm(
    "coupling", sp.S.One, J[i, j] * (Phi_c[j, t] * s[i, t] - s_c[i, t] * Phi[j, t])
)


def bar(symbol: sp.Symbol) -> sp.Symbol:
    """The conjugate of a symbol, as an independent variable."""
    return sp.Symbol(f"{symbol.name}^*")


def split(expression: sp.Expr) -> sp.Expr:
    """The expression with conjugates as independent symbols, without moduli or real parts.

    The result is rational where the expression was, and is compared as a rational function.
    """
    e = sp.sympify(expression).replace(sp.re, lambda z: (z + sp.conjugate(z)) / 2)
    e = e.replace(sp.Abs, lambda z: sp.sqrt(z * sp.conjugate(z)))
    e = e.replace(lambda z: isinstance(z, sp.conjugate) and isinstance(z.args[0], sp.Symbol),
                  lambda z: bar(z.args[0]))  # fmt: skip
    return sp.powdenest(e, force=True)


C = {w: sp.Symbol(f"C_{w}", positive=True) for w in (1, 2)}
S = {w: sp.Symbol(f"S_{w}") for w in (1, 2)}


def propagator(w: int) -> sp.Matrix:
    """G = <psi psi^dagger> at the saddle point: by causality <s s^*> vanishes."""
    return sp.Matrix([[C[w], -S[w]], [bar(S[w]), 0]])


def pair(a: int, here: int, b: int, there: int) -> sp.Symbol:
    """The order parameter B_ab(here, there)."""
    return order_parameter(FIELDS[a][here] * CONJUGATES[b][there])


def saddle(W: Functional, frequencies: Iterable[int] = (1, 2)) -> dict[sp.Symbol, sp.Expr]:
    """Values of all order parameters at the saddle point.

    Only a field and a conjugate field of the same frequency are correlated.
    """
    values = dict.fromkeys(W.order, sp.S.Zero)
    for w in frequencies:
        values |= {pair(a, w, b, w): propagator(w)[a, b] for a, b in PAIRS}
    return values


def conjugate_fields(W: Functional, w: int) -> sp.Matrix:
    """The couplings' part of the site's quadratic form psi^dagger A psi: minus dW/dB, transposed.

    Its entry (s, s) is the noise spectrum, its entry (s, phi) the memory.
    """
    values = saddle(W)
    return sp.Matrix(
        2, 2, lambda b, a: -sp.diff(W.value, pair(a, w, b, w)).xreplace(values).doit()
    )


def hessian(W: Functional, numbers: Mapping[sp.Symbol, sp.Expr] | None = None) -> sp.Matrix:
    """W'': the second derivatives of W in B_ab(1, 2) and B_cd(2, 1), at the saddle point.

    ``numbers`` may be substituted for symbols where the derivatives would be long.
    """
    values = {q: value.xreplace(dict(numbers or {})) for q, value in saddle(W).items()}

    def entry(row: int, column: int) -> sp.Expr:
        (a, b), (c, d) = PAIRS[row], PAIRS[column]
        left, right = pair(a, 1, b, 2), pair(c, 2, d, 1)
        known = {q: value for q, value in values.items() if q not in (left, right)}
        value = W.value.xreplace(known).replace(sp.Determinant, determinant)
        mixed = sp.diff(value, left, right)
        return sp.cancel(mixed.subs({left: 0, right: 0}))

    return sp.Matrix(4, 4, entry)


def spectral_functional(ensemble: Ensemble) -> Functional:
    """W of the fields at two frequencies, labelled 1 and 2."""
    return ensemble.functional(COUPLING, (1, 2))


def second_derivatives(ensemble: Ensemble) -> sp.Matrix:
    """W'' of an ensemble."""
    return hessian(spectral_functional(ensemble))


def determinant(matrix: sp.MatrixBase) -> sp.Expr:
    """The determinant as a polynomial in the entries' symbols, without a division."""
    entries = matrix.to_DM()
    return entries.domain.to_sympy((-1) ** matrix.rows * entries.charpoly()[-1])


def inverse(matrix: sp.Matrix) -> sp.Matrix:
    """The inverse over the field of rational functions of the entries' symbols."""
    return matrix.to_DM(field=True).inv().to_Matrix()

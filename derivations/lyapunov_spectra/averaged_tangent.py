"""The tangent system, regularised and averaged over the couplings by the engine."""

from __future__ import annotations

import sympy as sp

from ..engine.couplings import IID, Ensemble
from ..engine.derivation import Step
from ..engine.spectral import pair, spectral_functional
from ..random_modes.modes import Modes

g, r, D = sp.symbols("g r D", positive=True)
B, P = sp.symbols("B P", positive=True)  # <D v (D v)*> and <u u*>
S, S_c = sp.symbols("S S^*")  # <D v u*> and its conjugate
eps = sp.Symbol("epsilon", positive=True)


def functional(ensemble: Ensemble) -> sp.Expr:
    """-W at one frequency: the bilinears of D v are those of phi, those of u those of s.

    The tangent couples as the states do, u* J D v - (D v)* J^T u. Unlike there <u u*> does not
    vanish: the response has a part before the source.
    """
    W = spectral_functional(ensemble)
    known = dict.fromkeys(W.order, sp.S.Zero)
    known |= {pair(0, 1, 0, 1): B, pair(1, 1, 1, 1): P,
              pair(0, 1, 1, 1): -S, pair(1, 1, 0, 1): S_c}
    return sp.expand(-W.value.doit().xreplace(known).doit())


def steps(iid: Ensemble | None = None) -> tuple[Step, ...]:
    """From the regularised determinant to the functional of the couplings."""
    iid = IID(g) if iid is None else iid

    def regularised() -> sp.Expr:
        K = sp.Matrix(2, 2, sp.symbols("K:4"))
        both = sp.Matrix(sp.BlockMatrix([[eps * sp.eye(2), K], [-K.T, eps * sp.eye(2)]]))
        return sp.expand(both.det() - (K.T * K + eps**2 * sp.eye(2)).det())

    def independent() -> sp.Expr:
        return functional(iid) - g**2 * B * P

    def reciprocal() -> sp.Expr:
        found = functional(IID(g, r))
        return sp.expand(found - g**2 * B * P + r * g**2 * (S**2 + S_c**2) / 2)

    def modes() -> sp.Expr:
        alpha = sp.Symbol("alpha", positive=True)
        found = functional(Modes(D, sp.S.Zero, alpha))
        known = sp.simplify(sp.exp(found / alpha))
        return sp.simplify(known - (1 + D**2 * B * P))

    def site() -> sp.Expr:
        """The site's matrix, with the fields conjugate to P (A) and to B (Y)."""
        A = sp.diag(*sp.symbols("A_1:3", positive=True))
        C = sp.Matrix(2, 2, sp.symbols("c_1 c_2 c_2 c_3"))
        L = sp.Matrix(2, 2, sp.symbols("l:4"))
        both = sp.Matrix(sp.BlockMatrix([[A, L], [-L.T, C]]))
        return sp.simplify(both.det() - A.det() * (C + L.T * A.inv() * L).det())

    return (
        Step("A forward field v and a backward field u regularise the determinant: it becomes a"
             " Gaussian integral, which can be averaged over couplings.",
             r"\det\begin{pmatrix}\epsilon&K\\-K^T&\epsilon\end{pmatrix} ="
             r" \det(K^TK+\epsilon^2)", regularised),
        Step("The tangent couples by J as the states do, with D v in the place of phi and u in that"
             " of the response field, so that the average is the functional of the ensemble. For"
             " independent couplings it is linear in the product of B = <D v D v*> and P = <u u*>.",
             r"w = g^2\,BP", independent),
        Step("With reciprocity the mixed bilinears enter too; S is the response of D v.",
             r"w = g^2BP - \tfrac12rg^2(S^2 + \bar S^2)", reciprocal),
        Step("Random modes of strength D without overlaps depend on B P alone.",
             r"w = \alpha\log(1 + D^2BP)", modes),
        Step("The site is a Gaussian integral over u and v at the fields A and Y conjugate to P and"
             " B, with L = d/dt + a, a = 1 + s.",
             r"\det\begin{pmatrix}A&L\\-L^T&DYD\end{pmatrix} = \det A\,\det(DYD+L^TA^{-1}L)",
             site),
    )  # fmt: skip

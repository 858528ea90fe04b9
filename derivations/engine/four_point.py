"""The engine at second order: fluctuations of averages over sites from network to network.

Around the saddle point the averages B(1, 2) and B(2, 1) of two frequencies have the weight
exp(-N B(1, 2)^T (Q - W'') B(2, 1)): Q is the inverse of the covariance for independent sites, and
W'' is the contribution of the couplings.  Pairs ab of fields are ordered phi phi, phi s, s phi,
s s.
"""

from __future__ import annotations

import sympy as sp

from .spectral import PAIRS, C, S, bar, inverse, propagator

# Entries of Q - W'' that causality allows to be nonzero.
CAUSAL = ((0, 3), (1, 1), (1, 3), (2, 2), (2, 3), (3, 0), (3, 1), (3, 2), (3, 3))


def independent_sites(first: sp.Matrix | None = None, second: sp.Matrix | None = None) -> sp.Matrix:
    """Pi: N times the covariance of B_ab(1, 2) and B_cd(2, 1) without couplings, G1_ad G2_cb."""
    G1, G2 = first or propagator(1), second or propagator(2)
    return sp.Matrix(4, 4, lambda row, column: G1[PAIRS[row][0], PAIRS[column][1]]
                     * G2[PAIRS[column][0], PAIRS[row][1]])  # fmt: skip


def stiffness(Pi: sp.Matrix | None = None) -> sp.Matrix:
    """Q, the inverse of Pi's transpose."""
    return inverse((independent_sites() if Pi is None else Pi).T)


def fluctuations(W2: sp.Matrix, Pi: sp.Matrix | None = None) -> sp.Matrix:
    """F = (Q - W'')^{-1}: its entry (j, i) is N times the covariance of B_i(1, 2) and B_j(2, 1)."""
    return inverse(stiffness(Pi) - W2)


# An observable: its cross-spectra with phi and s, theirs with it, and its own spectrum.
Observable = tuple[tuple[sp.Expr, sp.Expr], tuple[sp.Expr, sp.Expr], sp.Expr]


def left_right(first: Observable, second: Observable) -> tuple[sp.Matrix, sp.Matrix]:
    """Bare covariances of (1/N) sum X(1) X(2)^* with B_cd(2, 1), and of B_ab(1, 2) with the other.

    left_cd = <X1 psi_d1^*> <psi_c2 X2^*>, right_ab = <psi_a1 X1^*> <X2 psi_b2^*>.
    """
    left = sp.Matrix([first[0][d] * second[1][c] for c, d in PAIRS])
    right = sp.Matrix([first[1][a] * second[0][b] for a, b in PAIRS])
    return left, right


def observed(first: Observable, second: Observable, W2: sp.Matrix, F: sp.Matrix) -> sp.Expr:
    """N times the variance of (1/N) sum X(1) X(2)^*.

    Psi_X is the part from pairs of different sites (subtract the product of both spectra).
    """
    left, right = left_right(first, second)
    return first[2] * second[2] + (right.T * (W2 + W2 * F * W2) * left)[0]


# The current x = H (eta + K phi) of a site: filter H, memory K, spectrum C_eta of its whole noise.
H, K = ({w: sp.Symbol(f"{name}_{w}") for w in (1, 2)} for name in "HK")
C_eta = {w: sp.Symbol(f"C_eta_{w}", positive=True) for w in (1, 2)}


def phi_itself(w: int) -> Observable:
    """phi as an observable, for which the formula must return the first entry of F."""
    return (C[w], -S[w]), (C[w], bar(S[w])), C[w]


def current(w: int) -> Observable:
    """x as an observable; derived in the steps of `derivations.fluctuations.site_current`."""
    h, k, r, power, c = H[w], K[w], S[w], C_eta[w], C[w]
    with_phi = h * (power * bar(r) + k * c), bar(h) * (power * r + bar(k) * c)
    with_s = -h * (1 + k * r), bar(h) * (1 + bar(k) * bar(r))
    own = h * bar(h) * (power + (k * r + bar(k) * bar(r)) * power + k * bar(k) * c)
    return (with_phi[0], with_s[0]), (with_phi[1], with_s[1]), own


def generic_hessian() -> tuple[sp.Matrix, dict[str, sp.Symbol]]:
    """W'' for any distribution of modes, by averages over modes of products of their transfer T.

    c = <T1 T2^*>, d = <rho^2 T1 T2>, e4 = <abs(T1)^2 abs(T2)^2>, p = <rho abs(T1)^2 T2>,
    q = <rho T1 abs(T2)^2>, r = <rho abs(T1)^2 T2^*>, s = <rho T1^* abs(T2)^2>.
    """
    a = {name: sp.Symbol(name) for name in ("c", "d", "p", "q", "r", "s")}
    a["e4"] = sp.Symbol("e4", real=True)
    (S1, S2), (T1, T2) = S.values(), (bar(S[1]), bar(S[2]))
    W2 = sp.zeros(4, 4)
    W2[0, 3], W2[3, 0] = -a["c"] / (S1 * T2), -bar(a["c"]) / (T1 * S2)
    W2[1, 1], W2[2, 2] = a["d"] / (S1 * S2), bar(a["d"]) / (T1 * T2)
    W2[1, 3], W2[3, 1] = a["q"] * C[2] / (S1 * S2 * T2), a["p"] * C[1] / (S1 * T1 * S2)
    W2[2, 3], W2[3, 2] = -a["r"] * C[1] / (S1 * T1 * T2), -a["s"] * C[2] / (T1 * S2 * T2)
    W2[3, 3] = a["e4"] * C[1] * C[2] / (S1 * T1 * S2 * T2)
    return W2, a

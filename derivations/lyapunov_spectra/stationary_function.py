"""Omega: stationary in the kernels, with an explicit derivative in a; its edge and fixed points.

Kernels at two frequencies stand for all of them, and a path of the gain for the matrix D that
couples frequencies.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from ..engine.derivation import Step
from ..stationary.potential_motion import E0, GROWTH, STIFFNESS, gain, slope_correlation

a, g, w = sp.symbols("a g omega", positive=True)
A, B, P, Y, l = (sp.symbols(f"{name}_1:3", positive=True) for name in ("A", "B", "P", "Y", "l"))
D = sp.Matrix(2, 2, sp.symbols("d_1 d_2 d_2 d_3", positive=True))
coupling = sp.Function("w")


@dataclass(frozen=True)
class Omega:
    """The coefficients of its terms: another value is an error that a step detects."""

    log_det: sp.Expr = sp.S.One
    log_A: sp.Expr = sp.S.One
    AP: sp.Expr = -sp.S.One
    YB: sp.Expr = -sp.S.One
    w: sp.Expr = sp.S.One
    free: sp.Expr = -sp.S.One
    drift: sp.Expr = sp.S.One

    def __call__(self) -> sp.Expr:
        total = self.log_det * sp.log(site().det()) + self.drift * a
        for n in range(2):
            total += (self.log_A * sp.log(A[n]) + self.AP * A[n] * P[n] + self.YB * Y[n] * B[n]
                      + self.w * coupling(B[n] * P[n]) + self.free * sp.log(l[n] ** 2))
        return total


def site() -> sp.Matrix:
    """D Y D + L^T A^-1 L."""
    return D * sp.diag(*Y) * D + sp.diag(*(l[n] ** 2 / A[n] for n in range(2)))


def propagator() -> sp.Matrix:
    """Q = <v v*>, the inverse."""
    return site().inv()


def steps(omega: Omega | None = None) -> tuple[Step, ...]:
    """Stationarity, derivative, symmetry, edge and the fixed point."""
    omega = Omega() if omega is None else omega

    def kernels() -> list[sp.Expr]:
        value, Q = omega(), propagator()
        bilinear = D * Q * D
        found = [sp.diff(value, Y[n]) - (bilinear[n, n] - B[n]) for n in range(2)]
        return found + [
            sp.diff(value, A[n]) - (1 / A[n] - l[n] ** 2 * Q[n, n] / A[n] ** 2 - P[n])
            for n in range(2)]  # fmt: skip

    def fields() -> list[sp.Expr]:
        value, z = omega(), sp.Symbol("z")
        slope = sp.Subs(coupling(z).diff(z), z, B[0] * P[0])
        return [(sp.diff(value, B[0]) - (slope * P[0] - Y[0])).doit(),
                (sp.diff(value, P[0]) - (slope * B[0] - A[0])).doit()]  # fmt: skip

    def outside() -> sp.Expr:
        """Y = P = B = 0: the determinant is that of the free part, and Omega = a."""
        nothing = {**dict.fromkeys(Y, 0), **dict.fromkeys(P, 0), **dict.fromkeys(B, 0)}
        value = omega().subs(nothing).subs(coupling(0), 0)
        return sp.expand_log(value - a, force=True)

    def derivative() -> list[sp.Expr]:
        """|L|^2 = a^2 + omega^2: from the determinant a V/A, V = Q; the rest cancels for a > 0."""
        value, Q = omega(), propagator()
        omegas = sp.symbols("omega_1:3", positive=True)
        at = {l[n]: sp.sqrt(a**2 + omegas[n] ** 2) for n in range(2)}
        found = sp.diff(value.subs(at), a)
        free = sum(2 * a / (a**2 + omegas[n] ** 2) for n in range(2))
        expected = sum((2 * a * Q[n, n] / A[n]).subs(at) for n in range(2))
        integral = sp.integrate(2 * a / (a**2 + w**2), (w, -sp.oo, sp.oo)) / (2 * sp.pi)
        return [sp.simplify(found - expected + free - omega.drift), integral - omega.drift]

    def symmetry() -> list[sp.Expr]:
        """Phases of L leave L^T A^-1 L at |L|^2/A: only a^2 enters."""
        L = a + sp.I * w
        size = sp.expand(L * sp.conjugate(L))
        return [size - (a**2 + w**2), sp.expand(size - size.subs(a, -a))]

    def conditioned() -> sp.Expr:
        """k = sqrt(A)/|L|, p = sqrt(Y), E = p D k: log A and log |L|^2 cancel."""
        k, p = sp.diag(*(sp.sqrt(A[n]) / l[n] for n in range(2))), sp.diag(*map(sp.sqrt, Y))
        E = p * D * k
        scaled = (sp.eye(2) + E.T * E).det() * sp.prod(l[n] ** 2 / A[n] for n in range(2))
        return sp.simplify(scaled - site().det())

    def edge() -> list[sp.Expr]:
        """To first order in P: Q = A/|L|^2 = psi, A = g^2 C^d psi."""
        tau = sp.Symbol("tau", real=True)
        psi = sp.Function("psi")(tau)
        motion = a**2 * psi - psi.diff(tau, 2) - gain * slope_correlation * psi
        level = -psi.diff(tau, 2) + STIFFNESS * psi - (1 - a**2) * psi
        small = sp.series(1 / (sp.Symbol("C") + 1 / sp.Symbol("q")), sp.Symbol("C"), 0, 1)
        return [sp.expand(motion - level), sp.simplify(small.removeO() - sp.Symbol("q")),
                sp.simplify((1 - a**2).subs(a, 1 + GROWTH) - E0)]  # fmt: skip

    def fixed_point() -> list[sp.Expr]:
        """One gain d: 1 = g^2 d^2/(g^2 d^2 A P + |L|^2), and the semicircle of radius g d."""
        d, R, L2, x = sp.symbols("d R L2 x", positive=True)
        AP = sp.solve(1 - g**2 * d**2 / (g**2 * d**2 * x + L2), x)[0]
        share = g**2 * d**2 * AP / (g**2 * d**2 * AP + L2)  # 1 - M^-1
        found = sp.simplify(share - (1 - L2 / (g * d) ** 2))
        # 1 - F = int dw/2pi a/|L|^2 (1 - |L|^2/R^2) over |L| < R, by its derivative in a
        c = sp.sqrt(R**2 - a**2)
        fraction = (sp.atan(c / a) - a * c / R**2) / sp.pi
        inner = sp.diff(sp.atan(w / a) - a * w / R**2, w)
        density = 2 * sp.sqrt(R**2 - a**2) / (sp.pi * R**2)
        return [found, sp.simplify(inner - a / (a**2 + w**2) * (1 - (a**2 + w**2) / R**2)),
                sp.simplify(sp.diff(fraction, a) + density), fraction.subs(a, R)]  # fmt: skip

    return (
        Step("Omega, twice Phi, is stationary in all kernels. In the fields conjugate to B and P:"
             " the bilinears of the site.",
             r"\Omega = \tfrac1T\langle\log\det(DYD+L^TA^{-1}L)\rangle"
             r" + \int\!\tfrac{d\omega}{2\pi}[\log A - AP - YB + w(BP) - \log|L|^2] + a:"
             r"\quad B = \langle DQD\rangle,\quad P = A^{-1} -"
             r" A^{-1}L\langle Q\rangle L^TA^{-1}", kernels),
        Step("In the bilinears: the fields.", r"A = w'(BP)\,B,\quad Y = w'(BP)\,P", fields),
        Step("Above the largest exponent the kernels vanish, and Omega = a.",
             r"\Phi = \tfrac12(1+s)", outside),
        Step("Kernels do not contribute to the derivative in a, where Omega is stationary: the"
             " response at equal times is left, the distribution of the exponents.",
             r"F = \tfrac12 + \tfrac12\frac{d\Omega}{da} = \tfrac12 + \int\frac{d\omega}{2\pi}"
             r"\frac{a\,\langle Q\rangle}{A}", derivative),
        Step("a enters by its square only: the spectrum is symmetric about -1.",
             r"|L|^2 = a^2+\omega^2,\quad F(-1+a) = 1 - F(-1-a)", symmetry),
        Step("In the scaled form nothing cancels numerically.",
             r"\log\det(DYD+L^TA^{-1}L) = \log\det(1+E^TE) + \log|L|^2 - \log A,\quad"
             r" E = Y^{1/2}DA^{1/2}/|L|", conditioned),
        Step("Next to the edge kernels are small, and their mode is the ground state of the"
             " Schroedinger problem of the largest exponent.",
             r"(a^2-\partial_\tau^2 - g^2\langle dd'\rangle)\psi = 0,\quad a_{max}^2 = 1-E_0",
             edge),
        Step("At a fixed point frequencies decouple. One gain d gives a semicircle: the real parts"
             " of the eigenvalues of -1 + J d.",
             r"1 - \frac{1}{M} = 1 - \frac{a^2+\omega^2}{g^2d^2},\quad -\frac{d(1-F)}{da} ="
             r" \frac{2}{\pi R^2}\sqrt{R^2-a^2},\ R = gd", fixed_point),
    )  # fmt: skip

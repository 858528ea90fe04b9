"""Counting exponents: the bounded response to a source jumps by one for exponents below s."""

from __future__ import annotations

import sympy as sp

from ..engine.derivation import Step

t, w = sp.symbols("t omega", real=True)
gap = sp.Symbol("gap", positive=True)  # distance of s from an exponent


def steps() -> tuple[Step, ...]:
    """From one direction to all of them, and what follows for sums over exponents."""
    s = sp.Symbol("s")

    def one_direction() -> list[sp.Expr]:
        """s - lambda = gap, and - gap: the solutions that grow at neither end."""
        found = []
        for rate, response in ((gap, sp.exp(-gap * t)), (-gap, -sp.exp(gap * t))):
            found.append(sp.diff(response, t) + rate * response)
        forward, backward = sp.exp(-gap * t), -sp.exp(gap * t)
        after, before = forward.subs(t, 0) - 0, 0 - backward.subs(t, 0)  # jumps at the source
        return [*found, after - 1, before - 1, sp.limit(forward, t, sp.oo),
                sp.limit(backward, t, -sp.oo)]  # fmt: skip

    def frames() -> list[sp.Expr]:
        """The trace of a projector does not depend on the directions, which are not orthogonal."""
        V = sp.Matrix(3, 3, sp.symbols("v:9"))
        return [sp.cancel((V * sp.diag(*[1] * m, *[0] * (3 - m)) * V.adjugate()).trace()
                          - m * V.det()) for m in range(4)]  # fmt: skip

    def determinant() -> list[sp.Expr]:
        """The derivative in s of log |i omega + s - lambda|, for both signs of s - lambda."""
        sizes = [sp.integrate(rate / (gap**2 + w**2), (w, -sp.oo, sp.oo)) / (2 * sp.pi)
                 for rate in (gap, -gap)]  # fmt: skip
        return [sizes[0] - sp.S.Half, sizes[1] + sp.S.Half]

    def partial_sums() -> list[sp.Expr]:
        """psi from three exponents, s between the second and the third."""
        exponents = sp.symbols("lambda_1 lambda_2 lambda_3")
        Phi = sum(abs_of for abs_of in (exponents[0] - s, exponents[1] - s, s - exponents[2])) / 6
        mean = sum(exponents) / 3
        psi = Phi - (s - mean) / 2
        above = [one - s for one in exponents[:2]]
        return [sp.expand(psi - sum(above) / 3), sp.diff(psi, s) + sp.Rational(2, 3)]

    def kaplan_yorke() -> list[sp.Expr]:
        psi = sp.Function("psi")
        at = sp.Symbol("s", negative=True)
        derivative = sp.diff(psi(at) / -at, at)
        fraction = -psi(at).diff(at)
        level = sp.solve(derivative, psi(at))[0]  # where psi/|s| is stationary
        total = level + at * fraction  # the sum of exponents above s, over N: psi + s (1 - F)
        return [sp.simplify(level - (-at) * fraction), sp.simplify(total)]

    return (
        Step("A perturbation along one direction, with its exponent shifted by s, responds to a"
             " source either after it (exponents below s) or before it (above s), if it is to grow"
             " at neither end. In both cases it jumps by one at the source.",
             r"(\partial_t + s - \lambda)\,R = \delta(t),\quad R(0^+) = \theta(s-\lambda),\quad"
             r" R(0^+) - R(0^-) = 1", one_direction),
        Step("The response of all directions is a projector on those below s, whose trace does not"
             " depend on the directions: it counts them.",
             r"\tfrac1N\,\mathrm{tr}\,R^{vv}(t^+,t) = F(s)", frames),
        Step("The logarithm of the determinant has the derivative F - 1/2 in s, the midpoint of the"
             " jump: integrated, it is half the mean distance of the exponents from s.",
             r"\frac1{NT}\log|\det K_s| \to \frac1{2N}\sum_i|s-\lambda_i| = \Phi(s),\quad"
             r" \Phi' = F - \tfrac12", determinant),
        Step("With the mean exponent -1 (couplings have no trace), psi is the mean of what"
             " exponents exceed s; the sum of the positive ones is psi(0).",
             r"\psi(s) = \Phi(s) - \tfrac12(s+1) = \frac1N\sum_{\lambda_i>s}(\lambda_i - s),\quad"
             r" \psi' = -(1-F),\quad h = \psi(0)", partial_sums),
        Step("psi/|s| is smallest where the exponents above s sum to zero. It is there the fraction"
             " of exponents above s: the Kaplan-Yorke dimension over N.",
             r"D_{KY}/N = \min_{s<0}\frac{\psi(s)}{|s|} = 1 - F(s_{KY})", kaplan_yorke),
    )  # fmt: skip

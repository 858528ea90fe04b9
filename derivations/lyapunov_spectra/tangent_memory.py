"""A memory of the tangent: dressed gains, the regularised determinant, plasticity, reciprocity."""

from __future__ import annotations

import sympy as sp

from ..engine.derivation import Formula, Step
from .stationary_function import A, D, Y

a, k, p, r, tau, w = sp.symbols("a k p r tau omega", positive=True)
s = sp.Symbol("s", real=True)
reciprocity = sp.Symbol("reciprocity", real=True)
slope, x, d, L2 = sp.symbols("slope x d L2", nonnegative=True)
TEST = "tests/derivations/lyapunov_spectra/test_lyapunov_spectra.py"
SYMBOLS = {
    "slope": "w'(x), the derivative of the functional of the couplings.",
    "x": "The product B P at one frequency.",
    "d": "The gain phi', constant in time.",
    "L2": "a^2 + omega^2.",
    "reciprocity": "Correlation of J_ij with J_ji.",
}
SHARE = slope**2 * x * d**2 / L2
STRETCH = 1 + reciprocity


def steps(plastic_rate: sp.Expr = 1 / p, feedback: sp.Expr = sp.S.One) -> tuple[Step, ...]:
    """Another rate of the synapses, or another factor of S^2, are errors that a step detects."""
    l, m, G = (sp.diag(*sp.symbols(f"{name}_1:3", real=True)) for name in ("l", "m", "G"))
    inverse_A = sp.diag(*(1 / one for one in A))

    def dressed() -> sp.Expr:
        """K = L (1 - G D), M = L G, in the determinant of the site."""
        K = l - l * G * D
        E_left = sp.diag(*map(sp.sqrt, Y)) * D * (sp.eye(2) - G * D).adjugate()
        k2 = sp.diag(*(A[n] / l[n, n] ** 2 for n in range(2)))
        reduced = (sp.eye(2) - G * D).det()
        whole = (D * sp.diag(*Y) * D + K.T * inverse_A * K).det()
        # det(1 + E^T E) times reduced^2, E = sqrt(Y) D (1 - G D)^-1 sqrt(A)/|L|
        square = E_left.T * E_left
        scaled = (reduced**2 * sp.eye(2) + square * k2).det() / reduced**2
        free = sp.prod(l[n, n] ** 2 / A[n] for n in range(2))
        return sp.simplify(sp.cancel(whole - scaled * free))

    def causal() -> list[sp.Expr]:
        """On a grid a causal G D is strictly triangular."""
        z = sp.Symbol("z")
        X = sp.Matrix(4, 4, lambda i, j: sp.Symbol(f"x_{i}{j}") if i > j else 0)
        left = sp.series(sp.log(1 - z) + z + z**2 / 2, z, 0, 4).removeO()
        return [sp.expand((sp.eye(4) - X).det() - 1), X.trace(), (X**2).trace(), (X**3).trace(),
                sp.expand(left + z**3 / 3)]  # fmt: skip

    def unstable() -> list[sp.Expr]:
        """1 - G d for M = c/(b + i omega): the roots of (a + z)(b + z) = c d."""
        b, up, down = sp.symbols("b up down", positive=True)
        u = sp.Symbol("u", positive=True)
        size = sp.integrate(2 * u / (w**2 + u**2), (w, -sp.oo, sp.oo)) / (2 * sp.pi)
        z, c = sp.symbols("z c")
        # log det = half of the sum of |roots| minus |poles|
        roots = {"stable": (-up, -down), "unstable": (up, -down)}
        poles = {name: -sum(pair) for name, pair in roots.items()}  # a + b
        found = [sp.Rational(1, 2) * (sum(abs(one) for one in pair) - poles[name])
                 for name, pair in roots.items()]
        quadratic = sp.Poly((a + z) * (b + z) - c, z)
        return [size - 1, found[0], sp.simplify(found[1] - up),
                quadratic.all_coeffs()[1] - (a + b)]  # fmt: skip

    def plastic() -> list[sp.Expr]:
        """A perturbation of the synapses that grows as exp(s t), by its own history."""
        time, then = sp.symbols("t u", real=True)
        C = sp.Function("C")
        kernel = k / p * sp.exp(-(s + plastic_rate) * tau) * C(tau)
        drive = sp.exp(s * then) * C(time - then)
        # p dA/dt = -A + k drive: the kernel against the drive, per exp(s t)
        weight = sp.exp(-(time - then) / p) / p
        return [sp.simplify((k * weight * drive * sp.exp(-s * time)).subs(then, time - tau).doit()
                            - kernel),
                sp.simplify(sp.diff(weight, time) * p + weight)]  # fmt: skip

    def response() -> list[sp.Expr]:
        """The derivative of the determinant in M is -2 S, S = <D Q K^T> A^-1."""
        K = l - m * D
        H = D * sp.diag(*Y) * D + K.T * inverse_A * K
        S = D * H.adjugate() * K.T * inverse_A
        return [sp.cancel(sp.diff(H.det(), m[n, n]) + 2 * S[n, n]) for n in range(2)]

    def stationary_response() -> list[sp.Expr]:
        """The functional's -r g^2 S^2, with M conjugate to S: stationary in both."""
        S, M, found, g = sp.symbols("S M found g")
        value = 2 * S * M - feedback * r * g**2 * S**2
        memory = sp.solve(sp.diff(value, S), M)[0]
        # the site's derivative in M is -2 found
        return [memory - r * g**2 * S, (sp.diff(value, M) - 2 * found).subs(found, S),
                sp.expand(value.subs(M, memory) - r * g**2 * S**2)]  # fmt: skip

    def ellipse() -> list[sp.Expr]:
        """One gain: S = conj(K)/(g^2 d), K = L - r g^2 d S, so that |K| = g d is an ellipse."""
        g, gain = sp.symbols("g d", positive=True)
        half_width = sp.Symbol("half_width", positive=True)
        re, im = sp.symbols("K_re K_im", real=True)
        S = gain * (re - sp.I * im) / (g**2 * gain**2)  # Q/A = 1/(g d)^2
        L = sp.expand(re + sp.I * im + reciprocity * g**2 * gain * S)
        at_edge = sp.re(L).subs({im: 0, re: g * gain})
        edge = sp.solve(at_edge - half_width, half_width)[0]
        return [sp.expand(sp.re(L) - (1 + reciprocity) * re),
                sp.expand(sp.im(L) - (1 - reciprocity) * im),
                sp.simplify(edge - STRETCH * g * gain)]  # fmt: skip

    return (
        Step("A unit with a memory of its own past has K = L - M D = L (1 - G D): its gains are"
             " dressed, and Omega has a determinant in addition.",
             r"\tilde D = D(1-GD)^{-1},\quad \Omega \to \Omega[\tilde D] + \tfrac2T"
             r"\langle\log|\det(1-GD)|\rangle,\quad G = M/L", dressed),
        Step("For a causal memory all traces of powers of G D vanish, and with them the logarithm,"
             " in continuous time. On a grid the first two traces are removed.",
             r"\log\det(1-X) + \mathrm{tr}X + \tfrac12\mathrm{tr}X^2 = -\sum_{n\ge3}\tfrac1n"
             r"\mathrm{tr}X^n", causal),
        Step("Where single units are unstable at the shift s it counts their unstable modes, each"
             " with its rate.",
             r"\tfrac1T\log|\det(1-GD)| = \sum_{z>0}z,\quad (a+z)(b+z) = cd", unstable),
        Step("The synapses' perturbation, driven by the unit's own, is a memory of the tangent,"
             " discounted at the rate s.",
             r"M_s(\tau) = \frac kp e^{-(s+1/p)\tau}C(\tau),\quad \tau>0,\ s>-1/p", plastic),
        Step("The derivative of the determinant in a memory is the response of D v.",
             r"\frac{\partial}{\partial M}\log\det(DYD+K^TA^{-1}K) = -2S,\quad S ="
             r" \langle DQK^T\rangle A^{-1}", response),
        Step("With reciprocity the memory is r g^2 S, and Omega is stationary in S too.",
             r"M = rg^2S,\quad \Omega \to \Omega + rg^2\int\frac{d\omega}{2\pi}S^2",
             stationary_response),
        Step("At a fixed point with one gain the region of nonzero kernels is an ellipse, as that"
             " of the eigenvalues of J: real parts have a semicircle of radius g d (1 + r).",
             r"S = \bar K/(g^2d),\quad \frac{a^2}{(1+r)^2} + \frac{\omega^2}{(1-r)^2} < g^2d^2",
             ellipse),
    )  # fmt: skip


def formulas() -> tuple[Formula, ...]:
    """What the solver at a fixed point takes from here."""
    return (
        Formula("tangent_share", (slope, x, d, L2), SHARE,
                "E^T E of a gain that is constant in time, at one frequency.",
                test=f"{TEST}::test_tangent_share"),
        Formula("ellipse_stretch", (reciprocity,), STRETCH,
                "Half-width of the spectrum of one gain, over g d.",
                test=f"{TEST}::test_ellipse_stretch"),
    )  # fmt: skip

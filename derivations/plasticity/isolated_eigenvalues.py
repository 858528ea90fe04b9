"""Isolated eigenvalues of a plastic fixed point, outside the support of the joint spectrum.

All dependent parts of the Jacobian combine into a single outer product.
"""

from __future__ import annotations

import sympy as sp

from ..engine.couplings import IID, normals
from ..engine.derivation import Condition, Formula, Step
from ..engine.spectral import C as POWER
from ..engine.spectral import conjugate_fields, spectral_functional
from .determinant import even_moments
from .hebbian import TEST, C, g, k, p
from .joint_jacobian import activity, reduced
from .kac_rice import INPUT, STIFFNESS, of_state, out, phi, x
from .local_loop import LOOP, lam, slope

L = sp.Symbol("L")
STIFF = 1 + lam - L * slope  # the diagonal at an eigenvalue
RESPONSE = phi * slope * (x + L * phi) / (C * STIFF)
SYMBOLS = {"L": "Loop gain through the synapses at the growth rate, per slope of phi: the sum of k"
                " C/(1 + p lam) over the kinds of synapses."}  # fmt: skip


def at_units(expression: sp.Expr, size: int) -> list[sp.Expr]:
    """The expression at each unit, with symbols for its state, activity and slope."""
    values, slopes = activity(size)
    square = (values.T * values)[0] / size
    return [expression.xreplace({x: one, phi: values[n], slope: slopes[n], C: square})
            for n, one in enumerate(sp.symbols(f"x_1:{size + 1}"))]  # fmt: skip


def vectors(size: int) -> tuple[sp.Matrix, sp.Matrix]:
    """The outer product a b^T: (x + L phi)/(N C) and phi' phi."""
    values, slopes = activity(size)
    square = (values.T * values)[0] / size
    states = sp.Matrix(sp.symbols(f"x_1:{size + 1}"))
    return (states + L * values) / (size * square), slopes.multiply_elementwise(values)


def projected(size: int) -> sp.Matrix:
    """Independent couplings projected such that they do not act on phi."""
    values, _ = activity(size)
    return IID(g).sample(size) * (sp.eye(size) - values * values.T / (values.T * values)[0])


def covariance(one: sp.Expr, other: sp.Expr, size: int) -> sp.Expr:
    """Covariance of two linear combinations of independent standard normals."""
    return sum(one.diff(z) * other.diff(z) for z in normals(size))


def network_steps() -> tuple[Step, ...]:
    """From the joint Jacobian at a fixed point to a scalar equation."""

    def given() -> list[sp.Expr]:
        """J is the sum of two parts; the part besides the outer product is independent of J phi."""
        size = 3
        values, _ = activity(size)
        J, rest = IID(g).sample(size), projected(size)
        inputs, square = J * values, (values.T * values)[0] / size
        parts = J - inputs * values.T / (size * square) - rest
        apart = [covariance(rest[0, a], eta, size) for a in range(size) for eta in inputs]
        left = [covariance(rest[0, a], rest[0, b], size) - g**2 / size * (
            int(a == b) - values[a] * values[b] / (size * square))
            for a in range(size) for b in range(size)]  # fmt: skip
        return [*parts, *(rest * values), *apart, *left]

    def eliminated() -> list[sp.Expr]:
        """Two units with two kinds of synapses: the equations of the neurons, entry by entry."""
        size = 2
        values, slopes = activity(size)
        square, states = (values.T * values)[0] / size, sp.Matrix(sp.symbols("x_1:3"))
        kinds = [dict(zip((k, p), sp.symbols(f"k_{n} p_{n}"), strict=True)) for n in (1, 2)]
        strength = sum(kind[k] for kind in kinds)
        Q = sp.Matrix(size, size, sp.symbols("q_1:5"))
        inputs = sp.Matrix(at_units(INPUT.xreplace({k: strength}), size))
        W = inputs * values.T / (size * square) + Q + strength / size * values * values.T
        back = sp.zeros(size, size)
        for kind in kinds:
            back += (p * reduced(size)[size:, :size] / (1 + p * lam)).xreplace(kind)
        loop = sum((LOOP / slope).xreplace({**kind, C: square}) for kind in kinds)
        whole = (1 + lam) * sp.eye(size) - W * sp.diag(*slopes) - back
        a, b = vectors(size)
        bulk = sp.diag(*at_units(STIFF, size)) - Q * sp.diag(*slopes)
        at_rest = W * values - states - Q * values  # the fixed-point equations, Q phi = 0
        return [*(whole - (bulk - a * b.T).subs(L, loop)), *at_rest]

    def mean(size: int, known: dict[sp.Expr, sp.Expr]) -> sp.Expr:
        """The average over the independent couplings, by integrating over each of them."""
        a, b = vectors(size)
        _, slopes = activity(size)
        diagonal = at_units(STIFF, size)
        M = (sp.diag(*diagonal) - projected(size) * sp.diag(*slopes) - a * b.T).xreplace(known)
        found = even_moments(sp.expand(M.det(method="berkowitz")), list(normals(size)))
        expected = sp.prod(diagonal) * (1 - sum(at_units(RESPONSE, size)) / size)
        return found - expected.xreplace(known)

    def scatter() -> list[sp.Expr]:
        """The variance of the first-order term, and of the full series in the couplings."""
        size = 3
        values, _ = activity(size)
        weights, start = (sp.Matrix(sp.symbols(f"{name}_1:4")) for name in "wv")  # b/D, phi' a/D
        path = (weights.T * projected(size) * start)[0]
        missed = (values.T * start)[0] ** 2 / (values.T * values)[0]
        once = g**2 / size * (weights.T * weights)[0] * ((start.T * start)[0] - missed)
        # The full series: units send the pulse and the noise they received, which is not along phi.
        form = conjugate_fields(spectral_functional(IID(g)), 1)[1, 1]
        ratio, pulse, noise = sp.symbols("ratio pulse noise", positive=True)  # <phi'^2/|D|^2>
        received = sp.solve(noise - form.subs(POWER[1], pulse + ratio * noise), noise)[0]
        return [covariance(path, path, size) - once,
                received - g**2 * pulse / (1 - g**2 * ratio)]  # fmt: skip

    three = dict(zip(activity(3)[0], map(sp.Integer, (1, -2, 3)), strict=True))
    return (
        Step("Conditioning on J phi = eta is one condition on each row of J. The row is eta"
             " phi^T/(N C) plus a remainder that annihilates phi: it is independent of eta, and"
             " Gaussian like J except in the one missing direction. Verified for three units with"
             " any activity.",
             r"J = \frac{\eta\,\phi^T}{NC} + J_\perp,\quad J_\perp\phi = 0,\quad \langle J_\perp"
             r"\,\eta\rangle = 0,\quad \langle J_{\perp ij}J_{\perp il}\rangle = \frac{g^2}{N}\Big("
             r"\delta_{jl} - \frac{\phi_j\phi_l}{NC}\Big)",
             given, sp.cancel),
        Step("The static synapses, their response to a perturbation, and the mean of J all have"
             " phi^T as right factor: together they are one outer product, and with x = eta + k C"
             " phi it contains the state itself. Several kinds of synapses add up in L.",
             r"D(\lambda) - J_\perp\Phi' - a\,b^T,\quad a = \frac{x + L\phi}{NC},\quad b ="
             r" \Phi'\phi,\quad D = 1 + \lambda - L\phi',\quad L = \frac{kC}{1+p\lambda}",
             eliminated, sp.cancel),
        Step("The determinant is linear in every row, and the rows of the remainder are independent"
             " with mean zero: its average is the determinant without them, exactly for every N."
             " Verified by integrating over every coupling: two units, and three units with given"
             " activity.",
             r"\langle\det(D - J_\perp\Phi' - ab^T)\rangle = \prod_iD_i\,\Big(1 - \frac1N\sum_i"
             r"\frac{\phi_i\phi_i'(x_i + L\phi_i)}{C\,D_i}\Big)",
             lambda: [mean(2, {}), mean(3, three)], sp.cancel),
        Step("Outside the support the determinant of a single network converges to this average:"
             " the terms of b^T (...)^{-1} a that contain the random couplings have mean zero, and"
             " their summed variance is finite there and of order 1/N, because b and N a are of"
             " order one at every unit. The component of v along phi is projected out.",
             r"\mathrm{Var}\;b^T(D - J_\perp\Phi')^{-1}a \simeq \frac{g^2}{N}\,\frac{\langle|\phi"
             r"\phi'/D|^2\rangle}{C^2}\,\frac{\langle|v|^2\rangle - |\langle\phi v\rangle|^2/C}{1"
             r" - g^2\langle|\phi'/D|^2\rangle},\quad v = \frac{\phi'(x+L\phi)}{D}",
             scatter, sp.cancel),
    )  # fmt: skip


def unit_steps() -> tuple[Step, ...]:
    """The same scalar from the self-consistency, for a zero eigenvalue."""

    def static() -> sp.Expr:
        """d phi^2/dC at a fixed standard normal variable z, with the input g sqrt(C) z."""
        z = sp.Symbol("z", real=True)
        eta = of_state(INPUT)
        moves = sp.diff(g * sp.sqrt(C) * z, C).subs(z, eta / (g * sp.sqrt(C)))
        dx = (moves - sp.diff(eta, C)) / sp.diff(eta, x)
        change = sp.diff(out(x) ** 2, x) * dx
        loop = (LOOP / slope).subs(lam, 0)
        return change - of_state(RESPONSE.subs({lam: 0, L: loop}))

    def quiet() -> list[sp.Expr]:
        """The static limit of D; and linear units."""
        loop = LOOP / slope
        linear = RESPONSE.subs(L, loop).subs({phi: x, slope: 1}).subs(x, sp.sqrt(C))
        found = sp.numer(sp.together(linear - 1))
        return [STIFF.subs(L, loop).subs(lam, 0) - STIFFNESS,
                sp.rem(found, lam * (1 + p * lam) - 2 * k * C, lam)]  # fmt: skip

    return (
        Step("At zero eigenvalue the scalar is the derivative of the self-consistency equation: an"
             " eigenvalue vanishes where two solutions C merge.",
             r"x = g\sqrt C\,z + kC\phi(x):\quad \frac{d\langle\phi^2\rangle}{dC} = \Big\langle"
             r"\frac{\phi\phi'(x + kC\phi)}{C(1 - kC\phi')}\Big\rangle", static),
        Step("Linear units: a perturbation proportional to the activity itself, which is a fixed"
             " direction of the random couplings, and whose square drives the synapses.",
             r"\phi = x:\quad \lambda(1+p\lambda) = 2kC", quiet),
    )  # fmt: skip


def steps() -> tuple[Step, ...]:
    """The network, then one unit."""
    return network_steps() + unit_steps()


def conditions() -> tuple[Condition, ...]:
    """The condition for an eigenvalue outside the support."""
    rho, f, phi_x = (sp.Function(name, real=True)(x) for name in ("rho", "f", "phi"))
    return (
        Condition("isolated", "Isolated eigenvalues of a fixed point; L = k C/(1 + p lambda), f ="
                              " phi'.", sp.Eq(sp.Integral(
                      rho * RESPONSE.xreplace({phi: phi_x, slope: f}), (x, -sp.oo, sp.oo)), 1)),
    )  # fmt: skip


def formulas() -> tuple[Formula, ...]:
    """Formulas for one site."""
    return (
        Formula("coherent_response", (x, phi, slope, lam, L, C), RESPONSE,
                "Contribution of one site to the response of a fixed point to a perturbation along"
                " its activity."
                "\nOutside the support an eigenvalue is where its mean is one; at lam = 0, where L"
                " = k C, the mean is the derivative of <phi^2> in the value C in the single-site"
                " equation.",
                test=f"{TEST}::test_coherent_response"),
    )  # fmt: skip

"""Fixed points of reciprocal currents: pairs, loads, and the star."""

from __future__ import annotations

import sympy as sp

from ..engine.derivation import Step
from ..gaussian.price_stein import D11
from .constant_currents import PSI, STRUCTURED_VARIANCE, b

a, b_hub, sum_inverse, sum_b = sp.symbols("a b_hub sum_inverse sum_b", positive=True)
MATCHING_LOAD = STRUCTURED_VARIANCE / b
SELF_CURRENT_SQUARED = STRUCTURED_VARIANCE.subs(b, a)
STAR = (b_hub + sum_inverse) / (1 / b_hub + sum_b)

# c = u u^T + diag(a - b) with u^2 = b: between different regions c^2 is a product.
B = sp.symbols("b_1:6", positive=True)
K = sp.symbols("psi_1:6", positive=True)


def strength(m: int, n: int) -> sp.Expr:
    """Strength c of the currents between two different regions."""
    return sp.sqrt(B[m]) * sp.sqrt(B[n])


def variance(gain: sp.Expr) -> sp.Expr:
    """The variance at which the gain has a given value."""
    return sp.solve(PSI - gain, D11)[0]


def pair_steps() -> tuple[Step, ...]:
    """The currents that can be nonzero, and the sums of their squares."""
    z12, z21, there = sp.symbols("z_12 z_21 c", real=True)
    y, w, kappa = sp.symbols("y w kappa", positive=True)

    def active() -> list[sp.Expr]:
        matrix = sp.Matrix([[-1, there * K[1]], [there * K[0], -1]])
        return [
            matrix.det() - (1 - there**2 * K[0] * K[1]),
            (matrix * sp.Matrix([z12, z21]))[0] - (there * K[1] * z21 - z12),
        ]

    def odd_cycle() -> list[sp.Expr]:
        left = []
        for size in (3, 5):
            neighbours = [(m, (m + 1) % size) for m in range(size)]
            active_pairs = [strength(m, n) ** 2 * K[m] * K[n] - 1 for m, n in neighbours]
            found = sp.solve(active_pairs, K[:size], dict=True)
            left.append(sp.Integer(len(found) - 1))
            left += [(K[m] * B[m]).subs(found[0]) - 1 for m in range(size)]
        return left

    def loads() -> list[sp.Expr]:
        # (z^12)^2 = c^2 psi_2^2 (z^21)^2, with (z^21)^2 = b_2 w.
        back = strength(0, 1) ** 2 * (1 / B[1]) ** 2 * (B[1] * w)
        total = B[0] * y - variance(1 / B[0])
        return [back - B[0] * w, sp.solve(total, y)[0] - MATCHING_LOAD.subs(b, B[0])]

    def growing() -> list[sp.Expr]:
        matrix = sp.Matrix([[-1, there * K[1]], [there * K[0], -1]])
        rate = sp.Symbol("lambda")
        pair = [there * sign * sp.sqrt(K[0] * K[1]) - 1 for sign in (1, -1)]
        strongest = pair[0].subs(there, strength(0, 1))
        return [
            sp.expand((matrix - rate * sp.eye(2)).det() - sp.prod(rate - p for p in pair)),
            strongest.subs({K[0]: 1 / B[0], K[1]: 1 / B[1]}),
            strongest.subs({K[0]: 1 / (kappa * B[0]), K[1]: 1 / (kappa * B[1])}) - (1 / kappa - 1),
            strongest.subs({K[0]: 1 / a, K[1]: 1 / a, B[1]: B[0]}) - (B[0] / a - 1),
        ]

    return (
        Step("The two currents of a pair of regions drive only each other (U = 1, no disorder):"
             " they can be nonzero where the determinant of their two equations vanishes.",
             r"z^{\mu\nu} = c_{\mu\nu}\psi^\nu z^{\nu\mu}:\quad c_{\mu\nu}^2\psi^\mu\psi^\nu = 1,"
             r"\quad\text{self-currents: } c_{\mu\mu}\psi^\mu = 1", active),
        Step("Interactions given by two numbers for each region. If three regions exchange currents"
             " (or five in a ring, or any odd number), every gain is determined.",
             r"c = u\,u^T + \mathrm{diag}(a - b),\; u_\mu^2 = b_\mu:\quad b_\mu\psi^\mu\,"
             r"b_\nu\psi^\nu = 1\;\Rightarrow\;\psi^\mu = 1/b_\mu", odd_cycle),
        Step("A self-current fixes the gain at 1/a, and thereby its own square.",
             sp.Eq(sp.Symbol("z") ** 2, SELF_CURRENT_SQUARED),
             lambda: variance(1 / a) - SELF_CURRENT_SQUARED),
        Step("Currents that vanish grow or decay at rates determined by the gains. With the gain"
             " 1/max(a, b) in every region none of them grows; nor do currents between two regions"
             " with the gains 1/(kappa b), the leaves of a star, for kappa > 1.",
             r"\lambda_{\mathrm{self}} = a\,\psi - 1,\quad \lambda_{\mathrm{pair}} ="
             r" \pm\sqrt{b_\mu\psi^\mu\,b_\nu\psi^\nu} - 1", growing),
        Step("Divided by b, the squared currents are equal in both directions; those of a region"
             " sum to a load that is fixed for the region.",
             r"w_{\mu\nu} = (z^{\mu\nu})^2/b_\mu = w_{\nu\mu},\quad \sum_\nu w_{\mu\nu} = y_\mu ="
             r" \tfrac{2}{\pi}\,(b_\mu^2-1)/b_\mu", loads),
    )  # fmt: skip


def star_steps() -> tuple[Step, ...]:
    """Without an odd cycle one degree of freedom of the gains remains; the hub's variance fixes it.
    """
    kappa = sp.Symbol("kappa", positive=True)
    leaves = range(1, 4)
    hub, leaf = kappa / B[0], lambda n: 1 / (kappa * B[n])
    sums = {sum_inverse: sum(1 / B[n] for n in leaves), sum_b: sum(B[n] for n in leaves),
            b_hub: B[0]}  # fmt: skip

    def star() -> list[sp.Expr]:
        # The variance of a leaf is that of its one current; (z^1n)^2 = c^2 psi_n^2 (z^n1)^2.
        received = sum(strength(0, n) ** 2 * leaf(n) ** 2 * variance(leaf(n)) for n in leaves)
        square = sp.Symbol("kappa2", positive=True)
        roots = sp.solve(sp.expand(received - variance(hub)).subs(kappa, sp.sqrt(square)), square)
        return [sp.Integer(len(roots) - 1), roots[0] - STAR.xreplace(sums)]

    return (
        Step("A star: the hub exchanges currents with each of the other regions, which exchange"
             " none among themselves. All gains follow from one number kappa.",
             r"\psi_1 = \kappa/b_1,\quad \psi_n = 1/(\kappa b_n)",
             lambda: [strength(0, n) ** 2 * hub * leaf(n) - 1 for n in leaves]),
        Step("The hub's variance is that of its currents: this determines kappa (three leaves).",
             sp.Eq(sp.Symbol("kappa") ** 2, STAR), star),
        Step("Two regions are the smallest star; for equal ones the gain is 1/b.",
             r"b_1 = b_2:\quad \kappa = 1",
             lambda: STAR.subs({sum_inverse: 1 / b_hub, sum_b: b_hub}) - 1),
    )  # fmt: skip

"""The second route to covariances: a linear network, and non-crossing partitions.

It uses no response field and no functional: z phi = J phi + noise is solved by the series of its
resolvent, and the average of a product of couplings is the sum over non-crossing partitions of its
factors, each block with a free cumulant.  Letters are +1 for J and -1 for its transpose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, product
from math import prod

import sympy as sp

from ..engine.derivation import Formula, Step
from ..engine.spectral import C, S, bar, split
from .mode_covariances import AVERAGES, PHI, averages

Word = tuple[int, ...]
TEST = "tests/derivations/random_modes/test_random_modes.py"
g, alpha, D = sp.symbols("g alpha D", positive=True)
reciprocity, rho = sp.symbols("reciprocity rho", real=True)
m2, m4 = sp.symbols("m2 m4", positive=True)
HAAR = m4 / m2**2 - 2


@dataclass(frozen=True)
class Cumulants:
    """Free cumulants of J and its transpose, for independent couplings plus several types of modes.

    A mode's cumulant contains its strength for every letter, and its overlap wherever two equal
    letters are adjacent (cyclically): r^T l between two J, r^T r between J and its transpose.
    """

    g: sp.Expr = sp.S.Zero
    reciprocity: sp.Expr = sp.S.Zero
    modes: tuple[tuple[sp.Expr, sp.Expr, sp.Expr], ...] = ()
    known: dict = field(default_factory=dict, compare=False, repr=False)

    def of(self, word: Word) -> sp.Expr:
        """The cumulant of one block."""
        equal = sum(a == b for a, b in zip(word, word[1:] + word[:1], strict=True))
        value = sum(share * d**len(word) * overlap**equal for d, overlap, share in self.modes)
        if len(word) == 2:
            value += self.g**2 * (self.reciprocity if word[0] == word[1] else 1)
        return value


def moment(word: Word, cumulant: Callable[[Word], sp.Expr], known: dict) -> sp.Expr:
    """(1/N) <Tr word>: the sum over the blocks of the first letter, times the moments of their
    gaps."""
    if not word:
        return sp.S.One
    if word not in known:
        total = sp.S.Zero
        for size in range(len(word)):
            for others in combinations(range(1, len(word)), size):
                block = (0, *others)
                weight = cumulant(tuple(word[n] for n in block))
                if weight == 0:
                    continue
                ends = (*others, len(word))
                gaps = [word[a + 1 : b] for a, b in zip(block, ends, strict=True)]
                total += weight * prod(moment(gap, cumulant, known) for gap in gaps)
        known[word] = sp.expand(total)
    return known[word]


class Series:
    """A truncated power series in the strength of the bare response, with exact coefficients."""

    def __init__(self, coefficients: Iterable[Fraction | int]):
        self.c = [Fraction(a) for a in coefficients]

    def _same(self, other) -> Series:
        if isinstance(other, Series):
            return other
        return Series([_fraction(other)] + [0] * (len(self.c) - 1))

    def __add__(self, other) -> Series:
        return Series(a + b for a, b in zip(self.c, self._same(other).c, strict=True))

    def __neg__(self) -> Series:
        return Series(-a for a in self.c)

    def __sub__(self, other) -> Series:
        return self + -self._same(other)

    def __rsub__(self, other) -> Series:
        return self._same(other) - self

    def __mul__(self, other) -> Series:
        b = self._same(other).c
        return Series(sum(self.c[k] * b[n - k] for k in range(n + 1)) for n in range(len(b)))

    def __truediv__(self, other) -> Series:
        q: list[sp.Expr] = []
        b = self._same(other).c
        for n, a in enumerate(self.c):
            q.append((a - sum(q[k] * b[n - k] for k in range(n))) / b[0])
        return Series(q)

    def __rtruediv__(self, other) -> Series:
        return self._same(other) / self

    __radd__, __rmul__ = __add__, __mul__


def _fraction(value) -> Fraction:
    value = sp.Rational(value)
    return Fraction(int(value.p), int(value.q))


NAMES = ("S1", "T1", "S2", "T2")  # the responses and their conjugates


def explicit_series(network: Cumulants, bare: dict[str, sp.Expr], order: int) -> list[Fraction]:
    """(1/N) Tr [G1 G1^+ G2 G2^+], order by order in the couplings; G = 1/(1 - s J)."""
    total = [Fraction(0)] * (order + 1)
    for powers in product(range(order + 1), repeat=4):
        if sum(powers) <= order:
            word = sum(((sign,) * n for sign, n in zip((1, -1, 1, -1), powers, strict=True)), ())
            weight = prod(bare[name] ** n for name, n in zip(NAMES, powers, strict=True))
            total[sum(powers)] += _fraction(weight * moment(word, network.of, network.known))
    return total


def closed_series(network: Cumulants, bare: dict[str, sp.Expr], order: int) -> list[Fraction]:
    """The series of the closed form: Psi_phi + C_1 C_2 with S and C solved order by order, for unit
    noise."""
    step = Series([0, 1] + [0] * (order - 1)) if order else Series([0])
    one = Series([1] + [0] * order)
    response = {}
    for name, s in bare.items():
        G = one
        for _ in range(order + 1):
            R = s * step * G
            K = network.g**2 * network.reciprocity * R
            for d, overlap, share in network.modes:
                K = K + share * d * overlap / (1 - d * overlap * R)
            G = 1 + K * R
        response[name] = (G, s * step * G)
    S1, T1, S2, T2 = (response[name][1] for name in NAMES)
    values = dict(zip((S[1], bar(S[1]), S[2], bar(S[2])), (S1, T1, S2, T2), strict=True))
    means = averages(list(network.modes))
    found = {q: _value(sp.sympify(mean), values, one) for q, mean in means.items()}
    c, d = AVERAGES["c"], AVERAGES["d"]
    plain, exchanged = network.g**2, network.g**2 * network.reciprocity
    for q, gain, pair in ((c, plain, (S1, T2)), (bar(c), plain, (T1, S2)),
                          (d, exchanged, (S1, S2)), (bar(d), exchanged, (T1, T2))):  # fmt: skip
        found[q] = found[q] + gain * pair[0] * pair[1]
    for w, first, second in ((1, "S1", "T1"), (2, "S2", "T2")):
        R, L = response[first][1], response[second][1]
        a = plain * R * L
        for d_, overlap, share in network.modes:
            a = a + share * d_**2 * R * L / ((1 - d_ * overlap * R) * (1 - d_ * overlap * L))
        # C = abs(S)^2 / (1 - a), in units of the squared bare response.
        found[C[w]] = response[first][0] * response[second][0] / (1 - a)
    return _value(split(PHI) + C[1] * C[2], found, one).c


def _value(expression: sp.Expr, values: dict, one: Series) -> Series:
    """A rational expression evaluated at power series."""
    if expression in values:
        return values[expression]
    if expression.is_Rational:
        return one * expression
    parts = [_value(part, values, one) for part in expression.args if not expression.is_Pow]
    if expression.is_Add:
        return sum(parts, 0 * one)
    if expression.is_Mul:
        return prod(parts, start=one)
    base, power = _value(expression.base, values, one), int(expression.exp)
    product = prod([base] * abs(power), start=one)
    return product if power > 0 else 1 / product


BARE = dict(zip(NAMES, map(sp.Rational, ("1/2", "2/3", "-1/3", "3/5")), strict=True))
HALF, THIRD = sp.Rational(1, 2), sp.Rational(1, 3)


def steps() -> tuple[Step, ...]:
    """Cumulants from W; the four corners; order by order; randomly rotated matrices."""

    def from_W() -> list[sp.Expr]:
        """-log det(1 + Y B) = sum over n and words of length n of cumulant x word / n."""
        pp, ps, sp_, ss = sp.symbols("B_pp B_ps B_sp B_ss")
        e = sp.Symbol("e")
        B = sp.Matrix([[pp, rho * ps], [rho * sp_, ss]])
        value = -alpha * sp.log((sp.eye(2) + sp.Matrix([[0, -e * D], [e * D, 0]]) * B).det())
        series = sp.expand(sp.series(sp.expand(value), e, 0, 6).removeO())
        network = Cumulants(modes=((D, rho, alpha),))
        # J stands between s^* and phi, with a minus; its transpose between phi^* and s.
        join = {(1, 1): ps, (1, -1): pp, (-1, 1): ss, (-1, -1): sp_}
        found = []
        for n in range(1, 6):
            words = sum(
                network.of(word) / n * (-1) ** word.count(1) * prod(
                    join[a, b] for a, b in zip(word, word[1:] + word[:1], strict=True))
                for word in product((1, -1), repeat=n)
            )  # fmt: skip
            found.append(sp.expand(series.coeff(e, n) - words))
        return found

    def corners() -> sp.Expr:
        """Nested pairs at each of four corners; at most one block of four connects all of them."""
        a1, a2, c, cc, kappa, r = sp.symbols("a_1 a_2 c c^* kappa r")
        n = sp.Symbol("n", integer=True, nonnegative=True)
        total = sp.S.One
        for ratio in (a1, cc, a2, c):
            one = sp.summation(r**n, (n, 0, sp.oo)).args[0][0]  # for abs(r) < 1
            total *= one.subs(r, ratio)
        return total * (1 + kappa) - (1 + kappa) / ((1 - a1) * (1 - a2) * (1 - c) * (1 - cc))

    def against(network: Cumulants, order: int) -> list[sp.Expr]:
        explicit = explicit_series(network, BARE, order)
        closed = closed_series(network, BARE, order)
        return [sp.Rational(a.numerator, a.denominator) - sp.Rational(b.numerator, b.denominator)
                for a, b in zip(explicit, closed, strict=True)]  # fmt: skip

    def rotated() -> list[sp.Expr]:
        kappa2, kappa4 = sp.symbols("kappa_2 kappa_4")

        def alternating(word: Word) -> sp.Expr:
            if all(a != b for a, b in zip(word, word[1:] + word[:1], strict=True)):
                return {2: kappa2, 4: kappa4}.get(len(word), sp.S.Zero)
            return sp.S.Zero

        second = moment((1, -1), alternating, {})
        fourth = moment((1, -1, 1, -1), alternating, {})
        solved = sp.solve([second - m2, fourth - m4], [kappa2, kappa4], dict=True)[0]
        modes = Cumulants(modes=((D, sp.S.Zero, alpha),))
        known = {m2: moment((1, -1), modes.of, {}), m4: moment((1, -1, 1, -1), modes.of, {})}
        return [solved[kappa4] / solved[kappa2] ** 2 - HAAR,
                HAAR.subs(known) - alpha * D**4 / (alpha * D**2) ** 2]  # fmt: skip

    two = ((HALF, sp.Rational(2, 5), HALF), (sp.Rational(4, 3), -HALF, THIRD))
    return (
        Step("Second route, a linear network: its free cumulants are the expansion coefficients of"
             " W, verified up to fifth order. A block is a cyclic word in J and its transpose; each"
             " pair of equal adjacent letters contributes the overlap.",
             r"W = \sum_n\frac1n\sum_{\mathrm{words}}\kappa(\mathrm{word})\prod B,\quad"
             r" \kappa(w_1\dots w_n) = \langle D^n\rho^{\#\{w_k = w_{k+1}\}}\rangle", from_W),
        Step("Without overlaps, non-crossing pairs connect neighbours at the four corners of the"
             " trace, and at most one block of four connects all corners.",
             r"\frac1N\mathrm{Tr}[G_1G_1^\dagger G_2G_2^\dagger] = \frac{1 + a_1a_2/\mathrm{PR}_D}"
             r"{(1-a_1)(1-a_2)|1-c|^2}", corners, sp.cancel),
        Step("Order by order in the couplings, all non-crossing partitions are summed: independent"
             " couplings with reciprocity, to eighth order, at rational numbers.",
             r"\frac1N\mathrm{Tr}[G_1G_1^\dagger G_2G_2^\dagger] = \sum_{\pi\in NC}\prod\kappa",
             lambda: against(Cumulants(HALF, THIRD), 8)),
        Step("Two types of modes with overlaps, to eighth order.",
             r"\Psi_\phi + C_1C_2 = \frac1N\mathrm{Tr}[C_1C_2]", lambda: against(
                 Cumulants(modes=two), 8)),
        Step("Modes and independent couplings with reciprocity in one network, to sixth order.",
             r"\kappa = \kappa_{\mathrm{modes}} + \kappa_{\mathrm{iid}}", lambda: against(
                 Cumulants(HALF, -THIRD, two), 6)),
        Step("A matrix U s V^T with random orthogonal U and V has alternating cumulants only"
             " (Haagerup & Larsen 2000), which follow from the moments of its singular values; for"
             " Gaussian modes the expression is the inverse effective rank.",
             r"\kappa_2 = m_2,\quad \kappa_4 = m_4 - 2m_2^2,\quad \frac{1}{\mathrm{PR}} ="
             r" \frac{m_4}{m_2^2} - 2", rotated, sp.cancel),
    )  # fmt: skip


def formulas() -> tuple[Formula, ...]:
    """The formula for a given matrix."""
    return (
        Formula("haar_inverse_rank", (m2, m4), HAAR,
                "Inverse effective rank of a matrix with random singular vectors."
                "\nIt replaces <D^4>/<D^2>^2, with the moments of the singular values per unit.",
                test=f"{TEST}::test_rotated_singular_vectors"),
    )  # fmt: skip

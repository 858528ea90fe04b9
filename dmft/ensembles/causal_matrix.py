"""The 4 x 4 matrices of the four-point theory: nine entries, the others vanish by causality."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

Entry = np.ndarray | float | complex
Vector = tuple[Entry, Entry, Entry, Entry]


@dataclass(frozen=True, eq=False)
class CausalMatrix:
    """Q, or W'', at a grid of pairs of frequencies; rows and columns (phi phi, phi s, s phi, s s).

    Averages of two response fields s vanish, and therefore all entries but these nine. The
    inverse of Q - W'' is a back substitution (docs/equations/fluctuations.md).

    Parameters
    ----------
    k03, k11, ..., k33 : arrays (n1, n2), or numbers
        Entries by row and column.
    """

    k03: Entry = 0.0
    k11: Entry = 0.0
    k13: Entry = 0.0
    k22: Entry = 0.0
    k23: Entry = 0.0
    k30: Entry = 0.0
    k31: Entry = 0.0
    k32: Entry = 0.0
    k33: Entry = 0.0

    def __add__(self, other: CausalMatrix) -> CausalMatrix:
        return CausalMatrix(*(a + b for a, b in zip(self._entries(), other._entries(),
                                                    strict=True)))

    def __sub__(self, other: CausalMatrix) -> CausalMatrix:
        return CausalMatrix(*(a - b for a, b in zip(self._entries(), other._entries(),
                                                    strict=True)))

    def __matmul__(self, v: Vector) -> Vector:
        """The matrix times a column of four entries."""
        return (self.k03 * v[3], self.k11 * v[1] + self.k13 * v[3],
                self.k22 * v[2] + self.k23 * v[3],
                self.k30 * v[0] + self.k31 * v[1] + self.k32 * v[2] + self.k33 * v[3])

    def solve(self, b: Vector) -> Vector:
        """The column v of four entries with matrix @ v = b."""
        v3 = b[0] / self.k03
        v1 = (b[1] - self.k13 * v3) / self.k11
        v2 = (b[2] - self.k23 * v3) / self.k22
        v0 = (b[3] - self.k31 * v1 - self.k32 * v2 - self.k33 * v3) / self.k30
        return v0, v1, v2, v3

    def first_of_inverse(self) -> Entry:
        """The entry (phi phi, phi phi) of the inverse."""
        back = self.k31 * self.k13 / self.k11 + self.k32 * self.k23 / self.k22 - self.k33
        return back / (self.k03 * self.k30)

    def _entries(self) -> list[Any]:
        return [getattr(self, field.name) for field in fields(self)]


def inverse_of_products(mean: Callable[[Any, Any], np.ndarray], one: tuple[Any, Any, Any],
                        two: tuple[Any, Any, Any]) -> CausalMatrix:
    """(Pi^T)^{-1} with Pi_{ab,cd} = mean of G1_ad G2_cb, and propagators G = [[C, -S], [S+, 0]].

    Parameters
    ----------
    mean : callable
        Average of the product of two entries at all pairs of frequencies: over sites, or the
        trace of a product of matrices.
    one, two : (C, S, S+)
        Entries at the first frequencies and at the second.
    """
    (C1, S1, H1), (C2, S2, H2) = one, two
    p00, p11, p22 = mean(C1, C2), mean(S1, S2), mean(H1, H2)
    p01, p02, p03 = -mean(S1, C2), mean(C1, H2), -mean(S1, H2)
    p10, p20, p30 = -mean(C1, S2), mean(H1, C2), -mean(H1, S2)
    corner = p10 * p01 / p11 + p20 * p02 / p22 - p00
    return CausalMatrix(k03=1 / p03, k30=1 / p30, k11=1 / p11, k22=1 / p22,
                        k13=-p01 / (p11 * p03), k31=-p10 / (p11 * p30),
                        k23=-p02 / (p22 * p03), k32=-p20 / (p22 * p30),
                        k33=corner / (p03 * p30))

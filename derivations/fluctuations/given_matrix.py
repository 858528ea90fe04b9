"""A given matrix in a random basis: noise, memory and fluctuations from resolvents.

For couplings J = Q A Q^T whose only randomness is the orthogonal basis Q, singular values and all
overlaps are those of A.  No average over entries is needed: a linear network with the same response
and spectrum has the same noise, memory and fluctuations, and these are traces of resolvents.
"""

from __future__ import annotations

import sympy as sp

from ..engine.derivation import Formula, Step
from ..engine.four_point import CAUSAL
from ..engine.spectral import PAIRS, bar, split

TEST = "tests/derivations/fluctuations/test_fluctuations.py"
z, response = sp.symbols("z S")
spectrum, power, n = sp.symbols("C_phi h n", positive=True)
MEMORY = z - 1 / response
NOISE = spectrum * (1 / sp.Abs(response) ** 2 - 1 / power)
SYMBOLS = {
    "z": "Argument at which the mean resolvent of the matrix equals the response: S = (1/N) Tr (z -"
         " A)^{-1}.",
    "h": "Mean power of the resolvent, (1/N) Tr (z - A)^{-1} (z - A)^{-dagger}.",
}


def steps(wick) -> tuple[Step, ...]:
    """The single site, and all entries of F."""

    def site() -> list[sp.Expr]:
        """z phi = J phi + xi for the network, (z - K) phi = eta + xi for its unit."""
        K, noise = sp.symbols("K C_eta")
        memory = sp.solve(response * (z - K) - 1, K)
        received = sp.solve(response * bar(response) * (noise + n) - spectrum, noise)
        return [memory[0] - MEMORY,
                received[0].subs(n, spectrum / power) - split(NOISE)]  # fmt: skip

    def traces() -> list[sp.Expr]:
        """Two units with two fields each, with any correlations."""
        G = [sp.Matrix(4, 4, lambda a, b, w=w: sp.Symbol(f"G{w}_{a}{b}")) for w in (1, 2)]
        blocks = [[[one[2 * a : 2 * a + 2, 2 * b : 2 * b + 2] for b in (0, 1)] for a in (0, 1)]
                  for one in G]  # fmt: skip
        found = []
        for column, row in CAUSAL:
            (a, b), (c, d) = PAIRS[row], PAIRS[column]
            total = sum(wick(*G, (2 * a + k, 2 * b + k, 2 * c + l, 2 * d + l))
                        for k in (0, 1) for l in (0, 1)) / 2  # fmt: skip
            found.append(total - (blocks[0][a][d] * blocks[1][c][b]).trace() / 2)
        return found

    return (
        Step("A given matrix in a random orthogonal basis: the linear network with the unit's S and"
             " C has the same memory and noise, which follow from the mean resolvent and its mean"
             " squared modulus h.",
             r"S = \frac1N\mathrm{Tr}(z-A)^{-1},\ h = \frac1N\mathrm{Tr}(z-A)^{-1}(z-A)^{-\dagger}:"
             r"\quad K = z - \frac1S,\quad C_\eta = C\,\Big(\frac{1}{|S|^2} - \frac1h\Big)", site),
        Step("Its fluctuations are traces: every entry of F, and hence W'' = Q - F^{-1}.",
             r"F_{cd,ab} = \frac1N\mathrm{Tr}[\mathcal G_{1,ad}\,\mathcal G_{2,cb}],\quad"
             r" \mathcal G = \begin{pmatrix}n\,GG^\dagger & -G\\ G^\dagger & 0\end{pmatrix},\ G ="
             r" (z-A)^{-1}", traces, sp.expand),
    )  # fmt: skip


def formulas() -> tuple[Formula, ...]:
    """Noise and memory."""
    test = f"{TEST}::test_given_matrix"
    return (
        Formula("resolvent_memory", (z, response), MEMORY,
                "Transform of the memory for a given matrix in a random basis.", test=test),
        Formula("resolvent_noise", (spectrum, response, power), NOISE,
                "Spectrum of the input through a given matrix in a random basis.",
                test=test),
    )  # fmt: skip

"""Whether a draw has the stated mean and covariance: z-scores of its moments on small networks."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from ..base import checks
from .definition import with_values
from .tuning import DRAW_SIZES, DRAWS, LARGEST_Z

# sites i, j, k, l of two couplings J_ij and J_kl: every way in which they can share sites
MOTIFS = {
    "variance <J_ij^2>": (1, 2, 1, 2), "reciprocal <J_ij J_ji>": (1, 2, 2, 1),
    "convergent <J_ij J_ik>": (1, 2, 1, 3), "divergent <J_ij J_kj>": (1, 2, 3, 2),
    "chain <J_ij J_jk>": (1, 2, 2, 3), "unrelated <J_ij J_kl>": (1, 2, 3, 4),
}


def stated_moments(own: Any, neurons: int) -> dict[str, float]:
    """The covariance of every motif of two couplings, at N `neurons`."""
    from ..derivations.engine import disorder as d

    covariance = with_values(own.covariance, own.numbers).subs({d.s: d.t, d.N: neurons})
    return {name: float(covariance.subs(dict(zip((d.i, d.j, d.k, d.l), sites, strict=True))))
            for name, sites in MOTIFS.items()}


def stated_mean(own: Any, neurons: int) -> float:
    """The mean of a coupling without the terms that depend on the activity."""
    import sympy

    from ..derivations.engine import disorder as d

    mean = with_values(own.mean, own.numbers)
    constant = sum((one for one in sympy.Add.make_args(sympy.expand(mean)) if not one.has(d.phi)),
                   sympy.S.Zero)
    return float(constant.subs({d.N: neurons, d.i: 1, d.j: 2}).subs(sympy.KroneckerDelta(d.t, d.s),
                                                                    1))


def matrix_of_draw(own: Any, neurons: int, rng: np.random.Generator,
                   drawn: Any = None) -> np.ndarray:
    """One matrix of the draw, or what it has `drawn`; of an operator, its matrix at the start."""
    try:
        found = own.draw(neurons, rng) if drawn is None else drawn
        J = np.asarray(found.apply(np.eye(neurons)) if hasattr(found, "apply") else found,
                       dtype=float)
    except Exception as error:
        checks.reject("draw", own.draw, f"fails at {neurons} neurons ({error})",
                      "give a function of (neurons, rng) that returns an (N, N) array")
    if J.shape != (neurons, neurons) or not np.all(np.isfinite(J)):
        checks.reject("draw", own.draw, f"returned shape {J.shape} at {neurons} neurons, or "
                      "numbers that are not finite", "return an (N, N) array")
    return J


def moments(J: np.ndarray) -> dict[str, float]:
    """Averages of products of two couplings over all different sites, for each motif."""
    N = len(J)
    J = J - np.diag(np.diag(J))
    rows, columns, total = J.sum(axis=1), J.sum(axis=0), J.sum()
    square, mutual = float(np.sum(J**2)), float(np.sum(J * J.T))
    triples, pairs = N * (N - 1) * (N - 2), N * (N - 1)
    convergent, divergent = rows @ rows - square, columns @ columns - square
    chain = columns @ rows - mutual
    rest = total**2 - square - mutual - convergent - divergent - 2 * chain
    return dict(zip(MOTIFS, (square / pairs, mutual / pairs, convergent / triples,
                             divergent / triples, chain / triples,
                             rest / (triples * (N - 3))), strict=True))


def z_scores(own: Any, seed: int = 0) -> dict[tuple[str, int], float]:
    """The z-score of every moment at both sizes."""
    found = {}
    for neurons in DRAW_SIZES:
        rng = np.random.default_rng([seed, neurons])
        mean, expected = stated_mean(own, neurons), stated_moments(own, neurons)
        drawn = [matrix_of_draw(own, neurons, rng) for _ in range(DRAWS)]
        off = ~np.eye(neurons, dtype=bool)
        rows = {"mean <J_ij>": ([J[off].mean() for J in drawn], mean)}
        each = [moments(J - mean) for J in drawn]
        for name, value in expected.items():
            rows[name] = [one[name] for one in each], value
        scale = np.sqrt(max(expected["variance <J_ij^2>"], mean**2, 1e-300))
        for name, (samples, value) in rows.items():
            unit = scale if name.startswith("mean") else scale**2
            spread = np.std(samples, ddof=1) / np.sqrt(DRAWS) + 1e-12 * unit
            t = (np.mean(samples) - value) / spread
            # Student's t, as the normal deviate of the same tail
            found[name, neurons] = float(np.sign(t) * stats.norm.isf(stats.t.sf(abs(t), DRAWS - 1)))
    return found


def check_draw(own: Any) -> None:
    """Refuse a draw whose moments are not the stated ones, or that does not follow its rng."""
    one, same, other = (matrix_of_draw(own, DRAW_SIZES[0], np.random.default_rng(seed))
                        for seed in (1, 1, 2))
    if not np.array_equal(one, same):
        checks.reject("draw", own.draw, "gives different matrices with equal generators",
                      "draw every random number from the given rng")
    if own.covariance != 0 and np.array_equal(one, other):
        checks.reject("draw", own.draw, "gives the same matrix with different generators",
                      "draw it from the given rng")
    scores = z_scores(own)
    (name, neurons), z = max(scores.items(), key=lambda one: abs(one[1]))
    if abs(z) > LARGEST_Z:
        checks.reject("draw", own.draw, f"its {name} at {neurons} neurons differs from the stated "
                      f"one by {z:.3g} standard errors", "draw the couplings of the mean and the "
                      "covariance that are given (without terms of the mean that depend on phi)")

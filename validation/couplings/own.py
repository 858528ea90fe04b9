"""Ensembles of your own at finite N: their draw, and synapses that follow the activity."""

from __future__ import annotations

import math

import numpy as np

from dmft import DerivedEnsemble
from dmft.base.checks import reject
from dmft.own.draw_check import matrix_of_draw, stated_mean, stated_moments

from .operators import Dense, Operator, Product, Sum
from .own_synapses import Synapses, memory_steps


def draw_own(ensemble: DerivedEnsemble, neurons: int, rng: np.random.Generator) -> Operator:
    """Random couplings, and synapses that follow the activity."""
    terms: list[Operator] = []
    if ensemble.covariance != 0 or stated_mean(ensemble, neurons):
        terms.append(_drawn(ensemble, neurons, rng))
    if ensemble.follows_activity:
        terms.append(Synapses(ensemble, neurons))
    if not terms:
        return Product(*np.zeros((2, neurons, 0), dtype=np.float32))
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


def own_footprint(ensemble: DerivedEnsemble, neurons: int) -> float:
    """Float32 values for a draw in double precision, and a copy."""
    return 4.0 * float(neurons) ** 2 if ensemble.covariance != 0 else 0.0


def own_state_footprint(ensemble: DerivedEnsemble, neurons: int, dt: float) -> float:
    """Values of the past of each trajectory."""
    return 3.0 * memory_steps(ensemble, dt) * neurons if ensemble.follows_activity else 0.0


def _drawn(ensemble: DerivedEnsemble, neurons: int, rng: np.random.Generator) -> Operator:
    if ensemble.draw is not None:
        found = ensemble.draw(neurons, rng)
        if hasattr(found, "apply"):
            return found
        return Dense(matrix_of_draw(ensemble, neurons, rng, found).astype(np.float32))
    return Dense(motifs(ensemble, neurons, rng).astype(np.float32))


def motifs(ensemble: DerivedEnsemble, neurons: int, rng: np.random.Generator) -> np.ndarray:
    """Gaussian couplings with the stated covariance of each motif of two couplings.

    J_ij = mean + z_ij + a_i + b_j: a_i is shared by the inputs of unit i (convergent), b_i by
    its outputs (divergent), and their covariance makes chains; z_ij and z_ji are reciprocal.

    Raises
    ------
    ModelError
        Where chains are more correlated than the convergent and divergent motifs that they need.
    """
    V, R, A, B, chain, _ = stated_moments(ensemble, neurons).values()
    V, R = V - A - B, R - 2 * chain
    if min(A, B, V, V - abs(R), A * B - chain**2) < -1e-12 * max(V, 1e-300):
        reject("draw", None, f"missing: the covariance of {ensemble!r} has chains, or differences "
               "of motifs, that the package does not draw by itself", "give draw=, a function of "
               "(neurons, rng) that returns the matrix, or add convergent and divergent motifs "
               "whose product of variances is at least the square of that of chains")
    z = rng.standard_normal((neurons, neurons))
    even, odd = math.sqrt(max(V + R, 0.0)), math.sqrt(max(V - R, 0.0))
    J = (even * (z + z.T) + odd * (z - z.T)) / 2
    own, other = rng.standard_normal((2, neurons))
    a = math.sqrt(max(A, 0.0)) * own
    b = chain / math.sqrt(A) * own if A > 0 else 0.0 * own
    b = b + math.sqrt(max(B - (chain**2 / A if A > 0 else 0.0), 0.0)) * other
    return J + a[:, None] + b[None] + stated_mean(ensemble, neurons)

"""The strength of plasticity from which on chaos can be frozen: q(k) = 1."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ..base.checks import generator, positive, reject
from ..base.errors import ConvergenceError
from ..base.estimate import Estimate
from ..solving import solve
from ..stationary.solution import Solution
from .freezing import freeze
from .plastic_network import PlasticNetwork

START = 0.75  # k over g where the search begins
LONGEST, NEAR = 0.4, 0.15  # step of k; distance of q from 1 of the points that count
EVALUATIONS, LEAST, ASIDE = 10, 3, 0.04


def freezing_onset(network: PlasticNetwork, *, tol: float = 0.01, rng=None,
                   callback: Callable | None = None) -> Estimate:
    """k_c, from which on halted plasticity leaves a stable fixed point, at this g and p.

    q = g^2 <phi'(x*)^2> of the frozen state decreases with k; k_c is where it is one (Clark &
    Abbott 2024, the phase of freezable chaos). Found by repeated `dmft.solve` and `dmft.freeze`,
    and a straight line through the values of q near one.

    Parameters
    ----------
    network : PlasticNetwork
        Its k is where the search starts if it is above 0, else 0.75 g.
    tol : float
        Standard error of k_c that is aimed at.
    rng : int, SeedSequence or Generator, optional
        Seed of the paths; 0 by default.
    callback : callable, optional
        callback(k, frozen) after each evaluation.

    Returns
    -------
    Estimate ()
        k_c with its standard error.

    Raises
    ------
    ModelError
        If `network` is not a PlasticNetwork above its onset of chaos, g phi'(0) > 1.
    ConvergenceError
        If no k with q = 1 is found.
    """
    if not isinstance(network, PlasticNetwork):
        reject("network", network, "not a PlasticNetwork",
               "give dmft.PlasticNetwork(g=1.5, k=1.0, p=2.5)")
    if network.g * network.phi.slope_at_zero <= 1:
        reject("network", network, "g phi'(0) is not above 1: chaos may not exist where it "
               "could be frozen", "give a larger g, or follow a branch and freeze its solutions")
    tol, draws = positive("tol", tol), generator(rng)
    k = network.k if network.k > 0 else START * network.g
    seen: dict[float, Estimate] = {}
    solution: Solution | None = None
    found: Estimate | None = None
    for _ in range(EVALUATIONS):
        seed = int(draws.integers(2**63))
        solution = solve(replace(network, k=k), rng=seed, initial=solution)
        try:
            frozen = freeze(solution, tol=tol, rng=seed)
        except ConvergenceError:  # where the overlap dies, slowly, q is above 1
            k += ASIDE
            continue
        seen[k] = frozen.q
        if callback is not None:
            callback(k, frozen)
        near = [at for at in seen if abs(float(seen[at]) - 1) < NEAR]
        if len(near) >= LEAST:
            found = _root(np.array(near), np.array([float(seen[at]) for at in near]),
                          np.array([float(seen[at].stderr) for at in near]))
            if float(found.stderr) <= tol:
                return found
        k = max(0.02, k + _next(seen, k))
    if found is None:
        raise ConvergenceError(f"no k with q = 1 was found among {sorted(seen)}: give another k "
                               "as the start", solution)
    return found


def _next(seen: dict[float, Estimate], k: float) -> float:
    """Step to the k at which q would be one: by the secant, a little aside of it the third time."""
    q = float(seen[k])
    slope = -0.8
    if len(seen) > 1:
        other = min((at for at in seen if at != k), key=lambda at: abs(at - k))
        slope = min((q - float(seen[other])) / (k - other), -0.2)
    step = (1 - q) / slope
    aside = ASIDE * (-1) ** len(seen) if abs(step) < 0.02 else 0.0
    return float(np.clip(step + aside, -LONGEST, LONGEST))


def _root(k: np.ndarray, q: np.ndarray, error: np.ndarray) -> Estimate:
    """Where a straight line through q(k) is one, with the error that those of q make."""
    weight = 1 / np.maximum(error, 1e-6)
    columns = np.stack([np.ones_like(k), k], axis=1) * weight[:, None]
    covariance = np.linalg.inv(columns.T @ columns)
    a, b = covariance @ columns.T @ (q * weight)
    root = (1 - a) / b
    gradient = np.array([-1 / b, -root / b])
    return Estimate(np.asarray(root), float(np.sqrt(gradient @ covariance @ gradient)))

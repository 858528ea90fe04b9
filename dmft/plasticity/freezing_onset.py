"""freezing_onset: the strength of plasticity above which chaos is freezable, q(k) = 1."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ..base.annotations import Seed
from ..base.checks import generator, positive, reject
from ..base.errors import ConvergenceError
from ..base.estimate import Estimate
from ..solving import solve
from ..stationary.solution import Solution
from .freezing import freeze
from .plastic_network import PlasticNetwork
from .tuning import (
    FIT_DISTANCE,
    K_OFFSET,
    LEAST_START,
    MAX_EVALUATIONS,
    MAX_K_STEP,
    MIN_FIT_POINTS,
    START_K_STEP,
    START_OFFSET,
    START_SLOPE,
)


def freezing_onset(network: PlasticNetwork, *, tol: float = 0.01, rng: Seed = None,
                   callback: Callable | None = None) -> Estimate:
    """Critical k_c above which halting plasticity leaves a stable fixed point, at given g and p.

    q = g^2 <phi'(x*)^2> of the frozen state decreases with k, and q(k_c) = 1 (Clark & Abbott 2024,
    the phase of freezable chaos). Solved by repeated `dmft.solve` and `dmft.freeze`, and a linear
    fit to the values of q near one.

    Parameters
    ----------
    network : PlasticNetwork
        The search starts from its k if that is above 0, else from about where k_c is for p=2.5.
    tol : float
        Target standard error of k_c, above 0. After ten evaluations the estimate is returned with
        the error that it has.
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

    Examples
    --------
    >>> import dmft
    >>> onset = dmft.freezing_onset(dmft.PlasticNetwork(g=1.5, k=0.9, p=2.5), tol=0.1)
    >>> bool(0.5 < onset < 1.5)
    True
    """
    if not isinstance(network, PlasticNetwork):
        reject("network", network, "not a PlasticNetwork",
               "give dmft.PlasticNetwork(g=1.5, k=1.0, p=2.5)")
    if network.g * network.phi.slope_at_zero <= 1:
        reject("network", network, "g phi'(0) is not above 1, so that chaos may not exist near "
               "the onset of freezing", "give a larger g, or follow a branch with "
               "dmft.continue_in and freeze its solutions")
    tol, draws = positive("tol", tol), generator(rng)
    k = network.k
    if k <= 0:
        k = max(START_SLOPE * network.g - START_OFFSET, LEAST_START)
    evaluated: dict[float, Estimate] = {}
    failed: list[float] = []
    solution: Solution | None = None
    found: Estimate | None = None
    for _ in range(MAX_EVALUATIONS):
        seed = int(draws.integers(2**63))
        solution = solve(replace(network, k=k), rng=seed, initial=solution)
        try:
            frozen = freeze(solution, tol=tol, rng=seed)
        except ConvergenceError:  # as a rule the overlap vanishes slowly there, and q is near 1
            failed.append(k)
            k = _above(evaluated, k)
            continue
        evaluated[k] = frozen.q
        if callback is not None:
            callback(k, frozen)
        near = [at for at in evaluated if abs(float(evaluated[at]) - 1) < FIT_DISTANCE]
        if len(near) >= MIN_FIT_POINTS:
            found = _root(np.array(near), np.array([float(evaluated[at]) for at in near]),
                          np.array([float(evaluated[at].stderr) for at in near]))
            if float(found.stderr) <= tol:
                return found
        k = max(0.02, k + _next_step(evaluated, k))
        if any(k <= low < min(evaluated) for low in failed):
            k = _above(evaluated, k)
    if found is None:
        raise ConvergenceError(f"no k with q = 1 was found; evaluated k: {sorted(evaluated)}; "
                               "start from a network with another k", solution)
    return found


def _above(evaluated: dict[float, Estimate], failed: float) -> float:
    """The k to try in place of one where freezing fails: above all others, or nearer to them."""
    highest = max(evaluated, default=failed)
    return highest + START_K_STEP if failed <= highest else (failed + highest) / 2


def _next_step(evaluated: dict[float, Estimate], k: float) -> float:
    """Step to the k at which the secant predicts q = 1; slightly off it if that is very close."""
    q = float(evaluated[k])
    slope = -0.8
    if len(evaluated) > 1:
        other = min((at for at in evaluated if at != k), key=lambda at: abs(at - k))
        slope = min((q - float(evaluated[other])) / (k - other), -0.2)
    step = (1 - q) / slope
    offset = K_OFFSET * (-1) ** len(evaluated) if abs(step) < 0.02 else 0.0
    return float(np.clip(step + offset, -MAX_K_STEP, MAX_K_STEP))


def _root(k: np.ndarray, q: np.ndarray, error: np.ndarray) -> Estimate:
    """The k at which a straight line fitted to q(k) is one, with its propagated error."""
    weight = 1 / np.maximum(error, 1e-6)
    columns = np.stack([np.ones_like(k), k], axis=1) * weight[:, None]
    covariance = np.linalg.inv(columns.T @ columns)
    a, b = covariance @ columns.T @ (q * weight)
    root = (1 - a) / b
    gradient = np.array([-1 / b, -root / b])
    return Estimate(np.asarray(root), float(np.sqrt(gradient @ covariance @ gradient)))

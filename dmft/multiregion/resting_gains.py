"""resting_gains: the gains at which symmetric currents can rest, from one convex programme."""

from __future__ import annotations

import numpy as np
from scipy import optimize

from ..errors import ConvergenceError
from ..nonlinearity import Nonlinearity
from .mean_gain import check_falling, variance_at_gain

MOST_STEPS = 200
ACCURACY = 1e-13  # of the logarithms of gains
STEP = 1e-4  # of the differences that give the programme's curvature


def resting_gains(c: np.ndarray, phi: Nonlinearity) -> tuple[np.ndarray, np.ndarray]:
    """Gain and load of each region where currents z^{mu nu} = c_{mu nu} psi^nu z^{nu mu} rest.

    A self-current grows unless c_{mu mu} psi^mu <= 1, a pair of currents unless c_{mu nu}^2
    psi^mu psi^nu <= 1; what flows does so at equality. Then w_{mu nu} = psi^mu (z^{mu nu})^2 is
    symmetric, and its sum over nu is the load psi^mu Delta^mu of region mu. In L = -ln psi these
    are the optimality conditions of: minimise sum_mu G(L_mu), dG/dL = psi Delta, where
    L_mu >= ln c_{mu mu} and L_mu + L_nu >= ln c_{mu nu}^2, with the w as multipliers. The load
    rises with L, so that the programme is convex and its gains are the only ones.

    Solved by Newton's method, each step a quadratic programme with a diagonal matrix, which
    non-negative least squares solves exactly (Lawson & Hanson 1974, least distance programming).

    Parameters
    ----------
    c : (R, R) array
        Symmetric strengths.
    phi : Nonlinearity
        Odd, with a gain that falls with the variance.

    Returns
    -------
    gains, loads : (R,), (R,) arrays

    Raises
    ------
    ModelError
        For another phi.
    ConvergenceError
        If the Newton steps do not end (none has been seen).
    """
    check_falling(phi)
    rest = -np.log(phi.slope_at_zero)  # L of a region without currents
    A, least = _constraints(c, rest)
    L = np.full(len(c), max(np.max(least), rest))  # above all bounds: Newton comes down from there
    for _ in range(MOST_STEPS):
        load = np.array([_load(phi, one) for one in L])
        curvature = [(_load(phi, one + STEP) - _load(phi, max(one - STEP, rest)))
                     / (one + STEP - max(one - STEP, rest)) for one in L]
        new = _quadratic(np.array(curvature), L - load / curvature, A, least)
        change, L = np.max(np.abs(new - L)), new
        if change < ACCURACY * (1 + np.max(np.abs(L))):
            break
    else:
        raise ConvergenceError(f"the gains still change by {change:.1e} after {MOST_STEPS} steps; "
                               "scale the strengths c down")
    quiet = L - rest < 1e-12
    loads = [0.0 if still else _load(phi, one) for still, one in zip(quiet, L, strict=True)]
    return np.where(quiet, phi.slope_at_zero, np.exp(-L)), np.array(loads)


def _constraints(c: np.ndarray, rest: float) -> tuple[np.ndarray, np.ndarray]:
    """A and its bounds in A L >= least: of self-currents, pairs, and regions at rest."""
    R = len(c)
    rows, least = list(np.eye(R)), [rest] * R
    for mu in range(R):
        for nu in range(mu, R):
            if c[mu, nu] > 0 or (mu != nu and c[mu, nu] != 0):
                rows.append((np.eye(R)[mu] + np.eye(R)[nu]) / (2 if mu == nu else 1))
                least.append(np.log(abs(c[mu, nu])) * (1 if mu == nu else 2))
    return np.array(rows), np.array(least)


def _quadratic(curvature, centre, A, least) -> np.ndarray:
    """The L with A L >= least that is nearest to `centre` in the metric of the curvature."""
    root = np.sqrt(curvature)
    G, h = A / root, least - A @ centre
    E = np.vstack([G.T, h])
    target = np.zeros(len(E))
    target[-1] = 1.0
    u, _ = optimize.nnls(E, target, maxiter=100 * E.shape[1])
    residual = E @ u - target
    return centre - residual[:-1] / residual[-1] / root


def _load(phi: Nonlinearity, L: float) -> float:
    """psi Delta at psi = exp(-L)."""
    psi = float(np.exp(-L))
    return psi * variance_at_gain(phi, psi)

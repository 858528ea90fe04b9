"""resting_gains: the gains at which symmetric currents can rest, from one convex programme."""

from __future__ import annotations

import numpy as np
from scipy import optimize

from ..base.errors import ConvergenceError
from ..network.nonlinearity import Nonlinearity
from ..stationary.stationary_variance import stationary_variance
from ..stationary.variance_bound import Gaussian
from .mean_gain import check_falling, variance_at_gain
from .structured_region import current_power

MOST_STEPS = 500
ACCURACY = 1e-13  # of the logarithms of gains
STILL = 1e-11  # of those, above the value without currents
STEP = 1e-4  # of the differences that give the programme's curvature


def resting_gains(c: np.ndarray, g: np.ndarray,
                  phi: Nonlinearity) -> tuple[np.ndarray, np.ndarray]:
    """Gain and load of each region where currents z^{mu nu} = c_{mu nu} psi^nu z^{nu mu} rest.

    A self-current grows unless c_{mu mu} psi^mu <= 1, a pair of currents unless c_{mu nu}^2
    psi^mu psi^nu <= 1; what flows does so at equality. Then w_{mu nu} = psi^mu (z^{mu nu})^2 is
    symmetric, and its sum over nu is the load of region mu, psi^mu A^mu with the A of
    `structured_region`, psi^mu Delta^mu without disorder. In L = -ln psi these are the
    optimality conditions of: minimise sum_mu G(L_mu), dG/dL = load, where L_mu >= ln c_{mu mu}
    and L_mu + L_nu >= ln c_{mu nu}^2, with the w as multipliers. The load rises with L (proved
    without disorder, seen with it), so that the programme is convex and its gains are the only
    ones.

    Solved by Newton's method, each step a quadratic programme with a diagonal matrix, which
    non-negative least squares solves exactly (Lawson & Hanson 1974, least distance programming).

    Parameters
    ----------
    c : (R, R) array
        Symmetric strengths.
    g : (R,) array
        Disorder within each region.
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
    quiet = np.array([_quiet_gain(phi, one) for one in g])
    rest = -np.log(quiet)  # L of a region without currents

    def loads_at(L):
        return np.array([_load(phi, *one) for one in zip(L, g, rest, strict=True)])

    A, least = _constraints(c, rest)
    # Half of its strongest pair, or its self-current: above all bounds, Newton comes down.
    L = np.max(np.where(A > 0, least[:, None] / np.sum(A, axis=1)[:, None], rest), axis=0)
    for _ in range(MOST_STEPS):
        below, above = np.maximum(L - STEP, rest), L + STEP
        curvature = (loads_at(above) - loads_at(below)) / (above - below)
        new = _quadratic(curvature, L - loads_at(L) / curvature, A, least)
        change, L = np.max(np.abs(new - L)), new
        if change < ACCURACY * (1 + np.max(np.abs(L))):
            break
    else:
        raise ConvergenceError(f"the gains still change by {change:.1e} after {MOST_STEPS} steps; "
                               "scale the strengths c down")
    still = L - rest < STILL
    return np.where(still, quiet, np.exp(-L)), np.where(still, 0.0, loads_at(L))


def _constraints(c: np.ndarray, rest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A and its bounds in A L >= least: of self-currents, pairs, and regions at rest."""
    R = len(c)
    rows, least = list(np.eye(R)), list(rest)
    for mu in range(R):
        for nu in range(mu, R):
            if c[mu, nu] > 0 or (mu != nu and c[mu, nu] != 0):
                rows.append((np.eye(R)[mu] + np.eye(R)[nu]) / (2 if mu == nu else 1))
                least.append(np.log(abs(c[mu, nu])) * (1 if mu == nu else 2))
    return np.array(rows), np.array(least)


def _quadratic(curvature, centre, A, least) -> np.ndarray:
    """The L with A L >= least that is nearest to `centre` in the metric of the curvature."""
    root = np.sqrt(curvature / np.max(curvature))
    G, h = A / root, least - A @ centre
    E = np.vstack([G.T, h])
    target = np.zeros(len(E))
    target[-1] = 1.0
    u, _ = optimize.nnls(E, target, maxiter=100 * E.shape[1])
    residual = E @ u - target
    return centre - residual[:-1] / residual[-1] / root


def _load(phi: Nonlinearity, L: float, g: float, rest: float) -> float:
    """psi A at psi = exp(-L); 0 at rest."""
    if L - rest < STILL:
        return 0.0
    psi = float(np.exp(-L))
    return psi * (variance_at_gain(phi, psi) if g == 0 else current_power(1 / psi, g, phi))


def _quiet_gain(phi: Nonlinearity, g: float) -> float:
    """psi of a region without currents."""
    return float(stationary_variance(Gaussian(phi, g**2)).averages.mean_slope)

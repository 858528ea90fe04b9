"""fixed_point_gains: gains at the fixed points of symmetric currents, by convex optimisation."""

from __future__ import annotations

import numpy as np
from scipy import optimize

from ..base.errors import ConvergenceError
from ..network.nonlinearity import Nonlinearity
from ..stationary.gaussian_problem import GaussianProblem
from ..stationary.stationary_variance import stationary_variance
from .mean_gain import check_decreasing_gain, variance_at_gain
from .structured_region import current_power
from .tuning import CURVATURE_STEP, GAIN_ACCURACY, INACTIVE_DISTANCE, MAX_GAIN_STEPS


def fixed_point_gains(c: np.ndarray, g: np.ndarray,
                  phi: Nonlinearity) -> tuple[np.ndarray, np.ndarray]:
    """Gain and load of each region at a fixed point z^{mu nu} = c_{mu nu} psi^nu z^{nu mu}.

    A self-current grows unless c_{mu mu} psi^mu <= 1, and a pair of currents unless c_{mu nu}^2
    psi^mu psi^nu <= 1; nonzero currents require equality. Then w_{mu nu} = psi^mu (z^{mu nu})^2 is
    symmetric, and its sum over nu is the load of region mu: psi^mu A^mu, with the A of
    `structured_region`, or psi^mu Delta^mu without disorder. In L = -ln psi these conditions are
    the optimality (Karush-Kuhn-Tucker) conditions of a programme with the w as multipliers:
    minimise sum_mu G(L_mu), dG/dL = load, subject to L_mu >= ln c_{mu mu} and
    L_mu + L_nu >= ln c_{mu nu}^2. The load increases with L (proved without disorder, observed
    numerically with it), so that the programme is convex and the gains are unique.

    It is solved by Newton's method. Each step is a quadratic programme with a diagonal matrix,
    which non-negative least squares solves exactly (Lawson & Hanson 1974, least distance
    programming).

    Parameters
    ----------
    c : (R, R) array
        Symmetric strengths of the interactions.
    g : (R,) array
        Strength of the disorder within each region.
    phi : Nonlinearity
        Odd, with a mean gain that decreases with the variance.

    Returns
    -------
    gains, loads : (R,), (R,) arrays

    Raises
    ------
    ModelError
        For another phi.
    ConvergenceError
        If Newton's method does not converge (no such case is known).
    """
    check_decreasing_gain(phi)
    inactive_gains = np.array([_inactive_gain(phi, one) for one in g])
    inactive_L = -np.log(inactive_gains)  # L of a region without currents

    def loads_at(L):
        return np.array([_load(phi, *one) for one in zip(L, g, inactive_L, strict=True)])

    A, least = _constraints(c, inactive_L)
    # Start above all bounds, at half the bound of the strongest pair or at that of the self-current
    # of each region: Newton's method then descends.
    L = np.max(np.where(A > 0, least[:, None] / np.sum(A, axis=1)[:, None], inactive_L), axis=0)
    for _ in range(MAX_GAIN_STEPS):
        below, above = np.maximum(L - CURVATURE_STEP, inactive_L), L + CURVATURE_STEP
        curvature = (loads_at(above) - loads_at(below)) / (above - below)
        new = _quadratic(curvature, L - loads_at(L) / curvature, A, least)
        change, L = np.max(np.abs(new - L)), new
        if change < GAIN_ACCURACY * (1 + np.max(np.abs(L))):
            break
    else:
        raise ConvergenceError(f"the logarithms of the gains still change by {change:.1e} after "
                               f"{MAX_GAIN_STEPS} Newton steps; give weaker interactions c")
    inactive = L - inactive_L < INACTIVE_DISTANCE
    return np.where(inactive, inactive_gains, np.exp(-L)), np.where(inactive, 0.0, loads_at(L))


def _constraints(c: np.ndarray, inactive_L: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Matrix A and bounds of A L >= least: for inactive regions, self-currents and pairs."""
    R = len(c)
    rows, least = list(np.eye(R)), list(inactive_L)
    for mu in range(R):
        for nu in range(mu, R):
            if c[mu, nu] > 0 or (mu != nu and c[mu, nu] != 0):
                rows.append((np.eye(R)[mu] + np.eye(R)[nu]) / (2 if mu == nu else 1))
                least.append(np.log(abs(c[mu, nu])) * (1 if mu == nu else 2))
    return np.array(rows), np.array(least)


def _quadratic(curvature, centre, A, least) -> np.ndarray:
    """The L with A L >= least that is closest to `centre` in the metric of the curvature."""
    root = np.sqrt(curvature / np.max(curvature))
    G, h = A / root, least - A @ centre
    E = np.vstack([G.T, h])
    target = np.zeros(len(E))
    target[-1] = 1.0
    u, _ = optimize.nnls(E, target, maxiter=100 * E.shape[1])
    residual = E @ u - target
    return centre - residual[:-1] / residual[-1] / root


def _load(phi: Nonlinearity, L: float, g: float, inactive_L: float) -> float:
    """psi A at psi = exp(-L); 0 without currents."""
    if L - inactive_L < INACTIVE_DISTANCE:
        return 0.0
    psi = float(np.exp(-L))
    return psi * (variance_at_gain(phi, psi) if g == 0 else current_power(1 / psi, g, phi))


def _inactive_gain(phi: Nonlinearity, g: float) -> float:
    """psi of a region without currents."""
    return float(stationary_variance(GaussianProblem(phi, g**2)).averages.mean_slope)

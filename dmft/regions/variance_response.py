"""Linear response of the variance of a stationary state to a time-dependent drive."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.polynomial import chebyshev

from ..averages.gaussian_averages import averages_at, square_slope_at_rest
from ..averages.protocol import GaussianAverages
from ..network.nonlinearity import Nonlinearity
from ..network.regional_mean_field import MeanField
from .regional_process import RegionalProcess
from .tuning import COLLOCATION_DECAYS, COLLOCATION_NODES, DIFFERENCE_STEP


def variance_response(field: MeanField, process: RegionalProcess, growth: complex) -> np.ndarray:
    """(R, R) response of the variances to a drive that grows as exp(growth t).

    If the drive of region nu changes by s exp(growth t), for example by a current, the variance
    Delta^mu(t, t) changes by X[mu, nu] s exp(growth t). With Delta(t, t') = Delta(tau) + eps
    exp(growth (t+t')/2) D(tau), the part h of D that the random couplings cause obeys

        [(1 + growth/2)^2 - d^2/dtau^2] h = sum of gains [C' D + 2 dC/dDelta11 cosh(growth tau/2)
        D(0)],   D = h + s cosh(growth tau/2),

    which is solved by collocation for h exp(-|growth| tau/2); X = D(0)/s.

    Parameters
    ----------
    field : MeanField
        The network.
    process : RegionalProcess
        Its stationary state.
    growth : complex
        Growth rate, with a real part above -1.

    Returns
    -------
    (R, R) complex array
    """
    R, gains = field.regions, field.gains
    X = np.eye(R, dtype=complex)
    if np.any(gains - np.diag(np.diag(gains))):
        return X + _collocation(field, process, gains, np.arange(R), growth)
    for region in np.flatnonzero(np.diag(gains)):
        own = np.array([region])
        gain = gains[np.ix_(own, own)]
        X[region, region] += _collocation(field, process, gain, own, growth)[0, 0]
    return X


def static_jacobian(field: MeanField, process: RegionalProcess, y: np.ndarray) -> np.ndarray:
    """(P + R, P + R) Jacobian of currents and variances at a state that is constant in time.

    The variables are the change dz of the currents and the part u of the change of the variances
    that the random couplings cause; the currents cause the part s = 2 (M y) dz. They obey

        du/dt = -u + sum of gains kappa (u + s),   d dz/dt = -dz + psi T dz + T y psi' (u + s),

    kappa = d<phi^2>/dDelta, psi' = dpsi/dDelta.
    """
    P, R = field.currents, field.regions
    driven = field.overlaps @ y
    weight = current_weight(field, y)
    kappa = field.gains * variance_slope(
        field.phi, process.total, lambda averages: float(averages.correlation(averages.variance)))
    gain = gain_slope(field.phi, process.total)[field.source] * driven
    source = np.eye(R)[field.source]
    matrix = np.empty((P + R, P + R))
    matrix[:P, :P] = (process.psi[field.source][:, None] * field.overlaps[:, :P] - np.eye(P)
                      + gain[:, None] * weight[field.source])
    matrix[:P, P:] = gain[:, None] * source
    matrix[P:, :P] = kappa @ weight
    matrix[P:, P:] = kappa - np.eye(R)
    return matrix


def current_weight(field: MeanField, y: np.ndarray) -> np.ndarray:
    """(R, P) derivative 2 (M y) of the drive of each region in each current."""
    return 2 * (field.onto * (field.covariance @ y))[:, :field.currents]


def gain_slope(phi: Nonlinearity, variances: np.ndarray) -> np.ndarray:
    """(R,) derivative of <phi'(x)> with respect to the variance of x."""
    return variance_slope(phi, variances, lambda averages: averages.mean_slope)


def variance_slope(phi: Nonlinearity, variances: np.ndarray,
                   average: Callable[[GaussianAverages], float]) -> np.ndarray:
    """(R,) derivative of an average with respect to the variance of x, by finite differences.

    Of fourth order, with step 10 DIFFERENCE_STEP; at zero variance one-sided and of second order.
    """
    out = []
    for variance in variances:
        if variance <= 0:
            at = [average(averages_at(phi, k * DIFFERENCE_STEP)) for k in range(3)]
            out.append((-3 * at[0] + 4 * at[1] - at[2]) / (2 * DIFFERENCE_STEP))
            continue
        step = 10 * DIFFERENCE_STEP * variance
        at = [average(averages_at(phi, variance + k * step)) for k in (-2, -1, 1, 2)]
        out.append((at[0] - 8 * at[1] + 8 * at[2] - at[3]) / (12 * step))
    return np.array(out)


def _collocation(field, process, gains, own, growth) -> np.ndarray:
    """h(0)/s for the regions `own`, which share disorder, by collocation at Chebyshev nodes."""
    nodes = COLLOCATION_NODES
    count, length = len(own), COLLOCATION_DECAYS / process.rate
    x, derivative = _chebyshev_nodes(nodes)
    tau = length * (1 + x) / 2
    first = derivative * (2 / length)
    second = first @ first
    sign = 1.0 if np.real(growth) >= 0 else -1.0
    rate = sign * growth
    fading = np.exp(-rate * tau)
    q = (1 + fading) / 2  # cosh(growth tau/2) exp(-rate tau/2)
    Delta = process.Delta(tau)
    along, across = np.empty((count, nodes)), np.empty((count, nodes))
    for k, region in enumerate(own):
        along[k], across[k] = _covariance_slopes(field.phi, process, region, Delta[region])
    block = -second - rate * first + (1 + growth) * np.eye(nodes)
    matrix = np.kron(np.eye(count), block).astype(complex)
    right = np.zeros((count * nodes, count), dtype=complex)
    for mu in range(count):
        for nu in range(count):
            rows = slice(mu * nodes, (mu + 1) * nodes)
            part = -gains[mu, nu] * np.diag(along[nu]).astype(complex)
            part[:, 0] -= gains[mu, nu] * across[nu] * q
            matrix[rows, nu * nodes:(nu + 1) * nodes] += part
            right[rows, nu] = gains[mu, nu] * (along[nu] + across[nu]) * q
    for mu in range(count):
        zero, end = mu * nodes, (mu + 1) * nodes - 1
        own_columns = slice(mu * nodes, (mu + 1) * nodes)
        matrix[[zero, end]] = 0.0
        right[[zero, end]] = 0.0
        # boundary conditions: even in tau at zero; proportional to the drive at the end
        matrix[zero, own_columns] = first[0]
        matrix[zero, zero] += rate / 2
        matrix[end, own_columns] = first[-1] * q[-1]
        matrix[end, end] += rate * fading[-1] / 2
    solved = np.linalg.solve(matrix, right)
    return solved[::nodes]


def _covariance_slopes(phi: Nonlinearity, process: RegionalProcess, region: int,
                       Delta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """dC/dDelta12 and dC/dDelta11 + dC/dDelta22 at the covariances `Delta` of a region."""
    averages, variance = process.averages[region], process.total[region]
    if variance <= 0:
        slope = square_slope_at_rest(phi)
        return np.full(len(Delta), slope), np.zeros(len(Delta))
    step = DIFFERENCE_STEP * variance
    at = [
        averages,
        averages_at(phi, variance + step),
        averages_at(phi, variance + 2 * step),
    ]
    values = [one.correlation(Delta) for one in at]
    across = (-3 * values[0] + 4 * values[1] - values[2]) / (2 * step)
    return averages.slope(Delta), across


@lru_cache(maxsize=1)
def _chebyshev_nodes(n: int) -> tuple[np.ndarray, np.ndarray]:
    """(n,) ascending Chebyshev nodes on [-1, 1], and their first differentiation matrix."""
    x = np.cos(np.pi * np.arange(n) / (n - 1))[::-1]
    vander = chebyshev.chebvander(x, n - 1)
    slopes = chebyshev.chebval(x, chebyshev.chebder(np.eye(n), axis=0)).T
    return x, np.linalg.solve(vander.T, slopes.T).T

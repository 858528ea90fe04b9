"""How the variance of a stationary state follows changes of what drives it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.polynomial import chebyshev

from ..averages.gaussian_averages import gaussian_averages
from ..averages.protocol import GaussianAverages
from ..network.mean_field import MeanField
from ..network.nonlinearity import Nonlinearity
from .regional_process import RegionalProcess

NODES = 96  # Chebyshev nodes on the half line of lags
DECAYS = 30.0  # length of that line in decay times of the correlation
STEP = 1e-4  # relative change of a variance in differences


def breathing(field: MeanField, process: RegionalProcess, growth: complex) -> np.ndarray:
    """(R, R) response of the variances to a drive that grows as exp(growth t).

    If the static part of region nu is changed by s exp(growth t), as by a current, variance
    Delta^mu(t, t) changes by X[mu, nu] s exp(growth t). With Delta(t, t') = Delta(tau) + eps
    exp(growth (t+t')/2) D(tau), the part h of D that the disorder makes obeys

        [(1 + growth/2)^2 - d^2/dtau^2] h = sum of gains [C' D + 2 dC/dDelta11 cosh(growth tau/2)
        D(0)],   D = h + s cosh(growth tau/2),

    solved here by collocation for h exp(-|growth| tau/2); X = D(0)/s.

    Parameters
    ----------
    field : MeanField
        The network.
    process : RegionalProcess
        Its stationary state.
    growth : complex
        Rate, with a real part above -1.
    """
    R, gains = field.regions, field.gains
    X = np.eye(R, dtype=complex)
    if np.any(gains - np.diag(np.diag(gains))):
        return X + _solve(field, process, gains, np.arange(R), growth)
    for region in np.flatnonzero(np.diag(gains)):
        own = np.array([region])
        X[region, region] += _solve(field, process, gains[np.ix_(own, own)], own, growth)[0, 0]
    return X


def resting(field: MeanField, process: RegionalProcess, y: np.ndarray) -> np.ndarray:
    """(P + R, P + R) matrix of all perturbations of a state in which no region moves.

    Its variables are the currents' change dz and the part u of the variances' change that the
    disorder makes; the currents make s = 2 (M y) dz of it. A perturbation of any course then obeys

        du/dt = -u + sum of gains kappa (u + s),   d dz/dt = -dz + psi T dz + T y psi' (u + s),

    kappa = d<phi^2>/dDelta, psi' = dpsi/dDelta.
    """
    P, R = field.currents, field.regions
    driven = field.overlaps @ y
    made = current_weight(field, y)
    kappa = field.gains * variance_slope(
        field.phi, process.total, lambda averages: float(averages.correlation(averages.variance)))
    gain = gain_slope(field.phi, process.total)[field.source] * driven
    source = np.eye(R)[field.source]
    matrix = np.empty((P + R, P + R))
    matrix[:P, :P] = (process.psi[field.source][:, None] * field.overlaps[:, :P] - np.eye(P)
                      + gain[:, None] * made[field.source])
    matrix[:P, P:] = gain[:, None] * source
    matrix[P:, :P] = kappa @ made
    matrix[P:, P:] = kappa - np.eye(R)
    return matrix


def current_weight(field: MeanField, y: np.ndarray) -> np.ndarray:
    """(R, P): how a change of each current changes the variance that currents make, 2 (M y)."""
    return 2 * (field.onto * (field.covariance @ y))[:, :field.currents]


def gain_slope(phi: Nonlinearity, variances: np.ndarray) -> np.ndarray:
    """(R,) derivative of <phi'(x)> in the variance of x."""
    return variance_slope(phi, variances, lambda averages: averages.mean_slope)


def variance_slope(phi: Nonlinearity, variances: np.ndarray,
                   average: Callable[[GaussianAverages], float]) -> np.ndarray:
    """(R,) derivative of an average over x in the variance of x, by differences of high order."""
    out = []
    for variance in variances:
        if variance <= 0:
            at = [average(gaussian_averages(phi, k * STEP)) for k in range(3)]
            out.append((-3 * at[0] + 4 * at[1] - at[2]) / (2 * STEP))
            continue
        step = 10 * STEP * variance
        at = [average(gaussian_averages(phi, variance + k * step)) for k in (-2, -1, 1, 2)]
        out.append((at[0] - 8 * at[1] + 8 * at[2] - at[3]) / (12 * step))
    return np.array(out)


def _solve(field, process, gains, own, growth) -> np.ndarray:
    """h(0)/s for the regions `own` together."""
    count, length = len(own), DECAYS / process.rate
    x = np.cos(np.pi * np.arange(NODES) / (NODES - 1))[::-1]
    tau = length * (1 + x) / 2
    first, second = _differentiation(x, 2 / length)
    sign = 1.0 if np.real(growth) >= 0 else -1.0
    rate = sign * growth
    fading = np.exp(-rate * tau)
    q = (1 + fading) / 2  # cosh(growth tau/2) exp(-rate tau/2)
    Delta = process.Delta(tau)
    along, across = np.empty((count, NODES)), np.empty((count, NODES))
    for k, region in enumerate(own):
        along[k], across[k] = _slopes(field.phi, process, region, Delta[region])
    block = -second - rate * first + (1 + growth) * np.eye(NODES)
    matrix = np.kron(np.eye(count), block).astype(complex)
    right = np.zeros((count * NODES, count), dtype=complex)
    for mu in range(count):
        for nu in range(count):
            rows = slice(mu * NODES, (mu + 1) * NODES)
            part = -gains[mu, nu] * np.diag(along[nu]).astype(complex)
            part[:, 0] -= gains[mu, nu] * across[nu] * q
            matrix[rows, nu * NODES:(nu + 1) * NODES] += part
            right[rows, nu] = gains[mu, nu] * (along[nu] + across[nu]) * q
    for mu in range(count):
        zero, end = mu * NODES, (mu + 1) * NODES - 1
        own_columns = slice(mu * NODES, (mu + 1) * NODES)
        matrix[[zero, end]] = 0.0
        right[[zero, end]] = 0.0
        # even in tau at zero; at the end in proportion to the drive
        matrix[zero, own_columns] = first[0]
        matrix[zero, zero] += rate / 2
        matrix[end, own_columns] = first[-1] * q[-1]
        matrix[end, end] += rate * fading[-1] / 2
    solved = np.linalg.solve(matrix, right)
    return solved[::NODES]


def _slopes(phi: Nonlinearity, process: RegionalProcess, region: int,
            Delta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """dC/dDelta12, and dC/dDelta11 + dC/dDelta22, along the correlation of a region."""
    averages, variance = process.averages[region], process.total[region]
    if variance <= 0:
        slope = phi.slope_at_zero**2
        return np.full(len(Delta), slope), np.zeros(len(Delta))
    step = STEP * variance
    at = [
        averages,
        gaussian_averages(phi, variance + step),
        gaussian_averages(phi, variance + 2 * step),
    ]
    values = [one.correlation(Delta) for one in at]
    across = (-3 * values[0] + 4 * values[1] - values[2]) / (2 * step)
    return averages.slope(Delta), across


def _differentiation(x: np.ndarray, scale: float) -> tuple[np.ndarray, np.ndarray]:
    """First and second derivative at Chebyshev nodes, in the stretched variable."""
    n = len(x)
    vander = chebyshev.chebvander(x, n - 1)
    slopes = chebyshev.chebval(x, chebyshev.chebder(np.eye(n), axis=0)).T
    first = np.linalg.solve(vander.T, slopes.T).T * scale
    return first, first @ first

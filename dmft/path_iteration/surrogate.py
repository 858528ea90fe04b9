"""The linear surrogate at its own mean slope, and the derivative of its statistics."""

from __future__ import annotations

import numpy as np
from scipy import fft, linalg

from ..averages.gaussian_averages import averages_at
from ..network.network import AnyNetwork
from ..network.nonlinearity import Nonlinearity
from ..paths.gaussian_paths import real_at_nyquist
from ..paths.linear_surrogate import LinearSurrogate, linear_surrogate
from ..paths.noise_and_memory import Drive, drive
from ..paths.stepped_paths import saturates
from .tuning import (
    DERIVATIVE_STEP,
    LEAST_LOOP,
    MOST_NODES,
    PRECISE_SLOPE_TOL,
    SLOPE_STEPS,
    SLOPE_TOL,
    SLOWEST_MODE,
    STABLE_SHARE,
    VARIANCE_STEP,
)
from .unknowns import Moments, Unknowns


def own_surrogate(now: Drive, slope: float, phi: Nonlinearity, tol: float = SLOPE_TOL
                  ) -> tuple[LinearSurrogate, float]:
    """The linear surrogate whose slope is its own <phi'>, and that slope, from a first guess.

    It may be used at any slope (its averages are exact there), so that a few secant steps suffice.
    Where phi saturates, the slope stays below that at which the surrogate is unstable.
    """
    slope, before, bounded = max(slope, 0.0), None, saturates(phi)

    def allowed(slope: float) -> float:
        return _stable(now.feedback, slope) if bounded else slope

    found = linear_surrogate(now, allowed(slope), phi)
    for _ in range(SLOPE_STEPS):
        off = found.slope - slope
        if abs(off) <= tol * abs(found.slope):
            break
        new = slope + off
        if before is not None and abs(off - before[1]) > 1e-14:
            new = slope - off * (slope - before[0]) / (off - before[1])
        before, slope = (slope, off), max(new, 0.0)
        stable = allowed(slope)
        found = linear_surrogate(now, stable, phi)
        if stable < slope:
            return found, stable
    return found, allowed(slope)


def _stable(feedback: np.ndarray, slope: float) -> float:
    """The slope, reduced until the surrogate is stable: 1 - slope H K does not encircle zero."""
    while slope > 0:
        loop = 1 - slope * feedback
        phase = np.unwrap(np.angle(loop))
        if abs(phase[0] - phase[-1]) < np.pi / 2 and np.min(np.abs(loop)) > LEAST_LOOP:
            return slope
        slope = slope * STABLE_SHARE if slope > 1e-6 else 0.0
    return slope


def surrogate_moments(now: Drive, linear: LinearSurrogate) -> Moments:
    """The exact moments of the surrogate."""
    spectrum = now.lags.spectrum
    return Moments(spectrum(linear.C_phi), spectrum(linear.C_x),
                   linear.slope * linear.transfer * np.sqrt(now.V),
                   np.asarray(linear.slope), np.asarray(linear.square_slope),
                   np.asarray(linear.mean))


class SurrogateDerivative:
    """The derivative of the surrogate's statistics by the unknowns that drive it: G' = rows of R.

    G' is known in the directions of `columns` (a hat function for each of at most MOST_NODES lags,
    and the other unknowns that drive the paths): G' = J R, where R takes the values of a vector
    there. Then 1/(1 - G') = 1 + J 1/(1 - R J) R.
    """

    def __init__(self, network: AnyNetwork, unknowns: Unknowns, u: np.ndarray):
        self.at, lags = u, unknowns.lags
        nodes = _nodes(unknowns.m)
        driving = np.flatnonzero(unknowns.driving)
        others = driving[driving >= unknowns.m]
        self.places = np.concatenate([nodes, others])
        directions = np.zeros((len(self.places), len(u)))
        directions[:len(nodes), :unknowns.m] = _hats(nodes, unknowns.m)
        directions[np.arange(len(nodes), len(self.places)), others] = 1.0
        statistics = unknowns.statistics(u)
        now = drive(network, statistics)
        scale = float(u[0]) * DERIVATIVE_STEP
        steps = np.where(self.places < unknowns.m, scale, DERIVATIVE_STEP)
        dV, dK = np.empty((len(lags), len(steps))), np.empty((len(lags), len(steps)), complex)
        linear = drive(network, statistics, clipped=False)
        for j, step in enumerate(steps):
            other = drive(network, unknowns.statistics(u + step * directions[j]), clipped=False)
            dV[:, j], dK[:, j] = (other.V - linear.V) / step, (other.K - linear.K) / step
        _, slope = own_surrogate(now, statistics.slope, network.phi, PRECISE_SLOPE_TOL)
        self.columns = _propagated(unknowns, now, slope, network.phi, dV, dK)
        bare = np.eye(len(self.places)) - self.columns[self.places]
        self.ok = bool(np.all(np.isfinite(bare)))
        self.lu = linalg.lu_factor(bare if self.ok else np.eye(len(bare)))
        self.bounded_lu = linalg.lu_factor(away_from_zero(bare)) if self.ok else self.lu

    def times(self, vectors: np.ndarray) -> np.ndarray:
        """G' times vectors (len, ...)."""
        return self.columns @ vectors[self.places]

    def solve(self, vectors: np.ndarray) -> np.ndarray:
        """(1 - G')^-1 times vectors (len, ...)."""
        return vectors + self.columns @ linalg.lu_solve(self.lu, vectors[self.places])

    def slowest_mode(self) -> np.ndarray:
        """The direction (len,) with the largest real eigenvalue."""
        values, vectors = np.linalg.eig(self.columns[self.places])
        first = int(np.argmax(np.where(values.imag == 0, values.real, -np.inf)))
        return self.columns @ vectors[:, first].real

    def step(self, change: np.ndarray) -> np.ndarray:
        """The step for a change (len,) of the map: `solve`, with a bound on slow modes.

        Along a mode whose eigenvalue is near one, Newton's step is far too long, and above one it
        leads away from the solutions to which the map itself leads.
        """
        return change + self.columns @ linalg.lu_solve(self.bounded_lu, change[self.places])


def away_from_zero(matrix: np.ndarray) -> np.ndarray:
    """The matrix with real parts of its eigenvalues at SLOWEST_MODE or above."""
    values, vectors = np.linalg.eig(matrix)
    low = values.real < SLOWEST_MODE
    if not np.any(low):
        return matrix
    shift = np.where(low, np.maximum(np.abs(values), SLOWEST_MODE) - values, 0)
    inverse = np.linalg.inv(vectors)
    return matrix + ((vectors[:, low] * shift[low]) @ inverse[low]).real


def _nodes(m: int) -> np.ndarray:
    """At most MOST_NODES of the lags 0 ... m-1: all of them, or fewer at long lags."""
    if m <= MOST_NODES:
        return np.arange(m)
    dense = MOST_NODES // 3
    later = np.geomspace(dense, m - 1, MOST_NODES - dense)
    return np.unique(np.concatenate([np.arange(dense), np.round(later).astype(int)]))


def _hats(nodes: np.ndarray, m: int) -> np.ndarray:
    """(q, m) piecewise linear functions, one at one node and zero at the others."""
    return np.stack([np.interp(np.arange(m), nodes, row) for row in np.eye(len(nodes))])


def _propagated(unknowns: Unknowns, now: Drive, slope: float, phi: Nonlinearity, dV: np.ndarray,
                dK: np.ndarray) -> np.ndarray:
    """(len, q) change of the surrogate's vector with changes (n, q) of noise and memory."""
    lags = unknowns.lags
    H = unknowns.H[:, None]
    V, feedback = now.V[:, None], real_at_nyquist(now.feedback)[:, None]
    T = real_at_nyquist(1 / (1 - slope * feedback[:, 0]))[:, None]
    power = np.abs(T) ** 2
    C_x = lags.correlation(power[:, 0] * now.V)
    averages = averages_at(phi, float(C_x[0]))
    D, rho = float(C_x[0]), C_x / C_x[0]

    def corr(spectrum: np.ndarray) -> np.ndarray:
        return fft.idct(spectrum, type=1, axis=0) / lags.dt

    dS = power * dV + 2 * V * power * (T * slope * H * dK).real
    by_slope = 2 * V * power * (T * feedback).real
    c, q = corr(dS), corr(by_slope)
    wider = averages_at(phi, D * (1 + VARIANCE_STEP))
    step = D * VARIANCE_STEP
    slope_by_D = (wider.mean_slope - averages.mean_slope) / step
    square_by_D = (float(wider.slope(wider.variance)) - float(averages.slope(D))) / step
    mean_by_D = (wider.mean - averages.mean) / step
    at_rho = (wider.correlation(rho * wider.variance) - averages.correlation(C_x)) / step
    denominator = 1 - q[0, 0] * slope_by_D
    da = slope_by_D * c[0] / (denominator if abs(denominator) > 0.1 else 0.1)
    c = c + q * da
    dS = dS + by_slope * da
    dC = averages.slope(C_x)[:, None] * (c - rho[:, None] * c[0]) + at_rho[:, None] * c[0]
    dF = T * da + slope * T**2 * (feedback * da + slope * H * dK)
    root = np.sqrt(now.V)
    dslope = slope_by_D * c[0]
    dS_phi = fft.dct(dC, type=1, axis=0) * lags.dt
    return unknowns.vector(Moments(dS_phi, dS, dF * root[:, None], dslope, square_by_D * c[0],
                                   mean_by_D * c[0]), root)

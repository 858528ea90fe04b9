"""Linear stability of a fixed point of the currents: growth rates, and relaxation in regions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..averages.gaussian_averages import square_slope_at_rest
from ..base.errors import ConvergenceError
from ..network.regional_mean_field import MeanField
from .regional_process import FLUCTUATING, RegionalProcess
from .tuning import FASTEST_DECAY, MARGINAL_RATE
from .variance_response import current_weight, gain_slope, static_jacobian, variance_response


@dataclass(frozen=True, eq=False)
class Stability:
    """Linear stability of one fixed point.

    Parameters
    ----------
    growth_rate : complex
        Growth rate of the leading perturbation of the currents.
    growing : (P,) array
        This perturbation.
    inner_rate : float
        Rate at which the variance relaxes after a perturbation of the units within the regions.
    marginal : int
        Number of marginal directions.
    """

    growth_rate: complex
    growing: np.ndarray
    inner_rate: float
    marginal: int


def linear_stability(field: MeanField, inputs: np.ndarray, z: np.ndarray,
                     process: RegionalProcess) -> Stability:
    """The leading perturbation of the fixed point z, and the rates at which it grows and relaxes.

    Where no region fluctuates, its rate is an eigenvalue of a matrix; otherwise a root of
    det(J(growth) - growth).
    """
    y, inner = np.concatenate([z, inputs]), internal_rate(field, process)
    if not any(one in FLUCTUATING for one in process.branch):
        values, vectors = np.linalg.eig(static_jacobian(field, process, y))
        k = int(np.argmax(values.real))
        vector = vectors[:len(z), k] / max(float(np.linalg.norm(vectors[:len(z), k])), 1e-300)
        return Stability(_rounded(complex(values[k])), vector, inner,
                         int(np.sum(np.abs(values) < MARGINAL_RATE)))
    instant = np.linalg.eigvals(current_jacobian(field, process, y, 0.0))
    marginal = int(np.sum(np.abs(instant) < MARGINAL_RATE))
    coupled = np.any(field.overlaps @ y) and np.any(field.covariance @ y)
    slowest = max(FASTEST_DECAY, long_lag_rate(field, process)) if coupled else FASTEST_DECAY
    best, vector = complex(slowest), np.zeros(len(z))
    for guess in sorted(instant, key=lambda one: -one.real)[:4]:
        growth, direction = _growth_rate(field, process, y, complex(guess), slowest)
        if growth.real > best.real or not np.any(vector):
            best, vector = growth, direction
    return Stability(_rounded(best), vector, inner, marginal)


def current_jacobian(field: MeanField, process: RegionalProcess, y: np.ndarray,
                     growth: complex) -> np.ndarray:
    """(P, P) matrix J(growth): perturbations dz exp(growth t) of currents obey growth dz = J dz.

    J = -1 + psi T + (T y) dpsi/dDelta X(growth) 2 (M y). The last term is the response of the gain
    to the variance, which follows the currents with a delay, X of `variance_response`.
    """
    P = field.currents
    driven = field.overlaps @ y
    slope = gain_slope(field.phi, process.total)
    matrix = process.psi[field.source][:, None] * field.overlaps[:, :P] - np.eye(P)
    weight = current_weight(field, y)
    if not np.any(weight):
        return matrix.astype(complex)
    follow = slope[:, None] * variance_response(field, process, growth) @ weight
    return matrix + driven[:, None] * follow[field.source]


def long_lag_rate(field: MeanField, process: RegionalProcess) -> float:
    """Decay rate of a perturbation of the correlations at long lags, in fluctuating regions.

    It is the largest eigenvalue of gains C' at infinite lag, minus 1. Perturbations that decay
    faster than this belong to a continuum and have no discrete rates.
    """
    fluctuating = np.array([one in FLUCTUATING for one in process.branch])
    return _long_lag_eigenvalue(field, process, fluctuating) - 1.0


def internal_rate(field: MeanField, process: RegionalProcess) -> float:
    """Rate at which the variance relaxes after a perturbation of the units within the regions.

    Away from equal times a perturbation d obeys (1 + d/dt)(1 + d/ds) d = gains C' d, with C' at
    infinite lag: d = exp(rate (t + s)/2) with (1 + rate/2)^2 = gains C'. The rate is negative
    where a state exists.
    """
    return 2.0 * (np.sqrt(_long_lag_eigenvalue(field, process, np.ones(field.regions))) - 1.0)


def _long_lag_eigenvalue(field: MeanField, process: RegionalProcess, of: np.ndarray) -> float:
    """Spectral radius of gains C' at infinite lag, restricted to the regions selected by `of`."""
    slopes = np.array([float(averages.slope(min(static, total))) if averages.variance else
                       square_slope_at_rest(field.phi) for averages, static, total in zip(
                           process.averages, process.static, process.total, strict=True)])
    return float(np.max(np.abs(np.linalg.eigvals(field.gains * slopes * of))))


def _rounded(growth: complex) -> complex:
    """The rate, with real and imaginary parts that vanish within rounding set to zero."""
    return complex(growth.real if abs(growth) >= MARGINAL_RATE else 0.0,
                   growth.imag if abs(growth.imag) >= 1e-10 else 0.0)


def _growth_rate(field, process, y, growth: complex, slowest: float) -> tuple[complex, np.ndarray]:
    """A rate that is an eigenvalue of J(rate), and the eigenvector, by the secant method.

    `growth` is the initial guess. `slowest` is returned where the rate is lower than that.
    """
    def nearest(at: complex) -> tuple[complex, np.ndarray]:
        values, vectors = np.linalg.eig(current_jacobian(field, process, y, at))
        k = int(np.argmin(np.abs(values - at)))
        return complex(values[k]), vectors[:, k]

    at = complex(max(growth.real, slowest), growth.imag)
    value, vector = nearest(at)
    before, off_before = at, value - at
    for _ in range(40):
        if abs(off_before) < 1e-10 * max(1.0, abs(at)):
            return at, vector
        at = value if before == at else at
        if at.real < slowest:
            return complex(slowest), vector
        value, vector = nearest(at)
        off = value - at
        step = off if off == off_before else -off * (at - before) / (off - off_before)
        if not np.isfinite(step) or abs(step) > 1.0:
            step = off
        before, off_before = at, off
        at, value = at + step, at + step
        if abs(step) < 1e-11 * max(1.0, abs(at)):
            return at, vector
    raise ConvergenceError("the growth rate of a perturbation of the currents was not found from "
                           f"the guess {growth:.4g}")

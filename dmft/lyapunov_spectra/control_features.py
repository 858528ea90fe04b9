"""Control features: time averages along paths whose means are known, exactly or from many paths.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..network.nonlinearity import Nonlinearity
from .tuning import (
    FEATURE_LEVELS,
    LEAST_TILTED_SHARE,
    LINE_STEP,
    REACH,
    REGRESSION_RCOND,
    TILT_RIDGES,
    TILT_STEPS,
)
from .window import Window


@dataclass(frozen=True, eq=False)
class ControlFeatures:
    """Standardised features of n paths, minus their means over all paths.

    The log-determinant of a path is very nearly a linear function of them.

    Parameters
    ----------
    values : (n, f) array
    errors : (e, f) array
        Parts of e independent sources in the errors of the means: none if these are exact.
    """

    values: np.ndarray
    errors: np.ndarray

    def weights(self) -> np.ndarray:
        """(n,) positive weights, of sum 1, with which the features have their exact means.

        They are exp(b . z), normalised: of all weights with these means, those of largest entropy
        (up to a small ridge, which keeps b finite). Few paths may not have the exact means within
        their hull; the ridge is then larger, so that the weights do not single out a path.
        """
        for ridge in TILT_RIDGES:
            w = self._tilted(ridge)
            if 1 / np.sum(w**2) > LEAST_TILTED_SHARE * len(w):
                break
        return w

    def _tilted(self, ridge: float) -> np.ndarray:
        """Newton's method for the minimum of log <exp(b . z)> + ridge b^2/2."""
        z = self.values
        b = np.zeros(z.shape[1])

        def dual(b: np.ndarray) -> float:
            t = z @ b
            return float(np.log(np.mean(np.exp(t - t.max()))) + t.max() + ridge * b @ b / 2)

        for _ in range(TILT_STEPS):
            w = _softmax(z @ b)
            mean = w @ z
            gradient = mean + ridge * b
            hessian = (z * w[:, None]).T @ z - np.outer(mean, mean) + ridge * np.eye(len(b))
            step = np.linalg.solve(hessian, gradient)
            size, now = 1.0, dual(b)
            while dual(b - size * step) > now and size > 1e-4:
                size /= 2
            b = b - size * step
            if np.max(np.abs(gradient)) < 1e-10:
                break
        return _softmax(z @ b)

    def regress(self, weights: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Means of y (n, k) at the exact means of the features, and the influence of each path.

        Returns
        -------
        mean : (k,) array
            w . y - (w . z) beta, with beta from least squares.
        influence : (n + e, k) array
            The part of each path, and of each source, in the error of the mean: independent, with
            mean 0, so that the squared standard error is the sum of their squares.
        """
        centred = self.values - self.values.mean(axis=0)
        u, s, vt = np.linalg.svd(centred, full_matrices=False)
        kept = s > REGRESSION_RCOND * s[0]
        residual = y - y.mean(axis=0)
        beta = vt[kept].T @ ((u[:, kept].T @ residual) / s[kept, None])
        mean = weights @ y - (weights @ self.values) @ beta
        residual = residual - centred @ beta
        # leave-one-out residuals: each path had a share in beta
        leverage = np.sum(u[:, kept] ** 2, axis=1) + 1 / len(y)
        residual /= np.maximum(1 - leverage, 1e-3)[:, None]
        return mean, np.concatenate([weights[:, None] * residual, self.errors @ beta])


def _softmax(t: np.ndarray) -> np.ndarray:
    w = np.exp(t - t.max())
    return w / w.sum()


def control_features(phi: Nonlinearity, window: Window, x: np.ndarray) -> ControlFeatures:
    """The features of Gaussian paths x (n, m), with exact means."""
    lags = feature_lags(window)
    means = gaussian_means(phi, float(window.covariance[0]), window.covariance[lags])
    return standardised(gain_features(phi, x, lags), means, np.zeros((0, len(means))))


def gaussian_means(phi: Nonlinearity, variance: float, covariances: np.ndarray) -> np.ndarray:
    """(f,) exact means of `gain_features` for Gaussian x, with these covariances at its lags."""
    def slope(at: np.ndarray) -> np.ndarray:
        return np.asarray(phi.derivative(at), dtype=float)

    means = [line_mean(lambda at, of=of: of(slope(at)), variance) for of in _POWERS]
    means.append(line_mean(np.square, variance))
    means += [pair_mean(lambda at, k=power: slope(at)**k, variance, float(one))
              for power in (1, 2) for one in covariances]
    return np.array(means)


# of the gain d at one time
_POWERS: tuple[Callable[[np.ndarray], np.ndarray], ...] = (
    lambda d: np.sqrt(np.abs(d)), lambda d: d, np.square, lambda d: d**4)


def gain_features(phi: Nonlinearity, x: np.ndarray, lags: list[int]) -> np.ndarray:
    """(n, f) averages over time along paths x (n, m) of powers of the gain, and of products.

    abs(d)^(1/2), d, d^2, d^4, x^2 at one time, and d d', d^2 d'^2 at each lag, with d = phi'(x).
    """
    d = np.asarray(phi.derivative(x), dtype=float)
    columns = [np.mean(of(d), axis=1) for of in _POWERS] + [np.mean(x**2, axis=1)]
    columns += [time_average(d**power, d**power, lag) for power in (1, 2) for lag in lags]
    return np.array(columns).T


def time_average(one: np.ndarray, other: np.ndarray, lag: int) -> np.ndarray:
    """(n,) averages over time of one(t) other(t + lag), along paths (n, m) on the ring."""
    return np.mean(one * np.roll(other, -lag, axis=1), axis=1)


def standardised(features: np.ndarray, means: np.ndarray, errors: np.ndarray) -> ControlFeatures:
    """Features (n, f) with these means (f,), whose errors (e, f) have e sources."""
    z = features - means
    scale = z.std(axis=0)
    kept = scale > 1e-12 * np.max(scale)
    return ControlFeatures(z[:, kept] / scale[kept], errors[:, kept] / scale[kept])


def feature_lags(window: Window) -> list[int]:
    """Lags, in steps, at which C_x crosses the levels, all different."""
    half = window.covariance[:window.points // 2] - window.static
    found: list[int] = []
    for level in FEATURE_LEVELS:
        below = np.flatnonzero(half < level * half[0])
        lag = int(below[0]) if below.size else window.points // 2
        found.append(max(lag, found[-1] + 1 if found else 1))
    return [lag for lag in found if lag <= window.points // 2]


def line_mean(function: Callable, variance: float) -> float:
    """<f(x)> by the trapezoidal rule, which converges geometrically for analytic f."""
    x, w = _nodes(variance)
    return float(w @ function(x))


def pair_mean(function: Callable, variance: float, covariance: float) -> float:
    """<f(x) f(y)> at this covariance, by the rule in (x + y)/2 and (x - y)/2."""
    p, v = _nodes(max(variance + covariance, 0.0) / 2)
    q, w = _nodes(max(variance - covariance, 0.0) / 2)
    return float(v @ (function(p[:, None] + q) * function(p[:, None] - q)) @ w)


def _nodes(variance: float) -> tuple[np.ndarray, np.ndarray]:
    if variance <= 0:
        return np.zeros(1), np.ones(1)
    width = float(np.sqrt(variance))
    count = int(np.ceil(REACH * max(2.0, width / LINE_STEP)))
    z = np.linspace(-REACH, REACH, 2 * count + 1)
    w = np.exp(-z**2 / 2)
    return width * z, w / w.sum()

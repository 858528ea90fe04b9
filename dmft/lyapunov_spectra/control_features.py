"""Control features: time averages along paths whose exact Gaussian means are known."""

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
    """Standardised features (n, f) of n paths, minus their exact means.

    The log-determinant of a path is very nearly a linear function of them.
    """

    values: np.ndarray

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
        influence : (n, k) array
            The part of each path in the error of the mean: independent, with mean 0, so that
            the squared standard error is the sum of their squares.
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
        return mean, weights[:, None] * residual


def _softmax(t: np.ndarray) -> np.ndarray:
    w = np.exp(t - t.max())
    return w / w.sum()


def control_features(phi: Nonlinearity, window: Window, x: np.ndarray) -> ControlFeatures:
    """The features of paths x (n, m): averages over time of powers of the gain, and of products.

    d, d^2, |d|^(1/2), d^4, x^2 at one time, and d d', d^2 d'^2 at five lags, with d = phi'(x).
    """
    d = np.asarray(phi.derivative(x), dtype=float)
    variance = float(window.covariance[0])

    def slope(at: np.ndarray) -> np.ndarray:
        return np.asarray(phi.derivative(at), dtype=float)

    lags = _lags(window)
    single: list[tuple[np.ndarray, Callable[[np.ndarray], np.ndarray]]] = [
        (np.sqrt(np.abs(d)), lambda at: np.sqrt(np.abs(slope(at)))), (d, slope),
        (d**2, lambda at: slope(at)**2), (d**4, lambda at: slope(at)**4), (x**2, np.square)]
    columns = [values.mean(axis=1) for values, _ in single]
    means = [line_mean(function, variance) for _, function in single]
    for power in (1, 2):
        for lag in lags:
            columns.append(np.mean(d**power * np.roll(d, -lag, axis=1)**power, axis=1))
            means.append(pair_mean(lambda at, k=power: slope(at)**k, variance,
                                   float(window.covariance[lag])))
    z = np.array(columns).T - np.array(means)
    scale = z.std(axis=0)
    kept = scale > 1e-12 * np.max(scale)
    return ControlFeatures(z[:, kept] / scale[kept])


def _lags(window: Window) -> list[int]:
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

"""Linear state spaces X' = A X + B input, x = C X: exact steps, responses and correlations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg

NO_GAIN = 1e-8  # share of the state in x that a constant input keeps, below which it is rounding


@dataclass(frozen=True, eq=False)
class Step:
    """X(t+dt) = decay X + now f(t) + before f(t-dt) + noise * (unit normals), x = output . X.

    The input is extrapolated linearly over the step; `end` is the weight of the change of the input
    over the step, by which a step may be corrected. The noise has the exact covariance of white
    noise <xi xi> = 2 delta over one step.

    Parameters
    ----------
    decay : (k, k) array
    now, before, end, output : (k,) arrays
    noise : (k, k) array
        Lower triangular.
    """

    decay: np.ndarray
    now: np.ndarray
    before: np.ndarray
    end: np.ndarray
    noise: np.ndarray
    output: np.ndarray

    @property
    def held(self) -> np.ndarray:
        """(k,) the state with x = 1 that a constant input keeps; the one of smallest norm with
        x = 1 where H(0) = 0 and no input does.
        """
        kept = np.linalg.solve(np.eye(len(self.output)) - self.decay, self.now + self.before)
        size = np.abs(self.output) @ np.abs(kept)
        if abs(self.output @ kept) < NO_GAIN * size:
            kept = self.output
        return np.asarray(kept / (self.output @ kept))


@dataclass(frozen=True, eq=False)
class StateSpace:
    """X' = A X + B input, x = C X, with all eigenvalues of A in the left half-plane."""

    A: np.ndarray
    B: np.ndarray
    C: np.ndarray

    @classmethod
    def of_fraction(cls, numerator: np.ndarray, denominator: np.ndarray) -> StateSpace:
        """The companion form of a strictly proper fraction, coefficients of s^0, s^1, ..."""
        a = np.asarray(denominator, dtype=float) / denominator[-1]
        order = len(a) - 1
        b = np.zeros(order)
        b[:len(numerator)] = np.asarray(numerator, dtype=float) / denominator[-1]
        A = np.zeros((order, order))
        A[:-1, 1:] = np.eye(order - 1)
        A[-1] = -a[:-1]
        B = np.zeros(order)
        B[-1] = 1.0
        return cls(A, B, b)

    def covariance(self) -> np.ndarray:
        """<X X^T> of the stationary state driven by white noise <xi xi> = 2 delta."""
        return linalg.solve_continuous_lyapunov(self.A, -2 * np.outer(self.B, self.B))

    def evolved(self, start: np.ndarray, tau: np.ndarray) -> np.ndarray:
        """C exp(A tau) start at lags tau (n,); faster on a uniform grid."""
        tau = np.asarray(tau, dtype=float)
        if len(tau) > 2 and np.allclose(np.diff(tau), tau[1] - tau[0], rtol=1e-6, atol=0):
            dt = (tau[-1] - tau[0]) / (len(tau) - 1)
            first = linalg.expm(self.A * tau[0]) @ start
            return self.C @ powers(linalg.expm(self.A * dt), first, len(tau))
        return np.array([self.C @ linalg.expm(self.A * one) @ start for one in tau])

    def step(self, dt: float) -> Step:
        """The exact step, from the exponential of the matrix of state and input."""
        k = len(self.B)
        both = np.zeros((k + 2, k + 2))  # state, input, and the slope of the input over the step
        both[:k, :k], both[:k, k], both[k, k + 1] = self.A * dt, self.B * dt, 1.0
        E = linalg.expm(both)
        decay, constant, ramp = E[:k, :k], E[:k, k], E[:k, k + 1]
        P = self.covariance()
        added = P - decay @ P @ decay.T
        return Step(decay, constant + ramp, -ramp, ramp, _root(added), self.C)


def powers(matrix: np.ndarray, start: np.ndarray, count: int) -> np.ndarray:
    """(k, count): matrix^n start for n = 0, 1, ..., by doubling."""
    out = np.empty((len(start), count))
    out[:, 0], done = start, 1
    while done < count:
        more = min(done, count - done)
        out[:, done:done + more] = matrix @ out[:, :more]
        matrix, done = matrix @ matrix, done + more
    return out


def _root(covariance: np.ndarray) -> np.ndarray:
    """A lower triangular square root; the covariance may be singular to rounding."""
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    return np.linalg.qr(root.T)[1].T

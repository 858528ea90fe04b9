"""The self-consistent map of the frozen state, on given paths, and its linear response."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import fft, linalg

from ..base.errors import ConvergenceError
from ..base.long_call import show_step
from ..ensembles.hebbian import Hebbian
from ..equations import linear_response
from ..equations import plasticity as equations
from ..paths import gaussian_paths
from ..paths.memory_filters import COMPLEX, REAL
from ..sampled.redrawn_paths import RedrawnPaths
from ..stationary.solution import Solution
from .tuning import (
    FREEZING_TOLERANCE,
    LARGEST_MOVE,
    MAX_FREEZING_STEPS,
    NEWTON_DISTANCE,
    PAST_DURATION,
    REGRESSION_RIDGE,
    RESPONSE_STEP,
    RESPONSE_VARIANCE,
    SLOW_CONTRACTION,
)


class FrozenMap:
    """(c, C*) of x* from the (c, C*) that x* is made with, on P paths of T steps.

    eta* is regressed on the past noise of these very paths. Its independent part is `own_noise`,
    (T, P), with both signs, so that without overlap c is exactly zero: otherwise a chance
    correlation with the past shifts small overlaps, or leaves no solution where they begin. A
    value is c at L lags, followed by C*.
    """

    def __init__(self, solution: Solution, halted: list[Hebbian], gain: float, own: RedrawnPaths,
                 own_noise: np.ndarray):
        lags, slowest = own.lags, max(one.p for one in halted)
        length = min(len(lags) - 1, int(np.ceil(PAST_DURATION * slowest / lags.dt)))
        # C and the noise of these paths, scaled so that the covariance of the noise is gain C
        power, own_power = (np.mean(one.real**2 + one.imag**2, axis=1, dtype=float)
                            for one in (own.phi, own.z))
        C = own.window * lags.correlation(gaussian_paths.spectrum(power, lags))
        spectrum = gain * np.maximum(lags.spectrum(C), 0.0)
        covariance = lags.correlation(spectrum)[:length]
        regularised = covariance.copy()
        regularised[0] *= 1 + REGRESSION_RIDGE
        self.covariance = linalg.toeplitz(covariance)
        self.factor = linalg.cho_factor(linalg.toeplitz(regularised))
        H = linear_response.lowpass(lags.omega)
        # the filtered noise v = H eta of the paths has the phase of z
        phase = gaussian_paths.amplitude(lags) * np.sqrt(spectrum / own_power) * np.abs(H) / H
        self.eta = gaussian_paths.real_at_nyquist(phase).astype(COMPLEX)[:, None] * own.z
        self.past = np.arange(length) * lags.dt
        self.weight = np.full(length, lags.dt)
        self.weight[0] /= 2  # the trapezoidal rule
        self.phi = solution.network.phi
        self.halted, self.gain, self.own, self.own_noise = halted, gain, own, own_noise
        self.C = C[:length]

    def __call__(self, value: np.ndarray) -> np.ndarray:
        """The value that x* has, and q, which follows it."""
        c, C_star, steps = value[:-1], float(value[-1]), len(self.own_noise)
        filter_ = linalg.cho_solve(self.factor, self.gain * c)
        explained = float(filter_ @ self.covariance @ filter_)
        kernel = self.weight * np.sum([equations.frozen_memory(self.past, one.k, one.p, c)
                                       for one in self.halted], axis=0)
        from_past = fft.irfft(_transfer(filter_, steps) * self.eta
                              + _transfer(kernel, steps) * self.own.phi, steps, axis=0)
        independent = REAL(np.sqrt(max(self.gain * C_star - explained, 0.0))) * self.own_noise
        return np.mean([self._of(from_past + independent), self._of(from_past - independent)],
                       axis=0)

    def _of(self, x: np.ndarray) -> np.ndarray:
        """c, C* and q of fixed points x, (T, P)."""
        frozen = self.phi.function(x)
        cross = np.einsum("np,np->n", fft.rfft(frozen, axis=0), self.own.phi.conj())
        c = gaussian_paths.in_time((cross / x.shape[1]).astype(complex), self.own.lags)
        q = self.gain * np.mean(self.phi.derivative(x) ** 2, dtype=float)
        return np.append(c[:len(self.past)] / len(x), [np.mean(frozen**2, dtype=float), q])


@dataclass(frozen=True, eq=False)
class FrozenResponse:
    """Linear response of the map at a value: of its image, and of q, to smooth changes.

    Parameters
    ----------
    basis : (L + 1, B) array
        Orthonormal: leading eigenvectors of the covariance of the past noise, and C*.
    image : (L + 1, B) array
        Change of the image per change of the value along each column of the basis.
    q : (B,) array
        The same of q.
    """

    basis: np.ndarray
    image: np.ndarray
    q: np.ndarray

    def settled(self, change: np.ndarray) -> np.ndarray:
        """(1 - response)^-1 of a change: where the value settles after it."""
        own = np.eye(len(self.q)) - self.basis.T @ self.image
        return change + self.image @ np.linalg.solve(own, self.basis.T @ change)


def response(frozen: FrozenMap, value: np.ndarray, image: np.ndarray) -> FrozenResponse:
    """Response at a value whose image is known, by differences with the same paths.

    A step along an eigenvector of the covariance is as large as its share of the noise allows.
    """
    variance, along = linalg.eigh(frozen.covariance)
    kept = variance > RESPONSE_VARIANCE * variance[-1]
    C_star = float(value[-1])
    basis = linalg.block_diag(along[:, kept], np.ones((1, 1)))
    steps = RESPONSE_STEP * np.append(np.sqrt(C_star / frozen.gain * variance[kept]), C_star)
    change = np.stack([(frozen(value + step * one) - image) / step
                       for step, one in zip(steps, basis.T, strict=True)], axis=1)
    return FrozenResponse(basis, change[:-1], change[-1])


def self_consistent(frozen: FrozenMap, start: np.ndarray, known: FrozenResponse | None,
                    solution: Solution) -> tuple[np.ndarray, FrozenResponse]:
    """Value that is its own image, and the response there.

    Plain steps far from it. They contract slowly where the overlap is about to vanish; steps of
    Newton's method do not, with one response for several of them.
    """
    value, scale, before = start, float(frozen.C[0]), np.inf
    for iteration in range(MAX_FREEZING_STEPS):
        image = frozen(value)
        change = image[:-1] - value
        size = float(np.max(np.abs(change))) / scale
        show_step(iteration, size)
        if size < FREEZING_TOLERANCE:
            return value, response(frozen, value, image) if known is None else known
        if size > min(NEWTON_DISTANCE, before):
            known = None  # too far for a linear response
        elif size > SLOW_CONTRACTION * before:
            known = response(frozen, value, image)
        move = change if known is None else known.settled(change)
        value, before = value + _limited(move, value), size
    raise ConvergenceError(
        f"the frozen state did not converge in {MAX_FREEZING_STEPS} steps: the last one still "
        f"changed it by {size:.1e} of C(0); it is slow where the overlap vanishes, at small "
        "k, so give a larger k", solution)


def _limited(move: np.ndarray, value: np.ndarray) -> np.ndarray:
    """A move, or the share of it that changes no component by much of C*."""
    return move * min(1.0, LARGEST_MOVE * float(value[-1]) / float(np.max(np.abs(move))))


def _transfer(causal: np.ndarray, steps: int) -> np.ndarray:
    """(n, 1) transfer function of a causal filter on the periodic window."""
    padded = np.pad(causal, (0, steps - len(causal)))
    return gaussian_paths.in_frequency(padded).astype(COMPLEX)[:, None]

"""Tangent kernels: the fixed point of A and P at one threshold, by sampled gains."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import fft, linalg

from .tuning import (
    ACTIVE_SHARE,
    ANDERSON_DEPTH,
    CANCELLING,
    CLOSURE_FLOOR,
    CLOSURE_SWEEPS,
    KERNEL_TOL,
    LARGEST_LOG_STEP,
    MOST_SWEEPS,
    START_FLOOR,
)
from .window import Window

# x -> w(x), w'(x): the functional of the couplings at the product of the tangent bilinears
Functional = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True, eq=False)
class Kernels:
    """B = <D Q D> and P = <R^uv> at the harmonics of the window, both positive.

    A = w'(BP) B and Y = w'(BP) P follow from them (g^2 B and g^2 P for independent couplings).
    """

    B: np.ndarray
    P: np.ndarray

    def completed(self, other: Kernels) -> Kernels:
        """These kernels, and at harmonics where they are 0 the other ones, at the same scale."""
        B = np.where(self.B > 0, self.B, other.B * (np.max(self.B) / np.max(other.B)))
        P = np.where(self.P > 0, self.P, other.P * (np.max(self.P) / np.max(other.P)))
        return Kernels(B, P)


@dataclass(frozen=True, eq=False)
class PathValues:
    """What one sweep finds: the new kernels, and values of each path.

    Parameters
    ----------
    kernels : Kernels
        By the self-consistent equations, with weighted paths.
    log_det : (n,) array
        log det(1 + E^T E) of each path, per unit time.
    share : (n,) array
        (a/T) tr(1 - M^-1)/|L|^2 of each path, whose mean is 1 - F.
    """

    kernels: Kernels
    log_det: np.ndarray
    share: np.ndarray


class GainSample:
    """Gains of sampled paths in the Fourier basis of the modes that take part.

    Parameters
    ----------
    window : Window
    d : (n, m) array
        Gains phi'(x) along the paths.
    weights : (n,) array
        Weights of the paths, of sum 1.
    harmonics : (h,) array of int
        Harmonics that take part.
    """

    def __init__(self, window: Window, d: np.ndarray, weights: np.ndarray, harmonics: np.ndarray):
        self.window, self.weights, self.harmonics = window, weights, harmonics
        U, self.of_mode = window.basis(harmonics)
        self.place = np.searchsorted(harmonics, self.of_mode)
        self.count = np.bincount(self.place)
        # products of basis functions with d, for all paths at once
        self.D = np.array([np.asfortranarray((U * row[:, None]).T @ U) for row in d])

    def sweep(self, a: float, kernels: Kernels, functional: Functional) -> PathValues:
        """One application of the self-consistent equations of A and P at threshold a - 1."""
        B, P = kernels.B[self.harmonics], kernels.P[self.harmonics]
        slope = functional(B * P)[1]
        A, Y = slope * B, slope * P
        L2 = a**2 + self.window.omega[self.harmonics] ** 2
        k, p = np.sqrt(A / L2)[self.place], np.sqrt(Y)[self.place]
        new_B, deviation = np.zeros(len(k)), np.zeros(len(k))
        log_det, share = np.empty(len(self.D)), np.empty(len(self.D))
        for i, (D, w) in enumerate(zip(self.D, self.weights, strict=True)):
            right = D * k
            E = p[:, None] * right
            M = linalg.blas.dsyrk(1.0, E, trans=1)  # upper triangle of E^T E
            small = np.flatnonzero(np.diag(M) < CANCELLING)
            M[np.diag_indices_from(M)] += 1.0
            R, _ = linalg.lapack.dpotrf(M, lower=0, clean=1)
            X, _ = linalg.lapack.dtrtri(R)
            below = 1 - np.einsum("ij,ij->i", X, X)  # 1 - M^-1 on the diagonal
            if small.size:  # there by E^T E M^-1, without cancellation
                below[small] = np.sum((E[:, small].T @ E @ X) * X[small], axis=1)
            log_det[i] = 2 * np.sum(np.log(np.diag(R))) / self.window.length
            share[i] = a * np.sum(below / L2[self.place]) / self.window.length
            right = linalg.blas.dtrmm(1.0, X, right, side=1, lower=0)
            new_B += w * np.einsum("ij,ij->i", right, right)
            deviation += w * below
        B = np.bincount(self.place, new_B) / self.count
        P = np.bincount(self.place, deviation) / self.count / A
        return PathValues(self.full(B, P), log_det, share)

    def full(self, B: np.ndarray, P: np.ndarray) -> Kernels:
        """Kernels at all harmonics, 0 at those that do not take part."""
        full = np.zeros((2, len(self.window.omega)))
        full[:, self.harmonics] = B, P
        return Kernels(*full)


def closure(window: Window, a: float, slopes: np.ndarray, functional: Functional) -> Kernels:
    """The start: kernels if gains are replaced by their correlation <d d'> (m,) on the ring.

    Exact at the edge of the spectrum. It starts at the edge's mode, the ground state of the
    Schroedinger problem on the ring.
    """
    gain = float(functional(np.zeros(1))[1][0])
    L2 = a**2 + window.omega**2

    def positive(spectrum: np.ndarray) -> np.ndarray:  # rounding leaves signs of its own
        return np.maximum(spectrum, CLOSURE_FLOOR * np.max(spectrum))

    def times_slopes(spectrum: np.ndarray) -> np.ndarray:
        return positive(fft.rfft(slopes * fft.irfft(spectrum, window.points)).real)

    laplacian = linalg.toeplitz(fft.irfft(window.omega**2, window.points))
    _, modes = linalg.eigh(laplacian - gain * np.diag(slopes), subset_by_index=[0, 0])
    mode = np.roll(np.abs(modes[:, 0]), -int(np.argmax(np.abs(modes[:, 0]))))
    P = positive(0.3 * fft.rfft(mode).real)
    P = np.maximum(P, START_FLOOR * np.max(P))  # gains that are almost constant spread it slowly
    B = times_slopes(P)
    for _ in range(CLOSURE_SWEEPS):
        slope = functional(B * P)[1]
        A, C = slope * B, times_slopes(slope * P)
        Q = 1 / (C + L2 / A)
        new_B, new_P = times_slopes(Q), positive(C * Q / A)
        gauge = np.sqrt(np.sum(new_P) / np.sum(new_B))
        B, P = new_B * gauge, new_P / gauge
    return Kernels(B, P)


def active(window: Window, a: float, start: Kernels) -> np.ndarray:
    """Harmonics in which A/|L|^2 or P is not negligible."""
    size = start.B / (a**2 + window.omega**2)
    shares = np.maximum(size / size.max(), start.P / start.P.max())
    return np.flatnonzero(shares > ACTIVE_SHARE)


@dataclass(frozen=True, eq=False)
class KernelSolution:
    """The fixed point, the values of the paths there, and how the iteration ended."""

    kernels: Kernels
    values: PathValues
    residual: float
    sweeps: int


def solve_kernels(sample: GainSample, a: float, start: Kernels,
                  functional: Functional) -> KernelSolution:
    """Anderson's method for log B and log P, in the gauge sum B = sum P."""
    at = sample.harmonics
    u = np.log(np.concatenate([start.B[at], start.P[at]]))
    points: list[np.ndarray] = []
    changes: list[np.ndarray] = []
    best = np.inf
    half = len(at)

    def unpack(u: np.ndarray) -> Kernels:
        return sample.full(*np.exp(u.reshape(2, half)))

    sweeps = 0
    while sweeps < MOST_SWEEPS:
        sweeps += 1
        values = sample.sweep(a, unpack(u), functional)
        new = values.kernels
        B, P = new.B[at], new.P[at]
        gauge = 0.5 * np.log(np.sum(P) / np.sum(B))
        change = np.concatenate([np.log(B) + gauge, np.log(P) - gauge]) - u
        scale = np.sqrt(np.concatenate([B / B.max(), P / P.max()]))
        residual = float(np.sqrt(np.sum((scale * change) ** 2) / np.sum(scale**2)))
        if residual < KERNEL_TOL:
            break
        if residual > 10 * best:
            points, changes = [], []
        best = min(best, residual)
        points, changes = [*points[-ANDERSON_DEPTH:], u], [*changes[-ANDERSON_DEPTH:], change]
        step = change
        if len(points) > 1:
            dU, dF = np.diff(points, axis=0), np.diff(changes, axis=0)
            amounts, *_ = np.linalg.lstsq((dF * scale).T, change * scale, rcond=1e-10)
            step = change - amounts @ (dU + dF)
        u = u + np.clip(step, -LARGEST_LOG_STEP, LARGEST_LOG_STEP)
    return KernelSolution(unpack(u), values, residual, sweeps)

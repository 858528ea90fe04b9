"""Tangent kernels: the fixed point of A and P at one threshold, by sampled gains."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import linalg

from .gain_modes import Gains
from .tuning import (
    ANDERSON_DEPTH,
    CANCELLING,
    KERNEL_TOL,
    LARGEST_LOG_STEP,
    MOST_LOST,
    MOST_SWEEPS,
)

# x -> w(x), w'(x): the functional of the couplings at the product of the tangent bilinears
Functional = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True, eq=False)
class Kernels:
    """B = <D Q D> and P = <R^uv> at the harmonics of the window, both positive.

    A = w'(BP) B and Y = w'(BP) P follow from them (g^2 B and g^2 P for independent couplings).
    With reciprocity there is the complex response S = <D R^vv> too, None without.
    """

    B: np.ndarray
    P: np.ndarray
    S: np.ndarray | None = None

    def completed(self, other: Kernels) -> Kernels:
        """These kernels, and at harmonics where they are 0 the other ones, at the same scale."""
        B = np.where(self.B > 0, self.B, other.B * (np.max(self.B) / np.max(other.B)))
        P = np.where(self.P > 0, self.P, other.P * (np.max(self.P) / np.max(other.P)))
        return Kernels(B, P, other.S if self.S is None else self.S)


@dataclass(frozen=True, eq=False)
class PathValues:
    """What one sweep finds: the new kernels, and values of each path.

    Parameters
    ----------
    kernels : Kernels
        By the self-consistent equations, with weighted paths.
    log_det : (n,) array
        log det(1 + E^T E) of each path, per unit time; with a memory of the tangent, plus
        2 log abs det(1 - G D).
    share : (n,) array
        (a/T) tr(1 - M^-1)/|L|^2 of each path, whose mean is 1 - F without memory.
    S : (h,) complex array
        <D R^vv> at the harmonics that take part; zero without a memory of the tangent.
    """

    kernels: Kernels
    log_det: np.ndarray
    share: np.ndarray
    S: np.ndarray


class GainSample:
    """Gains of sampled paths in the Fourier basis of the modes that take part.

    Parameters
    ----------
    gains : Gains
        Of n paths, without memory or with it.
    weights : (n,) array
        Weights of the paths, of sum 1.
    harmonics : (h,) array of int
        Harmonics that take part.
    """

    def __init__(self, gains: Gains, weights: np.ndarray, harmonics: np.ndarray):
        self.window, self.weights, self.harmonics = gains.window, weights, harmonics
        self.has_memory = gains.has_memory
        self.dressed = gains.select(harmonics, weights)
        single = (harmonics == 0) | (harmonics == self.window.points // 2)
        self.of_mode = np.concatenate([harmonics, harmonics[~single]])
        self.place = np.searchsorted(harmonics, self.of_mode)
        self.count = np.bincount(self.place)
        # places of the cosine and the sine of each harmonic that has both
        self.cosines = np.flatnonzero(~single)
        self.sines = len(harmonics) + np.arange(len(self.cosines))

    def sweep(self, a: float, kernels: Kernels, functional: Functional) -> PathValues:
        """One application of the self-consistent equations of the kernels at threshold a - 1."""
        B, P = kernels.B[self.harmonics], kernels.P[self.harmonics]
        slope = functional(B * P)[1]
        A, Y = slope * B, slope * P
        L = a + 1j * self.window.omega[self.harmonics]
        L2 = L.real**2 + L.imag**2
        k, p = np.sqrt(A / L2)[self.place], np.sqrt(Y)[self.place]
        new_B, deviation = np.zeros(len(k)), np.zeros(len(k))
        new_S = np.zeros(len(L), dtype=complex)
        dressed = self.dressed(a, kernels.S)
        log_det, share = np.empty(len(dressed.D)), np.empty(len(dressed.D))
        for i, (D, w) in enumerate(zip(dressed.D, self.weights, strict=True)):
            right = np.asfortranarray(D * k)
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
            if self.has_memory:
                new_S += w * self._stationary(right, X / k[:, None])
            deviation += w * below
        B = np.bincount(self.place, new_B) / self.count
        P = np.bincount(self.place, deviation) / self.count / A
        S = None
        if dressed.response is not None:  # where A vanishes, and elsewhere with M^-1
            S = dressed.response.copy()
            S[self.harmonics] = new_S / L
        return PathValues(self.full(B, P, S), log_det + 2 * dressed.log_det, share, new_S / L)

    def _stationary(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Symbol of the stationary part of left right^T at the harmonics that take part."""
        diagonal = np.einsum("ij,ij->i", left, right)
        symbol = (np.bincount(self.place, diagonal) / self.count).astype(complex)
        c, s = self.cosines, self.sines
        upper = np.einsum("ij,ij->i", left[c], right[s])
        lower = np.einsum("ij,ij->i", left[s], right[c])
        symbol[c] += 1j * (upper - lower) / 2
        return symbol

    def full(self, B: np.ndarray, P: np.ndarray, S: np.ndarray | None = None) -> Kernels:
        """Kernels at all harmonics, 0 at those that do not take part."""
        full = np.zeros((2, len(self.window.omega)))
        full[:, self.harmonics] = B, P
        return Kernels(full[0], full[1], S)


@dataclass(frozen=True, eq=False)
class KernelSolution:
    """The fixed point, the values of the paths there, and how the iteration ended."""

    kernels: Kernels
    values: PathValues
    residual: float
    sweeps: int


def solve_kernels(sample: GainSample, a: float, start: Kernels,
                  functional: Functional) -> KernelSolution:
    """Anderson's method for log B and log P, in the gauge sum B = sum P, and for S."""
    at = sample.harmonics
    half = len(at)
    logs = np.log(np.concatenate([start.B[at], start.P[at]]))
    unit = 1.0 if start.S is None else float(np.max(np.abs(start.S)))
    u = logs if start.S is None else np.concatenate([logs, start.S.real / unit,
                                                     start.S.imag / unit])
    points: list[np.ndarray] = []
    changes: list[np.ndarray] = []
    best, step = np.inf, np.zeros_like(u)

    def unpack(u: np.ndarray) -> Kernels:
        S = None
        if start.S is not None:
            real, imaginary = u[2 * half:].reshape(2, -1) * unit
            S = real + 1j * imaginary
        return sample.full(np.exp(u[:half]), np.exp(u[half:2 * half]), S)

    sweeps = lost = 0
    while sweeps < MOST_SWEEPS:
        sweeps += 1
        now = unpack(u)
        with np.errstate(all="ignore"):
            values = sample.sweep(a, now, functional)
        new = values.kernels
        positive = np.all(new.B[at] > 0) and np.all(new.P[at] > 0)
        if not (positive and np.all(np.isfinite(values.log_det))):
            points, changes, residual = [], [], np.inf
            lost += 1
            if lost > MOST_LOST:
                break
            step = step / 2  # the last one went too far
            u = u - step
            continue
        B, P = new.B[at], new.P[at]
        gauge = 0.5 * np.log(np.sum(P) / np.sum(B))
        change = np.concatenate([np.log(B) + gauge, np.log(P) - gauge]) - u[:2 * half]
        scale = np.sqrt(np.concatenate([B / B.max(), P / P.max()]))
        if now.S is not None and new.S is not None:
            more = (new.S - now.S) / unit
            change = np.concatenate([change, more.real, more.imag])
            size = np.sqrt(np.abs(new.S) / np.max(np.abs(new.S)))
            scale = np.concatenate([scale, size, size])
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
        step = np.clip(step, -LARGEST_LOG_STEP, LARGEST_LOG_STEP)
        u = u + step
    return KernelSolution(unpack(u), values, residual, sweeps)

"""Gains of sampled paths in the Fourier basis, without memory or dressed by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from scipy import linalg

from .window import Window


@dataclass(frozen=True, eq=False)
class Dressed:
    """Gains of n paths in the r modes that take part, at one threshold.

    Parameters
    ----------
    D : sequence of (r, r) arrays
        D, or D (1 - G D)^-1 with memory.
    log_det : (n,) array
        log abs det(1 - G D) per unit time, with the traces that vanish for a causal G added;
        zero without memory.
    response : (h,) complex array or None
        <D (1 - G D)^-1>/L at all harmonics of the window: with reciprocity only.
    """

    D: np.ndarray
    log_det: np.ndarray
    response: np.ndarray | None = None


Select = Callable[[float, np.ndarray | None], Dressed]


class Gains(Protocol):
    """What the kernels need of sampled gains: `select(harmonics)(a, S)` are those at a = 1 + s.

    """

    @property
    def window(self) -> Window: ...
    @property
    def has_memory(self) -> bool: ...
    def select(self, harmonics: np.ndarray, weights: np.ndarray) -> Select: ...


@dataclass(frozen=True, eq=False)
class PlainGains:
    """Gains d (n, m) along the paths, of couplings without memory."""

    window: Window
    d: np.ndarray

    has_memory = False

    def select(self, harmonics: np.ndarray, weights: np.ndarray) -> Select:
        U, _ = self.window.basis(harmonics)
        D = np.array([np.asfortranarray((U * row[:, None]).T @ U) for row in self.d])
        here = Dressed(D, np.zeros(len(self.d)))
        return lambda a, S: here


@dataclass(frozen=True, eq=False)
class DressedGains:
    """Gains d (n, m) with the memory M of the tangent, of symbol M = memory(a) + feedback S.

    K = L - M D = L (1 - G D) with G = M/L: D (1 - G D)^-1 takes the place of D, and log det K^T K
    has 2 log abs det(1 - G D) in addition. For a causal G the traces of its powers with D vanish
    in continuous time, but not on a grid, where the first two are removed (a regularised
    determinant). G has zero lag, and jumps, only with a response S, where they are left.

    Parameters
    ----------
    window : Window
    d : (n, m) array
    memory : callable
        a -> (h,) complex symbol of the causal memory at the harmonics of the window.
    feedback : float
        r g^2.
    """

    window: Window
    d: np.ndarray
    memory: Callable[[float], np.ndarray]
    feedback: float

    has_memory = True

    @cached_property
    def D(self) -> np.ndarray:
        """(n, m, m) gains in the basis of all modes."""
        U, _ = self.window.basis(np.arange(self.window.points // 2 + 1))
        return np.array([(U * row[:, None]).T @ U for row in self.d])

    def symbol(self, a: float, S: np.ndarray | None) -> np.ndarray:
        """(h,) symbol of M, real where it must be."""
        M = np.array(self.memory(a), dtype=complex)
        if S is not None:
            M = M + self.feedback * S
        M[-1] = M[-1].real
        return M

    def select(self, harmonics: np.ndarray, weights: np.ndarray) -> Select:
        all_modes = self.window.points // 2 + 1
        _, of_mode = self.window.basis(harmonics)
        sines = np.arange(len(of_mode)) >= len(harmonics)
        rows = of_mode + sines * (all_modes - 1)
        last: dict[tuple[float, bytes], Dressed] = {}

        def at(a: float, S: np.ndarray | None) -> Dressed:
            M = self.symbol(a, S)
            key = a, M.tobytes()
            if key not in last:
                last.clear()
                last[key] = self._dressed(a, M, rows, weights)
            return last[key]

        return at

    def _dressed(self, a: float, M: np.ndarray, rows: np.ndarray, weights: np.ndarray) -> Dressed:
        L = a + 1j * self.window.omega
        G = M / L
        G[-1] = G[-1].real
        out, log_det = [], np.empty(len(self.D))
        response = np.zeros(len(M), dtype=complex)
        block = np.ix_(rows, rows)
        for i, (D, weight) in enumerate(zip(self.D, weights, strict=True)):
            GD = times_symbol(G, D)
            LU = linalg.lu_factor(np.eye(len(D)) - GD, overwrite_a=True)
            log_det[i] = np.sum(np.log(np.abs(np.diag(LU[0]))))
            if self.feedback:
                full = linalg.lu_solve(LU, D, trans=1).T  # D is symmetric
                response += weight * symbol_of(full)
                out.append(full[block])
            else:
                log_det[i] += np.trace(GD) + np.sum(GD * GD.T) / 2
                some = linalg.lu_solve(LU, D[:, rows], trans=1).T
                out.append(some[:, rows])
        return Dressed(np.array(out), log_det / self.window.length,
                       response / L if self.feedback else None)


def times_symbol(symbol: np.ndarray, X: np.ndarray) -> np.ndarray:
    """A stationary operator times X (m, .), in the basis of all cosines and sines."""
    h = len(symbol)
    sines = slice(h, None)
    inner = slice(1, h - 1)
    out = np.concatenate([symbol.real, symbol.real[inner]])[:, None] * X
    out[inner] += symbol.imag[inner, None] * X[sines]
    out[sines] -= symbol.imag[inner, None] * X[inner]
    return out


def symbol_of(X: np.ndarray) -> np.ndarray:
    """(h,) symbol of the stationary part of X (m, m), in the basis of all cosines and sines."""
    h = len(X) // 2 + 1
    inner = np.arange(1, h - 1)
    sines = inner + h - 1
    symbol = X[np.arange(h), np.arange(h)].astype(complex)
    symbol[inner] = (X[inner, inner] + X[sines, sines]) / 2
    symbol[inner] += 1j * (X[inner, sines] - X[sines, inner]) / 2
    return symbol

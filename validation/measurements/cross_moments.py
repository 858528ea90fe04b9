"""Squared covariances of all pairs of units, summed without the bias of short windows.

The covariance of two units estimated from one trajectory of length T has an error of about
(correlation time / T)^(1/2). This is as large as the covariance itself, O(N^(-1/2)), unless T is of
the order of N correlation times, and biases its square upward by as much. Trials a and b of one
network are independent given the couplings. With C_ij(tau) = <phi_i(t) phi_j(t+tau)>, therefore,

    sum_ij C_ij(tau1) C_ij(tau2) = < [phi^a(t).phi^b(s)] [phi^a(t+tau1).phi^b(s+tau2)] >,  a != b,

averaged over all times t, s, is unbiased for windows of any length. It requires only products of
whole states, and no matrix of all pairs of units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class CrossMoments:
    """Moments of the covariances C_ij of one network, per unit.

    Parameters
    ----------
    trace : float
        sum_i C_ii(0) / N.
    square : float
        sum_ij C_ij(0)^2 / N.
    drift : float
        Relative change of `square` from the first half of the snapshots to the second.
    psi : (P,) array
        N times the mean over i != j of C_ij(tau1) C_ij(tau2), for each pair of lags.
    """

    trace: float
    square: float
    drift: float
    psi: np.ndarray


def cross_moments(states: np.ndarray, shifts) -> CrossMoments:
    """Unbiased moments of the covariances, from trials of one network.

    Parameters
    ----------
    states : (B, T, N) array
        T equally spaced snapshots of B trials, B >= 2, of mean zero.
    shifts : (P, 2) array of int
        Pairs of signed lags (tau1, tau2), in snapshots, each shorter than T. The sign matters:
        in C_ij(tau) unit j is later than i by tau, so that the lags of (k, k) have the same
        direction and those of (k, -k) opposite ones.

    Returns
    -------
    CrossMoments
    """
    trials, times, units = states.shape
    shifts = np.asarray(shifts, dtype=int).reshape(-1, 2)
    half = times // 2
    square, halves, crossed = 0.0, np.zeros(2), np.zeros(len(shifts))
    for a in range(trials):
        for b in range(a):
            gram = (states[a] @ states[b].T).astype(float)  # (T, T): phi^a(t).phi^b(s)
            square += np.vdot(gram, gram) / gram.size
            if half:
                halves += [np.mean(gram[:half, :half] ** 2), np.mean(gram[half:, half:] ** 2)]
            # exchanging a and b is equivalent to exchanging the two lags
            crossed += [(_shifted(gram, k1, k2) + _shifted(gram, k2, k1)) / 2 for k1, k2 in shifts]
    pairs = trials * (trials - 1) / 2
    own = _diagonal(states, shifts)
    return CrossMoments(
        trace=float(np.mean([np.vdot(row, row) / row.size for row in states])),
        square=square / pairs / units,
        drift=float(halves[1] / halves[0] - 1) if half and halves[0] else 0.0,
        psi=(crossed / pairs - own) / (units - 1))


def _shifted(gram: np.ndarray, k1: int, k2: int) -> float:
    """Mean over t and s of gram[t, s] gram[t + k1, s + k2]."""
    (rows, later_rows), (columns, later_columns) = (
        _windows(k, size) for k, size in zip((k1, k2), gram.shape, strict=True))
    return float(np.mean(gram[rows, columns] * gram[later_rows, later_columns]))


def _diagonal(states: np.ndarray, shifts: np.ndarray) -> np.ndarray:
    """(P,): sum_i C_ii(tau1) C_ii(tau2), the two factors from different trials."""
    trials, times, _ = states.shape
    curves = {}  # (B, N) for each lag; C_ii is even
    for k in {int(abs(k)) for k in shifts.ravel()}:
        now, later = _windows(k, times)
        curves[k] = np.array([np.einsum("ti,ti->i", row[now], row[later], dtype=float)
                              for row in states]) / (times - k)
    out = []
    for k1, k2 in np.abs(shifts):
        first, second = curves[int(k1)], curves[int(k2)]
        both = np.vdot(first.sum(axis=0), second.sum(axis=0)) - np.vdot(first, second)
        out.append(both / (trials * (trials - 1)))
    return np.array(out)


def _windows(k: int, size: int) -> tuple[slice, slice]:
    """Slices of the times t and t + k that both lie in range(size)."""
    now = slice(max(0, -k), size - max(0, k))
    return now, slice(now.start + k, now.stop + k)

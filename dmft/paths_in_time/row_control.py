"""Row control: a linear Gaussian surrogate removes most of the sampling error of correlations."""

from __future__ import annotations

import numpy as np
from scipy import linalg

from ..averages.pairs_with_means import MarchedAverages
from .growing_basis import Expansion
from .tuning import EXPLAINED_FROM, EXPLAINED_FULLY, ROW_RIDGE


class RowControl:
    """The rows of the Cholesky factor of C, corrected by what is known about the surrogate.

    The surrogate x_L is driven by the noise of the paths, with memory terms in which phi is
    replaced by <phi> + <phi'> (x_L - <x_L>). It is Gaussian with a known mean and covariance, so
    that the sampling error of <phi(x_L) phi(x_L)> is known, and nearly that of <phi phi>. A
    corrected matrix C is not a Gram matrix of paths; therefore the row of the paths is rotated,
    with a ridge, towards the corrected values, and scaled to the corrected <phi^2>.

    Parameters
    ----------
    averages : MarchedAverages
        Averages of phi over the surrogate.
    paths, times : int
        Their numbers.
    tol : float
        Share of an innovation that is worth a mode.
    active : bool
        Whether rows are corrected at all.
    """

    def __init__(self, averages: MarchedAverages, paths: int, times: int, tol: float,
                 active: bool):
        self.averages, self.active = averages, active
        self.expansion = Expansion(paths, tol)
        self.weight, self.mean, self.square = 0.0, 0.0, 0.0  # of x_L
        self.coordinates = Grid(times)  # of phi(x_L), in their own basis
        self.b = Grid(times)  # coordinates of x_L
        self.Delta = np.zeros(0)  # covariances of x_L with those before
        self.errors = np.zeros(0)
        self.rotated = False
        self.gram = np.zeros((0, 0))  # sum of L L^T
        self.mixed = np.zeros((0, 0))  # sum of L l^T, l the rows of the paths

    @property
    def gain(self) -> float:
        """<phi'> of the surrogate."""
        return self.averages.gain

    @property
    def rate(self) -> float:
        """<phi> of the surrogate."""
        return self.averages.rate

    def measure(self, n: int, paths: tuple[np.ndarray, np.ndarray, np.ndarray], mean: float,
                b: np.ndarray, white: np.ndarray | float) -> None:
        """Errors of <phi(x_L) phi(x_L)> of these paths, at time n and the times before.

        Parameters
        ----------
        n : int
        paths : (x, x_L, phi(x_L)), each (P,)
        mean, b : float, (c,) array
            Mean of x_L, and its coordinates along independent unit normals.
        white : (n + 1,) array, or 0
            Covariances that the white noise adds.
        """
        x, x_L, phi_L = paths
        self.b.put(n, b)
        self.Delta = self.b.upto(n) @ b + white
        self.mean, self.square = mean, self.Delta[n] + mean**2
        square = float(x @ x)
        explained = 1 - float((x - x_L) @ (x - x_L)) / square if square > 0 else 1.0
        self.explained = explained
        share = (explained - EXPLAINED_FROM) / (EXPLAINED_FULLY - EXPLAINED_FROM)
        self.weight = float(np.clip(share, 0.0, 1.0)) if self.active else 0.0
        self.averages.append(mean, self.Delta[n])
        own, _ = self.expansion.split(phi_L / np.sqrt(len(x)))
        self.coordinates.put(n, own)
        if not self.weight:
            self.errors = np.zeros(n + 1)
            return
        exact = self.averages.correlation(self.Delta)
        self.errors = self.weight * (exact - self.coordinates.upto(n) @ own)

    def row(self, n: int, own: np.ndarray, rows: Grid) -> np.ndarray:
        """The row L of time n from that of the paths, given the rows before."""
        m = len(own)
        self.gram, self.mixed = grown(self.gram, m), grown(self.mixed, m)
        row = own
        if (self.rotated or self.weight) and np.any(self.gram):
            self.rotated = True
            wanted = (self.mixed - self.gram) @ own + rows.upto(n - 1, m).T @ self.errors[:n]
            ridge = ROW_RIDGE * float(np.trace(self.gram)) / n
            ridged = self.gram.copy()
            ridged.flat[::m + 1] += ridge
            row = own + linalg.cho_solve(linalg.cho_factor(ridged, overwrite_a=True,
                                                           check_finite=False), wanted,
                                         check_finite=False)
        square = float(own @ own)
        if square > 0:
            corrected = max(square + self.errors[n], 0.25 * square)
            row = row * np.sqrt(corrected / float(row @ row))
        self.gram += np.outer(row, row)
        self.mixed += np.outer(row, own)
        return row


class Grid:
    """Rows of increasing length, padded with zeros: later modes are no part of earlier rows."""

    def __init__(self, rows: int, columns: int = 64):
        self._all = np.zeros((rows, columns))
        self.width = 0

    def put(self, n: int, row: np.ndarray) -> None:
        self.width = max(self.width, len(row))
        while self._all.shape[1] < self.width:
            self._all = np.concatenate([self._all, np.zeros_like(self._all)], axis=1)
        self._all[n, :len(row)] = row

    def upto(self, n: int, width: int | None = None) -> np.ndarray:
        """(n + 1, width) rows of the times 0 to n."""
        width = self.width if width is None else width
        while self._all.shape[1] < width:
            self._all = np.concatenate([self._all, np.zeros_like(self._all)], axis=1)
        return self._all[:n + 1, :width]


def grown(matrix: np.ndarray, rows: int, columns: int | None = None) -> np.ndarray:
    """A matrix extended by zeros to (rows, columns); square by default."""
    columns = rows if columns is None else columns
    if matrix.shape == (rows, columns):
        return matrix
    out = np.zeros((rows, columns))
    out[:matrix.shape[0], :matrix.shape[1]] = matrix
    return out

"""Row control: a linear Gaussian surrogate removes most of the sampling error of correlations."""

from __future__ import annotations

import numpy as np
from scipy import linalg

from ..averages.two_variances import PairAverages
from ..equations import linear_response
from .growing_basis import Expansion
from .tuning import EXPLAINED_FROM, EXPLAINED_FULLY, ROW_RIDGE


class RowControl:
    """The rows of the Cholesky factor of C, corrected by what is known about the surrogate.

    The surrogate x_L is driven by the noise of the paths, with memory terms in which phi is
    replaced by <phi'> x_L. It is Gaussian with a known covariance, so that the sampling error of
    <phi(x_L) phi(x_L)> is known, and nearly that of <phi phi>. A corrected matrix C is not a Gram
    matrix of paths; therefore the row of the paths is rotated, with a ridge, towards the corrected
    values, and scaled to the corrected <phi^2>.

    Parameters
    ----------
    averages : PairAverages
        Averages of phi over two Gaussians.
    paths : int
    t : (n,) array
        The times.
    noise : float
        Strength of the white noise, whose filtered values belong to the surrogate.
    tol : float
        Share of an innovation that is worth a mode.
    active : bool
        Whether rows are corrected at all.
    """

    def __init__(self, averages: PairAverages, paths: int, t: np.ndarray, noise: float,
                 tol: float, active: bool):
        self.averages, self.noise, self.t, self.active = averages, noise, t, active
        self.expansion = Expansion(paths, tol)
        n = len(t)
        self.variance, self.weight = np.zeros(n), 0.0
        self.coordinates = Grid(n)  # of phi(x_L), in their own basis
        self.b = Grid(n)  # coordinates of x_L
        self.errors = np.zeros(0)
        self.rotated = False
        self.gram = np.zeros((0, 0))  # sum of L L^T
        self.mixed = np.zeros((0, 0))  # sum of L l^T, l the rows of the paths
        self.gain = 0.0

    def measure(self, n: int, x: np.ndarray, x_L: np.ndarray, b: np.ndarray,
                phi_L: np.ndarray) -> None:
        """Errors of <phi(x_L) phi(x_L)> of these paths, at time n and the times before."""
        scale = np.sqrt(len(x))
        t = self.t[:n + 1]
        self.b.put(n, b)
        Delta = self.b.upto(n) @ b
        if self.noise:
            Delta = Delta + linear_response.white_noise_covariance(t[n], t, self.noise)
        self.variance[n] = Delta[n]
        square = float(x @ x)
        explained = 1 - float((x - x_L) @ (x - x_L)) / square if square > 0 else 0.0
        self.explained = explained
        share = (explained - EXPLAINED_FROM) / (EXPLAINED_FULLY - EXPLAINED_FROM)
        self.weight = float(np.clip(share, 0.0, 1.0)) if self.active else 0.0
        one = Delta[n:n + 1]
        self.gain = float(self.averages.gain(one)[0])
        own, _ = self.expansion.split(phi_L / scale)
        self.coordinates.put(n, own)
        if not self.weight:
            self.errors = np.zeros(n + 1)
            return
        exact = self.averages.correlation(Delta[None], one, self.variance[None, :n + 1])[0]
        self.errors = self.weight * (exact - self.coordinates.upto(n) @ own)

    def row(self, n: int, own: np.ndarray, rows: Grid) -> np.ndarray:
        """The row L of time n from that of the paths, given the rows before."""
        m = len(own)
        self.gram, self.mixed = grown(self.gram, m), grown(self.mixed, m)
        row = own
        if n and (self.rotated or self.weight):
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

"""Whether the rest of a block, without its low-rank part, has independent equal entries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from .spiked_block import SpikedBlock
from .tuning import GAUSSIAN_KURTOSIS, PERMUTATIONS


@dataclass(frozen=True)
class RestTests:
    """p values of four tests of the hypothesis that X_ij are independent with equal variances.

    Parameters
    ----------
    rows, columns : float
        Equal variances of the rows, and of the columns: chi^2 of their mean squares, with the
        fourth moment of the entries.
    spectrum : float
        The law of Marchenko & Pastur: the second moment of s^2, John's test of sphericity, in the
        limit of large blocks (Ledoit & Wolf 2002; Wang & Yao 2013 for entries that are not
        Gaussian).
    reciprocity : float
        Correlation of X_ij and X_ji with the block of the opposite direction.
    correlation : float
        That correlation.
    kurtosis : float
        Excess kurtosis of the entries; the theory needs no Gaussian entries.
    """

    rows: float
    columns: float
    spectrum: float
    reciprocity: float
    correlation: float
    kurtosis: float


def rest_of(block: SpikedBlock, B: np.ndarray) -> np.ndarray:
    """X: the block without its detected singular values."""
    return B - (block.left.T * block.singular) @ block.right


def rest_tests(block: SpikedBlock, X: np.ndarray, opposite: np.ndarray, same: bool) -> RestTests:
    """The tests for the rest X of a block; `opposite` is the rest of the reverse direction."""
    if block.g == 0:
        return RestTests(1.0, 1.0, 1.0, 1.0, 0.0, 0.0)
    mean = float(np.mean(X**2))
    kurtosis = float(np.mean(X**4)) / mean**2 - 3.0
    left = len(block.strength)
    rows, columns, spectrum = _statistics(X, kurtosis, left)
    if abs(kurtosis) <= GAUSSIAN_KURTOSIS:
        found = (float(stats.chi2.sf(rows, len(X) - 1)),
                 float(stats.chi2.sf(columns, X.shape[1] - 1)),
                 float(2 * stats.norm.sf(abs(spectrum))))
    else:  # few large entries: their moments are not those of the limit, but entries may be moved
        random = np.random.default_rng(0)
        moved = np.array([_statistics(random.permutation(X.ravel()).reshape(X.shape), kurtosis, 0)
                          for _ in range(PERMUTATIONS)])
        scale = moved.std(axis=0, ddof=1) * np.sqrt(1 + 1 / PERMUTATIONS)
        z = (np.array([rows, columns, spectrum]) - moved.mean(axis=0)) / scale
        law = stats.t(PERMUTATIONS - 1)
        found = float(law.sf(z[0])), float(law.sf(z[1])), float(2 * law.sf(abs(z[2])))
    turned = opposite.T
    if same:  # each pair once; the diagonal is its own opposite
        above = np.triu_indices(len(X), 1)
        one, other = X[above], turned[above]
    else:
        one, other = X.ravel(), turned.ravel()
    norm = float(np.sqrt(np.sum(one**2) * np.sum(other**2)))
    correlation = float(one @ other) / norm if norm > 0 else 0.0
    return RestTests(*found, float(2 * stats.norm.sf(abs(correlation) * np.sqrt(len(one)))),
                     correlation, kurtosis)


def _statistics(X: np.ndarray, kurtosis: float, removed: int) -> tuple[float, float, float]:
    """chi^2 of the mean squares of rows and of columns, and z of the second moment of s^2."""
    square = X**2
    mean, spread = float(square.mean()), max(kurtosis + 2.0, 1e-3)
    chi2 = [float(np.sum((square.mean(axis=axis) / mean - 1) ** 2)) * X.shape[axis] / spread
            for axis in (1, 0)]
    short = X if len(X) <= X.shape[1] else X.T
    fourth = float(np.sum((short @ short.T) ** 2))  # sum of s^4
    p, q = (size - removed for size in short.shape)
    ratio = p * fourth / float(square.sum()) ** 2 - 1
    return chi2[0], chi2[1], (q * ratio - p - 1 - kurtosis) / 2

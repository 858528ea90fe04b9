"""Extrapolation to infinitely many neurons: a fit a + b/N over sizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dmft import Estimate
from dmft.base.checks import finite_array, reject

from ..settings.settings import checked_sizes


@dataclass(frozen=True, eq=False)
class Extrapolation:
    """A fit a + b/N: intercept a, slope b, and the degrees of freedom of the error of a."""

    intercept: Estimate
    slope: np.ndarray
    dof: np.ndarray


def extrapolate(neurons: Sequence[int], samples: Sequence[ArrayLike] | np.ndarray) -> Extrapolation:
    """Fit a + b/N to the means over networks at several sizes.

    The weights K_N N are fixed in advance: the variance of the average over one network decreases
    at least like 1/N. Weights estimated from the scatter would correlate the fit with the noise.
    The standard error is estimated from the scatter at each size, a = sum_N c_N mean_N,
    var a = sum_N c_N^2 s_N^2/K_N, with Satterthwaite's degrees of freedom. With one size the result
    is the plain mean.

    Parameters
    ----------
    neurons : sequence of S int
        Different sizes, 2 or above.
    samples : sequence of S arrays, (K_N, ...)
        One row per network, two or more at each size.

    Returns
    -------
    Extrapolation
        Its arrays have the shape of a row.

    Raises
    ------
    ModelError
        If there are fewer than two networks at a size, or the shapes differ.

    Examples
    --------
    >>> fit = extrapolate([100, 200], [[1.2, 1.2], [1.1, 1.1]])
    >>> round(float(fit.intercept), 12), round(float(fit.slope), 12)
    (1.0, 20.0)
    """
    neurons = checked_sizes(neurons, ascending=False)
    if not isinstance(samples, (tuple, list, np.ndarray)) or len(samples) != len(neurons):
        reject("samples", samples, f"not one array for each of the {len(neurons)} sizes",
               "give the rows of each size")
    rows_of_sizes = [finite_array("samples", rows) for rows in samples]
    if any(rows.ndim == 0 or rows.shape[1:] != rows_of_sizes[0].shape[1:]
           for rows in rows_of_sizes):
        reject("samples", samples, "rows of different shapes", "give (networks, ...) at each size")
    counts = np.array([len(rows) for rows in rows_of_sizes])
    if np.any(counts < 2):
        reject("samples", counts.tolist(), "fewer than two networks at a size: no standard error",
               "run more networks")
    means = np.array([np.mean(rows, axis=0) for rows in rows_of_sizes])
    variances = np.array([np.var(rows, axis=0, ddof=1) / len(rows) for rows in rows_of_sizes])
    design = np.column_stack([np.ones(len(counts)), 1 / np.asarray(neurons, dtype=float)])
    if len(counts) == 1:
        design = design[:, :1]
    weighted = design * (counts * np.asarray(neurons, dtype=float))[:, None]
    solver = np.linalg.solve(weighted.T @ design, weighted.T)  # (parameters, S)
    fitted = np.tensordot(solver, means, axes=1)
    shares = np.tensordot(np.diag(solver[0] ** 2), variances, axes=1)
    variance = shares.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        dof = variance**2 / np.tensordot(1 / (counts - 1), shares**2, axes=1)
    dof = np.where(variance > 0, dof, np.min(counts) - 1)
    slope = fitted[1] if len(fitted) > 1 else np.zeros_like(fitted[0])
    return Extrapolation(Estimate(fitted[0], np.sqrt(variance)), slope, dof)

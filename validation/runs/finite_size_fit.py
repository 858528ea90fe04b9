"""The limit of many neurons: a fit a + b/N over sizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dmft import Estimate
from dmft.base.checks import finite_array, reject

from ..settings.settings import sizes


@dataclass(frozen=True, eq=False)
class Extrapolation:
    """A fit a + b/N: the intercept a, the slope b and the degrees of freedom of a's error."""

    intercept: Estimate
    slope: np.ndarray
    dof: np.ndarray


def extrapolate(neurons: Sequence[int], samples: Sequence[np.ndarray]) -> Extrapolation:
    """Fit a + b/N to the means over networks at several sizes.

    The weights are fixed beforehand, K_N N: the variance of one network's average falls at least
    like 1/N. Weights taken from the scatter itself would tie the fit to the noise. The standard
    error does come from the scatter at each size, a = sum_N c_N mean_N, var a = sum_N c_N^2
    s_N^2/K_N, with Satterthwaite's degrees of freedom; one size gives the plain mean.

    Parameters
    ----------
    neurons : sequence of S int
        Different sizes.
    samples : sequence of S arrays, (K_N, ...)
        One row per network, two or more at each size.

    Returns
    -------
    Extrapolation
        Each of the shape of a row.

    Raises
    ------
    ModelError
        If there are fewer than two networks at a size, or the shapes do not fit.
    """
    neurons = sizes(neurons, ascending=False)
    if not isinstance(samples, (tuple, list, np.ndarray)) or len(samples) != len(neurons):
        reject("samples", samples, f"not one array per size, of {len(neurons)}",
               "give the rows of each size")
    samples = [finite_array("samples", rows) for rows in samples]
    if any(rows.ndim == 0 or rows.shape[1:] != samples[0].shape[1:] for rows in samples):
        reject("samples", samples, "rows of different shapes", "give (networks, ...) at each size")
    counts = np.array([len(rows) for rows in samples])
    if np.any(counts < 2):
        reject("samples", counts.tolist(), "fewer than two networks at a size: no standard error",
               "run more networks")
    means = np.array([np.mean(rows, axis=0) for rows in samples])
    variances = np.array([np.var(rows, axis=0, ddof=1) / len(rows) for rows in samples])
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

"""Bias and standard error of a result, from all paths together and from groups of them."""

from __future__ import annotations

import numpy as np

from ..base.estimate import Estimate


def bias_corrected(whole: np.ndarray, groups: np.ndarray, first: np.ndarray | None = None,
                   ratio: float = 1.0) -> tuple[Estimate, np.ndarray]:
    """Estimate without the bias of order 1/paths, with its standard error and its replicates.

    A result from P paths that depends nonlinearly on their averages has a bias c/P. With the r
    groups together the bias is r times smaller than in one group, so that the difference
    determines c (jackknife). A variance from r groups is uncertain, and the deviations over their
    standard error follow Student's distribution with r - 1 degrees of freedom. The standard error
    is multiplied by the standard deviation of that distribution, so that deviations over it have
    variance one.

    Parameters
    ----------
    whole : (...) array
        Value from all paths.
    groups : (r, ...) array
        Value from each group, r of 4 or more.
    first : (...) array, optional
        Value from the paths of all groups together; `whole` by default.
    ratio : float
        Number of paths behind `whole` over that in all groups. If these are other paths, the
        error that the groups predict for their number is independent of the value itself, even
        where that number was chosen by it.

    Returns
    -------
    Estimate (...), and its replicates (r, ...), whose mean and standard error it is.
    """
    r, mean = len(groups), groups.mean(axis=0)
    best = whole + ((whole if first is None else first) - mean) / ((r - 1) * ratio)
    rows = best + (groups - mean) * np.sqrt((r - 1) / (r - 3) / ratio)
    return Estimate(best, rows.std(axis=0, ddof=1) / np.sqrt(r)), rows

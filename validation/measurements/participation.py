"""The participation ratio of several networks, from the trace and square of each network."""

from __future__ import annotations

import numpy as np


def participation(trace: np.ndarray | float, square: np.ndarray | float) -> np.ndarray:
    """(tr C)^2 / (N tr C^2): the dimension of activity per neuron, NaN where tr C^2 <= 0.

    Parameters
    ----------
    trace, square : arrays
        sum_i C_ii / N and sum_ij C_ij^2 / N.
    """
    trace, square = np.broadcast_arrays(trace, square)
    return np.divide(trace**2, square, out=np.full(square.shape, np.nan), where=square > 0)


def pseudovalues(trace: np.ndarray, square: np.ndarray) -> np.ndarray:
    """(K,) jackknife pseudovalues: their mean is the dimension, their scatter gives its error.

    The mean of the ratios of single networks has a bias of order (scatter of `square`)^2, however
    many networks there are; the ratio of the means, (mean trace)^2 / mean square, has 1/K of it.
    The jackknife, K times that ratio minus K - 1 times the ratio without one network, removes the
    bias up to order 1/K^2, and gives one value per network, as for any other quantity.
    """
    count = len(trace)
    together = participation(trace.mean(), square.mean())
    if count < 2:
        return np.full(count, together)
    without = participation((trace.sum() - trace) / (count - 1),
                            (square.sum() - square) / (count - 1))
    return count * together - (count - 1) * without

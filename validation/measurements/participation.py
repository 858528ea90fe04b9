"""The participation ratio of several networks, from what each shows of trace and square."""

from __future__ import annotations

import numpy as np


def participation(trace: np.ndarray, square: np.ndarray) -> np.ndarray:
    """(tr C)^2 / (N tr C^2): the dimension of activity per neuron, NaN where tr C^2 <= 0.

    Parameters
    ----------
    trace, square : arrays
        sum_i C_ii / N and sum_ij C_ij^2 / N.
    """
    trace, square = np.broadcast_arrays(trace, square)
    return np.divide(trace**2, square, out=np.full(square.shape, np.nan), where=square > 0)


def pseudovalues(trace: np.ndarray, square: np.ndarray) -> np.ndarray:
    """(K,) values whose mean is the dimension of K networks, and whose scatter is its error.

    The mean of the networks' own ratios is off by (scatter of `square`)^2, however many networks
    there are; the ratio of their means (mean trace)^2 / mean square by 1/K of that. The jackknife,
    K times that ratio less K - 1 times the ratio without one network, takes that away too, to the
    order 1/K^2, and gives a row for each network, as for any other quantity.
    """
    count = len(trace)
    together = participation(trace.mean(), square.mean())
    if count < 2:
        return np.full(count, together)
    without = participation((trace.sum() - trace) / (count - 1),
                            (square.sum() - square) / (count - 1))
    return count * together - (count - 1) * without

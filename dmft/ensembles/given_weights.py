"""A given weight matrix as ensembles: its statistics for theories, itself for simulations."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .low_rank import LowRank
from .regional_iid import RegionalIID


@dataclass(frozen=True, eq=False)
class GivenDisorder(RegionalIID):
    """The rest of a weight matrix, which the theory takes for independent couplings of strength g.

    Parameters
    ----------
    g : (R, R) array
        As for RegionalIID.
    matrix : (N, N) array
        The rest itself, region by region.
    sizes : (R,) tuple of int
        Numbers of units of the regions.

    Examples
    --------
    >>> GivenDisorder([1.0], np.eye(3), (3,)).noise_gains.tolist()
    [[1.0]]
    """

    matrix: np.ndarray = field(kw_only=True)
    sizes: tuple[int, ...] = field(kw_only=True)

    def __init__(self, g: np.ndarray, matrix: np.ndarray, sizes: tuple[int, ...],
                 reciprocity: np.ndarray | float = 0.0):
        for name, value in (("g", g), ("matrix", matrix), ("sizes", sizes),
                            ("reciprocity", reciprocity)):
            object.__setattr__(self, name, value)
        self.__post_init__()


@dataclass(frozen=True, eq=False)
class GivenLowRank(LowRank):
    """The low-rank part of a weight matrix: the statistics of its loadings, and these themselves.

    Parameters
    ----------
    source, target, overlaps, covariance, kinds
        As for LowRank.
    m, n : (P, N) arrays
        Loadings, with zeros beyond the units of smaller regions.
    sizes : (R,) tuple of int
        Numbers of units of the regions.
    """

    m: np.ndarray
    n: np.ndarray
    sizes: tuple[int, ...]

    def __init__(self, of: LowRank, m: np.ndarray, n: np.ndarray, sizes: tuple[int, ...]):
        for name in ("source", "target", "overlaps", "covariance", "kinds"):
            object.__setattr__(self, name, getattr(of, name))
        for name, value in (("m", m), ("n", n), ("sizes", sizes)):
            object.__setattr__(self, name, value)

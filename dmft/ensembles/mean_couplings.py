"""MeanCouplings: the mean of couplings between populations, which drives their mean activity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from ..base import checks
from ..base.array_data import ArrayData
from ..grids.order_parameters import OrderParameters


@dataclass(frozen=True, eq=False)
class MeanCouplings(ArrayData):
    """Couplings without disorder, J_ij = mean[a, b] / N_b from population b to a.

    W is linear in the mean response: no noise and no memory, but a drift. The units of population a
    receive the input sum over b of mean[a, b] <phi_b>.

    Parameters
    ----------
    mean : (R, R) array
        Mean input to population a (row) per mean output of population b (column).

    Raises
    ------
    ModelError
        For a wrong shape, or values that are not finite.

    Examples
    --------
    >>> MeanCouplings([[1.0, -2.0], [1.5, -1.0]]).drift([0.5, 0.25]).tolist()
    [0.0, 0.5]
    """

    mean: np.ndarray

    noise_gain = None
    has_memory = False

    if TYPE_CHECKING:  # accepts more than the fields keep; test_types.py compares the two
        def __init__(self, mean: ArrayLike) -> None: ...

    def __post_init__(self):
        object.__setattr__(self, "mean", checks.square("mean", self.mean))

    @property
    def kinds(self) -> int:
        """R, the number of populations."""
        return len(self.mean)

    @property
    def noise_gains(self) -> np.ndarray:
        """(R, R) zeros: these couplings have no disorder."""
        return np.zeros_like(self.mean)

    def within(self, regions: int) -> MeanCouplings:
        """The mean of one population within each of several, and none between them."""
        return MeanCouplings(self.mean[0, 0] * np.eye(regions))

    def drift(self, rates: ArrayLike) -> np.ndarray:
        """(R,) mean input to each population, at the rates <phi_b> (R,)."""
        return self.mean @ np.asarray(rates, dtype=float)

    def noise(self, order: OrderParameters) -> tuple[np.ndarray, np.ndarray]:
        """Spectrum (R, n) and static variance (R,) of the noise: none."""
        return np.zeros_like(order.C_spectrum), np.zeros(len(self.mean))

    def memory(self, order: OrderParameters) -> np.ndarray:
        """Transfer function (R, n) of the memory kernel: none."""
        return np.zeros_like(order.S)

"""RegionalIID: independent Gaussian couplings within and between regions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from ..base import checks
from ..base.array_data import ArrayData
from ..equations import multiregion as equations
from ..grids.order_parameters import OrderParameters


@dataclass(frozen=True, eq=False)
class RegionalIID(ArrayData):
    """Gaussian couplings of R regions of N units, <(J_ij^{mu nu})^2> = g_{mu nu}^2 / N.

    The first derivatives of W are the noise of region mu, sum_nu g_{mu nu}^2 C^nu, and no memory
    (Clark & Beiran 2025, the disorder of the two-time equations).

    Parameters
    ----------
    g : (R, R) or (R,) array
        Strength from region nu (column) to region mu (row), 0 or above; a vector is the diagonal:
        disorder within the regions only.

    Raises
    ------
    ModelError
        For a wrong shape, or strengths that are negative or not finite.

    Examples
    --------
    >>> RegionalIID([1.5, 1.8]).noise_gains.tolist()
    [[2.25, 0.0], [0.0, 3.24]]
    """

    g: np.ndarray

    noise_gain = None  # a region receives noise from the others: see noise_gains
    has_memory = False

    if TYPE_CHECKING:  # accepts more than the fields keep; test_types.py compares the two
        def __init__(self, g: ArrayLike) -> None: ...

    def __post_init__(self):
        g = checks.finite_array("g", self.g)
        if g.ndim == 1:
            g = np.diag(g)
        if g.ndim != 2 or g.shape[0] != g.shape[1]:
            checks.reject("g", self.g, f"of shape {np.shape(self.g)}",
                          "give one strength per region, or a square matrix of them")
        if np.any(g < 0):
            checks.reject("g", self.g, "negative", "give strengths of 0 or above")
        g = np.array(checks.bounded("g", g))
        g.flags.writeable = False
        object.__setattr__(self, "g", g)

    @property
    def kinds(self) -> int:
        """R, the number of regions."""
        return len(self.g)

    @property
    def noise_gains(self) -> np.ndarray:
        """(R, R): the noise of region mu is sum over nu of noise_gains[mu, nu] C^nu."""
        return np.asarray(equations.noise_covariance(1.0, self.g))

    def noise(self, order: OrderParameters) -> tuple[np.ndarray, np.ndarray]:
        """Spectrum (R, n) of the decaying part of the noise, and its static variance (R,)."""
        return self.noise_gains @ order.C_spectrum, self.noise_gains @ order.C_static

    def memory(self, order: OrderParameters) -> np.ndarray:
        """Transfer function (R, n) of the memory kernel: none."""
        return np.zeros_like(order.S)

"""RegionalIID: independent Gaussian couplings within and between regions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from ..base import checks
from ..base.array_data import ArrayData
from ..equations import multiregion as equations
from ..grids.order_parameters import OrderParameters


@dataclass(frozen=True, eq=False)
class RegionalIID(ArrayData):
    """Gaussian couplings of R regions of N units, <(J_ij^{mu nu})^2> = g_{mu nu}^2 / N.

    The first derivatives of W are the noise of region mu, sum_nu g_{mu nu}^2 C^nu, and with
    reciprocity the memory sum_nu r_{mu nu} g_{mu nu} g_{nu mu} R^nu (Clark & Beiran 2025, the
    disorder of the two-time equations; Sompolinsky, Crisanti & Sommers 1988, reciprocity).

    Parameters
    ----------
    g : (R, R) or (R,) array
        Strength from region nu (column) to region mu (row), 0 or above; a vector is the diagonal:
        disorder within the regions only.
    reciprocity : float, or symmetric (R, R) array
        Correlation r of J_ij^{mu nu} with J_ji^{nu mu}, from -1 to 1.

    Raises
    ------
    ModelError
        For a wrong shape, or strengths that are negative or not finite.

    Examples
    --------
    >>> RegionalIID([1.5, 1.8]).noise_gains.tolist()
    [[2.25, 0.0], [0.0, 3.24]]
    >>> RegionalIID([1.5, 2.0], reciprocity=[[0.3, 0.0], [0.0, 0.0]]).has_memory
    True
    """

    g: np.ndarray
    reciprocity: np.ndarray | float = 0.0

    noise_gain = None  # a region receives noise from the others: see noise_gains

    if TYPE_CHECKING:  # accepts more than the fields keep; test_types.py compares the two
        def __init__(self, g: ArrayLike, reciprocity: ArrayLike = 0.0) -> None: ...

    def __post_init__(self):
        g = checks.square("g", self.g, vector=True)
        if np.any(g < 0):
            checks.reject("g", self.g, "negative", "give strengths of 0 or above")
        object.__setattr__(self, "g", g)
        object.__setattr__(self, "reciprocity", _correlations(self.reciprocity, len(g)))

    @property
    def has_memory(self) -> bool:
        """Whether some pair of couplings in opposite directions is correlated."""
        return bool(np.any(self.returned(None)))

    def returned(self, share: np.ndarray | None) -> np.ndarray:
        """(R, R): the memory of region mu is sum over nu of returned[mu, nu] R^nu.

        N_nu <J^{mu nu} J^{nu mu}>, with the shares (R,) of the units in the regions; equal for
        None. With <J_ij^{mu nu} J_ji^{nu mu}> = r g_{mu nu} g_{nu mu} / sqrt(N_mu N_nu).
        """
        ratio = np.ones_like(self.g) if share is None else np.sqrt(share / share[:, None])
        return np.asarray(self.reciprocity * self.g * self.g.T * ratio)

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
        """Transfer function (R, n) of the memory kernel, in regions of equal size."""
        return np.asarray(self.returned(None) @ order.S)


def _correlations(given: Any, R: int) -> np.ndarray | float:
    found = checks.finite_array("reciprocity", given)
    if found.ndim == 0:
        return checks.within("reciprocity", float(found), -1.0, 1.0)
    if found.shape != (R, R) or np.any(np.abs(found) > 1) or np.any(found != found.T):
        checks.reject("reciprocity", given, f"not a number, or a symmetric ({R}, {R}) array, from "
                      "-1 to 1", "give the correlation of J_ij with J_ji for each pair of regions")
    found = np.array(found, dtype=float)
    found.flags.writeable = False
    return found

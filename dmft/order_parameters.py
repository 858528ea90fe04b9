"""OrderParameters: what an ensemble is given to say the noise and the memory it makes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .grids import Lags


@dataclass(frozen=True, eq=False)
class OrderParameters:
    """The correlation C = <phi phi> and the mean response S of one kind of site, on one grid.

    Parameters
    ----------
    lags : Lags
        The grid, n lags and n frequencies.
    C : (n,) array
        C(tau) - C(inf) at `lags.tau`: the part that decays.
    C_static : float
        C(inf), the part that does not (zero for an odd phi without constant input).
    S : (n,) complex array
        Mean response of phi to the site's input at `lags.omega`.
    """

    lags: Lags
    C: np.ndarray
    C_static: float
    S: np.ndarray

    @cached_property
    def C_spectrum(self) -> np.ndarray:
        """(n,) spectrum of the decaying part at `lags.omega`, transformed once."""
        return self.lags.spectrum(self.C)

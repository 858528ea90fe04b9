"""OrderParameters: what an ensemble is given to say the noise and the memory it makes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from .equations import linear_response
from .grids import Lags


class Frequencies(NamedTuple):
    """C and S at some frequencies, (n,) each: what second derivatives of W are taken at."""

    C: np.ndarray
    S: np.ndarray


@dataclass(frozen=True, eq=False)
class OrderParameters:
    """The correlation C = <phi phi> and the mean response S of the sites, on one grid.

    Of one kind of sites as below; of R kinds with a row for each, (R, n) and (R,).

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
    kink : float
        -C'(0+): white noise gives the correlation a corner at zero lag, whose spectrum decays
        too slowly for the grid; the corner kink exp(-tau) is transformed in closed form.
    """

    lags: Lags
    C: np.ndarray
    C_static: float | np.ndarray
    S: np.ndarray
    kink: float = 0.0

    @cached_property
    def C_spectrum(self) -> np.ndarray:
        """(n,) spectrum of the decaying part at `lags.omega`, transformed once."""
        if self.kink == 0:
            return self.lags.spectrum(self.C)
        smooth = self.C - self.kink * linear_response.response(self.lags.tau)
        corner = 2 * self.kink * linear_response.lowpass_power(self.lags.omega)
        return self.lags.spectrum(smooth) + corner

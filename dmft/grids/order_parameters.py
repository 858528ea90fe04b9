"""OrderParameters: correlation and response, from which ensembles compute noise and memory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from .corners import spectrum_with_corner
from .lags import Lags


@dataclass(frozen=True, eq=False)
class OrderParameters:
    """The correlation C = <phi phi> and the mean response S of the sites, on one grid.

    Shapes are those of one kind of sites; with R kinds, arrays are (R, n) and (R,).

    Parameters
    ----------
    lags : Lags
        The grid, n lags and n frequencies.
    C : (n,) array
        C(tau) - C(inf) at `lags.tau`: the part that decays.
    C_static : float
        C(inf), the static part (zero for an odd phi without constant input).
    S : (n,) complex array
        Mean response of phi to the input of the site, at `lags.omega`.
    kink : float
        -C'(0+), 0 without white noise. White noise gives the correlation a corner at zero lag,
        whose spectrum decays too slowly for the grid: the part kink exp(-abs(tau)) is
        transformed in closed form.
    mean : float or None
        <phi>; None where it is not known.
    """

    lags: Lags
    C: np.ndarray
    C_static: float | np.ndarray
    S: np.ndarray
    kink: float = 0.0
    mean: float | None = None

    @property
    def omega(self) -> np.ndarray:
        """(n,) frequencies of `C_spectrum` and `S`."""
        return self.lags.omega

    @cached_property
    def C_spectrum(self) -> np.ndarray:
        """(n,) spectrum of the decaying part at `lags.omega`; it is computed once."""
        return spectrum_with_corner(self.lags, self.C, self.kink)


@dataclass(frozen=True, eq=False)
class Frequencies:
    """C and S at any n frequencies.

    Parameters
    ----------
    omega : (n,) array
        Frequencies, of either sign.
    C_spectrum : (n,) array
        Spectrum of phi at these frequencies.
    S : (n,) complex array
        Mean response of phi to the input of the site at these frequencies.
    lags : Lags, optional
        A grid of lags, for ensembles whose memory is a product with C in time.
    C : array, optional
        C(tau) at these lags.
    """

    omega: np.ndarray
    C_spectrum: np.ndarray
    S: np.ndarray
    lags: Lags | None = None
    C: np.ndarray | None = None
    C_static = 0.0

    def part(self, rows: slice) -> Frequencies:
        """The part of these frequencies that a slice selects."""
        return replace(self, omega=self.omega[rows], C_spectrum=self.C_spectrum[rows],
                       S=self.S[rows])

    def with_mirror(self) -> Frequencies:
        """These frequencies followed by their negatives, at which S is conjugate."""
        return replace(self, omega=np.append(self.omega, -self.omega),
                       C_spectrum=np.append(self.C_spectrum, self.C_spectrum),
                       S=np.append(self.S, np.conj(self.S)))

"""Lags: the uniform grid of lags on which even correlations and their spectra are given."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import fft

from ..base.array_data import read_only
from ..base.checks import positive, reject
from .tuning import MOST_LAGS


@dataclass(frozen=True)
class Lags:
    """Lags 0, dt, ..., span and the frequencies that belong to them.

    An even function f(tau) on this grid is continued with period 2 span. Its spectrum
    f(omega) = int f(tau) exp(-i omega tau) dtau at omega_k = pi k / span is the trapezoidal sum,
    computed by a DCT-I; it is exact for functions that vanish before `span` and whose spectrum
    vanishes before pi/dt.

    Parameters
    ----------
    span : float
        Largest lag, in units of the neuronal time constant, above 0.
    dt : float
        Step, above 0 and at most `span`. The span is kept, and dt is reduced so that the span is
        a multiple of it.

    Raises
    ------
    ModelError
        For values that are not positive, dt above span, or more than 2**22 lags.

    Examples
    --------
    >>> lags = Lags(span=20.0, dt=0.1)
    >>> len(lags), float(lags.tau[-1])
    (201, 20.0)
    """

    span: float
    dt: float

    def __post_init__(self):
        span, dt = positive("span", self.span), positive("dt", self.dt)
        if dt > span:
            reject("dt", dt, f"longer than span={span:g}", "give a step well below the span")
        if span / dt > MOST_LAGS:
            reject("dt", dt, f"gives {span / dt:.3g} lags, above {MOST_LAGS}",
                   "give a longer step or shorter span")
        steps = int(np.ceil(span / dt * (1 - 1e-12)))
        object.__setattr__(self, "span", span)
        object.__setattr__(self, "dt", span / steps)

    @cached_property
    def tau(self) -> np.ndarray:
        """(n,) lags from 0 on, in neuronal time constants."""
        return read_only(np.linspace(0.0, self.span, len(self)))

    @cached_property
    def omega(self) -> np.ndarray:
        """(n,) angular frequencies from 0 to pi/dt."""
        return read_only(np.pi / self.span * np.arange(len(self)))

    def __len__(self) -> int:
        return round(self.span / self.dt) + 1

    def spectrum(self, even: np.ndarray) -> np.ndarray:
        """Spectrum at `omega` of an even function given at `tau`."""
        return self.dt * fft.dct(even, type=1)

    def correlation(self, spectrum: np.ndarray) -> np.ndarray:
        """Even function at `tau` of a spectrum given at `omega`: the inverse of `spectrum`."""
        return fft.idct(spectrum, type=1) / self.dt

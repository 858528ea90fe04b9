"""Unknowns: the statistics of a site as one vector, in which the iteration takes its steps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import fft

from ..grids.lags import Lags
from ..paths.response_fit import ResponseBasis
from ..paths.site_statistics import SiteStatistics
from ..units.leaky import LEAKY
from ..units.unit import Unit

# Of the first four values of a spectrum: its excess at zero over an even polynomial through the
# next three, as the spectrum of a correlation that decays is even and smooth there.
STATIC_WEIGHTS = np.array([1.0, -1.5, 0.6, -0.1])
NAMES = ("phi", "x", "cross", "slope", "square", "mean")  # fields of Moments


@dataclass(frozen=True, eq=False)
class Moments:
    """What is averaged over paths, or over each path: spectra, <phi z*>, <phi'> and <phi'^2>.

    Parameters
    ----------
    phi, x : (n, ...) arrays
        Spectra of phi and of x.
    cross : (n, ...) complex array
        <phi z*>, the response of phi times the square root of the spectrum of v.
    slope, square, mean : (...) arrays
        <phi'>, <phi'^2> and <phi>.
    """

    phi: np.ndarray
    x: np.ndarray
    cross: np.ndarray
    slope: np.ndarray
    square: np.ndarray
    mean: np.ndarray

    def minus(self, weight: float, other: Moments, exact: Moments) -> Moments:
        """These moments less weight times the deviation of `other` from its `exact` mean."""
        def reduced(name: str) -> np.ndarray:
            mean = getattr(exact, name)
            extra = np.ndim(getattr(other, name)) - np.ndim(mean)
            mean = np.reshape(mean, np.shape(mean) + (1,) * extra)
            return getattr(self, name) - weight * (getattr(other, name) - mean)

        return Moments(*(reduced(name) for name in NAMES))


@dataclass(frozen=True, eq=False)
class Unknowns:
    """The order of a vector of statistics.

    The vector holds: the decaying part of C, times the lag window, at the m lags at which the
    window is not zero; its static part; <phi'>; <phi'^2>; <phi>; the weights of the response in its
    basis; the same of C_x as of C, and its static part. What follows <phi> of ensembles that
    respond to C alone, and C_x, does not drive the paths: the iteration carries it along.

    Parameters
    ----------
    lags : Lags
        Grid of n lags.
    window : (n,) array
        Lag window.
    basis : ResponseBasis
        Of the mean response.
    may_be_static : bool
        Whether a part of the correlations may not decay; zero otherwise.
    responding : bool
        Whether the response drives the paths.
    noisy : bool
        Whether <phi'^2> does (as the corner of C that white noise causes).
    by_mean : bool
        Whether <phi> does.
    unit : Unit
        Linear response of the site.
    """

    lags: Lags
    window: np.ndarray
    basis: ResponseBasis
    may_be_static: bool
    responding: bool
    noisy: bool
    by_mean: bool = False
    unit: Unit = LEAKY

    @cached_property
    def H(self) -> np.ndarray:
        """(n,) response of the unit at the frequencies of the grid."""
        return self.unit.response(self.lags.omega)

    @cached_property
    def m(self) -> int:
        """Number of lags kept."""
        return int(np.flatnonzero(self.window > 0)[-1]) + 1

    @property
    def static(self) -> int:
        return self.m

    @property
    def slope(self) -> int:
        return self.m + 1

    @property
    def square(self) -> int:
        return self.m + 2

    @property
    def mean(self) -> int:
        return self.m + 3

    @property
    def weights(self) -> slice:
        return slice(self.m + 4, self.m + 4 + len(self.basis))

    @property
    def x(self) -> slice:
        """C_x at the lags kept."""
        return slice(self.weights.stop, self.weights.stop + self.m)

    @property
    def x_static(self) -> int:
        return self.x.stop

    def __len__(self) -> int:
        return self.x_static + 1

    @cached_property
    def driving(self) -> np.ndarray:
        """(len,) whether each component drives the paths."""
        out = np.zeros(len(self), dtype=bool)
        out[:self.m] = True
        out[self.static] = self.may_be_static
        out[self.square] = self.noisy
        out[self.mean] = self.by_mean
        if self.responding:
            out[self.slope] = True
            out[self.weights] = True
        return out

    def vector(self, moments: Moments, root: np.ndarray, clip: bool = False) -> np.ndarray:
        """(len, ...) vector of moments (n, ...); `clip` keeps static parts at zero or above."""
        shape = np.shape(moments.phi)[1:]
        out = np.zeros((len(self), *shape))
        for spectrum, own, static in ((moments.phi, slice(0, self.m), self.static),
                                      (moments.x, self.x, self.x_static)):
            C = fft.idct(spectrum, type=1, axis=0)[:self.m] / self.lags.dt
            constant = np.zeros(shape)
            if self.may_be_static:
                constant = np.tensordot(STATIC_WEIGHTS, spectrum[:4], 1) / (2 * self.lags.span)
                constant = np.maximum(constant, 0.0) if clip else constant
            out[own] = _rows(self.window[:self.m], shape) * (C - constant)
            out[static] = constant
        out[self.slope], out[self.square] = moments.slope, moments.square
        out[self.mean] = moments.mean
        out[self.weights] = self.basis.fit(moments.cross, moments.slope, root)
        return out

    def statistics(self, u: np.ndarray) -> SiteStatistics:
        """The statistics of a vector."""
        C = np.full(len(self.lags), float(u[self.static]))
        C[:self.m] += u[:self.m]
        return SiteStatistics(self.lags, C, float(u[self.static]), self.response(u),
                              float(u[self.slope]), float(u[self.square]), self.unit,
                              float(u[self.mean]))

    def response(self, u: np.ndarray) -> np.ndarray:
        """(n, ...) mean response S of vectors (len, ...)."""
        filtered = self.basis.transfer(u[self.slope], u[self.weights])
        return _rows(self.H, np.shape(u)[1:]) * filtered

    def amplitude(self, u: np.ndarray) -> np.ndarray:
        """(n,) square root of the spectrum of phi, with its static part."""
        C = np.zeros(len(self.lags))
        C[:self.m] = u[:self.m]
        power = np.maximum(self.lags.spectrum(C), 0.0)
        power[0] += 2 * self.lags.span * max(float(u[self.static]), 0.0)
        return np.sqrt(power)

    def scale(self, u: np.ndarray) -> np.ndarray:
        """(len,) changes of the components that count alike: C by C(0), weights as changes of S."""
        out = np.ones(len(self))
        out[:self.static + 1] = out[self.x.start:] = max(float(u[0] + u[self.static]), 1e-300)
        out[self.slope] = out[self.square] = max(abs(float(u[self.slope])), 1e-300)
        out[self.mean] = np.sqrt(max(float(u[0] + u[self.static]), 1e-300))
        weight = self.amplitude(u) * np.abs(self.H)
        S = np.max(weight * np.abs(self.basis.transfer(u[self.slope], u[self.weights])))
        effects = np.max(weight[:, None] * np.abs(self.basis.columns), axis=0)
        out[self.weights] = max(float(S), 1e-300) / np.maximum(effects, 1e-300)
        return out

    def from_statistics(self, known: SiteStatistics) -> np.ndarray:
        """The vector of statistics on the same grid; C_x, which they lack, is zero."""
        out = np.zeros(len(self))
        decaying = known.C - known.static
        out[:self.m] = self.window[:self.m] * decaying[:self.m]
        out[self.static] = known.static if self.may_be_static else 0.0
        out[self.slope], out[self.square] = known.slope, known.square_slope
        out[self.mean] = known.mean
        ratio = known.S / self.H
        out[self.weights] = self.basis.fit(ratio, known.slope, np.ones(len(self.lags)))
        return out


def _rows(values: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    return values.reshape(values.shape + (1,) * len(shape))

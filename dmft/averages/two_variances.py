"""Gaussian averages of two variables of different variances, for two-time theories."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.polynomial import chebyshev

from ..base.array_data import read_only
from ..base.checks import reject
from ..network.nonlinearity import ClosedForm, Nonlinearity
from .chebyshev_series import interpolate
from .partition import partition
from .tuning import (
    GAUSSIAN_RANGE,
    SCANNED_RANGE,
    TABLE_MOST_NODES,
    TABLE_TAIL,
    WIDEST_TABLE,
)


class PairAverages(Protocol):
    """Averages over zero-mean Gaussians x, y; the leading axes are regions."""

    error: float  # estimated relative error

    def correlation(self, Delta12: np.ndarray, Delta11: np.ndarray,
                    Delta22: np.ndarray) -> np.ndarray:
        """<phi(x) phi(y)> at covariances (r, m), variances of x (r,) and of y (r, m)."""

    def power(self, Delta: np.ndarray) -> np.ndarray:
        """<phi(x)^2> at variances (r,)."""

    def gain(self, Delta: np.ndarray) -> np.ndarray:
        """<phi'(x)> at variances (r,)."""


def pair_averages(phi: Nonlinearity) -> PairAverages:
    """The averages in closed form if phi has one, else from a table that grows as required.

    Raises
    ------
    ModelError
        For a phi with break-points that is not piecewise linear, whose averages a table does not
        represent.
    """
    if phi.closed is not None:
        return ClosedPairs(phi.closed)
    partition(phi, SCANNED_RANGE)  # rejects an undeclared kink
    if phi.kinks:
        reject("phi", phi, f"has break-points {phi.kinks} and is not piecewise linear: its averages"
               " over Gaussians of two variances are not smooth, and are not tabulated",
               "give them as Nonlinearity(..., closed=dmft.ClosedForm(...)), or a smooth phi, or "
               "solve for the stationary state, or simulate")
    return TabulatedPairs(phi)


class ClosedPairs:
    """The averages in closed form."""

    error = 1e-16

    def __init__(self, form: ClosedForm):
        self._form = form

    def correlation(self, Delta12, Delta11, Delta22):
        return self._form.correlation(Delta12, Delta11[:, None], Delta22)

    def power(self, Delta):
        return self._form.correlation(Delta, Delta, Delta)

    def gain(self, Delta):
        return self._form.mean_slope(Delta)


class TabulatedPairs:
    """A Chebyshev series in both standard deviations and in the angle of the correlation.

    With x = s u, y = s' v and <u v> = sin(theta), <phi(x) phi(y)> is smooth in s, s' and theta. At
    each angle of the table it is a matrix product: phi at nodes (s, p, q), times the weights of
    independent Gaussians p, q = (u +- v)/2, times phi at nodes (s', p, -q). A row of a two-time
    solve has a single s, so that two small matrix products evaluate it.

    Parameters
    ----------
    phi : Nonlinearity
    width : float
        Largest standard deviation of the first table; the table is rebuilt for larger ones.

    Raises
    ------
    ModelError
        For a variance above 1600.
    """

    def __init__(self, phi: Nonlinearity, width: float = 2.0):
        self._phi = phi
        self._build(width)

    def correlation(self, Delta12, Delta11, Delta22):
        self._extend_to(Delta11, Delta22)
        s1, s2 = np.sqrt(Delta11), np.sqrt(np.maximum(Delta22, 0.0))
        scale = np.maximum(s1[:, None] * s2, 1e-300)
        angle = np.arcsin(np.clip(Delta12 / scale, -1.0, 1.0)) * (2 / np.pi)
        first = _polynomials(self._scaled_width(s1), self._table.shape[0])
        out = np.empty(np.shape(Delta12))
        for region, weights in enumerate(first.T):
            of_pair = np.tensordot(weights, self._table, 1)  # (s', theta)
            second = _polynomials(self._scaled_width(s2[region]), of_pair.shape[0])
            out[region] = np.einsum("km,km->m", of_pair.T @ second,
                                    _polynomials(angle[region], of_pair.shape[1]))
        return out

    def power(self, Delta):
        self._extend_to(Delta)
        return chebyshev.chebval(self._scaled_width(np.sqrt(Delta)), self._power)

    def gain(self, Delta):
        self._extend_to(Delta)
        return chebyshev.chebval(self._scaled_width(np.sqrt(Delta)), self._gain)

    def _scaled_width(self, s):
        return np.clip(2 * s / self.width - 1, -1.0, 1.0)

    def _extend_to(self, *variances) -> None:
        largest = math.sqrt(max(float(np.max(v, initial=0.0)) for v in variances))
        if largest > self.width:
            self._build(1.5 * largest)

    def _build(self, width: float) -> None:
        if width > WIDEST_TABLE:
            reject("variance", width**2, f"too large to tabulate averages of phi={self._phi.name}",
                   "give smaller couplings, or averages of phi in closed form")
        self.width = width
        self._table, self._power, self._gain, self.error = _series(self._phi, width)


@lru_cache(maxsize=16)
def _series(phi: Nonlinearity, width: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Chebyshev series of <phi phi>, <phi^2> and <phi'> up to a standard deviation, and the error.
    """
    count = int(26 + 5 * width)  # about as many as a sigmoid of unit slope needs
    while True:
        s = width * (1 + chebyshev.chebpts1(count)) / 2
        tables = np.array([_at_angle(phi, width, np.pi / 2 * t, s)
                           for t in chebyshev.chebpts1(count)])
        series = np.moveaxis(tables, 0, 2)  # (s, s', theta)
        for axis in range(3):
            series = np.apply_along_axis(interpolate, axis, series)
        size = np.abs(series)
        tail = max(float(np.max(np.take(size, [-1, -2, -3], axis=axis))) for axis in range(3))
        error = tail / max(float(np.max(size)), 1e-300)
        if error < TABLE_TAIL or count >= TABLE_MOST_NODES:
            break
        count = min(TABLE_MOST_NODES, int(1.4 * count))
    lines = [_moments(phi, one) for one in s]
    return (read_only(series), read_only(interpolate(np.array([p for p, _ in lines]))),
            read_only(interpolate(np.array([g for _, g in lines]))), error)


def _polynomials(x: np.ndarray, count: int) -> np.ndarray:
    """(count, m) Chebyshev polynomials of degree 0 to count - 1, a row each.

    chebvander has a column each, which is several times slower for the rows of a march.
    """
    out = np.ones((count, len(x)))
    if count > 1:
        out[1] = x
    twice = 2 * x
    for k in range(2, count):
        np.multiply(twice, out[k - 1], out=out[k])
        out[k] -= out[k - 2]
    return out


def _at_angle(phi: Nonlinearity, width: float, theta: float, s: np.ndarray) -> np.ndarray:
    """<phi(s u) phi(s' v)> for all pairs s, s' of the widths, with <u v> = sin(theta)."""
    # u, v = wide p +- narrow q with p, q independent unit normals
    wide, narrow = math.cos(math.pi / 4 - theta / 2), math.sin(math.pi / 4 - theta / 2)
    p, weight_p = _normal(width * abs(wide))
    q, weight_q = _normal(width * abs(narrow))
    if phi.odd:  # (p, q) and (-p, -q) contribute equally
        half = len(p) // 2
        p, weight_p = p[half:], 2 * weight_p[half:]
        weight_p[0] /= 2
    u = (wide * p[:, None] + narrow * q).ravel()
    values = np.array([phi(one * u) for one in s])
    mirrored = values.reshape(len(s), len(p), len(q))[:, :, ::-1].reshape(len(s), -1)
    return (values * np.outer(weight_p, weight_q).ravel()) @ mirrored.T


def _moments(phi: Nonlinearity, s: float) -> tuple[float, float]:
    """<phi^2> and <phi'> at the standard deviation s."""
    x, weight = _normal(s)
    return float(weight @ phi(s * x) ** 2), float(weight @ phi.derivative(s * x))


def _normal(width: float) -> tuple[np.ndarray, np.ndarray]:
    """Symmetric nodes and weights of a unit normal that resolve phi(width x)."""
    count = int(14 + 26 * width)
    x = np.linspace(-GAUSSIAN_RANGE, GAUSSIAN_RANGE, 2 * count + 1)
    weight = np.exp(-0.5 * x**2)
    return x, weight / weight.sum()


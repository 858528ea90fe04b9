"""Spectrum: the strengths D of a connectivity's modes, as a density over modes per neuron."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from ..base import checks
from ..base.array_data import ArrayData

NODES = 64  # of a smooth spectrum: exact to rounding for all that the constructors admit
LEAST_OFFSET = 0.01  # of a power law, in units of its modes per neuron


@dataclass(frozen=True, eq=False)
class Spectrum(ArrayData):
    """Strengths D of the modes of J = sum over a of D_a l_a r_a^T, (alpha N of them).

    Averages over modes are per neuron, <f> = (1/N) sum_a f(D_a) = sum over q of weights_q
    f(values_q); so g_eff^2 = <D^2> and the effective rank is <D^2>^2 / <D^4> (Clark, Marschall,
    van Meegen & Litwin-Kumar 2025, the two moments on which variance and dimension depend).

    Made by `flat`, `exponential`, `power_law` or `from_values`.

    Parameters
    ----------
    values : (q,) array
        Strengths, 0 or above, not all zero.
    weights : (q,) array
        Modes per neuron that have each of them, above 0; their sum is alpha.
    smooth : bool
        The values are those of a smooth D(a/N) at Gauss-Legendre nodes (finite networks
        interpolate), and not a list of strengths (of which finite networks have equal parts).

    Raises
    ------
    ModelError
        For a negative strength, strengths that are all zero, or weights that do not fit them.

    Examples
    --------
    >>> spectrum = Spectrum.exponential(g=2.0, beta=3.0)
    >>> round(spectrum.g_eff, 12), round(spectrum.effective_rank, 6)
    (2.0, 0.331685)
    """

    values: np.ndarray
    weights: np.ndarray
    smooth: bool = False

    if TYPE_CHECKING:  # accepts more than the fields keep; test_types.py compares the two
        def __init__(self, values: ArrayLike, weights: ArrayLike,
                     smooth: bool = False) -> None: ...

    def __post_init__(self):
        values = checks.bounded("values", checks.finite_array("values", self.values, 1))
        weights = checks.bounded("weights", checks.finite_array("weights", self.weights, 1))
        if np.any(values < 0):
            checks.reject("values", self.values, "holds a negative strength",
                          "give strengths of 0 or above (signs belong to the overlaps)")
        if not np.any(values > 1e-100):
            checks.reject("values", self.values, "sums to zero: no mode has any strength",
                          "give at least one positive strength")
        if weights.shape != values.shape or np.any(weights <= 0):
            checks.reject("weights", self.weights, "not a positive number for each strength",
                          "give modes per neuron of each value")
        checks.flag("smooth", self.smooth)
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "weights", weights)

    @classmethod
    def flat(cls, g: float, modes_per_neuron: float = 1.0) -> Spectrum:
        """All modes alike, D = g / sqrt(alpha): the effective rank is alpha."""
        alpha = checks.positive("modes_per_neuron", modes_per_neuron)
        strength = checks.positive("g", g) / np.sqrt(alpha)
        return cls(np.array([strength]), np.array([alpha]))

    @classmethod
    def exponential(cls, g: float, beta: float, modes_per_neuron: float = 1.0) -> Spectrum:
        """D_a proportional to exp(-beta a/N) with g_eff = g: effective rank tanh(beta alpha)/beta.

        beta in units of 1/N per mode, above 0 (a flat spectrum is its limit), beta alpha up to 50.
        """
        beta = checks.positive("beta", beta)
        alpha = checks.positive("modes_per_neuron", modes_per_neuron)
        if beta * alpha > 50:
            checks.reject("beta", beta, f"leaves modes of {np.exp(-beta * alpha):.1e} of the first",
                          f"give at most {50 / alpha:g}, or fewer modes_per_neuron")
        return cls._smooth(checks.positive("g", g), alpha, lambda u: np.exp(-beta * u))

    @classmethod
    def power_law(cls, g: float, exponent: float, modes_per_neuron: float = 1.0,
                  offset: float = 0.1) -> Spectrum:
        """D_a proportional to (offset + a/N)^(-exponent) with g_eff = g.

        The offset, 0.01 alpha or above, keeps the first modes from taking all of the strength
        (without it the effective rank would fall to zero with growing N for exponents above 1/4).
        """
        exponent = checks.within("exponent", exponent, 0.0, 10.0)
        alpha = checks.positive("modes_per_neuron", modes_per_neuron)
        offset = checks.positive("offset", offset)
        if offset < LEAST_OFFSET * alpha:
            checks.reject("offset", offset, "so small that a few modes have all of the strength",
                          f"give at least {LEAST_OFFSET * alpha:g}")
        return cls._smooth(checks.positive("g", g), alpha,
                           lambda u: (1 + u / offset) ** -exponent)

    @classmethod
    def from_values(cls, values: ArrayLike, modes_per_neuron: float = 1.0,
                    g: float | None = None) -> Spectrum:
        """A list of strengths, each of an equal part of the modes; scaled to g_eff = g if given."""
        values = checks.bounded("values", checks.finite_array("values", values, 1))
        alpha = checks.positive("modes_per_neuron", modes_per_neuron)
        found = cls(values, np.full(len(values), alpha / len(values)))
        return found if g is None else found.scaled(checks.positive("g", g) / found.g_eff)

    @classmethod
    def _smooth(cls, g: float, alpha: float, shape) -> Spectrum:
        x, w = np.polynomial.legendre.leggauss(NODES)
        found = cls(shape(alpha * (1 + x) / 2), alpha * w / 2, True)
        return found.scaled(g / found.g_eff)

    def __repr__(self) -> str:
        return (f"Spectrum(g_eff={self.g_eff:.6g}, effective_rank={self.effective_rank:.6g}, "
                f"modes_per_neuron={self.modes_per_neuron:.6g})")

    def scaled(self, factor: float) -> Spectrum:
        """Every strength multiplied by a factor above 0: another g_eff, the same rank."""
        factor = checks.positive("factor", factor)
        return Spectrum(self.values * factor, self.weights, self.smooth)

    def mean(self, of: np.ndarray) -> np.ndarray:
        """(1/N) sum over modes of what stands at `values` in the last axis of `of`."""
        return np.asarray(of) @ self.weights

    @cached_property
    def modes_per_neuron(self) -> float:
        """alpha: the number of modes over the number of neurons."""
        return float(np.sum(self.weights))

    @cached_property
    def g_eff(self) -> float:
        """sqrt((1/N) sum D^2): the coupling strength that single neurons see."""
        scale = float(np.max(self.values))  # no overflow of squares
        return scale * float(np.sqrt(self.mean((self.values / scale) ** 2)))

    @cached_property
    def effective_rank(self) -> float:
        """PR_D = (sum D^2)^2 / (N sum D^4), per neuron."""
        relative = (self.values / self.g_eff) ** 2
        return float(1 / self.mean(relative**2))

    def strengths(self, count: int) -> np.ndarray:
        """(count,) strengths of the modes of one finite network, with the same mean of D^2."""
        found = self.values[self.places(count)]
        if self.smooth:
            x, _ = np.polynomial.legendre.leggauss(NODES)
            series = np.polynomial.legendre.legfit(x, np.log(self.values), NODES - 1)
            middle = (2 * np.arange(count) + 1) / count - 1
            found = np.exp(np.polynomial.legendre.legval(middle, series))
        share = self.modes_per_neuron / count
        return found * self.g_eff / np.sqrt(share * np.sum(found**2))

    def places(self, count: int) -> np.ndarray:
        """(count,) which of `values` each mode of a finite network has, in equal parts."""
        ends = np.cumsum(self.weights) / self.modes_per_neuron
        middle = (np.arange(checks.whole("count", count)) + 0.5) / count
        return np.minimum(np.searchsorted(ends, middle), len(self.values) - 1)

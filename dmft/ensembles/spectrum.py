"""Spectrum: the strengths D of the modes of a connectivity, with their number per neuron."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from ..base import checks
from ..base.array_data import ArrayData
from .tuning import LEAST_OFFSET, MOST_DECAY, SPECTRUM_NODES


@dataclass(frozen=True, eq=False)
class Spectrum(ArrayData):
    """Strengths D of the alpha N modes of J = sum over a of D_a l_a r_a^T.

    Averages over modes are per neuron, <f> = (1/N) sum_a f(D_a) = sum over q of weights_q
    f(values_q); thus g_eff^2 = <D^2>, and the effective rank is <D^2>^2 / <D^4> (Clark, Marschall,
    van Meegen & Litwin-Kumar 2025, the two moments on which variance and dimension depend).

    Constructors are `flat`, `exponential`, `power_law` and `from_values`.

    Parameters
    ----------
    values : (q,) array
        Strengths, 0 or above, not all zero.
    weights : (q,) array
        Modes per neuron with each of these strengths, above 0; their sum is alpha.
    smooth : bool
        True if the values are those of a smooth D(a/N) at Gauss-Legendre nodes, which finite
        networks interpolate; False for a list of strengths, to each of which finite networks give
        its part of the modes.

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
            checks.reject("values", self.values, "contains a negative strength",
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
        """Modes of equal strength D = g / sqrt(alpha): the effective rank is alpha."""
        alpha = checks.positive("modes_per_neuron", modes_per_neuron)
        strength = checks.positive("g", g) / np.sqrt(alpha)
        return cls(np.array([strength]), np.array([alpha]))

    @classmethod
    def exponential(cls, g: float, beta: float, modes_per_neuron: float = 1.0) -> Spectrum:
        """D_a proportional to exp(-beta a/N) with g_eff = g: effective rank tanh(beta alpha)/beta.

        beta is above 0 (in the limit 0 the spectrum is flat), and beta alpha is 50 at most.
        """
        beta = checks.positive("beta", beta)
        alpha = checks.positive("modes_per_neuron", modes_per_neuron)
        if beta * alpha > MOST_DECAY:
            checks.reject("beta", beta, "so large that the last mode has a strength "
                          f"{np.exp(-beta * alpha):.1e} times that of the first",
                          f"give at most {MOST_DECAY / alpha:g}, or fewer modes_per_neuron")
        return cls._smooth(checks.positive("g", g), alpha, lambda u: np.exp(-beta * u))

    @classmethod
    def power_law(cls, g: float, exponent: float, modes_per_neuron: float = 1.0,
                  offset: float = 0.1) -> Spectrum:
        """D_a proportional to (offset + a/N)^(-exponent) with g_eff = g.

        The offset, 0.01 alpha or above, bounds the share of the first modes in the total strength
        (without it, the effective rank would vanish in the limit of large N for exponents above
        1/4). The exponent is from 0 to 10.
        """
        exponent = checks.within("exponent", exponent, 0.0, 10.0)
        alpha = checks.positive("modes_per_neuron", modes_per_neuron)
        offset = checks.positive("offset", offset)
        if offset < LEAST_OFFSET * alpha:
            checks.reject("offset", offset,
                          "so small that a few modes have nearly all of the strength",
                          f"give at least {LEAST_OFFSET * alpha:g}")
        return cls._smooth(checks.positive("g", g), alpha,
                           lambda u: (1 + u / offset) ** -exponent)

    @classmethod
    def from_values(cls, values: ArrayLike, modes_per_neuron: float = 1.0,
                    g: float | None = None) -> Spectrum:
        """A list of strengths, each of an equal part of the modes; g, if given, sets g_eff."""
        values = checks.bounded("values", checks.finite_array("values", values, 1))
        alpha = checks.positive("modes_per_neuron", modes_per_neuron)
        found = cls(values, np.full(len(values), alpha / len(values)))
        return found if g is None else found.scaled(checks.positive("g", g) / found.g_eff)

    @classmethod
    def _smooth(cls, g: float, alpha: float, shape) -> Spectrum:
        x, w = np.polynomial.legendre.leggauss(SPECTRUM_NODES)
        found = cls(shape(alpha * (1 + x) / 2), alpha * w / 2, True)
        return found.scaled(g / found.g_eff)

    def __repr__(self) -> str:
        return (f"Spectrum(g_eff={self.g_eff:.6g}, effective_rank={self.effective_rank:.6g}, "
                f"modes_per_neuron={self.modes_per_neuron:.6g})")

    def scaled(self, factor: float) -> Spectrum:
        """Every strength multiplied by a factor above 0, which leaves the effective rank."""
        factor = checks.positive("factor", factor)
        return Spectrum(self.values * factor, self.weights, self.smooth)

    def mean(self, of: np.ndarray) -> np.ndarray:
        """(1/N) sum over modes of a function that `of` (..., q) holds at `values`."""
        return np.asarray(of) @ self.weights

    @cached_property
    def modes_per_neuron(self) -> float:
        """alpha: the number of modes over the number of neurons."""
        return float(np.sum(self.weights))

    @cached_property
    def g_eff(self) -> float:
        """sqrt((1/N) sum D^2): the strength g of iid couplings with the same variance."""
        scale = float(np.max(self.values))  # so that squares do not overflow
        return scale * float(np.sqrt(self.mean((self.values / scale) ** 2)))

    @cached_property
    def effective_rank(self) -> float:
        """PR_D = (sum D^2)^2 / (N sum D^4), per neuron."""
        relative = (self.values / self.g_eff) ** 2
        return float(1 / self.mean(relative**2))

    def strengths(self, count: int) -> np.ndarray:
        """(count,) strengths of the modes of a finite network, with the same g_eff."""
        found = self.values[self.places(count)]
        if self.smooth:
            x, _ = np.polynomial.legendre.leggauss(SPECTRUM_NODES)
            series = np.polynomial.legendre.legfit(x, np.log(self.values), SPECTRUM_NODES - 1)
            middle = (2 * np.arange(count) + 1) / count - 1
            found = np.exp(np.polynomial.legendre.legval(middle, series))
        share = self.modes_per_neuron / count
        return found * self.g_eff / np.sqrt(share * np.sum(found**2))

    def places(self, count: int) -> np.ndarray:
        """(count,) index into `values` of each mode of a finite network, by the weights."""
        ends = np.cumsum(self.weights) / self.modes_per_neuron
        middle = (np.arange(checks.whole("count", count)) + 0.5) / count
        return np.minimum(np.searchsorted(ends, middle), len(self.values) - 1)

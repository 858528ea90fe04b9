"""Gains: the distribution of a gain over neurons, and the input and output gains of units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import linalg

from ..base import checks
from ..base.array_data import ArrayData
from .tuning import LARGEST_SPREAD, MOST_INPUT_GAINS, NEGLIGIBLE_WEIGHT


@dataclass(frozen=True, eq=False)
class Gains(ArrayData):
    """Input or output gains of neurons, drawn independently for each of them.

    Constructors are `lognormal` and `from_values`.

    Parameters
    ----------
    values : (q,) array
        Gains, 0 or above.
    weights : (q,) array
        Fraction of the neurons with each of these gains; their sum is 1.
    spread : float
        Standard deviation of the logarithm, from 0 to 2, if the values are quadrature nodes of a
        log-normal distribution (from which the gains of finite networks are drawn); 0 for a list.

    Raises
    ------
    ModelError
        For negative gains, or weights that are not fractions of all neurons.

    Examples
    --------
    >>> round(float(Gains.lognormal(0.5).moment(4)), 6)
    2.718282
    """

    values: np.ndarray
    weights: np.ndarray
    spread: float = 0.0

    if TYPE_CHECKING:  # accepts more than the fields keep; test_types.py compares the two
        def __init__(self, values: ArrayLike, weights: ArrayLike,
                     spread: float = 0.0) -> None: ...

    def __post_init__(self):
        values = checks.bounded("values", checks.finite_array("values", self.values, 1))
        weights = checks.bounded("weights", checks.finite_array("weights", self.weights, 1))
        if np.any(values < 0) or not np.any(values > 0):
            checks.reject("values", self.values, "contains a negative gain, or none above 0",
                          "give gains of 0 or above (signs belong to the couplings)")
        fits = weights.shape == values.shape and np.all(weights >= 0)
        if not fits or abs(float(np.sum(weights)) - 1) > 1e-9:
            checks.reject("weights", self.weights,
                          "not fractions of all neurons, one for each value",
                          "give numbers of 0 or above that sum to 1")
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "weights", weights)
        object.__setattr__(self, "spread", checks.within("spread", self.spread, 0.0,
                                                             LARGEST_SPREAD))

    @classmethod
    def lognormal(cls, spread: float) -> Gains:
        """Log-normal gains with mean square 1, so that g keeps its meaning; spread from 0 to 2."""
        spread = checks.within("spread", spread, 0.0, LARGEST_SPREAD)
        if spread == 0:
            return cls.from_values([1.0])
        x, w = np.polynomial.hermite_e.hermegauss(16 + round(40 * spread))
        values, shares = np.exp(spread * x - spread**2), w / np.sum(w)
        kept = shares * np.maximum(1.0, values**4) > NEGLIGIBLE_WEIGHT
        return cls(values[kept], shares[kept] / np.sum(shares[kept]), spread)

    @classmethod
    def from_values(cls, values: ArrayLike) -> Gains:
        """A list of gains, each of an equal fraction of the neurons."""
        values = checks.finite_array("values", values, 1)
        return cls(values, np.full(len(values), 1 / len(values)))

    def moment(self, power: int) -> float:
        """<gain^power>."""
        if self.spread:
            return float(np.exp(power * self._log_mean + (power * self.spread) ** 2 / 2))
        return float(np.sum(self.weights * self.values**power))

    @property
    def _log_mean(self) -> float:
        return float(np.sum(self.weights * np.log(self.values)))

    def quadrature(self, count: int) -> Gains:
        """At most `count` gains with the same moments up to the power 2 count - 1.

        Gauss quadrature: averages of polynomials up to this degree are exact, those of smooth
        functions nearly so.
        """
        if len(self.values) <= checks.whole("count", count):
            return self
        # Lanczos recursion for the orthogonal polynomials of the weights.
        diagonal, off = np.zeros(count), np.zeros(count)
        before, now = np.zeros(len(self.values)), np.sqrt(self.weights)
        basis = np.zeros((count, len(self.values)))
        for k in range(count):
            basis[k] = now
            diagonal[k] = now @ (self.values * now)
            after = self.values * now - diagonal[k] * now - (off[k - 1] * before if k else 0.0)
            after -= basis[:k + 1].T @ (basis[:k + 1] @ after)
            off[k] = np.linalg.norm(after)
            if off[k] < 1e-13 * np.max(self.values):
                count = k + 1
                break
            before, now = now, after / off[k]
        values, vectors = linalg.eigh_tridiagonal(diagonal[:count], off[:count - 1])
        weights = vectors[0] ** 2 * np.sum(self.weights)
        return Gains(np.maximum(values, 0.0), weights)

    def sample(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """(count,) gains of the neurons of a finite network."""
        count, rng = checks.whole("count", count, 0), checks.generator(rng)
        if self.spread:
            return np.exp(self._log_mean + self.spread * rng.standard_normal(count))
        return rng.choice(self.values, size=count, p=self.weights / np.sum(self.weights))

    def __repr__(self) -> str:
        if self.spread:
            return f"Gains.lognormal(spread={self.spread:g})"
        return f"Gains(values={self.values!r}, weights={self.weights!r})"


@dataclass(frozen=True)
class UnitGains:
    """Input gains u and output gains v of the units of a network: J_ij becomes u_i J_ij v_j.

    Parameters
    ----------
    input, output : Gains
        Distributions of u and of v, which are independent.
    """

    input: Gains
    output: Gains

    @property
    def square(self) -> float:
        """<u^2> <v^2>: the factor by which gains multiply the variance of couplings."""
        return float(self.input.moment(2) * self.output.moment(2))

    @property
    def input_kinds(self) -> Gains:
        """Input gains for averages: nodes of a log-normal distribution, or at most 24 of a list."""
        return self.input if self.input.spread else self.input.quadrature(MOST_INPUT_GAINS)


def unit_gains(network: Any) -> UnitGains | None:
    """The gains of the units of a network, or None if the units are identical."""
    return getattr(network, "gains", None)

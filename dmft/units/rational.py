"""Rational: a unit whose response is a rational function of s = i omega."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.polynomial import polynomial

from ..base import checks
from .state_space import StateSpace, Step
from .unit import Unit


class Fraction(Unit):
    """A unit with H(s) = numerator(s)/denominator(s), coefficients of s^0, s^1, ...."""

    numerator: tuple[float, ...]
    denominator: tuple[float, ...]

    @cached_property
    def state_space(self) -> StateSpace:
        """X' = A X + B input, x = C X, the companion form of H."""
        return StateSpace.of_fraction(np.array(self.numerator), np.array(self.denominator))

    def response(self, omega: np.ndarray) -> np.ndarray:
        """numerator(i omega) / denominator(i omega)."""
        s = 1j * np.asarray(omega)
        return (polynomial.polyval(s, self.numerator)
                / polynomial.polyval(s, self.denominator))

    def impulse(self, tau: np.ndarray) -> np.ndarray:
        """C exp(A tau) B."""
        return self.state_space.evolved(self.state_space.B, tau)

    def white_correlation(self, tau: np.ndarray) -> np.ndarray:
        """C exp(A tau) P C^T, with the stationary covariance P."""
        own = self.state_space
        return own.evolved(own.covariance() @ own.C, np.abs(tau))

    def fastest_modes(self, z: np.ndarray) -> np.ndarray:
        """Zeros of denominator(s) - z numerator(s)."""
        below = np.array(self.denominator, dtype=complex)
        above = np.zeros_like(below)
        above[:len(self.numerator)] = self.numerator
        roots = [polynomial.polyroots(below - one * above) for one in np.ravel(z)]
        return np.array([one[np.argmax(one.real)] for one in roots]).reshape(np.shape(z))

    @property
    def kink(self) -> float:
        """h(0+)^2."""
        return self.jump**2

    @property
    def jump(self) -> float:
        """C B."""
        return float(self.state_space.C @ self.state_space.B)

    @property
    def rates(self) -> np.ndarray:
        """Zeros of the denominator."""
        return polynomial.polyroots(self.denominator)

    def step(self, dt: float) -> Step:
        """The exact step of the state space."""
        return self.state_space.step(dt)


@dataclass(frozen=True)
class Rational(Fraction):
    """A unit with any rational response H(s) = x(s)/input(s), s = i omega.

    Parameters
    ----------
    numerator : sympy expression, or sequence of float
        H itself, a rational function of one symbol with numbers as coefficients; or the
        coefficients of s^0, s^1, ... of its numerator.
    denominator : sequence of float, optional
        With coefficients only: those of the denominator.

    Raises
    ------
    ModelError
        If H is not a rational function of one symbol; if it does not decay at high frequency, so
        that the input would act without delay (not causal where it grows); or if it is unstable,
        with a pole of real part 0 or above.

    Examples
    --------
    >>> import sympy
    >>> s = sympy.Symbol("s")
    >>> Rational(1 / (1 + s + 1 / (1 + 4 * s)))
    Rational(numerator=(1.0, 4.0), denominator=(2.0, 5.0, 4.0))
    """

    numerator: tuple[float, ...]
    denominator: tuple[float, ...] = (1.0,)

    if TYPE_CHECKING:
        def __init__(self, numerator: Any, denominator: Sequence[float] = (1.0,)) -> None: ...

    def __post_init__(self):
        given: Any = self.numerator
        if isinstance(given, (tuple, list, np.ndarray)):
            numerator = _coefficients("numerator", given)
            denominator = _coefficients("denominator", self.denominator)
        else:
            numerator, denominator = _of_expression(given)
        if len(numerator) >= len(denominator):
            checks.reject("numerator", given, "H does not decay at high frequency: the input would "
                          "act on x without delay", "give a numerator of lower degree than the "
                          "denominator")
        poles = polynomial.polyroots(denominator)
        if np.max(poles.real) > -1e-9 * max(1.0, float(np.max(np.abs(poles)))):
            checks.reject("denominator", given, f"H is unstable: a pole at s = "
                          f"{complex(poles[np.argmax(poles.real)]):.4g}", "give a response whose "
                          "poles have negative real parts")
        object.__setattr__(self, "numerator", tuple(float(c) for c in numerator))
        object.__setattr__(self, "denominator", tuple(float(c) for c in denominator))


def _coefficients(name: str, given: Any) -> np.ndarray:
    values = checks.finite_array(name, given, 1)
    last = np.flatnonzero(values)
    if not len(last):
        checks.reject(name, given, "zero", "give at least one coefficient that is not zero")
    return values[:last[-1] + 1]


def _of_expression(expression: Any) -> tuple[np.ndarray, np.ndarray]:
    import sympy

    problem = "not a rational function of one symbol with numbers as coefficients"
    advice = ("give a sympy expression such as 1/(1 + s), or coefficients; a delay is "
              "dmft.Delayed(unit, delay)")
    if isinstance(expression, str):
        checks.reject("numerator", expression, "a text, not an expression", "give a sympy "
                      "expression: s = sympy.Symbol('s'); dmft.Rational(1 / (1 + s))")
    if not isinstance(expression, sympy.Expr) or len(expression.free_symbols) != 1:
        checks.reject("numerator", expression, problem, advice)
    symbol = next(iter(expression.free_symbols))
    try:
        above, below = sympy.fraction(sympy.together(sympy.cancel(expression)))
        both = [[float(c) for c in sympy.Poly(part, symbol).all_coeffs()[::-1]]
                for part in (above, below)]
    except (sympy.PolynomialError, TypeError, ValueError):
        checks.reject("numerator", expression, problem, advice)
    return _coefficients("numerator", both[0]), _coefficients("numerator", both[1])

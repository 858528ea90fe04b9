"""Nonlinearity: the transfer function phi, its derivative, and its averages in closed form."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..base import checks
from ..equations import gaussian, transfer
from .tuning import DERIVATIVE_STEP, DERIVATIVE_TOLERANCE, ODD_ROUNDING, PROBE_POINTS

Function = Callable[[np.ndarray], np.ndarray]
_PROBES = np.array(PROBE_POINTS)


@dataclass(frozen=True)
class ClosedForm:
    """Averages of phi over zero-mean Gaussians x, y, as functions of their second moments.

    Parameters
    ----------
    correlation, slope : callables
        <phi(x) phi(y)> and <phi'(x) phi'(y)> of (covariance, variance of x, variance of y),
        elementwise on arrays.
    mean, mean_slope : callables
        <phi(x)> and <phi'(x)> of the variance.

    Raises
    ------
    ModelError
        If one of them is not callable.

    Examples
    --------
    >>> import dmft
    >>> round(float(dmft.erf.closed.correlation(0.5, 1.0, 1.0)), 6)  # of unit variances
    0.197652
    """

    correlation: Callable
    slope: Callable
    mean: Callable
    mean_slope: Callable

    def __post_init__(self):
        for own in dataclasses.fields(self):
            if not callable(getattr(self, own.name)):
                checks.reject(own.name, getattr(self, own.name), "not callable",
                              "give a function of covariances and variances")


@dataclass(frozen=True, eq=False)
class Nonlinearity:
    """The transfer function phi of the units.

    Parameters
    ----------
    function, derivative : callables
        phi and phi', elementwise on float arrays of any shape. The derivative is compared with
        differences of the function.
    name : str
        Name in tables and saved files.
    expression : sympy expression, optional
        Set by `from_sympy`; it is pickled and saved in place of the functions.
    closed : ClosedForm, optional
        Gaussian averages in closed form, if they are known.
    slope_product : callable, optional
        phi'((s+d)/2) phi'((s-d)/2) as a function of s and d, if it is cheaper than two calls.

    Attributes
    ----------
    odd : bool
        Whether phi(-x) = -phi(x), found by evaluating it.

    Raises
    ------
    ModelError
        If a function is not callable, changes the shape of its argument, or is not finite on
        [-5.3, 5.3], or if `derivative` is not the derivative of `function`.

    Examples
    --------
    >>> phi = Nonlinearity(np.arctan, lambda x: 1 / (1 + x * x), name="arctan")
    >>> phi.odd
    True
    """

    function: Function
    derivative: Function
    name: str = "phi"
    expression: Any = None
    closed: ClosedForm | None = field(default=None, repr=False)
    slope_product: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = field(
        default=None, repr=False)
    odd: bool = field(init=False, repr=False)

    def __post_init__(self):
        for field_name in ("function", "derivative"):
            if not callable(getattr(self, field_name)):
                checks.reject(field_name, getattr(self, field_name), "not callable",
                              "give a function of a float array")
        if not isinstance(self.name, str):
            checks.reject("name", self.name, "not a string", "give a short name")
        values = _probe("function", self.function)
        slopes = _probe("derivative", self.derivative)
        _check_derivative(self.function, slopes)
        n = len(_PROBES)
        scale = np.max(np.abs(values))
        odd = (np.allclose(values[:n], -values[n:], rtol=0, atol=ODD_ROUNDING * scale)
               and abs(float(self.function(np.zeros(1))[0])) <= ODD_ROUNDING * scale)
        object.__setattr__(self, "odd", bool(odd))

    def __call__(self, x):
        """phi(x), elementwise."""
        return self.function(x)

    @property
    def is_linear(self) -> bool:
        """Whether phi' is the same everywhere, as far as a few points out to 100 show it."""
        return bool(np.ptp(self.derivative(np.concatenate([_PROBES, -_PROBES, [-100.0, 100.0]])))
                    == 0)

    @property
    def slope_at_zero(self) -> float:
        """phi'(0): the quiescent state loses stability at g phi'(0) = 1."""
        return float(self.derivative(np.zeros(1))[0])

    @classmethod
    def from_sympy(cls, expression, name: str | None = None) -> Nonlinearity:
        """The nonlinearity of a sympy expression in one symbol.

        sympy differentiates the expression, and the emitter that writes `dmft.equations` converts
        both to numpy code; no string is evaluated.

        Parameters
        ----------
        expression : sympy.Expr
            Real, in exactly one free symbol, of functions that the emitter knows.
        name : str, optional
            Name in tables; the text of the expression by default.

        Returns
        -------
        Nonlinearity

        Raises
        ------
        ModelError
            If it is not such an expression (a string is not parsed).
        """
        import sympy

        from ..derivations.printing.emit import EmitError, compile_expression

        if not isinstance(expression, sympy.Expr):
            checks.reject("expression", expression, "not a sympy expression",
                          "give an expression such as sympy.tanh(sympy.Symbol('x'))")
        symbols = sorted(expression.free_symbols, key=str)
        if len(symbols) != 1:
            checks.reject("expression", expression, f"has {len(symbols)} free symbols",
                          "give an expression in exactly one symbol")
        try:
            function = compile_expression(expression, symbols[0], "phi")
            derivative = compile_expression(expression.diff(symbols[0]), symbols[0], "phi_slope")
        except EmitError as error:
            checks.reject("expression", expression,
                          f"it or its derivative has no numpy code ({error})",
                          "use a differentiable function, or Nonlinearity(function, derivative)")
        return cls(function, derivative, name or str(expression), expression)

    def __reduce__(self):
        if self.expression is not None:  # compiled functions do not pickle, expressions do
            return Nonlinearity.from_sympy, (self.expression, self.name)
        return Nonlinearity, (self.function, self.derivative, self.name, None, self.closed,
                              self.slope_product)

    def _identity(self):
        if self.expression is not None:
            return (self.name, self.expression)
        return (self.name, self.function, self.derivative)

    def __eq__(self, other) -> bool:
        return isinstance(other, Nonlinearity) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def __repr__(self) -> str:
        if BUILT_IN.get(self.name) is self:
            return f"dmft.{self.name}"
        return f"<Nonlinearity {self.name}>"


BUILT_IN: dict[str, Nonlinearity] = {}


def _probe(field_name: str, function: Function) -> np.ndarray:
    points = np.concatenate([_PROBES, -_PROBES])
    try:
        values = np.asarray(function(points), dtype=float)
    except Exception as error:
        checks.reject(field_name, function, f"fails on an array ({error})",
                      "give a function that acts elementwise on float arrays")
    if values.shape != points.shape:
        checks.reject(field_name, function, f"turns shape {points.shape} into {values.shape}",
                      "give a function that acts elementwise on float arrays")
    if not np.all(np.isfinite(values)):
        checks.reject(field_name, function, "infinite or NaN somewhere on [-5.3, 5.3]",
                      "give a function that is finite on the real line")
    return values


def _check_derivative(function: Function, slopes: np.ndarray) -> None:
    points, step = np.concatenate([_PROBES, -_PROBES]), DERIVATIVE_STEP
    differences = (np.asarray(function(points + step)) - function(points - step)) / (2 * step)
    tolerance = DERIVATIVE_TOLERANCE * (1 + np.max(np.abs(slopes)))
    wrong = np.abs(differences - slopes) > tolerance
    if np.any(wrong):
        i = np.argmax(wrong)
        checks.reject("derivative", float(slopes[i]),
                      f"at x={points[i]:g} the slope of the function is {differences[i]:.6g}",
                      "give phi' as the derivative of phi")


tanh = Nonlinearity(transfer.tanh, transfer.tanh_slope, "tanh",
                    slope_product=transfer.tanh_slope_product)
erf = Nonlinearity(transfer.erf, transfer.erf_slope, "erf", closed=ClosedForm(
    gaussian.erf_correlation, gaussian.erf_correlation_slope,
    gaussian.erf_mean, gaussian.erf_mean_slope))
relu = Nonlinearity(transfer.relu, transfer.relu_slope, "relu", closed=ClosedForm(
    gaussian.relu_correlation, gaussian.relu_correlation_slope,
    gaussian.relu_mean, gaussian.relu_mean_slope))
linear = Nonlinearity(transfer.linear, transfer.linear_slope, "linear", closed=ClosedForm(
    gaussian.linear_correlation, gaussian.linear_correlation_slope,
    gaussian.linear_mean, gaussian.linear_mean_slope))
BUILT_IN.update({phi.name: phi for phi in (tanh, erf, relu, linear)})

"""Nonlinearity: the transfer function phi, its derivative, and its averages in closed form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ..base import checks
from ..equations import gaussian, transfer
from .closed_form import ClosedForm
from .jumps import find_jump
from .piecewise_linear import piecewise_linear
from .symmetry import symmetry
from .tuning import (
    DERIVATIVE_STEP,
    DERIVATIVE_TOLERANCE,
    FINITE_POINTS,
    KINK_STEP,
    MOST_KINKS,
    PROBE_POINTS,
    SMALLEST_JUMP,
)

__all__ = ["BUILT_IN", "ClosedForm", "Nonlinearity", "erf", "linear", "relu", "tanh"]

Function = Callable[[np.ndarray], np.ndarray]
_PROBES = np.array(PROBE_POINTS)


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
        Gaussian averages in closed form, if they are known; set for a piecewise linear phi.
    slope_product : callable, optional
        phi'((s+d)/2) phi'((s-d)/2) as a function of s and d, if it is cheaper than two calls.
    kinks : sequence of float, optional
        Break-points: every x at which phi' jumps or has a corner, such as (-1, 1) for
        clip(x, -1, 1). Averages are integrated between them. `from_sympy` finds them itself.

    Attributes
    ----------
    odd : bool
        Whether phi(-x) = -phi(x), found by evaluating it.
    even_slope : bool
        Whether phi - phi(0) is odd, so that phi' is even.

    Raises
    ------
    ModelError
        If a function is not callable, changes the shape of its argument, returns single precision,
        or is not finite on [-5.3, 5.3]; if phi jumps; or if `derivative` is not the derivative of
        `function`.

    Examples
    --------
    >>> phi = Nonlinearity(np.arctan, lambda x: 1 / (1 + x * x), name="arctan")
    >>> phi.odd
    True
    >>> import dmft
    >>> hard = Nonlinearity(lambda x: np.clip(x, -1, 1), lambda x: 1.0 * (abs(x) < 1),
    ...                     name="hard tanh", kinks=(-1, 1))
    >>> round(float(dmft.solve(dmft.RandomNetwork(2.0, hard)).C_x[0]), 6)
    2.415258
    """

    function: Function
    derivative: Function
    name: str = "phi"
    expression: Any = None
    closed: ClosedForm | None = field(default=None, repr=False)
    slope_product: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = field(
        default=None, repr=False)
    kinks: tuple[float, ...] = field(default=(), repr=False)
    odd: bool = field(init=False, repr=False)
    even_slope: bool = field(init=False, repr=False)
    # the function that this one is a shift of, if any, which was scanned for kinks already
    origin: Nonlinearity | None = field(default=None, init=False, repr=False, compare=False)

    if TYPE_CHECKING:  # accepts more than the fields keep; test_types.py compares the two
        def __init__(self, function: Function, derivative: Function, name: str = "phi",
                     expression: Any = None, closed: ClosedForm | None = None,
                     slope_product: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None,
                     kinks: Sequence[float] = ()) -> None: ...

    def __post_init__(self):
        for field_name in ("function", "derivative"):
            if not callable(getattr(self, field_name)):
                checks.reject(field_name, getattr(self, field_name), "not callable",
                              "give a function of a float array")
        if not isinstance(self.name, str):
            checks.reject("name", self.name, "not a string", "give a short name")
        kinks = _break_points(self.kinks)
        object.__setattr__(self, "kinks", kinks)
        values = _probe("function", self.function)
        slopes = _probe("derivative", self.derivative)
        _check_jumps(self.function, kinks)
        _check_derivative(self.function, slopes, kinks)
        if kinks and self.closed is None:
            found = piecewise_linear(self.function, self.derivative, kinks)
            object.__setattr__(self, "closed", found and found.averages)
        odd, even_slope = symmetry(self.function, values, slopes)
        object.__setattr__(self, "odd", odd)
        object.__setattr__(self, "even_slope", even_slope)

    def __call__(self, x):
        """phi(x), elementwise."""
        return self.function(x)

    @property
    def is_linear(self) -> bool:
        """Whether phi' is the same everywhere, as far as a few points out to 100 show it."""
        return bool(np.ptp(self.derivative(np.concatenate([_PROBES, -_PROBES, [-100.0, 100.0]])))
                    == 0)

    @property
    def at_zero(self) -> float:
        """phi(0)."""
        return float(self.function(np.zeros(1))[0])

    @property
    def slope_at_zero(self) -> float:
        """phi'(0): the quiescent state loses stability at g phi'(0) = 1."""
        return float(self.derivative(np.zeros(1))[0])

    @classmethod
    def from_sympy(cls, expression, name: str | None = None) -> Nonlinearity:
        """The nonlinearity of a sympy expression in one symbol.

        sympy differentiates the expression, and the emitter that writes `dmft.equations` converts
        both to numpy code; no string is evaluated. Break-points are read from Piecewise, Max, Min,
        Abs, sign and Heaviside. Where plain code overflows although phi is finite, as
        log(1 + exp(x)) does, an equivalent form is used.

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
            If it is not such an expression (a string is not parsed), has infinitely many
            break-points, or jumps.
        """
        import sympy

        from ..derivations.printing.user_nonlinearity import EmitError, compile_nonlinearity

        if not isinstance(expression, sympy.Expr):
            checks.reject("expression", expression, "not a sympy expression",
                          "give an expression such as sympy.tanh(sympy.Symbol('x'))")
        symbols = sorted(expression.free_symbols, key=str)
        if len(symbols) != 1:
            checks.reject("expression", expression, f"has {len(symbols)} free symbols",
                          "give an expression in exactly one symbol")
        try:
            code = compile_nonlinearity(expression, symbols[0], _finite_far_out)
        except EmitError as error:
            checks.reject("expression", expression,
                          f"it or its derivative has no numpy code ({error})",
                          "use a differentiable function, or Nonlinearity(function, derivative)")
        return cls(code.function, code.derivative, name or str(expression), expression,
                   kinks=code.kinks)

    def __reduce__(self):
        if self.expression is not None:  # compiled functions do not pickle, expressions do
            return Nonlinearity.from_sympy, (self.expression, self.name)
        return Nonlinearity, (self.function, self.derivative, self.name, None, self.closed,
                              self.slope_product, self.kinks)

    def _identity(self):
        if self.expression is not None:
            return (self.name, self.expression)
        return (self.name, self.function, self.derivative, self.kinks)

    def __eq__(self, other) -> bool:
        return isinstance(other, Nonlinearity) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def __repr__(self) -> str:
        if BUILT_IN.get(self.name) is self:
            return f"dmft.{self.name}"
        return f"<Nonlinearity {self.name}>"


BUILT_IN: dict[str, Nonlinearity] = {}


def _break_points(kinks: Any) -> tuple[float, ...]:
    if isinstance(kinks, (tuple, list)) and not kinks:
        return ()
    found = np.unique(checks.bounded("kinks", checks.finite_array("kinks", kinks, 1)))
    if len(found) > MOST_KINKS:
        checks.reject("kinks", kinks, f"{len(found)} break-points", f"give at most {MOST_KINKS}")
    return tuple(found.tolist())


def _finite_far_out(function: Function) -> bool:
    with np.errstate(all="ignore"):
        values = np.asarray(function(np.array(FINITE_POINTS)))
    return bool(np.all(np.isfinite(values if np.iscomplexobj(values) else values.astype(float))))


def _probe(field_name: str, function: Function) -> np.ndarray:
    points = np.concatenate([_PROBES, -_PROBES])
    try:
        given = np.asarray(function(points))
        if np.iscomplexobj(given):
            raise ValueError("its values are complex")
        values = np.asarray(given, dtype=float)
        with np.errstate(all="ignore"):
            at_zero = np.asarray(function(np.zeros(1)), dtype=float)
    except Exception as error:
        checks.reject(field_name, function, f"fails on an array ({error})",
                      "give a function that acts elementwise on float arrays")
    if values.shape != points.shape:
        checks.reject(field_name, function, f"turns shape {points.shape} into {values.shape}",
                      "give a function that acts elementwise on float arrays")
    if not np.all(np.isfinite(values)) or not np.all(np.isfinite(at_zero)):
        wrong = np.append(points[~np.isfinite(values)], 0.0)
        checks.reject(field_name, function, f"infinite or NaN at x = {wrong[0]:g}",
                      "give a function that is finite on the real line")
    for single in ("float16", "float32"):
        rounded = np.any(values != np.rint(values)) and np.all(
            values.astype(single).astype(float) == values)
        # Values such as 0.5 are exact in single precision; those at irregular points are not.
        if given.dtype == single or (rounded and len(np.unique(values)) > len(points) // 2):
            checks.reject(field_name, function, f"computes in {single}, whose rounding errors are "
                          "too large for the theory", "compute in float64 (numpy's default), "
                          "without .astype and constants of lower precision")
    return values


def _check_jumps(function: Function, kinks: tuple[float, ...]) -> None:
    found = find_jump(function)
    for kink in kinks:
        step = KINK_STEP * max(1.0, abs(kink))
        near = np.asarray(function(kink + step * np.array([-2.0, -1.0, 1.0, 2.0])), dtype=float)
        # A jump is far larger than the steps on its two sides.
        beside = abs(near[1] - near[0]) + abs(near[3] - near[2])
        if abs(near[2] - near[1]) > 10 * beside + SMALLEST_JUMP * (1e-3 + np.max(np.abs(near))):
            found = kink, float(near[2] - near[1])
            break
    if found is not None:
        checks.reject("function", function, f"phi jumps at x = {found[0]:.6g} by {found[1]:.6g}: "
                      "its slope is infinite there, and theories of phi' do not apply",
                      "give a steep continuous phi whose limit it is, such as tanh(50*x) for "
                      "sign(x)")


def _check_derivative(function: Function, slopes: np.ndarray, kinks: tuple[float, ...]) -> None:
    points, step = np.concatenate([_PROBES, -_PROBES]), DERIVATIVE_STEP
    differences = (np.asarray(function(points + step)) - function(points - step)) / (2 * step)
    tolerance = DERIVATIVE_TOLERANCE * (1 + np.max(np.abs(slopes)))
    wrong = np.abs(differences - slopes) > tolerance
    if kinks:
        wrong &= np.min(np.abs(points[:, None] - np.array(kinks)), axis=1) > 2 * step
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
    gaussian.relu_mean, gaussian.relu_mean_slope), kinks=(0.0,))
linear = Nonlinearity(transfer.linear, transfer.linear_slope, "linear", closed=ClosedForm(
    gaussian.linear_correlation, gaussian.linear_correlation_slope,
    gaussian.linear_mean, gaussian.linear_mean_slope))
BUILT_IN.update({phi.name: phi for phi in (tanh, erf, relu, linear)})

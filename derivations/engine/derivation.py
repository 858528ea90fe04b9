"""A derivation: steps with their proofs, formulas to be printed, self-consistency conditions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import sympy as sp
from sympy.codegen.cfunctions import expm1, log1p

# LaTeX for symbols whose names in the code are words.
LETTERS = {"noise": r"\sigma", "variance": "v", "bias": "b", "gain": "G", "reciprocity": "r",
           "dt": "h", "root": r"\mathrm{root}", "delta_0": r"\delta(0)",
           "curvature": "b", "Delta_infinity": r"\Delta_{\infty}", "overlap": "T", "latent": "z",
           "lam": r"\lambda", "slope": r"\phi'", "slope_j": r"\phi'_j", "stiffness": "D",
           "discriminant": "d",
           "other": "z'", "covariance": "M", "growth": r"\lambda", "b_hub": "b_1",
           "sum_inverse": r"\textstyle\sum b_n^{-1}", "sum_b": r"\textstyle\sum b_n",
           "gain_squared_slope": r"g^2\kappa", "inverse_rank": r"\mathrm{PR}_D^{-1}",
           "weight_mean": r"\langle W\rangle", "weight_square": r"\langle W^2\rangle",
           "s2": r"\langle s^2\rangle", "s2_weighted": r"\langle Ws^2\rangle",
           "v2": r"\langle v^2\rangle", "v4": r"\langle v^4\rangle",
           "C_12": r"\langle C_1C_2\rangle", "C_mean_1": r"\langle C_1\rangle",
           "C_mean_2": r"\langle C_2\rangle", "C_12_weighted": r"\langle WC_1C_2\rangle",
           "C_12_weighted_squared": r"\langle W^2C_1C_2\rangle"}  # fmt: skip

Residual: TypeAlias = sp.Basic | Callable[[], sp.Basic]


class DerivationError(AssertionError):
    """A step's residual did not reduce to zero."""


@dataclass(frozen=True)
class Step:
    """One statement of a derivation with the calculation that proves it.

    Parameters
    ----------
    says : str
        The statement, in words.
    equation : sympy expression or str
        The equation shown on the page (a string is taken as LaTeX).
    must_vanish : expression, or a function that returns one
        Left side minus right side, *as calculated*.  A function is called only when the step is
        checked.
    by : callable, optional
        The reduction that must give exactly zero; `sympy.simplify` by default.
    """

    says: str
    equation: sp.Basic | str
    must_vanish: Residual
    by: Callable[[sp.Basic], sp.Basic] | None = None

    def residual(self) -> sp.Basic:
        """Carry out the calculation and return the remainder (zero if the step holds)."""
        value = self.must_vanish() if callable(self.must_vanish) else self.must_vanish
        if isinstance(value, (tuple, list, sp.MatrixBase)):
            remainders = [self._reduce(entry) for entry in value]
            return next((entry for entry in remainders if entry != 0), sp.S.Zero)
        return self._reduce(value)

    def _reduce(self, value: sp.Basic) -> sp.Basic:
        return (self.by or sp.simplify)(sp.sympify(value))

    def check(self) -> None:
        """Raise `DerivationError`, with the remainder, unless the step holds exactly."""
        left = self.residual()
        if left != 0:
            raise DerivationError(f"not proved: {self.says}\n  remainder: {left}")


@dataclass(frozen=True)
class Formula:
    """A pointwise expression that is printed as a function of ``dmft.equations``.

    ``value`` may contain the symbols named in ``where``, a sequence of (symbol, definition): they
    become local variables of the printed function.
    """

    name: str
    args: tuple[sp.Symbol, ...]
    value: sp.Expr
    doc: str
    where: tuple[tuple[sp.Symbol, sp.Expr], ...] = ()
    test: str | None = None
    figure: str | None = None

    @property
    def expression(self) -> sp.Expr:
        """The value with every local definition substituted."""
        value = sp.sympify(self.value)
        for symbol, definition in reversed(self.where):
            value = value.xreplace({symbol: sp.sympify(definition)})
        return value


@dataclass(frozen=True)
class Condition:
    """A self-consistency equation, with unevaluated integrals, that a solution satisfies."""

    name: str
    says: str
    equation: sp.Eq

    def residual(self, values: Mapping[sp.Basic, sp.Basic]) -> sp.Expr:
        """Left minus right side with ``values`` substituted and the integrals carried out."""
        return (self.equation.lhs - self.equation.rhs).subs(values).doit()


@dataclass(frozen=True)
class Derivation:
    """A title, the steps with their proofs, and the results."""

    name: str
    title: str
    introduction: str
    steps: tuple[Step, ...] = ()
    formulas: tuple[Formula, ...] = ()
    conditions: tuple[Condition, ...] = ()
    symbols: Mapping[str, str] = field(default_factory=dict)
    references: tuple[str, ...] = ()

    def check(self) -> None:
        """Prove every step, in order; the first that fails raises `DerivationError`."""
        for step in self.steps:
            step.check()

    def formula(self, name: str) -> Formula:
        """The formula called ``name``."""
        for formula in self.formulas:
            if formula.name == name:
                return formula
        raise KeyError(f"{self.name} has no formula {name!r}")

    def to_latex(self) -> str:
        """The equations of all steps, one aligned block."""
        rows = [as_latex(step.equation) for step in self.steps]
        return "\\begin{gather}\n" + " \\\\\n".join(rows) + "\n\\end{gather}"


def as_latex(equation: sp.Basic | str) -> str:
    """LaTeX of an expression; a string is returned unchanged."""
    if isinstance(equation, str):
        return equation
    # expm1 and log1p are written out for the reader.
    plain = sp.sympify(equation).replace(expm1, lambda u: sp.exp(u) - 1)
    plain = plain.replace(log1p, lambda u: sp.log(1 + u))
    # So are polynomials in Horner's form.
    plain = plain.replace(sp.Piecewise, lambda *args: sp.Piecewise(
        *((sp.expand(value), condition) for value, condition in args)))  # fmt: skip
    named = {s: LETTERS[s.name] for s in plain.atoms(sp.Symbol) if s.name in LETTERS}
    return sp.latex(plain, symbol_names=named)

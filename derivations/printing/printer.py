"""Print a sympy expression as numpy code, from a whitelist: anything not listed is an error.

sympy's own printers are not used because they choose the library of each function themselves; here
one table defines what may be printed and what it means when it is read back.
"""

from __future__ import annotations

import sympy as sp
from sympy.codegen.cfunctions import expm1, log1p
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, BooleanFalse, BooleanTrue, Not, Or


class logaddexp(sp.Function):
    """log(exp(a) + exp(b)), without overflow; it is printed, and never differentiated."""

    nargs = 2


# sympy class -> (printed name, sympy function that the printed name stands for)
FUNCTIONS: dict[type, str] = {
    sp.exp: "np.exp", sp.log: "np.log", expm1: "np.expm1", log1p: "np.log1p",
    sp.sin: "np.sin", sp.cos: "np.cos", sp.tan: "np.tan",
    sp.asin: "np.arcsin", sp.acos: "np.arccos", sp.atan: "np.arctan", sp.atan2: "np.arctan2",
    sp.sinh: "np.sinh", sp.cosh: "np.cosh", sp.tanh: "np.tanh",
    sp.asinh: "np.arcsinh", sp.acosh: "np.arccosh", sp.atanh: "np.arctanh",
    sp.Abs: "np.abs", sp.sign: "np.sign", sp.floor: "np.floor",
    sp.conjugate: "np.conj", sp.re: "np.real",
    logaddexp: "np.logaddexp", sp.erf: "special.erf", sp.erfc: "special.erfc",
}  # fmt: skip
CONSTANTS = {sp.pi: "np.pi", sp.E: "np.e", sp.I: "1j", sp.oo: "np.inf", -sp.oo: "-np.inf"}
COMPARISONS = {
    sp.StrictLessThan: "<", sp.LessThan: "<=", sp.StrictGreaterThan: ">", sp.GreaterThan: ">=",
    sp.Equality: "==", sp.Unequality: "!=",
}  # fmt: skip

# Binding strength of printed text, weakest first.
SUM, PRODUCT, SIGN, POWER, ATOM = range(5)


class EmitError(ValueError):
    """An expression contains something that may not be printed; the message names it."""


def to_numpy(expression: sp.Basic) -> str:
    """Python source of ``expression``, elementwise on numpy arrays.

    Raises
    ------
    EmitError
        If a function or an object outside the whitelist occurs.
    """
    return _print(sp.sympify(expression))[0]


def _print(e: sp.Basic) -> tuple[str, int]:
    if e in CONSTANTS:
        return CONSTANTS[e], ATOM
    if isinstance(e, sp.Symbol):
        if not e.name.isidentifier():
            raise EmitError(f"the symbol {e.name!r} is not a Python name")
        return e.name, ATOM
    if isinstance(e, sp.Integer):
        return str(e), ATOM if e >= 0 else SIGN
    if isinstance(e, sp.Rational):
        return f"{e.p} / {e.q}", PRODUCT
    if isinstance(e, sp.Float):
        return repr(float(e)), ATOM if e >= 0 else SIGN
    for kind, rule in _RULES:
        if isinstance(e, kind):
            return rule(e)
    if type(e) in FUNCTIONS:
        return _call(FUNCTIONS[type(e)], e.args), ATOM
    what = getattr(type(e), "__name__", str(type(e)))
    raise EmitError(f"{what} cannot be printed as numpy code (in {e})")


def _call(name: str, args) -> str:
    return f"{name}({', '.join(_print(a)[0] for a in args)})"


def _closed(e: sp.Basic, least: int) -> str:
    text, strength = _print(e)
    return text if strength >= least else f"({text})"


def _sum(e: sp.Add) -> tuple[str, int]:
    terms = sorted(e.as_ordered_terms(), key=lambda term: term.could_extract_minus_sign())
    text = _closed(terms[0], SUM)
    for term in terms[1:]:
        negative = term.could_extract_minus_sign()
        text += (" - " if negative else " + ") + _closed(-term if negative else term, PRODUCT)
    return text, SUM


def _product(e: sp.Mul) -> tuple[str, int]:
    if e.could_extract_minus_sign():
        return "-" + _closed(-e, PRODUCT if not isinstance(-e, sp.Pow) else ATOM), SIGN
    above, below = [], []
    for factor in e.as_ordered_factors():
        if isinstance(factor, sp.Rational):
            above += [sp.Integer(factor.p)] if factor.p != 1 else []
            below += [sp.Integer(factor.q)] if factor.q != 1 else []
        elif factor.is_Pow and factor.exp.could_extract_minus_sign() and factor.base != sp.E:
            below.append(factor.base ** (-factor.exp))
        else:
            above.append(factor)
    text = " * ".join(_closed(f, POWER) for f in above) or "1"
    if not below:
        return text, PRODUCT
    if len(below) == 1:
        return f"{text} / {_closed(below[0], POWER)}", PRODUCT
    return f"{text} / ({' * '.join(_closed(f, POWER) for f in below)})", PRODUCT


def _power(e: sp.Pow) -> tuple[str, int]:
    if e.exp == sp.S.Half:
        return _call("np.sqrt", [e.base]), ATOM
    if e.exp.could_extract_minus_sign():
        return f"1 / {_closed(e.base ** (-e.exp), POWER)}", PRODUCT
    base, exponent = _closed(e.base, ATOM), _closed(e.exp, ATOM)
    plain = base.replace(".", "").replace("_", "").isalnum() and isinstance(e.exp, sp.Integer)
    return f"{base}**{exponent}" if plain else f"{base} ** {exponent}", POWER


def _extremum(e) -> tuple[str, int]:
    name = "np.maximum" if isinstance(e, sp.Max) else "np.minimum"
    args = sorted(e.args, key=sp.default_sort_key)
    text = _print(args[-1])[0]
    for arg in reversed(args[:-1]):
        text = f"{name}({_print(arg)[0]}, {text})"
    return text, ATOM


def _heaviside(e: sp.Heaviside) -> tuple[str, int]:
    return _call("np.heaviside", e.args), ATOM


def _piecewise(e: sp.Piecewise) -> tuple[str, int]:
    *pieces, (last, always) = e.args
    text = _print(last)[0]
    if always != sp.true:
        raise EmitError(f"Piecewise without a value for every argument (in {e})")
    for value, condition in reversed(pieces):
        text = f"np.where({_condition(condition)}, {_print(value)[0]}, {text})"
    return text, ATOM


def _condition(c: sp.Basic) -> str:
    if isinstance(c, (BooleanTrue, BooleanFalse)):
        return str(bool(c))
    if isinstance(c, (And, Or)):
        args = sorted(c.args, key=sp.default_sort_key)
        return (" & " if isinstance(c, And) else " | ").join(f"({_condition(a)})" for a in args)
    if isinstance(c, Not):
        return f"~({_condition(c.args[0])})"
    if isinstance(c, Relational) and type(c) in COMPARISONS:
        return f"{_print(c.lhs)[0]} {COMPARISONS[type(c)]} {_print(c.rhs)[0]}"
    raise EmitError(f"{type(c).__name__} cannot be printed as a condition (in {c})")


_RULES = (
    (sp.Add, _sum), (sp.Mul, _product), (sp.Pow, _power), ((sp.Max, sp.Min), _extremum),
    (sp.Heaviside, _heaviside), (sp.Piecewise, _piecewise),
)  # fmt: skip

"""A user's expression as a function in memory, and as nested lists through JSON."""

import json
import warnings

import numpy as np
import pytest
import sympy as sp

from dmft.derivations.printing.emit import EmitError, compile_expression, from_tree, to_tree

x = sp.Symbol("x", real=True)
POINTS = np.array([-2.1, -0.3, 0.2, 1.7])
EXPRESSIONS = [
    sp.tanh(x), x / sp.sqrt(1 + x**2), sp.Max(0, x), sp.Min(1, sp.Max(-1, x)), sp.erf(x / 2),
    sp.log(1 + sp.exp(x)), 2 / sp.pi * sp.atan(sp.pi * x / 2), sp.Abs(x) * sp.Heaviside(x),
    sp.Piecewise((x, x > 0), (sp.exp(x) - 1, True)), sp.sin(x) + sp.cos(x) * sp.tan(x / 3),
    sp.Rational(1, 3) * x**5 + sp.E * x, sp.sinh(x) / sp.cosh(x) ** 2, sp.sign(x),
    sp.Float("0.3") * x + sp.Float("1e-12", 30), sp.Piecewise((0, x <= -1), (1, x >= 1),
                                                               ((1 + x) / 2, True)),
    sp.asin(x / 5), sp.Piecewise((x, (x > 0) & (x < 1)), (-x, True)),
]  # fmt: skip


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
def test_compiled_function_has_the_values(expression):
    f = compile_expression(expression, x, "phi")
    exact = [float(expression.subs(x, p)) for p in POINTS]
    np.testing.assert_allclose(f(POINTS), exact, rtol=1e-13, atol=1e-15)
    assert f(POINTS.reshape(2, 2)).shape == (2, 2)
    assert f.__name__ == "phi"


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
def test_tree_round_trip_through_json(expression):
    assert from_tree(json.loads(json.dumps(to_tree(expression)))) == expression
    slope = sp.diff(expression, x)
    if not slope.has(sp.DiracDelta):
        assert from_tree(json.loads(json.dumps(to_tree(slope)))) == slope


@pytest.mark.parametrize("symbol", [sp.Symbol("z"), sp.Symbol(r"\xi"), sp.Symbol("lambda"),
                                    sp.Symbol("np"), sp.Symbol("a b; import os"),
                                    sp.Symbol('"""\nimport os\n"""')])  # fmt: skip
def test_any_symbol_may_be_the_argument(symbol):
    f = compile_expression(sp.tanh(symbol) ** 2, symbol, "phi")
    np.testing.assert_allclose(f(POINTS), np.tanh(POINTS) ** 2)
    assert from_tree(to_tree(sp.tanh(symbol))) == sp.tanh(symbol)


def test_modulus_of_an_undeclared_symbol_has_a_slope():
    z = sp.Symbol("z")
    phi = z / (1 + sp.Abs(z))
    slope = compile_expression(sp.diff(phi, z), z, "phi_slope")
    np.testing.assert_allclose(slope(POINTS), 1 / (1 + np.abs(POINTS)) ** 2)


def test_branch_not_taken_does_not_warn():
    f = compile_expression(sp.Piecewise((x, x > 0), (sp.exp(-x) / x, True)), x, "phi")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert f(np.array([1e4, 0.5]))[0] == 1e4


def test_a_constant_keeps_the_shape():
    found = compile_expression(sp.Integer(2), x, "phi")(POINTS)
    np.testing.assert_array_equal(found, 2 + 0 * POINTS)


@pytest.mark.parametrize(
    ("expression", "what"),
    [(x + sp.Symbol("y"), "y"), (sp.gamma(x), "gamma"), (sp.diff(sp.sign(x), x), "DiracDelta"),
     (sp.Function("f")(x), "f"), (sp.Piecewise((x, x > 0)), "Piecewise")],
)  # fmt: skip
def test_what_cannot_be_compiled_is_named(expression, what):
    with pytest.raises(EmitError, match=what):
        compile_expression(expression, x, "phi")


def test_what_cannot_be_saved_is_named():
    with pytest.raises(EmitError, match="gamma"):
        to_tree(sp.gamma(x))


@pytest.mark.parametrize(
    "tree",
    [["system", ["symbol", "x", {}]], ["Function", "f"], [], ["symbol"], "tanh(x)", ["rational", 1],
     ["constant", "tau"], ["eval", "1"], 3, None, ["tanh", "x"],
     ["symbol", "x", {"real": 7, "z": 1}], ["rational", "1", "0"],
     ["float", "__import__('os')", 53], ["tanh"]],
)  # fmt: skip
def test_no_other_tree_is_read(tree):
    with pytest.raises(EmitError):
        from_tree(tree)


def test_symbols_of_any_assumptions_come_back():
    for symbol in (x, sp.Symbol("x"), sp.Symbol("x", positive=True), sp.Symbol("n", integer=True)):
        assert from_tree(json.loads(json.dumps(to_tree(symbol)))) == symbol


def test_the_name_must_be_a_name():
    with pytest.raises(EmitError):
        compile_expression(x, x, "phi(x): import os")

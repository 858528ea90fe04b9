"""The emitter: the text it prints, the expressions it refuses, and the evaluation of its text."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import sympy as sp

from dmft.derivations.engine.derivation import Derivation, DerivationError, Formula
from dmft.derivations.printing import emit, pages
from dmft.derivations.printing.printer import to_numpy

ROOT = Path(__file__).resolve().parents[3]
x, y = sp.symbols("x y", real=True)


def derivation(value, args=(x, y), name="f", where=()):
    formula = Formula(name, args, value, "A trial.", where)
    return Derivation("trial", "Trial", "", formulas=(formula,))


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (x - y, "x - y"),
        (-x - 1, "-x - 1"),
        (1 - x, "1 - x"),
        (x / 2, "x / 2"),
        (-x / y, "-x / y"),
        (2 / (x * y), "2 / (x * y)"),
        (x / (1 + y) ** 2, "x / (y + 1) ** 2"),
        (1 / sp.sqrt(x + 1), "1 / np.sqrt(x + 1)"),
        (x ** sp.Rational(3, 2), "x ** (3 / 2)"),
        ((x + 1) * (y - 1), "(x + 1) * (y - 1)"),
        (-((x + y) ** 2), "-((x + y) ** 2)"),
        (sp.exp(-(x**2)), "np.exp(-(x**2))"),
        (sp.Max(x, 0, y), "np.maximum(0, np.maximum(x, y))"),
        (sp.Heaviside(x), "np.heaviside(x, 1 / 2)"),
        (sp.erf(x) + sp.pi, "special.erf(x) + np.pi"),
        (sp.I * x, "1j * x"),
        (sp.Rational(-3, 4), "-3 / 4"),
        (x**y, "x ** y"),
        ((-x) ** sp.Integer(3), "-(x**3)"),
        (sp.Float(0.1) * x, "0.1 * x"),
    ],
)
def test_printed_text(expression, text):
    assert to_numpy(expression).replace(" ** y", "**y") == text.replace(" ** y", "**y")


EXPRESSIONS = [
    x - y / (x**2 + 1), (x + y) ** 3 / (1 + sp.exp(-x)) ** 2, -(x - 1) * (y - 2) / 7,
    1 / (1 + x**2) - 1 / (3 + y**2), sp.sqrt(x**2 + 1) ** 3, (x**2 + 1) ** sp.Rational(-3, 2),
    sp.Piecewise((x, x > 0), (sp.exp(x) - 1, True)),
    sp.Piecewise((0, (x < -1) | (y > 2)), (x * y, x < 1), (1, True)),
    sp.tan(x) * sp.atan(y) + sp.sinh(x) / sp.cosh(y), sp.Abs(x) * sp.sign(y), sp.log(x**2 + 1),
    -x**2, -(x**2) * y, 2 - 3 * x, sp.Min(x, y) - sp.Max(1, x), x**-2, (-2) ** sp.Integer(3) * x,
    sp.erf(x / 3) + sp.erfc(y) + sp.E, sp.asin(x / 9) - sp.acos(y / 9), (x * y) ** 2,
    sp.Rational(5, 3) * x / y, -sp.Rational(5, 3) / (x**2 + 1),
]  # fmt: skip


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
def test_text_means_the_expression(expression):
    """Evaluated on symbols it is the expression; evaluated on numbers it has the expression's
    values."""
    trial = derivation(expression)
    text = emit.emit(trial)
    emit.prove(text, trial)
    names = {}
    exec(text, names)
    a, b = np.array([-1.7, 0.4, 2.3]), np.array([0.6, -2.2, 1.1])
    exact = [float(expression.subs({x: u, y: v})) for u, v in zip(a, b, strict=True)]
    np.testing.assert_allclose(names["f"](a, b), exact, rtol=1e-13)


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        (sp.gamma(x), "gamma"),
        (sp.Function("mystery")(x), "mystery"),
        (sp.DiracDelta(x), "DiracDelta"),
        (sp.Integral(x, (x, 0, y)), "Integral"),
        (sp.Derivative(sp.Function("f")(x), x), "Derivative"),
        (sp.Symbol("z") + x, "z"),
        (sp.Piecewise((x, x > 0)), "Piecewise"),
        (sp.zoo * x, "ComplexInfinity"),
    ],
)
def test_what_may_not_be_printed_is_named(expression, name):
    with pytest.raises(emit.EmitError, match=name):
        emit.emit(derivation(expression))


@pytest.mark.parametrize("bad", ["a b", "1x", "lambda", "x; import os", ""])
def test_names_must_be_names(bad):
    with pytest.raises(emit.EmitError):
        emit.emit(derivation(x, name=bad))
    with pytest.raises(emit.EmitError):
        emit.emit(derivation(x, args=(x, sp.Symbol(bad or "for"))))


def test_local_definitions_are_printed_once_and_read_back():
    q = sp.Symbol("q")
    trial = derivation(q / (1 + q), where=((q, sp.exp(-x)),))
    text = emit.emit(trial)
    assert "    q = np.exp(-x)\n" in text
    emit.prove(text, trial)
    with pytest.raises(DerivationError):
        emit.prove(text.replace("np.exp(-x)", "np.exp(x)"), trial)


def test_a_missing_function_is_no_proof():
    with pytest.raises(DerivationError, match="missing"):
        emit.prove("", derivation(x))


def test_long_lines_are_broken_and_still_mean_the_same():
    terms = sum((x + n) ** 2 / (y**2 + n) for n in range(1, 9))
    trial = derivation(terms)
    text = emit.emit(trial)
    assert max(map(len, text.splitlines())) <= 100
    emit.prove(text, trial)


def test_emitted_text_contains_no_sympy_and_is_deterministic():
    once, twice = emit.files(), emit.files()
    assert once == twice
    for name, text in once.items():
        if name.endswith(".py"):
            assert "sympy" not in text.replace("derivations", "")
            assert "do not edit" in text


def test_emitted_files_are_clean():
    folders = [str(ROOT / "dmft/equations"), str(ROOT / "derivations")]
    pytest.importorskip("ruff")
    run = subprocess.run([sys.executable, "-m", "ruff", "check", *folders], cwd=ROOT,
                         capture_output=True, text=True, check=False)  # fmt: skip
    assert run.returncode == 0, run.stdout


def test_pages_show_every_step_formula_and_condition():
    files = emit.files()
    from dmft.derivations import CATALOGUE, load

    for name in CATALOGUE:
        page, index = files[f"docs/equations/{name}.md"], files["docs/equations/index.md"]
        for step in load(name).steps:
            assert pages.prose(step.says) in page
        for condition in load(name).conditions:
            assert pages.prose(condition.says) in page
        for formula in load(name).formulas:
            assert f"dmft.equations.{name}.{formula.name}" in index
        assert page.count("$$") % 2 == 0

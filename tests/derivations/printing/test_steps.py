"""The first check: every step of every derivation reduces exactly to zero."""

import pytest

from dmft.derivations import CATALOGUE, load
from dmft.derivations.engine.derivation import DerivationError, Step

STEPS = [(name, number) for name in CATALOGUE for number in range(len(load(name).steps))]


@pytest.mark.parametrize(("name", "number"), STEPS)
def test_step_is_proved(name, number):
    load(name).steps[number].check()


def test_a_false_step_is_refused():
    import sympy as sp

    x = sp.Symbol("x")
    false = Step("a square is a cube", "x^2 = x^3", lambda: x**2 - x**3)
    with pytest.raises(DerivationError, match="a square is a cube"):
        false.check()
    with pytest.raises(DerivationError):
        Step("one entry of several", "", [sp.S.Zero, x]).check()


@pytest.mark.parametrize("name", CATALOGUE)
def test_residuals_are_calculated(name):
    """A step is not a tautology: its residual is a function that performs the calculation."""
    for step in load(name).steps:
        assert callable(step.must_vanish), step.says


def test_an_unknown_name_lists_the_choices():
    with pytest.raises(KeyError, match="transfer"):
        load("nothing")


@pytest.mark.parametrize("name", CATALOGUE)
def test_latex_has_every_step(name):
    derivation = load(name)
    assert derivation.to_latex().count("\\\\\n") == len(derivation.steps) - 1

"""Units and transfer functions as text: what they mean, and what is refused."""

from __future__ import annotations

import pytest
import sympy

import dmft
from dmft import ModelError
from dmft.scan_files.scan_file import described
from dmft.scan_files.texts import phi_from, unit_from

s = sympy.Symbol("s")


@pytest.mark.parametrize(("text", "unit"), [
    ("leaky", dmft.Leaky()),
    ("adaptation(1.0, 4.0)", dmft.Adaptation(1.0, 4.0)),
    (" filter( 2.5 ) ", dmft.SynapticFilter(2.5)),
    ("map(0.5)", dmft.Map(0.5)),
    ("rational(1/(1 + s/20))", dmft.Rational(1 / (1 + s / 20))),
    ("rational((1 + 2*s) / (1 + s)**3)", dmft.Rational((1 + 2 * s) / (1 + s) ** 3)),
    ("rational(-0.5/(1 + s))", dmft.Rational(-1 / (2 * (1 + s)))),
])
def test_a_unit_in_words(text, unit):
    assert unit_from(text) == unit


@pytest.mark.parametrize("text", [
    3, "", "Leaky", "leaky(1)", "adaptation", "adaptation(1)", "filter(tau)", "map(0.5", "spike(1)",
    "rational()", "rational(1/(1 + t))", "rational(__import__('os'))", "rational(s.diff())",
    "rational(1/(1 + s)**99)", "rational(((((2+s)**20)**20)**20)**20)", "rational(1/0)",
    "rational(9**99999999)", "rational(2)", "rational(1/(1+s)**s)", "rational((1)",
    "rational(True/(1+s))",
    "rational(" + "+".join(["s"] * 600) + ")"])
def test_what_is_no_unit_is_refused(text):
    with pytest.raises(ModelError, match="unit="):
        unit_from(text)


def test_powers_of_powers_are_not_computed():
    with pytest.raises(ModelError, match="powers written out"):
        unit_from("rational(((((2+s)**20)**20)**20)**20)")


def test_an_unstable_unit_is_refused_by_the_unit_itself():
    with pytest.raises(ModelError):
        unit_from("rational(1/(1 - s))")
    with pytest.raises(ModelError):
        unit_from("filter(-1)")


def test_a_scan_of_populations_with_their_own_units():
    found = described({"network": "population", "verb": "solve",
                       "parameters": {"mean": [[0.5, -1.0], [1.0, 0.0]], "phi": ["tanh", "relu"],
                                      "unit": ["adaptation(1, 3)", "leaky"]},
                       "grid": {"g": [0.2, 0.4]}})
    assert [one.phi for one in found.networks] == 2 * [(dmft.tanh, dmft.relu)]
    assert found.networks[1].unit == (dmft.Adaptation(1.0, 3.0), dmft.Leaky())
    assert phi_from("erf") is dmft.erf
    with pytest.raises(ModelError, match="phi='tan'"):
        phi_from("tan")

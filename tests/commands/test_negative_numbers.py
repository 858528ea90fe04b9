"""A negative number is read as a value, in every notation of numbers."""

from __future__ import annotations

import argparse

import numpy as np
import pytest

from dmft.__main__ import parser
from dmft.commands import networks, solve

SIMPLE = ["-1", "-0.5", "-.5", "-5.", "-5e-1", "-1E-3", "-1e+2", "-1.5e2", "-1_0.5", "-1e-05"]


def parsed(*words: str) -> argparse.Namespace:
    return parser(words[0]).parse_args(list(words))


@pytest.mark.parametrize("word", SIMPLE)
@pytest.mark.parametrize("option", ["--k={}", "--k {}"])
def test_a_number(word, option):
    given = parsed("solve", "plastic", "--g", "1", "--p", "2", *option.format(word).split())
    assert given.k == float(word)
    assert networks.network(given).k == float(word)


@pytest.mark.parametrize("word", ["-inf", "-nan", "-Infinity"])
def test_what_is_not_finite_is_named_as_such(call_dmft, word):
    status, _, err = call_dmft("solve", "plastic", "--g", "1", "--p", "2", "--k", word)
    assert status == 2
    assert "not finite" in err.splitlines()[0]
    assert "k=" in err.splitlines()[0]


@pytest.mark.parametrize("words", [
    ["1", "-5e-1", "-.5", "-2"], ["1,-5e-1", "-.5,-2"], ["1,-5e-1,-.5,-2"],
])
def test_rows_of_numbers(words):
    given = parsed("solve", "multiregion", "--g", "1", "1", "--T", *["-1e-1"] * 8, "--stop", "3",
                   "--currents", *words, "--variance", "1", "2")
    assert np.array_equal(solve.preparation(given)["currents"], [[1, -0.5], [-0.5, -2]])
    assert np.array_equal(networks.network(given).T, np.full((2, 2, 2), -0.1))


def test_a_row_that_begins_with_a_negative_number():
    given = parsed("solve", "modes", "--D", "1", "2", "--overlaps", "-1e-1,-.2")
    assert np.allclose(networks.network(given).overlaps, [-0.1, -0.2])


@pytest.mark.parametrize(("words", "expected"), [
    (["--bias", "-1e-1"], "bias=-0.1: negative"), (["--span", "-1e1", "--dt", "1"], "span=-10.0"),
    (["--k1", "2"], "unrecognized arguments: --k1 2"), (["-x"], "unrecognized arguments: -x"),
    (["--bias", "-"], "invalid float value: '-'"), (["--bias", "-e1"], "expected one argument"),
])
def test_the_message_is_about_the_value(call_dmft, words, expected):
    status, _, err = call_dmft("solve", "random", "--g", "2", *words)
    assert status == 2
    assert expected in err.splitlines()[0]

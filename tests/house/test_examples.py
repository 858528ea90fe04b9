"""Every public class and function has an example in its docstring, and it gives what it shows."""

from __future__ import annotations

import doctest
import sys
import types

import pytest

import dmft
from dmft import validation

# examples that take more than a second
COSTLY = {"Frozen", "active_family_onset", "chaotic_overlaps", "continue_in", "fixed_point_onset",
          "freeze", "freezing_onset", "SamplingOptions"}


def public() -> dict[str, type | types.FunctionType]:
    """Every public class and function, by its full name. (tanh and its like are instances.)"""
    found = {}
    for front in (dmft, validation):
        for name in sorted(front._HOME):
            value = getattr(front, name)
            if isinstance(value, (type, types.FunctionType)):
                found[f"{front.__name__}.{name}"] = value
    return found


def examples(value) -> list[doctest.Example]:
    return doctest.DocTestParser().get_examples(value.__doc__ or "")


def test_every_name_has_an_example():
    assert not {name for name, value in public().items() if not examples(value)}


@pytest.mark.filterwarnings("ignore::dmft.ResolutionWarning")
@pytest.mark.parametrize("name", [
    pytest.param(name, marks=[pytest.mark.slow] * (name.removeprefix("dmft.") in COSTLY))
    for name in public()])
def test_an_example_gives_what_it_shows(name, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    value = public()[name]
    names = dict(vars(sys.modules[value.__module__]))
    test = doctest.DocTest(examples(value), names, name, None, 0, value.__doc__)
    report: list[str] = []
    doctest.DocTestRunner(verbose=False).run(test, out=report.append)
    assert not report, "".join(report)

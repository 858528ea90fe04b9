"""The map from equations to functions, tests and figures: everything it names exists."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from dmft import equations
from dmft.derivations import CATALOGUE, load
from dmft.validation.figures import registry

ROOT = Path(__file__).resolve().parents[3]
FORMULAS = {f"{name}.{f.name}": f for name in CATALOGUE for f in load(name).formulas}
PATH = re.compile(r"(?:tests|docs)/[\w./-]+\.\w+")


@cache
def defined_tests(path):
    """Names of the test functions of a file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("name", FORMULAS)
def test_every_formula_names_a_test_that_exists(name):
    path, _, test = FORMULAS[name].test.partition("::")
    assert (ROOT / path).is_file(), path
    assert test.startswith("test_")
    assert test in defined_tests(path), FORMULAS[name].test


def test_every_figure_named_exists_and_can_be_regenerated():
    named = {formula.figure for formula in FORMULAS.values()} - {None}
    assert named
    drawn = {f"docs/figures/{figure.name}.png" for theory in registry.THEORIES
             for figure in registry.figures(theory)}  # fmt: skip
    for figure in named:
        assert (ROOT / figure).is_file(), figure
        assert figure in drawn, figure


def test_every_path_in_the_committed_map_exists():
    """The test and figure columns as committed, independent of the current derivations."""
    text = (ROOT / "docs/equations/index.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| [eq-")]
    assert len(rows) == len(FORMULAS)
    for row in rows:
        paths = PATH.findall(" ".join(row[-2:]))
        assert paths, row[0]
        for path in paths:
            assert (ROOT / path).is_file(), path


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_generated_module_names_its_derivation(name):
    module = __import__(f"{equations.__name__}.{name}", fromlist=[name])
    source = re.search(r"derivations/[\w/]+\.py", module.__doc__).group()
    assert (ROOT / source).is_file(), source
    for formula in load(name).formulas:
        assert callable(getattr(module, formula.name))

"""The table of the papers' figures names every figure, each with its theory."""

import re
from pathlib import Path

from dmft.validation.figures.registry import THEORIES, figures

PAGE = Path(__file__).parents[2] / "docs" / "published-figures.md"


def test_each_figure_has_a_row():
    found = re.findall(r"dmft figures ([a-z-]+) --only ([\w ]+)`", PAGE.read_text())
    named = {(theory, name) for theory, names in found for name in names.split()}
    assert named == {(theory, one.name) for theory in THEORIES for one in figures(theory)}

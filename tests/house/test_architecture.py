"""The pages that lead through the house: the picture is drawn from it, every named file exists."""

from __future__ import annotations

import re
import runpy

import pytest

from tests.house.floors import ROOT, WITHIN, dotted, room_of, sources

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PATH = re.compile(r"`((?:derivations|dmft|validation|tests|docs)/[\w./-]*)`")


def test_the_picture_is_drawn_from_the_code():
    drawn = runpy.run_path(str(ROOT / "docs" / "draw_architecture.py"))
    assert drawn["PICTURE"].read_text() == drawn["picture"](), "run `make picture`"


def test_the_picture_has_a_line_from_each_box_that_imports():
    edges = runpy.run_path(str(ROOT / "docs" / "draw_architecture.py"))["edges"]()
    assert ("network", "ensembles") in edges
    assert ("solving", "network") not in edges  # it follows from others


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_is_there(page):
    missing = [name for name in PATH.findall(page.read_text()) if not (ROOT / name).exists()
               and not re.search(r"/x(\.|/)", name)]  # x stands for a theory of one's own
    assert not missing


def test_the_readme_names_every_room_of_the_package():
    text = (ROOT / "README.md").read_text()
    rooms = {room_of(dotted(path))[1] for path in sources() if path.startswith("dmft/")}
    rooms -= {"dmft", "__main__", "finding_fixed_points", "base", "grids", *WITHIN}
    missing = [room for room in rooms if not re.search(rf"`dmft/{room}[/.]", text)]
    assert not missing

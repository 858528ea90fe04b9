"""The rooms: small folders, each with an introduction, and few files at the front door."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOUSES = ("dmft", "derivations", "validation")
MOST_FILES = 15  # source files in a folder, its __init__ not counted
MOST_LOOSE = 8  # files at the top of a house
LONGEST = 300  # lines of a file that is not generated
TEXT = ("equations",)  # generated


def rooms() -> list[Path]:
    """Every folder of the package that holds source files, but for the houses themselves."""
    return [folder for house in HOUSES for folder in sorted((ROOT / house).rglob("*"))
            if folder.is_dir() and list(folder.glob("*.py"))]


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.relative_to(ROOT).as_posix())
def test_a_room_introduces_itself(room):
    """In about five lines: what is in it, and which file to open first."""
    text = ast.get_docstring(ast.parse((room / "__init__.py").read_text())) or ""
    first = text.partition("\n")[0]
    assert 20 <= len(first) <= 100
    assert first.endswith((".", ":"))
    assert 1 <= len(text.splitlines()) <= (99 if room.name in TEXT else 10)
    named = {word.strip("`,.;():").removesuffix("/") for word in text.split() if ".py" in word}
    missing = [name for name in named if not (room / name).exists()]
    assert not missing, f"{room}: names {missing}, which are not there"


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.relative_to(ROOT).as_posix())
def test_a_room_is_small(room):
    files = [path for path in room.glob("*.py") if path.name != "__init__.py"]
    assert len(files) <= MOST_FILES, "two subjects? give each a room of its own"


@pytest.mark.parametrize("house", HOUSES)
def test_few_files_stand_at_the_front_door(house):
    assert len(list((ROOT / house).glob("*.py*"))) < MOST_LOOSE


def test_files_are_short():
    long = {path.relative_to(ROOT).as_posix(): lines for house in (*HOUSES, "tests")
            for path in (ROOT / house).rglob("*.py") if path.parent.name not in TEXT
            for lines in [len(path.read_text().splitlines())] if lines > LONGEST}
    assert not {name: lines for name, lines in long.items() if not name.startswith("tests")}


def test_the_tests_have_the_same_rooms():
    """A folder of tests is a room of the package, or one that tests the house itself."""
    tested = {path.relative_to(ROOT / "tests").as_posix() for path in (ROOT / "tests").rglob("*")
              if path.is_dir() and list(path.glob("test_*.py"))}
    own = {room.relative_to(ROOT).as_posix().removeprefix("dmft/") for room in rooms()}
    assert tested - own == {"house"}

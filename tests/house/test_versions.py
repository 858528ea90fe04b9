"""What is stated as supported is tested: oldest versions, Pythons, and the targets of make."""

from __future__ import annotations

import copy
import re
import subprocess
import sys
import tomllib

import pytest

from dmft.validation.figures.registry import THEORIES

from .versions import NOT_TESTED, ROOT, floor, floors, main, oldest_minor, pythons

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def test_every_requirement_is_tested_at_its_floor():
    lines = set(floors(PROJECT))
    extras = PROJECT["project"]["optional-dependencies"]
    tried = [one for extra, group in extras.items() if extra not in NOT_TESTED for one in group]
    for requirement in (*PROJECT["project"]["dependencies"], *tried):
        assert "{}=={}".format(*floor(requirement)) in lines
    assert all(re.fullmatch(r"[\w.-]+==[\d.]+", line) for line in lines)
    assert "numpy==2.0" in lines


@pytest.mark.parametrize("requirement", ["numpy", "numpy==2.0", "numpy>=1.26,<3", "numpy<3"])
def test_a_requirement_without_a_floor_is_refused(requirement):
    with pytest.raises(ValueError, match="write it as name>=version"):
        floor(requirement)


def test_two_floors_of_one_distribution_are_refused():
    other = copy.deepcopy(PROJECT)
    other["project"]["optional-dependencies"]["more"] = ["numpy>=2.1"]
    with pytest.raises(ValueError, match=r"numpy has the floors 2\.0 and 2\.1"):
        floors(other)


def test_the_pythons_that_are_found_are_the_right_ones():
    assert oldest_minor(PROJECT) == 11
    assert next(pythons(99), None) is None
    for path in pythons(oldest_minor(PROJECT)):
        done = subprocess.run([path, "--version"], capture_output=True, text=True, check=True)
        assert done.stdout.startswith(f"Python 3.{oldest_minor(PROJECT)}.")


def test_it_lists_the_versions_that_are_tested():
    assert main("installed").startswith(f"Python {sys.version.split()[0]}, numpy ")


def test_the_integration_run_tests_both():
    stages = re.findall(r"^stage (\w+)$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    assert {"test", "slow", "oldest", "newest"} <= set(stages)
    for stage in stages:
        assert re.search(rf"^{stage}\b.*:", MAKEFILE, re.MULTILINE)


def test_the_sample_exists():
    sample = re.search(r"^SAMPLE := ((?:.*\\\n)*.*)", MAKEFILE, re.MULTILINE)[1]
    paths = sample.replace("\\\n", " ").split()
    assert len(paths) > 10
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_make_figures_makes_those_of_every_theory():
    recipe = re.search(r"^figures:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)[1]
    theories = re.search(r"for theory in ([\w -]+);", recipe)[1].split()
    assert sorted(theories) == sorted(THEORIES)

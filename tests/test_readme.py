"""The README does what it says: its Python runs as printed, its commands and files exist."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_python_runs_as_printed():
    (block,) = BLOCKS
    run = subprocess.run([sys.executable, "-c", block], capture_output=True, text=True, cwd=ROOT,
                         check=False)
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    assert "variance 5.63743196" in run.stdout
    assert "exponent 0.25448099" in run.stdout
    assert "AGREES" in run.stdout


def test_it_is_ten_lines():
    assert sum(bool(line.strip()) for line in BLOCKS[0].splitlines()) <= 10


@pytest.mark.parametrize("path", sorted(set(re.findall(
    r"`((?:derivations|dmft|validation|tests|docs)/[\w./-]*)`", README))))
def test_each_path_exists(path):
    assert (ROOT / path).exists()


def test_each_make_target_exists():
    makefile = (ROOT / "Makefile").read_text()
    for target in set(re.findall(r"`?make (\w+)", README)):
        if target not in {"makes", "an"}:
            assert re.search(rf"^{target}\b.*:", makefile, re.MULTILINE), target


def test_the_shell_commands_are_parsed():
    from dmft.__main__ import parser

    for words in re.findall(r"-m dmft (.*)", README):
        parser(words.split()[0]).parse_args(words.split())

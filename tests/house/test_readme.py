"""The README does what it says: its Python runs as printed, its commands and files exist."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
SHOWN = re.findall(r"```text\n(.*?)```", README, re.DOTALL)
NUMBER = re.compile(r"-?\d+\.?\d*(?:e[-+]?\d+)?")


@pytest.mark.parametrize(("index", "printed"), [
    (0, ["variance 5.63743196", "exponent 0.25448099", "AGREES"]),
    (1, ["variance Estimate(3.6347325", "LyapunovExponent(0.08683", "Dimension(0.04626", "AGREES"]),
    (2, ["3 fixed points of the currents", "chaotic/chaotic", "AGREES"]),
    (3, ["rank 0.7615941559557", "Dimension(0.40231115", "time of collective modes 2.963", "+-"]),
    (4, ["C(0) Estimate(0.58", "half-life Estimate(14", "JointSpectrum", "the state freezes",
         "single, unstable, C=0.695093"]),
    (5, ["overlap with the stored state 0.9"]),
])
def test_the_python_runs_as_printed(index, printed):
    run = subprocess.run([sys.executable, "-c", BLOCKS[index]], capture_output=True, text=True,
                         cwd=ROOT, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    for text in printed:
        assert text in run.stdout
    assert_shown(SHOWN[index], run.stdout)


def assert_shown(text, output):
    """Each line that the README shows is printed, in order; dots stand for what is left out.

    Runs of chaotic networks differ from machine to machine: numbers may differ by a tenth, rows of
    tables in the columns after the simulation, and residuals and p values altogether.
    """
    printed = iter(output.splitlines())
    for line in text.splitlines():
        begin = comparable(line.removesuffix("...").rstrip())
        if begin[0]:
            assert any(agrees(begin, comparable(one)) for one in printed), line


def comparable(line):
    """Words and numbers of a line, in tables of the first columns."""
    if re.match(r"(C_x|C_phi|S\[)", line):
        line = " ".join(line.split()[:4])
    line = re.sub(r"(p =|residual|error|error=|\+-) ?[-\d.e+]+", "", line)
    return " ".join(NUMBER.sub("", line).split()), [float(x) for x in NUMBER.findall(line)]


def agrees(shown, printed):
    return printed[0].startswith(shown[0]) and all(
        found == pytest.approx(stated, rel=0.1, abs=0.02)
        for stated, found in zip(shown[1], printed[1], strict=False))


def test_a_number_that_is_not_printed_is_found():
    assert_shown("...\nC(0) 0.50 +- 0.1 ...", "first\nC(0) 0.51 +- 0.7 and more")
    for wrong in ("C(0) 0.60", "C(1) 0.50", "C(0) 0.50\nC(0) 0.50"):
        with pytest.raises(AssertionError):
            assert_shown(wrong, "first\nC(0) 0.51 +- 0.7 and more")


def test_every_block_is_run():
    assert len(BLOCKS) == len(SHOWN) == 6


def test_it_is_ten_lines_after_the_imports():
    for block in BLOCKS:
        lines = [line for line in block.splitlines()
                 if line.strip() and not line.startswith(("import ", "from "))]
        assert len(lines) <= 10, block


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

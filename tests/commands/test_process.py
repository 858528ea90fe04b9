"""The command line as a process: exit statuses, encodings, readers that have ended, Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import dmft
from dmft.__main__ import EXIT_STATUS

ROOT = Path(__file__).resolve().parents[2]
SOLVE = ["solve", "random", "--g", "2", "--phi", "erf"]
# environment of a machine without a locale: file names and output are ASCII
ASCII = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def environment(**more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def dmft_process(*words, cwd=ROOT, **options) -> subprocess.CompletedProcess:
    settings = {"env": environment(), "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.run([sys.executable, "-m", "dmft", *words], cwd=cwd, check=False, timeout=120,
                          **{**settings, **options})


# ---- exit status


@pytest.mark.parametrize(("status", "words", "says"), [
    (0, SOLVE, b""), (0, ["--help"], b""),
    (1, [*SOLVE, "--method", "fourier", "--span", "3", "--dt", "0.5"], b"give a longer span"),
    (1, ["validate", *SOLVE[1:], "--neurons", "40", "--networks", "8", "--trials", "2",
         "--duration", "4", "--quiet"], b""),
    (1, ["connectivity", "no-such-file.npy"], b"no-such-file.npy"),
    (2, ["solve"], b"required: NETWORK"), (2, [*SOLVE, "--g", "-1"], b"g=-1.0: negative"),
], ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_exit_status(status, words, says):
    done = dmft_process(*words)
    assert done.returncode == status, done.stderr
    assert says in done.stderr
    assert b"Traceback" not in done.stderr


def test_ctrl_c_is_status_130(tmp_path):
    """Of a simulation that would last hours."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dmft", "validate", *SOLVE[1:], "--networks", "100000"],
        cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        # a shell ignores SIGINT in what it starts in the background, tests included
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    try:
        for line in process.stdout:
            if line.startswith(b"convergence"):  # the last line of the solution: now it simulates
                break
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, err) == (130, b"dmft: stopped\n")


def test_help_and_docs_list_the_exit_statuses():
    shown = " ".join(dmft_process("--help").stdout.decode().split())
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    assert set(EXIT_STATUS) == {0, 1, 2, 130}
    for code, text in EXIT_STATUS.items():
        assert f" {code} {text}" in shown
        assert f"| {code} | {text} |" in page


# ---- encodings


@pytest.mark.parametrize("settings", [ASCII, {**ASCII, "PYTHONIOENCODING": ""},
                                      {"PYTHONIOENCODING": "ascii"}, {"PYTHONUTF8": "1"}],
                         ids=["ascii", "C", "ascii output", "utf-8"])
def test_a_name_that_the_encoding_lacks(tmp_path, settings):
    done = dmft_process(*SOLVE, "--output", "é.npz", cwd=tmp_path, env=environment(**settings))
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"saved               " in done.stdout
    assert os.listdir(os.fsencode(tmp_path)) == ["é.npz".encode()]
    assert dmft.load(tmp_path / "é.npz").network.g == 2.0


def test_a_message_that_the_encoding_lacks(tmp_path):
    done = dmft_process(*SOLVE, "--output", "né/é.npz", cwd=tmp_path, env=environment(**ASCII))
    assert done.returncode == 2
    assert re.match(rb"dmft: argument --output: the folder n\S+ does not exist", done.stderr)


def test_a_file_of_numbers_in_utf_8(tmp_path):
    (tmp_path / "T.csv").write_text("\ufeff# Überlappung\n1\n", encoding="utf-8")
    done = dmft_process("solve", "multiregion", "--g", "0.5", "--T", "T.csv", cwd=tmp_path,
                        env=environment(**ASCII))
    assert (done.returncode, done.stderr) == (0, b"")


# ---- readers that have ended


@pytest.mark.parametrize(("words", "both"), [(SOLVE, False), (SOLVE, True), (["--help"], False)],
                         ids=["stdout", "stdout and stderr", "help"])
def test_a_reader_that_has_ended_causes_no_traceback(words, both):
    """`dmft ... | head -1`, with `head` ended before the first line."""
    read, write = os.pipe()
    os.close(read)
    done = dmft_process(*words, stdout=write, **({"stderr": write} if both else {}))
    os.close(write)
    assert done.returncode == 1
    assert not done.stderr


def test_a_closed_output_causes_no_error():
    """`dmft ... >&- 2>&-`"""
    done = subprocess.run(["sh", "-c", '"$@" >&- 2>&-', "sh", sys.executable, "-m", "dmft", *SOLVE],
                          cwd=ROOT, env=environment(), check=False)
    assert done.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_one_line():
    for unbuffered in ("", "1"):  # the error comes at the end, or from the first line printed
        with open("/dev/full", "w") as full:
            done = dmft_process(*SOLVE, stdout=full, env=environment(PYTHONUNBUFFERED=unbuffered))
        assert done.returncode == 1
        assert re.fullmatch(rb"dmft: .*No space left on device.*\n", done.stderr)

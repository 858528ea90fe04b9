"""A process that computes for another one ends with it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def running(marker: str) -> list[int]:
    """Processes whose command line contains a text."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if marker in path.read_text() and "-c" not in path.read_text().split("\0"):
                found.append(int(path.parent.name))
        except OSError:  # it has ended meanwhile
            continue
    return found


@pytest.mark.skipif(not os.path.exists("/proc/self/cmdline"), reason="looks at /proc")
def test_a_killed_parent_leaves_no_orphan(tmp_path):
    """The process reports that it waits; then its parent is killed."""
    (tmp_path / "waits_for_long.py").write_text(
        "import time, pathlib\n"
        f"def wait():\n    pathlib.Path({str(tmp_path / 'begun')!r}).touch()\n    time.sleep(60)\n")
    code = ("import sys; from dmft.validation.execution import fresh_processes as f; "
            "f.call('waiting_' + sys.argv[1], 'wait')")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(tmp_path)])}
    # a module of the package, for this test only: found where the package looks for its own
    site = tmp_path / "sitecustomize.py"
    marker = f"waiting_{os.getpid()}"
    site.write_text("import sys, importlib.util\n"
                    "class Finder:\n"
                    "    @staticmethod\n"
                    "    def find_spec(name, path=None, target=None):\n"
                    f"        if name == 'dmft.validation.{marker}':\n"
                    "            return importlib.util.spec_from_file_location(name, "
                    f"{str(tmp_path / 'waits_for_long.py')!r})\n"
                    "sys.meta_path.append(Finder)\n")
    parent = subprocess.Popen([sys.executable, "-c", code, str(os.getpid())], env=environment,
                              cwd=ROOT)
    until = time.monotonic() + 60
    while not (tmp_path / "begun").exists() and time.monotonic() < until:
        time.sleep(0.02)
    children = running(marker)
    assert len(children) == 1
    parent.kill()
    parent.wait()
    until = time.monotonic() + 5
    while running(marker) and time.monotonic() < until:
        time.sleep(0.02)
    assert running(marker) == []

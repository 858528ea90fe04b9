"""The oldest versions that pyproject.toml states, and the Pythons that this machine has.

`make oldest` and `make newest` read them from here, so that the stated versions are tested:

    python tests/house/versions.py floors     numpy==1.26, ... one a line, for `pip install -c`
    python tests/house/versions.py oldest     the path of the oldest Python that is supported
    python tests/house/versions.py newest     the path of the newest Python that is found
    python tests/house/versions.py installed  the versions in the environment that runs it

It needs nothing but Python: it runs before anything is installed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_TESTED = ("docs", "lint")  # extras that no test imports
NEWEST_MINOR = 20  # releases 3.x that are looked for end here


def floors(project: dict) -> list[str]:
    """One line `name==version` for each requirement that the package and its tests state."""
    groups = [project["project"]["dependencies"], project["build-system"]["requires"]]
    groups += [group for name, group in project["project"]["optional-dependencies"].items()
               if name not in NOT_TESTED]
    stated: dict[str, str] = {}
    for requirement in (one for group in groups for one in group):
        name, version = floor(requirement)
        if stated.setdefault(name, version) != version:
            raise ValueError(f"{name} has the floors {stated[name]} and {version}: state one")
    return [f"{name}=={version}" for name, version in stated.items()]


def floor(requirement: str) -> tuple[str, str]:
    """("dask", "2024.5") of "dask[distributed]>=2024.5"."""
    found = re.fullmatch(r"([\w.-]+)(?:\[[\w,]+\])?>=([\d.]+)", requirement)
    if found is None:
        raise ValueError(f"{requirement!r}: has no floor; write it as name>=version")
    return found[1], found[2]


def oldest_minor(project: dict) -> int:
    """11 of requires-python = ">=3.11"."""
    return int(project["project"]["requires-python"].removeprefix(">=3."))


def pythons(minor: int) -> Iterator[str]:
    """Paths of every Python 3.minor that starts: on the PATH, or installed by pyenv."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    patches = sorted(pyenv.glob(f"3.{minor}.*/bin/python3"),
                     key=lambda path: [int(part) for part in re.findall(r"\d+", path.parts[-3])])
    for path in (shutil.which(f"python3.{minor}"), *map(str, reversed(patches))):
        if path is not None and _starts(path, minor):
            yield path


def _starts(path: str, minor: int) -> bool:
    """Whether this is a released Python 3.minor. (A shim of pyenv may refer to no version.)"""
    code = "import sys; print(*sys.version_info[:2], sys.version_info.releaselevel)"
    done = subprocess.run([path, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.split() == ["3", str(minor), "final"]


def installed(project: dict) -> str:
    """What is tested: this Python, and the versions of what the project requires."""
    found = [f"{name} {metadata.version(name)}" for name, _ in map(
        floor, project["project"]["dependencies"])]
    return ", ".join([f"Python {sys.version.split()[0]}", *found])


def main(what: str) -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    least = oldest_minor(project)
    if what == "floors":
        return "\n".join(floors(project))
    if what == "installed":
        return installed(project)
    minors = {"oldest": [least], "newest": range(NEWEST_MINOR, least - 1, -1)}[what]
    found = next((path for minor in minors for path in pythons(minor)), None)
    if found is None:
        raise SystemExit(f"no Python 3.{least}{'' if what == 'oldest' else ' or later'} was found")
    return found


if __name__ == "__main__":
    print(main(sys.argv[1]))

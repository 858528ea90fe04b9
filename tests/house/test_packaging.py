"""The package works where a user has it: from a wheel, from an editable install, from a checkout.

The package list in pyproject.toml is written by hand: a folder that was forgotten there would be
missed only by those who install. So the distributions are built, from a copy of the checkout, and
used in environments that hold nothing but Python and the dependencies that the project declares.
Nothing is downloaded: the dependencies are linked from the environment that runs the tests.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import dmft

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LITTER = shutil.ignore_patterns(".*", "__pycache__", "build", "dist", "*.egg-info", "results",
                                "_build", "gallery", "api")
SOLVE = "import dmft; print(float(dmft.solve(dmft.RandomNetwork(2.0, dmft.erf)).C_x[0]) > 1)"


def run(*command: object, cwd: Path, **environment: str) -> str:
    """Standard output of a command that must succeed, with no path of ours in its environment."""
    env = {key: value for key, value in os.environ.items()
           if not key.startswith(("PYTHON", "PIP_", "COVERAGE"))}
    done = subprocess.run([str(word) for word in command], cwd=cwd, env=env | environment,
                          capture_output=True, text=True)
    assert done.returncode == 0, f"{command}:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


def closure(requirements: list[str]) -> set[str]:
    """Names of the distributions that these requirements need, theirs included."""
    names: set[str] = set()
    waiting = [Requirement(text) for text in requirements]
    while waiting:
        one = waiting.pop()
        if one.name not in names and (one.marker is None or one.marker.evaluate({"extra": ""})):
            names.add(one.name)
            waiting += map(Requirement, metadata.requires(one.name) or ())
    return names


def environment(folder: Path, requirements: list[str]) -> Path:
    """A virtual environment with links to what is required; the path of its Python."""
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    there = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))",
                     cwd=folder.parent).strip())
    here = Path(sysconfig.get_path("purelib"))
    for name in closure(requirements):
        for file in metadata.files(name) or ():
            top = file.parts[0]
            if top != ".." and top != "__pycache__" and not (there / top).exists():
                (there / top).symlink_to(here / top)
    return python


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> Path:
    """A copy of this checkout without what git ignores: building leaves its litter there."""
    copy = tmp_path_factory.mktemp("checkout") / "copy"
    shutil.copytree(ROOT, copy, ignore=LITTER)
    return copy


@pytest.fixture(scope="module")
def built(checkout, tmp_path_factory) -> Path:
    """The folder of the sdist and of the wheel that was built from this sdist."""
    out = tmp_path_factory.mktemp("built")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, cwd=checkout)
    return out


@pytest.fixture(scope="module")
def members(built) -> set[str]:
    (wheel,) = built.glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def modules() -> dict[str, str]:
    """Every Python file and stub of the package: where in the checkout -> where in the wheel."""
    files = {}
    for folder, place in (("dmft", "dmft"), ("derivations", "dmft/derivations"),
                          ("validation", "dmft/validation")):
        for path in (*(ROOT / folder).rglob("*.py"), *(ROOT / folder).rglob("*.pyi")):
            inner = path.relative_to(ROOT / folder).as_posix()
            files[f"{folder}/{inner}"] = f"{place}/{inner}"
    return files


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(members):
    code = {name for name in members if name.endswith((".py", ".pyi"))}
    missing = set(modules().values()) - code
    assert not missing, "add its folder to packages, or its kind to package-data, in pyproject.toml"
    assert code == set(modules().values())
    assert {"dmft/__init__.pyi", "dmft/validation/__init__.pyi", "dmft/py.typed"} <= members


def test_every_folder_of_python_files_is_a_package():
    folders = {Path(path).parent for path in modules()}
    assert [str(f) for f in folders if not (ROOT / f / "__init__.py").exists()] == []


def test_the_only_top_level_name_is_dmft(members):
    tops = {name.split("/")[0] for name in members}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"dmft"}
    assert "dmft/py.typed" in members


def test_the_wheel_says_what_the_project_says(built, members):
    (wheel,) = built.glob("*.whl")
    assert wheel.name.startswith(f"dmft-{dmft.__version__}-py3-none-any")
    assert PROJECT["project"]["version"] == dmft.__version__
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in members)


def test_the_sdist_holds_what_the_wheel_is_made_of(built):
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    assert {*modules(), "pyproject.toml", "README.md", "LICENSE", "dmft/py.typed"} <= held


def test_a_wheel_in_a_clean_environment_works(built, tmp_path):
    python = environment(tmp_path / "env", PROJECT["project"]["dependencies"])
    (wheel,) = built.glob("*.whl")
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index",
        "--quiet", wheel, cwd=tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert run(python, "-c", SOLVE, cwd=elsewhere).strip() == "True"
    places = run(
        python,
        "-c",
        "import dmft.derivations.printing.emit, dmft.validation as v; "
        "print(dmft.__file__, dmft.derivations.printing.emit.__file__, v.__file__, dmft.__path__)",
        cwd=elsewhere,
    )
    assert str(ROOT) not in places
    assert places.count(str(tmp_path / "env")) == 4
    every = [name.removesuffix(".py").replace("/", ".") for name in modules().values()
             # strategies needs hypothesis
             if not name.endswith(("__main__.py", "strategies.py", ".pyi"))]
    run(python, "-c", f"import importlib\nfor name in {every}: importlib.import_module(name)",
        cwd=elsewhere)
    version = f"dmft {dmft.__version__}"
    assert run(python.parent / "dmft", "--version", cwd=elsewhere).strip() == version
    says = run(python, "-m", "dmft", "solve", "random", "--g", "2", cwd=elsewhere)
    assert "variance C_x(0)     1.9248054" in says
    assert list(elsewhere.iterdir()) == []


def test_an_editable_install_follows_the_checkout(checkout, tmp_path):
    needs = PROJECT["project"]["dependencies"] + PROJECT["build-system"]["requires"]
    python = environment(tmp_path / "env", needs)
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index",
        "--no-build-isolation", "--quiet", "--editable", checkout, cwd=tmp_path)
    assert run(python, "-c", SOLVE, cwd=tmp_path).strip() == "True"
    says = run(python, "-c", "import dmft.derivations, dmft.validation; print(dmft.__file__, "
               "dmft.derivations.__file__, dmft.validation.__file__)", cwd=tmp_path)
    assert says.count(str(checkout)) == 3


def test_a_bare_checkout_works_at_its_root(checkout, tmp_path):
    python = environment(tmp_path / "env", PROJECT["project"]["dependencies"])
    assert run(python, "-c", SOLVE, cwd=checkout).strip() == "True"
    says = run(python, "-c", "import dmft.derivations, dmft.validation; print(dmft.__file__, "
               "dmft.derivations.__file__, dmft.validation.__file__)", cwd=checkout)
    assert says.count(str(checkout)) == 3

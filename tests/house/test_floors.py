"""Every import goes down, there is no circle of files, and libraries stand where they belong."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

import pytest

from tests.house.floors import (
    ALSO,
    EVERYWHERE,
    FLOORS,
    ROOT,
    WHEN_NEEDED,
    WITHIN,
    circles,
    dotted,
    foreign,
    imports,
    reached_into,
    room_of,
    sources,
    upward,
)


def test_every_room_has_one_floor():
    rooms = {room_of(dotted(path)) for path in sources()}
    for house in ("dmft", *WITHIN):
        floors = FLOORS if house == "dmft" else WITHIN[house]
        ranked = [room for rooms_ in floors for room in rooms_]
        assert len(ranked) == len(set(ranked))
        there = {room for one, room in rooms if one == house} | (
            set(WITHIN) if house == "dmft" else set())
        assert there == set(ranked), "write a new room into FLOORS, above what it imports"


def test_floors_are_few():
    assert len(FLOORS) <= 16


def test_imports_only_go_down():
    assert not upward(sources())


def test_there_is_no_circle_of_files():
    assert not circles(sources())


def test_other_distributions_are_imported_where_they_belong():
    assert not foreign(sources())


def test_validation_takes_public_names_and_what_stands_below_the_solvers():
    assert not reached_into(), "make the name public, or move what is shared down"


@pytest.mark.parametrize("planted", [
    ("dmft/grids/lags.py", "from ..network.network import Network"),
    ("dmft/grids/lags.py", "from .. import solving"),
    ("dmft/grids/lags.py", "def f():\n    from dmft import solve"),
    ("dmft/solving.py", "import dmft"),
    ("dmft/solving.py", "import dmft.validation.couplings.draw"),
    ("dmft/stationary/solution.py", "from ..iid.random_network import RandomNetwork"),
    ("dmft/iid/random_network.py", "from ..plasticity import freezing"),
    ("dmft/ensembles/iid.py", "from ..storage.scan import scan"),
    ("dmft/grids/lags.py", "from ..novelty import thing"),
    ("derivations/random_networks/iid.py", "from dmft.base.errors import ModelError"),
    ("derivations/engine/saddle.py", "from ..random_networks import iid"),
    ("validation/couplings/draw.py", "from dmft.commands import solve"),
    ("validation/couplings/draw.py", "from ..runs.runs import Runs"),
], ids=" ".join)
def test_an_import_upwards_is_seen(planted):
    assert len(upward(dict([planted]))) == 1


@pytest.mark.parametrize("allowed", [
    ("dmft/grids/lags.py", "from ..base.checks import positive"),
    ("dmft/iid/random_network.py", "from ..ensembles.iid import IID\nfrom . import other"),
    ("dmft/storage/files.py", "from .. import __version__"),
    ("dmft/averages/quadrature.py", "if TYPE_CHECKING:\n    from ..solving import solve"),
    ("validation/simulation/task.py", "import numpy\nfrom ..couplings.draw import draw"),
    ("derivations/random_networks/iid.py", "from ..engine import cavity\nfrom . import other"),
], ids=" ".join)
def test_an_import_downwards_passes(allowed):
    assert not upward(dict([allowed]))


def test_a_circle_is_seen():
    files = {"dmft/grids/lags.py": "from .times import Times",
             "dmft/grids/times.py": "def f():\n    from .lags import Lags",
             "dmft/grids/resolution.py": "from .lags import Lags"}
    assert circles(files) == [["dmft.grids.lags", "dmft.grids.times"]]


@pytest.mark.parametrize("planted", [
    ("derivations/random_networks/iid.py", "import numpy as np"),
    ("dmft/network/nonlinearity.py", "import sympy"),
    ("dmft/grids/lags.py", "def f():\n    import matplotlib.pyplot"),
    ("dmft/commands/solve.py", "from tqdm import tqdm"),
    ("validation/couplings/draw.py", "import hypothesis"),
], ids=" ".join)
def test_a_foreign_import_is_seen(planted):
    assert len(foreign(dict([planted]))) == 1


def test_what_is_imported_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {re.match(r"[\w-]+", line).group() for line in project["dependencies"]}
    assert EVERYWHERE.union(*ALSO.values(), *WHEN_NEEDED.values()) - names == {
        "hypothesis", "pandas", "networkx", "distributed"}  # of extras


def test_what_the_tests_import_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = project["dependencies"] + project["optional-dependencies"]["test"]
    declared = {re.match(r"[\w-]+", line).group() for line in lines} | {"dmft", "distributed"}
    own = {path.stem for path in (ROOT / "tests").rglob("*.py")} | {"tests"}
    imported = {module.split(".")[0] for path in (ROOT / "tests").rglob("*.py")
                for module, _, _ in imports("tests/x.py", path.read_text())}
    assert imported - declared - own - sys.stdlib_module_names == set()


SLOW = ("sympy", "mpmath", "matplotlib", "tqdm", "hypothesis")


@pytest.mark.parametrize("work", [
    "import dmft",
    "import dmft; dir(dmft); dmft.RandomNetwork(2.0)",
    "import dmft; dmft.solve(dmft.RandomNetwork(2.0, dmft.erf))",
    "import dmft; dmft.lyapunov_exponent(dmft.solve(dmft.RandomNetwork(2.0, dmft.tanh)))",
    "import dmft; dmft.scan(dmft.solve, [dmft.RandomNetwork(2.0, dmft.erf)])",
    "import dmft.validation",
    "import dmft.derivations",
])
def test_the_slow_libraries_stay_out(work):
    code = f"{work}\nimport sys; print(*sorted(set({SLOW}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []

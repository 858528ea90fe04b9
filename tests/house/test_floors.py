"""The floors: every import goes down, so that each floor can be read without those above it.

FLOORS is the whole order, from the ground up. A unit (a module, or a folder with all that is in
it) may import units of lower floors only; two units of one floor do not know one another. So the
theories share what is below them and nothing else, and no solver knows which network it serves.
(Names in a table that are imported when asked for, as in `dmft/__init__.py` and `encoding.HOME`,
are no imports: the tables are where something new is written in.)
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import dmft

ROOT = Path(__file__).resolve().parents[2]
FLOORS = [
    ("derivations", "derivations"),
    ("equations and errors", "equations errors"),
    ("checks", "array_data checks convergence"),
    ("grids and quadrature",
     "averages causal_matrix estimate extrapolation fixed_point gains gaussian_line grids inputs "
     "memory spectrum times"),
    ("series of averages", "chebyshev_averages lag_transforms path_response path_window paths"),
    ("order parameters", "nonlinearity order_parameters resolution"),
    ("ensembles", "ensembles gain_averages pair_averages variance_bound"),
    ("network", "network stationary_variance"),
    ("orbit", "first_integral mean_field quiescent_site site_statistics"),
    ("solution",
     "gaussian_process regional_process regional_states solution surrogate time_solution "
     "two_time"),
    ("solvers", "breathing energy_solve gain_solution path_measures site_start two_time_solve"),
    ("solvers by iteration", "current_exponent current_states fourier_solve waveform"),
    ("solvers of regions", "block_stepping regional_solve"),
    ("joint iteration of paths", "path_iteration"),
    ("repeats of a sampled solution", "repeats"),
    ("sampled single site", "outliers single_site site_paths path_tangent"),
    ("growth of sampled perturbations", "branch pinned_iteration sampled_exponent"),
    ("solving", "pinned_solution solving turning_point"),
    ("continuation", "continuation"),
    ("covariances of pairs", "contour_spectrum pairs"),
    ("four-point function", "four_point_function"),
    ("quantities of every network",
     "activity_dimension connectivity_spectrum correlation_times exponents"),
    ("theories", "iid multiregion plasticity random_modes"),
    ("any network", "dispatch"),
    ("saved nonlinearities", "saved_phi"),
    ("encoding", "encoding"),
    ("saving", "saving"),
    ("stores", "scan_store"),
    ("scanning", "scanning"),
    ("maps of phases", "phase_maps"),
    ("the package's front", "dmft"),
    ("validation", "validation"),
    ("commands", "commands"),
    ("the command line", "__main__"),
]
RANK = {unit: height for height, (_, units) in enumerate(FLOORS) for unit in units.split()}

EVERYWHERE = {"numpy", "scipy"}  # what any file above the derivations may import at its top
ALSO = {"derivations": {"sympy", "mpmath"}, "validation/strategies.py": {"hypothesis"},
        "validation/execution/threads.py": {"threadpoolctl"}}
# the slow ones: imported in a function, when they are needed
WHEN_NEEDED = {"nonlinearity": {"sympy"}, "commands": {"tqdm"},
               "validation": {"tqdm", "matplotlib", "threadpoolctl"}}

# what validation takes that is not a public name of dmft: each is a promise to keep
TAKEN = {
    "checks": {"finite_array", "nonnegative", "one_of", "positive", "reject", "whole", "within"},
    "correlation_times": {"first_crossing"},
    "encoding": {"encode", "register"},
    "ensembles": {"kinds"},
    "equations": {"linear_response", "plasticity"},
    "inputs": {"signal_at"},
    "mean_field": {"mean_field"},
    "memory": {"require"},
    "pair_averages": {"pair_averages"},
    "plasticity": {"RestingSite", "families"},
    "saving": {"header", "with_suffix", "write_whole"},
    "two_time": {"march"},
    "two_time_solve": {"prepared"},
}


def sources() -> dict[str, str]:
    """Every file of the package, by its path: "dmft/iid/random_network.py" -> its text."""
    files = [path for folder in ("dmft", "derivations", "validation")
             for path in sorted((ROOT / folder).rglob("*.py"))]
    return {path.relative_to(ROOT).as_posix(): path.read_text() for path in files}


def unit_of(path: str) -> str:
    """The unit that a file belongs to: "dmft/iid/random_network.py" -> "iid"."""
    folder, _, rest = path.partition("/")
    if folder != "dmft":
        return folder
    return "dmft" if rest == "__init__.py" else rest.removesuffix(".py").partition("/")[0]


def imports(path: str, text: str):
    """(dotted module, name or None, at the top of the file) of each import, but for type checks."""
    parts = path.removesuffix("/__init__.py").removesuffix(".py").split("/")
    here = parts if parts[0] == "dmft" else ["dmft", *parts]
    package = here if path.endswith("__init__.py") else here[:-1]
    tree = ast.parse(text)
    skipped = {id(inner) for node in ast.walk(tree) if isinstance(node, ast.If)
               and "TYPE_CHECKING" in ast.unparse(node.test) for inner in ast.walk(node)}
    inside = {id(inner) for node in ast.walk(tree)
              if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
              for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, None, id(node) not in inside) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            up = package[:len(package) - node.level + 1] if node.level else []
            module = ".".join([*up, *([node.module] if node.module else [])])
            yield from ((module, alias.name, id(node) not in inside) for alias in node.names)


def home_of(module: str, name: str | None) -> str:
    """The unit that `from module import name` needs; a public name needs the unit it lives in."""
    parts = module.split(".")
    if len(parts) > 1:
        return parts[1]
    if name is None:
        return "dmft"
    return dmft._HOME.get(name, name)


def within_dmft(path: str, text: str):
    """(unit, module, name) of each import of the package itself."""
    for module, name, _ in imports(path, text):
        if module.split(".")[0] == "dmft" and (module, name) != ("dmft", "__version__"):
            yield home_of(module, name), module, name


def upward(files: dict[str, str]) -> list[str]:
    """A line for every import that does not go down (a unit without a floor fails elsewhere)."""
    found = []
    for path, text in files.items():
        here = unit_of(path)
        for unit, module, name in within_dmft(path, text):
            if unit not in RANK:
                found.append(f"{path}: imports {unit}, which has no floor")
            elif unit != here and RANK[unit] >= RANK.get(here, len(FLOORS)):
                found.append(f"{path}: imports {module}{f'.{name}' if name else ''}, which is not "
                             f"below: {FLOORS[RANK[here]][0]} <- {FLOORS[RANK[unit]][0]}")
    return found


def foreign(files: dict[str, str]) -> list[str]:
    """A line for every import of another distribution where it does not belong."""
    found = []
    for path, text in files.items():
        unit = unit_of(path)
        usual = set() if unit == "derivations" else EVERYWHERE
        at_top = usual | ALSO.get(unit, set()) | ALSO.get(path, set())
        for module, _, top in imports(path, text):
            name = module.split(".")[0]
            if name == "dmft" or name in sys.stdlib_module_names or name in at_top:
                continue
            if top or name not in WHEN_NEEDED.get(unit, set()):
                found.append(f"{path}: imports {name}{' at its top' if top else ''}")
    return found


def test_every_unit_has_one_floor():
    units = {unit_of(path) for path in sources()}
    ranked = [unit for _, names in FLOORS for unit in names.split()]
    assert len(ranked) == len(set(ranked))
    missing, gone = sorted(units - set(RANK)), sorted(set(RANK) - units)
    assert not missing, (
        f"{missing}: new; write each into FLOORS in tests/house/test_floors.py, one "
        "floor above the highest unit that it imports"
    )
    assert not gone, f"{gone}: no such files any more; take them out of FLOORS"


def test_imports_only_go_down():
    assert not upward(sources())


def test_other_distributions_are_imported_where_they_belong():
    assert not foreign(sources())


@pytest.mark.parametrize("planted", [
    ("dmft/grids/lags.py", "from .network import Network"),
    ("dmft/grids/lags.py", "from . import solving"),
    ("dmft/grids/lags.py", "def f():\n    from dmft import solve"),
    ("dmft/solving.py", "import dmft"),
    ("dmft/solving.py", "import dmft.validation.draw"),
    ("dmft/stationary/first_integral_solve.py", "from .iid import RandomNetwork"),
    ("dmft/iid/freezing.py", "from ..saving import save"),
    ("dmft/iid/__init__.py", "from ..scanning import scan"),
    ("dmft/grids/lags.py", "from . import estimate"),
    ("dmft/grids/lags.py", "from .novelty import thing"),
    ("derivations/random_networks/iid.py", "from dmft.errors import ModelError"),
    ("validation/couplings/draw.py", "from dmft.commands import solve"),
], ids=" ".join)
def test_an_import_upwards_is_seen(planted):
    assert len(upward(dict([planted]))) == 1


@pytest.mark.parametrize(
    "allowed",
    [
        ("dmft/grids/lags.py", "from .checks import positive"),
        ("dmft/iid/random_network.py", "from ..ensembles import IID\nfrom . import freezing"),
        ("dmft/storage/files.py", "from . import __version__"),
        (
            "dmft/averages/gaussian_averages.py",
            "if TYPE_CHECKING:\n    from .nonlinearity import Nonlinearity",
        ),
        (
            "validation/couplings/draw.py",
            "import dmft\nfrom dmft import IID, solve\nfrom .runs import x",
        ),
        ("derivations/random_networks/iid.py", "from . import cavity\nfrom .couplings import IID"),
    ],
    ids=" ".join,
)
def test_an_import_downwards_passes(allowed):
    assert not upward(dict([allowed]))


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
    needed = EVERYWHERE.union(*ALSO.values(), *WHEN_NEEDED.values())
    assert needed - names == {"hypothesis"}  # for tests


def test_what_the_tests_import_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = project["dependencies"] + project["optional-dependencies"]["test"]
    declared = {re.match(r"[\w-]+", line).group() for line in lines} | {"dmft", "distributed"}
    own = {path.stem for path in (ROOT / "tests").rglob("*.py")} | {"tests"}
    imported = {module.split(".")[0] for path in (ROOT / "tests").rglob("*.py")
                for module, _, _ in imports("tests/x.py", path.read_text())}
    assert imported - declared - own - sys.stdlib_module_names == set()


def test_derivations_and_validation_are_flat():
    assert not [path for path in sources() if not path.startswith("dmft/") and path.count("/") > 1]


def test_validation_takes_public_names_and_what_is_listed():
    taken: dict[str, set[str]] = {}
    for path, text in sources().items():
        if unit_of(path) == "validation":
            for unit, module, name in within_dmft(path, text):
                own = unit == "validation" or dmft._HOME.get(name) == unit
                if module.startswith("dmft.") and not own:
                    taken.setdefault(unit, set()).add(name)
    assert taken == TAKEN, "make the name public, or list it in TAKEN"


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

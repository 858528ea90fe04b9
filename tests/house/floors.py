"""The floors, and what every file imports: each room can be read without those above it.

FLOORS is the whole order, from the ground up. A room is a folder with all that is in it, or one of
the few files at the top of `dmft/`. A file may import from lower floors and from its own room; two
rooms of one floor do not know one another. So the theories share what is below them and nothing
else, and no solver knows which network it serves. Derivations and validation have floors of their
own. (Names in tables of strings, as in `dmft/__init__.py` and `encoding.HOME`, are no imports.)
"""

from __future__ import annotations

import ast
import functools
import sys
from pathlib import Path

import dmft

ROOT = Path(__file__).resolve().parents[2]
FLOORS = (
    ("derivations", "base", "equations"),
    ("grids", "plots", "units"),
    ("ensembles",),
    ("network", "own"),
    ("averages", "storage"),
    ("stationary", "two_time", "paths", "paths_in_time"),
    ("path_iteration", "regions", "lag_grid", "populations"),
    ("sampled",),
    ("solvers", "fluctuations", "spectra"),
    ("solving", "lyapunov"),
    ("branches", "iid", "lyapunov_spectra", "multiregion", "plasticity", "random_modes"),
    ("attractors", "finding_fixed_points", "finding_support"),
    ("dmft",),  # the public names
    ("scan_files", "validation"),
    ("commands",),
    ("__main__",),
)
WITHIN = {
    "derivations": (("engine",), ("gaussian", "printing", "units"),
                    ("stationary", "random_networks", "random_modes"),
                    ("fluctuations", "lyapunov_spectra", "plasticity", "multiregion"),
                    ("derivations",)),
    "validation": (("execution", "couplings"), ("settings",), ("measurements",), ("runs",),
                   ("simulation",), ("plasticity",), ("lyapunov",), ("comparison",),
                   ("strategies",), ("figures", "benchmarks"), ("validation",)),
}
# printing reads the catalogue of derivations, which imports nothing itself
CATALOGUE = "dmft.derivations"
# floors that anyone may build on: validation takes from these, and public names from the others
FOUNDATION = {"base", "equations", "grids", "ensembles", "network", "averages", "own", "plots",
              "storage", "units"}

EVERYWHERE = {"numpy", "scipy"}  # what any file above the derivations may import at its top
ALSO = {"derivations": {"sympy", "mpmath"}, "validation/strategies.py": {"hypothesis", "sympy"},
        "validation/execution/threads.py": {"threadpoolctl"}}
# the slow ones: imported in a function, when they are needed
WHEN_NEEDED = {"base": {"tqdm", "threadpoolctl"}, "network": {"sympy"}, "units": {"sympy"},
               "own": {"sympy"}, "scan_files": {"sympy"}, "commands": {"tqdm", "distributed"},
               "random_modes": {"pandas", "networkx"}, "plots": {"matplotlib"},
               "validation": {"tqdm", "matplotlib", "threadpoolctl"}}


def sources() -> dict[str, str]:
    """Every file of the package, by its path: "dmft/iid/random_network.py" -> its text."""
    files = [path for folder in ("dmft", "derivations", "validation")
             for path in sorted((ROOT / folder).rglob("*.py"))]
    return {path.relative_to(ROOT).as_posix(): path.read_text() for path in files}


def dotted(path: str) -> str:
    """The module of a file: "validation/runs/runs.py" -> "dmft.validation.runs.runs"."""
    parts = path.removesuffix("/__init__.py").removesuffix(".py").split("/")
    return ".".join(parts if parts[0] == "dmft" else ["dmft", *parts])


def room_of(module: str) -> tuple[str, str]:
    """(house, room) of a module: "dmft.runs.x" -> ("dmft", "runs")."""
    parts = module.split(".")
    if len(parts) > 1 and parts[1] in WITHIN:
        return parts[1], parts[2] if len(parts) > 2 else parts[1]
    return "dmft", parts[1] if len(parts) > 1 else "dmft"


@functools.cache
def imports(path: str, text: str) -> tuple[tuple[str, str | None, bool], ...]:
    """The imports of a file, which many tests need: see `_imports`."""
    return tuple(_imports(path, text))


def _imports(path: str, text: str):
    """(dotted module, name or None, at the top of the file) of each import, but for type checks."""
    here = dotted(path).split(".")
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


def needed(module: str, name: str | None, known: set[str]) -> str:
    """The module that `from module import name` needs; a public name needs the one it lives in."""
    if name is not None and f"{module}.{name}" in known:
        return f"{module}.{name}"
    if module == "dmft" and name in dmft._HOME:
        return f"dmft.{dmft._HOME[name]}"
    if module == "dmft.validation" and name in dmft.validation._HOME:
        return f"dmft.validation.{dmft.validation._HOME[name]}"
    return module


def within_package(files: dict[str, str]):
    """(path, module of this file, module that it needs, name) of each import of the package."""
    known = {dotted(path) for path in sources()}
    for path, text in files.items():
        for module, name, _ in imports(path, text):
            if module.split(".")[0] == "dmft" and (module, name) != ("dmft", "__version__"):
                yield path, dotted(path), needed(module, name, known), name


def height(house: str, room: str) -> int | None:
    """Floor of a room in its house; None for a room that has none."""
    floors = FLOORS if house == "dmft" else WITHIN[house]
    return next((h for h, rooms in enumerate(floors) if room in rooms), None)


def upward(files: dict[str, str]) -> list[str]:
    """A line for every import that does not go down."""
    found = []
    for path, here, there, _ in within_package(files):
        (house, room), (other, below) = room_of(here), room_of(there)
        if house != other:  # between houses: by their floors in FLOORS
            room = house if house in WITHIN else room
            below, house = (other if other in WITHIN else below), "dmft"
        elif room == below or there == CATALOGUE:
            continue
        mine, its = height(house, room), height(house, below)
        if its is None:
            found.append(f"{path}: imports {there}, whose room {below} has no floor")
        elif mine is None or its >= mine:
            found.append(f"{path}: imports {there}, which is not below: {room} <- {below}")
    return found


def circles(files: dict[str, str]) -> list[list[str]]:
    """Sets of files that import one another in a circle (imports inside functions count)."""
    graph: dict[str, set[str]] = {dotted(path): set() for path in files}
    for _, here, there, _ in within_package(files):
        if there in graph and there != here:
            graph[here].add(there)
    left = dict(graph)
    while True:  # take away what imports nothing that is left, until only circles are
        free = [one for one, others in left.items() if not others & left.keys()]
        if not free:
            break
        for one in free:
            del left[one]
    used = set().union(*(others & left.keys() for others in left.values()), set())
    return [sorted(one for one in left if one in used)] if left else []


def foreign(files: dict[str, str]) -> list[str]:
    """A line for every import of another distribution where it does not belong."""
    found = []
    for path, text in files.items():
        house, room = room_of(dotted(path))
        unit = room if house == "dmft" else house
        usual = set() if unit == "derivations" else EVERYWHERE
        at_top = usual | ALSO.get(unit, set()) | ALSO.get(path, set())
        for module, _, top in imports(path, text):
            name = module.split(".")[0]
            if name == "dmft" or name in sys.stdlib_module_names or name in at_top:
                continue
            if top or name not in WHEN_NEEDED.get(unit, set()):
                found.append(f"{path}: imports {name}{' at its top' if top else ''}")
    return found


def reached_into() -> list[str]:
    """A line for every name that validation takes from a solver's room and that is not public."""
    found = []
    for path, here, there, name in within_package(sources()):
        if room_of(here)[0] != "validation" or room_of(there)[0] == "validation":
            continue
        room = room_of(there)[1]
        public = dmft._HOME.get(name or "", None) is not None
        if room not in FOUNDATION | {"dmft"} and not public:
            found.append(f"{path}: takes {name} from {there}")
    return found

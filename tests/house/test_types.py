"""What a user's type checker and editor see of the package, through its lazy fronts.

The package is laid out as it is installed, and a user's script is checked against it by mypy;
jedi, which most editors and notebooks use, completes names from the same files. The stubs and the
typed constructors repeat what stands elsewhere, so they are compared with it.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import dmft

from .stubs import FRONTS, ROOT, stub

NEEDED = "comes with the extra: pip install -e '.[test]'"

# what mypy must reveal (R) or refuse (E) in the line
SCRIPT = """
import dmft
from dmft import validation

network = dmft.RandomNetwork(g=2.0)
regions = dmft.MultiregionNetwork(g=2.0, T=[[[1.5]]])
plastic = dmft.PlasticNetwork(g=1.5, k=2.0, p=2.5)
modes = dmft.RandomModeNetwork([1.0, 2.0], overlaps=0.2)
times = dmft.Times(stop=5, dt=0.1)
halted = dmft.Schedule(halt=2.0)
solution = dmft.solve(network)

reveal_type(dmft.solve(dmft.RandomNetwork(g=2.0)))  # R: Solution
reveal_type(dmft.solve(network, times=times))  # R: TimeSolution | SampledTimeSolution
reveal_type(dmft.solve(plastic, times=times, schedule=halted))  # R: SampledTimeSolution
reveal_type(dmft.solve(regions))  # R: StationaryStates
reveal_type(dmft.solve(regions, times=times, currents=[[0.1]]))  # R: TimeSolution
reveal_type(dmft.solve(plastic))  # R: Solution
reveal_type(dmft.solve(dmft.Network((dmft.IID(2.0),))))  # R: Solution
reveal_type(dmft.fixed_points(regions))  # R: StationaryStates
reveal_type(dmft.fixed_points(plastic))  # R: PlasticFixedPoints
reveal_type(dmft.jacobian_spectrum(network))  # R: ConnectivitySpectrum
reveal_type(dmft.jacobian_spectrum(regions))  # R: ConnectivitySpectrum
reveal_type(dmft.jacobian_spectrum(modes))  # R: ConnectivitySpectrum | ContourSpectrum
reveal_type(dmft.jacobian_spectrum(solution))  # R: JointSpectrum
reveal_type(dmft.jacobian_spectrum(dmft.fixed_points(plastic)[0]))  # R: JointSpectrum
reveal_type(dmft.four_point(solution))  # R: FourPoint
reveal_type(dmft.dimension(solution))  # R: Dimension
reveal_type(dmft.lyapunov_exponent(solution))  # R: LyapunovExponent
reveal_type(dmft.lyapunov_spectrum(solution))  # R: LyapunovSpectrum
reveal_type(validation.simulate(network, 100, lags=[0.0, 1.0]))  # R: Runs
reveal_type(dmft.validation.simulate(network, (100, 200), times=times))  # R: TimeRuns
runs = validation.simulate(network, 100)
reveal_type(dmft.validation.compare(solution, runs))  # R: Verdict
reveal_type(regions.T)  # R: ndarray
reveal_type(solution.C_x)  # R: Estimate

dmft.RandomNetwork(gg=2.0)  # E: call-arg
dmft.no_such_name  # E: attr-defined
validation.no_such_name  # E: attr-defined
dmft.RandomNetwork(g="two")  # E: arg-type
dmft.MultiregionNetwork(g=2.0)  # E: call-arg
dmft.solve(dmft.tanh)  # E: call-overload
dmft.solve(network, tolerance=1e-3)  # E: call-overload
dmft.solve(network, method="exact")  # E: call-overload
dmft.dimension(solution, of="y")  # E: arg-type
dmft.solve(regions).C_x  # E: attr-defined
dmft.solve(network, times=times, lags=dmft.Lags(10.0, 0.1))  # E: call-overload
validation.simulate(network, 100, times=times, duration=5.0)  # E: call-overload
validation.compare(network, runs)  # E: arg-type
"""

# what users write, and mypy --strict must accept: lists, numbers and arrays where arrays are kept
CORRECT = """
import numpy as np

import dmft
from dmft import derivations, validation


def halves(g: float) -> tuple[float, float]:
    found = dmft.solve(dmft.RandomNetwork(g, dmft.erf), rng=1)
    assert found.convergence.success
    return float(found.C_x[0]), float(found.C_phi.stderr[0]) + float(found.C_x[0] * 2)


T = [[[1.5, 0.0], [0.0, 0.0]], [[0.0, 0.0], [1.0, 1.0]]]
signal = dmft.Pulse([1.0, 0.0], start=1.0, stop=2.0)
regions = dmft.MultiregionNetwork(
    g=[0.5, 1], T=T, U=np.broadcast_to(np.eye(2), (2, 2, 2)), cross_g=[[0, 0.1], [0.1, 0]],
    input=dmft.Input(signal, V=[[1, 0], [0, 1]], W=np.zeros((2, 2))))
symmetric = dmft.MultiregionNetwork.symmetric(0.0, [[0.0, 1.2], [1.2, 0.0]], phi=dmft.tanh)
largest = max(float(abs(state.z).max()) for state in dmft.solve(symmetric))
march = dmft.solve(regions, times=dmft.Times(5, 0.1), currents=[[0.1, 0.0], [0.0, 0.1]])
final: float = float(march.variance[-1, 0])

ensembles = [dmft.IID(1.0, reciprocity=0.2), dmft.Hebbian(1.0, p=2.5),
             dmft.Matrix([[0.0, 1.0], [0.5, 0.0]]), dmft.RegionalIID([1.0, 2.0]),
             dmft.Modes(dmft.Spectrum([1.0], [0.5]), overlaps=[0.1]),
             dmft.LowRank([0], [0], [[1.0]], [[1.0]], kinds=1)]
networks = [dmft.Network(dmft.IID(2.0)), dmft.Network([dmft.IID(2.0), dmft.Hebbian(1.0, 2.0)]),
            dmft.RandomModeNetwork(2.0, overlaps=np.array([0.5])),
            dmft.RandomModeNetwork(dmft.Spectrum.from_values([1, 2])),
            dmft.HeterogeneousNetwork(3.0, 1.5, dmft.Gains.from_values([0.5, 1.5])),
            dmft.HeterogeneousNetwork(dmft.IID(2.0)),
            dmft.RandomModeNetwork.from_connectivity(np.eye(50)),
            dmft.rotated_network(dmft.load_connectivity("J.npy"))]
read: dmft.Connectivity = dmft.load_connectivity([[0.0, 1.0], [2.0, 0.0]], names=["a", "b"])
size: int = read.neurons + len(read.notes) + dmft.measure_connectivity(read).neurons
own = dmft.Nonlinearity(np.tanh, lambda x: 1 / np.cosh(x) ** 2, name="own")
solutions = dmft.scan(dmft.solve, [dmft.RandomNetwork(g, own) for g in (1.5, 2.0)], tol=1e-8)
branch = dmft.continue_in(dmft.PlasticNetwork(1.5, 1.0, 2.5), "k", [1.0, 0.5], rng=3)
edge = dmft.jacobian_spectrum(dmft.RandomNetwork(2.0)).radius
verdict = validation.compare(dmft.solve(dmft.RandomNetwork(2.0)), validation.simulate(
    dmft.RandomNetwork(2.0), 200, 8, lags=[0.0, 1.0], rng=np.random.SeedSequence(1)), alpha=0.01)
print(halves(2.0), largest, final, edge, verdict.agrees, dmft.Estimate(1.0, 0.1),
      dmft.__version__, derivations.__name__, len(networks), len(ensembles), branch, solutions)
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory) -> Path:
    """A folder that holds the package as it is installed, by links."""
    top = tmp_path_factory.mktemp("installed")
    (top / "dmft").mkdir()
    for path in (*(ROOT / "dmft").iterdir(), ROOT / "derivations", ROOT / "validation"):
        if path.name != "__pycache__":
            (top / "dmft" / path.name).symlink_to(path)
    return top


@pytest.fixture(scope="module")
def checked(tree) -> str:
    """What mypy says of both scripts."""
    pytest.importorskip("mypy", reason=NEEDED)
    (tree / "script.py").write_text(SCRIPT)
    (tree / "correct.py").write_text(CORRECT)
    # silent: as for any installed package, errors within it are not reported
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file=", "--strict", "--follow-imports=silent",
         "script.py", "correct.py"], cwd=tree, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def test_a_type_checker_sees_what_calls_return_and_refuses_wrong_ones(checked):
    found = {int(line): (kind, text) for line, kind, text in re.findall(
        r"^script\.py:(\d+): (note|error): (.*)$", checked, re.MULTILINE)
        if "Revealed" in text or kind == "error"}
    expected = {number: line.rpartition("# ")[2] for number, line
                in enumerate(SCRIPT.splitlines(), 1) if "  # " in line}
    assert sorted(found) == sorted(expected), checked
    for number, wanted in expected.items():
        kind, text = found[number]
        if kind == "error":
            assert wanted == f"E: {text.rpartition('[')[2].strip(']')}", (number, text)
        else:  # without the modules and the parameters of the types
            shown = re.sub(r"^Union\[(.*)\]$", lambda found: found[1].replace(", ", " | "),
                           re.findall('"(.*)"', text)[0])  # as mypy wrote A | B before
            types = re.sub(r"[\w.]+\.|\[.*\]", "", shown)
            assert wanted == f"R: {types}", (number, text)


def test_a_strict_type_checker_accepts_what_users_write(checked):
    assert not re.findall(r"^correct\.py:.*$", checked, re.MULTILINE)


def completions(code: str, tree: Path) -> set[str]:
    jedi = pytest.importorskip("jedi", reason=NEEDED)
    script = jedi.Script(code, project=jedi.Project(tree, sys_path=[str(tree), *sys.path]))
    return {one.name for one in script.complete()}


@pytest.mark.parametrize(("code", "offered"), [
    ("import dmft\ndmft.so", {"solve", "solution_class"}),
    ("import dmft\ndmft.RandomNetwork(", {"g=", "phi=", "noise=", "reciprocity=", "bias="}),
    ("import dmft\ndmft.MultiregionNetwork(", {"g=", "T=", "cross_g="}),
    ("import dmft\ndmft.solve(", {"times=", "lags=", "method="}),
    ("import dmft\ndmft.solve(dmft.RandomNetwork(2.0)).", {"C_x", "C_phi", "convergence"}),
    ("import dmft\ndmft.MultiregionNetwork.", {"symmetric", "from_loadings"}),
    ("import dmft\ndmft.", {"validation", "derivations", "tanh", "RandomNetwork"}),
    ("from dmft import validation\nvalidation.", {"simulate", "compare", "strategies"}),
    ("import dmft\ndmft.validation.simulate(", {"neurons=", "trials="}),
    ("import dmft\nnet = dmft.RandomNetwork(2.0)\nruns = dmft.validation.simulate(net, 9)\nruns.",
     {"C_phi", "per_network"}),
], ids=lambda value: value.splitlines()[-1] if isinstance(value, str) else "")
def test_an_editor_completes(code, offered, tree):
    assert offered <= completions(code, tree)


@pytest.mark.parametrize("name", FRONTS)
def test_a_stub_has_the_public_names_from_the_modules_of_the_table(name):
    front, text = importlib.import_module(name), (FRONTS[name] / "__init__.pyi").read_text()
    body = ast.parse(text).body
    homes = {alias.asname: "." * node.level + (node.module or "") for node in body
             if isinstance(node, ast.ImportFrom) for alias in node.names
             if alias.asname == alias.name}
    modules = {one for one, home in homes.items() if home == "."}
    assert modules == set(front._MODULES)
    assert {one: home[1:] for one, home in homes.items() if home != "."} == front._HOME
    for one, home in homes.items():
        if home != ".":
            module = importlib.import_module(home, name)
            assert getattr(front, one) is getattr(module, one)
    listed = [ast.literal_eval(node.value) for node in body if isinstance(node, ast.Assign)]
    assert [sorted(names) for names in listed] == [sorted(front.__all__)] == [sorted(homes)]
    assert ("__version__: str" in text) == hasattr(front, "__version__")
    assert text == stub(front), "make stubs"


@cache
def constructors() -> dict[str, ast.FunctionDef]:
    """The __init__ that is written for type checkers only, of each class that has one."""
    found = {}
    for house in ("dmft", "validation"):
        for path in sorted((ROOT / house).rglob("*.py")):
            module = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
            module = module if house == "dmft" else f"dmft.{module}"
            for node in ast.parse(path.read_text()).body:
                for block in node.body if isinstance(node, ast.ClassDef) else ():
                    if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING":
                        found |= {f"{module}:{node.name}": one for one in block.body
                                  if isinstance(one, ast.FunctionDef) and one.name == "__init__"}
    return found


def test_there_are_typed_constructors():
    assert "dmft.multiregion.multiregion_network:MultiregionNetwork" in constructors()


@pytest.mark.parametrize("where", constructors())
def test_a_typed_constructor_has_the_fields_and_defaults_of_the_class(where):
    module, _, name = where.partition(":")
    names = vars(importlib.import_module(module))
    typed = constructors()[where].args
    declared = [one.arg for one in typed.args[1:]]
    defaults = [eval(ast.unparse(one), dict(names)) for one in typed.defaults]
    real = inspect.signature(names[name]).parameters
    assert declared == list(real)
    with_default = [one.default for one in real.values() if one.default is not one.empty]
    assert defaults == with_default


def test_the_package_says_that_it_is_typed():
    assert (Path(dmft.__file__).parent / "py.typed").exists()

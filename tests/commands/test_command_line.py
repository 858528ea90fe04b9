"""The command line: exit status 0, 1 or 2, results on stdout, complaints in one line on stderr."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import dmft
from dmft.__main__ import COMMANDS, main
from dmft.commands.networks import NETWORKS, parameter_summaries
from dmft.validation import Runs

ROOT = Path(__file__).resolve().parents[2]
SOLVE = ["solve", "random", "--g", "2", "--phi", "erf"]
REGIONS = ["solve", "multiregion", "--g", "1.5"]
# far too few neurons to agree with the theory
SIMULATE = ["--neurons", "40", "--networks", "8", "--trials", "2", "--duration", "4"]


# ---- help


@pytest.mark.parametrize("words", [[], *([name] for name in COMMANDS),
                                   *([name, word] for name in ("solve", "lyapunov", "validate")
                                     for word in NETWORKS
                                     if (name, word) != ("lyapunov", "population"))], ids=" ".join)
def test_help_names_an_example_and_every_option_is_explained(call_dmft, words):
    status, out, err = call_dmft(*words, "--help")
    assert (status, err) == (0, "")
    assert "example" in out
    assert "  dmft " in out


def test_every_command_is_a_file_and_every_file_a_command():
    files = {path.stem for path in (ROOT / "dmft" / "commands").glob("*.py")}
    shared = {"__init__", "arrays", "combinations", "networks", "outputs", "parsing", "summaries",
              "terminal"}
    assert files - shared == set(COMMANDS)


def test_the_examples_of_the_help_are_parsed(call_dmft, monkeypatch, tmp_path):
    """Every example that the help shows is a command with good arguments."""
    ran = []
    for name in COMMANDS:
        module = __import__(f"dmft.commands.{name}", fromlist=["run"])
        monkeypatch.setattr(module, "run", lambda args, name=name: ran.append(name) or 0)
    shown = []
    for words in ([], *([name] for name in COMMANDS)):
        text = call_dmft(*words, "--help")[1].partition("example")[2]
        shown += [line.split()[1:] for line in text.splitlines() if line.startswith("  dmft ")]
    assert {words[0] for words in shown} == set(COMMANDS)
    (tmp_path / "docs").mkdir()  # where some of them write
    for words in shown:
        assert call_dmft(*words)[0] == 0, words
    assert len(ran) == len(shown)


def test_the_options_of_a_network_are_its_fields(call_dmft):
    out = call_dmft("solve", "random", "--help")[1]
    for name, expected in parameter_summaries(dmft.RandomNetwork).items():
        assert f"--{name}" in out
        assert name == "phi" or " ".join(expected.split()[:2]) in " ".join(out.split())


def test_the_version(call_dmft):
    assert call_dmft("--version") == (0, f"dmft {dmft.__version__}\n", "")


# ---- what is right: status 0


def test_solve_prints_and_saves_what_the_function_returns(call_dmft, tmp_path):
    status, out, err = call_dmft(*SOLVE, "--lyapunov", "--output", "sol.npz")
    assert (status, err) == (0, "")
    solution = dmft.solve(dmft.RandomNetwork(2.0, dmft.erf))
    assert f"{float(solution.C_x[0]):.10g}" in out
    assert f"{float(dmft.lyapunov_exponent(solution)):.6g}" in out
    assert [path.name for path in tmp_path.iterdir()] == ["sol.npz"]
    saved = dmft.load("sol.npz")
    assert saved.network == solution.network
    assert np.array_equal(saved.C_x.value, solution.C_x.value)


@pytest.mark.slow
def test_solve_prints_timescales_and_oscillations(call_dmft):
    plastic = ["solve", "plastic", "--g", "1.5", "--p", "2.5", "--tol", "1e-2"]
    status, out, err = call_dmft(*plastic, "--k", "-2")
    assert (status, err) == (0, "")
    solution = dmft.solve(dmft.PlasticNetwork(1.5, -2.0, 2.5), tol=1e-2)
    found = dmft.timescales(solution)
    for name, one in (("half-life of C_phi", found.half_life),
                      ("first zero of C_phi", found.first_zero), ("lowest C_phi", found.minimum)):
        assert f"{name:<20}{float(one):.6g} +- {float(one.stderr):.2g}" in out
    assert "first zero" not in call_dmft(*SOLVE)[1]  # random couplings: no oscillation
    assert "half-life" not in call_dmft(*plastic, "--g", "0.5", "--k", "-2")[1]  # quiescent


@pytest.mark.slow
def test_solve_prints_the_state_after_plasticity_is_halted(call_dmft):
    status, out, _ = call_dmft("solve", "plastic", "--g", "1.5", "--k", "1.2", "--p", "2.5",
                               "--tol", "1e-2", "--freeze")
    assert status == 0
    found = dmft.freeze(dmft.solve(dmft.PlasticNetwork(1.5, 1.2, 2.5), tol=1e-2))
    assert f"halted: q           {float(found.q):.6g} +- {float(found.q.stderr):.2g}" in out
    assert "halted: fixed point stable: the state freezes" in out


def test_options_reach_the_solver(call_dmft):
    _, out, _ = call_dmft("solve", "random", "--g", "1.5", "--noise", "0.5", "--bias", "0.25",
                          "--span", "40", "--dt", "0.05", "--tol", "1e-8", "--method", "fourier")
    assert "g=1.5, phi=dmft.tanh, noise=0.5, reciprocity=0.0, bias=0.25" in out
    assert "from 0 to 40 in steps of 0.05" in out
    assert "fourier: converged" in out


def test_a_warning_is_one_line_on_stderr(call_dmft):
    status, out, err = call_dmft(*SOLVE, "--span", "5", "--dt", "0.01")
    assert status == 0
    assert "Warning" not in out
    assert err.startswith("dmft: ResolutionWarning: decay")
    assert len(err.splitlines()) == 1


def test_validate_prints_the_verdict_and_saves_the_runs(call_dmft):
    status, out, _ = call_dmft("validate", *SOLVE[1:], *SIMULATE, "--output", "runs.npz",
                               "--store", "store.npz", "--seed", "3")
    runs = dmft.load("runs.npz")
    assert isinstance(runs, Runs)
    verdict = dmft.validation.compare(dmft.solve(dmft.RandomNetwork(2.0, dmft.erf)), runs)
    assert str(verdict) in out
    assert status == (0 if verdict.agrees else 1)
    again = call_dmft("validate", *SOLVE[1:], *SIMULATE, "--store", "store.npz", "--seed", "3")
    assert str(verdict) in again[1]


def test_disagreement_is_status_1(call_dmft, monkeypatch):
    from dmft.commands import validate

    wrong = dmft.solve(dmft.RandomNetwork(6.0, dmft.erf))
    right = dmft.solve(dmft.RandomNetwork(2.0, dmft.erf))
    object.__setattr__(wrong, "network", right.network)  # the theory of another network
    monkeypatch.setattr(validate, "solve", lambda args, network: wrong)
    status, out, _ = call_dmft("validate", *SOLVE[1:], *SIMULATE)
    assert status == 1
    assert "C_phi" in out


def test_the_committed_equations_are_what_the_derivations_give(call_dmft, tmp_path, monkeypatch):
    from dmft.derivations.printing import emit

    (tmp_path / "derivations").mkdir()
    monkeypatch.setattr(emit, "check", lambda root: [])
    assert call_dmft("equations", "--check")[::2] == (0, "")
    monkeypatch.setattr(emit, "check", lambda root: ["iid differs"])
    status, out, err = call_dmft("equations", "--check")
    assert (status, err) == (1, "iid differs\n")
    assert "--write" in out
    monkeypatch.setattr(emit, "write", lambda root: [Path("a.py")])
    assert call_dmft("equations", "--write") == (0, "a.py\n", "")


T = [[[0.0, 0.0], [0.0, 2.0]], [[-2.0, 0.0], [0.0, 1.5]]]
ROW = [str(one) for one in np.ravel(T)]


def saved_overlaps(folder, suffix):
    """T in a file, as it may be given."""
    if suffix == ".npy":
        np.save(folder / "T.npy", T)
    else:
        delimiter = "," if suffix == ".csv" else " "
        np.savetxt(folder / f"T{suffix}", np.reshape(T, (2, 4)), delimiter=delimiter)
    return [f"T{suffix}"]


@pytest.mark.parametrize("suffix", ["", ".npy", ".csv", ".txt"])
def test_arrays_are_numbers_or_a_file(call_dmft, tmp_path, suffix):
    words = saved_overlaps(tmp_path, suffix) if suffix else ROW
    status, out, err = call_dmft("solve", "multiregion", "--g", "0.5", "0", "--T", *words, "--stop",
                                 "4", "--currents", "1,0", "0,1", "--variance", "2", "--tol",
                                 "1e-4", "--output", "sol.npz")
    assert (status, err) == (0, "")
    network = dmft.MultiregionNetwork([0.5, 0.0], T)
    solution = dmft.solve(network, times=dmft.Times(4.0, 0.1), currents=np.eye(2), variance=2.0,
                          tol=1e-4)
    saved = dmft.load("sol.npz")
    assert np.array_equal(saved.network.T, T)
    assert np.array_equal(saved.z, solution.z)
    assert "  ".join(f"{one:.6g}" for one in solution.z[-1, 0]) in out
    assert "from 0 to 4 in steps of 0.1" in out


def test_the_stationary_states_of_regions_are_listed(call_dmft):
    status, out, _ = call_dmft("solve", "multiregion", "--g", "0", "--T", "2")
    states = dmft.solve(dmft.MultiregionNetwork(0.0, [[[2.0]]]))
    assert status == 0
    assert f"{len(states)} of the currents, {len(states.stable)} stable" in out
    assert "1.38198" in out


def test_rank_two_from_a_file(tmp_path, call_dmft):
    """Numbers with the indices of rank K come from .npy; currents are printed for each k."""
    np.save(tmp_path / "T.npy", np.diag([2.0, 1.5]).reshape(1, 1, 2, 1, 2))
    np.save(tmp_path / "z.npy", np.full((1, 1, 2), 0.5))
    words = ("solve", "multiregion", "--g", "0", "--T", str(tmp_path / "T.npy"), "--share", "1")
    status, out, _ = call_dmft(*words)
    assert status == 0
    assert "5 of the currents, 2 stable" in out
    status, out, _ = call_dmft(*words, "--stop", "2", "--currents", str(tmp_path / "z.npy"))
    assert status == 0
    assert len(out.split("\nz ")[1].split("\n")[0].split()) == 2


def test_regions_are_compared_with_a_simulation_in_time(call_dmft):
    status, out, _ = call_dmft("validate", "multiregion", "--g", "0.5", "--T", *ROW, "--stop", "3",
                               "--currents", *"1001", "--tol", "1e-3", *SIMULATE[:-2])
    assert status in (0, 1)
    assert "variance[1]" in out
    assert call_dmft("validate", "multiregion", "--g", "0", "--T", "2")[0] == 2


def test_strengths_and_overlaps_of_modes_are_numbers_or_files(call_dmft, tmp_path):
    np.savetxt(tmp_path / "D.csv", [[1.0, 2.0, 3.0]], delimiter=",")
    words = ["solve", "modes", "--phi", "erf", "--modes-per-neuron", "0.5", "--dimension"]
    status, out, err = call_dmft(*words, "--D", "D.csv", "--output", "sol.npz")
    assert (status, err) == (0, "")
    assert call_dmft(*words, "--D", "1", "2", "3", "--unstructured", "0")[1] == out.replace(
        "\nsaved               sol.npz", "")
    network = dmft.RandomModeNetwork([1.0, 2.0, 3.0], modes_per_neuron=0.5, phi=dmft.erf)
    saved = dmft.load("sol.npz")
    assert np.array_equal(saved.network.D.values, network.D.values)
    for of in ("phi", "x"):
        assert f"{f'PR_{of}/N':<20}{float(dmft.dimension(saved, of=of)):.7g}" in out


def test_a_sampled_solution_is_shown_with_its_errors(call_dmft):
    status, out, _ = call_dmft("solve", "modes", "--D", "8", "--modes-per-neuron", "0.5",
                               "--overlaps", "-0.2", "--phi", "erf", "--tol", "0.02")
    assert status == 0
    solution = dmft.solve(dmft.RandomModeNetwork(8.0, -0.2, 0.5, dmft.erf), tol=0.02)
    assert f"{float(solution.C_phi[0]):.6g} +- {float(solution.C_phi[0].stderr):.2g}" in out


def test_the_dimension_of_a_plastic_network_is_shown_with_its_error(call_dmft):
    status, out, _ = call_dmft("solve", "plastic", "--g", "1.4", "--k", "-3", "--p", "2", "--noise",
                               "0.4", "--tol", "0.02", "--dimension")
    assert status == 0
    solution = dmft.solve(dmft.PlasticNetwork(1.4, -3.0, 2.0, noise=0.4), tol=0.02)
    for of in ("phi", "x"):
        found = dmft.dimension(solution, of)
        assert f"PR_{of}/N" in out
        assert f"{float(found):.6g} +- {float(found.stderr):.2g}" in out


def test_dimensions_are_compared_with_networks(call_dmft):
    words = ["--D", "0.5", "--noise", "1", "--phi", "erf", "--neurons", "30", "--networks", "8",
             "--trials", "2", "--duration", "5", "--lags", "0"]
    status, out, _ = call_dmft("validate", "modes", *words, "--dimension", "--output", "runs.npz")
    assert status in (0, 1)
    verdict = dmft.validation.compare(
        dmft.solve(dmft.RandomModeNetwork(0.5, phi=dmft.erf, noise=1.0)), dmft.load("runs.npz"),
        quantity=("C_x", "C_phi", "dimension_phi", "dimension_x"))
    assert str(verdict) in out
    assert "dimension_x" in out
    assert "dimension" not in call_dmft("validate", "modes", *words)[1]


@pytest.fixture
def edges(tmp_path):
    """A file of edges between 60 neurons, of random modes."""
    rng = np.random.default_rng(4)
    J = rng.standard_normal((60, 60)) @ rng.standard_normal((60, 60)) / 60
    lines = [f"{j} {i} {J[i, j]:.17g}" for i in range(60) for j in range(60)]
    (tmp_path / "J.edges").write_text("\n".join(lines))
    return J


def test_a_connectivity_is_measured_and_its_dimension_predicted(call_dmft, edges):
    words = ["connectivity", "J.edges", "--g", "3", "--phi", "erf", "--no-overlaps", "--starts",
             "0"]
    status, out, err = call_dmft(*words)
    assert (status, err) == (0, "")
    assert str(dmft.load_connectivity("J.edges")) in out
    found = dmft.measure_connectivity(edges)
    assert str(found) in out
    assert "was not measured" in out
    solution = dmft.solve(dmft.RandomModeNetwork.from_connectivity(found, dmft.erf, g=3.0,
                                                                   overlaps=False))
    row = next(line for line in out.splitlines() if line.startswith("without overlaps"))
    assert row.split()[2:] == [f"{float(one):.4g}" for one in (
        solution.C_phi[0], dmft.dimension(solution), dmft.dimension(solution, of="x"))]
    kept = call_dmft(*words, "--keep-mean")[1]
    assert str(dmft.measure_connectivity(edges, remove_mean=False)) in kept
    turned = call_dmft("connectivity", "T.csv", "--rows", "presynaptic", *words[2:])
    assert turned[0] == 1  # no such file
    np.savetxt("T.csv", edges.T)
    measured = out.partition("mean coupling")[2]  # after what was read
    assert measured in call_dmft("connectivity", "T.csv", "--rows", "presynaptic", *words[2:])[1]
    quiet = call_dmft(*words[:2], "--g", "0.5", *words[6:])[1]
    assert "without overlaps  0                   quiescent: no activity\n" in quiet


def test_the_error_of_the_theory_for_this_matrix_stands_beside_the_sampling_error(call_dmft, edges):
    """60 neurons with few modes: the theory is far off, by much more than its sampling error."""
    out = call_dmft("connectivity", "J.edges", "--g", "3", "--phi", "erf", "--no-overlaps")[1]
    rows = {line[:18].strip(): line[18:].split() for line in out.splitlines()}
    found = dmft.measure_connectivity(edges)
    network = dmft.RandomModeNetwork.from_connectivity(found, dmft.erf, g=3.0, overlaps=False)
    theory = float(dmft.solve(network).C_phi[0])
    runs = dmft.validation.simulate(
        dmft.Network((dmft.Matrix(found.matrix * found.scale(3.0)),), dmft.erf), 60, 4, trials=4,
        lags=[0.0], cross_lags=[[0, 0]], dimension=True, rng=0)
    simulated = float(np.mean(runs.rows("C_phi")))
    assert rows["this matrix"][0] == f"{simulated:.4g}"
    stated = rows["without overlaps"]  # the last line that begins so
    assert stated[:2] == ["C_phi(0)", f"{100 * (theory / simulated - 1):+.2g}"]
    assert "sampling error alone" in out
    quiet = call_dmft("connectivity", "J.edges", "--g", "0.5", "--no-overlaps")[1]
    assert "without overlaps  C_phi(0) " in quiet
    assert "%" not in quiet.partition("error of the theory")[2]  # no activity to divide by


def test_the_arguments_of_a_connectivity_say_how_it_is_read(call_dmft, tmp_path):
    """A table with two meanings is refused with status 2, until an argument decides."""
    (tmp_path / "J.csv").write_text("0,1,5\n1,2,2\n2,0,7\n")
    status, out, err = call_dmft("connectivity", "J.csv")
    assert (status, out) == (2, "")
    assert "kind='matrix' or kind='edges'" in err
    words = ["--no-overlaps", "--starts", "0", "--noise", "1", "--g", "0.5"]
    assert "matrix, without names" in call_dmft("connectivity", "J.csv", "--kind", "matrix",
                                                *words)[1]
    read = call_dmft("connectivity", "J.csv", "--source", "1", "--target", "0", "--weight", "2",
                     "--neurons", "4", *words)[1]
    assert "column 2 was taken as source, column 1 as target" in read
    assert "1 of 4 neurons have no edge" in read
    named = call_dmft("connectivity", "J.csv", "--no-weights", "--kind", "edges", "--neurons", "2",
                      "1", "0", *words)[1]
    assert "names: 2, 1, 0" in named
    assert "every edge counts as 1" in named
    assert call_dmft("connectivity", "J.csv", "--no-weights", "--weight", "2")[0] == 2
    (tmp_path / "K.csv").write_text("0,11,12\n11,0,.5\n12,.3,0\n")
    assert "names: 11, 12" in call_dmft("connectivity", "K.csv", "--names", "yes", *words)[1]


def test_overlaps_that_condense_are_reported_after_the_other_results(call_dmft, monkeypatch, edges):
    from dmft.commands import connectivity

    solve = dmft.solve

    def condensed(network, **options):
        if np.any(network.overlaps):
            raise dmft.ConvergenceError("a mode condenses")
        return solve(network, **options)

    monkeypatch.setattr(connectivity.dmft, "solve", condensed)
    status, out, err = call_dmft("connectivity", "J.edges", "--g", "3", "--phi", "erf", "--starts",
                                 "0")
    assert (status, err) == (1, "dmft: with overlaps: a mode condenses\n")
    rows = [line.split() for line in out.splitlines() if "overlaps  " in line]
    assert [row[0] for row in rows] == ["without", "with"]
    assert rows[1][2:] == ["not", "found"]


# ---- what is wrong


@pytest.mark.parametrize(("words", "expected"), [
    ([], "required: COMMAND"),
    (["slove"], "invalid choice: 'slove'"),
    (["solve"], "required: NETWORK"),
    (["solve", "random"], "required: --g"),
    (["solve", "random", "--g", "two"], "--g: invalid float value: 'two'"),
    (["solve", "random", "--g", "-1"], "g=-1.0: negative"),
    (["solve", "random", "--g", "nan"], "g=nan: not finite"),
    (["solve", "random", "--g", "2", "--reciprocity", "2"], "reciprocity=2.0"),
    (["solve", "random", "--g", "2", "--phi", "sine"], "invalid choice: 'sine'"),
    (["solve", "random", "--g", "2", "--phi", "linear"], "grows without bound"),
    ([*SOLVE, "--span", "3"], "give both, or neither"),
    ([*SOLVE, "--span", "3", "--dt", "0"], "dt=0.0: not positive"),
    ([*SOLVE, "--method", "exact"], "--method: invalid choice: 'exact'"),
    ([*SOLVE, "--tol", "0"], "tol=0.0"),
    ([*SOLVE, "--stop", "5", "--span", "3"], "omit --span or --stop"),
    ([*SOLVE, "--variance", "2"], "give --stop too"),
    ([*REGIONS, "--T", "1", "2", "3"], "T='3 numbers'"),
    ([*REGIONS, "--T", "none.npy"], "T='none.npy': cannot be read"),
    ([*REGIONS, "--T", "one"], "T='one': neither numbers nor a file"),
    ([*REGIONS, "--T", "1", "--g", "1", "2"], "g=(2,): not of shape (1,)"),
    ([*REGIONS, "--T", "1", "--stop", "2"], "currents=None: missing"),
    ([*REGIONS, "--T", "1", "--stop", "2", "--currents", "x"], "currents='x'"),
    ([*REGIONS, "--T", "1", "--lyapunov"], "give --stop"),
    (["validate", *SOLVE[1:], "--neurons", "0"], "--neurons: 0 is below 2; give 2 or more"),
    (["validate", *SOLVE[1:], "--neurons", "many"], "'many' is not a whole number"),
    (["validate", *SOLVE[1:], "--networks", "1"], "--networks: 1 is below"),
    (["validate", *SOLVE[1:], *SIMULATE, "--duration", "-1"], "--duration: -1 is negative"),
    (["validate", "random", "--g", "0.5", *SIMULATE], "quiescent"),
    (["solve", "modes"], "required: --D"),
    (["solve", "modes", "--D", "0"], "sums to zero"),
    (["solve", "modes", "--D", "2", "--overlaps", "1.5"], "outside [-1, 1]"),
    (["solve", "modes", "--D", "2", "--modes-per-neuron", "0"], "modes_per_neuron=0.0"),
    (["solve", "modes", "--D", "D.csv"], "D='D.csv': cannot be read"),
    (["connectivity"], "required: FILE"),
    (["connectivity", "J.csv", "--rows", "none"], "invalid choice: 'none'"),
    (["equations"], "one of the arguments --check --write is required"),
    (["equations", "--check", "--root", "nowhere"], "not a checkout of dmft"),
    (["figures", "unheard"], "invalid choice: 'unheard'"),
    (["bench", "unheard"], "no benchmark is called 'unheard'; give any of stationary, "),
], ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_bad_arguments_are_status_2_and_leave_nothing(call_dmft, tmp_path, words, expected):
    status, _, err = call_dmft(*words)
    assert status == 2
    first, last = err.splitlines()
    assert first.startswith("dmft: ")
    assert expected in first
    assert last.startswith("usage: dmft")
    assert list(tmp_path.iterdir()) == []


def test_no_convergence_is_status_1_and_shows_what_was_reached(call_dmft, tmp_path):
    status, out, err = call_dmft(*SOLVE, "--method", "fourier", "--span", "3", "--dt", "0.5",
                                 "--output", "sol.npz")
    assert status == 1
    assert "variance C_x(0)" in out
    assert "give a longer span" in err.splitlines()[-1]
    assert all(line.startswith("dmft: ") for line in err.splitlines())
    assert list(tmp_path.iterdir()) == []


# ---- progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize("quiet", [[], ["--quiet"]], ids=["shown", "quiet"])
def test_progress_is_shown_on_a_terminals_stderr_only(monkeypatch, tmp_path, capsys, quiet):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert main([*SOLVE, "--method", "fourier", *quiet]) == 0
    assert ("iteration" in terminal.getvalue()) == (not quiet)
    assert "iteration 1," not in capsys.readouterr().out


def test_the_equations_can_be_written_where_there_are_none():
    """`dmft equations` must not import what it is about to write."""
    code = ("import sys, dmft.__main__ as m; m.parser('equations'); "
            "print([name for name in sys.modules if name.startswith('dmft.equations')])")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr

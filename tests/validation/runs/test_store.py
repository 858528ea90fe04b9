"""A store is resumed, and never mixed with runs of other settings."""

import importlib
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import dmft
from dmft import RandomNetwork, validation
from dmft.base.errors import StorageError
from dmft.storage import files

ROOT = Path(__file__).resolve().parents[3]

OPTIONS = {"trials": 2, "duration": 4.0, "burn_in": 2.0, "lags": [0.0, 1.0]}
NETWORK = RandomNetwork(2.0, dmft.tanh)


def simulate(path, networks=3, neurons=20, network=NETWORK, rng=1, **options):
    return validation.simulate(network, neurons, networks, rng=rng, store=path,
                               **{**OPTIONS, **options})


@pytest.fixture
def counted(monkeypatch):
    """The tasks that are executed."""
    module = importlib.import_module("dmft.validation.simulation.checked_call")
    done, run = [], module.run_stationary

    def counting(settings, neurons, network):
        done.append((neurons, network))
        return run(settings, neurons, network)

    monkeypatch.setattr(module, "run_stationary", counting)
    return done


def test_only_what_is_missing_is_run(tmp_path, counted):
    path = tmp_path / "runs.npz"
    simulate(path, networks=2)
    more = simulate(path, networks=3, neurons=(20, 30))
    # two networks run at once: either may finish first
    assert sorted(counted) == [(20, 0), (20, 1), (20, 2), (30, 0), (30, 1), (30, 2)]
    plain = simulate(None, networks=3, neurons=(20, 30))
    for name in plain.per_network:
        np.testing.assert_array_equal(more.per_network[name], plain.per_network[name])


def test_an_interrupted_run_is_resumed(tmp_path, counted, monkeypatch):
    path = tmp_path / "runs.npz"
    module = importlib.import_module("dmft.validation.simulation.checked_call")
    counting = module.run_stationary

    def interrupted(settings, neurons, network):
        if network == 2:
            raise KeyboardInterrupt
        return counting(settings, neurons, network)

    monkeypatch.setattr(module, "run_stationary", interrupted)
    with pytest.raises(KeyboardInterrupt):
        simulate(path, networks=4)
    monkeypatch.setattr(module, "run_stationary", counting)
    simulate(path, networks=4)
    assert sorted(counted) == [(20, 0), (20, 1), (20, 2), (20, 3)]  # each once
    assert sorted(p.name for p in tmp_path.iterdir()) == [".runs.npz.lock", "runs.npz"]


def test_without_rng_the_seed_is_the_store_s(tmp_path, counted):
    path = tmp_path / "runs.npz"
    first = simulate(path, networks=2, rng=None)
    second = simulate(path, networks=2, rng=None)
    assert len(counted) == 2
    assert first.seed_entropy == second.seed_entropy


@pytest.mark.parametrize(("change", "field"), [
    ({"dt": 0.2}, "dt"), ({"trials": 3}, "trials"), ({"duration": 5.0}, "duration"),
    ({"burn_in": 3.0}, "burn_in"), ({"lags": [0.0, 2.0]}, "lags"), ({"dtype": "float64"}, "dtype"),
    ({"rng": 2}, "entropy"), ({"network": RandomNetwork(2.1, dmft.tanh)}, "network"),
    ({"network": RandomNetwork(2.0, dmft.erf)}, "network"),
    ({"network": RandomNetwork(2.0, dmft.tanh, noise=0.1)}, "network"),
])
def test_other_settings_are_refused_by_name(tmp_path, change, field):
    path = tmp_path / "runs.npz"
    simulate(path, networks=1)
    before = path.read_bytes()
    with pytest.raises(StorageError, match=f"holds runs with {field}="):
        simulate(path, networks=1, **change)
    assert path.read_bytes() == before


def test_foreign_and_damaged_files_are_refused_and_kept(tmp_path):
    solution = dmft.save({"g": 2.0}, tmp_path / "solution.npz")
    numpy_file = tmp_path / "array.npz"
    np.savez(numpy_file, a=np.ones(3))
    truncated = tmp_path / "truncated.npz"
    simulate(truncated, networks=2)
    truncated.write_bytes(truncated.read_bytes()[:-200])
    text = tmp_path / "text.npz"
    text.write_text("hello")
    for path in (solution, numpy_file, truncated, text):
        before = path.read_bytes()
        for rng in (1, None):
            with pytest.raises(StorageError, match=path.name):
                simulate(path, rng=rng)
        assert path.read_bytes() == before


def test_a_path_that_cannot_be_written_is_reported_before_the_simulation(tmp_path, counted):
    with pytest.raises(StorageError, match="does not exist"):
        simulate(tmp_path / "nowhere" / "runs.npz")
    assert not counted


def test_runs_and_verdicts_are_saved_whole(tmp_path):
    runs = simulate(None, networks=8)
    again = dmft.load(dmft.save(runs, tmp_path / "runs"))
    np.testing.assert_array_equal(again.per_network["C_phi"], runs.per_network["C_phi"])
    assert again.network == runs.network
    assert again.neurons == runs.neurons
    verdict = validation.compare(dmft.solve(NETWORK), runs)
    assert str(dmft.load(dmft.save(verdict, tmp_path / "verdict"))) == str(verdict)


# ---- several processes, other functions and versions, a full disk


def clipped(limit):
    return dmft.Nonlinearity(lambda x: np.clip(x, -limit, limit),
                             lambda x: (np.abs(x) < limit) * 1.0, name="clipped")


def test_two_phi_of_one_name_are_distinguished(tmp_path):
    path = tmp_path / "runs.npz"
    simulate(path, networks=1, network=RandomNetwork(2.0, clipped(4.0)))
    simulate(path, networks=1, network=RandomNetwork(2.0, clipped(4.0)))
    with pytest.raises(StorageError, match="holds runs with network="):
        simulate(path, networks=1, network=RandomNetwork(2.0, clipped(5.0)))


def test_populations_with_functions_of_ones_own_are_resumed(tmp_path, counted):
    def network(limit):
        return dmft.PopulationNetwork([[0.5, -1.0], [1.0, 0.0]], 0.3,
                                      phi=(clipped(limit), dmft.tanh))

    for networks in (2, 3):
        runs = simulate(tmp_path / "runs", networks=networks, network=network(4.0))
    assert len(counted) == 3
    assert len(runs.per_network["C_phi"][0]) == 3
    with pytest.raises(StorageError, match="holds runs with"):
        simulate(tmp_path / "runs", network=network(5.0))


CHILD = """
import importlib, os, signal, sys, time
from tests.validation.runs import test_store as t

path, networks, stored = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
module = importlib.import_module("dmft.validation.simulation.checked_call")
store = importlib.import_module("dmft.validation.runs.store").Store
run, add = module.run_stationary, store.add

def told(*arguments):
    os.write(1, f"{arguments[1:]}\\n".encode())  # one write: the lines of two threads do not mix
    time.sleep(0.02)
    return run(*arguments)

def add_until_killed(self, *arguments):
    global stored
    self.due = 0.0 if stored > 5 else float("inf")  # the last ones become parts
    add(self, *arguments)
    stored -= 1
    if stored == 0:
        os.kill(os.getpid(), signal.SIGKILL)

module.run_stationary, store.add = told, add_until_killed
t.simulate(path, networks=networks, neurons=(20, 30))
"""


def child(path, networks, stored=-1):
    """A process that simulates, and kills itself when it has stored so many networks."""
    return subprocess.Popen([sys.executable, "-c", CHILD, str(path), str(networks), str(stored)],
                            cwd=ROOT, stdout=subprocess.PIPE, text=True,
                            env={**os.environ, "PYTHONPATH": str(ROOT)})


def test_processes_share_the_networks(tmp_path, counted):
    """This one joins another, for fewer networks: none is run twice, none is lost."""
    path = tmp_path / "runs.npz"
    other = child(path, 8)
    first = other.stdout.readline()
    simulate(path, networks=5, neurons=(20, 30))
    with other.stdout:
        lines = [first, *other.stdout]
    assert other.wait(timeout=120) == 0
    assert sorted([*lines, *(f"{task}\n" for task in counted)]) == sorted(
        f"{(n, k)}\n" for n in (20, 30) for k in range(8))
    assert_whole(path, 8)


def test_a_killed_process_loses_nothing(tmp_path, counted):
    path = tmp_path / "runs.npz"
    killed = child(path, 8, stored=9)
    killed.communicate(timeout=120)
    assert killed.returncode == -signal.SIGKILL
    parts = tmp_path / "runs.npz.parts"
    (parts / ".20-9.npz.0a1b2c3d.tmp").touch()  # as a kill while a part is written leaves it
    assert (len(list(parts.glob("[0-9]*.npz"))), len(dmft.load(path))) == (5, 4)
    simulate(path, networks=8, neurons=(20, 30))
    assert len(counted) == 16 - 9
    assert not parts.exists()
    assert_whole(path, 8)


def assert_whole(path, networks):
    found = dmft.load(path)
    fresh = simulate(None, networks=networks, neurons=(20, 30))
    assert len(found) == 2 * networks
    for place, size in enumerate((20, 30)):
        for k in range(networks):
            np.testing.assert_array_equal(found[f"{size}/{k}"]["C_phi"],
                                          fresh.per_network["C_phi"][place, k])


def test_two_first_calls_without_rng_draw_from_one_seed(tmp_path, counted, monkeypatch):
    """Both draw a seed before either has a store: the second takes that of the first."""
    module = importlib.import_module("dmft.validation.simulation.checked_call")
    both, checked = threading.Barrier(2, timeout=60), module.checked_settings

    def settings(*arguments):
        found = checked(*arguments)
        both.wait()
        return found

    monkeypatch.setattr(module, "checked_settings", settings)
    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(simulate, tmp_path / "runs", 4, rng=None) for _ in range(2)]
        one, two = (call.result() for call in calls)
    assert one.seed_entropy == two.seed_entropy
    np.testing.assert_array_equal(one.per_network["C_phi"], two.per_network["C_phi"])
    assert sorted(counted) == [(20, k) for k in range(4)]


@pytest.fixture
def parts(tmp_path):
    """A file whose last two results are parts, as after a kill."""
    path = tmp_path / "runs.npz"
    simulate(path, networks=2)
    store = store_of(path)
    store.due = np.inf
    for index, result in enumerate(simulate_tasks(path, 2)):
        store.add(20, index + 2, result)
    return path


def store_of(path):
    module = importlib.import_module("dmft.validation.runs.store")
    return module.Store(path, simulate(None).settings)


def simulate_tasks(path, count):
    return [dmft.load(path)[f"20/{index}"] for index in range(count)]


def test_parts_of_other_runs_are_refused_and_kept(tmp_path, parts):
    folder = tmp_path / "runs.npz.parts"
    parts.rename(tmp_path / "moved.npz")
    with pytest.raises(StorageError, match=r"runs\.npz: is missing, and .*runs\.npz\.parts holds"):
        simulate(parts)
    assert len(list(folder.iterdir())) == 2
    other = tmp_path / "other.npz"
    simulate(other, networks=1, rng=2)
    other.rename(parts)
    with pytest.raises(StorageError, match=r"parts/20-.\.npz: holds runs with entropy=1, not 2"):
        simulate(parts, rng=2)
    assert len(list(folder.iterdir())) == 2


def test_a_damaged_part_is_refused_and_a_note_of_the_user_kept(tmp_path, parts):
    folder = tmp_path / "runs.npz.parts"
    (folder / "notes.txt").touch()
    damaged = folder / "20-3.npz"
    damaged.write_bytes(damaged.read_bytes()[:-30])
    with pytest.raises(StorageError, match=r"parts/20-3\.npz: .*delete it to simulate"):
        simulate(parts, networks=4)
    damaged.unlink()
    simulate(parts, networks=4)
    assert len(dmft.load(parts)) == 4
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_a_full_disk_returns_the_runs(tmp_path, counted, monkeypatch):
    path = tmp_path / "runs.npz"
    real, left = files._write_archive, [3]  # the empty store and two networks

    def write(stream, text, arrays):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device")
        real(stream, text, arrays)

    monkeypatch.setattr(files, "_write_archive", write)
    with pytest.warns(dmft.StorageWarning, match="No space left.*are returned, but the file does"):
        runs = simulate(path, networks=4)
    parts = list((tmp_path / "runs.npz.parts").glob("*"))
    assert len(dmft.load(path)) + len(parts) == 2
    monkeypatch.setattr(files, "_write_archive", real)
    again = simulate(path, networks=4)
    np.testing.assert_array_equal(again.per_network["C_phi"], runs.per_network["C_phi"])
    assert len(counted) == 6
    assert len(dmft.load(path)) == 4


def test_another_version_gives_a_warning(tmp_path, monkeypatch):
    path = tmp_path / "runs.npz"
    simulate(path, networks=1)
    store = importlib.import_module("dmft.validation.runs.store")
    monkeypatch.setattr(store, "__version__", "9.0")
    with pytest.warns(dmft.StorageWarning, match=r"was written by dmft .*, and this is dmft 9\.0"):
        simulate(path, networks=1)


def test_the_error_of_a_truncated_store_states_what_to_do(tmp_path):
    path = tmp_path / "runs.npz"
    simulate(path, networks=1)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(StorageError, match=r"runs\.npz: .*delete it to simulate its networks"):
        simulate(path, networks=1)


def test_a_file_with_other_contents_is_refused(tmp_path):
    path = tmp_path / "runs.npz"
    simulate(path, networks=1)
    note = files.header(path)["note"]
    for value in ([1], {"20/0": 3}, {"x": {}}, 2.0):
        dmft.save(value, path, note=note)
        with pytest.raises(StorageError, match="does not hold simulated runs"):
            simulate(path, networks=1)

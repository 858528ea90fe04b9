"""A store is resumed, and never mixed with runs of other settings."""

import numpy as np
import pytest

import dmft
from dmft import RandomNetwork, validation
from dmft.base.errors import StorageError

OPTIONS = {"trials": 2, "duration": 4.0, "burn_in": 2.0, "lags": [0.0, 1.0]}
NETWORK = RandomNetwork(2.0, dmft.tanh)


def simulate(path, networks=3, neurons=20, network=NETWORK, rng=1, **options):
    return validation.simulate(network, neurons, networks, rng=rng, store=path,
                               **{**OPTIONS, **options})


@pytest.fixture
def counted(monkeypatch):
    """The tasks that are executed."""
    import importlib

    module = importlib.import_module("dmft.validation.simulation.simulate")
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
    import importlib

    path = tmp_path / "runs.npz"
    module = importlib.import_module("dmft.validation.simulation.simulate")
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

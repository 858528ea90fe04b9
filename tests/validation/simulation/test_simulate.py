"""simulate measures each drawn network, whatever else is run with it."""

import numpy as np
import pytest
from scipy import linalg

import dmft
from dmft import RandomNetwork, validation
from dmft.base import allocation
from dmft.base.errors import ModelError, ResolutionWarning
from dmft.validation.couplings.draw import draw_sum
from dmft.validation.settings.settings import default_burn_in
from dmft.validation.settings.tuning import LONGEST_BURN_IN
from dmft.validation.simulation import task

FAST = {"trials": 4, "duration": 10.0, "burn_in": 5.0, "lags": [0.0, 1.0]}
TANH = RandomNetwork(2.0, dmft.tanh)


def couplings_of(runs, size, index):
    """The very matrix that a task draws."""
    seed = runs.settings.seed(size, index).spawn(4)[0]
    return draw_sum(runs.network.ensembles, size, seed, float).matrix


@pytest.mark.parametrize("reciprocity", [0.0, 0.4, -0.4])
def test_a_linear_network_with_noise_has_its_exact_correlations(reciprocity):
    """x' = A x + noise: A C + C A^T = -2 sigma^2, <x(t+tau) x(t)^T> = exp(A tau) C, per network."""
    network = RandomNetwork(0.5, dmft.linear, noise=0.8, reciprocity=reciprocity)
    runs = validation.simulate(network, 40, 8, trials=60, duration=50.0, dt=0.05, burn_in=20.0,
                               lags=[0, 0.5, 2.0], rng=3)
    exact = []
    for index in range(8):
        A = couplings_of(runs, 40, index) - np.eye(40)
        C = linalg.solve_continuous_lyapunov(A, -2 * 0.8**2 * np.eye(40))
        exact.append([np.trace(linalg.expm(A * tau) @ C) / 40 for tau in runs.lags])
    off = (runs.per_network["C_x"][0] - exact) / np.array(exact)[:, :1]
    stderr = off.std(axis=0, ddof=1) / np.sqrt(8)
    assert np.all(np.abs(off.mean(axis=0)) < 4.5 * stderr)
    assert np.all(stderr < 0.004)  # the networks themselves differ by ten times as much
    np.testing.assert_array_equal(runs.per_network["C_x"], runs.per_network["C_phi"])


def test_a_network_at_rest_is_its_fixed_point():
    """g = 0 with a bias: x_i = h_i, and nothing decays."""
    runs = validation.simulate(RandomNetwork(0.0, dmft.tanh, bias=0.7), 400, 8, trials=2,
                               duration=5.0, burn_in=30.0, lags=[0.0, 3.0], rng=0)
    for value in (runs.C_x[0], runs.C_x[1], runs.x_static):
        assert abs(float(value) - 0.49) < 5 * float(value.stderr)
    np.testing.assert_allclose(runs.per_network["x_static"], runs.per_network["C_x"][..., 0],
                               rtol=1e-5)
    assert np.all(runs.per_network["still"] == 2)
    assert np.abs(runs.per_network["drift"]).max() < 1e-5


def test_float32_is_harmless():
    """The same draws in both: the difference is far below the scatter over networks."""
    single, double = (validation.simulate(RandomNetwork(1.5, dmft.erf, noise=0.8), 60, 8, trials=8,
                                          duration=30.0, burn_in=20.0, rng=4, dtype=dtype)
                      for dtype in ("float32", "float64"))
    for name in ("C_x", "C_phi"):
        difference = single.per_network[name] - double.per_network[name]
        assert np.abs(difference).max() < 0.2 * double.per_network[name].std(axis=1).min()
        assert abs(difference.mean()) < 0.01 * double.per_network[name].mean()


def test_draws_are_the_same_at_every_step():
    """At first, before chaos, dt and dt/2 follow the same trajectories to second order."""
    lags = {"lags": [0.0], "burn_in": 0.0, "duration": 1.0, "trials": 3, "rng": 5,
            "dtype": "float64"}
    curves = {dt: validation.simulate(TANH, 50, 3, dt=dt, **lags).per_network["C_x"]
              for dt in (0.1, 0.05, 0.025)}
    coarse, fine = curves[0.1] - curves[0.05], curves[0.05] - curves[0.025]
    assert np.abs(coarse).max() < 0.01
    assert np.abs(fine).max() < np.abs(coarse).max() / 3


def test_a_task_does_not_depend_on_the_others():
    alone = validation.simulate(TANH, 30, 2, rng=6, **FAST)
    among = validation.simulate(TANH, (50, 30, 20), 3, rng=6, **FAST)
    assert among.neurons == (20, 30, 50)
    np.testing.assert_array_equal(among.per_network["C_x"][1, :2], alone.per_network["C_x"][0])
    assert not np.allclose(among.per_network["C_x"][1, 0], among.per_network["C_x"][1, 1])
    words = {tuple(among.settings.seed(n, k).generate_state(4)) for n in (20, 30) for k in (0, 1)}
    assert len(words) == 4  # sizes share no draws: their averages are independent
    again = validation.simulate(TANH, 30, 2, rng=alone.seed_entropy, **FAST)
    np.testing.assert_array_equal(again.per_network["C_x"], alone.per_network["C_x"])


@pytest.mark.parametrize("make", [lambda: 7, lambda: np.random.SeedSequence(7, spawn_key=(1,)),
                                  lambda: np.random.default_rng(7)])
def test_any_kind_of_rng_repeats(make):
    first, second = (validation.simulate(TANH, 20, 2, rng=make(), **FAST) for _ in range(2))
    np.testing.assert_array_equal(first.per_network["C_x"], second.per_network["C_x"])
    fresh = [validation.simulate(TANH, 20, 2, **FAST).seed_entropy for _ in range(2)]
    assert fresh[0] != fresh[1]


def test_the_generator_is_advanced():
    rng = np.random.default_rng(7)
    first, second = (validation.simulate(TANH, 20, 2, rng=rng, **FAST) for _ in range(2))
    assert not np.allclose(first.per_network["C_x"], second.per_network["C_x"])


def test_runs_are_means_over_networks():
    runs = validation.simulate(TANH, (20, 40), 5, rng=8, **FAST)
    assert runs.per_network["C_x"].shape == (2, 5, 2)
    rows = runs.per_network["C_x"][1]
    np.testing.assert_allclose(runs.C_x.value, rows.mean(axis=0))
    np.testing.assert_allclose(runs.C_x.stderr, rows.std(axis=0, ddof=1) / np.sqrt(5))
    np.testing.assert_allclose(runs.curve("C_phi", 20).value,
                               runs.per_network["C_phi"][0].mean(axis=0))
    means = runs.per_network["C_x"].mean(axis=1)  # a line in 1/N through two points
    np.testing.assert_allclose(runs.extrapolated("C_x").value, 2 * means[1] - means[0])
    with pytest.raises(ModelError, match="neurons=30"):
        runs.curve("C_x", 30)


def test_lags_are_rounded_to_whole_steps_and_reported():
    runs = validation.simulate(TANH, 20, 2, dt=0.2, rng=0, **{**FAST, "lags": [0, 0.29, 0.31, 1]})
    np.testing.assert_allclose(runs.lags, [0, 0.2, 0.4, 1])
    grid = validation.simulate(TANH, 20, 2, rng=0, **{**FAST, "lags": dmft.Lags(2.0, 0.5)})
    np.testing.assert_allclose(grid.lags, [0, 0.5, 1, 1.5, 2])


@pytest.mark.filterwarnings("ignore::dmft.ResolutionWarning")  # of networks that come to rest
def test_discarding_follows_its_rule_and_is_counted():
    """Small networks just above the transition fall to fixed points, by chance."""
    network = RandomNetwork(1.1, dmft.tanh)
    options = {"trials": 2, "duration": 20.0, "burn_in": 200.0, "dt": 0.2, "rng": 0}
    everything = validation.simulate(network, 30, 12, **options)
    runs = validation.simulate(network, 30, 12, discard="still", **options)
    assert everything.discarded == 0
    assert 0 < runs.discarded < 12
    np.testing.assert_array_equal(runs.kept[0], everything.per_network["still"][0] == 0)
    assert len(runs.samples("C_x")) == 12 - runs.discarded
    assert "discarded" in repr(runs)


def test_a_burn_in_that_is_too_short_is_reported():
    with pytest.warns(ResolutionWarning, match="burn_in above 0"):
        validation.simulate(RandomNetwork(0.3, dmft.linear, noise=2.0), 50, 8, trials=4,
                            duration=4.0, burn_in=0.0, rng=0)


def test_burn_in_follows_the_distance_from_the_transition():
    assert default_burn_in(RandomNetwork(3.0)) == 50
    assert default_burn_in(RandomNetwork(1.25)) == pytest.approx(200)
    assert default_burn_in(RandomNetwork(1.0)) == LONGEST_BURN_IN
    assert default_burn_in(RandomNetwork(0.75, noise=1.0)) == pytest.approx(200)


def test_activity_that_runs_away_is_one_error():
    with pytest.raises(ModelError, match="diverged"):
        validation.simulate(RandomNetwork(9.0, dmft.linear), 30, 1, rng=0)


def test_too_much_memory_is_refused_before_anything_is_drawn(monkeypatch):
    monkeypatch.setattr(task, "draw_sum", lambda *a: pytest.fail("drawn"))
    with pytest.raises(ModelError, match=r"neurons=\(1000000,\): needs .* GiB .* fewer neurons"):
        validation.simulate(TANH, 10**6, 2, rng=0)
    monkeypatch.setattr(allocation, "available", lambda: 2e6)
    with pytest.raises(ModelError, match=r"trials=1000.*fewer trials"):
        validation.simulate(TANH, 100, 2, trials=1000, rng=0)
    with pytest.raises(ModelError, match="float32"):
        validation.simulate(TANH, 600, 2, trials=1, rng=0, dtype="float64")


def test_available_memory_is_known_here():
    assert 0 < allocation.available() < 1e15


def test_progress_is_shown_on_stderr_only(capsys):
    validation.simulate(TANH, 20, 2, rng=0, progress=True, **FAST)
    out, err = capsys.readouterr()
    assert out == ""
    assert "2/2" in err


@pytest.mark.parametrize(("change", "field"), [
    ({"neurons": 0}, "neurons"), ({"neurons": (50, 50)}, "neurons"), ({"neurons": ()}, "neurons"),
    ({"neurons": 2.5}, "neurons"), ({"networks": 0}, "networks"), ({"trials": 1.5}, "trials"),
    ({"dt": 0.0}, "dt"), ({"dt": 0.8}, "dt"), ({"dt": np.nan}, "dt"),
    ({"duration": -1.0}, "duration"), ({"duration": 1e9}, "duration"),
    ({"burn_in": np.inf}, "burn_in"), ({"lags": [-1.0]}, "lags"), ({"lags": [np.nan]}, "lags"),
    ({"lags": [[0.0]]}, "lags"), ({"lags": []}, "lags"), ({"rng": -1}, "rng"),
    ({"rng": "seed"}, "rng"), ({"dtype": "float16"}, "dtype"), ({"discard": "bad"}, "discard"),
    ({"network": 2.0}, "network"),
])
def test_bad_arguments_are_named(change, field):
    arguments = {"network": TANH, "neurons": 20, "networks": 2, "rng": 0, **FAST, **change}
    with pytest.raises(ModelError, match=f"^{field}="):
        validation.simulate(**arguments)


def test_the_number_of_cores_does_not_matter(monkeypatch):
    import sys

    found = []
    for cores in (1, 3):
        monkeypatch.setattr(
            sys.modules["dmft.validation.simulation.task"], "cores", lambda cores=cores: cores
        )
        found.append(validation.simulate(RandomNetwork(2.0), (20, 30), 4, trials=2, duration=5.0,
                                         burn_in=5.0, rng=4).per_network["C_x"])
    np.testing.assert_array_equal(*found)

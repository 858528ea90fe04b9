"""simulate measures the dimension and the four-point function of the very networks it draws."""

import numpy as np
import pytest
from scipy import linalg

import dmft
from dmft import Gains, HeterogeneousNetwork, RandomNetwork, validation
from dmft.base import allocation
from dmft.base.errors import ModelError, ResolutionWarning, StorageError
from dmft.validation.couplings.draw import draw_sum
from dmft.validation.settings.settings import checked_settings, default_burn_in
from dmft.validation.settings.tuning import PAIR_BURN_IN_FACTOR
from dmft.validation.simulation import task

N, NETWORKS = 30, 8
LAGS = ((0, 0), (1.5, 1.5), (1.5, -1.5))
FAST = {"trials": 4, "duration": 4.0, "burn_in": 5.0, "lags": [0.0], "dimension": True,
        "cross_lags": ((1, -1),)}
TANH = RandomNetwork(2.0, dmft.tanh)


def exact(J, noise):
    """trace, square and Psi of x' = -x + J x + noise, with C_ij(tau) = <x_i(t) x_j(t+tau)>."""
    A = J - np.eye(len(J))
    C0 = linalg.solve_continuous_lyapunov(A, -2 * noise**2 * np.eye(len(J)))

    def covariance(tau):
        return C0 @ linalg.expm(A * tau).T if tau >= 0 else covariance(-tau).T

    def psi(tau1, tau2):
        product = covariance(tau1) * covariance(tau2)
        return (product.sum() - product.trace()) / (len(J) - 1)

    return {"trace": C0.trace() / len(J), "square": np.sum(C0**2) / len(J),
            "Psi": [psi(*pair) for pair in LAGS],
            "z": len(J) / np.sum(C0**2 / np.outer(C0.diagonal(), C0.diagonal()))}


@pytest.fixture(scope="module")
def linear():
    """Linear networks, of which everything is known, and what was measured in them."""
    network = RandomNetwork(0.7, dmft.linear, noise=0.8, reciprocity=-0.3)
    runs = validation.simulate(network, N, NETWORKS, trials=48, duration=40.0, dt=0.05,
                               burn_in=20.0, lags=[0], dimension=True, cross_lags=LAGS,
                               zscore="network", rng=3)
    known = [exact(draw_sum(network.ensembles, N, runs.settings.seed(N, k).spawn(5)[0],
                            float).matrix, 0.8) for k in range(NETWORKS)]
    return runs, {name: np.array([one[name] for one in known]) for name in known[0]}


def off(found, known):
    """Deviations over the known means, with their standard errors, over networks."""
    ratio = (np.asarray(found) - known) / np.abs(known).mean(axis=0)
    return ratio.mean(axis=0), ratio.std(axis=0, ddof=1) / np.sqrt(len(ratio))


@pytest.mark.parametrize("name", ["trace", "square", "Psi"])
def test_linear_networks_have_their_exact_moments(linear, name):
    """For both x and phi; networks of 30 units differ from one another by much more."""
    runs, known = linear
    column = f"{name}_x"
    np.testing.assert_array_equal(runs.samples(column), runs.samples(f"{name}_phi"))
    value, stderr = off(runs.samples(column), known[name])
    assert np.all(np.abs(value) < 4.5 * stderr + 1e-3), (value, stderr)
    assert np.all(stderr < (0.1 if name == "Psi" else 0.02))
    if name == "Psi":  # the two senses of time are told apart
        difference = runs.samples(column)[:, 1] - known[name][:, 2]
        assert difference.mean() > 8 * difference.std(ddof=1) / np.sqrt(NETWORKS)


def test_units_of_equal_variance_have_their_exact_dimension(linear):
    runs, known = linear
    value, stderr = off(runs.per_network["dimension_x_z"][0], known["z"])
    assert abs(value) < 4.5 * stderr + 0.005
    np.testing.assert_allclose(runs.samples("trace_x_z"), 1.0, rtol=1e-5)


def test_one_trial_gives_a_biased_square(linear):
    """The squared covariance of a single trial is far too large, at the same length."""
    runs, known = linear
    settings = runs.settings
    couplings, seeds = task.draw_network(settings, N, 0)
    x = task.initial_states(settings, N, np.random.default_rng(seeds.start))
    path = task.trajectory(settings, N, couplings, x, seeds)
    states = np.array([now.copy() for step, (now, _) in zip(range(1200), path, strict=False)
                       if step >= 400 and step % 10 == 0])
    shown = np.einsum("tib,tjb->bij", states, states) / len(states)
    naive = np.mean(np.sum(shown**2, axis=(1, 2))) / N
    assert naive > 1.3 * known["square"][0]


def test_psi_at_lag_zero_is_what_the_dimension_holds(linear):
    runs, _ = linear
    square, psi = runs.samples("square_x"), runs.samples("Psi_x")[:, 0]
    own = square - psi * (N - 1) / N  # sum_i C_ii^2 / N
    trace = runs.samples("trace_x")
    assert np.all((own > trace**2) & (own < 2 * trace**2))
    together = runs.samples("trace_x").mean() ** 2 / square.mean()
    assert float(runs.dimension_x) == pytest.approx(together, rel=0.01)  # the jackknife of it
    np.testing.assert_allclose(runs.per_network["dimension_x"][0], trace**2 / square)


def test_means_of_units_are_no_covariances():
    """At a fixed point with a bias every covariance is 0, though every product is not."""
    runs = validation.simulate(RandomNetwork(0.3, dmft.tanh, bias=0.7), 40, 3, trials=4,
                               duration=10.0, burn_in=40.0, lags=[0], dimension=True, rng=0)
    assert np.abs(runs.samples("C_x")).min() > 0.1
    assert runs.samples("square_x").max() < 1e-8


def test_differences_of_trials_have_the_covariance_of_one():
    """A bias shifts the means of a linear network, and changes nothing else."""
    options = {**FAST, "trials": 32, "duration": 40.0, "burn_in": 20.0, "rng": 4}
    network = RandomNetwork(0.4, dmft.linear, noise=0.8, bias=2.0)
    runs = validation.simulate(network, 20, 4, **options)
    known = [exact(task.draw_network(runs.settings, 20, k)[0].matrix.astype(float), 0.8)
             for k in range(4)]
    for name in ("trace", "square"):
        value, stderr = off(runs.samples(f"{name}_x"), np.array([one[name] for one in known]))
        assert abs(value) < 5 * stderr
        assert stderr < 0.03


def test_variances_of_the_theory_scale_each_unit():
    network = HeterogeneousNetwork(2.0, Gains.from_values([0.5, 1.5]), 1.0, dmft.tanh)
    quarter = validation.simulate(network, 30, 2, rng=1, **FAST,
                                  zscore=lambda u: (np.full(len(u), 4.0), u**2))
    np.testing.assert_allclose(quarter.samples("square_phi_z"),
                               quarter.samples("square_phi") / 16, rtol=1e-5)
    by_solution = validation.simulate(network, 30, 2, rng=1, **FAST, zscore=dmft.solve(network))
    np.testing.assert_allclose(by_solution.samples("dimension_x_z"),
                               quarter.samples("dimension_x_z"), rtol=1e-5)
    # it is each unit's own gain that is meant: another's would make a mean of 2.8 of these
    runs = validation.simulate(network, 400, 3, trials=4, duration=20.0, lags=[0.0], rng=1,
                               burn_in=50.0, dt=0.1, dimension=True, zscore=dmft.solve(network))
    for name in ("trace_x_z", "trace_phi_z"):
        assert runs.samples(name).mean() == pytest.approx(1.0, abs=0.12)


def test_pairs_change_nothing_else_and_dtypes_agree():
    plain = {key: value for key, value in FAST.items() if key not in ("dimension", "cross_lags")}
    one, pairs = (validation.simulate(TANH, (20, 30), 3, rng=2, dt=0.1, **options)
                  for options in (plain, FAST))
    for name in one.per_network:
        np.testing.assert_array_equal(one.per_network[name], pairs.per_network[name])
    assert pairs.per_network["Psi_phi"].shape == (2, 3, 1)
    assert pairs.cross_lags == ((1.0, -1.0),)
    noisy = RandomNetwork(0.5, dmft.tanh, noise=0.5)
    single, double = (validation.simulate(noisy, 30, 3, rng=2, dtype=dtype, **FAST)
                      for dtype in ("float32", "float64"))
    for name in ("trace_x", "square_phi", "Psi_x"):
        np.testing.assert_allclose(single.per_network[name], double.per_network[name], rtol=1e-3,
                                   atol=1e-5)


def test_a_store_keeps_pairs_and_is_not_mixed(tmp_path):
    path = tmp_path / "runs"
    first = validation.simulate(TANH, 20, 2, rng=3, store=path, **FAST)
    again = validation.simulate(TANH, 20, 3, rng=3, store=path, **FAST)
    np.testing.assert_array_equal(again.per_network["Psi_x"][:, :2], first.per_network["Psi_x"])
    for change, field in (({"cross_lags": ((1, 1),)}, "cross_lags"), ({"zscore": "network"},
                          "zscore"), ({"dimension": False, "cross_lags": None}, "dimension")):
        with pytest.raises(StorageError, match=field):
            validation.simulate(TANH, 20, 2, rng=3, store=path, dt=0.05, **{**FAST, **change})
    # functions of the gain are told apart by their values
    scored = {**FAST, "store": tmp_path / "scored", "rng": 3}
    validation.simulate(TANH, 20, 2, zscore=lambda u: (u, u), **scored)
    validation.simulate(TANH, 20, 3, zscore=lambda v: (1.0 * v, v), **scored)
    with pytest.raises(StorageError, match="zscore"):
        validation.simulate(TANH, 20, 2, zscore=lambda u: (u, 2 * u), **scored)


def test_runs_with_pairs_are_saved(tmp_path):
    runs = validation.simulate(TANH, 20, 3, rng=3, **FAST)
    dmft.save(runs, tmp_path / "runs")
    loaded = dmft.load(tmp_path / "runs.npz")
    assert loaded.cross_lags == runs.cross_lags
    assert float(loaded.dimension_phi) == float(runs.dimension_phi)


@pytest.mark.filterwarnings("ignore:.*still changed:dmft.ResolutionWarning")
def test_the_burn_in_follows_the_collective_time():
    settings = checked_settings(TANH, 20, 2, 4, 50.0, 0.1, None, None, 0, "float32", True)
    assert settings.burn_in == PAIR_BURN_IN_FACTOR * default_burn_in(TANH)
    with pytest.warns(ResolutionWarning, match="squared covariances of phi still changed"):
        validation.simulate(RandomNetwork(0.8, dmft.linear, noise=1.0), 100, 16, trials=16,
                            duration=10.0, burn_in=0.0, lags=[0], dimension=True, rng=0)


def test_snapshots_that_do_not_fit_are_refused_before_anything_is_drawn(monkeypatch):
    monkeypatch.setattr(task, "draw_sum", lambda *a: pytest.fail("drawn"))
    monkeypatch.setattr(allocation, "available", lambda: 4e6)
    with pytest.raises(ModelError, match=r"trials=8.*fewer trials"):
        validation.simulate(TANH, 100, 2, trials=8, duration=400.0, dimension=True, rng=0)
    with pytest.raises(ModelError, match=r"trials=2.*fewer trials"):
        validation.simulate(TANH, 20, 2, trials=2, duration=2000.0, dimension=True, rng=0)


@pytest.mark.parametrize(("change", "field"), [
    ({"dimension": 1}, "dimension"), ({"trials": 1}, "trials"),
    ({"cross_lags": ((1, 2, 3),)}, "cross_lags"), ({"cross_lags": (1, 2)}, "cross_lags"),
    ({"cross_lags": ((1, np.nan),)}, "cross_lags"), ({"cross_lags": ((9, 0),)}, "cross_lags"),
    ({"zscore": "units"}, "zscore"), ({"zscore": 2.0}, "zscore"),
    ({"zscore": lambda u: u[:3]}, "zscore"), ({"zscore": lambda u: (u, -u)}, "zscore"),
    ({"dimension": False}, "cross_lags"),
    ({"network": RandomNetwork(2.0, dmft.tanh, bias=0.5), "trials": 3}, "trials"),
    ({"network": dmft.MultiregionNetwork(1.0, np.ones((2, 2, 2)))}, "dimension"),
])
def test_bad_arguments_are_named(change, field):
    arguments = {"network": TANH, "neurons": 20, "networks": 2, "rng": 0, **FAST, **change}
    with pytest.raises(ModelError, match=f"^{field}="):
        validation.simulate(**arguments)

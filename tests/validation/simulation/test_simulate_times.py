"""Prepared networks: exact results, which require no theory of disorder."""

import dataclasses
import itertools

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import dmft
from dmft import MultiregionNetwork, RandomNetwork, Times, validation
from dmft.base import allocation
from dmft.base.errors import ModelError, StorageError
from dmft.network.network import Network
from dmft.validation.couplings.draw import loadings_of
from dmft.validation.simulation import task
from dmft.validation.simulation.task import draw_network
from dmft.validation.simulation.time_task import prepared_states

T = np.array([[[0.8, -1.1], [1.3, 0.4]], [[1.5, 0.3], [-0.9, 1.2]]])  # no symmetry at all
U = np.array([[[1.0, 0.3], [0.3, 1.2]], [[0.8, -0.2], [-0.2, 1.0]]])
NET = MultiregionNetwork(g=0.0, T=T, U=U)
Z0, V0 = np.array([[1.0, -0.6], [0.4, 0.9]]), np.array([0.5, 1.5])
TIMES = Times(6.0, 0.1)
AT = [0.5, 1.0, 2.0, 4.0, 6.0]


def currents_without_disorder(network, z0, v0, at, inputs=None):
    """z, S, variance, psi at the times `at`, of the equations written out for g = 0 and erf.

    dz/dt = -z + S, S[mu, nu] = psi_nu (sum_rho T[mu, nu, rho] z[nu, rho] + V[mu, nu] I_f[nu]),
    psi = (1 + pi Delta/2)^(-1/2), Delta = z U z + 2 z W I_f + I_f^2 + v0 exp(-2t).
    """
    R = network.regions
    V, W = (np.zeros((R, R)), np.zeros((R, R))) if network.input is None else (
        network.input.V, np.zeros((R, R)) if network.input.W is None else network.input.W)
    inputs = inputs or (lambda t: np.zeros(R))

    def parts(t, y):
        z, If = y[:R * R].reshape(R, R), y[R * R:]
        Delta = (np.einsum("ar,ars,as->a", z, network.U, z) + 2 * np.einsum("ar,ar->a", z, W) * If
                 + If**2 + v0 * np.exp(-2 * t))
        psi = (1 + np.pi * Delta / 2) ** -0.5
        S = psi * (np.einsum("abr,br->ab", network.T, z) + V * If)
        return z, S, Delta, psi

    def slope(t, y):
        z, S, _, _ = parts(t, y)
        return np.concatenate([(S - z).ravel(), inputs(t) - y[R * R:]])

    start = np.concatenate([z0.ravel(), np.zeros(R)])
    solved = solve_ivp(slope, (0, at[-1]), start, t_eval=at, rtol=1e-9, atol=1e-11, max_step=0.02)
    rows = [parts(t, y) for t, y in zip(at, solved.y.T, strict=True)]
    return {name: np.array(column) for name, column in
            zip(("z", "S", "variance", "psi"), zip(*rows, strict=True), strict=True)}


def off(runs, exact, names=("z", "S", "variance", "psi")):
    """Deviations in standard errors, over all times and components."""
    out = []
    for name in names:
        rows = runs.samples(name)
        deviation = rows.mean(axis=0) - exact[name]
        out.append((deviation / (rows.std(axis=0, ddof=1) / np.sqrt(len(rows)))).ravel())
    return np.abs(np.concatenate(out))


@pytest.fixture(scope="module")
def runs():
    return validation.simulate(NET, 4000, 20, times=TIMES, at=AT, trials=2, currents=Z0,
                               variance=V0, rng=1)


def test_without_disorder_the_currents_follow_their_equation(runs):
    """A deterministic law, held within standard errors that are a few per cent of the currents."""
    exact = currents_without_disorder(NET, Z0, V0, runs.at)
    t = off(runs, exact)
    assert t.max() < 4.8  # 60 values, 19 degrees of freedom: 1e-2 of all
    assert np.sqrt(np.mean(t**2)) < 1.6
    for name in ("z", "variance"):
        assert runs.curve(name).stderr.max() < 0.02 * np.abs(exact[name]).max()


@pytest.mark.parametrize("wrong", [
    MultiregionNetwork(0.0, 1.05 * T, U=U), MultiregionNetwork(0.0, T.transpose(2, 1, 0), U=U),
    MultiregionNetwork(0.0, T.transpose(1, 0, 2), U=U), MultiregionNetwork(0.0, T)],
    ids=["stronger", "transposed", "regions swapped", "U forgotten"])
def test_a_wrong_equation_is_rejected(runs, wrong):
    assert off(runs, currents_without_disorder(wrong, Z0, V0, runs.at)).max() > 8


def test_a_singular_U_follows_its_equation_too():
    singular = np.array([[[1.0, 0.6], [0.6, 0.36]], np.eye(2)])
    passed = T.copy()
    passed[:, 0, 1] = 0.6 * passed[:, 0, 0]
    network = MultiregionNetwork(0.0, passed, U=singular)
    runs = validation.simulate(network, 2000, 16, times=TIMES, at=AT, trials=2, currents=Z0,
                               variance=V0, rng=4)
    assert off(runs, currents_without_disorder(network, Z0, V0, runs.at)).max() < 5


PULSE = dmft.Pulse([1.5, 0.0], start=1.0, stop=3.0)
INPUTS = {
    "constant": (np.array([1.5, -0.5]), None),
    "constant, along the m too": (np.array([1.5, -0.5]), [[0.5, 0.0], [0.0, -0.3]]),
    "pulse": (PULSE, None),
    "smooth": (lambda t: np.array([np.sin(t), np.cos(2 * t)]), None),
}


@pytest.mark.parametrize("name", INPUTS)
def test_an_input_switches_currents_on(name):
    """From no current at all: what starts is psi V I_f."""
    signal, W = INPUTS[name]
    network = MultiregionNetwork(0.0, T, input=dmft.Input(signal, V=[[0.8, 0.3], [-0.4, 0.7]], W=W))
    at = [0.5, 1.5, 3.0, 4.0, 6.0]
    runs = validation.simulate(network, 4000, 16, times=TIMES, at=at, trials=2, variance=V0, rng=2)
    signal = signal if callable(signal) else lambda t, value=signal: value
    exact = currents_without_disorder(network, np.zeros((2, 2)), V0, runs.at, signal)
    switched = np.abs(exact["z"][3:]).max()
    assert switched > 0.2
    assert off(runs, exact).max() < 5
    without = currents_without_disorder(network, np.zeros((2, 2)), V0, runs.at)
    assert off(runs, without).max() > 15


@pytest.mark.parametrize("signal", [PULSE, lambda t: np.array([np.sin(3 * t), 1.0])],
                         ids=["pulse", "smooth"])
def test_the_step_is_of_second_order_with_an_input(signal):
    """The same network at dt, dt/2, dt/4, dt/8: differences fall fourfold, across edges too."""
    network = MultiregionNetwork([1.2, 0.5], T, input=dmft.Input(signal, V=np.ones((2, 2))))
    found = [validation.simulate(network, 60, 2, times=Times(4.0, 1.0), at=[2.0, 4.0], dt=dt,
                                 trials=2, currents=Z0, rng=3, dtype="float64").per_network["z"]
             for dt in (0.1, 0.05, 0.025, 0.0125)]
    steps = [np.abs(a - b).max() for a, b in itertools.pairwise(found)]
    orders = np.log2(np.divide(steps[:-1], steps[1:]))
    assert np.all(orders > 1.7), (steps, orders)
    assert np.all(orders < 2.5), (steps, orders)


def test_preparation_is_that_of_the_theory():
    """x^mu(0) = sum_rho m z0 + sqrt(v0) normal: the first part is shared by the trials."""
    settings = validation.simulate(NET, 50, 1, times=TIMES, at=0.0, currents=Z0, variance=V0,
                                   rng=0, trials=40).settings
    couplings, seeds = draw_network(settings, 4000, 0)
    loadings = loadings_of(couplings)
    x = prepared_states(settings, 4000, loadings, np.random.default_rng(seeds.start))
    x = x.reshape(2, 4000, 40).astype(float)
    m = loadings.m.reshape(2, 2, 4000)
    shared = np.einsum("ari,ar->ai", m, Z0)
    left = x - shared[:, :, None]
    np.testing.assert_allclose(left.var(axis=(1, 2)), V0, rtol=5 * np.sqrt(2 / 160000))
    assert np.abs(np.einsum("ari,aib->arb", m, left) / 4000).max() < 5 * np.sqrt(1.5 * 1.2 / 4000)
    runs = validation.simulate(NET, 2000, 10, times=TIMES, at=[0.0], currents=Z0, variance=V0,
                               rng=0)
    assert np.all(runs.per_network["z"][0, :, 0] == Z0)
    exact = V0 + np.einsum("ar,ars,as->a", Z0, U, Z0)
    assert np.all(np.abs(runs.variance.value[0] - exact) < 5 * runs.variance.stderr[0])


def test_bias_and_noise_are_independent_in_every_region():
    """Alone they give <x^2> = v0 e^(-2t) + bias^2 (1 - e^-t)^2 + noise^2 (1 - e^(-2t))."""
    network = MultiregionNetwork(0.0, np.zeros((2, 2, 2)), noise=0.5, bias=0.8)
    runs = validation.simulate(network, 2000, 16, times=TIMES, at=[0.5, 2.0, 6.0], variance=V0,
                               currents=np.zeros((2, 2)), rng=8)
    past = np.exp(-runs.at)[:, None]
    exact = V0 * past**2 + 0.8**2 * (1 - past) ** 2 + 0.5**2 * (1 - past**2)
    assert off(runs, {"variance": exact}, ["variance"]).max() < 4.5
    options = {"times": TIMES, "at": [6.0], "variance": 0.0, "currents": np.zeros((2, 2)), "rng": 8}
    quenched = dataclasses.replace(network, noise=0.0)
    of_both = validation.simulate(quenched, 50, 1, dtype="float64", **options).settings
    couplings, seeds = draw_network(of_both, 50, 0)
    bias = task.quenched_bias(quenched, 50, seeds.bias, np.float64).reshape(2, 50)
    assert abs(np.corrcoef(bias)[0, 1]) < 0.6  # the regions do not share it
    assert couplings.memoryless


def test_no_start_stays_none():
    still = validation.simulate(NET, 30, 2, times=TIMES, currents=np.zeros((2, 2)), variance=0.0,
                                rng=0)
    assert not np.any(still.variance.value)
    assert not np.any(still.S.value)


def test_pairs_are_the_products_of_states():
    """Of one trial and one network: Delta(t, t') is the mean of x(t) x(t') over a region."""
    options = {"times": TIMES, "at": [0.0, 1.0, 3.0], "currents": Z0, "rng": 5, "pairs": True}
    runs = validation.simulate(NET, 40, 3, trials=2, dtype="float64", **options)
    assert runs.Delta.shape == runs.C_phi.shape == (2, 3, 3)
    rows = runs.per_network["Delta"]
    np.testing.assert_array_equal(rows, np.swapaxes(rows, -1, -2))
    np.testing.assert_allclose(np.diagonal(rows, axis1=-2, axis2=-1)[0].transpose(0, 2, 1),
                               runs.per_network["variance"][0])
    couplings, seeds = draw_network(runs.settings, 40, 1)
    x = prepared_states(runs.settings, 40, loadings_of(couplings),
                        np.random.default_rng(seeds.start))
    path = [now.copy() for (now, _), _ in zip(task.trajectory(runs.settings, 40, couplings, x,
                                                               seeds), range(61), strict=False)]
    late, early = (path[k].reshape(2, -1) for k in (60, 20))
    np.testing.assert_allclose(rows[0, 1, :, 2, 1], np.mean(late * early, axis=1))
    np.testing.assert_allclose(runs.per_network["C_phi"][0, 1, :, 2, 1],
                               np.mean(dmft.erf(late) * dmft.erf(early), axis=1))
    np.testing.assert_allclose(runs.per_network["psi"][0, 1, 2],
                               dmft.erf.derivative(late).mean(axis=1))
    assert validation.simulate(NET, 40, 3, **{**options, "pairs": False}).Delta is None


def test_networks_without_currents_have_variances():
    network = RandomNetwork(2.0, dmft.tanh)
    runs = validation.simulate(network, (40, 80), 4, times=TIMES, at=AT, rng=0, trials=2)
    assert runs.z.shape == (5, 0)
    assert runs.variance.shape == runs.psi.shape == (5, 1)
    assert runs.extrapolated("variance").shape == (5, 1)
    memory = RandomNetwork(2.0, dmft.tanh, reciprocity=0.4)  # no theory in time, but networks
    assert validation.simulate(memory, 40, 2, times=TIMES, rng=0).variance.shape == (61, 1)


def test_any_low_rank_network_is_simulated():
    """Also a plain sum of ensembles, whose currents are a row."""
    ensembles = (NET._structure, dmft.RegionalIID([1.2, 0.5]))
    plain = validation.simulate(Network(ensembles, dmft.erf), 40, 2, times=TIMES, at=AT,
                                currents=Z0.ravel(), rng=3)
    assert plain.z.shape == (5, 4)
    stationary = validation.simulate(MultiregionNetwork([1.2, 0.5], T), 40, 2, duration=4.0,
                                     burn_in=4.0, trials=2, rng=3)
    assert stationary.C_phi.shape == (5,)


def test_times_are_rounded_to_whole_steps_and_reported():
    runs = validation.simulate(NET, 20, 2, times=Times(2.0, 0.01), dt=0.05, currents=Z0, rng=0,
                               trials=1)
    np.testing.assert_allclose(runs.at, np.linspace(0, 2, 41), atol=1e-12)
    few = validation.simulate(NET, 20, 2, times=TIMES, at=[0.5, 0.51, 1.0], currents=Z0, rng=0)
    np.testing.assert_allclose(few.at, [0.5, 1.0])
    assert few.times == TIMES
    with pytest.raises(ModelError, match=r"at=0.7.*nearest: 0.5"):
        few.index(0.7)


def test_what_is_observed_does_not_change_what_is_simulated():
    options = {"times": TIMES, "currents": Z0, "rng": 6, "trials": 2}
    everything = validation.simulate(NET, 30, 2, **options)
    few = validation.simulate(NET, (20, 30), 3, at=[2.0, 6.0], pairs=True, **options)
    places = [everything.index(2.0), everything.index(6.0)]
    for name in ("z", "S", "variance", "psi"):
        np.testing.assert_array_equal(few.per_network[name][1, :2],
                                      everything.per_network[name][0][:, places])


def test_runs_in_time_are_saved_whole(tmp_path):
    network = MultiregionNetwork(0.5, T, input=dmft.Input(PULSE, V=np.eye(2)))
    runs = validation.simulate(network, 20, 2, times=TIMES, at=AT, currents=Z0, rng=0, pairs=True)
    again = dmft.load(dmft.save(runs, tmp_path / "runs"))
    assert isinstance(again, validation.TimeRuns)
    assert again.network == runs.network
    assert again.times == runs.times
    for name, rows in runs.per_network.items():
        np.testing.assert_array_equal(again.per_network[name], rows)
    assert repr(again) == repr(runs)


def test_a_store_is_resumed_and_distinguishes_kinds(tmp_path, monkeypatch):
    import importlib

    path, options = tmp_path / "runs.npz", {"times": TIMES, "at": AT, "currents": Z0, "rng": 1}
    first = validation.simulate(NET, 20, 2, store=path, **options)
    module = importlib.import_module("dmft.validation.simulation.checked_call")
    done, run = [], module.run_in_time
    monkeypatch.setattr(module, "run_in_time", lambda *a: done.append(a[1:]) or run(*a))
    more = validation.simulate(NET, 20, 3, store=path, **options)
    assert done == [(20, 2)]
    np.testing.assert_array_equal(more.per_network["z"][0, :2], first.per_network["z"][0])
    for change, field in [({"currents": 2 * Z0}, "currents"), ({"variance": 2.0}, "variance"),
                          ({"at": [1.0]}, "at"), ({"pairs": True}, "pairs"), ({"dt": 0.1}, "dt")]:
        with pytest.raises(StorageError, match=f"holds runs with {field}="):
            validation.simulate(NET, 20, 2, store=path, **{**options, **change})
    with pytest.raises(StorageError, match="other kind"):
        validation.simulate(NET, 20, 2, store=path, rng=1)


def test_too_much_memory_is_refused_before_anything_is_drawn(monkeypatch):
    monkeypatch.setattr(task, "draw_sum", lambda *a: pytest.fail("drawn"))
    network = MultiregionNetwork(1.0, T)
    with pytest.raises(ModelError, match=r"neurons=\(1000000,\): needs .* GiB"):
        validation.simulate(network, 10**6, 2, times=TIMES, currents=Z0)
    long = {"times": Times(1000.0, 0.05), "trials": 100, "currents": Z0}
    with pytest.raises(ModelError, match=r"trials=100: needs .* fewer times at="):
        validation.simulate(network, 2000, 2, pairs=True, **long)


def test_memory_counts_every_region(monkeypatch):
    """8 states of 100 trials and 1000 units: 3.2 MB for one region, 6.4 MB for two."""
    monkeypatch.setattr(allocation, "available", lambda: 5e6)  # of which 0.8 may be used
    one = MultiregionNetwork(0.0, [[[1.5]]])
    options = {"times": Times(0.1, 0.1), "trials": 100, "rng": 0}
    validation.simulate(one, 1000, 1, currents=[[1.0]], **options)
    with pytest.raises(ModelError, match="trials=100"):
        validation.simulate(MultiregionNetwork(0.0, T), 1000, 1, currents=Z0, **options)


def test_activity_that_runs_away_is_one_error():
    network = MultiregionNetwork(0.0, 9 * np.ones((2, 2, 2)), phi=dmft.linear)
    with pytest.raises(ModelError, match="diverged"):
        validation.simulate(network, 30, 1, times=Times(60.0, 0.5), currents=Z0, rng=0)


@pytest.mark.parametrize(("change", "field"), [
    ({"times": (10, 0.1)}, "times"),
    ({"currents": None}, "currents"),
    ({"currents": Z0[0]}, "currents"), ({"currents": np.full((2, 2), np.nan)}, "currents"),
    ({"variance": -1.0}, "variance"), ({"variance": [1.0, 2.0, 3.0]}, "variance"),
    ({"at": [7.0]}, "at"), ({"at": [-0.1]}, "at"), ({"at": []}, "at"),
    ({"at": [2.0, 1.0]}, "at"), ({"pairs": 1}, "pairs"),
    ({"duration": 5.0}, "duration"), ({"burn_in": 5.0}, "burn_in"), ({"lags": [0.0]}, "lags"),
    ({"discard": "still"}, "discard"), ({"dt": 0.0}, "dt"), ({"dt": 0.8}, "dt"),
    ({"network": RandomNetwork(2.0)}, "currents"), ({"neurons": 1}, "neurons"),
    ({"network": Network((MultiregionNetwork(
        1.0, T, input=dmft.Input([1.0, 0.0], V=np.eye(2)))._structure,))}, "signal"),
])
def test_bad_arguments_are_named(change, field):
    arguments = {"network": NET, "neurons": 20, "networks": 2, "times": TIMES, "currents": Z0,
                 "rng": 0, **change}
    with pytest.raises(ModelError, match=f"^{field}="):
        validation.simulate(**arguments)

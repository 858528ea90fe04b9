"""Populations and other units in time, against their stationary states and exact means."""

import numpy as np
import pytest

import dmft

FEW = dmft.PathOptions(paths=800, repeats=4)
EI = [[1.2, -2.0], [1.6, -1.0]]


def stationary(network):
    states = [one for one in dmft.solve(network) if one.stable]
    assert len(states) == 1
    return states[0]


@pytest.mark.parametrize("network", [
    dmft.PopulationNetwork(EI, 0.5, input=[0.8, 0.4]),
    dmft.PopulationNetwork(EI, [[1.8, 1.0], [0.9, 0.0]], input=[0.8, 0.4], noise=[0.3, 0.0],
                           bias=[0.0, 0.4]),
    dmft.PopulationNetwork(EI, [[1.0, 0.5], [0.8, 0.0]], phi=(dmft.relu, dmft.tanh),
                           input=[0.8, 0.4], unit=(dmft.Adaptation(0.5, 2.0), dmft.Leaky())),
], ids=["quiet", "chaotic with noise", "adaptation and relu"])
def test_populations_become_stationary(network):
    state = stationary(network)
    found = dmft.solve(network, times=dmft.Times(stop=18.0, dt=0.2), variance=0.3, mean=[0.2, 0.4],
                       options=FEW, rng=0, tol=0.1)
    for name, exact in (("rates", state.rates), ("power", np.array(state.C_phi)[:, 0])):
        value = getattr(found, name)[-1]
        error = np.abs(np.asarray(value) - exact)
        assert np.all(error < 5 * np.asarray(value.stderr) + 5e-3 * np.max(np.abs(exact))), name


def test_the_mean_of_linear_populations_is_that_of_a_linear_system():
    """m' = -m + M m + I: disorder does not return it."""
    M, I = np.array([[0.2, -0.7], [0.5, -0.3]]), np.array([0.5, -0.2])
    network = dmft.PopulationNetwork(M, 0.3, phi=dmft.linear, input=I)
    found = dmft.solve(network, times=dmft.Times(stop=3.0, dt=0.1), mean=[1.0, -1.0], rng=0,
                       options=FEW)
    A = M - np.eye(2)
    fixed = -np.linalg.solve(A, I)
    values, vectors = np.linalg.eig(A)
    start = np.linalg.solve(vectors, np.array([1.0, -1.0]) - fixed)
    exact = [fixed + (vectors @ (np.exp(values * t) * start)).real for t in found.times.t]
    np.testing.assert_allclose(found.mean, exact, atol=2e-4)


def test_a_bistable_mean_goes_where_it_starts():
    network = dmft.PopulationNetwork([[2.0]], 0.3)
    up, down = (dmft.solve(network, times=dmft.Times(stop=12.0, dt=0.2), mean=sign * 0.5,
                           variance=0.01, options=FEW, rng=0) for sign in (1, -1))
    assert float(up.rates[-1, 0]) == pytest.approx(0.949, abs=2e-3)
    assert float(down.rates[-1, 0]) == pytest.approx(-0.949, abs=2e-3)


def test_one_population_with_a_mean_of_a_network_of_one_kind():
    """MeanCouplings beside IID is the population of one."""
    times = dmft.Times(stop=4.0, dt=0.2)
    one, other = (dmft.solve(network, times=times, mean=0.4, options=FEW, rng=0) for network in (
        dmft.Network((dmft.IID(0.8), dmft.MeanCouplings([[1.5]]))),
        dmft.PopulationNetwork([[1.5]], 0.8)))
    np.testing.assert_allclose(one.rates, other.rates, rtol=1e-12)


def test_memory_beside_a_mean():
    """Plastic couplings with a mean, against the stationary state of both."""
    network = dmft.Network((dmft.IID(1.5), dmft.Hebbian(-1.0, 2.5), dmft.MeanCouplings([[-1.0]])),
                           noise=0.3)
    found = dmft.solve(network, times=dmft.Times(stop=16.0, dt=0.2), mean=0.3, options=FEW, rng=0,
                       tol=0.1)
    state = dmft.solve(network, tol=5e-3)[0]
    power, exact = found.power[-1, 0], float(np.ravel(state.C_phi)[0])
    assert abs(float(power) - exact) < 4 * float(power.stderr) + 5e-3 * exact


@pytest.mark.parametrize("unit", [dmft.Adaptation(1.0, 2.0), dmft.SynapticFilter(0.5)], ids=str)
def test_other_units_become_stationary(unit):
    network = dmft.Network(dmft.IID(1.2), unit=unit, noise=0.5)
    state = dmft.solve(network)
    found = dmft.solve(network, times=dmft.Times(stop=20.0, dt=0.2, keep=5), options=FEW, rng=0)
    assert float(found.power[-1, 0]) == pytest.approx(float(state.C_phi[0]), rel=2e-3)
    lag = found.times.kept[-1] - found.times.kept[-6:]
    exact = np.interp(lag, state.lags.tau, np.asarray(state.C_phi))
    np.testing.assert_allclose(found.C_phi[0, -1, -6:], exact, atol=5e-3)


def test_linear_adapting_units_have_the_response_of_the_unit():
    """No couplings: x(t) is the response of the state that a constant input held."""
    unit = dmft.Adaptation(1.5, 3.0)
    found = dmft.solve(dmft.Network(dmft.IID(0.0), dmft.linear, unit=unit),
                       times=dmft.Times(stop=4.0, dt=0.2), variance=2.0, options=FEW, rng=0)
    # x' = -x - b a, tau a' = -a + x, from a = x = 1
    A = np.array([[-1.0, -1.5], [1 / 3, -1 / 3]])
    values, vectors = np.linalg.eig(A)
    start = np.linalg.solve(vectors, np.ones(2))
    x = np.array([(vectors @ (np.exp(values * t) * start)).real[0] for t in found.times.t])
    np.testing.assert_allclose(found.variance[:, 0], 2.0 * x**2, rtol=1e-5)


@pytest.mark.parametrize(("network", "arguments", "field", "advice"), [
    (dmft.Network(dmft.IID(1.0), unit=dmft.Delayed(dmft.Leaky(), 1.0)), {}, "unit",
     "without delay"),
    (dmft.Network(dmft.IID(1.0), unit=dmft.Map(0.5)), {}, "unit", "continuous time"),
    (dmft.PopulationNetwork(EI, 0.5), {"mean": [1.0, 2.0, 3.0]}, "mean", "one per region"),
    (dmft.PopulationNetwork(EI, 0.5), {"mean": np.nan}, "mean", "finite"),
    (dmft.RandomNetwork(1.0), {"mean": 1.0}, "mean", "leave it out"),
])
def test_what_is_refused(network, arguments, field, advice):
    with pytest.raises(dmft.ModelError, match=advice) as error:
        dmft.solve(network, times=dmft.Times(stop=2.0, dt=0.2), **arguments)
    assert field in str(error.value)


def test_an_input_in_time():
    """Linear units: m' = -m + I(t), for a function of time and for a pulse that jumps."""
    times, start = dmft.Times(stop=4.0, dt=0.1), {"variance": 0.0, "options": FEW, "rng": 0}
    smooth = dmft.PopulationNetwork([[0.0]], 0.5, phi=dmft.linear, input=lambda t: np.sin(t))
    found = dmft.solve(smooth, times=times, **start)
    t = found.times.t
    np.testing.assert_allclose(found.mean[:, 0], (np.sin(t) - np.cos(t) + np.exp(-t)) / 2,
                               atol=1e-3)
    pulse = dmft.Pulse([2.0], 1.0, 2.5)
    found = dmft.solve(dmft.PopulationNetwork([[0.0]], 0.5, phi=dmft.linear, input=pulse),
                       times=times, **start)
    np.testing.assert_allclose(found.mean[:, 0], pulse.filtered(t)[0], atol=1e-3)


def test_reciprocity_between_linear_populations():
    """Linear units of two populations: with all r alike it is one population."""
    g, r, times = 1.2, 0.5, dmft.Times(stop=2.0, dt=0.1)
    two = dmft.PopulationNetwork(np.zeros((2, 2)), g / np.sqrt(2), phi=dmft.linear, reciprocity=r)
    one = dmft.RandomNetwork(g, dmft.linear, reciprocity=r)
    first, other = (dmft.solve(network, times=times, options=FEW, rng=0) for network in (two, one))
    for a in (0, 1):
        np.testing.assert_allclose(first.variance[:, a], other.variance[:, 0], rtol=2e-4)


def test_plasticity_between_populations_that_are_alike_is_plasticity_within_one():
    times = dmft.Times(stop=6.0, dt=0.2)
    two = dmft.PopulationNetwork(np.zeros((2, 2)), 1.5 / np.sqrt(2), k=0.5, p=2.0)
    first, other = (dmft.solve(network, times=times, options=FEW, rng=0)
                    for network in (two, dmft.PlasticNetwork(1.5, 1.0, 2.0)))
    error = np.hypot(first.variance.stderr, other.variance.stderr)
    assert np.all(np.abs(first.variance.value - other.variance.value) < 5 * error + 1e-3)


def test_reciprocity_between_populations_of_unequal_shares():
    """Couplings of variance g^2/N and reciprocity r among all units, cut into shares: J_ab has the
    variance g_ab^2/N_b with g_ab = g sqrt(share_b).
    """
    g, r, share, times = 1.2, 0.5, np.array([0.8, 0.2]), dmft.Times(stop=2.0, dt=0.1)
    two = dmft.PopulationNetwork(np.zeros((2, 2)), g * np.sqrt(share) * np.ones((2, 1)),
                                 phi=dmft.linear, share=share, reciprocity=r)
    one = dmft.RandomNetwork(g, dmft.linear, reciprocity=r)
    first, other = (dmft.solve(network, times=times, options=FEW, rng=0) for network in (two, one))
    for a in (0, 1):
        np.testing.assert_allclose(first.variance[:, a], other.variance[:, 0], rtol=2e-4)


def test_plasticity_goes_from_column_to_row():
    """g = 0, linear: x_a(t) = x_a(0) f_a(t) and A_ab = (k_ab/N_b) x_a(0) x_b(0) c_ab, with
    f_a' = -f_a + sum_b v_b k_ab c_ab f_b and p c_ab' = -c_ab + f_a f_b.
    """
    k, p, v, dt = np.array([[0.6, -0.9], [0.2, 0.4]]), 1.5, np.array([1.0, 0.5]), 0.001
    network = dmft.Network((dmft.RegionalIID([0.0, 0.0]), dmft.RegionalHebbian(k, p)), dmft.linear)
    found = dmft.solve(network, times=dmft.Times(3.0, 0.1), variance=v, options=FEW, rng=0)

    def slope(f, c):
        return -f + (k * c) @ (v * f), (np.outer(f, f) - c) / p

    f, c = np.ones(2), np.zeros((2, 2))
    for _ in range(round(3.0 / dt)):  # midpoint rule
        df, dc = slope(f, c)
        df, dc = slope(f + dt / 2 * df, c + dt / 2 * dc)
        f, c = f + dt * df, c + dt * dc
    np.testing.assert_allclose(found.variance[-1], v * f**2, rtol=2e-3)


@pytest.mark.parametrize("unit", [dmft.Adaptation(1.0, 2.0), dmft.SynapticFilter(0.5)], ids=str)
def test_without_memory_the_response_is_that_of_the_unit(unit):
    """<phi'> h(t - s), in a population that receives noise and in one that does not."""
    network = dmft.PopulationNetwork([[0.5, -0.3], [0.4, 0.0]], [[1.2, 0.8], [0.0, 0.0]], unit=unit)
    found = dmft.solve(network, times=dmft.Times(4.0, 0.1, keep=10), options=FEW, rng=0)
    lag = found.times.kept[:, None] - found.times.kept
    h = np.where(lag >= 0, unit.impulse(np.abs(lag).ravel()).reshape(lag.shape), 0.0)
    psi = np.asarray(found.psi)[::10]
    for a in (0, 1):
        np.testing.assert_allclose(found.R_phi[a], psi[:, a, None] * h, atol=2e-4)


def test_errors_are_relative_to_the_population():
    """A weak population beside a strong one."""
    network = dmft.PopulationNetwork(np.zeros((2, 2)), [[3.0, 0.0], [0.02, 0.0]], reciprocity=[
        [0.6, 0.0], [0.0, 0.0]])
    found = dmft.solve(network, times=dmft.Times(6.0, 0.2), variance=[1.0, 0.0], options=FEW,
                       rng=0, tol=0.1)
    errors = found.variance.stderr.max(axis=0) / found.variance.value.max(axis=0)
    assert found.convergence.error == pytest.approx(errors.max())
    assert found.variance.value[-1, 1] < 1e-2


def test_fast_units_are_leaky_ones_in_their_own_time():
    """Units twenty times as fast: the same activity at times that are twenty times as short."""
    fast = dmft.Network(dmft.IID(3.0), unit=dmft.Rational([1.0], [1.0, 0.05]))
    found = dmft.solve(fast, times=dmft.Times(0.4, 0.1), options=FEW, rng=0)
    exact = dmft.solve(dmft.RandomNetwork(3.0), times=dmft.Times(8.0, 0.2)).variance[::10]
    np.testing.assert_allclose(found.variance, exact, rtol=5e-3)


def test_a_step_that_is_too_long_is_halved_or_warned_of(monkeypatch):
    monkeypatch.setattr("dmft.paths_in_time.solve_paths.LONGEST_STEP", 1.0)

    def solved():
        return dmft.solve(dmft.PopulationNetwork([[-1.0]], 2.0), times=dmft.Times(4.0, 0.5),
                          options=FEW, rng=0, tol=5e-3)

    found = solved()
    assert found.convergence.residual < 5e-3
    assert "steps of 0.25" in found.convergence.message
    monkeypatch.setattr("dmft.paths_in_time.solve_paths.MOST_HALVINGS", 0)
    with pytest.warns(dmft.ResolutionWarning, match="smaller dt"):
        solved()


def test_the_step_follows_inputs_and_resonant_units():
    """An input faster than the grid, and a unit that rings at ten times the leaky rate."""
    import sympy

    s, times = sympy.Symbol("s"), dmft.Times(2.0, 0.25)
    found = dmft.solve(dmft.PopulationNetwork([[0.0]], 0.0, phi=dmft.linear,
                                              input=lambda t: np.sin(20 * t)),
                       times=times, variance=0.0, mean=1.0, options=FEW, rng=0, tol=1e-3)
    t = times.t
    exact = (np.sin(20 * t) - 20 * np.cos(20 * t) + 20 * np.exp(-t)) / 401 + np.exp(-t)
    np.testing.assert_allclose(found.mean[:, 0], exact, atol=2e-3)
    ringing = dmft.Rational(100 / (100 + 0.5 * s + s**2))
    assert ringing.speed == pytest.approx(10.0, rel=0.01)
    found = dmft.solve(dmft.PopulationNetwork([[0.0]], 0.0, phi=dmft.linear, unit=ringing,
                                              input=1.0), times=times, variance=0.0,
                       options=FEW, rng=0)
    decay, rate = np.exp(-0.25 * t), np.sqrt(100 - 0.25**2)
    exact = 1 - decay * (np.cos(rate * t) + 0.25 / rate * np.sin(rate * t))
    np.testing.assert_allclose(found.mean[:, 0], exact, atol=2e-3)

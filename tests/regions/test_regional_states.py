"""Stationary states of networks with regions: fixed points, their stability, chaotic regions."""

import numpy as np
import pytest
from scipy import linalg
from scipy.integrate import solve_ivp

import dmft
from dmft.averages.two_variances import pair_averages
from dmft.base.errors import ModelError
from dmft.base.iteration import iterate
from dmft.base.newton_krylov import newton_krylov
from dmft.grids.lags import Lags
from dmft.network.network import Network
from dmft.network.regional_mean_field import mean_field
from dmft.regions.regional_map import RegionalMap
from dmft.regions.regional_process import RegionalProcess, regional_process
from dmft.regions.variance_response import static_jacobian, variance_response
from dmft.two_time.causal_march import march
from tests.solvable import CURRENT, CURRENT_RATES, LOSS

rng = np.random.default_rng(3)


def one_region(T, g=0.0, **fields):
    return dmft.MultiregionNetwork(g, [[[T]]], **fields)


def test_one_region_without_disorder():
    states = dmft.solve(one_region(2.0))
    np.testing.assert_allclose(sorted(float(one.z[0, 0]) for one in states),
                               [-CURRENT, 0.0, CURRENT], atol=1e-9)
    assert len(states.stable) == 2
    # dz/dt = -z + T z psi(z^2): at z* the slope is -1 + T psi (1 - (pi/2) z^2 psi^2) = -3/4
    assert states[0].growth_rate == pytest.approx(CURRENT_RATES[0], abs=1e-9)
    assert states[-1].growth_rate == pytest.approx(CURRENT_RATES[1], abs=1e-9)
    assert "stable" in repr(states)


@pytest.mark.parametrize("b", [1.5, 2.0, 2.5])
def test_a_structured_region_keeps_its_gain(b):
    """With psi = 1/b the variance is (2/pi)(b^2 - 1) at every g, chaotic or static."""
    onset = (2 * b**2 - 1) ** 0.25
    for g in (0.5 * onset, 0.999 * onset, 1.02 * onset):
        states = [one for one in dmft.solve(one_region(b, g)) if one.z[0, 0] > 1e-6]
        assert len(states) == 1
        assert states[0].psi[0] == pytest.approx(1 / b, rel=1e-10)
        assert states[0].variance[0] == pytest.approx(2 / np.pi * (b**2 - 1), rel=1e-9)
        assert states[0].chaotic[0] == (g > onset)
        assert states[0].stable


def test_the_current_decreases_with_disorder():
    """Chaos reduces the current: its amplitude vanishes where the structure is lost."""
    b, lost = 2.0, LOSS[2.0]

    def amplitude(g):
        found = dmft.fixed_points(one_region(b, g), starts=np.array([[[0.01]], [[0.3]], [[2.0]]]))
        return max(float(one.z[0, 0]) for one in found)

    falling = [amplitude(g) for g in (0.0, 0.8, 1.4, 1.7, 1.9, lost - 1e-3)]
    assert np.all(np.diff(falling) < 0)
    assert 0 < falling[-1] < 0.05
    # the square of the current is linear in the distance from that point
    near, nearer = amplitude(lost - 4e-4), amplitude(lost - 1e-4)
    assert near / nearer == pytest.approx(2.0, abs=0.02)
    assert abs(amplitude(lost + 1e-4)) < 1e-12
    disorder = dmft.solve(dmft.RandomNetwork(lost, dmft.erf))
    assert float(disorder.gain) == pytest.approx(1 / b, abs=1e-8)


def test_three_regions_have_eight_isolated_points():
    """c = u u^T + diag(a - b) with b > a: loads y, three pairs of currents, eight sign patterns."""
    a, b = np.array([0.3, 0.5, 0.2]), np.array([1.8, 2.0, 2.2])
    u = np.sqrt(b)
    network = dmft.MultiregionNetwork.symmetric(0.0, np.outer(u, u) + np.diag(a - b))
    states = dmft.fixed_points(network, starts=150)
    full = [one for one in states if np.allclose(one.psi, 1 / b, atol=1e-8)]
    assert len(full) == 8
    y = 2 / np.pi * (b**2 - 1) / b
    for one in full:
        assert one.stable
        w = one.z**2 / b[:, None]
        np.testing.assert_allclose(w.sum(axis=1), y, rtol=1e-8)
        np.testing.assert_allclose(w, w.T, atol=1e-8)


def test_a_constant_input_shifts_the_fixed_points():
    V = np.array([[0.8]])
    network = one_region(1.5, 1.2, input=dmft.Input([0.7], V))
    states = dmft.solve(network)
    for one in states:
        S = one.psi[0] * (1.5 * one.z[0, 0] + 0.8 * 0.7)
        assert pytest.approx(one.z[0, 0], abs=1e-9) == S
        assert one.drive[0] == pytest.approx(one.z[0, 0] ** 2 + 0.49, abs=1e-9)
    late = dmft.solve(network, times=dmft.Times(60.0, 0.25), currents=[[0.2]], tol=1e-5)
    assert min(abs(late.z[-1, 0, 0] - one.z[0, 0]) for one in states.stable) < 1e-5


def test_a_bias_is_a_part_of_the_drive():
    network = one_region(2.0, 0.8, bias=0.5)
    state = next(one for one in dmft.solve(network) if one.z[0, 0] > 0)
    assert state.drive[0] == pytest.approx(state.z[0, 0] ** 2 + 0.25)
    late = dmft.solve(network, times=dmft.Times(40.0, 0.5), currents=state.z, tol=1e-6)
    assert late.z[-1, 0, 0] == pytest.approx(state.z[0, 0], abs=1e-5)
    assert late.variance[-1, 0] == pytest.approx(state.variance[0], abs=1e-5)


def test_regions_without_currents_have_one_state():
    ensembles = (dmft.RegionalIID(np.array([[1.5, 0.4], [0.0, 1.8]])),)
    states = dmft.solve(Network(ensembles, dmft.erf))
    assert len(states) == 1
    # the second region receives input from itself only
    alone = dmft.solve(dmft.RandomNetwork(1.8, dmft.erf))
    assert states[0].variance[1] == pytest.approx(float(alone.C_x[0]), rel=1e-6)


def test_shared_disorder_agrees_with_the_solution_in_time():
    T = 1.4 * rng.normal(size=(2, 2, 2))
    network = dmft.MultiregionNetwork([1.1, 0.6], T, cross_g=[[0.0, 0.5], [0.7, 0.0]])
    late = dmft.solve(network, times=dmft.Times(150.0, 0.5), currents=[[0.5, 0.3], [0.1, 0.7]],
                      tol=1e-4)
    states = dmft.fixed_points(network, starts=late.z[-1:])
    nearest = min(states, key=lambda one: np.max(np.abs(one.z - late.z[-1])))
    np.testing.assert_allclose(nearest.z, late.z[-1], atol=2e-4)
    np.testing.assert_allclose(nearest.variance, late.variance[-1], atol=5e-4)


def test_the_state_is_the_stationary_theory_of_each_region():
    state = next(one for one in dmft.solve(one_region(2.0, 1.8)) if one.z[0, 0] > 0)
    alone = dmft.solve(dmft.RandomNetwork(1.8, dmft.erf, bias=float(state.z[0, 0])),
                       lags=state.lags)
    np.testing.assert_allclose(state.C_x[0], alone.C_x.value, atol=1e-9)
    np.testing.assert_allclose(state.C_phi[0], alone.C_phi.value, atol=1e-9)


@pytest.mark.parametrize(("g", "drive"), [(0.9, 0.3), (1.6, 0.3), (2.5, 0.1)])
def test_the_static_response_of_a_variance(g, drive):
    """At rate zero X is dDelta/dA, compared with a finite difference of two states."""
    field = mean_field(one_region(0.0, g))
    process = regional_process(field, np.array([drive]))
    step = 1e-5
    near = [regional_process(field, np.array([drive + s * step])).total[0] for s in (1, -1)]
    assert variance_response(field, process, 0.0)[0, 0].real == pytest.approx(
        (near[0] - near[1]) / (2 * step), rel=1e-6)


def test_the_response_of_a_static_region_in_closed_form():
    """The collocation in lags compared with (1 + l)/(1 + l - g^2 kappa), l the growth rate."""
    field = mean_field(one_region(0.0, 0.9))
    process = regional_process(field, np.array([0.3]))
    kappa = static_jacobian(field, process, np.zeros(1))[1, 1] + 1
    for growth in (0.0, 0.3, 0.2 + 1j):
        exact = (1 + growth) / (1 + growth - kappa)
        assert variance_response(field, process, growth)[0, 0] == pytest.approx(exact, abs=1e-7)


def rate_in_time(network, z0, start, times):
    """Growth of a small current, by the two-time theory."""
    field = mean_field(network)
    steps = int(times[1] / 0.02)
    paths = [march(field, pair_averages(field.phi), steps, 0.02, z, start,
                   np.zeros((0, steps + 1))) for z in z0]
    distance = np.linalg.norm(paths[0].y - paths[1].y, axis=0)
    at = [int(t / 0.02) for t in times]
    return np.log(distance[at[1]] / distance[at[0]]) / (times[1] - times[0])


def test_growth_of_a_current_out_of_chaos():
    network = one_region(2.0, 1.8)
    unstable = dmft.solve(network)[-1]
    assert unstable.chaotic[0]
    assert not unstable.stable
    rate = rate_in_time(network, [np.zeros(1), np.full(1, 1e-9)],
                        unstable.variance, (40.0, 60.0))
    assert rate == pytest.approx(unstable.growth_rate.real, abs=1.5e-3)


@pytest.mark.parametrize(("T", "g"), [(2.0, 1.2), (2.0, 1.5)])
def test_a_perturbed_current_follows_the_static_jacobian(T, g):
    """After a pulse that perturbs a static state the current follows the matrix exponential."""
    state = next(one for one in dmft.solve(one_region(T, g)) if one.z[0, 0] > 0)
    pulses = (dmft.Pulse([size], 60.0, 60.5) for size in (1e-2, -1e-2))
    positive, negative = (one_region(T, g, input=dmft.Input(one, [[1.0]])) for one in pulses)
    times = dmft.Times(80.0, 0.5)
    start = {"currents": state.z, "variance": state.variance - state.z[0] ** 2, "tol": 1e-6}
    one, other = (dmft.solve(network, times=times, **start) for network in (positive, negative))
    trace = (one.z - other.z)[:, 0, 0] / 2
    field = mean_field(one_region(T, g))
    matrix = static_jacobian(field, regional_process(field, state.drive), state.z.ravel())
    # from t = 60: (dz, u) driven by psi V I_f(t), which is known in closed form
    driven = linalg.expm(np.block([
        [matrix, np.array([[state.psi[0]], [0.0]])], [np.zeros((1, 2)), -np.ones((1, 1))]]) * 0.5)
    filtered = one.filtered_input[:, 0]
    pulse, deviation = np.array([1e-2 * state.psi[0], 0.0]), np.zeros(3)
    for k in range(120, 160):
        if k == 120:  # during the pulse I_f rises: integrate it numerically
            deviation = solve_ivp(lambda t, y: matrix @ y + pulse * (1 - np.exp(-t)), (0, 0.5),
                                  np.zeros(2), rtol=1e-10, atol=1e-14).y[:, -1]
            deviation = np.append(deviation, filtered[121])
        else:
            deviation = driven @ deviation
        assert trace[k + 1] == pytest.approx(deviation[0], abs=2e-3 * np.max(trace))


def test_growth_out_of_a_structured_state():
    """An unstable static state with currents: two self-currents and a pair between two regions."""
    network = dmft.MultiregionNetwork.symmetric(0.7, [[1.6, 2.4], [2.4, 1.4]])
    unstable = [one for one in dmft.solve(network) if not one.stable and np.any(one.z)
                and not one.chaotic.any()]
    assert unstable
    state = unstable[0]
    field = mean_field(network)
    assert state.growth_rate.real == pytest.approx(
        np.max(np.linalg.eigvals(static_jacobian(field, regional_process(
            field, state.drive), state.z.ravel())).real), abs=1e-7)


def test_states_can_be_saved(tmp_path):
    states = dmft.solve(one_region(2.0, 1.8))
    again = dmft.load(dmft.save(states, tmp_path / "states"))
    assert again.network == states.network
    np.testing.assert_array_equal(again[0].C_x, states[0].C_x)
    assert again[0].growth_rate == states[0].growth_rate


@pytest.mark.parametrize(("network", "named"), [
    (lambda: dmft.RandomNetwork(2.0), "network"),
    (lambda: one_region(0.5, phi=dmft.relu), "phi"),
    (lambda: one_region(0.5, input=dmft.Input(lambda t: np.zeros(1), [[1.0]])), "input"),
])
def test_networks_without_fixed_points_are_rejected(network, named):
    with pytest.raises(ModelError, match=named):
        dmft.fixed_points(network())


@pytest.mark.parametrize("starts", [0, 2.5, "many", np.ones((2, 2)), np.full((1, 1, 1), np.nan)])
def test_bad_starts_are_named(starts):
    with pytest.raises(ModelError, match="starts"):
        dmft.fixed_points(one_region(2.0), starts=starts)


@pytest.mark.parametrize(("back", "branch"), [(0.0, "quiescent"), (0.1, "static")])
def test_a_region_with_a_small_drive_is_not_quiescent(back, branch):
    """Linear response to a drive of 1e-10: (1 - gains)^-1 drive, where it reaches."""
    field = mean_field(dmft.MultiregionNetwork(0.5, np.zeros((2, 2, 2)),
                                               cross_g=[[0.0, 0.2], [back, 0.0]]))
    driven = np.array([1e-10, 0.0])
    found = regional_process(field, driven)
    np.testing.assert_allclose(found.total, np.linalg.solve(np.eye(2) - field.gains, driven),
                               rtol=1e-8, atol=0)
    assert found.branch == ("static", branch)
    assert regional_process(field, np.zeros(2)).branch == ("quiescent", "quiescent")


def test_a_region_that_is_driven_weakly_by_chaos_is_chaotic():
    """Its variance is below 1e-10, and is that of a linear unit driven by C of the other."""
    field = mean_field(dmft.MultiregionNetwork([1.5, 0.0], np.zeros((2, 2, 2)),
                                               cross_g=[[0.0, 0.2], [1e-5, 0.0]]))
    found = regional_process(field, np.zeros(2))
    assert found.branch == ("chaotic", "chaotic")
    alone = dmft.solve(dmft.RandomNetwork(1.5, dmft.erf))
    assert float(found.total[0]) == pytest.approx(float(alone.C_x[0]), rel=1e-7)
    power = alone.lags.spectrum(alone.C_phi.value) / (1 + alone.lags.omega**2)
    linear = 1e-10 * float(alone.lags.correlation(power)[0])
    assert float(found.total[1]) == pytest.approx(linear, rel=1e-6)
def test_newtons_method_for_shared_disorder_reaches_the_iterated_state():
    network = dmft.MultiregionNetwork([1.5, 0.5, 1.2], np.zeros((3, 3, 3)),
                                      cross_g=0.3 * (1 - np.eye(3)))
    step = RegionalMap(mean_field(network), np.array([0.1, 0.0, 0.2]), Lags(40.0, 0.1))
    plain = iterate(step.flat, step.start().ravel(), tol=1e-11, max_iter=5000, accelerate=False)
    near = iterate(step.flat, step.start().ravel(), tol=1e-2, max_iter=5000)
    found = newton_krylov(step.flat, step.linearised, near.value, tol=1e-11, max_iter=30,
                          admissible=step.fluctuating)
    assert found.converged
    assert found.iterations < 10
    np.testing.assert_allclose(found.value, plain.value, atol=1e-9)


def test_a_state_that_is_constant_in_time_is_refused_above_the_transition():
    """It is a fixed point of the map of the lags too."""
    field = mean_field(dmft.MultiregionNetwork([1.5, 1.5], np.zeros((2, 2, 2)),
                                               cross_g=[[0.0, 0.2], [0.2, 0.0]]))
    lags = Lags(20.0, 0.1)
    constant = np.full((2, len(lags) + 1), 0.5)
    start = RegionalProcess(("static",) * 2, constant[:, 0], constant[:, 0], (), (), lags, constant)
    with pytest.raises(dmft.ConvergenceError, match="constant in time, which is unstable"):
        regional_process(field, np.zeros(2), start)


def test_currents_among_regions_that_share_disorder():
    """Two reciprocal currents: the four states by signs, and the unstable ones between them."""
    network = dmft.MultiregionNetwork.symmetric([0.6, 0.9], [[2.0, 0.9], [0.9, 2.4]],
                                                cross_g=0.4 * (1 - np.eye(2)))
    states = dmft.fixed_points(network)
    assert len(states) == 9
    assert len(states.stable) == 4
    for state in states:
        self_currents = np.abs(np.diag(state.z)) > 1e-6
        expected = np.array([1 / 2.0, 1 / 2.4])[self_currents]  # a current of one region keeps psi
        np.testing.assert_allclose(state.psi[self_currents], expected, rtol=1e-8)


@pytest.mark.parametrize(("g", "noise"), [(0.5, 0.3), (1.5, 0.5)])
def test_white_noise_in_regions_that_share_disorder(g, noise):
    """Two equal regions are one; the corner of the correlation is transformed in closed form."""
    both = dmft.solve(dmft.Network(dmft.RegionalIID(np.full((2, 2), g / np.sqrt(2))), dmft.tanh,
                                   noise=noise))
    one = dmft.solve(dmft.RandomNetwork(g, dmft.tanh, noise=noise))
    np.testing.assert_allclose(both[0].variance, float(one.C_x[0]), rtol=1e-8)

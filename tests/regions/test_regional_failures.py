"""Former failures of networks with regions and of solutions in time, each now tested."""

import pickle

import numpy as np
import pytest

import dmft
from dmft.base.errors import ConvergenceError, ModelError

M = dmft.MultiregionNetwork
T = np.array([[[1.2, 0.1], [0.3, 0.4]], [[0.0, 0.5], [0.7, 1.3]]])


def test_a_small_current_beside_a_large_input_is_accurate():
    """Without overlap the input only lowers the gain: dz/dt = -z + T psi z."""
    network = M(0.0, [[[1.5]]], input=dmft.Input([50.0], [[0.0]]))
    found = dmft.solve(network, times=dmft.Times(6.0, 0.1), currents=[[1e-4]], variance=0.5)
    t = np.linspace(0, 1, 200001)
    variance = (50 * (1 - np.exp(-t))) ** 2 + 0.5 * np.exp(-2 * t)
    growth = 1.5 / np.sqrt(1 + np.pi / 2 * variance) - 1
    exact = 1e-4 * np.exp(np.sum((growth[1:] + growth[:-1]) / 2) * t[1])
    assert found.z[10, 0, 0] == pytest.approx(exact, rel=1e-5)


def test_a_jump_within_a_step_does_not_converge():
    signal = lambda t: np.array([3.0 * (t >= 1.234)])  # noqa: E731
    network = M(0.0, [[[1.5]]], input=dmft.Input(signal, [[1.0]]))
    with pytest.raises(ConvergenceError, match="jump"):
        dmft.solve(network, times=dmft.Times(3.0, 0.1), currents=[[0.5]])


@pytest.mark.parametrize(("start", "stop", "size"), [(1.03, 2.07, 2.0), (1.0, 1.001, 1000.0)])
def test_a_pulse_is_filtered_exactly_wherever_its_edges_are(start, stop, size):
    network = M(0.0, [[[1.5]]], input=dmft.Input(dmft.Pulse([size], start, stop), [[1.0]]))
    times = dmft.Times(3.0, 0.1)
    found = dmft.solve(network, times=times, currents=[[0.5]], tol=1e-3)
    exact = size * (np.exp(stop - 3.0) - np.exp(start - 3.0))
    assert found.filtered_input[-1, 0] == pytest.approx(exact, rel=1e-9)
    fine = dmft.solve(network, times=dmft.Times(3.0, 0.001), currents=[[0.5]], tol=1e-2)
    off = np.max(np.abs(fine.z[::100] - found.z)) / np.max(np.abs(fine.z))
    assert off < found.convergence.error


@pytest.mark.parametrize("g", [1.5, 1.6])
def test_close_to_the_onset_the_variance_relaxes_more_slowly_than_the_currents(g):
    network = M(g, [[[2.0]]])
    state = next(one for one in dmft.solve(network) if one.z[0, 0] > 0)
    assert state.growth_rate.real < state.inner_rate < 0
    late = dmft.solve(network, times=dmft.Times(160.0, 0.4), currents=state.z * 1.01,
                      variance=state.variance - state.drive, tol=1e-4)
    trace = np.log(np.abs(late.z[:, 0, 0] - state.z[0, 0]))
    marched = (trace[-50] - trace[-150]) / (100 * late.times.dt)
    assert marched == pytest.approx(state.inner_rate, abs=0.02)


@pytest.mark.parametrize("bad", [np.full((2, 2, 2), 0.8j), [[["1", "2"], ["3", "4"]]] * 2])
def test_values_that_are_not_real_numbers_are_rejected(bad):
    with pytest.raises(ModelError, match="T="):
        M(1.0, bad)
    with pytest.raises(ModelError, match="g="):
        M("1.5", T)


def test_a_quiescent_region_beside_an_active_one_is_quiescent():
    one_way = np.zeros((2, 2, 2))
    one_way[0, 0, 0] = 2.0
    network = M([0.5, 0.5], one_way, cross_g=[[0.0, 0.2], [0.0, 0.0]])
    states = dmft.fixed_points(network, starts=np.array([[[1.0, 0.0], [0.0, 0.0]]]))
    assert {one.branch for one in states} == {("static", "quiescent")}


def test_a_solution_in_time_ends_at_a_fixed_point_that_was_found():
    network = M(0.5, T, cross_g=[[0.0, 0.2], [0.0, 0.0]])
    found = dmft.fixed_points(network, starts=np.array([[[0.13, 1.31], [0.95, -1.49]]]))
    assert len(found.stable) == 2
    late = dmft.solve(network, times=dmft.Times(150.0, 0.5), currents=[[0.13, 1.31], [0.95, -1.49]],
                      tol=1e-3)
    assert min(np.max(np.abs(late.z[-1] - one.z)) for one in found.stable) < 0.02


def test_an_initial_condition_that_is_too_large_is_named():
    for name, value in (("currents", 1e8 * np.ones((2, 2))), ("variance", 1e30)):
        start = {"currents": np.ones((2, 2)), "variance": 1.0, name: value}
        with pytest.raises(ModelError, match=name):
            dmft.solve(M(1.0, T), times=dmft.Times(1.0, 0.1), **start)


def test_a_small_start_leads_to_the_fixed_points_at_large_currents():
    states = dmft.fixed_points(M(0.5, [[[2.0]]]), starts=np.array([[[0.01]]]))
    assert len(states.stable) == 2


def test_rounding_does_not_break_a_symmetry():
    M.symmetric(1.0, [[1, 0.1 + 0.2], [0.3, 1]])
    with pytest.raises(ModelError, match="T=3"):
        M.symmetric(1.0, [[1]], T=3)


def test_a_pulse_along_measured_directions_can_be_saved(tmp_path):
    rng = np.random.default_rng(0)
    network = M.from_loadings(1.0, rng.normal(size=(2, 2, 9)), rng.normal(size=(2, 2, 9)),
                              inputs=rng.normal(size=(2, 9)),
                              signal=dmft.Pulse([1.0, 2.0], 0.0, 1.0))
    assert dmft.load(dmft.save(network, tmp_path / "network")) == network


def test_unpickled_arrays_are_read_only():
    network = M(1.0, T)
    solution = dmft.solve(network, times=dmft.Times(1.0, 0.5), currents=np.ones((2, 2)))
    for thing, array in ((network, "T"), (solution, "z"), (dmft.solve(M(0.0, T))[0], "z")):
        assert not getattr(pickle.loads(pickle.dumps(thing)), array).flags.writeable


def test_a_period_is_a_number_with_a_correct_error():
    rng = np.random.default_rng(111)
    network, z0 = M(0.0, 1.5 * rng.standard_normal((3, 3, 3))), 0.5 * rng.standard_normal((3, 3))
    coarse = dmft.solution_class(network, currents=z0, times=dmft.Times(90.0, 0.2), variance=0.0)
    exact = dmft.period(dmft.solve(network, times=dmft.Times(90.0, 0.2), currents=z0, variance=0.0,
                                   tol=1e-5))
    assert exact
    assert abs(coarse.period - float(exact)) < 2 * coarse.period_stderr < 0.1

"""Branches: followed along a parameter, around folds, to known ends."""

import numpy as np
import pytest

import dmft
from dmft.base.errors import ConvergenceError, ModelError
from dmft.branches.branch_end import turn, turning_amplitude, turning_point
from dmft.branches.fixed_amplitude_solution import solution_at_fixed_amplitude


def test_without_memory_the_parameter_of_an_amplitude_is_exact():
    """At the C(0) of the chaotic network with g = 1.5, the parameter is g = 1.5 again."""
    exact = dmft.solve(dmft.RandomNetwork(1.5))
    near = dmft.solve(dmft.RandomNetwork(1.6))
    amplitude = float(exact.C_phi[0])
    point, _ = solution_at_fixed_amplitude(dmft.RandomNetwork, near, amplitude, 1.6, 1.0, 0)
    assert float(point.value) == pytest.approx(1.5, abs=3e-4)
    at = np.array([0, 20, 50])
    lags = point.solution.lags.tau[at]
    known = np.interp(lags, exact.lags.tau, exact.C_phi.value)
    np.testing.assert_allclose(point.solution.C_phi.value[at], known, atol=1e-3)


@pytest.mark.slow
def test_the_amplitude_of_a_solution_gives_its_parameter_back():
    """With plasticity, in k: two methods give the same solution."""
    solution = dmft.solve(dmft.PlasticNetwork(2.0, 0.5, 2.5))
    near = dmft.solve(dmft.PlasticNetwork(2.0, 0.3, 2.5), tol=1e-2)
    point, _ = solution_at_fixed_amplitude(lambda k: dmft.PlasticNetwork(2.0, k, 2.5), near,
                                              float(solution.C_phi[0]), 0.3, 1.0, 3)
    error = float(point.value.stderr) + 5 * float(solution.C_phi[0].stderr)  # dk/dC is about 4.5
    assert float(point.value) == pytest.approx(0.5, abs=4 * error)
    assert 3e-4 < float(point.value.stderr) < 0.02


@pytest.mark.slow
def test_a_branch_that_exists_everywhere():
    reported = []
    branch = dmft.continue_in(dmft.PlasticNetwork(2.0, -1.0, 2.5), "k", [-1.0, -0.5, 0.25],
                              tol=1e-2, callback=lambda value, solution: reported.append(value))
    assert reported == [-1.0, -0.5, 0.25]
    assert branch.end is None
    assert np.all(np.diff(branch.amplitudes) > 0)
    assert [one.network.k for one in branch.solutions] == reported


@pytest.mark.slow
def test_chaos_without_plasticity_ends_at_the_transition():
    """The amplitude goes to zero at g = 1, without a fold."""
    branch = dmft.continue_in(dmft.PlasticNetwork(1.4, -0.5, 2.5), "g", [1.4, 1.2, 0.95], tol=1e-2)
    assert len(branch.solutions) == 2
    assert not branch.fold
    assert float(branch.end) == pytest.approx(1.0, abs=0.01)
    assert "goes to zero" in branch.message


@pytest.mark.slow
def test_driven_activity_continues_to_small_amplitudes():
    """With decreasing noise: the branch exists as long as there is noise."""
    branch = dmft.continue_in(dmft.PlasticNetwork(0.5, -1.0, 2.5, noise=0.5), "noise",
                              [0.5, 0.1, 0.05], tol=1e-2)
    assert branch.end is None
    assert len(branch.solutions) == 3
    small = dmft.solve(dmft.PlasticNetwork(0.5, -1.0, 2.5, noise=0.1), tol=1e-2)
    assert float(branch.amplitudes[1]) == pytest.approx(float(small.C_phi[0]), rel=0.03)


@pytest.mark.slow
def test_hebbian_induced_chaos_ends_at_a_fold():
    """tanh, k = 1.4: the expansion in small activity gives g = .939, to second order.

    Solutions on the far side of the fold, and only they, are unstable; near it that is not known.
    """
    branch = dmft.continue_in(dmft.PlasticNetwork(1.1, 1.4, 2.5), "g", [1.1, 1.0, 0.9], tol=1e-2)
    assert branch.fold
    assert float(branch.end) == pytest.approx(0.9396, abs=6e-4)
    assert 0 < float(branch.end.stderr) < 2e-4
    assert len(branch.solutions) == 2
    values = np.array([float(point.value) for point in branch.points])
    amplitudes = np.array([float(point.solution.C_phi[0]) for point in branch.points])
    assert np.all(np.diff(amplitudes) < 0)
    turn_place = int(np.argmin(values))
    assert 0 < turn_place < len(values) - 1
    stable = [point.stable for point in branch.points]
    assert all(one in (True, None) for one in stable[:turn_place])
    assert all(one in (False, None) for one in stable[turn_place + 1:])
    assert sum(one is None for one in stable) <= 3
    assert values[-1] > 0.96  # towards g = 1, where the lower branch begins
    with pytest.raises(ConvergenceError, match="quiescen"):
        dmft.solve(dmft.PlasticNetwork(0.9, 1.4, 2.5), initial=branch.solutions[-1], tol=1e-2)


def test_the_extremum_of_a_parabola_is_found():
    amplitudes = np.linspace(0.5, 0.1, 9)
    values = 0.9 + 0.5 * (amplitudes - 0.27) ** 2
    groups = values[:, None] + np.linspace(-1e-3, 1e-3, 32)
    end, fold = turning_point(amplitudes, values, groups, -1.0)
    assert fold
    assert float(end) == pytest.approx(0.9, abs=1e-9)
    assert float(end.stderr) == pytest.approx(np.std(groups[0], ddof=1) / np.sqrt(32), rel=1e-6)
    assert turn(values, -1.0) == slice(4, 7)
    assert turn(values, 1.0) is None
    assert turning_amplitude(amplitudes[4:7], values[4:7]) == pytest.approx(0.27, abs=1e-9)


def test_without_a_turn_the_end_is_at_zero_amplitude():
    amplitudes = np.linspace(0.5, 0.05, 10)
    values, spread = 1 + 0.3 * amplitudes, 1e-3 * np.linspace(-1, 1, 32)
    groups = values[:, None] + spread
    end, fold = turning_point(amplitudes, values, groups, -1.0)
    assert not fold
    assert float(end) == pytest.approx(1.0, abs=1e-9)
    assert float(end.stderr) == pytest.approx(np.std(spread, ddof=1) / np.sqrt(32), rel=1e-6)
    assert turning_point(amplitudes[:5], values[:5], groups[:5], -1.0) == (None, False)
    assert turning_point(amplitudes[-2:], values[-2:], groups[-2:], -1.0) == (None, False)


def test_the_options_are_those_of_each_solve():
    few = dmft.SamplingOptions(pilot_paths=64, first_paths=128)
    branch = dmft.continue_in(dmft.RandomNetwork(2.0), "reciprocity", [-0.2, 0.0], tol=0.1,
                              options=few)
    assert "128 paths" in branch.solutions[0].convergence.message
    assert branch.solutions[1].convergence.method != "sampled"
    with pytest.raises(ModelError, match=r"options=.*no sampled paths"):
        dmft.continue_in(dmft.RandomNetwork(2.0), "g", [2.0], options=few)
    with pytest.raises(ModelError, match="options=3"):
        dmft.continue_in(dmft.PlasticNetwork(2.0, -1.0, 2.5), "k", [-1.0], options=3)


def test_bad_arguments_and_an_inactive_start_are_refused():
    net = dmft.PlasticNetwork(2.0, -1.0, 2.5)
    for name in ("phi", "x", 3, None):
        with pytest.raises(ModelError, match="name"):
            dmft.continue_in(net, name, [1.0, 2.0])
    for values in ([], [np.nan], "x", [[1.0]]):
        with pytest.raises(ModelError, match="values"):
            dmft.continue_in(net, "k", values)
    with pytest.raises(ModelError, match="p="):
        dmft.continue_in(net, "p", [2.0, -1.0])
    with pytest.raises(ConvergenceError, match="no active branch") as caught:
        dmft.continue_in(dmft.PlasticNetwork(0.5, -1.0, 2.5), "g", [0.5, 0.4])
    assert caught.value.solution.branch == "quiescent"


def test_a_network_with_several_states_is_not_followed():
    network = dmft.PopulationNetwork(mean=[[2.0]], g=0.2, noise=0.3)
    with pytest.raises(ModelError, match="solved by several states, none of which is followed"):
        dmft.continue_in(network, "noise", [0.3, 0.4])

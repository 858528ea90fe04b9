"""Populations of finite networks in time: prepared means, other units, inputs, and the theory."""

import numpy as np
import pytest

import dmft
from dmft import validation

TIMES = dmft.Times(stop=6.0, dt=0.2)
EI = {"mean": [[1.2, -2.0], [1.6, -1.0]], "share": [0.6, 0.4], "noise": 0.6,
      "unit": (dmft.Adaptation(1.0, 3.0), dmft.Leaky())}


def test_networks_start_at_the_mean_and_variance():
    network = dmft.PopulationNetwork(g=0.5, **EI)
    runs = validation.simulate(network, 400, 6, times=TIMES, at=[0.0, 1.0], mean=[0.7, -0.3],
                               variance=[0.5, 0.1], rng=0)
    np.testing.assert_allclose(runs.mean[0], [0.7, -0.3], atol=0.02)
    np.testing.assert_allclose(runs.variance[0], [0.99, 0.19], rtol=0.05)
    assert runs.per_network["rates"].shape == (1, 6, 2, 2)


@pytest.mark.parametrize("memory", [{"k": 0.3}, {"reciprocity": 0.4}])
def test_one_population_with_memory_may_have_its_share(memory):
    runs = [validation.simulate(
        dmft.PopulationNetwork([[-0.5]], 0.8, share=share, noise=0.5, **memory), 20, 2,
        times=TIMES, at=[2.0], mean=0.5, rng=0) for share in (None, [1.0])]
    np.testing.assert_array_equal(*(one.variance.value for one in runs))


def test_linear_adapting_populations_follow_their_means():
    """Without disorder the mean obeys the equation of one unit, with an input in time."""
    unit = dmft.Adaptation(1.0, 2.0)
    network = dmft.PopulationNetwork([[-0.5]], 0.0, phi=dmft.linear, unit=unit,
                                     input=lambda t: np.cos(t))
    runs = validation.simulate(network, 4, 1, times=TIMES, at=[2.0, 6.0], mean=1.0, variance=0.0,
                               dt=0.02, rng=0, dtype="float64")
    theory = dmft.solve(network, times=TIMES, mean=1.0, variance=0.0, rng=0,
                        options=dmft.PathOptions(paths=100, repeats=4))
    # the step of the theory leaves 2e-4
    np.testing.assert_allclose(runs.mean[:, 0], theory.mean[[10, 30], 0], atol=5e-4)
    np.testing.assert_allclose(runs.rates.value, runs.mean.value, atol=1e-12)
    np.testing.assert_allclose(runs.power.value, runs.variance.value, atol=1e-12)


def test_units_with_one_variable_and_another_gain_or_time_constant():
    """x = H(s) input with H = 2 / (1 + s) and 1 / (1 + s/20), of constant inputs and of noise."""
    import sympy

    s = sympy.Symbol("s")
    network = dmft.PopulationNetwork(
        np.zeros((2, 2)), 0.0, input=[1.0, 1.0], noise=[0.5, 0.0],
        unit=(dmft.Rational(2 / (1 + s)), dmft.Rational(1 / (1 + s / 20))))
    runs = validation.simulate(network, 4000, 4, times=TIMES, at=[0.05, 6.0], mean=0.0,
                               variance=0.0, rng=0)
    assert runs.settings.dt == pytest.approx(0.05 / 10)
    np.testing.assert_allclose(runs.mean[:, 1], 1 - np.exp([-1.0, -120.0]), atol=1e-5)
    np.testing.assert_allclose(runs.mean[:, 0], 2 - 2 * np.exp([-0.05, -6.0]), atol=0.05)
    spread = runs.variance[:, 0] - runs.mean[:, 0] ** 2
    np.testing.assert_allclose(spread, 4 * 0.25 * (1 - np.exp([-0.1, -12.0])), rtol=0.05)


def test_a_start_that_differs_is_noted():
    network = dmft.PopulationNetwork(g=0.5, **EI)
    runs = validation.simulate(network, 40, 8, times=TIMES, at=[1.0], mean=[0.7, -0.3], rng=0)
    theory = dmft.solve(network, times=TIMES, mean=[0.2, -0.3], variance=0.5, rng=0, tol=0.1,
                        options=dmft.PathOptions(repeats=4))
    notes = validation.compare(theory, runs).notes
    assert sum("the initial" in one for one in notes) == 2
    assert not any("schedule" in one for one in notes)
    driven = dmft.solve(network, times=TIMES, mean=[0.7, -0.3], variance=1.0, rng=0, tol=0.1,
                        schedule=dmft.Schedule(drive=np.cos),
                        options=dmft.PathOptions(repeats=4))
    notes = validation.compare(driven, runs).notes
    assert sum("the initial" in one for one in notes) == 0
    assert sum("schedule" in one for one in notes) == 1


def test_a_run_in_the_hands_of_a_user_takes_an_input_in_time():
    network = dmft.PopulationNetwork([[0.0]], 0.0, input=dmft.Pulse([1.0], start=1.0, stop=2.0))
    run = validation.start(network, 4, variance=0.0, dt=0.02, rng=0)
    run.run(3.0)
    np.testing.assert_allclose(run.state, (1 - np.exp(-1.0)) * np.exp(-1.0), atol=1e-2)


def test_a_run_in_the_hands_of_a_user_starts_at_the_mean():
    network = dmft.PopulationNetwork([[2.0]], 0.3, k=0.5, p=2.0)
    run = validation.start(network, 200, mean=-0.8, variance=0.1, rng=1)
    assert run.state.mean() == pytest.approx(-0.8, abs=0.1)
    run.run(10.0)
    stored = run.store()
    run.recall(stored)
    run.run(5.0)
    assert run.overlap(stored) > 0.9


@pytest.mark.slow
def test_theory_of_populations_in_time_agrees_with_networks():
    """Reciprocity, plasticity, adaptation and a pulse together; without each it is rejected."""
    parts = {"g": 1.3, "reciprocity": [[0.6, -0.4], [-0.4, 0.0]], "k": [[0.8, 0.0], [0.4, -1.0]],
             "p": 1.5, "input": dmft.Pulse([0.8, 0.3], 1.0, 4.0), **EI}
    times = dmft.Times(stop=8.0, dt=0.2)
    network = dmft.PopulationNetwork(**parts)
    runs = validation.simulate(network, (200, 800), 60, times=times, at=[1, 2, 4, 6, 8],
                               mean=[0.4, 0.2], rng=1)

    def verdict(**other):
        theory = dmft.solve(dmft.PopulationNetwork(**parts | other), times=times, mean=[0.4, 0.2],
                            rng=0)
        return validation.compare(theory, runs, quantity=("variance", "rates", "power"))

    agrees = verdict()
    assert agrees.outcome == "agrees", agrees
    for other in ({"reciprocity": 0.0}, {"k": 0.0}, {"unit": dmft.Leaky()},
                  {"input": dmft.Pulse([0.8, 0.3], 1.0, 3.5)}):
        assert verdict(**other).outcome == "disagrees", other

"""Fixed-point iteration: convergence rates, guarded acceleration, noise floor and failures."""

import numpy as np
import pytest

from dmft.base.iteration import iterate


def linear_map(rates):
    target = np.linspace(2.0, 1.0, len(rates))
    return lambda x: target + np.asarray(rates) * (x - target), target


def test_plain_iteration_reports_the_rate_and_bounds_the_error():
    step, target = linear_map([0.9, 0.9, 0.9])
    end = iterate(step, np.zeros(3), tol=1e-8, max_iter=1000, accelerate=False)
    assert end.converged
    assert end.rate == pytest.approx(0.9, abs=1e-3)
    assert np.max(np.abs(end.value - target)) < 1.1 * end.residual * 0.9 / 0.1 * 2


def test_acceleration_saves_iterations_and_keeps_the_solution():
    step, target = linear_map([0.99, 0.95, 0.5])
    plain = iterate(step, np.zeros(3), tol=1e-10, max_iter=5000, accelerate=False)
    fast = iterate(step, np.zeros(3), tol=1e-10, max_iter=5000)
    assert fast.converged
    assert fast.iterations < plain.iterations / 4
    np.testing.assert_allclose(fast.value, target, atol=1e-7)


def test_accelerated_steps_stay_in_the_admissible_set():
    """x -> sqrt(x): the root 1 is reached without ever trying a negative value."""
    tried = []

    def step(x):
        tried.append(float(x[0]))
        return np.sqrt(x)

    end = iterate(step, np.array([9.0]), tol=1e-12, max_iter=200, admissible=lambda x: x[0] > 0)
    assert end.converged
    assert end.value[0] == pytest.approx(1.0, abs=1e-11)
    assert min(tried) > 0


def test_if_no_proposal_is_admissible_the_iteration_is_the_plain_one():
    step, _ = linear_map([0.99, 0.95, 0.5])
    plain = iterate(step, np.zeros(3), tol=1e-8, max_iter=5000, accelerate=False)
    guarded = iterate(step, np.zeros(3), tol=1e-8, max_iter=5000, admissible=lambda x: False)
    assert guarded.iterations == plain.iterations
    np.testing.assert_array_equal(guarded.value, plain.value)


def test_a_sampled_map_stops_at_its_noise_floor():
    """Independent noise of size 1e-3 in each evaluation: smaller residuals have no meaning."""
    rng = np.random.default_rng(0)
    step, target = linear_map([0.5, 0.5])
    end = iterate(lambda x: step(x) + 1e-3 * rng.standard_normal(2), np.zeros(2), tol=1e-8,
                  max_iter=500, floor=3e-3)
    assert not end.converged
    assert "floor" in end.message
    assert "more samples" in end.message
    np.testing.assert_allclose(end.value, target, atol=2e-2)


def test_without_a_floor_the_iteration_of_a_noisy_map_stalls():
    rng = np.random.default_rng(0)
    step, _ = linear_map([0.5, 0.5])
    end = iterate(lambda x: step(x) + 1e-3 * rng.standard_normal(2), np.zeros(2), tol=1e-8,
                  max_iter=5000)
    assert not end.converged
    assert "stalled" in end.message
    assert end.iterations < 5000


def test_max_iter_and_divergence_are_reported():
    step, _ = linear_map([0.999, 0.999])
    end = iterate(step, np.zeros(2), tol=1e-12, max_iter=7, accelerate=False)
    assert not end.converged
    assert "max_iter=7" in end.message
    with np.errstate(over="ignore", invalid="ignore"):
        end = iterate(lambda x: x**3, np.array([2.0]), tol=1e-12, max_iter=100)
    assert not end.converged
    assert "diverged" in end.message


def test_the_callback_gets_each_iteration_and_may_stop_it():
    step, _ = linear_map([0.9])
    calls = []
    iterate(step, np.zeros(1), tol=1e-3, max_iter=100,
            callback=lambda iteration, residual, value: calls.append((iteration, residual)))
    assert [i for i, _ in calls] == list(range(1, len(calls) + 1))

    def stop(iteration, residual, value):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        iterate(step, np.zeros(1), tol=1e-3, max_iter=100, callback=stop)

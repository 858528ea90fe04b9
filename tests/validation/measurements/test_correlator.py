"""The correlator gives the plain averages."""

import numpy as np
import pytest

from dmft.validation.measurements.correlator import Correlator

STEPS, UNITS, TRIALS = 60, 7, 3


@pytest.fixture
def path():
    return np.random.default_rng(0).standard_normal((STEPS, UNITS, TRIALS)).cumsum(axis=0)


@pytest.mark.parametrize(("lags", "every", "first", "references"), [
    ([0, 1, 7], 4, 5, 6), ([0], 1, 0, 10), ([3, 20], 5, 2, 4), ([0, 12], 30, 0, 1)])
def test_it_is_the_average_over_reference_times(path, lags, every, first, references):
    seen = Correlator(np.array(lags), every, first, references)
    for step in range(seen.steps):
        now = path[step]
        seen.record(step, now, np.tanh(now))
    at = first + every * np.arange(references)
    for row, states in enumerate((path, np.tanh(path))):
        expected = [np.mean(states[at] * states[at + lag]) for lag in lags]
        np.testing.assert_allclose(seen.correlations()[row], expected)
        pairs = [np.mean(states[at][:, :, a] * states[at][:, :, b])
                 for a in range(TRIALS) for b in range(TRIALS) if a != b]
        assert seen.static()[row] == pytest.approx(np.mean(pairs))
    power = np.mean(path[at] ** 2, axis=(1, 2))
    if references > 1:
        half = -(-references // 2)
        assert seen.drift() == pytest.approx(power[half:].mean() / power[:half].mean() - 1)
    assert not seen._kept  # every copy was let go


def test_states_are_copied_when_they_are_overwritten():
    x = np.ones((2, 1))
    seen = Correlator(np.array([0, 1]), 5, 0, 1)
    seen.record(0, x, np.tanh(x))
    x *= 3
    seen.record(1, x, np.tanh(x))
    np.testing.assert_allclose(seen.correlations()[0], [1, 3])


def test_one_trial_has_no_static_part():
    seen = Correlator(np.array([0]), 1, 0, 1)
    seen.record(0, np.ones((4, 1)), np.ones((4, 1)))
    assert np.all(np.isnan(seen.static()))

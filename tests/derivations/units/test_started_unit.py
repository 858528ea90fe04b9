"""The implicit step and the covariances after a start, against integrals in many digits."""

import mpmath
import numpy as np
import pytest

from dmft.equations import linear_response as unit

STEPS = [10.0**n for n in range(-12, 3)] + [0.124, 0.126, 0.3, 0.7, 2.3]


@pytest.mark.parametrize("dt", STEPS)
def test_implicit(dt):
    """Both weights to a few units in the last place, also where the closed form would cancel."""
    with mpmath.workdps(60):
        h = mpmath.mpf(dt)
        end = 1 + mpmath.expm1(-h) / h
        start = -mpmath.expm1(-h) - end
        if 1e-3 < dt < 3:
            by_integral = mpmath.quad(lambda u: mpmath.exp(u - h) * u / h, [0, h])
            assert abs(by_integral - end) < 1e-40
    assert unit.etd_weight_end(dt) == pytest.approx(float(end), rel=4e-15, abs=0)
    assert unit.etd_weight_start(dt) == pytest.approx(float(start), rel=4e-15, abs=0)


def test_implicit_step_is_of_second_order():
    def error(steps):
        dt, x = 2.0 / steps, 0.0
        for n in range(steps):
            ends = unit.etd_weight_start(dt) * np.cos(n * dt)
            x = unit.decay(dt) * x + ends + unit.etd_weight_end(dt) * np.cos((n + 1) * dt)
        return x - (np.cos(2.0) + np.sin(2.0) - np.exp(-2.0)) / 2

    errors = np.array([error(n) for n in (50, 100, 200, 400)])
    np.testing.assert_allclose(np.log2(errors[:-1] / errors[1:]), 2, atol=0.01)


@pytest.mark.parametrize(("t", "s"), [(0.0, 0.0), (1.3, 0.0), (0.4, 2.1), (2.1, 0.4), (1.0, 1.0)])
def test_covariance(t, s):
    """The contribution of each input: the filter's double integral, and the decay of the initial
    value."""
    common = mpmath.quad(lambda u: mpmath.exp(2 * u - t - s), [0, min(t, s)])
    assert unit.white_noise_covariance(t, s, 0.7) == pytest.approx(0.98 * float(common), abs=1e-15)
    learnt = [mpmath.quad(lambda u, end=end: mpmath.exp(u - end), [0, end]) for end in (t, s)]
    expected = 0.09 * float(learnt[0] * learnt[1])
    assert unit.bias_covariance(t, s, 0.3) == pytest.approx(expected, abs=1e-15)
    assert unit.initial_covariance(t, s, 1.7) == pytest.approx(1.7 * np.exp(-t) * np.exp(-s))


def test_covariances_after_a_long_time():
    """Stationary noise, the full bias and a decayed initial value; small times exactly."""
    assert unit.white_noise_covariance(50.0, 51.0, 0.7) == pytest.approx(
        unit.white_noise_correlation(1.0, 0.7))  # fmt: skip
    assert unit.bias_covariance(50.0, 60.0, 0.3) == pytest.approx(0.09)
    assert unit.initial_covariance(50.0, 60.0, 1.0) < 1e-40
    assert unit.white_noise_covariance(1e-12, 1e-12, 1.0) == pytest.approx(2e-12, rel=1e-11)
    assert unit.bias_covariance(1e-12, 1e-12, 1.0) == pytest.approx(1e-24, rel=1e-11)


def test_arrays_broadcast():
    times = np.linspace(0, 2, 5)
    covariance = unit.white_noise_covariance(times[:, None], times, 0.7)
    assert covariance.shape == (5, 5)
    np.testing.assert_array_equal(covariance, covariance.T)
    assert np.shape(unit.etd_weight_end(0.05)) == ()

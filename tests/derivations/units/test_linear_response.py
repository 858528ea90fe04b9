"""The emitted filter, noise and time step of the leaky unit, against integrals and each other."""

import mpmath
import numpy as np
import pytest

from dmft.equations import linear_response as unit


def test_filter():
    omega = np.linspace(-4, 4, 9)
    for value, w in zip(unit.lowpass(omega), omega, strict=True):
        real = mpmath.quad(lambda s: unit_response(s) * mpmath.cos(w * s), [0, 10, 40])  # noqa: B023
        imag = mpmath.quad(lambda s: -unit_response(s) * mpmath.sin(w * s), [0, 10, 40])  # noqa: B023
        assert value == pytest.approx(complex(real, imag), abs=1e-10)
    np.testing.assert_allclose(unit.lowpass_power(omega), np.abs(unit.lowpass(omega)) ** 2)


def unit_response(tau):
    return mpmath.exp(-tau) if tau > 30 else mpmath.mpf(float(unit.response(float(tau))))


def test_noise():
    omega = np.linspace(-2, 2, 5)
    np.testing.assert_allclose(unit.white_noise_spectrum(omega, 0.7), np.full(5, 0.98))
    tau, step = np.linspace(0, 40, 400_001, retstep=True)
    correlation = unit.white_noise_correlation(tau, 0.7)
    for w in omega:
        values = 2 * correlation * np.cos(w * tau)
        spectrum = step * (values.sum() - (values[0] + values[-1]) / 2)
        assert spectrum == pytest.approx(0.98 * unit.lowpass_power(w), rel=1e-7)
    assert unit.white_noise_correlation(-1.3, 0.7) == unit.white_noise_correlation(1.3, 0.7)


@pytest.mark.parametrize("dt", [1e-9, 1e-3, 0.1, 1.0])
def test_step(dt):
    with mpmath.workdps(40):
        h = mpmath.mpf(dt)
        now = mpmath.quad(lambda s: mpmath.exp(s - h) * (1 + s / h), [0, h])
        before = mpmath.quad(lambda s: -mpmath.exp(s - h) * s / h, [0, h])
        power = 2 * mpmath.mpf(0.7) ** 2
        variance = mpmath.quad(lambda s: power * mpmath.exp(2 * (s - h)), [0, h])
    assert unit.etd_weight_now(dt) == pytest.approx(float(now), abs=3e-16)
    assert unit.etd_weight_before(dt) == pytest.approx(float(before), abs=3e-16)
    assert unit.white_noise_step_variance(dt, 0.7) == pytest.approx(float(variance), rel=1e-14)
    assert unit.decay(dt) == np.exp(-dt)


def test_step_is_of_second_order():
    def error(steps):
        dt = 2.0 / steps
        x, last = 0.0, np.cos(-dt)
        for n in range(steps):
            f = np.cos(n * dt)
            x = unit.decay(dt) * x + unit.etd_weight_now(dt) * f + unit.etd_weight_before(dt) * last
            last = f
        exact = (np.cos(2.0) + np.sin(2.0) - np.exp(-2.0)) / 2
        return abs(x - exact)

    orders = np.log2([error(n) / error(2 * n) for n in (100, 200, 400)])
    np.testing.assert_allclose(orders, 2, atol=0.05)

"""Units: their response in frequency and in time, their correlation, their steps, their modes."""

import pickle

import numpy as np
import pytest
import sympy
from scipy import integrate

import dmft
from dmft.base.errors import ModelError

s = sympy.Symbol("s")
ADAPTED = dmft.Adaptation(b=1.0, tau=4.0)
CONTINUOUS = (dmft.Leaky(), ADAPTED, dmft.Adaptation(b=-0.5, tau=1.0), dmft.SynapticFilter(2.5),
              dmft.SynapticFilter(1.0), dmft.Rational((1.0 + 2 * s) / (1 + s) ** 3),
              dmft.Delayed(dmft.Leaky(), 0.5), dmft.Delayed(ADAPTED, 1.2))
UNITS = (*CONTINUOUS, dmft.Map(0.5), dmft.Map(1.0), dmft.Map(1.4))
OMEGA = np.array([0.0, 0.3, 1.7])


@pytest.mark.parametrize("unit", CONTINUOUS)
def test_impulse_response_and_correlation_are_transforms_of_the_response(unit):
    tau = np.linspace(0.0, 60.0, 60001)
    later, h = tau - unit.delay, unit.impulse(tau)
    after = later > -1e-9
    for omega in OMEGA:
        found = integrate.simpson(h[after] * np.exp(-1j * omega * tau[after]), x=tau[after])
        assert found == pytest.approx(complex(unit.response(np.array([omega]))[0]), abs=2e-6)
    # <x x> = int 2 |H|^2 cos(omega tau) domega / 2 pi, on the line by omega = tan(theta)
    theta = (np.arange(4000) + 0.5) * np.pi / 8000
    omega, weight = np.tan(theta), np.pi / 8000 / np.cos(theta) ** 2
    power = unit.power(omega)
    for lag, expected in zip((0.0, 2.0), unit.white_correlation(np.array([0.0, 2.0])), strict=True):
        smooth = power - unit.kink / (1 + omega**2)  # the tail has a known transform
        found = 2 * (weight * smooth) @ np.cos(omega * lag) / np.pi + unit.kink * np.exp(-lag)
        assert found == pytest.approx(expected, abs=2e-6)


@pytest.mark.parametrize("unit", CONTINUOUS)
def test_values_at_zero_lag(unit):
    h = 1e-5
    C = unit.white_correlation(np.array([0.0, h, 2 * h]))
    assert (1.5 * C[0] - 2 * C[1] + 0.5 * C[2]) / h == pytest.approx(unit.kink, abs=1e-4)
    assert unit.impulse(np.array([unit.delay]))[0] == pytest.approx(unit.jump, abs=1e-9)
    assert unit.static_gain == pytest.approx(complex(unit.response(np.zeros(1))[0]).real)


def test_adaptation_and_synapse_are_eliminations_of_their_second_variable():
    x, a, y, current, b, tau = sympy.symbols("x a y current b tau")
    adapted = sympy.solve([(1 + s) * x - current + a, (1 + tau * s) * a - b * x], [x, a])[x]
    filtered = sympy.solve([(1 + s) * x - y, (1 + tau * s) * y - current], [x, y])[x]
    at = {current: 1, b: 1.5, tau: 3, s: 0.7j}
    for expected, unit in ((adapted, dmft.Adaptation(1.5, 3.0)),
                           (filtered, dmft.SynapticFilter(3.0))):
        found = complex(unit.response(np.array([0.7]))[0])
        assert found == pytest.approx(complex(expected.subs(at)), rel=1e-12)


@pytest.mark.parametrize("unit", [dmft.Map(0.5), dmft.Map(1.0), dmft.Map(1.4)])
def test_a_map_in_discrete_time(unit):
    n = np.arange(200.0)
    h = unit.impulse(n)
    for omega in OMEGA:
        found = np.sum(h * np.exp(-1j * omega * n))
        assert found == pytest.approx(complex(unit.response(np.array([omega]))[0]), rel=1e-12)
    x, steps = 0.0, []  # the recursion itself
    for k in range(8):
        steps.append(x)
        x = (1 - unit.a) * x + (k == 0)
    np.testing.assert_allclose(h[:8], steps, atol=1e-15)
    overlaps = [2 * h[:len(h) - k] @ h[k:] for k in range(5)]
    np.testing.assert_allclose(unit.white_correlation(n[:5]), overlaps, atol=1e-12)


@pytest.mark.parametrize("unit", UNITS)
def test_the_step_is_exact(unit):
    """For an input that is linear in time, and in covariance for white noise."""
    dt = unit.time_step or 0.3
    step = unit.step(dt)
    state, t = np.zeros(len(step.output)), 0.0

    def slope(time):
        return 0.4 + 0.2 * time

    for _ in range(400):
        state = (step.decay @ state + step.now * slope(t) + step.before * slope(t - dt))
        t += dt
    tau = np.linspace(0.0, 60.0, 60001) if unit.time_step is None else np.arange(60.0)
    own = unit.unit if unit.delay else unit
    h = own.impulse(tau)
    inputs = h * slope(t - tau)
    expected = integrate.simpson(inputs, x=tau) if unit.time_step is None else inputs.sum()
    assert step.output @ state == pytest.approx(expected, rel=1e-5)
    covariance = np.zeros((len(state), len(state)))
    for _ in range(2000):
        covariance = step.decay @ covariance @ step.decay.T + step.noise @ step.noise.T
    variance = step.output @ covariance @ step.output
    assert variance == pytest.approx(float(unit.white_correlation(np.zeros(1))[0]), rel=1e-9)


@pytest.mark.parametrize("unit", UNITS)
def test_the_fastest_modes_solve_z_H_of_s_is_one(unit):
    z = np.array([0.5, 0.9j, -1.2 + 0.3j, 2.0])
    rates = unit.fastest_modes(z)
    np.testing.assert_allclose(z * unit.response(-1j * rates), 1.0, atol=1e-9)


def test_the_fastest_mode_of_a_delayed_unit_is_that_of_the_lambert_function():
    from scipy.special import lambertw

    z, d = np.array([0.5, -2.0, 1.0 + 1.0j]), 0.8  # z exp(-s d) = 1 + s
    exact = lambertw(z * d * np.exp(d)) / d - 1
    found = dmft.Delayed(dmft.Leaky(), d).fastest_modes(z)
    # of a real feedback the modes come in conjugate pairs
    np.testing.assert_allclose(found.real, exact.real, atol=1e-10)
    np.testing.assert_allclose(np.abs(found.imag), np.abs(exact.imag), atol=1e-10)


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_is_data(unit, tmp_path):
    assert pickle.loads(pickle.dumps(unit)) == unit
    network = dmft.Network(dmft.IID(0.3), unit=unit)
    solution = dmft.solve(network)
    dmft.save(solution, tmp_path / "solution.npz")
    assert dmft.load(tmp_path / "solution.npz").network == network


@pytest.mark.parametrize(("make", "name"), [
    (lambda: dmft.Rational(1 / (s - 1)), "denominator"),  # unstable
    (lambda: dmft.Rational(s**2 / (1 + s)), "numerator"),  # not causal
    (lambda: dmft.Rational((1 + s) / (2 + s)), "numerator"),  # acts without delay
    (lambda: dmft.Rational(sympy.exp(-s) / (1 + s)), "numerator"),
    (lambda: dmft.Rational(sympy.Symbol("b") / (1 + s)), "numerator"),
    (lambda: dmft.Rational("1/(1 + s)"), "numerator"),
    (lambda: dmft.Delayed(dmft.Map(0.5), 1.0), "unit"),
    (lambda: dmft.Network(dmft.IID(1.0), unit=1.0), "unit"),
    (lambda: dmft.solve(dmft.Network(dmft.IID(2.0), unit=dmft.Map(1.0)),
                        lags=dmft.Lags(20, 0.1)), "lags"),
    (lambda: dmft.solve(dmft.Network((dmft.IID(1.0), dmft.Hebbian(1.0, 2.5)), unit=dmft.Map(1.0))),
     "unit"),
    (lambda: dmft.solve(dmft.Network(dmft.IID(2.0), unit=dmft.Delayed(ADAPTED, 0.5)),
                        times=dmft.Times(2, 0.1)), "unit"),
    (lambda: dmft.validation.simulate(dmft.Network(dmft.IID(2.0), unit=dmft.Delayed(ADAPTED, 0.5)),
                                      20, 2, dt=0.3), "dt"),
    (lambda: dmft.validation.simulate(dmft.Network(dmft.IID(2.0), unit=dmft.Map(0.5)), 20, 2,
                                      dt=0.1), "dt"),
])
def test_what_a_unit_refuses(make, name):
    with pytest.raises(ModelError, match=rf"^{name}="):
        make()

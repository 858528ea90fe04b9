"""Linear networks of any unit, with memory, noise and bias: closed forms at every frequency."""

import numpy as np
import pytest

import dmft
from dmft.base.errors import ModelError
from dmft.paths.impulse_of_site import response_transform
from dmft.paths.site_statistics import SiteStatistics
from dmft.validation.simulation.unit_steps import UnitSteps

ADAPTED = dmft.Adaptation(1.0, 4.0)
STRONG = dmft.Rational([2.0], [1.0, 1.0])  # 2/(1 + s): twice the leaky response at all frequencies
UNITS = (ADAPTED, dmft.SynapticFilter(2.0), STRONG, dmft.Delayed(ADAPTED, 0.6), dmft.Map(0.6))
OMEGA = np.array([0.1, 0.7, 2.0])


def couplings(unit):
    """g, well below the onset with reciprocity 0.3."""
    return 0.45 / np.sqrt(np.max(unit.power(np.linspace(0.0, np.pi, 500))))


def response(unit, g, r, omega):
    """S of 1/S = 1/H - r g^2 S."""
    H = unit.response(omega)
    return (1 - np.sqrt(1 - 4 * r * g**2 * H**2)) / (2 * r * g**2 * H)


@pytest.mark.parametrize("unit", UNITS)
def test_a_bias_passes_the_static_response(unit):
    """Delta(inf) = H(0)^2 (g^2 Delta(inf) + b^2), and white noise adds the rest."""
    g = couplings(unit)
    solution = dmft.solve(dmft.Network(dmft.IID(g), dmft.linear, noise=0.4, bias=0.3, unit=unit))
    H0 = unit.static_gain
    static = H0**2 * 0.09 / (1 - g**2 * H0**2)
    assert float(solution.C_x_static) == pytest.approx(static, rel=1e-9)
    n = 400001
    omega = np.linspace(0.0, np.pi if unit.time_step else 4000.0, n)
    spectrum = 2 * 0.16 / (1 / unit.power(omega) - g**2)
    driven = np.trapezoid(spectrum, omega) / np.pi
    if unit.time_step is None:  # the tail beyond, of white noise through h/(i omega)
        driven += 2 * 0.16 * unit.kink / (np.pi * omega[-1])
    assert float(solution.C_x[0]) == pytest.approx(static + driven, rel=2e-5)


@pytest.mark.parametrize("unit", UNITS)
def test_reciprocal_couplings(unit):
    """Noise, bias and the response of sampled linear sites are exact."""
    g, r = couplings(unit), 0.3
    solution = dmft.solve(dmft.Network(dmft.IID(g, r), dmft.linear, noise=0.4, bias=0.3,
                                       unit=unit))
    S = response(unit, g, r, OMEGA)
    found = response_transform(solution.lags, solution.R_phi.value, unit, OMEGA)
    np.testing.assert_allclose(found, S, atol=3e-3 * np.max(np.abs(S)))
    S0 = float(response(unit, g, r, np.zeros(1))[0].real)
    static = S0**2 * 0.09 / (1 - g**2 * S0**2)
    assert float(solution.C_x_static) == pytest.approx(static, rel=2e-3)
    tau = solution.lags.tau
    if unit.time_step is None:
        before = tau < unit.delay - 1e-9
        assert np.all(solution.R_phi.value[before] == 0)
        after = solution.R_phi.value[np.flatnonzero(~before)[0]]
        assert after == pytest.approx(unit.jump, abs=2e-2)


def test_activity_is_not_excluded_for_units_that_amplify():
    """H = 2/(1 + s) is the leaky unit with couplings and plasticity twice as strong."""
    plain = dmft.solve(dmft.PlasticNetwork(1.5, 1.0, 2.5), tol=1e-2)
    network = dmft.Network((dmft.IID(0.75), dmft.Hebbian(0.5, 2.5)), unit=STRONG)
    strong = dmft.solve(network, tol=1e-2)
    error = np.hypot(float(plain.C_phi[0].stderr), float(strong.C_phi[0].stderr))
    assert strong.branch == "chaotic"
    assert abs(float(strong.C_phi[0]) - float(plain.C_phi[0])) < 4 * error


def test_a_start_of_another_unit_is_put_on_the_lags_of_a_map():
    leaky = dmft.solve(dmft.RandomNetwork(2.0))
    network = dmft.Network(dmft.IID(2.0), unit=dmft.Map(0.5))
    found = dmft.solve(network, initial=leaky)
    assert found.lags.dt == 1.0
    assert float(found.C_x[0]) == pytest.approx(float(dmft.solve(network).C_x[0]), rel=1e-9)


@pytest.mark.parametrize("verb", [
    dmft.freeze, dmft.jacobian_spectrum,
    lambda solution: dmft.fixed_points(solution.network),
    lambda solution: dmft.validation.jacobian_eigenvalues(solution.network, 10),
    lambda solution: dmft.validation.enumerate_fixed_points(solution.network, 4, 2)])
def test_what_is_derived_for_leaky_units_only_is_refused(verb):
    network = dmft.Network((dmft.IID(0.3), dmft.Hebbian(0.5, 2.5)), unit=ADAPTED)
    solution = dmft.solve(network, branch="quiescent")
    with pytest.raises(ModelError, match=r"unit=.*leaky"):
        verb(solution)


@pytest.mark.parametrize("unit", [ADAPTED, dmft.SynapticFilter(2.0), dmft.Delayed(ADAPTED, 0.6)])
def test_steps_of_simulated_units_follow_an_input_that_is_linear_in_time(unit):
    """With extrapolation, with a correction instead, and with a delay: exact in each case."""
    dt, count = 0.1, 600

    def drive(t):
        return np.full((1, 1), 0.3 + 0.05 * t)

    tau = np.linspace(0.0, 60.0, 60001)
    own = unit.unit if unit.delay else unit
    t = count * dt
    inputs = own.impulse(tau) * (0.3 + 0.05 * (t - unit.delay - tau))
    exact = np.trapezoid(inputs, tau)
    for corrected in (False, True):
        if corrected and unit.delay:
            continue
        x = np.zeros((1, 1))
        steps = UnitSteps(unit, dt, 0.0, x)
        for k in range(count):
            steps.advance(drive(k * dt), not corrected)
            if corrected:
                steps.correct(drive((k + 1) * dt) - drive(k * dt))
        assert x[0, 0] == pytest.approx(exact, rel=1e-5)


@pytest.mark.slow
def test_the_exponent_on_paths_is_that_on_lags():
    """With so little reciprocity that the memory does not matter, by either method."""
    plain = dmft.solve(dmft.Network(dmft.IID(4.0), unit=ADAPTED))
    sampled = dmft.solve(dmft.Network(dmft.IID(4.0, 1e-5), unit=ADAPTED))
    found = dmft.lyapunov_exponent(sampled)
    exact = float(dmft.lyapunov_exponent(plain))
    assert abs(float(found) - exact) < 4 * float(found.stderr) + 1e-4


@pytest.mark.parametrize("unit", UNITS)
def test_the_corner_of_a_site_with_white_noise(unit):
    """It is that of x times <phi'^2>; of a linear site, that of its correlation at small lags."""
    h = 1e-5
    lags = dmft.Lags(2.0, 1.0 if unit.time_step else 0.1)
    site = SiteStatistics(lags, np.zeros(len(lags)), 0.0, unit.response(lags.omega), 1.0, 1.5, unit)
    C = 0.16 * unit.white_correlation(np.array([0.0, h, 2 * h]))
    corner = 0.0 if unit.time_step else (1.5 * C[0] - 2 * C[1] + 0.5 * C[2]) / h
    assert site.order_parameters(0.4).kink == pytest.approx(1.5 * corner, abs=1e-4)

"""Populations with mean couplings, against what is known exactly."""

import numpy as np
import pytest
from scipy.integrate import quad_vec
from scipy.optimize import brentq

import dmft
from dmft import validation
from dmft.base.errors import ModelError
from dmft.network.populations import populations
from dmft.populations.population_map import LinearisedPopulationMap, PopulationMap
from dmft.validation.couplings.draw import draw_sum

EI = [[1.2, -2.0], [1.6, -1.0]]


def test_without_means_it_is_the_random_network():
    found = dmft.solve(dmft.PopulationNetwork([[0.0]], 2.0))
    active = found.stable[0]
    exact = dmft.solve(dmft.RandomNetwork(2.0))
    assert active.branch == ("chaotic",)
    assert active.variance[0] == pytest.approx(float(exact.C_x[0]), rel=1e-8)
    assert not found.states[-1].stable  # x = 0


@pytest.mark.parametrize("g", [1.05, 1.2])
def test_chaos_near_its_onset_is_found_beside_a_mean(g):
    """Of an odd phi with a mean that decays, C is that of the network without the mean."""
    exact = dmft.solve(dmft.RandomNetwork(g))
    found = dmft.solve(dmft.PopulationNetwork([[-0.5]], g))
    assert [one.branch for one in found.stable] == [("chaotic",)]
    assert found.stable[0].variance[0] == pytest.approx(float(exact.C_x[0]), rel=1e-8)


@pytest.mark.parametrize("noise", [1e-6, 1e-2])
def test_weak_noise_does_not_lead_to_an_unstable_state_only(noise):
    exact = dmft.solve(dmft.RandomNetwork(1.15, noise=noise))
    found = dmft.solve(dmft.PopulationNetwork([[-0.5]], 1.15, noise=noise))
    assert found.stable[0].variance[0] == pytest.approx(float(exact.C_x[0]), rel=1e-8)


@pytest.mark.parametrize("fast", [dmft.Leaky(), dmft.SynapticFilter(0.05)])
def test_white_noise_makes_a_corner_of_known_transform(fast):
    """Linear units: the power at each frequency is (1 - |H|^2 g^2)^-1 |H|^2 2 noise^2."""
    g, noise = np.array([[0.6, 0.3], [0.2, 0.7]]), np.array([0.3, 0.1])
    units = (dmft.SynapticFilter(3.0), fast)

    def power(omega):
        H = np.diag([float(one.power(np.array([omega]))[0]) for one in units])
        return np.linalg.solve(np.eye(2) - H @ g**2, H @ (2 * noise**2)) / np.pi

    exact = quad_vec(power, 0, 30, epsrel=1e-11)[0] + quad_vec(power, 30, np.inf, epsrel=1e-9)[0]
    found = dmft.solve(dmft.PopulationNetwork(np.zeros((2, 2)), g, phi=dmft.linear, unit=units,
                                              noise=noise))
    assert max(np.abs(found[0].variance / exact - 1)) < 1e-7
    error = float(np.max(np.abs(found[0].variance - exact)) / np.max(exact))
    assert error < 3 * found.convergence.error + 1e-9


@pytest.mark.parametrize("mean", [100.0, 1e4])
def test_saturated_units(mean):
    """phi = +-1 without response; zero is unstable. Rounding of tanh was taken for a jump."""
    low, high, zero = dmft.solve(dmft.PopulationNetwork([[mean]], 1.0))
    np.testing.assert_allclose([low.rates[0], high.rates[0], zero.rates[0]], [-1, 1, 0], atol=1e-12)
    np.testing.assert_allclose(high.variance, 1.0)
    assert low.stable
    assert not zero.stable


def test_two_equal_populations_are_one():
    """Variances of inputs add over populations: g^2 = 1.2^2 + 1.6^2 = 4."""
    found = dmft.solve(dmft.PopulationNetwork(np.zeros((2, 2)), [[1.2, 1.6], [1.2, 1.6]]))
    np.testing.assert_allclose(found.stable[0].variance, 1.9248054, rtol=1e-7)
    np.testing.assert_allclose(found.stable[0].rates, 0.0, atol=1e-10)


def test_without_disorder_the_means_are_roots_of_one_equation():
    """m = J tanh(m) + I has three roots for J = 2, I = 0.1; the middle one is unstable."""
    found = dmft.solve(dmft.PopulationNetwork([[2.0]], 0.0, input=0.1))
    exact = [brentq(lambda m: 2 * np.tanh(m) + 0.1 - m, *ends) for ends in (
        (-3.0, -1.0), (-0.5, 0.0), (1.0, 3.0))]
    by_mean = sorted(found, key=lambda one: one.means[0])
    np.testing.assert_allclose([one.means[0] for one in by_mean], exact, rtol=1e-8)
    assert [one.stable for one in by_mean] == [True, False, True]
    rates = [2 / np.cosh(m) ** 2 - 1 for m in exact]  # dm/dt = -m + 2 tanh(m) + 0.1
    np.testing.assert_allclose([one.growth_rate for one in by_mean], rates, rtol=1e-7)


def test_the_fold_of_a_bistable_mean():
    """Without disorder it is where 2 tanh'(m) = 1; the upper state is lost beyond it."""
    m = np.arccosh(np.sqrt(2.0))
    fold = m - 2 * np.tanh(m)  # at negative input, m > 0
    for input, count in ((fold + 3e-3, 3), (fold - 3e-3, 1)):
        assert len(dmft.solve(dmft.PopulationNetwork([[2.0]], 0.0, input=input))) == count


def test_rates_of_rectified_populations_are_proportional_to_the_input():
    one, other = (dmft.solve(dmft.PopulationNetwork(
        [[0.5, -2.0], [2.0, -1.5]], 0.3, phi=dmft.relu, input=[scale, 0.5 * scale])).stable[0]
        for scale in (1.0, 3.0))
    np.testing.assert_allclose(other.rates, 3 * one.rates, rtol=1e-6)
    np.testing.assert_allclose(other.variance, 9 * one.variance, rtol=1e-6)


def test_the_derivative_of_the_map():
    network = dmft.PopulationNetwork(EI, [[1.1, 0.9], [0.8, 1.3]], phi=(dmft.erf, dmft.tanh),
                                     noise=0.3, input=[0.8, 0.4])
    lags = dmft.Lags(20.0, 0.2)
    step = PopulationMap(populations(network), network.mean, network.g**2, lags)
    rows = np.array([np.append(0.2 + v * np.exp(-lags.tau / 3), 0.2) for v in (0.9, 1.4)])
    state = np.append(rows.ravel(), [0.4, -0.2])
    direction = np.append(np.append(np.exp(-lags.tau / 2), 0.1), np.append(
        np.cos(lags.tau / 9), 0.3))
    direction = np.append(direction, [0.5, -0.7])
    h = 1e-5
    numeric = (step.image(state + h * direction) - step.image(state - h * direction)) / (2 * h)
    np.testing.assert_allclose(LinearisedPopulationMap(step, state)(direction), numeric, atol=1e-7)


def test_populations_with_their_own_units():
    """A linear population with adaptation, driven by a mean: m = H(0) (J <phi> + I)."""
    network = dmft.PopulationNetwork([[0.0, 0.0], [0.7, 0.0]], 0.0, phi=(dmft.tanh, dmft.linear),
                                     unit=(dmft.Leaky(), dmft.Adaptation(1.0, 4.0)),
                                     noise=[0.5, 0.0], input=[0.3, 0.1])
    state = dmft.solve(network)[0]
    # tanh of a Gaussian of mean 0.3 and variance 0.25, by quadrature
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    rate = weights @ np.tanh(0.3 + 0.5 * nodes) / weights.sum()
    np.testing.assert_allclose(state.rates, [rate, 0.5 * (0.7 * rate + 0.1)], rtol=1e-9)
    assert state.growth_rate < 0


def test_linear_populations():
    """m = H(0) (J m + I), and v = H(0)^2 (g^2 (v + m^2) + b^2) of the parts that do not decay."""
    mean, g = 0.2 * np.array(EI), np.array([[0.5, 0.4], [0.3, 0.6]])
    bias, input = np.array([0.3, 0.2]), np.array([0.8, 0.4])
    network = dmft.PopulationNetwork(mean, g, phi=dmft.linear, bias=bias, input=input,
                                     unit=(dmft.Adaptation(1.0, 4.0), dmft.Leaky()))
    state = dmft.solve(network)[0]
    H0 = np.array([0.5, 1.0])
    m = np.linalg.solve(np.eye(2) - H0[:, None] * mean, H0 * input)
    v = np.linalg.solve(np.eye(2) - H0[:, None] ** 2 * g**2, H0**2 * (g**2 @ m**2 + bias**2))
    np.testing.assert_allclose(state.means, m, rtol=1e-8)
    np.testing.assert_allclose(state.static_variance, v, rtol=1e-8)
    np.testing.assert_allclose(state.C_phi[:, 0], v + m**2, rtol=1e-8)
    # modes of the means: (1 + s - J11)(2 + 5s + 4s^2 ...) of both units, as one polynomial
    (a, b), (c, d) = mean
    adapting = np.polynomial.Polynomial([2.0, 5.0, 4.0]), np.polynomial.Polynomial([1.0, 4.0])
    leaky = np.polynomial.Polynomial([1.0, 1.0])
    modes = ((adapting[0] - a * adapting[1]) * (leaky - d) - b * c * adapting[1]).roots()
    assert state.growth_rate == pytest.approx(modes.real.max(), rel=1e-8)


def test_rest_can_be_unstable_to_an_oscillation_of_the_means():
    """Excitation and inhibition with the modes 0.2 +- 3.4i of the means."""
    mean = np.array([[3.4, -4.0], [4.0, -1.0]])
    with pytest.warns(dmft.ResolutionWarning, match="no state that was found is stable"):
        found = dmft.solve(dmft.PopulationNetwork(mean, 0.1))
    rest = min(found, key=lambda one: one.variance.max())
    assert rest.growth_rate == pytest.approx(np.linalg.eigvals(mean).real.max() - 1, rel=1e-8)
    assert rest.slowest < 1
    assert not rest.stable


def test_means_add_to_the_simulated_drive():
    """Sum over b of mean[a, b] <phi_b>, the same for all units of a, whatever the sizes."""
    operator = draw_sum((dmft.MeanCouplings(EI),), (3, 2), np.random.SeedSequence(1), float)
    phi = np.arange(5.0)[:, None]
    rates = np.array([1.0, 3.5])
    drive = np.array(EI) @ rates
    np.testing.assert_allclose(operator.apply(phi)[:, 0], np.repeat(drive, (3, 2)))


@pytest.mark.parametrize(("make", "name"), [
    (lambda: dmft.PopulationNetwork([[1.0, 2.0]], 0.5), "mean"),
    (lambda: dmft.PopulationNetwork(EI, [[1.0]]), "g"),
    (lambda: dmft.PopulationNetwork(EI, 0.5, phi=[dmft.tanh]), "phi"),
    (lambda: dmft.PopulationNetwork(EI, 0.5, share=[1.0, 0.0]), "share"),
    (lambda: dmft.PopulationNetwork(EI, 0.5, phi=(dmft.tanh,) * 3), "phi"),
    (lambda: dmft.PopulationNetwork(EI, 0.5, unit=(dmft.Leaky(), dmft.Map(0.5))), "unit"),
    (lambda: dmft.PopulationNetwork(EI, 0.5, noise=[-1.0, 0.0]), "noise"),
    (lambda: dmft.PopulationNetwork(EI, 0.5, bias=[1e-60, 0.0]), "bias"),
    (lambda: dmft.jacobian_spectrum(dmft.PopulationNetwork(EI, 0.5)), "ensembles"),
    (lambda: dmft.solve(dmft.PopulationNetwork(EI, 0.5, input=np.sin)), "input"),
    (lambda: validation.simulate(dmft.PopulationNetwork(EI, 0.5, input=np.sin), 20, 2), "input"),
    (lambda: validation.simulate(dmft.RandomNetwork(2.0), 20, 2, mean=0.5), "mean"),
    (lambda: dmft.solve(dmft.PopulationNetwork(EI, 0.5, reciprocity=0.3)), "ensembles"),
    (lambda: dmft.PopulationNetwork(EI, 0.5, reciprocity=[[0.0, 0.3], [0.2, 0.0]]), "reciprocity"),
    (lambda: dmft.PopulationNetwork(EI, 0.5, input=lambda t: [1.0, 2.0, 3.0]), "input"),
    (lambda: dmft.PopulationNetwork(EI, 0.5, input=lambda t: 1 / 0), "input"),
    (lambda: dmft.PopulationNetwork(EI, 0.5, k=[1.0, 2.0]), "k"),
    (lambda: validation.lyapunov_exponent(dmft.PopulationNetwork(
        EI, 0.5, noise=[0.1, 0.2]), 20, 2), "network"),
    (lambda: dmft.solve(dmft.Network((dmft.MeanCouplings(EI), dmft.Hebbian(1.0, 2.5)))),
     "ensembles"),
])
def test_what_is_refused(make, name):
    with pytest.raises(ModelError, match=rf"^{name}="):
        make()


@pytest.mark.slow
def test_populations_with_disorder_that_were_simulated_elsewhere():
    """Rates .179(8)/.090(5) and variances 5.01(4)/5.27(9) of networks."""
    import sympy

    x = sympy.Symbol("x", real=True)
    phi = dmft.Nonlinearity.from_sympy(sympy.tanh(x - sympy.Rational(3, 10)))
    states = dmft.solve(dmft.PopulationNetwork(EI, [[2.2, 1.8], [1.5, 2.5]], phi=phi,
                                               input=[0.8, 0.4])).stable
    assert len(states) == 1
    np.testing.assert_allclose(states[0].rates, [0.172, 0.092], atol=1e-3)
    np.testing.assert_allclose(states[0].variance, [4.99, 5.25], atol=5e-3)


@pytest.mark.slow
def test_populations_agree_with_finite_networks():
    """Different phi, units, noise and sizes; the means 10 % stronger are rejected."""
    def network(factor):
        return dmft.PopulationNetwork(factor * np.array(EI), [[0.8, 0.6], [0.5, 0.9]],
                                      phi=(dmft.erf, dmft.tanh), share=[0.8, 0.2],
                                      unit=(dmft.Leaky(), dmft.Adaptation(1.0, 4.0)),
                                      input=[0.8, 0.4], noise=[0.5, 0.3], bias=0.2)

    runs = validation.simulate(network(1.0), neurons=(200, 800), networks=40, trials=2, rng=1,
                               duration=15.0, burn_in=25.0)
    states = dmft.solve(network(1.0))
    for quantity in ("rates", None):
        verdict = validation.compare(states, runs, quantity=quantity)
        assert verdict.p_value > 1e-3, verdict
    control = validation.compare(dmft.solve(network(1.1)), runs)
    assert control.disagrees, control


@pytest.mark.slow
def test_networks_started_at_one_of_two_states_stay_there():
    network = dmft.PopulationNetwork([[2.0]], 0.5, noise=0.2)
    states = dmft.solve(network).stable
    assert len(states) == 2
    for state in states:
        runs = validation.simulate(network, neurons=400, networks=8, trials=2, duration=10.0,
                                   rng=2, mean=state.means, variance=state.variance)
        assert validation.compare(dmft.solve(network), runs, quantity="rates").p_value > 1e-3


def test_a_mean_that_vanishes_in_theory_has_a_resolution_relative_to_its_scale():
    """It has no factor; the resolution of the rate is that of its error over sqrt(C_phi(0))."""
    network = dmft.PopulationNetwork(mean=[[0.5]], g=0.8, noise=0.5)
    runs = validation.simulate(network, 100, 8, trials=2, duration=5.0, burn_in=5.0, rng=1)
    verdict = validation.compare(dmft.solve(network)[0], runs)
    at = [what for what, _ in verdict.tests].index("rates[0]")
    assert verdict.theory[at] == pytest.approx(0.0, abs=1e-9)
    assert verdict.by_quantity["rates"] == verdict.resolutions[at] < 1.0
    assert "times as many networks" in str(verdict)

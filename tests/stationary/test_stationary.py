"""The stationary solution compared with exact results, and its failures."""

import warnings

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import dmft
from dmft.averages.gaussian_averages import mean_square
from dmft.base.errors import ModelError, ResolutionWarning
from dmft.equations import transfer
from dmft.equations.stationary import small_variance
from dmft.stationary.first_integral import orbit
from dmft.stationary.gaussian_problem import GaussianProblem, gaussian_problem
from dmft.stationary.self_consistent_map import SelfConsistentMap
from dmft.stationary.stationary_variance import stationary_variance
from dmft.stationary.variance_bound import variance_bound
from tests.gaussian_average import gaussian_average


def random(g, phi="tanh", **options):
    return dmft.RandomNetwork(g=g, phi=getattr(dmft, phi), **options)


@pytest.mark.parametrize("g", [1.05, 2.0, 20.0])
@pytest.mark.parametrize("phi", ["erf", "tanh"])
def test_the_first_integral_in_terms_of_the_primitive_of_phi(phi, g):
    """Delta0^2/2 = g^2 (<Phi^2> - <Phi>^2), Phi the primitive of phi: it needs no covariance."""
    total = float(dmft.solve(random(g, phi)).C_x[0])
    primitive = getattr(transfer, f"{phi}_primitive")
    variance = (gaussian_average(lambda x: primitive(x) ** 2, total)
                - gaussian_average(primitive, total) ** 2)
    assert g**2 * variance == pytest.approx(total**2 / 2, rel=2e-11)


@pytest.mark.parametrize("g", [1.01, 2.0, 10.0])
def test_the_orbit_satisfies_its_equation_of_motion(g):
    """Delta'' = Delta - g^2 C(Delta), by second differences of the orbit in lag."""
    problem = gaussian_problem(random(g))
    variance = stationary_variance(problem)
    path = orbit(problem, variance)
    x, h = np.array([0.3, 1.0, 3.0]) / path.rate, 1e-3 / path.rate
    second = (path.Delta(x + h) - 2 * path.Delta(x) + path.Delta(x - h)) / h**2
    force = problem.force(path.Delta(x), variance.averages)
    np.testing.assert_allclose(second, force, rtol=2e-5, atol=1e-9)


@pytest.mark.parametrize("network", [
    random(1.5, "erf"), random(2.0), random(3.0, "erf"), random(5.0),
    random(2.0, "erf", noise=1.0), random(0.5, noise=0.3), random(2.0, bias=0.5),
    random(3.0, "erf", noise=0.4, bias=0.5), random(1.2, "relu", noise=0.5)], ids=repr)
def test_iteration_and_first_integral_agree(network):
    exact = dmft.solve(network, method="energy")
    iterated = dmft.solve(network, method="fourier", tol=1e-11, lags=exact.lags)
    scale = float(exact.C_x[0])
    digits = 1e-8 if network.phi is dmft.relu else 1e-9  # the correlation of relu has a corner
    assert np.max(np.abs(exact.C_x.value - iterated.C_x.value)) < digits * scale
    assert abs(float(exact.C_x_static) - float(iterated.C_x_static)) < 10 * digits * scale
    names = {check.name for check in iterated.convergence.checks}
    assert {"first integral", "decay", "nyquist", "spectrum"} <= names


def test_quiescent_below_and_chaotic_above_the_transition():
    for g, branch in [(0.0, "quiescent"), (0.5, "quiescent"), (1.0, "quiescent"),
                      (1.0 + 1e-4, "chaotic"), (1.3, "chaotic")]:
        assert dmft.solve(random(g)).branch == branch
    with pytest.warns(ResolutionWarning, match="rounding"):
        assert dmft.solve(random(1.0 + 1e-6)).branch == "chaotic"
    # the transition is at g phi'(0) = 1 for any slope
    x = sympy.Symbol("x", real=True)
    steep = dmft.Nonlinearity.from_sympy(sympy.tanh(2 * x))
    assert dmft.solve(dmft.RandomNetwork(0.49, steep)).branch == "quiescent"
    assert dmft.solve(dmft.RandomNetwork(0.51, steep)).branch == "chaotic"


@pytest.mark.parametrize(("phi", "curvature"), [("tanh", 1.0), ("erf", np.pi / 4)])
def test_variance_just_above_the_transition(phi, curvature):
    """Delta0 = (g-1)/curvature + O((g-1)^2), for phi = x - curvature x^3/3 + ..."""
    for eps in (1e-3, 1e-4):
        total = float(dmft.solve(random(1 + eps, phi)).C_x[0])
        assert total == pytest.approx(small_variance(1 + eps, curvature), rel=3 * eps)
        assert total == pytest.approx(eps / curvature, rel=3 * eps)


def test_relu_static_part():
    """Without noise relu with a bias has a static solution: Delta = bias^2 / (1 - g^2/2)."""
    solution = dmft.solve(random(1.2, "relu", bias=0.7))
    assert solution.branch == "static"
    assert float(solution.C_x[0]) == pytest.approx(0.49 / (1 - 0.72), rel=1e-12)
    driven = dmft.solve(random(1.2, "relu", noise=0.5))
    total, static = float(driven.C_x[0]), float(driven.C_x_static)
    assert 0 < static < total  # the positive mean of phi causes an input that does not decay
    # at infinite lag Delta_inf = g^2 <phi(x) phi(y)>, the arc-cosine kernel at that covariance
    angle = np.arccos(static / total)
    law = total / (2 * np.pi) * (np.sin(angle) + (np.pi - angle) * np.cos(angle))
    assert static == pytest.approx(1.44 * law, rel=1e-11)
    assert float(driven.C_phi_static) == pytest.approx(law, rel=1e-11)


@pytest.mark.parametrize(("network", "field"), [
    (random(1.5, "relu", noise=0.5), "g=1.5"), (random(1.0, "linear", noise=0.1), "g=1"),
    (random(2.0, "linear"), "g=2")], ids=repr)
def test_a_variance_that_diverges_is_an_error(network, field):
    with pytest.raises(ModelError, match="without bound") as caught:
        dmft.solve(network)
    assert field in str(caught.value)


def test_a_bias_suppresses_chaos():
    """A bias raises the threshold: chaotic at bias .5, g = 2; static at bias 2, g = 1.6."""
    chaotic, static = dmft.solve(random(2.0, bias=0.5)), dmft.solve(random(1.6, bias=2.0))
    assert chaotic.branch == "chaotic"
    assert 0 < float(chaotic.C_x_static) < float(chaotic.C_x[0])
    assert static.branch == "static"


@pytest.mark.parametrize("network", [
    random(2.0, "erf"), random(2.0), random(0.8, "linear", noise=0.5),
    random(1.0, "relu", noise=0.5), random(2.0, "erf", noise=0.4, bias=0.5)], ids=repr)
def test_the_response_satisfies_stein_s_lemma(network):
    """<phi(x) x> = <phi'> <x x> by quadrature of phi alone; the response decays as exp(-tau)."""
    solution = dmft.solve(network)
    total, gain = float(solution.C_x[0]), float(solution.gain)
    correlation = gaussian_average(lambda x: x * network.phi(x), total)
    exact = 1e-5 if network.phi is dmft.relu else 1e-10  # the kink slows the quadrature
    assert gain == pytest.approx(correlation / total, rel=exact)
    np.testing.assert_allclose(solution.R_phi, gain * np.exp(-solution.lags.tau), rtol=1e-12)
    assert float(solution.R_phi[0]) == pytest.approx(gain)


SUBCRITICAL = dmft.Nonlinearity.from_sympy(sympy.tanh(sympy.Symbol("x", real=True) ** 3))


def test_a_narrow_window_of_static_solutions_is_found():
    """Just above the fold the solutions are closer together than the nodes of the search."""
    variances = np.geomspace(0.05, 5, 4001)
    fold = min(v / mean_square(SUBCRITICAL, v) for v in variances)
    assert variance_bound(GaussianProblem(SUBCRITICAL, 0.9995 * fold)).variance == 0
    for above in (1.00002, 1.0001, 1.0005, 1.002, 1.01):
        bound = variance_bound(GaussianProblem(SUBCRITICAL, above * fold)).variance
        assert bound > 0.5, above
        assert bound == pytest.approx(above * fold * mean_square(SUBCRITICAL, bound), rel=1e-12)


@pytest.mark.parametrize("growing", ["x - x**3", "sinh(x)"])
def test_a_phi_that_grows_faster_than_x_is_quiescent_without_input(growing):
    x = sympy.Symbol("x", real=True)
    phi = dmft.Nonlinearity.from_sympy({"x - x**3": x - x**3, "sinh(x)": sympy.sinh(x)}[growing])
    assert dmft.solve(dmft.RandomNetwork(0.7, phi)).branch == "quiescent"
    with pytest.raises(ModelError, match="without bound"):
        dmft.solve(dmft.RandomNetwork(0.7, phi, noise=1.0))


@pytest.mark.parametrize("g", [150.0, 300.0])
def test_very_large_coupling(g):
    """Both forms of the first integral, where erf is close to the sign function."""
    solution = dmft.solve(random(g, "erf"))
    total = float(solution.C_x[0])
    primitive = gaussian_average(lambda x: transfer.erf_primitive(x) ** 2, total)
    mean = gaussian_average(transfer.erf_primitive, total)
    assert g**2 * (primitive - mean**2) == pytest.approx(total**2 / 2, rel=1e-7)


def test_window_grows_towards_the_transition():
    near, far = dmft.solve(random(1.01)), dmft.solve(random(2.0))
    assert near.lags.span > 20 * far.lags.span
    for solution in (near, far):
        assert abs(float(solution.C_x[-1])) < 1e-9 * float(solution.C_x[0])


@given(g=st.floats(1.02, 8.0), noise=st.sampled_from([0.0, 0.3, 1.0]),
       bias=st.sampled_from([0.0, 0.4]))
def test_every_solution_satisfies_its_equation(g, noise, bias):
    """Substituted back into the map on a grid, no residual remains; the correlation decays."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        solution = dmft.solve(random(g, "erf", noise=noise, bias=bias))
    assert solution.convergence.residual < (1e-9 if noise == 0 else 1e-6)
    C = solution.C_x.value - float(solution.C_x_static)
    assert np.all(np.diff(C) <= 1e-12 * C[0])  # decays monotonically without memory
    assert 0 <= float(solution.C_phi[0]) <= 1


@pytest.mark.parametrize("size", [0.02, 0.4])
def test_the_depth_of_a_negative_spectrum_with_white_noise(size):
    """White noise has the power 2 noise^2/(1 + omega^2); the other part is negative near 3."""
    noise, lags = 0.8, dmft.Lags(span=40.0, dt=0.05)
    state = (noise**2 * np.exp(-lags.tau)
             - size * np.exp(-lags.tau**2 / 2) * np.cos(3 * lags.tau))
    bumps = np.exp(-(lags.omega - 3)**2 / 2) + np.exp(-(lags.omega + 3)**2 / 2)
    power = 2 * noise**2 / (1 + lags.omega**2) - size * np.sqrt(np.pi / 2) * bumps
    depth = max(0.0, -power.min() / power.max())
    found = SelfConsistentMap(random(0.0, noise=noise), lags).negative_spectrum(np.append(state, 0))
    assert found == pytest.approx(depth, abs=1e-9)
    assert (depth > 0) == (size > 0.1)

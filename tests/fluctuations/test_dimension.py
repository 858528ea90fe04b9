"""The dimension of activity: published constants, a second quadrature, identities, refusals."""

from dataclasses import replace

import numpy as np
import pytest

import dmft
from dmft.base.errors import ModelError
from dmft.stationary.first_integral import orbit
from dmft.stationary.gaussian_problem import gaussian_problem
from dmft.stationary.stationary_variance import stationary_variance
from tests.solvable import BY_NAME

FLAT = dmft.Spectrum.flat


def modes(g, rank, **fields):
    return dmft.RandomModeNetwork(FLAT(g, rank), phi=dmft.erf, **fields)


def second_quadrature(network, rank=np.inf):
    """PR_phi/N and PR_x/N by Gauss-Legendre panels in tau and in w, from closed forms."""
    problem = gaussian_problem(network)
    variance = stationary_variance(problem)
    path, averages, sigma = orbit(problem, variance), variance.averages, network.noise
    x, weights = np.polynomial.legendre.leggauss(20)

    def panels(edges):
        half = np.diff(edges) / 2
        return ((edges[1:] + edges[:-1])[:, None] / 2 + half[:, None] * x).ravel(), (
            half[:, None] * weights).ravel()

    tau, d_tau = panels(np.linspace(0, 36 / path.rate, 301))
    top = 60.0 if sigma else 14.0
    w, dw = panels(np.sinh(np.linspace(0, np.arcsinh(top / 0.05), 16)) * 0.05)
    C = 2 * np.cos(np.outer(w, tau)) @ (d_tau * averages.correlation(path.Delta(tau)))
    H, s = 1 / (1 + 1j * w), averages.mean_slope
    g2 = problem.gain
    Delta = np.abs(H) ** 2 * (g2 * C + 2 * sigma**2)
    total_phi = total_x = 0.0
    for H2 in (H, np.conj(H)):
        c = g2 * s**2 * np.outer(H, np.conj(H2))
        away = np.abs(1 - c) ** 2
        phi = np.outer(C, C) * (1 + np.abs(c) ** 2 / rank) / away
        both = np.outer(np.abs(H) ** 2 * C, np.abs(H) ** 2 * C)
        of_x = (np.outer(Delta, Delta) * (1 - np.abs(c) ** 2)
                + both * g2**2 * (1 + 1 / rank)) / away
        # Without the known terms i = j, the integrand decays fast even with white noise.
        total_phi += 2 * dw @ (phi - np.outer(C, C)) @ dw / (2 * np.pi) ** 2
        total_x += 2 * dw @ (of_x - np.outer(Delta, Delta)) @ dw / (2 * np.pi) ** 2
    C0 = float(averages.correlation(variance.total))
    return C0**2 / (C0**2 + total_phi), variance.total**2 / (variance.total**2 + total_x)


@pytest.mark.parametrize(("network", "rank"), [
    (dmft.RandomNetwork(1.5, dmft.erf), np.inf), (dmft.RandomNetwork(3.0, dmft.erf), np.inf),
    (dmft.RandomNetwork(2.0, dmft.tanh), np.inf), (modes(3.0, 0.5), 0.5)],
    ids=lambda v: str(v)[:50])
def test_two_quadratures_agree(network, rank):
    solution = dmft.solve(network)
    ours = [float(dmft.dimension(solution, of, tol=1e-10)) for of in ("phi", "x")]
    np.testing.assert_allclose(ours, second_quadrature(network, rank), rtol=2e-8)


def test_white_noise_constants_and_their_second_quadrature():
    """With noise, spectra decay as w^-2: the cutoff of the other quadrature at 60 costs 1e-6."""
    for network, rank, name in ((dmft.RandomNetwork(2.0, dmft.erf, noise=1.0), np.inf,
                                   "erf 2, noise 1"),
                                  (modes(3.0, 0.5, noise=1.5), 0.5, "modes 3, 1/2, noise 1.5")):
        solution = dmft.solve(network)
        ours = [float(dmft.dimension(solution, of, tol=1e-8)) for of in ("phi", "x")]
        known = [BY_NAME[name].value(of) for of in ("PR_phi", "PR_x")]
        np.testing.assert_allclose(ours, known, atol=1.1e-8)
        other = second_quadrature(network, rank)
        np.testing.assert_allclose(ours, other, rtol=3e-6)


def test_only_g_eff_and_effective_rank_matter():
    """Two spectra with equal <D^2> and <D^4>: one solution of single neurons, one dimension."""
    exponential = dmft.Spectrum.exponential(3.0, beta=4.0)
    rank = exponential.effective_rank
    spectra = (exponential, FLAT(3.0, rank), dmft.Spectrum.power_law(3.0, 0.0, rank))
    solutions = [dmft.solve(dmft.RandomModeNetwork(one, phi=dmft.erf)) for one in spectra]
    for solution in solutions[1:]:
        np.testing.assert_allclose(solution.C_x.value, solutions[0].C_x.value, atol=1e-11)
        assert float(dmft.dimension(solution)) == pytest.approx(
            float(dmft.dimension(solutions[0])), rel=1e-9)
    plain = dmft.solve(dmft.RandomNetwork(3.0, dmft.erf))
    np.testing.assert_allclose(plain.C_x.value, solutions[0].C_x.value, atol=1e-11)
    assert float(dmft.dimension(plain)) > 2 * float(dmft.dimension(solutions[0]))


def test_many_weak_modes_are_independent_couplings():
    weak = dmft.solve(dmft.RandomModeNetwork(FLAT(2.0, 1e7), phi=dmft.erf))
    plain = dmft.solve(dmft.RandomNetwork(2.0, dmft.erf))
    for of in ("phi", "x"):
        assert float(dmft.dimension(weak, of)) == pytest.approx(
            float(dmft.dimension(plain, of)), rel=1e-6)


def test_refining_the_lags_changes_nothing():
    network = dmft.RandomNetwork(2.0, dmft.erf, noise=0.5)
    values = [float(dmft.dimension(dmft.solve(network, lags=lags)))
              for lags in (dmft.Lags(80, 0.02), dmft.Lags(160, 0.02), dmft.Lags(80, 0.01))]
    np.testing.assert_allclose(values, values[0], rtol=2e-7)


@pytest.mark.parametrize("network", [
    dmft.RandomNetwork(1.2, dmft.erf), dmft.RandomNetwork(5.0, dmft.erf), modes(2.0, 0.1),
    modes(2.0, 0.5, noise=0.3), dmft.RandomNetwork(0.5, dmft.tanh, noise=1.0)], ids=repr)
def test_the_reported_error_bounds_the_actual_error(network):
    solution = dmft.solve(network)
    for of in ("phi", "x"):
        exact = float(dmft.dimension(solution, of, tol=1e-11))
        for tol in (1e-2, 1e-3, 1e-4):
            found = dmft.dimension(solution, of, tol=tol)
            assert abs(float(found) / exact - 1) <= found.error + 1e-10
            assert found.error <= tol


def test_close_to_the_transition_the_dimension_vanishes():
    values = [float(dmft.dimension(dmft.solve(dmft.RandomNetwork(1 + gap, dmft.erf))))
              for gap in (0.02, 0.04, 0.08)]
    orders = np.diff(np.log(values)) / np.log(2)
    assert np.all(np.abs(orders - 3) < 0.4)  # as the cube of the distance


@pytest.mark.parametrize(("network", "word"), [
    (dmft.RandomNetwork(0.8, dmft.erf), "quiescent"),
    (dmft.RandomNetwork(2.0, dmft.erf, bias=0.5), "static part"),
    (dmft.RandomNetwork(1.2, dmft.relu, noise=0.3), "static part")])
def test_quiescent_and_static_solutions_are_refused(network, word):
    with pytest.raises(ModelError, match=word):
        dmft.dimension(dmft.solve(network))


def test_a_window_shorter_than_the_correlation_is_refused():
    with pytest.warns(dmft.ResolutionWarning):
        solution = dmft.solve(dmft.RandomNetwork(2.0), lags=dmft.Lags(10.0, 0.1))
    with pytest.raises(ModelError, match=r"lags.*longer span"):
        dmft.dimension(solution)


def test_ensembles_without_second_derivatives_are_refused():
    solution = dmft.solve(dmft.RandomNetwork(2.0, dmft.erf))

    class WithoutHessian:
        noise_gain, has_memory = 4.0, False

        def noise(self, order):
            return 4.0 * order.C_spectrum, 4.0 * order.C_static

        def memory(self, order):
            return np.zeros_like(order.S)

    without = replace(solution, network=dmft.Network((WithoutHessian(),), dmft.erf))
    with pytest.raises(ModelError, match="second derivatives"):
        dmft.dimension(without)

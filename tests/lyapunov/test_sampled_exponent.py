"""Lyapunov exponents from sampled paths: limits without memory, memory kernels, networks."""

import numpy as np
import pytest

import dmft
from dmft import validation
from dmft.base.errors import ModelError
from dmft.ensembles.properties import tangent_memory
from dmft.equations import linear_response, plasticity
from dmft.grids.order_parameters import OrderParameters
from dmft.lyapunov import sampled_exponent as sampled
from dmft.lyapunov.path_tangent import Tangents
from dmft.lyapunov.sampled_exponent import sampled_exponent
from dmft.paths.gaussian_paths import amplitude, unit_noise
from dmft.sampled.redrawn_paths import over_groups
from tests.solvable import BY_NAME


@pytest.mark.filterwarnings("ignore::dmft.ResolutionWarning")
@pytest.mark.parametrize(("g", "phi"), [
    (2.0, dmft.tanh), (1.5, dmft.erf), pytest.param(5.0, dmft.tanh, marks=pytest.mark.slow)])
def test_without_memory_it_is_the_schroedinger_problem(g, phi):
    """The control variate is exact there: only errors of window, step and iteration remain."""
    solution = dmft.solve(dmft.RandomNetwork(g, phi))
    sampled = sampled_exponent(solution, 1e-3, 0)
    assert float(sampled) == pytest.approx(float(dmft.lyapunov_exponent(solution)), abs=2e-5)


@pytest.mark.slow
def test_with_white_noise_it_is_the_schroedinger_problem():
    solution = dmft.solve(dmft.RandomNetwork(3.0, noise=1.0))
    sampled = sampled_exponent(solution, 1e-3, 0)
    assert float(sampled) == pytest.approx(float(dmft.lyapunov_exponent(solution)), abs=5e-4)


@pytest.mark.parametrize("k", [1e-3, -1e-3])
def test_weak_plasticity_tends_to_the_schroedinger_problem(k):
    found = dmft.lyapunov_exponent(dmft.solve(dmft.PlasticNetwork(2.0, k, 2.5)))
    exact = float(dmft.lyapunov_exponent(dmft.solve(dmft.RandomNetwork(2.0))))
    assert float(found) == pytest.approx(exact, abs=2e-4)
    assert found.stderr > 0


@pytest.mark.slow
def test_the_memory_of_perturbations_makes_them_grow():
    """k=1: .1257(21) from paths integrated in time, .1243(20) in networks of N=4000."""
    found = dmft.lyapunov_exponent(dmft.solve(dmft.PlasticNetwork(2.0, 1.0, 2.5)))
    error = float(found.stderr)
    assert 0 < error < 2.1e-3
    known = BY_NAME["plastic 2, 1"].known["exponent"]
    assert abs(float(found) - known.value) < 3 * np.hypot(error, known.stderr)
    assert float(found) > BY_NAME["tanh 2"].value("exponent") + 3 * error  # of k=0, exactly known


@pytest.mark.parametrize(("k", "p", "rate"), [(1.3, 2.5, 0.2), (-2.0, 0.7, -0.5)])
def test_the_memory_of_a_perturbation(k, p, rate):
    """int (k/p) exp(-(rate + 1/p + i omega) tau) C(tau) dtau over positive lags."""
    lags = dmft.Lags(40.0, 0.1)
    C = 0.5 * np.exp(-lags.tau**2 / 8)
    order = OrderParameters(lags, C, 0.0, np.zeros(len(lags)))
    fine = np.linspace(0, 40, 40001)
    kernel = plasticity.tangent_memory(fine, rate, k, p, 0.5 * np.exp(-fine**2 / 8))
    memory = dmft.Hebbian(k, p).tangent_memory(order, rate)
    for at in (0, 9, 60):
        exact = np.trapezoid(kernel * np.exp(-1j * lags.omega[at] * fine), fine)
        assert abs(memory[at] - exact) < 1e-5


def test_the_memory_of_a_perturbation_with_reciprocity():
    """R = exp(-tau) (1 + tau): S at omega - i rate."""
    lags, rate = dmft.Lags(40.0, 0.2), 0.3
    one = dmft.IID(2.0, 0.4)

    def S(omega):
        return 1 / (1 + 1j * omega) + 1 / (1 + 1j * omega) ** 2

    order = OrderParameters(lags, np.zeros(len(lags)), 0.0, S(lags.omega))
    grown = one.tangent_memory(order, rate)[:150]
    np.testing.assert_allclose(grown, 0.4 * 4 * S(lags.omega - 1j * rate)[:150], atol=3e-4)


def test_at_the_quiescent_state_units_decay():
    quiescent = dmft.solve(dmft.PlasticNetwork(0.6, 0.5, 2.5))
    assert quiescent.branch == "quiescent"
    assert float(dmft.lyapunov_exponent(quiescent)) == pytest.approx(-0.4, abs=1e-12)


@pytest.mark.parametrize(("ensembles", "noise", "exponent"), [
    ((dmft.Hebbian(0.6, 2.0),), 0.5, -0.5),  # the synapses' own, -1/p
    ((dmft.Hebbian(0.6, 2.0), dmft.IID(0.3)), 0.5, -0.5),
    ((dmft.Hebbian(0.6, 2.0), dmft.IID(0.3)), 0.0, -0.5),  # at rest too
    ((dmft.Hebbian(0.6, 0.5),), 0.5, -0.9133)])  # a unit with its memory; N = 100 has -.9115(5)
def test_the_exponent_is_at_least_the_rate_of_the_synapses(ensembles, noise, exponent):
    solution = dmft.solve(dmft.Network(ensembles, dmft.tanh, noise=noise), tol=5e-3)
    assert float(dmft.lyapunov_exponent(solution, tol=1e-2)) == pytest.approx(exponent, abs=5e-3)


def test_linear_units_with_plastic_couplings_are_rejected():
    network = dmft.Network((dmft.Hebbian(0.1, 2.0),), dmft.linear, noise=0.5)
    with pytest.raises(ModelError, match="linear units with plastic"):
        dmft.lyapunov_exponent(dmft.solve(network))


def test_quiescence_with_reciprocity_is_the_edge_of_the_spectrum():
    quiescent = dmft.solve(dmft.RandomNetwork(0.5, reciprocity=0.5))
    assert quiescent.branch == "quiescent"
    assert float(dmft.lyapunov_exponent(quiescent)) == pytest.approx(0.5 * 1.5 - 1, abs=1e-9)


@pytest.mark.slow
def test_perturbations_that_do_not_decay_in_the_lag_are_rejected():
    """Of nearly linear units: the edge is at -0.1, and a lag window changes it to -0.12."""
    solution = dmft.solve(dmft.RandomNetwork(0.6, noise=0.05, reciprocity=0.5))
    with pytest.raises(dmft.ConvergenceError, match="do not decay within the lag window"):
        dmft.lyapunov_exponent(solution)


def test_unknown_memory_of_perturbations_is_rejected():
    network = dmft.RandomModeNetwork(dmft.Spectrum.flat(4.0, 0.5), -0.2, phi=dmft.erf)
    solution = dmft.solve(network, tol=2e-2)
    with pytest.raises(ModelError, match="perturbations"):
        dmft.lyapunov_exponent(solution)
    order = OrderParameters(solution.lags, solution.C_phi.value, 0.0, solution.C_phi.value)
    with pytest.raises(ModelError, match="rate"):
        dmft.Hebbian(1.0, 2.5).tangent_memory(order, -0.5)
    with pytest.raises(ModelError, match="tol"):
        dmft.lyapunov_exponent(solution, tol=-1.0)


@pytest.mark.slow
@pytest.mark.parametrize("network", [
    dmft.PlasticNetwork(2.0, 1.0, 2.5), dmft.RandomNetwork(2.0, dmft.erf, reciprocity=0.3),
    dmft.RandomNetwork(2.0, dmft.erf, reciprocity=-0.3)], ids=repr)
def test_it_is_that_of_large_networks(network, monkeypatch):
    """Extrapolated in 1/N: 300 neurons give 2/3 of it at reciprocity 0.3, and about 0 at -0.3."""
    solution = dmft.solve(network)
    theory = dmft.lyapunov_exponent(solution, tol=3e-3)
    found = validation.lyapunov_exponent(network, (300, 1200), 16, trials=2, duration=100.0, rng=1)
    error = float(np.hypot(found.stderr, theory.stderr))
    assert error < 0.008
    assert abs(float(theory) - float(found)) < 4 * error, (theory, found)

    def without_memory(one, order, rate):
        return np.zeros(len(order.omega))

    monkeypatch.setattr(sampled, "tangent_memory", without_memory)
    without = dmft.lyapunov_exponent(solution, tol=2e-2)
    assert abs(float(without) - float(found)) > 6 * error, (without, found)


def test_perturbations_obey_their_equation_of_motion():
    """y = v + H K phi' y, frequency by frequency, with the memory at the rate of growth."""
    network, rate, off = dmft.PlasticNetwork(2.0, -1.0, 2.5), 0.09, []

    def record(sets):
        order = sets[0].statistics.order_parameters(0.0)
        H = linear_response.lowpass(order.omega - 1j * rate)[None]
        K = np.sum([tangent_memory(one, order, rate) for one in network.ensembles], axis=0)[None]
        count = sum(one.z.shape[1] for one in sets)
        z = unit_noise(np.random.default_rng(1), count, order.lags).astype(np.complex64)
        tangents = Tangents(network, sets[:1], z[:, :sets[0].z.shape[1]])
        for _ in range(8):
            d = tangents.d[0]
            growth = tangents.sweep(4.0, H, K)[0][0]
        w = tangents.through * np.exp(growth / 2)
        v = (amplitude(order.lags) * np.abs(H[0]) * np.sqrt(
            4.0 * np.maximum(order.lags.spectrum(d), 0)))[:, None] * tangents.z
        y = np.fft.irfft(v + (H * K)[0][:, None] * w, axis=0)
        again = np.fft.rfft(tangents.slopes * y, axis=0)
        off.append(np.max(np.abs(again - w)[:-1]) / np.max(np.abs(w)))
        return np.zeros(len(sets))

    over_groups(dmft.solve(network, tol=1e-2), record, 8, 0)
    assert max(off) < 3e-3


@pytest.mark.parametrize("tol", [0.0, -1.0, np.nan, "x"])
def test_a_tolerance_is_checked_also_where_none_is_needed(tol):
    with pytest.raises(ModelError, match="tol="):
        dmft.lyapunov_exponent(dmft.solve(dmft.RandomNetwork(2.0)), tol=tol)

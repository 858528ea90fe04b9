"""Sampled solutions compared with exact ones, the parts of the solver, and its failures.

`solve_single_site` is also called on networks without memory, whose solution is known exactly.
"""

import warnings

import numpy as np
import pytest
from scipy import special

import dmft
from dmft.base import allocation
from dmft.base.errors import ConvergenceError, ModelError
from dmft.network.network import Network
from dmft.path_iteration.unknowns import STATIC_WEIGHTS
from dmft.paths import gaussian_paths
from dmft.paths.response_fit import ResponseBasis
from dmft.paths.window import lag_window, memory_time
from dmft.sampled.quiescent_state import amplification, quiescence_is_stable, quiescent_response
from dmft.sampled.sampled_solve import solve_single_site
from tests.solvable import BY_NAME

LAGS = dmft.Lags(40.0, 0.2)
RECIPROCAL = dmft.RandomNetwork(2.0, dmft.erf, reciprocity=0.3)


def solved(network, lags=None, tol=2e-3, rng=0, initial=None, callback=None, max_iter=1000):
    return solve_single_site(network, lags, tol, max_iter, initial, rng, callback)


def linear_response_in_time(tau, square):
    """Inverse of S = (z - sqrt(z^2 - 4 q)) / (2 q), z = 1 + i omega: z S = 1 + q S^2."""
    root = 2 * np.sqrt(complex(square)) * np.maximum(tau, 1e-12)
    return np.exp(-tau) * (2 * special.iv(1, root) / root).real


def linear_correlation(tau, g, r, noise):
    """C = 2 noise^2 abs(S)^2 / (1 - g^2 abs(S)^2), its corner in closed form, by quadrature."""
    theta = (np.arange(4000) + 0.5) * (np.pi / 2 / 4000)
    omega = np.tan(theta)
    z, q = 1 + 1j * omega, r * g**2
    S = 2 / (z + np.sqrt(z**2 - 4 * q))
    C = 2 * noise**2 * (abs(S) ** 2 / (1 - g**2 * abs(S) ** 2) - 1 / (1 + omega**2))
    smooth = np.cos(np.outer(tau, omega)) @ (C / np.cos(theta) ** 2) / len(theta) / 2
    return smooth + noise**2 * np.exp(-tau)


def test_the_response_of_the_linear_network_solves_its_equation():
    """z S = 1 + r g^2 S^2, the reference of the tests below, at one frequency by quadrature."""
    tau, q, omega = np.linspace(0, 60, 60001), -0.3, 0.7
    R = linear_response_in_time(tau, q)
    S = np.trapezoid(R * np.exp(-1j * omega * tau), tau)
    assert abs((1 + 1j * omega) * S - 1 - q * S**2) < 1e-6


@pytest.mark.filterwarnings("ignore::dmft.ResolutionWarning")
@pytest.mark.parametrize("network", [
    dmft.RandomNetwork(2.0, dmft.erf), dmft.RandomNetwork(2.0, dmft.tanh, noise=1.0),
    dmft.RandomNetwork(2.0, dmft.erf, bias=0.5), dmft.RandomNetwork(1.2, dmft.relu, noise=0.5),
], ids=repr)
def test_without_memory_it_is_the_gaussian_solution(network):
    """The control variate is exact there: only errors of grid and iteration remain."""
    found = solved(network)
    assert found.convergence.success
    assert all(c.passed for c in found.convergence.checks), found.convergence
    exact = dmft.solve(network, lags=found.lags)  # warns: the window is short
    assert found.branch == exact.branch
    scale = float(exact.C_x[0])
    np.testing.assert_allclose(found.C_x, exact.C_x, atol=5e-4 * scale)
    np.testing.assert_allclose(found.C_phi, exact.C_phi, atol=5e-4 * float(exact.C_phi[0]))
    np.testing.assert_allclose(found.R_phi, exact.R_phi, atol=3e-4)
    assert float(found.gain) == pytest.approx(float(exact.gain), abs=3e-4)
    assert float(found.C_phi_static) == pytest.approx(float(exact.C_phi_static), abs=3e-4)


@pytest.mark.parametrize("r", [0.4, -0.6])
def test_linear_units_with_reciprocity_in_closed_form(r):
    g, noise = 0.6, 0.8
    found = solved(dmft.RandomNetwork(g, dmft.linear, noise=noise, reciprocity=r))
    assert found.branch == "driven"
    assert all(c.passed for c in found.convergence.checks), found.convergence
    exact = linear_correlation(found.lags.tau[:80], g, r, noise)
    np.testing.assert_allclose(found.C_phi[:80], exact, atol=3e-4)
    np.testing.assert_allclose(found.C_x[:80], exact, atol=3e-4)
    np.testing.assert_allclose(
        found.R_phi, linear_response_in_time(found.lags.tau, r * g**2), atol=2e-4)


@pytest.mark.parametrize("r", [0.5, -0.5])
def test_quiescence_is_exact(r):
    found = solved(dmft.RandomNetwork(0.5, dmft.tanh, reciprocity=r))
    assert found.branch == "quiescent"
    assert float(found.C_x[0]) == 0
    assert all(c.passed for c in found.convergence.checks)
    np.testing.assert_allclose(
        found.R_phi, linear_response_in_time(found.lags.tau, r * 0.25), atol=5e-5)


def test_reciprocity():
    """Compared with a solve with 24000 paths, C(0) = .7118(1) and Delta(0) = 4.180(1).

    Simulations with N=500, 1000, 2000 extrapolate to .7123(7) and 4.187(13).
    """
    found = solved(RECIPROCAL)
    assert found.branch == "chaotic"
    assert found.convergence.method == "sampled"
    assert all(c.passed for c in found.convergence.checks), found.convergence
    assert float(found.C_phi[0].stderr) < 2e-3 * float(found.C_phi[0])
    assert float(found.C_phi[0]) == pytest.approx(
        BY_NAME["erf 2, reciprocity 0.3"].value("C"), abs=0.0030)
    assert float(found.C_x[0]) == pytest.approx(4.180, abs=0.035)


def test_replicates_are_around_the_estimate():
    found = solved(RECIPROCAL, dmft.Lags(60.0, 0.4))
    own = found.replicates
    assert len(own) == 32
    for name in ("C_x", "C_phi", "R_phi", "gain"):
        rows, value = getattr(own, name), getattr(found, name)
        assert not rows.flags.writeable
        np.testing.assert_allclose(rows.mean(axis=0), value, atol=1e-12)
        np.testing.assert_allclose(rows.std(axis=0, ddof=1) / np.sqrt(32), value.stderr, atol=1e-12)
    np.testing.assert_allclose(own.R_phi[:, 0], own.gain, atol=1e-5)


def test_the_same_seed_gives_the_same_result():
    lags = dmft.Lags(20.0, 0.4)
    first, second = (solved(RECIPROCAL, lags, 1e-2, rng) for rng in (5, np.random.SeedSequence(5)))
    other = solved(RECIPROCAL, lags, 1e-2, 6)
    np.testing.assert_array_equal(first.C_phi, second.C_phi)
    np.testing.assert_array_equal(first.replicates.R_phi, second.replicates.R_phi)
    assert float(other.C_phi[0]) != float(first.C_phi[0])


def test_it_is_saved_with_its_replicates(tmp_path):
    found = solved(dmft.RandomNetwork(1.5, dmft.erf, reciprocity=0.3), dmft.Lags(20.0, 0.4), 1e-2)
    dmft.save(found, tmp_path / "site.npz")
    again = dmft.load(tmp_path / "site.npz")
    np.testing.assert_array_equal(again.replicates.C_x, found.replicates.C_x)
    assert again.convergence == found.convergence


def test_a_smaller_tol_takes_more_paths():
    lags = dmft.Lags(25.0, 0.4)
    network = dmft.RandomNetwork(2.0, dmft.erf, reciprocity=0.3, noise=1.0)
    rough, fine = solved(network, lags, 1e-2), solved(network, lags, 2e-4)
    assert float(fine.C_phi[0].stderr) < 2e-4 * float(fine.C_phi[0])
    assert float(fine.C_phi[0].stderr) < float(rough.C_phi[0].stderr)
    assert rough.convergence.message.startswith("256 paths")
    assert not fine.convergence.message.startswith("256 paths")


def test_a_start_and_a_callback():
    calls = []
    lags = dmft.Lags(40.0, 0.4)
    first = solved(RECIPROCAL, lags, 1e-2)
    warm = solved(dmft.RandomNetwork(2.02, dmft.erf, reciprocity=0.3), lags, 1e-2, initial=first,
                  callback=lambda i, r, C: calls.append((i, r, C.shape)))
    assert warm.convergence.success
    assert float(warm.C_phi[0]) > float(first.C_phi[0])  # the same noise
    assert calls[0][0] == 1
    cold = []
    solved(dmft.RandomNetwork(2.02, dmft.erf, reciprocity=0.3), lags, 1e-2,
           callback=lambda i, r, C: cold.append(r))
    assert calls[0][1] < cold[0]
    assert calls[0][2] == (len(lags),)
    quiescent = solved(dmft.RandomNetwork(0.5, reciprocity=0.3))
    with pytest.raises(ModelError, match="no activity"):
        solved(RECIPROCAL, lags, initial=quiescent)


def test_a_bias_leaves_a_static_part():
    """Below the onset of chaos x is static, x = h + K(0) phi(x): compared with quadrature."""
    network = dmft.RandomNetwork(0.8, dmft.tanh, reciprocity=0.3, bias=0.5)
    found = solved(network)
    assert found.branch == "static"
    assert float(found.C_phi_static) == pytest.approx(float(found.C_phi[0]), rel=1e-9)
    z, weight = np.polynomial.hermite_e.hermegauss(80)
    weight = weight / weight.sum()
    C, S0 = 0.3, 0.7
    for _ in range(200):
        h, K = np.sqrt(0.64 * C + 0.25) * z, 0.3 * 0.64 * S0
        x = h
        for _ in range(100):
            x = h + K * np.tanh(x)
        slope = 1 - np.tanh(x) ** 2
        C, S0 = weight @ np.tanh(x) ** 2, weight @ (slope / (1 - K * slope))
    largest = found.convergence.error  # the sampling error of static activity is smaller
    assert float(found.C_phi[0]) == pytest.approx(C, rel=largest)
    assert float(found.C_x[0]) == pytest.approx(weight @ x**2, rel=largest)
    assert largest < 2e-3


# -- the parts ----------------------------------------------------------------------------------

def test_unit_noise_has_unit_power_and_shares_low_frequencies():
    coarse, fine = (gaussian_paths.unit_noise(np.random.default_rng(3), 20, dmft.Lags(10.0, dt))
                    for dt in (0.5, 0.25))
    assert np.mean(abs(coarse) ** 2) == pytest.approx(1, abs=4 / np.sqrt(20 * 21))
    np.testing.assert_array_equal(coarse[:-1], fine[:20])
    pair = np.mean(fine[1:-1] * fine[1:-1])  # circular: <z z> = 0
    assert abs(pair) < 4 / np.sqrt(20 * 39)


def test_the_causal_fit_recovers_a_response_from_noise():
    lags = dmft.Lags(40.0, 0.2)
    rng, omega = np.random.default_rng(1), lags.omega
    base = 1 / (1 - 0.3 / (1 + 1j * omega))
    true = base * (0.4 + 0.2 * 0.3 / (0.3 + 1j * omega))
    signal = 1 / (1 + omega**2) ** 2
    noise = 0.05 * (rng.normal(size=len(omega)) + 1j * rng.normal(size=len(omega))) * np.sqrt(0.5)
    cross = true * np.sqrt(signal) + noise * 0.3
    root = np.sqrt(signal)
    basis = ResponseBasis.around(base, lags, np.full(len(omega), 1e-3), signal)
    fitted = basis.transfer(0.4, basis.fit(cross, 0.4, root))
    raw = np.abs(cross / np.sqrt(signal) - true)[:40]
    assert np.max(abs(fitted - true)[:40]) < 0.05
    assert np.mean(abs(fitted - true)[:40]) < 0.5 * np.mean(raw)
    basis = ResponseBasis.around(base, lags, np.ones(len(omega)), signal)
    exact = basis.transfer(0.4, basis.fit(true * root, 0.4, root))
    np.testing.assert_allclose(exact, true, atol=2e-3)


def test_window_and_static_part():
    lags = dmft.Lags(40.0, 0.1)
    C = 0.2 + np.exp(-lags.tau / 2)
    assert memory_time(C, 0.2, lags) == pytest.approx(2 * np.log(10), abs=0.1)
    window = lag_window(lags, 4.0)
    assert np.all(window[lags.tau <= 12] == 1)
    assert np.all(window[lags.tau >= 18] == 0)
    static = STATIC_WEIGHTS @ lags.spectrum(C)[:4] / (2 * lags.span)
    assert static == pytest.approx(0.2, abs=1e-3)


# -- failures -----------------------------------------------------------------------------------

def test_a_short_window_is_detected():
    found = solved(RECIPROCAL, dmft.Lags(5.0, 0.2), 1e-2)
    failed = [c.name for c in found.convergence.checks if not c.passed]
    assert "decay" in failed or not found.convergence.success


def test_frozen_activity_is_reported():
    """Nearly symmetric couplings above their onset g (1 + r) = 1."""
    found = solved(dmft.RandomNetwork(0.6, dmft.erf, reciprocity=0.9))
    assert not found.convergence.success
    assert found.branch == "static"
    assert "frozen" in found.convergence.message


def test_a_coarse_step_is_detected():
    network = Network((dmft.Modes(dmft.Spectrum.flat(16.0, 0.5), -0.5),), dmft.erf)
    found = solved(network, dmft.Lags(24.0, 0.8), 5e-3, max_iter=40)
    failed = {c.name for c in found.convergence.checks if not c.passed}
    assert failed & {"step", "high frequencies"} or not found.convergence.success


def test_growth_without_bound_is_no_solution():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = solved(dmft.RandomNetwork(1.5, dmft.linear, noise=0.5, reciprocity=0.3),
                       dmft.Lags(20.0, 0.2), max_iter=300)
    assert not found.convergence.success
    assert "without bound" in found.convergence.message


def test_too_few_iterations_are_reported():
    found = solved(RECIPROCAL, dmft.Lags(20.0, 0.4), max_iter=3)
    assert not found.convergence.success
    assert "max_iter=3" in found.convergence.message


def test_too_large_a_solve_is_refused_before_memory_is_allocated(monkeypatch):
    monkeypatch.setattr(allocation, "available", lambda: 1e6)
    with pytest.raises(ModelError, match="GiB of memory"):
        solved(RECIPROCAL, dmft.Lags(40.0, 0.2))


@pytest.mark.parametrize("rng", [0, 1])
@pytest.mark.parametrize("bias", [0.0, 0.5])
def test_units_that_grow_without_bound_are_refused_from_every_seed(rng, bias):
    network = dmft.RandomNetwork(1.5, dmft.relu, reciprocity=0.9, bias=bias)
    with pytest.raises(ConvergenceError, match="give weaker couplings, or a phi that saturates"):
        dmft.solve(network, rng=rng)


def test_rest_without_a_response_is_unstable():
    """A symmetric part as strong as 4 g^2 r > 1 leaves no response, and g (1 + r) > 1."""
    for g, stable in ((0.52, True), (0.55, False)):
        assert quiescence_is_stable(dmft.RandomNetwork(g, reciprocity=0.9)) == stable


def test_a_corner_of_phi_at_zero_counts_for_the_stability_of_rest():
    """Without memory, rest of rectified units is stable up to g^2 <phi^2>/<x^2> = g^2/2 = 1."""
    lags = dmft.Lags(20.0, 0.2)
    for g, stable in ((1.40, True), (1.43, False)):
        network = dmft.RandomNetwork(g, dmft.relu, reciprocity=1e-9)
        assert quiescence_is_stable(network) == stable
        S, _ = quiescent_response(network, lags)
        assert amplification(network, lags, S) == pytest.approx(g**2 / 2, rel=1e-8)

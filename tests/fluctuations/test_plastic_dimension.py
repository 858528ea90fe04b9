"""Covariances of pairs in plastic networks: exact limits, spectra of x, and simulated networks."""

from functools import cache

import numpy as np
import pytest

import dmft
from dmft import Hebbian, validation
from dmft.base.errors import ModelError
from dmft.ensembles.causal_matrix import CausalMatrix
from dmft.equations import fluctuations
from dmft.fluctuations.site_spectra import noise_and_memory, site_spectra_at
from dmft.grids.lag_transforms import even_transform
from dmft.grids.order_parameters import Frequencies, OrderParameters

NOISY = dmft.PlasticNetwork(1.4, -3.0, 2.0, noise=0.4)
MODES = dmft.Network((dmft.Modes(dmft.Spectrum.flat(1.0, 0.5), 0.3), Hebbian(-3.0, 2.0)), noise=0.8)


@cache
def solution(network, tol=2e-3):
    return dmft.solve(network, tol=tol, rng=1)


def test_without_plasticity_it_is_that_of_independent_couplings():
    """Weak plasticity, where response and memory are sampled, changes it in proportion to k."""
    known = dmft.solve(dmft.RandomNetwork(2.0))
    static = dmft.solve(dmft.PlasticNetwork(2.0, 0.0, 2.5))
    weak = [solution(dmft.PlasticNetwork(2.0, k, 2.5)) for k in (1e-3, -1e-3)]
    for of in ("phi", "x"):
        exact = float(dmft.dimension(known, of))
        assert float(dmft.dimension(static, of)) == pytest.approx(exact, rel=1e-9)
        more, less = (float(dmft.dimension(one, of)) / exact - 1 for one in weak)
        assert -1e-3 < less < 0 < more < 1e-3


def test_units_that_only_synapses_couple_are_independent():
    alone = solution(dmft.Network((Hebbian(-0.6, 2.0),), noise=0.5))
    for of in ("phi", "x"):
        assert float(dmft.dimension(alone, of)) == pytest.approx(1.0, abs=1e-12)
    assert float(dmft.four_point(alone).psi(0.0, 0.0)) == pytest.approx(0.0, abs=1e-12)


def test_many_weak_modes_with_synapses_are_independent_couplings_with_synapses():
    weak = dmft.Modes(dmft.Spectrum.flat(1.4, 1e7))
    modes = dmft.Network((weak, *NOISY.ensembles[1:]), noise=NOISY.noise)
    for of in ("phi", "x"):
        assert float(dmft.dimension(solution(modes), of)) == pytest.approx(
            float(dmft.dimension(solution(NOISY), of)), rel=1e-3)


@pytest.mark.parametrize("network", [NOISY, dmft.PlasticNetwork(2.0, -1.0, 2.5)], ids=repr)
def test_the_spectrum_of_x_follows_from_noise_response_and_memory(network):
    """Novikov's theorem holds for units with memory: C_x itself is sampled independently of S."""
    found = solution(network)
    omega = np.array([0.0, 0.3, 0.7, 1.5])
    fields, sites = site_spectra_at(found, "x")(omega)
    noise, memory = noise_and_memory(network, fields)
    x = fluctuations.x_power(1 / (1 + 1j * omega), sites.S[0], memory, sites.C[0], noise)
    direct = even_transform(found.lags, found.C_x.value, omega, corner=network.noise > 0)
    np.testing.assert_allclose(x, direct, rtol=0.02)
    without = fluctuations.x_power(1 / (1 + 1j * omega), sites.S[0], 0, sites.C[0], noise)
    assert np.max(np.abs(without / direct - 1)) > 0.3


@pytest.mark.parametrize("kink", [0.0, 0.2])
def test_memory_at_any_frequency_is_that_on_the_grid(kink):
    lags = dmft.Lags(60.0, 0.1)
    C = 0.4 * np.exp(-lags.tau**2 / 8) + kink * np.exp(-lags.tau)
    grid = OrderParameters(lags, C, 0.0, np.zeros(len(lags)), kink)
    some = slice(0, 200, 17)
    at = Frequencies(lags.omega[some], grid.C_spectrum[some], grid.S[some], lags, C)
    for synapses in (Hebbian(-2.0, 0.8), Hebbian(1.0, 6.0)):
        exact = synapses.memory(grid)[some]
        np.testing.assert_allclose(synapses.memory(at), exact, atol=1e-5 * abs(exact[0]))
    with pytest.raises(ModelError, match="lags"):
        Hebbian(1.0, 6.0).memory(Frequencies(at.omega, at.C_spectrum, at.S))


@pytest.mark.parametrize("p", [0.3, 50.0])
def test_a_quiescent_plastic_network_is_refused(p):
    quiet = dmft.solve(dmft.PlasticNetwork(0.5, 0.5, p))
    for function in (dmft.dimension, dmft.four_point):
        with pytest.raises(ModelError, match="quiescent"):
            function(quiet)


def test_the_decay_has_the_error_of_a_ratio():
    """The height of Psi, of which most of its error is, cancels."""
    pairs = dmft.four_point(solution(dmft.PlasticNetwork(2.0, -1.0, 2.5)))
    at_zero, decay = pairs.psi(0.0, 0.0), pairs.decay([0.0, 2.0])
    assert float(decay[0]) == pytest.approx(1.0, abs=1e-12)
    assert float(decay.stderr[0]) < 1e-12
    assert 0 < float(decay.stderr[1]) < 0.5 * float(at_zero.stderr) / float(at_zero)
    assert float(decay[1]) == pytest.approx(float(pairs.psi(2.0, 2.0)) / float(at_zero), rel=1e-3)


def deviations(runs, network):
    """(theory - networks) / error of 1/D of phi and of x, extrapolated in 1/N."""
    found, scores = solution(network), []
    for of in ("phi", "x"):
        # C varies little: for each network, Psi(0, 0) over the square of the theory's C
        C = float((found.C_phi if of == "phi" else found.C_x)[0])
        each = [1 + runs.samples(f"Psi_{of}", n)[:, 0] / C**2 for n in runs.neurons]
        fit = validation.extrapolate(runs.neurons, each).intercept
        scores.append((1 / float(dmft.dimension(found, of)) - float(fit)) / float(fit.stderr))
    return np.array(scores)


@pytest.mark.slow
@pytest.mark.parametrize("network", [NOISY, MODES], ids=["independent", "modes that overlap"])
def test_the_dimension_of_networks_and_a_wrong_hessian(network, monkeypatch):
    runs = validation.simulate(network, (200, 800), 24, trials=3, duration=60.0, burn_in=30.0,
                               dt=0.1, dimension=True, cross_lags=[[0, 0]], lags=[0.0], rng=3)
    assert np.all(np.abs(deviations(runs, network)) < 4)
    # as if W'' contained the memory between distant times
    memory = network.ensembles[1].k * float(solution(network).C_phi[0])
    monkeypatch.setattr(Hebbian, "hessian",
                        lambda self, one, two: CausalMatrix(k11=memory, k22=memory))
    assert np.all(deviations(runs, network) < -5)

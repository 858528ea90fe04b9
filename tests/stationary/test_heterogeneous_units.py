"""Neurons with heterogeneous gains: their distribution, and the theory as a mixture."""

import numpy as np
import pytest

import dmft
from dmft.base.errors import ModelError
from dmft.network.gains import Gains


def test_log_normal_moments():
    gains = Gains.lognormal(0.6)
    for power in (1, 2, 4):
        exact = np.exp(-power * 0.36 + power**2 * 0.18)
        assert gains.moment(power) == pytest.approx(exact, rel=1e-10)
        assert np.sum(gains.weights * gains.values**power) == pytest.approx(exact, rel=1e-9)
    drawn = gains.sample(200000, np.random.default_rng(1))
    assert np.mean(drawn**2) == pytest.approx(1.0, abs=0.02)
    assert Gains.lognormal(0) == Gains.from_values([1.0])


def test_a_quadrature_of_few_gains_has_the_moments_of_many():
    many = Gains.from_values(np.exp(0.5 * np.random.default_rng(0).standard_normal(300)))
    few = many.quadrature(3)
    assert len(few.values) == 3
    for power in range(6):
        assert few.moment(power) == pytest.approx(many.moment(power), rel=1e-10)
    assert many.quadrature(300) is many
    smooth = many.quadrature(24)
    exact = np.mean(np.tanh(2 * many.values))
    assert np.sum(smooth.weights * np.tanh(2 * smooth.values)) == pytest.approx(exact, rel=1e-9)
    twice = Gains.from_values([1.0, 2.0, 1.0, 2.0]).quadrature(3)
    np.testing.assert_allclose(twice.values, [1.0, 2.0])


def test_two_kinds_of_neurons_in_closed_form():
    """For erf units with two gains C_phi is the mean of two arcsines."""
    u = np.array([0.5, 1.5])
    solution = dmft.solve(dmft.HeterogeneousNetwork(3.0, Gains.from_values(u), 1.0, dmft.erf))
    Delta = solution.C_x.value / np.mean(u**2)  # of y
    inner = [np.pi / 2 * one**2 * Delta / (1 + np.pi / 2 * one**2 * Delta[0]) for one in u]
    C = np.mean([2 / np.pi * np.arcsin(one) for one in inner], axis=0)
    np.testing.assert_allclose(solution.C_phi.value, C, atol=1e-12)
    # The equation of motion of y, with the second derivative in Fourier space.
    lags = solution.lags
    y = lags.spectrum(Delta) * (1 + lags.omega**2)
    np.testing.assert_allclose(y, 9.0 * lags.spectrum(C), atol=1e-8)


def test_the_transition_is_at_the_edge_of_the_spectrum():
    u, v = Gains.from_values([0.5, 1.5]), Gains.from_values([0.7, 1.4])
    edge = dmft.jacobian_spectrum(dmft.HeterogeneousNetwork(1.0, u, v)).abscissa
    assert edge == pytest.approx(np.sqrt(u.moment(2) * v.moment(2)), rel=1e-12)
    below, above = (dmft.solve(dmft.HeterogeneousNetwork(s / edge, u, v, dmft.erf))
                    for s in (0.99, 1.02))
    assert below.branch == "quiescent"
    assert above.branch == "chaotic"
    assert 0 < float(dmft.lyapunov_exponent(above)) < 0.01


def test_gains_are_rejected_in_time():
    network = dmft.HeterogeneousNetwork(3.0, Gains.lognormal(0.3), phi=dmft.erf)
    with pytest.raises(ModelError, match=r"network.*gains"):
        dmft.solve(network, times=dmft.Times(2.0, 0.5))
    with pytest.raises(ModelError, match="initial"):
        dmft.solve(network, initial=dmft.solve(dmft.RandomNetwork(2.0, dmft.erf)))


def test_gains_can_be_combined_with_any_couplings():
    modes = dmft.Modes(dmft.Spectrum.flat(3.0, 0.5))
    by_modes = dmft.solve(dmft.HeterogeneousNetwork(modes, Gains.lognormal(0.3), phi=dmft.erf))
    by_iid = dmft.solve(dmft.HeterogeneousNetwork(3.0, Gains.lognormal(0.3), phi=dmft.erf))
    np.testing.assert_allclose(by_modes.C_x.value, by_iid.C_x.value, atol=1e-11)
    assert float(dmft.dimension(by_modes)) < 0.6 * float(dmft.dimension(by_iid))


@pytest.mark.parametrize(("make", "word"), [
    (lambda: Gains.lognormal(-0.1), "spread"), (lambda: Gains.lognormal(3.0), "spread"),
    (lambda: Gains.from_values([1.0, -1.0]), "negative gain"),
    (lambda: Gains(np.ones(2), np.ones(2)), "sum to 1"),
    (lambda: dmft.HeterogeneousNetwork(2.0, 0.0), "input_gain"),
    (lambda: dmft.HeterogeneousNetwork(2.0, phi=dmft.relu), "odd"),
    (lambda: dmft.HeterogeneousNetwork(dmft.IID(2.0, 0.3)), "memory"),
    (lambda: dmft.HeterogeneousNetwork("x"), "couplings"),
])
def test_bad_values_are_named(make, word):
    with pytest.raises(ModelError, match=word):
        make()

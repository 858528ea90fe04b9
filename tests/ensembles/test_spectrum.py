"""Spectra of connectivity: strengths of modes, their two moments, and finite networks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dmft
from dmft.base.errors import ModelError
from dmft.ensembles.spectrum import Spectrum


def test_closed_forms():
    flat = Spectrum.flat(2.0, 0.5)
    assert flat.g_eff == pytest.approx(2.0, rel=1e-14)
    assert flat.effective_rank == pytest.approx(0.5, rel=1e-14)
    for beta, alpha in ((0.3, 1.0), (4.0, 1.0), (2.0, 0.25), (0.1, 3.0)):
        spectrum = Spectrum.exponential(1.5, beta, alpha)
        assert spectrum.g_eff == pytest.approx(1.5, rel=1e-13)
        assert spectrum.effective_rank == pytest.approx(np.tanh(beta * alpha) / beta, rel=1e-12)
        assert spectrum.modes_per_neuron == pytest.approx(alpha, rel=1e-13)
    law, gamma, u0 = Spectrum.power_law(1.0, 0.7, 1.0, 0.05), 0.7, 0.05

    def moment(power):
        p = 1 - power * gamma
        return ((u0 + 1) ** p - u0**p) / p

    assert law.effective_rank == pytest.approx(moment(2) ** 2 / moment(4), rel=1e-9)
    assert Spectrum.power_law(1.0, 0.0, 0.4).effective_rank == pytest.approx(0.4, rel=1e-12)


@given(values=st.lists(st.floats(0, 1e3), min_size=1, max_size=30).filter(lambda v: max(v) > 1e-3),
       alpha=st.floats(0.01, 10), g=st.floats(0.01, 100))
def test_lists_of_strengths(values, alpha, g):
    spectrum = Spectrum.from_values(values, alpha, g)
    assert spectrum.g_eff == pytest.approx(g, rel=1e-12)
    # the effective rank is at most the number of modes
    assert 0 < spectrum.effective_rank <= alpha * (1 + 1e-12)
    share = alpha / len(values)
    strengths = spectrum.strengths(3 * len(values))
    np.testing.assert_allclose(np.sort(strengths), np.sort(np.repeat(spectrum.values, 3)),
                               rtol=1e-12, atol=np.finfo(float).tiny)  # fewer digits below
    assert share / 3 * np.sum(strengths**2) == pytest.approx(g**2, rel=1e-12)


@pytest.mark.parametrize("spectrum", [Spectrum.exponential(2.0, 3.0), Spectrum.flat(2.0, 0.3),
                                      Spectrum.power_law(2.0, 1.0, 0.5)])
def test_finite_networks_have_the_strength_and_nearly_the_rank(spectrum):
    for neurons in (100, 1000):
        count = round(spectrum.modes_per_neuron * neurons)
        D = spectrum.strengths(count)
        assert np.sum(D**2) / neurons == pytest.approx(4.0, rel=1e-10)
        rank = np.sum(D**2) ** 2 / np.sum(D**4) / neurons
        assert rank == pytest.approx(spectrum.effective_rank, rel=0.3 / neurons + 2e-3)


@pytest.mark.parametrize(("make", "word"), [
    (lambda: Spectrum.from_values([0.0, 0.0]), "sums to zero"),
    (lambda: Spectrum.from_values([1.0, -1.0]), "negative"),
    (lambda: Spectrum.from_values([1.0, np.nan]), "NaN"),
    (lambda: Spectrum.flat(0.0), "g="),
    (lambda: Spectrum.flat(1.0, 0.0), "modes_per_neuron"),
    (lambda: Spectrum.exponential(1.0, -1.0), "beta"),
    (lambda: Spectrum.exponential(1.0, 1e3), "beta"),
    (lambda: Spectrum.power_law(1.0, 1.0, offset=1e-4), "offset"),
    (lambda: Spectrum(np.ones(2), np.ones(3)), "weights"),
    (lambda: dmft.RandomModeNetwork([1.0, -2.0]), "D="),
    (lambda: dmft.RandomModeNetwork([0.0, 0.0]), "sums to zero"),
    (lambda: dmft.RandomModeNetwork(np.ones((3, 3))), "from_connectivity"),
    (lambda: dmft.RandomModeNetwork(2.0, 1.5), r"overlaps.*\[-1, 1\]"),
    (lambda: dmft.RandomModeNetwork([1.0, 2.0], [0.1, 0.2, 0.3]), "overlaps"),
    (lambda: dmft.RandomModeNetwork([1.0, 2.0], 0.9 * np.ones((2, 2))), "norm"),
    (lambda: dmft.RandomModeNetwork(Spectrum.exponential(2.0, 1.0), [0.1, 0.2]), "smooth"),
    (lambda: dmft.RandomModeNetwork(Spectrum.flat(2.0), modes_per_neuron=0.5), "given twice"),
])
def test_bad_values_are_named(make, word):
    with pytest.raises(ModelError, match=word):
        make()


def test_sizes_that_do_not_fit_a_matrix_of_overlaps():
    modes = dmft.Modes(Spectrum.from_values([1.0, 2.0, 3.0], 0.5), 0.3 * np.eye(3))
    strengths, overlaps = modes.at(60)
    assert strengths.shape == (30,)
    np.testing.assert_allclose(overlaps, 0.3 * np.eye(30))
    with pytest.raises(ModelError, match="multiple of 6"):
        modes.at(62)
    with pytest.raises(ModelError, match="not one mode"):
        dmft.Modes(Spectrum.flat(1.0, 0.01)).at(20)

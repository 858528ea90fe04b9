"""Averages over two Gaussians of different variances: the table compared with closed forms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dmft
from dmft.averages.gaussian_averages import gaussian_averages
from dmft.averages.two_variances import TabulatedPairs, pair_averages
from dmft.base.errors import ModelError

ERF = TabulatedPairs(dmft.erf, 3.0)
TANH = TabulatedPairs(dmft.tanh, 3.0)


@given(st.floats(0, 9), st.floats(0, 9), st.floats(-1, 1))
def test_the_table_agrees_with_the_closed_form(first, second, ratio):
    covariance = np.array([[ratio * np.sqrt(first * second)]])
    exact = pair_averages(dmft.erf)
    found = ERF.correlation(covariance, np.array([first]), np.array([[second]]))
    assert found == pytest.approx(
        exact.correlation(covariance, np.array([first]), np.array([[second]])), abs=1e-10)
    assert ERF.gain(np.array([first])) == pytest.approx(exact.gain(np.array([first])), abs=1e-11)
    assert ERF.power(np.array([first])) == pytest.approx(exact.power(np.array([first])), abs=1e-11)


@pytest.mark.parametrize("variance", [0.3, 4.0, 9.0])
def test_averages_at_equal_variances_are_those_of_the_stationary_theory(variance):
    covariance = np.linspace(-variance, variance, 60)
    other = gaussian_averages(dmft.tanh, variance)
    found = TANH.correlation(covariance[None], np.array([variance]), np.full((1, 60), variance))
    np.testing.assert_allclose(found[0], other.correlation(covariance), atol=1e-11)
    assert TANH.gain(np.array([variance]))[0] == pytest.approx(other.mean_slope, abs=1e-12)


def test_a_phi_that_is_not_odd_at_unequal_variances():
    """<phi phi> compared with Gauss-Hermite quadrature in two dimensions."""
    phi = dmft.Nonlinearity(lambda x: np.tanh(x + 0.5), lambda x: 1 / np.cosh(x + 0.5) ** 2)
    table = TabulatedPairs(phi, 2.0)
    node, weight = np.polynomial.hermite_e.hermegauss(80)
    weight = weight / weight.sum()
    D1, D2, c = 1.4, 2.3, 0.9
    x = np.sqrt(D1) * node[:, None]
    y = c / np.sqrt(D1) * node[:, None] + np.sqrt(D2 - c**2 / D1) * node
    exact = np.einsum("i,j,ij->", weight, weight, phi(x) * phi(y))
    found = table.correlation(np.array([[c]]), np.array([D1]), np.array([[D2]]))[0, 0]
    assert found == pytest.approx(exact, abs=1e-7)


def test_the_table_grows_with_the_variance():
    table = TabulatedPairs(dmft.tanh, 0.5)
    wide = table.gain(np.array([9.0]))
    assert table.width > 3.0
    assert wide[0] == pytest.approx(gaussian_averages(dmft.tanh, 9.0).mean_slope, abs=1e-11)


def test_a_kink_of_phi_shows_in_the_error():
    kinked = dmft.Nonlinearity(lambda x: np.clip(x, -1, 1), lambda x: 1.0 * (np.abs(x) < 1))
    assert TabulatedPairs(kinked).error > 1e-8


def test_too_wide_is_refused():
    with pytest.raises(ModelError, match="variance"):
        TabulatedPairs(dmft.tanh, 100.0)

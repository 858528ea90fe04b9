"""Averages of pairs compared with Mehler's series, from one-dimensional quadrature alone."""

import numpy as np
import pytest
import sympy
from numpy.polynomial import chebyshev
from numpy.polynomial.legendre import leggauss

import dmft
from dmft.averages import chebyshev_series
from dmft.averages.gaussian_averages import averages_at

_x = sympy.Symbol("x", real=True)
PHIS = {
    "tanh": dmft.tanh,
    "logistic": dmft.Nonlinearity.from_sympy(1 / (1 + sympy.exp(-_x))),
    "arctan": dmft.Nonlinearity(np.arctan, lambda x: 1 / (1 + x * x)),
    "asymmetric": dmft.Nonlinearity(lambda x: np.tanh(x) + 0.3 * np.tanh(x) ** 2,
                                    lambda x: (1 + 0.6 * np.tanh(x)) / np.cosh(x) ** 2),
    "rectified": dmft.Nonlinearity.from_sympy(sympy.Max(sympy.tanh(_x), 0)),
    # The two steps lie beyond each other's slopes: pairs far apart count.
    "two steps": dmft.Nonlinearity(
        lambda x: np.tanh(x - 7) + np.tanh(x + 7),
        lambda x: 1 / np.cosh(x - 7) ** 2 + 1 / np.cosh(x + 7) ** 2),
    "one far step": dmft.Nonlinearity(
        lambda x: np.tanh(x) + np.tanh(2 * x - 18),
        lambda x: 1 / np.cosh(x) ** 2 + 2 / np.cosh(np.minimum(np.abs(2 * x - 18), 300)) ** 2),
    "steep far steps": dmft.Nonlinearity(
        lambda x: np.tanh(x) + 0.05 * (np.tanh(100 * (x - 13)) + np.tanh(100 * (x + 13))),
        lambda x: 1 / np.cosh(x) ** 2
        + 5 / np.cosh(np.clip(100 * (np.abs(x) - 13), -300, 300)) ** 2),
    # Odd for |x| < 12, and not beyond.
    "one steep far step": dmft.Nonlinearity(
        lambda x: np.tanh(x) + 0.05 * (1 + np.tanh(100 * (x - 13))),
        lambda x: 1 / np.cosh(x) ** 2 + 5 / np.cosh(np.clip(100 * (x - 13), -300, 300)) ** 2),
    "narrow": dmft.Nonlinearity(
        lambda x: np.tanh(20 * x) / 20 + 0.3 * np.tanh(x),
        lambda x: 1 / np.cosh(np.clip(20 * x, -300, 300)) ** 2 + 0.3 / np.cosh(x) ** 2),
    "wave": dmft.Nonlinearity(np.sin, np.cos),
}
SHARES = np.array([-0.7, -0.4, 0.0, 0.2, 0.5, 0.7])


def mehler(phi, variance, count=130):
    """sum_n a_n^2 rho^n, with a_n = <phi(s z) h_n(z)> and h_n the normalised Hermite polynomials.

    Panels are dense where a phi is steep, and within 0.1 standard deviations elsewhere.
    """
    points, weights = leggauss(12)
    s = variance**0.5
    edges = np.unique(np.concatenate([
        np.linspace(-9.5, 9.5, 191), np.linspace(-25, 25, 101) / s, np.linspace(-1, 1, 81) / s,
        np.linspace(12.8, 13.2, 81) / s, np.linspace(-13.2, -12.8, 81) / s]))
    edges = edges[np.abs(edges) <= 9.5]
    half = np.diff(edges)[:, None] / 2
    z = (edges[:-1, None] + half * (1 + points)).ravel()
    weight = (half * weights).ravel() * np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi)
    values, squares = weight * phi(s * z), np.empty(count)
    before, h = np.zeros_like(z), np.ones_like(z)
    for n in range(count):
        squares[n] = (values @ h) ** 2
        before, h = h, (z * h - np.sqrt(n) * before) / np.sqrt(n + 1)
    rho, n = SHARES[:, None], np.arange(count)
    return rho**n @ squares, rho ** np.maximum(n - 1, 0) @ (n * squares) / variance


@pytest.mark.parametrize("variance", [0.03, 1.9, 17.0, 290.0])
@pytest.mark.parametrize("name", PHIS)
def test_both_ways_agree_to_1e_11(name, variance):
    averages = averages_at(PHIS[name], variance)
    correlation, slope = mehler(PHIS[name], variance)
    scale = float(averages.correlation(variance)), float(averages.slope(variance))
    np.testing.assert_allclose(averages.correlation(SHARES * variance), correlation, rtol=0,
                               atol=1e-11 * scale[0])
    np.testing.assert_allclose(averages.slope(SHARES * variance), slope, rtol=0,
                               atol=1e-11 * scale[1])
    assert averages.error < 1e-11


def test_a_phi_is_odd_only_if_it_is_far_from_zero_too():
    for name, odd in (("tanh", True), ("steep far steps", True), ("one steep far step", False)):
        assert PHIS[name].odd is odd
        assert PHIS[name].even_slope is odd
    assert PHIS["logistic"].even_slope
    assert dmft.Nonlinearity(np.sinh, np.cosh).odd  # which overflows beyond 710


def test_values_of_chebyshev_series(monkeypatch):
    """As numpy's, for one series and for several, in one table and in many."""
    rng = np.random.default_rng(3)
    series = rng.standard_normal((3, 53)) * 0.9 ** np.arange(53)
    x = rng.uniform(-1, 1, (7, 11))
    exact = chebyshev.chebval(x, series.T)
    for size in (chebyshev_series.LARGEST_TABLE, 200):
        monkeypatch.setattr(chebyshev_series, "LARGEST_TABLE", size)
        np.testing.assert_allclose(chebyshev_series.evaluate(x, series), exact, atol=1e-13)
        np.testing.assert_allclose(chebyshev_series.evaluate(x, series[1]), exact[1], atol=1e-13)
    assert chebyshev_series.evaluate(0.3, series[0]) == pytest.approx(
        chebyshev.chebval(0.3, series[0]), abs=1e-13)
    for count in (1, 2, 3):
        np.testing.assert_allclose(chebyshev_series.evaluate(x, series[0, :count]),
                                   chebyshev.chebval(x, series[0, :count]), atol=1e-14)

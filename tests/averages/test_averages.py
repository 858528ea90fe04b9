"""Gaussian averages compared with mpmath, closed forms with quadrature; Price's theorem."""

from types import SimpleNamespace

import mpmath
import numpy as np
import pytest
import sympy
from numpy.polynomial.legendre import leggauss

import dmft
from dmft.averages.chebyshev_averages import ChebyshevAverages
from dmft.averages.gaussian_averages import gaussian_averages, mean_square
from dmft.averages.quadrature import _reach_of_pairs
from dmft.averages.tuning import GAUSSIAN_RANGE, NEGLIGIBLE_SLOPE
from dmft.base.errors import ModelError
from dmft.equations import gaussian, transfer
from dmft.network.nonlinearity import Nonlinearity
from tests.gaussian_average import gaussian_average

VARIANCES = (1e-3, 0.3, 4.0, 20.0, 100.0, 300.0)


def panels_tanh(variance: float, correlation: float) -> tuple[float, float]:
    """<tanh tanh> and <tanh' tanh'> by Gauss-Legendre panels in p = (x+y)/2 and q = (x-y)/2.

    The first is computed from tanh itself, not by Price's theorem.
    """
    x, w = leggauss(16)
    panels = np.linspace(0, 9, 31)

    def line(width):
        # finer panels near zero, since tanh saturates at |x| ~ 1
        edges = np.unique(np.concatenate([panels * width, np.linspace(0, 12, 49)]))
        edges = edges[edges <= 9 * width * (1 + 1e-12)]
        half = np.diff(edges)[:, None] / 2
        nodes = (edges[:-1, None] + half * (1 + x)).ravel()
        weight = (half * w).ravel() * np.exp(-0.5 * (nodes / width) ** 2)
        return nodes, weight * 2 / (width * np.sqrt(2 * np.pi))

    wide = float(mpmath.sqrt(mpmath.mpf(variance) * (1 + mpmath.mpf(correlation)) / 2))
    narrow = float(mpmath.sqrt(mpmath.mpf(variance) * (1 - mpmath.mpf(correlation)) / 2))
    p, wp = line(wide)
    q, wq = line(narrow) if narrow > 0 else (np.zeros(1), np.ones(1))
    s, d = p[:, None] + q, p[:, None] - q
    return (float(wp @ (np.tanh(s) * np.tanh(d)) @ wq),
            float(wp @ (transfer.tanh_slope(s) * transfer.tanh_slope(d)) @ wq))


@pytest.mark.parametrize("variance", VARIANCES)
@pytest.mark.parametrize("correlation", [0.05, 0.5, 0.9, 0.999, 1.0])
def test_tanh_averages_are_exact_to_1e_11(variance, correlation):
    averages = gaussian_averages(dmft.tanh, variance)
    value, slope = panels_tanh(variance, correlation)
    assert averages.correlation(correlation * variance) == pytest.approx(value, abs=1e-12)
    assert averages.slope(correlation * variance) == pytest.approx(slope, abs=1e-12)
    assert averages.error < 1e-12


@pytest.mark.parametrize("variance", [1e-3, 4.0, 300.0])
@pytest.mark.parametrize("correlation", [-0.3, 0.5, 0.99])
def test_slope_of_tanh_by_mpmath(variance, correlation):
    """<tanh' tanh'> in 30 digits; the integrand (2 / (cosh 2p + cosh 2q))^2 vanishes beyond 20."""
    with mpmath.workdps(30):
        widths = [mpmath.sqrt(mpmath.mpf(variance) * (1 + sign * mpmath.mpf(correlation)) / 2)
                  for sign in (1, -1)]
        lines = []
        for width in widths:
            step = min(width / 4, mpmath.mpf("0.12"))
            count = int(min(12 * width, 20) / step) + 1
            x = [n * step for n in range(count)]
            w = [(2 if n else 1) * step * mpmath.npdf(v, 0, width) for n, v in enumerate(x)]
            lines.append((x, w, [mpmath.cosh(2 * v) for v in x]))
        (_, wp, cp), (_, wq, cq) = lines
        exact = sum(a * mpmath.fsum(b * (2 / (c + d)) ** 2 for b, d in zip(wq, cq, strict=True))
                    for a, c in zip(wp, cp, strict=True))
    found = gaussian_averages(dmft.tanh, variance).slope(correlation * variance)
    assert found == pytest.approx(float(exact), abs=1e-13)


@pytest.mark.parametrize("variance", [1e-3, 1.0, 30.0, 300.0])
def test_mean_square_of_tanh_by_mpmath(variance):
    with mpmath.workdps(30):
        s = mpmath.sqrt(variance)
        points = [0, *(mpmath.mpf(2) ** k for k in range(-6, 4)), 12]
        exact = 2 * mpmath.quad(lambda z: mpmath.tanh(s * z) ** 2 * mpmath.npdf(z), points)
    averages = gaussian_averages(dmft.tanh, variance)
    assert averages.correlation(variance) == pytest.approx(float(exact), abs=1e-13)
    assert mean_square(dmft.tanh, variance) == pytest.approx(float(exact), abs=1e-13)


@pytest.mark.parametrize("variance", VARIANCES)
def test_quadrature_agrees_with_the_closed_form_of_erf(variance):
    plain = ChebyshevAverages(Nonlinearity(transfer.erf, transfer.erf_slope, "plain"), variance)
    covariance = variance * np.linspace(-1, 1, 41)
    closed = gaussian_averages(dmft.erf, variance)
    np.testing.assert_allclose(plain.correlation(covariance), closed.correlation(covariance),
                               atol=1e-12)
    np.testing.assert_allclose(plain.slope(covariance), closed.slope(covariance), atol=1e-12)
    assert plain.mean_slope == pytest.approx(closed.mean_slope, abs=1e-13)


def test_a_phi_that_is_not_odd():
    x = sympy.Symbol("x")
    softplus = Nonlinearity.from_sympy(sympy.log(1 + sympy.exp(x)))
    assert not softplus.odd
    averages = gaussian_averages(softplus, 2.0)
    mean = gaussian_average(softplus, 2.0)
    assert averages.mean == pytest.approx(mean, rel=1e-13)
    # uncorrelated: <phi><phi>; fully correlated: <phi^2>; opposite: <phi(x) phi(-x)>
    assert averages.correlation(0.0) == pytest.approx(mean**2, rel=1e-12)
    assert averages.correlation(2.0) == pytest.approx(mean_square(softplus, 2.0), rel=1e-12)
    opposite = gaussian_average(lambda v: softplus(v) * softplus(-v), 2.0)
    assert averages.correlation(-2.0) == pytest.approx(opposite, rel=1e-12)


@pytest.mark.parametrize("phi", [dmft.tanh, dmft.erf, dmft.relu, dmft.linear], ids=repr)
def test_slope_is_the_derivative_of_the_correlation(phi):
    averages, h = gaussian_averages(phi, 1.7), 1e-5
    covariance = 1.7 * np.array([-0.8, -0.1, 0.2, 0.6, 0.95])
    difference = (averages.correlation(covariance + h) - averages.correlation(covariance - h))
    np.testing.assert_allclose(averages.slope(covariance), difference / (2 * h), atol=1e-9)


def test_a_phi_that_overflows_to_its_limit_gives_no_warning():
    x = sympy.Symbol("x")
    sigmoid = Nonlinearity.from_sympy(1 / (1 + sympy.exp(-x)))
    found = dmft.solve(dmft.RandomNetwork(1.1, sigmoid, noise=0.4))  # warnings are errors here
    # the same network as (1 + tanh(x/2)) / 2
    shifted = Nonlinearity.from_sympy((1 + sympy.tanh(x / 2)) / 2)
    same = dmft.solve(dmft.RandomNetwork(1.1, shifted, noise=0.4))
    assert float(found.C_x[0]) == pytest.approx(float(same.C_x[0]), rel=1e-11)
    assert found.convergence.success


def test_relu_closed_form_against_quadrature():
    plain = Nonlinearity(transfer.relu, transfer.relu_slope, "plain")
    with pytest.raises(ModelError, match=r"kink at x = 0.*kinks=\(0, "):
        ChebyshevAverages(plain, 1.3)
    cut = ChebyshevAverages(Nonlinearity(transfer.relu, transfer.relu_slope, kinks=(0,)), 1.3)
    covariance = 1.3 * np.array([-0.9, 0.0, 0.5, 0.99])
    np.testing.assert_allclose(cut.correlation(covariance),
                               gaussian.relu_correlation(covariance, 1.3, 1.3), atol=1e-14)


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
def test_pairs_of_slopes_beyond_the_reach_are_negligible(power):
    """Over all pairs with |x| + |y| > 2 r; the reach is no more than two steps too long."""
    def slope(x):
        return np.exp(-9 * ((1 + x**2) ** (power / 2) - 1)) * (1 + 0.5 * np.sin(5 * x))

    phi, x = SimpleNamespace(derivative=slope), np.linspace(-60, 60, 241)
    reach = _reach_of_pairs(phi, 60 / GAUSSIAN_RANGE, 0.5, mean_square=0.3)
    products, sums = np.outer(slope(x), slope(x)), np.add.outer(np.abs(x), np.abs(x))
    counted = sums[products > NEGLIGIBLE_SLOPE * 0.3]
    assert np.max(counted) <= 2 * reach < np.max(counted) + 4 * (x[1] - x[0])


@pytest.mark.parametrize("phi", [dmft.tanh, dmft.erf, dmft.relu, dmft.linear], ids=repr)
def test_a_shifted_function_is_one_that_is_written_so(phi):
    """phi(0.7 + x), whose averages use what is known of phi."""
    from dmft.averages.shifted import shifted

    found = gaussian_averages(shifted(phi, 0.7), 1.3)
    written = gaussian_averages(Nonlinearity(
        lambda x: phi(0.7 + x), lambda x: phi.derivative(0.7 + x),
        kinks=tuple(kink - 0.7 for kink in phi.kinks)), 1.3)
    at = np.linspace(-1.3, 1.3, 9)
    assert found.mean == pytest.approx(written.mean, abs=1e-13)
    for name in ("correlation", "slope"):
        np.testing.assert_allclose(getattr(found, name)(at), getattr(written, name)(at), atol=3e-12)
    assert shifted(phi, 0.0) is phi
    assert shifted(phi, 0.7) is shifted(phi, 0.7)

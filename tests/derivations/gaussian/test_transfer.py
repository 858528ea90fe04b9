"""Emitted transfer functions against mpmath, and at arguments where a careless form overflows."""

import warnings

import mpmath
import numpy as np
import pytest

from dmft.equations import transfer

POINTS = np.array([-3.7, -0.6, 0.0, 0.25, 1.9, 6.0])
LARGE = np.array([-1e4, -800.0, -40.0, 40.0, 800.0, 1e4])


@pytest.fixture(autouse=True)
def _no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def against(function, exact, points=POINTS, tolerance=4e-15):
    expected = np.array([float(exact(mpmath.mpf(x))) for x in points])
    np.testing.assert_allclose(function(points), expected, rtol=tolerance, atol=tolerance)


def primitive(function):
    return lambda x: mpmath.quad(function, [0, x])


def test_erf():
    def phi(x):
        return mpmath.erf(mpmath.sqrt(mpmath.pi) * x / 2)

    against(transfer.erf, phi)
    against(transfer.erf_slope, lambda x: mpmath.diff(phi, x))
    against(transfer.erf_primitive, primitive(phi))
    assert np.all(np.isfinite(transfer.erf_primitive(LARGE)))


def test_tanh():
    against(transfer.tanh, mpmath.tanh)
    against(transfer.tanh_slope, lambda x: mpmath.sech(x) ** 2)
    against(transfer.tanh_slope, lambda x: mpmath.sech(x) ** 2, LARGE)
    against(transfer.tanh_primitive, primitive(mpmath.tanh))
    against(transfer.tanh_primitive, lambda x: mpmath.log(mpmath.cosh(x)), LARGE)


def test_tanh_product_of_slopes():
    s, d = np.meshgrid([-1e4, -3.0, 0.0, 0.7, 400.0], [-900.0, -0.5, 0.0, 2.0, 1e4])
    direct = transfer.tanh_slope((s + d) / 2) * transfer.tanh_slope((s - d) / 2)
    np.testing.assert_allclose(transfer.tanh_slope_product(s, d), direct, rtol=1e-14, atol=1e-300)


def test_relu():
    against(transfer.relu, lambda x: max(x, 0))
    against(transfer.relu_slope, lambda x: (mpmath.sign(x) + 1) / 2)
    against(transfer.relu_primitive, lambda x: max(x, 0) ** 2 / 2)


def test_linear():
    against(transfer.linear, lambda x: x)
    against(transfer.linear_primitive, lambda x: x**2 / 2)
    np.testing.assert_array_equal(transfer.linear_slope(POINTS.reshape(2, 3)), np.ones((2, 3)))
    assert transfer.linear_slope(POINTS).dtype == float

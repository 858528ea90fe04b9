"""Averages of phi over pairs of Gaussians with means, against quadrature and closed forms."""

import numpy as np
import pytest

import dmft
from dmft.averages.pairs_with_means import marched_averages

MOMENTS = [(0.3, 0.5), (-1.0, 2.0), (0.0, 0.0), (2.0, 0.1)]  # mean and variance at each time
ROUNDING = {"tanh": 1e-9, "erf": 1e-9, "relu": 2e-5}


def by_quadrature(phi, one, other, covariance):
    """<phi(x) phi(y)> on a fine grid of two independent normals."""
    z = np.linspace(-8, 8, 1601)
    w = np.exp(-z * z / 2)
    w /= w.sum()
    (m, v), (n, u) = one, other
    x = m + np.sqrt(v) * z
    slope, rest = (covariance / np.sqrt(v), u - covariance**2 / v) if v else (0.0, u)
    y = n + slope * z[:, None] + np.sqrt(max(rest, 0.0)) * z
    return float((w * phi(x)) @ (phi(y) @ w))


@pytest.mark.parametrize("name", ROUNDING)
def test_pairs_against_quadrature(name):
    phi = getattr(dmft, name)
    found = marched_averages(phi, len(MOMENTS), centred=False)
    rho = np.array([0.9, -0.6, 0.0, 1.0])
    for k, (mean, variance) in enumerate(MOMENTS):
        found.append(mean, variance)
        scale = np.sqrt([v * variance for _, v in MOMENTS[:k + 1]])
        Delta = rho[3 - k:] * scale
        exact = [by_quadrature(phi, MOMENTS[j], (mean, variance), Delta[j]) for j in range(k + 1)]
        np.testing.assert_allclose(found.correlation(Delta), exact,
                                   atol=max(ROUNDING[name], 2e-5 * (name == "relu")))
        z = np.linspace(-8, 8, 4001)
        w = np.exp(-z * z / 2)
        x = mean + np.sqrt(variance) * z
        assert found.rate == pytest.approx(float(w @ phi(x) / w.sum()), abs=1e-6)
        assert found.gain == pytest.approx(float(w @ phi.derivative(x) / w.sum()), abs=2e-3)


def test_without_means_an_odd_phi_has_the_averages_of_the_gaussian_march():
    centred, general = (marched_averages(dmft.tanh, 2, one) for one in (True, False))
    for one in (centred, general):
        one.append(0.0, 0.8)
        one.append(0.0, 1.7)
    Delta = np.array([0.6, 1.7])
    np.testing.assert_allclose(centred.correlation(Delta), general.correlation(Delta), rtol=1e-9)
    assert centred.gain == pytest.approx(general.gain, rel=1e-9)
    assert centred.rate == 0.0 == pytest.approx(general.rate, abs=1e-15)

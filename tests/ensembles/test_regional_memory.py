"""Memory of couplings in regions, against that of one kind of units."""

import numpy as np
import pytest

import dmft
from dmft.grids.order_parameters import OrderParameters

LAGS = dmft.Lags(30.0, 0.05)
DECAY = np.exp(-LAGS.tau**2 / 8)


def order(sizes):
    """One row for each region: C and S are multiples of those of the first."""
    sizes = np.array(sizes)[:, None]
    return OrderParameters(LAGS, sizes * DECAY, 0.1 * sizes[:, 0], sizes / (1 + 1j * LAGS.omega),
                           kink=0.2 * sizes[:, 0])


def alone(size):
    return OrderParameters(LAGS, size * DECAY, 0.1 * size, size / (1 + 1j * LAGS.omega), 0.2 * size)


@pytest.mark.parametrize(("regional", "one"), [
    (lambda s: dmft.RegionalIID([[s[0]]], 0.4), lambda s: dmft.IID(s[0], 0.4)),
    (lambda s: dmft.RegionalHebbian([[s[0]]], 2.5), lambda s: dmft.Hebbian(s[0], 2.5)),
], ids=["reciprocity", "plasticity"])
def test_one_region_is_one_kind_of_units(regional, one):
    np.testing.assert_allclose(regional([1.3]).memory(order([0.7]))[0],
                               one([1.3]).memory(alone(0.7)), rtol=1e-12)


def test_memory_adds_over_the_regions_that_send():
    g, r = np.array([[1.5, 0.4], [0.6, 1.8]]), np.array([[0.3, -0.2], [-0.2, 0.5]])
    found = dmft.RegionalIID(g, r).memory(order([1.0, 0.25]))
    expected = r * g * g.T @ np.array([1.0, 0.25])
    np.testing.assert_allclose(found, expected[:, None] / (1 + 1j * LAGS.omega), rtol=1e-12)
    k = np.array([[0.5, -1.0], [0.0, 2.0]])
    found = dmft.RegionalHebbian(k, 2.5).memory(order([1.0, 0.25]))
    unit = dmft.Hebbian(1.0, 2.5).memory(alone(1.0))
    np.testing.assert_allclose(found, (k @ np.array([1.0, 0.25]))[:, None] * unit, rtol=1e-9)

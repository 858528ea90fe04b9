"""Silencing a region: the others are as if it were not there, in theory and in simulation."""

import numpy as np
import pytest

import dmft
from dmft import validation
from dmft.base.errors import ModelError

RNG = np.random.default_rng(4)
T = 1.3 * RNG.normal(size=(3, 3, 3))
CROSS = np.array([[0.0, 0.6, 0.3], [0.4, 0.0, 0.5], [0.2, 0.7, 0.0]])
V = RNG.normal(size=(3, 3))
Z0 = RNG.normal(size=(3, 3))
NETWORK = dmft.MultiregionNetwork([0.4, 1.6, 0.8], T, cross_g=CROSS, bias=0.2,
                                  input=dmft.Input([0.7, 0.5, -0.4], V))


def parts(nu: int):
    """The network without region nu, its start, and the rows and columns that are left."""
    left = np.delete(np.arange(3), nu)
    pair = np.ix_(left, left)
    return dmft.MultiregionNetwork(
        NETWORK.g[left], T[np.ix_(left, left, left)], cross_g=CROSS[pair], bias=0.2,
        input=dmft.Input(np.array([0.7, 0.5, -0.4])[left], V[pair])), left, pair


@pytest.mark.parametrize("nu", range(3))
def test_the_other_regions_are_those_of_the_network_without_it(nu):
    smaller, left, pair = parts(nu)
    times, start = dmft.Times(6.0, 0.1), Z0.copy()
    start[:, nu] = 0.0
    whole = dmft.solve(NETWORK.silenced(nu), times=times, currents=start, variance=0.5,
                       tol=1e-9)
    alone = dmft.solve(smaller, times=times, currents=Z0[pair], variance=0.5, tol=1e-9)
    np.testing.assert_allclose(whole.z[:, *pair], alone.z, rtol=0, atol=1e-7)
    np.testing.assert_allclose(whole.variance[:, left], alone.variance, rtol=0, atol=1e-7)
    assert not np.any(whole.S[:, :, nu])
    # what it receives is kept, and so is its own activity
    assert np.all(np.abs(whole.S[-1, nu, left]) > 1e-3)
    assert whole.variance[-1, nu] > 0.1
    unsilenced = dmft.solve(NETWORK, times=times, currents=start, variance=0.5,
                       tol=1e-9)
    assert np.max(np.abs(unsilenced.z[:, *pair] - alone.z)) > 0.05


def test_currents_that_were_on_the_way_decay():
    solution = dmft.solve(NETWORK.silenced(1), times=dmft.Times(3.0, 0.1), currents=Z0)
    np.testing.assert_allclose(solution.z[:, :, 1], Z0[:, 1] * np.exp(-solution.times.t)[:, None],
                               atol=1e-9)


def test_simulated_networks_agree():
    start = {"currents": Z0, "variance": 0.5}
    times = dmft.Times(3.0, 0.1)
    silent = NETWORK.silenced(1)
    runs = validation.simulate(silent, neurons=(100, 400), networks=40, times=times, at=[1, 2, 3],
                               trials=1, dt=0.1, rng=3, **start)
    verdict = validation.compare(dmft.solve(silent, times=times, **start), runs)
    assert verdict.p_value > 1e-3
    assert verdict.resolution < 0.4
    wrong = validation.compare(dmft.solve(NETWORK, times=times, **start), runs)
    assert wrong.p_value < 1e-6


@pytest.mark.parametrize("nu", [3, -1, 0.5, "x"])
def test_no_other_region_can_be_silenced(nu):
    with pytest.raises(ModelError, match="nu="):
        NETWORK.silenced(nu)


def test_nothing_that_is_absent_is_added():
    plain = dmft.MultiregionNetwork(1.0, np.ones((2, 2, 2))).silenced(0)
    assert plain.input is None
    assert plain.cross_g is None

"""MultiregionNetwork: its fields, its constructors, and unrealisable statistics."""

import pickle

import numpy as np
import pytest

import dmft
from dmft.base.errors import ModelError

T = np.arange(8.0).reshape(2, 2, 2) / 4


def test_it_is_frozen_data_that_compares_by_contents():
    one, other = dmft.MultiregionNetwork(1.5, T), dmft.MultiregionNetwork([1.5, 1.5], T.copy())
    assert one == other
    assert hash(one) == hash(other)
    assert pickle.loads(pickle.dumps(one)) == one
    assert one != dmft.MultiregionNetwork(1.5, T + 1e-9)
    with pytest.raises(ValueError, match="read-only"):
        one.T[0, 0, 0] = 1.0
    assert one.regions == 2


def test_it_can_be_saved(tmp_path):
    network = dmft.MultiregionNetwork(
        1.5, T, U=[np.eye(2), [[1.0, 0.2], [0.2, 1.0]]], cross_g=[[0, 0.3], [0, 0]],
        input=dmft.Input(dmft.Pulse([1.0, 0.0], 1.0, 2.0), np.eye(2)), noise=0.1, bias=0.2)
    assert dmft.load(dmft.save(network, tmp_path / "network")) == network
    solution = dmft.solve(network, times=dmft.Times(2.0, 0.5, keep=1), tol=1e-3)
    again = dmft.load(dmft.save(solution, tmp_path / "solution"))
    np.testing.assert_array_equal(again.Delta, solution.Delta)
    assert again.times == solution.times


def test_symmetric_interactions():
    """A current drives only the reciprocal current, with the strength of the pair."""
    c = np.array([[0.5, 2.0, 1.0], [2.0, 0.3, 1.5], [1.0, 1.5, 0.2]])
    network = dmft.MultiregionNetwork.symmetric(0.0, c)
    for mu in range(3):
        for nu in range(3):
            for rho in range(3):
                assert network.T[mu, nu, rho] == (c[mu, nu] if mu == rho else 0.0)
    effective = dmft.effective_matrix(network.T)
    np.testing.assert_array_equal(effective, effective.T)
    with pytest.raises(ModelError, match="c="):
        dmft.MultiregionNetwork.symmetric(0.0, T[0])


def test_overlaps_are_measured_in_loadings():
    rng = np.random.default_rng(0)
    N = 50
    m, n = rng.normal(size=(2, 2, N)), rng.normal(size=(2, 2, N))
    direction = rng.normal(size=(2, N))
    network = dmft.MultiregionNetwork.from_loadings(
        0.7, m, n, inputs=direction, signal=[1.0, 2.0], phi=dmft.tanh)
    for mu in range(2):
        for nu in range(2):
            scale = np.sqrt(np.mean(direction[nu] ** 2))
            assert network.input.V[mu, nu] == pytest.approx(n[mu, nu] @ direction[nu] / N / scale)
            assert network.input.W[mu, nu] == pytest.approx(
                m[mu, nu] @ direction[mu] / N / np.sqrt(np.mean(direction[mu] ** 2)))
            for rho in range(2):
                assert network.T[mu, nu, rho] == pytest.approx(n[mu, nu] @ m[nu, rho] / N)
                assert network.U[nu, mu, rho] == pytest.approx(m[nu, mu] @ m[nu, rho] / N)
    # the product of signal and direction is given: the norm of the direction goes to the signal
    np.testing.assert_allclose(network.input.signal, np.array([1.0, 2.0]) * np.sqrt(
        np.mean(direction**2, axis=1)))
    assert network.phi == dmft.tanh


@pytest.mark.parametrize(("fields", "named"), [
    ({"T": T[:, :, :1]}, "T"), ({"T": np.full((2, 2, 2), np.inf)}, "T"), ({"g": -0.1}, "g"),
    ({"g": [1.0, 2.0, 3.0]}, "g"), ({"U": np.ones((2, 2))}, "U"),
    ({"U": [np.eye(2), [[1.0, 2.0], [2.0, 1.0]]]}, "U=.*region 1"),
    ({"U": [[[1.0, 0.5], [0.4, 1.0]], np.eye(2)]}, "U=.*symmetric in region 0"),
    ({"U": [np.ones((2, 2)), np.eye(2)]}, "T=.*not realisable in region 0"),
    ({"cross_g": [[0.1, 0.0], [0.0, 0.0]]}, "cross_g"), ({"cross_g": np.ones((3, 3))}, "cross_g"),
    ({"input": 3.0}, "input"), ({"input": dmft.Input([1.0, 1.0], np.eye(3))}, "input"),
    ({"input": dmft.Input([1.0], np.eye(2))}, "input"),
    ({"input": dmft.Input([1.0, 1.0], np.eye(2), 2 * np.eye(2))}, "U with input.W"),
])
def test_a_bad_field_is_named(fields, named):
    with pytest.raises(ModelError, match=named):
        dmft.MultiregionNetwork(**{"g": 1.0, "T": T, **fields})


@pytest.mark.parametrize(("changed", "named"), [
    ({"m": np.ones((2, 3, 4))}, "m"), ({"n": np.ones((2, 2, 5))}, "n"),
    ({"inputs": np.ones((2, 4))}, "signal"), ({"inputs": np.ones((3, 4)), "signal": [1, 1]},
                                              "inputs"),
    ({"inputs": np.zeros((2, 4)), "signal": [1, 1]}, "inputs"),
])
def test_bad_loadings_are_named(changed, named):
    good = {"m": np.random.default_rng(0).normal(size=(2, 2, 4)),
            "n": np.random.default_rng(1).normal(size=(2, 2, 4))}
    with pytest.raises(ModelError, match=named):
        dmft.MultiregionNetwork.from_loadings(1.0, **{**good, **changed})


def test_networks_of_different_numbers_of_regions_do_not_add():
    with pytest.raises(ModelError, match="regions"):
        dmft.Network((dmft.RegionalIID(np.eye(3)), dmft.RegionalIID(np.eye(2))))

"""The contract: what holds for every ensemble, and for every pair of ensembles.

A new ensemble is tested here through its entry in `tests.ensembles.examples.ENSEMBLES`: it is
frozen, pickles, names its bad fields, is drawn, solved and simulated.
"""

import dataclasses
import itertools
import pickle

import numpy as np
import pytest

import dmft
from dmft import validation
from dmft.base.errors import ModelError
from dmft.ensembles.ensemble import Ensemble
from dmft.ensembles.properties import kinds, noise_gains
from dmft.grids.order_parameters import OrderParameters
from dmft.network.network import Network
from dmft.stationary.self_consistent_map import SelfConsistentMap
from tests.ensembles.examples import ENSEMBLES

MEMORYLESS = [one for one in ENSEMBLES if not one.has_memory]
PAIRS = [pair for pair in itertools.combinations_with_replacement(MEMORYLESS, 2)
         if kinds(pair[0]) == kinds(pair[1])]
OF_ONE_KIND = [pair for pair in PAIRS if kinds(pair[0]) == 1]


def order_parameters(regions: int = 1) -> OrderParameters:
    """Of one kind of sites, or one row for each of several."""
    lags = dmft.Lags(30.0, 0.05)
    size = 1.0 if regions == 1 else 1 / np.arange(1.0, regions + 1)[:, None]
    C = size * 0.4 * np.exp(-lags.tau**2 / 8)
    static = 0.1 if regions == 1 else 0.1 / np.arange(1.0, regions + 1)
    return OrderParameters(lags, C, static, size * 0.6 / (1 + 1j * lags.omega))


def driven(ensemble):
    """The ensemble, with independent couplings added if it makes no noise by itself."""
    silent = ensemble.noise_gain == 0 or (ensemble.noise_gain is None and noise_gains(ensemble)
                                          is not None and not np.any(noise_gains(ensemble)))
    return (ensemble, dmft.IID(1.8)) if silent else (ensemble,)


@pytest.mark.parametrize("ensemble", ENSEMBLES, ids=repr)
def test_an_ensemble_is_frozen_data(ensemble):
    assert isinstance(ensemble, Ensemble)
    assert pickle.loads(pickle.dumps(ensemble)) == ensemble
    assert hash(ensemble) == hash(dataclasses.replace(ensemble))
    name = dataclasses.fields(ensemble)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(ensemble, name, 1.0)


@pytest.mark.parametrize("ensemble", ENSEMBLES, ids=repr)
@pytest.mark.parametrize("bad", [np.nan, np.inf, "x", None])
def test_a_bad_value_names_its_field(ensemble, bad):
    for field in dataclasses.fields(ensemble):
        with pytest.raises(ModelError, match=field.name):
            dataclasses.replace(ensemble, **{field.name: bad})


@pytest.mark.parametrize("ensemble", ENSEMBLES, ids=repr)
def test_noise_and_memory_fit_the_grid(ensemble):
    regions = kinds(ensemble)
    order = order_parameters(regions)
    spectrum, static = ensemble.noise(order)
    memory = ensemble.memory(order)
    assert spectrum.shape == memory.shape == order.C.shape
    assert np.all(spectrum > -1e-12)
    assert np.all(np.asarray(static) >= 0)
    assert ensemble.has_memory == bool(np.any(memory != 0))
    gains = noise_gains(ensemble)
    if gains is not None:  # noise = gains C, lag by lag
        assert gains.shape == (regions, regions)
        np.testing.assert_allclose(np.atleast_2d(spectrum),
                                   gains @ np.atleast_2d(order.C_spectrum))
        np.testing.assert_allclose(np.atleast_1d(static), gains @ np.atleast_1d(order.C_static))


@pytest.mark.parametrize("pair", OF_ONE_KIND, ids=repr)
def test_the_solution_of_a_sum_substituted_back_leaves_no_residual(pair):
    network = Network(pair, dmft.erf)
    solution = dmft.solve(network)
    state = np.append(solution.C_x.value, solution.C_x_static.value)
    image = SelfConsistentMap(network, solution.lags)(state)
    np.testing.assert_allclose(image, state, atol=1e-9 * state[0])
    assert pickle.loads(pickle.dumps(network)) == network


@pytest.mark.parametrize("ensemble", [one for one in ENSEMBLES if one.has_memory
                                      and kinds(one) == 1], ids=repr)
def test_couplings_with_memory_are_solved_by_sampled_paths(ensemble):
    solution = dmft.solve(Network(driven(ensemble), dmft.erf), tol=2e-2, rng=1)
    assert solution.convergence.method == "sampled"
    assert solution.branch == "chaotic"
    assert 0 < float(solution.C_phi[0].stderr) < 2e-2 * float(solution.C_phi[0])
    with pytest.raises(ModelError, match="memory"):
        dmft.solve(Network((ensemble,), dmft.erf), method="energy")


@pytest.mark.parametrize("ensembles", [driven(one) for one in ENSEMBLES] + PAIRS, ids=repr)
def test_every_sum_is_drawn_and_simulated(ensembles):
    network = Network(tuple(ensembles), dmft.erf)
    runs = validation.simulate(network, neurons=60, networks=2, duration=10.0, burn_in=10.0, rng=0)
    assert np.all(np.isfinite(np.asarray(runs.C_phi)))
    assert np.asarray(runs.C_phi)[0] > 0.1  # above the transition the network is active


def test_independent_couplings_add_in_variance():
    """Two iid ensembles with g1, g2 are one with sqrt(g1^2 + g2^2)."""
    one = dmft.solve(dmft.RandomNetwork(2.0, dmft.tanh))
    two = dmft.solve(Network((dmft.IID(1.2), dmft.IID(1.6)), dmft.tanh))
    np.testing.assert_allclose(two.C_x.value, one.C_x.value, rtol=1e-9, atol=1e-11)
    assert float(dmft.lyapunov_exponent(two)) == pytest.approx(
        float(dmft.lyapunov_exponent(one)), abs=1e-9)


def test_a_named_network_is_a_thin_constructor():
    named = dmft.RandomNetwork(2.0, dmft.erf, noise=0.5, bias=0.3)
    general = Network(named.ensembles, dmft.erf, noise=0.5, bias=0.3)
    np.testing.assert_array_equal(dmft.solve(named).C_x.value, dmft.solve(general).C_x.value)


def test_a_class_is_no_ensemble():
    with pytest.raises(ModelError, match="not an ensemble; give objects such as IID"):
        dmft.Network((dmft.IID(1.0), dmft.IID))

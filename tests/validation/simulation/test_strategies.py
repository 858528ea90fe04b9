"""The strategies draw networks for which the theory holds, and arguments that raise an error."""

import numpy as np
import pytest
from hypothesis import given, settings

import dmft
from dmft import IID, validation
from dmft.base.checks import positive, whole
from dmft.base.errors import ModelError
from dmft.validation import strategies


@given(strategies.networks())
@settings(max_examples=15)
def test_networks_are_solved_and_active(network):
    solution = dmft.solve(network)
    assert solution.convergence.success
    assert float(solution.C_x[0]) > 0


@given(strategies.networks(sums=False))
@settings(max_examples=5)
def test_networks_are_simulated(network):
    runs = validation.simulate(network, 30, 2, trials=2, duration=4.0, burn_in=4.0, rng=0)
    assert np.all(np.isfinite(runs.C_phi.value))


@given(strategies.networks(noise=False, bias=False))
def test_networks_without_input_are_chaotic(network):
    assert network.noise == network.bias == 0
    gain = sum(one.noise_gain for one in network.ensembles)
    assert gain * network.phi.slope_at_zero**2 > 1.4


@given(strategies.compositions())
@settings(max_examples=3)
def test_compositions_are_solved_and_active(network):
    assert 1 <= len(network.ensembles) <= 3
    assert {type(one) for one in network.ensembles} <= {IID, dmft.Modes, dmft.Hebbian}
    solution = dmft.solve(network, tol=1e-2)
    assert solution.convergence.success
    assert float(solution.C_x[0]) > 0.05


@given(strategies.populations())
@settings(max_examples=4)
def test_populations_are_solved_and_active(network):
    solution = dmft.solve(network, times=dmft.Times(2.0, 0.2), mean=0.5, variance=0.5, tol=0.1)
    assert solution.convergence.success
    assert np.all(solution.variance[-1] > 0.05)
    runs = validation.simulate(network, 20, 2, times=solution.times, at=[2.0], mean=0.5, rng=0)
    assert np.all(np.isfinite(runs.variance.value))


@given(strategies.units())
def test_units_are_stable(unit):
    assert np.all(unit.rates.real < 0)


@given(strategies.couplings(1.0, 2.0, reciprocity=True), strategies.grids(),
       strategies.nonlinearities(saturating=True))
def test_parts(ensemble, grid, phi):
    assert isinstance(ensemble, IID)
    assert 1 <= ensemble.g <= 2
    assert len(grid) > 40
    assert np.abs(phi(np.array([-50.0, 50.0]))).max() <= 1


@given(strategies.bad_numbers())
def test_bad_numbers_are_bad(value):
    with pytest.raises(ModelError, match="x="):
        positive("x", value)


@given(strategies.bad_sizes())
def test_bad_sizes_are_bad(value):
    with pytest.raises(ModelError, match="n="):
        whole("n", value)

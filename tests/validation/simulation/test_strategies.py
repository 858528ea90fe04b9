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

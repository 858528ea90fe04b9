"""The theory in time against prepared networks with disorder, and its control.

Sixty networks of each of two sizes, extrapolated in 1/N, at times chosen beforehand: agreement is
asked together with a resolution below 5 %, and the theory with couplings 1.05 times as strong must
be rejected by the very same runs. Without disorder the currents are exactly known: that is
`test_simulate_times.py`.
"""

import dataclasses

import numpy as np
import pytest

import dmft
from dmft import MultiregionNetwork, Times, validation

T = np.array([[[0.8, -1.1], [1.3, 0.4]], [[1.5, 0.3], [-0.9, 1.2]]])
U = [[[1.0, 0.3], [0.3, 1.2]], [[0.8, -0.2], [-0.2, 1.0]]]
PULSE = dmft.Input(dmft.Pulse([1.5, 0.0], start=1.0, stop=2.0), V=[[0.8, 0.3], [-0.4, 0.7]])
NETWORKS = {
    "chaos within a region, disorder between them": (
        MultiregionNetwork([1.2, 0.6], T, cross_g=[[0.0, 0.4], [0.3, 0.0]]), 4.0),
    "tanh, and directions that overlap": (
        MultiregionNetwork([1.2, 0.6], T, U=U, phi=dmft.tanh), 4.0),
    "a pulse, white noise and a bias": (
        MultiregionNetwork([0.8, 0.5], T, input=PULSE, noise=0.3, bias=0.3), 4.0),
}
START = {"currents": [[1.0, -0.6], [0.4, 0.9]], "variance": [0.5, 1.5]}


@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORKS)
def test_theory_agrees_with_prepared_networks(name):
    network, stop = NETWORKS[name]
    times = Times(stop, 0.1)
    runs = validation.simulate(network, (400, 1600), 60, times=times, at=np.arange(0.5, stop + 0.1),
                               trials=6, rng=7, **START)
    verdict = validation.compare(dmft.solve(network, times=times, **START), runs)
    assert verdict.p_value > 1e-3, verdict
    assert verdict.resolution < 0.05, verdict
    stronger = dataclasses.replace(network, T=1.05 * network.T, g=1.05 * network.g)
    control = validation.compare(dmft.solve(stronger, times=times, **START), runs)
    assert control.disagrees, control

"""The theory against finite networks: each feature of a network once, each with its control.

Sixty networks of each of two sizes, extrapolated in 1/N; agreement is asked together with a
resolution below 5 %, and the theory at 1.05 g must be rejected by the very same runs. What differs
from network to network (4 % of C_x(0) at 500 neurons) is averaged by networks alone: there are many
of them, each run for a short time. Sizes far apart make the better lever.
"""

import dataclasses

import pytest
import sympy

import dmft
from dmft import validation
from dmft.network.network import Network

x = sympy.Symbol("x", real=True)
ARCTAN = dmft.Nonlinearity.from_sympy(sympy.atan(x))
SOFTPLUS = dmft.Nonlinearity.from_sympy(sympy.log(1 + sympy.exp(x)))
HARD = dmft.Nonlinearity.from_sympy(sympy.Max(-1, sympy.Min(1, x)), "hard tanh")

NETWORKS = {
    "chaos": dmft.RandomNetwork(2.5, dmft.erf),
    "chaos of tanh": dmft.RandomNetwork(3.0, dmft.tanh),
    "white noise": dmft.RandomNetwork(1.5, dmft.erf, noise=0.6),
    "white noise below the transition": dmft.RandomNetwork(0.7, dmft.tanh, noise=0.5),
    "a quenched bias": dmft.RandomNetwork(3.0, dmft.tanh, bias=0.5),
    "relu, whose mean does not decay": dmft.RandomNetwork(0.6, dmft.relu, noise=0.5),
    "a phi of the user's own": dmft.RandomNetwork(2.0, ARCTAN, noise=0.6),
    "one that is not odd": dmft.RandomNetwork(0.6, SOFTPLUS, noise=0.5, bias=0.3),
    "kinks and units of different gains": dmft.HeterogeneousNetwork(
        2.5, dmft.Gains.lognormal(0.3), phi=HARD),
    "a sum of ensembles": Network((dmft.IID(1.5), dmft.IID(2.0)), dmft.erf),
    "adaptation": Network(dmft.IID(3.5), noise=0.5, unit=dmft.Adaptation(1.0, 4.0)),
    "a synapse in two stages": Network(dmft.IID(2.5), noise=0.5, unit=dmft.SynapticFilter(2.0)),
    "a delay, and couplings that return it": Network(
        dmft.IID(1.2, 0.4), noise=0.5, unit=dmft.Delayed(dmft.Leaky(), 0.5)),
    "discrete time": Network(dmft.IID(1.2), noise=0.3, bias=0.2, unit=dmft.Map(0.6)),
}


def stronger(network):
    """The same network with all couplings five per cent stronger: the negative control."""
    if isinstance(network, dmft.HeterogeneousNetwork):
        louder = tuple(dataclasses.replace(one, g=1.05 * one.g) for one in network.couplings)
        return dataclasses.replace(network, couplings=louder)
    if isinstance(network, Network):
        louder = tuple(dataclasses.replace(one, g=1.05 * one.g) for one in network.ensembles)
        return dataclasses.replace(network, ensembles=louder)
    return dataclasses.replace(network, g=1.05 * network.g)


@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORKS)
def test_theory_agrees_with_finite_networks(name):
    network = NETWORKS[name]
    runs = validation.simulate(network, neurons=(250, 1000), networks=60, trials=4,
                               duration=20.0, rng=7)
    verdict = validation.compare(dmft.solve(network), runs)
    assert verdict.p_value > 1e-3, verdict
    assert verdict.resolution < 0.05, verdict
    control = validation.compare(dmft.solve(stronger(network)), runs)
    assert control.disagrees, control

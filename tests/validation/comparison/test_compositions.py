"""Random compositions and populations against finite networks, and the controls of both.

Decided beforehand: 16 networks, 20 verdicts, a level of 1 % for all of them together, and of the
theories with couplings fifteen per cent stronger most must be rejected by the same runs.
"""

import dataclasses
import functools

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings

import dmft
from dmft import validation
from dmft.validation import strategies

COMPOSITIONS, POPULATIONS = 12, 4
ALPHA = 0.01 / (COMPOSITIONS + 2 * POPULATIONS)
TIMES = dmft.Times(stop=6.0, dt=0.2)
START = {"mean": 0.6, "variance": 0.5}
STRONGER = 1.15
RESOLVED = 0.045  # aimed at, so that verdicts are not undecided at 0.05


@functools.cache
def drawn(name, count):
    """The first networks with memory that a strategy draws, each of other parts than the last."""
    found = {}

    @settings(max_examples=300, phases=(Phase.generate,), derandomize=True, database=None,
              suppress_health_check=list(HealthCheck))
    @given(getattr(strategies, name)())
    def collect(network):
        if any(one.has_memory for one in network.ensembles):
            found.setdefault(parts(network), network)

    collect()
    assert len(found) >= count
    return list(found.values())[::len(found) // count][:count]


def parts(network):
    """Kinds of ensembles with and without memory, and of units."""
    kinds = sorted({(type(one).__name__, one.has_memory) for one in network.ensembles})
    unit = network.unit if isinstance(network.unit, tuple) else (network.unit,)
    return *kinds, *(type(one).__name__ for one in unit)


def stronger(one):
    """The same ensemble with stronger couplings."""
    if isinstance(one, dmft.Modes):
        return dataclasses.replace(one, spectrum=one.spectrum.scaled(STRONGER))
    name = "k" if isinstance(one, dmft.Hebbian) else "g"
    return dataclasses.replace(one, **{name: STRONGER * getattr(one, name)})


@functools.cache
def composition(index):
    """Verdicts on the theory, and on one with stronger couplings.

    Where 60 networks resolve too little, as many are simulated as the resolution asks for.
    """
    network = drawn("compositions", COMPOSITIONS)[index]
    runs, theory = simulated(network, 60), dmft.solve(network, tol=5e-3)
    resolution = validation.compare(theory, runs, alpha=ALPHA).resolution
    if resolution > RESOLVED:
        runs = simulated(network, int(np.ceil(60 * (resolution / RESOLVED) ** 2)))
    wrong = dataclasses.replace(network, ensembles=tuple(map(stronger, network.ensembles)))
    return tuple(validation.compare(one, runs, alpha=ALPHA)
                 for one in (theory, dmft.solve(wrong, tol=5e-3)))


def simulated(network, networks):
    return validation.simulate(network, (150, 600), networks, trials=2, duration=20.0,
                               burn_in=30.0, lags=[0.0, 0.5, 1.0, 2.0], rng=7)


@functools.cache
def population(index):
    """Verdicts on power and rates in time, and on the power with stronger couplings."""
    network = drawn("populations", POPULATIONS)[index]
    runs = validation.simulate(network, (100, 400), 60, trials=8, times=TIMES, rng=7,
                               at=[1.0, 2.0, 4.0, 6.0], **START)
    wrong = dataclasses.replace(network, g=STRONGER * network.g, k=STRONGER * network.k)
    theory, other = (dmft.solve(one, times=TIMES, rng=0, **START) for one in (network, wrong))
    power = functools.partial(validation.compare, quantity=("variance", "power"), alpha=ALPHA)
    return (power(theory, runs), validation.compare(theory, runs, quantity="rates", alpha=ALPHA),
            power(other, runs))


@pytest.mark.slow
@pytest.mark.parametrize("index", range(COMPOSITIONS))
def test_compositions_agree(index):
    verdict, _ = composition(index)
    assert verdict.agrees, (drawn("compositions", COMPOSITIONS)[index], verdict)


@pytest.mark.slow
@pytest.mark.parametrize("index", range(POPULATIONS))
def test_populations_agree(index):
    """Rates can be small, and are tested without a resolution relative to them."""
    power, rates, _ = population(index)
    assert power.agrees, (drawn("populations", POPULATIONS)[index], power)
    assert not rates.disagrees, (drawn("populations", POPULATIONS)[index], rates)


@pytest.mark.slow
def test_stronger_couplings_are_rejected_in_most_cases():
    """The control: the same runs, the theory with couplings fifteen per cent stronger."""
    controls = [composition(index)[-1] for index in range(COMPOSITIONS)]
    controls += [population(index)[-1] for index in range(POPULATIONS)]
    assert np.mean([one.disagrees for one in controls]) >= 0.75, [one.p_value for one in controls]


def test_the_networks_differ_and_have_every_part():
    several = drawn("compositions", COMPOSITIONS)
    kinds = {type(one) for network in several for one in network.ensembles}
    assert kinds == {dmft.IID, dmft.Hebbian, dmft.Modes}
    assert len({type(network.unit) for network in several}) == 4
    assert len({repr(network) for network in several}) == COMPOSITIONS
    assert len(drawn("populations", POPULATIONS)) == POPULATIONS

"""compare of stationary states of regions: each region and current, signs, networks that leave."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import dmft
from dmft import ModelError, validation


def low_rank(factor=1.0):
    overlaps = factor * np.array([[2.0, 0.3], [0.1, 1.2]])
    return dmft.Network((dmft.LowRank([0, 0], [0, 0], overlaps, np.eye(2), 1),), dmft.erf)


def regional_iid(factor=1.0):
    gains = factor * np.array([[0.9, 0.4], [0.3, 0.8]])
    return dmft.Network((dmft.RegionalIID(gains),), dmft.erf, noise=0.5)


def multiregion(factor=1.0, g=0.0):
    return dmft.MultiregionNetwork.symmetric(g, factor * np.array([[1.6, 0.3], [0.3, 2.0]]))


CASES = {"low rank": (low_rank, 20000, 2.0), "regions": (regional_iid, 400, 60.0),
         "currents": (multiregion, 20000, 2.0)}


@cache
def state_of(name):
    return dmft.solve(CASES[name][0]()).stable[0]


@cache
def runs_of(name, sign=1.0):
    make, neurons, duration = CASES[name]
    z = state_of(name).z
    start = {"currents": sign * z} if z.size else {}
    return validation.simulate(make(), neurons, 16, trials=1, duration=duration, burn_in=40.0,
                               lags=[0.0, 1.0], rng=1, **start)


@pytest.mark.parametrize("name", CASES)
def test_a_state_agrees_with_networks_that_start_there(name):
    verdict = validation.compare(state_of(name), runs_of(name))
    assert verdict.agrees, verdict
    assert not any("left" in note or "equations" in note for note in verdict.notes)
    regions = len(state_of(name).psi)
    assert {what for what, _ in verdict.tests if what.startswith("C_x")} == {
        f"C_x[{region}]" for region in range(regions)}
    assert sum(what.startswith("S") for what, _ in verdict.tests) == state_of(name).z.size


@pytest.mark.parametrize("name", CASES)
def test_a_state_of_couplings_that_are_stronger_by_5_percent_is_rejected(name):
    others = dmft.solve(CASES[name][0](1.05)).stable
    wrong = min(others, key=lambda one: np.sum((one.z - state_of(name).z)**2))
    verdict = validation.compare(wrong, runs_of(name))
    assert verdict.disagrees, verdict
    assert name == "regions" or any("does not solve" in note for note in verdict.notes)


def test_of_all_states_the_one_where_the_runs_started_is_compared():
    states = dmft.solve(multiregion())
    assert len(states.stable) == 4
    verdict = validation.compare(states, runs_of("currents"))
    np.testing.assert_array_equal(verdict.z, validation.compare(state_of("currents"),
                                                                runs_of("currents")).z)
    elsewhere = replace(runs_of("currents"), settings=replace(runs_of("currents").settings,
                                                              currents=(), variance=()))
    with pytest.raises(ModelError, match=r"4 stable states; give one, states\[i\].*currents="):
        validation.compare(states, elsewhere)
    assert validation.compare(dmft.solve(regional_iid()), runs_of("regions")).agrees


def test_reversed_currents_are_the_same_state():
    """Started at -z, and compared with z: the currents are matched with reversed sign."""
    one, other = (validation.compare(state_of("low rank"), runs_of("low rank", sign))
                  for sign in (1.0, -1.0))
    assert other.agrees
    currents = [what.startswith("S") for what, _ in other.tests]
    np.testing.assert_allclose(other.simulation[currents], one.simulation[currents], rtol=0.05)
    free = validation.simulate(low_rank(), 20000, 16, trials=1, duration=2.0, burn_in=40.0,
                               lags=[0.0, 1.0], rng=1)  # of either sign
    signs = np.sign(free.samples("S_trials")[:, 0, 0, 0])
    assert -1 < signs.mean() < 1
    assert validation.compare(state_of("low rank"), free).agrees


def test_networks_that_leave_the_state_are_reported_and_left_out():
    runs = runs_of("currents")
    S = runs.per_network["S_trials"].copy()
    S[0, :3, 0, 1] = 0.0  # three networks lose their currents in the second half
    moved = replace(runs, per_network={**runs.per_network, "S_trials": S})
    verdict = validation.compare(state_of("currents"), moved)
    assert any("3 of 16 networks" in note and "left it" in note for note in verdict.notes)
    assert verdict.networks == (13,)
    assert verdict.agrees
    S[0, :9, 0, 1] = 0.0
    with pytest.raises(ModelError, match=r"only 7 of 16 networks .*currents=state.z"):
        validation.compare(state_of("currents"), moved)


def test_an_unstable_state_is_reported_as_unstable():
    unstable = next(one for one in dmft.solve(multiregion()) if not one.stable and np.any(one.z))
    with pytest.raises(ModelError, match="only 0 of 16 networks"):
        validation.compare(unstable, runs_of("currents"))


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(ModelError, match="currents of shape"):
        validation.compare(state_of("low rank"), runs_of("currents"))
    with pytest.raises(ModelError, match=r"quantity='S'.*no currents"):
        validation.compare(state_of("regions"), runs_of("regions"), quantity="S")
    with pytest.raises(ModelError, match=r"currents=.*regions, populations or low-rank"):
        validation.simulate(dmft.RandomNetwork(1.5), 20, 2, currents=[1.0])


@pytest.mark.slow
def test_a_state_of_chaotic_regions_agrees():
    network = dmft.MultiregionNetwork.symmetric([1.8, 1.2], [[1.9, 0.3], [0.3, 2.0]])
    states = dmft.solve(network)
    state = next(one for one in states.stable if one.chaotic[0] and np.all(np.diag(one.z) > 0.1))
    runs = validation.simulate(network, 1200, 24, trials=1, duration=30.0, burn_in=30.0,
                               lags=[0.0, 2.0], currents=state.z, rng=2)
    verdict = validation.compare(state, runs, quantity=("C_phi", "psi"))
    assert not verdict.disagrees, verdict
    assert verdict.by_quantity["psi"] < 0.05
    quiet = next(one for one in states if not np.any(one.z))
    assert np.linalg.norm(quiet.psi - state.psi) > 0.1  # the gains tell the states apart

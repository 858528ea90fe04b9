"""A network in the hands of a user: started, run, halted, released, asked, stored and recalled."""

import numpy as np
import pytest

import dmft
from dmft import validation
from dmft.base.errors import ModelError
from dmft.validation.plasticity.freezing import freezing_settings
from dmft.validation.plasticity.freezing_run import HaltedNetwork

NETWORK = dmft.PlasticNetwork(1.5, 1.2, 2.5)


def test_it_is_the_network_that_freeze_runs():
    """Equal steps from equal states: those of `freeze`, up to the time of a halt."""
    run = validation.start(NETWORK, 60, rng=3, dtype="float64")
    settings = freezing_settings(NETWORK, 60, 1, 1, 10.0, 0.1, 0.0, None, 3, "float64")
    other = HaltedNetwork(settings, 60, 0)
    for _ in other.run(4.1):  # the initial state is the first of its states
        pass
    run.run(1.5)
    run.run(2.5)
    np.testing.assert_array_equal(run.state, other.x[:, 0])
    assert run.t == pytest.approx(4.0)


def test_couplings_obey_the_rule_of_plasticity():
    """W is what drives the states, A obeys its equation, and a halt keeps both."""
    run = validation.start(NETWORK, 40, rng=1, dt=0.05, dtype="float64")
    run.run(3.0)
    A, phi, W = run.synapses, run.phi, run.couplings
    h = 0.05 / 2.5  # the exponential step with phi phi^T interpolated linearly
    run.run(0.05)
    mean = (np.outer(phi, phi) + np.outer(run.phi, run.phi)) / 2
    exact = np.exp(-h) * A + (1 - np.exp(-h)) * 1.2 / 40 * mean
    np.testing.assert_allclose(run.synapses, exact, atol=2e-7)
    np.testing.assert_allclose(W - A, run.couplings - run.synapses, atol=1e-14)
    run.halt()
    kept = run.couplings
    run.run(2.0)
    np.testing.assert_allclose(run.couplings, kept, atol=1e-14)
    slope = -run.state + kept @ run.phi
    before = run.state
    run.run(0.05)
    np.testing.assert_allclose((run.state - before) / 0.05, slope, atol=0.05)
    run.release()
    run.run(0.5)
    assert np.max(np.abs(run.couplings - kept)) > 1e-4
    assert not run.halted


def test_memories_are_recalled_one_after_another():
    run, stored = validation.start(dmft.PlasticNetwork(1.5, 1.4, 2.5), 400, rng=2), []
    for _ in range(2):
        run.run(60.0)
        stored.append(run.store())
    run.run(30.0)
    assert abs(run.overlap(stored[0])) < 0.8
    for one, other in (stored, stored[::-1]):
        run.recall(one)
        run.run(80.0)
        assert abs(run.overlap(one)) > 0.9
        assert abs(run.overlap(other)) < 0.8
        assert run.overlap(run.state) == pytest.approx(1.0)
        assert run.overlap(one.x) == pytest.approx(run.overlap(one), abs=1e-6)
    run.recall(stored[0])  # the stored couplings themselves were not changed by the runs
    A = run.synapses
    run.run(5.0)
    run.recall(stored[0])
    np.testing.assert_array_equal(run.synapses, A)


def test_trajectories_have_synapses_of_their_own():
    run = validation.start(NETWORK, 50, trials=3, rng=1)
    run.run(20.0)
    assert run.state.shape == (50, 3)
    assert run.overlap(run.state).shape == (3,)
    np.testing.assert_allclose(run.overlap(run.state), 1.0, rtol=1e-6)


def test_starts_of_other_networks():
    quiet = validation.start(dmft.RandomNetwork(0.5), 50, variance=4.0, rng=1)
    assert 2.0 < np.var(quiet.state) < 7.0
    regions = validation.start(dmft.MultiregionNetwork(0.5, T=[[[1.5]]]), 50, currents=[[2.0]],
                               variance=0.1, rng=1)
    assert np.var(regions.state) > 1.0
    regions.run(1.0)
    for verb in (quiet.halt, quiet.release, quiet.store):
        with pytest.raises(ModelError, match="no plastic couplings"):
            verb()
    with pytest.raises(ModelError, match="state="):
        quiet.overlap(np.ones(3))
    with pytest.raises(ModelError, match="stored="):
        validation.start(NETWORK, 20, rng=1).recall(np.ones(20))


def test_halted_activity_that_moves_is_measured():
    """Nothing at rest at small k: overlap and static share are numbers all the same."""
    runs = validation.freeze(dmft.PlasticNetwork(2.5, 0.05, 2.5), 200, 2, duration=60.0,
                             burn_in=30.0, after=0.0, rng=2)
    assert float(runs.converged[0]) == 0
    assert abs(float(runs.halted_overlap[0])) < 0.4
    assert 0 < float(runs.static_share[0]) < 0.4
    rested = validation.freeze(dmft.PlasticNetwork(1.5, 2.0, 2.5), 200, 2, burn_in=60.0, after=0.0,
                               rng=2)
    np.testing.assert_allclose(rested.per_freeze["static_share"], 1.0)
    np.testing.assert_array_equal(rested.per_freeze["halted_overlap"],
                                  rested.per_freeze["overlap"])


def test_a_time_that_rounds_to_no_step_is_refused():
    run = validation.start(dmft.RandomNetwork(2.0), neurons=20, rng=1)
    with pytest.raises(dmft.ModelError, match=r"^duration=0\.04: shorter than half a step"):
        run.run(0.04)
    run.run(0.0)
    assert run.t == 0


def test_a_run_that_was_ended_does_not_go_on():
    """Activity that diverges, also in a run shorter than the checks are apart; an interruption."""
    run = validation.start(dmft.Network(dmft.IID(3.0), dmft.linear), neurons=50, rng=1)
    run.run(1.0)
    with pytest.raises(ModelError, match="activity diverged"):
        run.run(1000.0)
    before = run.t
    with pytest.raises(ModelError, match=r"^run=.*start a new one"):
        run.run(1.0)
    assert 1.0 < run.t == before < 1001.0


def test_the_time_counts_steps_until_an_interruption(monkeypatch):
    run = validation.start(dmft.RandomNetwork(2.0), neurons=20, rng=1)
    run.run(2.0)
    real = run._network._path

    def stopped():
        yield next(real)
        raise KeyboardInterrupt

    run._network._path = stopped()
    with pytest.raises(KeyboardInterrupt):
        run.run(5.0)
    assert run.t == pytest.approx(2.0 + run._network.settings.dt)
    with pytest.raises(ModelError, match=r"^run=.*start a new one"):
        run.run(1.0)

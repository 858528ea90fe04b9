"""Halting and releasing plasticity: fixed points, and the quantities measured there."""

import numpy as np
import pytest

import dmft
from dmft import PlasticNetwork, validation
from dmft.base.errors import ModelError
from dmft.validation.couplings.operators import matrix_of
from dmft.validation.plasticity.freezing import Freezes, freezing_settings
from dmft.validation.plasticity.freezing_run import (
    HaltedNetwork,
    freeze_and_release,
    overlaps,
    relative_speeds,
)

NETWORK = PlasticNetwork(1.5, 1.2, 2.5)


def settings(network=NETWORK, networks=2, freezes=3, duration=300.0, burn_in=60.0):
    return freezing_settings(network, 200, networks, freezes, duration, 0.1, burn_in, None, 1,
                             "float32")


@pytest.fixture(scope="module")
def rested():
    one = HaltedNetwork(settings(), 200, 0)
    for _ in one.run(60.1):
        pass
    start, moving = one.phi.copy(), one.x.copy()
    one.halt()
    return one, one.run_to_fixed_point(300.0), start, moving


def test_rest_is_a_fixed_point_of_the_kept_couplings(rested):
    one, time, start, moving = rested
    assert np.sum(np.isfinite(time)) >= 2
    for b in np.flatnonzero(np.isfinite(time)):
        W = matrix_of(one.couplings, one.phi, b).astype(float)
        off = W @ one.phi[:, b] - one.x[:, b]
        assert np.linalg.norm(off) < 3e-4 * np.linalg.norm(one.x[:, b])
        was = W @ start[:, b] - moving[:, b]
        assert np.linalg.norm(was) > 0.03 * np.linalg.norm(moving[:, b])
        # the plastic part points along what has been: this holds the state
        plastic = W - one.couplings.terms[0].matrix
        np.testing.assert_allclose(plastic, plastic.T, atol=1e-6)
        assert start[:, b] @ plastic @ start[:, b] > 0


def test_the_matrix_of_couplings_is_what_they_apply(rested):
    one = rested[0]
    applied = one.couplings.apply(one.phi)
    for b in range(3):
        np.testing.assert_allclose(matrix_of(one.couplings, one.phi, b) @ one.phi[:, b],
                                   applied[:, b], rtol=1e-3, atol=1e-5)


def test_what_is_measured_of_one_network(rested):
    found = freeze_and_release(settings(), 200, 0, 40.0, True)
    rests = found["converged"] == 1
    assert np.all(np.isfinite(found["time"]) == rests)
    assert np.all(np.isfinite(found["overlap"]) == rests)
    assert np.all(found["abscissa"][rests] < 0.01)  # what it came to is stable
    one, _, start, _ = rested  # the same network, from the same starts
    slope = 1 - np.tanh(one.x.astype(float))**2
    known = {"q": 1.5**2 * np.mean(slope**2, axis=0), "C": np.mean(one.phi**2, axis=0),
             "overlap": np.sum(start * one.phi, axis=0)
             / np.sqrt(np.sum(start**2, axis=0) * np.sum(one.phi**2, axis=0))}
    for name, values in known.items():
        np.testing.assert_allclose(found[name][rests], values[rests], rtol=1e-4)
    assert np.all(found["overlap"][rests] < 0.9999)
    np.testing.assert_allclose(found["C_before"], np.mean(start**2, axis=0), rtol=1e-5)
    assert np.all(np.abs(found["C_after"] - found["C_before"]) < 0.2)


def test_a_slow_place_that_is_left_again_is_no_rest():
    """Speeds of two trajectories over five looks: one rests from the third on, one rests twice."""
    class Played(HaltedNetwork):
        def __init__(self):
            self.settings = settings(freezes=2)

        def run(self, time):
            moves = np.array([[1, 0], [1, 1], [0, 1], [0, 1], [0, 0]])
            x = np.ones((3, 2))
            for step in range(50):
                x += 0.01 * moves[step // 10]
                yield step, x, x

    np.testing.assert_allclose(Played().run_to_fixed_point(5.0), [3.0, 5.0])


def test_a_frozen_state_is_left_again_after_release():
    runs = validation.freeze(PlasticNetwork(1.5, 1.0, 2.5), 400, 3, freezes=2, burn_in=80.0,
                             after=60.0, rng=2)
    assert np.all(runs.per_freeze["moving"] == 1)
    assert float(np.mean(runs.per_freeze["overlap_after"])) < 0.6
    assert float(runs.converged[0]) > 0.4
    assert 0.5 < float(runs.overlap[0]) <= 1
    assert runs.neurons == (400,)
    assert "converged" in repr(runs)


def test_without_much_plasticity_nothing_freezes():
    runs = validation.freeze(PlasticNetwork(2.5, 0.05, 2.5), 300, 3, duration=60.0, burn_in=30.0,
                             after=0.0, rng=2)
    assert float(runs.converged[0]) == 0
    assert float(runs.converged[0].stderr) > 0
    assert np.isnan(float(runs.overlap[0]))
    assert np.all(np.isnan(runs.per_freeze["moving"]))


def test_fractions_have_their_binomial_error():
    kept = np.array([[[1.0], [1.0], [0.0], [1.0]]])
    runs = Freezes(settings(networks=4, freezes=1), {"converged": kept})
    assert float(runs.converged[0]) == 0.75
    assert float(runs.converged[0].stderr) == pytest.approx(np.sqrt(4 / 6 * 2 / 6 / 6))
    # of several freezes that depend on the network, the scatter over networks
    alike = np.repeat([[[1.0]], [[0.0]]], 50, axis=2).reshape(1, 2, 50)
    runs = Freezes(settings(networks=2, freezes=50), {"converged": alike})
    assert float(runs.converged[0].stderr) == pytest.approx(0.5)


def test_means_are_over_networks_and_leave_out_what_is_not_there():
    value = np.array([[[1.0, np.nan], [3.0, 5.0], [np.nan, np.nan]]])
    mean = Freezes(settings(), {"q": value}).q
    assert float(mean[0]) == 2.5
    assert float(mean[0].stderr) == pytest.approx(np.std([1, 4], ddof=1) / np.sqrt(2))


def test_speeds_and_overlaps_in_closed_form():
    a, b = np.array([[3.0, 1.0], [4.0, 0.0]]), np.array([[3.0, 0.0], [4.0, -2.0]])
    np.testing.assert_allclose(overlaps(a, b), [1.0, 0.0])
    np.testing.assert_allclose(relative_speeds(a, b, 0.5), [0.0, np.sqrt(5) / 2 / 0.5])


def test_traces_show_the_three_parts():
    traces = validation.freeze_traces(NETWORK, 300, 4, before=10.0, during=150.0, after=40.0,
                                      burn_in=60.0, rng=1)
    assert traces.x.shape == (2001, 4)
    assert (traces.halted, traces.released) == (10.0, 160.0)

    def motion(first, last):
        part = traces.x[(traces.t >= first) & (traces.t < last)]
        return np.abs(np.diff(part, axis=0)).max()

    # the states shown first move, those at the end of the halt do not, those after it do again
    assert motion(0, 10) > 1e-2
    assert motion(150, 160) < 1e-3 * motion(0, 10)
    assert motion(180, 200) > 100 * motion(150, 160)


def test_traces_of_synapses_obey_their_rule():
    """(1 + p d/dt) A_ij = (k/N) phi_i phi_j, over a step by the trapezoidal rule; then it halts."""
    N, k, p, dt = 60, 1.0, 2.5, 0.05
    traces = validation.freeze_traces(PlasticNetwork(1.5, k, p), N, 3, before=10.0, during=5.0,
                                      after=0.0, burn_in=20.0, dt=dt, rng=1, dtype="float64")
    running = traces.t <= traces.halted
    A, phi = traces.A[running], np.tanh(traces.x[running])
    driven = k / N * phi[:, :, None] * phi[:, None, :]
    left = (A[1:] + A[:-1]) / 2 + p * (A[1:] - A[:-1]) / dt
    np.testing.assert_allclose(left, (driven[1:] + driven[:-1]) / 2, atol=1e-3 * np.abs(A).max())
    np.testing.assert_allclose(A, A.transpose(0, 2, 1), atol=1e-15)
    assert np.ptp(A[:, 0, 1]) > 1e-2 * k / N
    halted = traces.A[traces.t > traces.halted + dt / 2]
    np.testing.assert_allclose(halted, np.broadcast_to(A[-1], halted.shape), rtol=1e-12)
    with pytest.raises(ModelError, match="units=4"):
        validation.freeze_traces(NETWORK, 3, 4, rng=1)


@pytest.mark.parametrize(("network", "problem"), [
    (dmft.RandomNetwork(2.0), "no plastic"), (PlasticNetwork(2.0, 1.0, 2.0, noise=0.1), "noise")])
def test_what_cannot_be_frozen_is_named(network, problem):
    with pytest.raises(ModelError, match=problem):
        validation.freeze(network, 20, 2, rng=0)
    with pytest.raises(ModelError, match="after"):
        validation.freeze(NETWORK, 20, 2, after=-1.0, rng=0)


@pytest.mark.slow
def test_the_frozen_state_is_that_of_the_theory():
    """g = 1.5, k = 1, p = 2.5: overlap .925(10), C* .545(8), q .72(3) in theory."""
    runs = validation.freeze(PlasticNetwork(1.5, 1.0, 2.5), 1500, 6, freezes=2, duration=200.0,
                             burn_in=100.0, after=30.0, rng=1)
    for found, known, allowed in ((runs.overlap, 0.925, 0.01), (runs.C, 0.545, 0.008),
                                  (runs.q, 0.72, 0.03)):
        assert abs(float(found[0]) - known) < 4 * np.hypot(float(found[0].stderr), allowed)
    assert float(runs.overlap[0].stderr) < 0.04
    assert float(runs.converged[0]) > 0.7
    assert float(runs.moving[0]) == 1

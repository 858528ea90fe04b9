"""Which state a sampled solve returns where several coexist, and the evidence that it gives."""

import numpy as np
import pytest

import dmft
from dmft.base.errors import ConvergenceError, ModelError
from dmft.base.outcomes import Outcome
from dmft.network.network import Network
from dmft.sampled import slow_starts
from dmft.sampled.activity_bound import only_quiescent
from dmft.sampled.starting_statistics import from_above

PLASTIC = dmft.PlasticNetwork


@pytest.mark.parametrize("g", [0.5, 0.8])
def test_the_bound_on_activity_is_the_inequality_for_tanh(g):
    """atanh(c)/c <= g + k c^2 for some c in (0, 1), whatever p."""
    c = np.linspace(1e-3, 1 - 1e-9, 200_000)
    k = float(np.min((np.arctanh(c) / c - g) / c**2))
    assert only_quiescent(PLASTIC(g, 0.97 * k, 2.5))
    assert only_quiescent(PLASTIC(g, -0.97 * k, 10.0))
    assert not only_quiescent(PLASTIC(g, 1.03 * k, 2.5))


@pytest.mark.parametrize("network", [
    PLASTIC(1.05, 0.01, 2.5), PLASTIC(0.5, 0.1, 2.5, noise=0.1), PLASTIC(0.5, 0.1, 2.5, dmft.relu),
    dmft.RandomNetwork(0.5, reciprocity=0.3),
    Network((dmft.IID(0.5), dmft.Hebbian(0.1, 2.5)), dmft.tanh, bias=0.1)], ids=repr)
def test_the_bound_excludes_nothing_where_it_does_not_hold(network):
    assert not only_quiescent(network)


def test_quiescence_by_the_bound_needs_no_paths(monkeypatch):
    monkeypatch.setattr(slow_starts, "run_pilot", None)
    found = dmft.solve(PLASTIC(0.8, 0.8, 2.5))
    assert found.branch == "quiescent"
    assert "excludes activity" in found.convergence.message


def test_quiescence_is_returned_after_starts_of_longer_and_longer_correlation_time():
    found = dmft.solve(PLASTIC(0.6, 1.4, 1.0))
    assert found.branch == "quiescent"
    assert "correlation time 8, 32, 128 decays" in found.convergence.message


def test_activity_that_decays_only_in_a_short_window_is_reported(monkeypatch):
    """The fast start alone decays here; a slower one, whose state survives, gives the message."""
    network = PLASTIC(0.95, 1.5, 1.0)
    with pytest.raises(ConvergenceError, match="give a longer span") as caught:
        dmft.solve(network, lags=dmft.Lags(12.0, 0.4))
    assert caught.value.solution.branch == "quiescent"


def test_the_slow_starts_are_as_slow_as_their_windows():
    network = PLASTIC(0.8, 1.8, 2.5)
    for span in (160.0, 640.0):
        start = from_above(network, dmft.Lags(span, 0.8))
        late = np.interp(span / 4, start.lags.tau, start.C) / start.C[0]
        assert 0.05 < late < 0.3


def test_one_branch_is_requested():
    quiet = dmft.solve(PLASTIC(0.9, 1.8, 2.5), branch="quiescent")
    assert quiet.branch == "quiescent"
    assert quiet.convergence.success
    with pytest.raises(ConvergenceError, match="quiescent state is unstable"):
        dmft.solve(PLASTIC(1.5, -1.0, 2.5), branch="quiescent")
    missing = dmft.solve(PLASTIC(0.8, 0.5, 2.5), branch="chaotic", strict=False)
    assert missing.branch == "quiescent"
    assert missing.convergence.ended is Outcome.BRANCH_NOT_FOUND
    assert "no chaotic state was found" in missing.convergence.message
    assert dmft.solve(PLASTIC(1.5, -1.0, 2.5), branch="chaotic", tol=2e-2).branch == "chaotic"


@pytest.mark.parametrize(("network", "branch", "why"), [
    (PLASTIC(1.5, -1.0, 2.5, noise=0.3), "quiescent", "has noise"),
    (dmft.RandomNetwork(2.0), "chaotic", "another method"),
    (PLASTIC(0.8, 0.5, 2.5), "fast", "unknown option")])
def test_a_branch_that_cannot_be_requested_is_refused(network, branch, why):
    with pytest.raises(ModelError, match=rf"branch=.*{why}"):
        dmft.solve(network, branch=branch)


@pytest.mark.slow
@pytest.mark.parametrize(("g", "k", "p", "known", "error"), [
    (0.95, 1.5, 1.0, 0.61402, 0.0006), (0.8, 1.8, 2.5, 0.846, 0.002)])
def test_hebbian_induced_chaos_is_found_by_default(g, k, p, known, error):
    """Prototypes that integrate paths in time: .61402(58), .84726(138) and .84516(101)."""
    found = dmft.solve(PLASTIC(g, k, p), tol=2e-2)
    assert found.branch == "chaotic"
    assert abs(float(found.C_phi[0]) - known) < 4 * np.hypot(float(found.C_phi[0].stderr), error)
    assert float(found.C_phi[0].stderr) < 0.02 * known


@pytest.mark.slow
def test_the_solution_between_quiescence_and_chaos_is_left():
    """At g=0.7, k=1.8 the first solution, C(0) = 0.44, is the unstable one of three."""
    found = dmft.solve(PLASTIC(0.7, 1.8, 2.5), tol=2e-2)
    assert 0.8 < float(found.C_phi[0].value) < 0.88


@pytest.mark.slow
def test_near_the_onset_of_chaos():
    """Modes are nearly neutral: .02475 from three seeds, which bounded steps did not reach."""
    found = dmft.solve(dmft.PlasticNetwork(1.05, -1.0, 2.5))
    assert found.branch == "chaotic"
    assert float(found.C_phi[0]) == pytest.approx(0.02475, rel=5e-4)


@pytest.mark.slow
@pytest.mark.parametrize(("g", "C0", "low"), [(1.141, 0.02649, -0.64), (1.2, 0.04054, -0.385)])
def test_near_the_onset_of_slow_oscillations(g, C0, low):
    """C(0) at the first from two seeds and from a window of 800, where C(20)/C(0) = -0.62(1).

    At the second from 256 and 1024 paths. The minima are at the lags 18 and 12.
    """
    found = dmft.solve(dmft.PlasticNetwork(g, -5.0, 2.5), tol=1e-2)
    assert float(found.C_phi[0]) == pytest.approx(C0, rel=1e-3)
    shape = found.C_phi.value / found.C_phi.value[0]
    assert shape.min() == pytest.approx(low, abs=0.05)


@pytest.mark.slow
def test_a_mode_that_few_paths_show_as_unstable():
    """Mixed steps do not become stationary here: the eigenvalue of 256 paths is 1.0005."""
    found = dmft.solve(dmft.PlasticNetwork(g=1.21, k=-4.8, p=2.5), tol=1e-2, rng=None)
    assert found.convergence.success
    assert float(found.C_phi[0]) == pytest.approx(0.04433, rel=2e-3)

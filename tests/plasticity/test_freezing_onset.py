"""The onset of freezable chaos: its search on given q(k), also with a plateau, and at small g."""

import numpy as np
import pytest

import dmft
from dmft.base.errors import ConvergenceError
from dmft.plasticity import freezing_onset

ERROR = 1e-3  # of the given q


class Given:
    def __init__(self, q: float):
        self.q = dmft.Estimate(q, ERROR)


@pytest.fixture
def given(monkeypatch):
    """Prescribes q(k); returns the list of the k that the search asked for."""
    def prescribe(q):
        asked, rng = [], np.random.default_rng(0)

        def freeze(network, **_):
            asked.append(network.k)
            return Given(q(network.k) + ERROR * rng.standard_normal())

        monkeypatch.setattr(freezing_onset, "solve", lambda network, **_: network)
        monkeypatch.setattr(freezing_onset, "freeze", freeze)
        return asked

    return prescribe


def without_overlap(g):
    """q of x* = g sqrt(C) z, C = <tanh(x*)^2>, by a sum over z."""
    z = np.linspace(-9, 9, 4001)
    weight = np.exp(-z**2 / 2) / np.exp(-z**2 / 2).sum()
    C = 0.3
    for _ in range(3000):
        C = weight @ np.tanh(g * np.sqrt(C) * z) ** 2
    return g**2 * weight @ (1 - np.tanh(g * np.sqrt(C) * z) ** 2) ** 2


@pytest.mark.parametrize("g", [1.1, 1.3, 2.0])
def test_q_without_overlap(g):
    found = freezing_onset._without_overlap(dmft.tanh, g**2)
    assert found == pytest.approx(without_overlap(g), rel=1e-6)


@pytest.mark.parametrize("start", [0.0, 0.2, 0.3, 0.8])
def test_values_on_the_plateau_do_not_shift_the_onset(given, start):
    """As at g = 1.1: q = 1.0102 up to k = .34, then it decreases.

    A line through all values is off by .02.
    """
    top, onset = without_overlap(1.1), 0.365
    asked = given(lambda k: min(top, 1 - 0.33 * (k - onset) - 0.35 * (k - onset) ** 2))
    found = dmft.freezing_onset(dmft.PlasticNetwork(1.1, start, 2.5), tol=0.01)
    assert float(found) == pytest.approx(onset, abs=0.01)
    assert float(found.stderr) <= 0.01
    assert len(asked) <= 8


@pytest.mark.parametrize("start", [0.0, 0.5, 1.5])
def test_the_onset_is_found_from_any_side(given, start):
    asked = given(lambda k: min(without_overlap(1.5), 1 - 0.9 * (k - 0.67)))
    found = dmft.freezing_onset(dmft.PlasticNetwork(1.5, start, 2.5), tol=0.01)
    assert abs(float(found) - 0.67) < 4 * float(found.stderr)
    assert 0 < float(found.stderr) <= 0.01
    assert len(asked) <= 6


def test_a_missing_onset_is_said_with_what_was_evaluated(given):
    asked = given(lambda k: 1.9)
    with pytest.raises(ConvergenceError, match=r"no k with q.*without overlap") as said:
        dmft.freezing_onset(dmft.PlasticNetwork(1.5, 1.1, 2.5))
    assert f"{asked[0]:.3g}" in str(said.value)
    assert len(asked) == freezing_onset.MAX_EVALUATIONS


def test_where_freezing_fails_the_search_goes_up(given, monkeypatch):
    given(lambda k: 1 - 0.9 * (k - 0.67))
    works = freezing_onset.freeze

    def fails_below(network, **options):
        if network.k < 0.66:
            raise ConvergenceError("slow")
        return works(network, **options)

    monkeypatch.setattr(freezing_onset, "freeze", fails_below)
    found = dmft.freezing_onset(dmft.PlasticNetwork(1.5, 0.4, 2.5), tol=0.01)
    assert float(found) == pytest.approx(0.67, abs=0.02)


@pytest.mark.slow
def test_the_onset_of_freezing():
    """Networks of N=1500 freeze in half of the trials at k = .5, two thirds at .7, all at 1."""
    found = dmft.freezing_onset(dmft.PlasticNetwork(1.5, 0.7, 2.5), tol=0.02)
    assert float(found.stderr) < 0.02
    assert float(found) == pytest.approx(0.68, abs=0.05)


@pytest.mark.slow
def test_the_onset_at_small_g():
    """At g = 1.1 it is just above the k where the overlap begins, and q is 1.0102 below that."""
    found = dmft.freezing_onset(dmft.PlasticNetwork(1.1, 0.45, 2.5), tol=0.03)
    assert float(found.stderr) < 0.03
    assert float(found) == pytest.approx(0.375, abs=0.04)

"""A sampled solve that takes long says so before it begins; one that does not, says nothing."""

from __future__ import annotations

import warnings

import pytest

import dmft
from dmft import CostWarning, SamplingOptions
from dmft.base.tuning import LONG_RUN
from dmft.paths.sampling_cost import sampling_seconds, warn_of_cost

NETWORK = dmft.RandomNetwork(2.0, dmft.erf, reciprocity=-0.3, noise=1.0)


def solve(network=NETWORK, **options):
    """Solve, and stop at the first CostWarning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", CostWarning)
        return dmft.solve(network, **options)


def test_a_slow_network_is_announced():
    slow = dmft.RandomModeNetwork(dmft.Spectrum.exponential(1.5, 1.0), overlaps=0.9, noise=1.0)
    with pytest.raises(CostWarning, match=r"50,944 sampled paths of 1,601 lags \(span=80, dt=0.05"
                                          r"\) take roughly .* on one core, or longer; give"):
        solve(slow, lags=dmft.Lags(80.0, 0.05), options=SamplingOptions(first_paths=25344))


def test_the_paths_of_a_small_tol_are_announced(monkeypatch):
    """Their number is known from the scatter of the first ones, which take a second."""
    monkeypatch.setattr("dmft.base.allocation.LONG_RUN", 0.5)
    few = SamplingOptions(pilot_paths=16, first_paths=64)
    assert solve(tol=0.05, options=few).convergence.success
    with pytest.raises(CostWarning, match=r"\d+ sampled paths of .* take roughly"):
        solve(tol=1e-4, options=few)


def test_a_usual_solve_says_nothing():
    assert solve(tol=0.05).convergence.success


def test_the_limit_is_a_minute():
    lags = dmft.Lags(100.0, 0.1)
    paths = LONG_RUN / sampling_seconds(1, lags)
    with pytest.warns(CostWarning, match=r"60 seconds|61 seconds"):
        assert warn_of_cost(1.01 * paths, lags, stacklevel=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not warn_of_cost(0.99 * paths, lags, stacklevel=1)

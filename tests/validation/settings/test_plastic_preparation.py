"""Preparation by stages: the factors act when they should, on what they should."""

import itertools

import numpy as np
import pytest

import dmft
from dmft import IID, Hebbian, PlasticNetwork, validation
from dmft.base.errors import ModelError
from dmft.validation.couplings.draw import draw_sum, loadings_of
from dmft.validation.couplings.operators import Dense, Sum, tangent_of
from dmft.validation.couplings.plastic import Plastic
from dmft.validation.settings.preparation import (
    ScheduledCouplings,
    checked_schedule,
    schedule_duration,
    scheduled,
)
from dmft.validation.settings.settings import checked_settings
from dmft.validation.simulation.integrator import states


def test_factors_follow_the_clock_and_end_at_one():
    J = np.array([[0.0, 1.0], [2.0, 0.0]])
    couplings, phi = scheduled(Dense(J), ((3.0, 0.5), (2.0, 0.3))), np.array([[1.0], [-1.0]])
    seen = []
    for _ in range(12):
        seen.append(float(couplings.apply(phi)[1, 0] / 2))
        np.testing.assert_array_equal(couplings.matrix_of(phi, 0), seen[-1] * J)
        couplings.advance(phi, 0.1)
    np.testing.assert_allclose(seen, [3.0] * 5 + [2.0] * 3 + [1.0] * 4)


def test_only_what_is_random_is_staged():
    both = draw_sum((IID(1.0), Hebbian(1.0, 2.0)), 10, np.random.SeedSequence(1), float)
    led = scheduled(both, ((2.0, 1.0),))
    assert isinstance(led, Sum)
    assert isinstance(led.terms[0], ScheduledCouplings)
    assert isinstance(led.terms[1], Plastic)
    assert scheduled(both, ()) is both
    assert isinstance(tangent_of(led), Sum)
    structured = draw_sum(
        (dmft.RegionalIID([1.0]), dmft.LowRank([0], [0], [[0.5]], [[1.0]], 1)), 10,
        np.random.SeedSequence(1), float)
    found = scheduled(structured, ((2.0, 1.0),))
    assert loadings_of(found) is loadings_of(structured)


def test_a_stage_is_the_network_of_that_strength():
    """While the first stage lasts, the states are those of couplings that much stronger."""
    def end(g, schedule):
        one = scheduled(draw_sum((IID(g), Hebbian(1.0, 2.0)), 30, np.random.SeedSequence(1), float),
                     schedule)
        x = np.random.default_rng(1).standard_normal((30, 1))
        path = states(x, np.tanh, one, None, 0.1, 0.0, np.random.default_rng(0))
        return next(itertools.islice(path, 50, None))[0].copy()

    np.testing.assert_allclose(end(0.8, ((1.5, 5.0),)), end(1.2, ()),
                               atol=2e-6)  # couplings are drawn in float32
    assert np.abs(end(0.8, ((1.5, 4.0),)) - end(1.2, ())).max() > 1e-3


def test_measuring_starts_after_preparation_and_burn_in():
    network = dmft.RandomNetwork(2.0)
    settings = checked_settings(network, 20, 2, 1, 5.0, 0.1, 3.0, None, 1, "float32",
                                prepare=validation.ramp(1.5, 2, first=4.0, each=2.0))
    assert settings.first == 90
    assert schedule_duration(settings.prepare) == 6.0
    # stages of factor 1 are so much burn-in, and nothing else
    one, two = (validation.simulate(network, 20, 2, trials=2, duration=5.0, burn_in=burn_in,
                                    rng=1, prepare=prepare)
                for burn_in, prepare in ((7.0, [(1.0, 4.0)]), (11.0, None)))
    np.testing.assert_array_equal(one.per_network["C_x"], two.per_network["C_x"])


def test_a_ramp_comes_down_in_equal_stages():
    found = validation.ramp(13 / 9, 4)
    np.testing.assert_allclose([f for f, _ in found], np.array([13, 12, 11, 10]) / 9)
    assert [d for _, d in found] == [60.0, 30.0, 30.0, 30.0]


def test_a_store_holds_one_preparation(tmp_path):
    options = {"trials": 1, "duration": 2.0, "burn_in": 1.0, "rng": 1,
               "store": tmp_path / "runs.npz"}
    validation.simulate(dmft.RandomNetwork(2.0), 10, 1, prepare=[(1.5, 2.0)], **options)
    again = validation.simulate(dmft.RandomNetwork(2.0), 10, 1, prepare=[(1.5, 2.0)], **options)
    assert again.settings.prepare == ((1.5, 2.0),)
    with pytest.raises(dmft.StorageError, match="prepare"):
        validation.simulate(dmft.RandomNetwork(2.0), 10, 1, **options)


@pytest.mark.parametrize("prepare", [1.5, [1.0, 2.0], [[1.0, -2.0]], [[np.nan, 1.0]],
                                     [[1.0, 2.0, 3.0]], "ramp"])
def test_bad_schedules_are_named(prepare):
    with pytest.raises(ModelError, match="prepare"):
        checked_schedule(prepare)


def test_bad_ramps_are_named():
    with pytest.raises(ModelError, match="stages"):
        validation.ramp(1.5, 0)
    with pytest.raises(ModelError, match="prepare"):
        validation.simulate(dmft.RandomNetwork(2.0), 10, 2, prepare=[(1.0, 1.0)],
                            times=dmft.Times(stop=1, dt=0.5))


def test_hebbian_chaos_below_one_is_reached_from_above_and_not_from_rest():
    """g = 0.9, k = 1.8, p = 2.5: the active state has C(0) = .847(5) in theory."""
    network = PlasticNetwork(0.9, 1.8, 2.5)
    options = {"trials": 1, "duration": 50.0, "lags": [0.0, 20.0], "rng": 1, "burn_in": 60.0}
    led = validation.simulate(network, 1000, 2, prepare=validation.ramp(13 / 9, 4), **options)
    rest = validation.simulate(network, 200, 2, **options)
    assert np.all(np.abs(led.samples("C_phi")[:, 0] - 0.847) < 0.06)
    assert np.all(led.per_network["still"] == 0)
    assert np.all(led.samples("C_phi")[:, 1] < 0.95 * led.samples("C_phi")[:, 0])
    assert np.all(rest.samples("C_phi")[:, 0] < 1e-3)

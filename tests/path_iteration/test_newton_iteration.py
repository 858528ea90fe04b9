"""The iteration to the fixed point of a map: where it ends, and how it reports its failures."""

from functools import partial

import numpy as np
import pytest

import dmft
from dmft.base.outcomes import Outcome
from dmft.path_iteration import path_map, surrogate
from dmft.path_iteration.newton_iteration import AndersonMixing, size_of, solve_paths
from dmft.path_iteration.progress import Progress
from tests.path_iteration.small_maps import PLASTIC, RECIPROCAL, small_map


@pytest.mark.parametrize("network", [PLASTIC, RECIPROCAL], ids=repr)
def test_it_ends_where_plain_sweeps_end(network, monkeypatch):
    """200 of them, from the start, in the basis of the response which the iteration took.

    The slope of the surrogate is exact here: within its usual tolerance it depends on the way.
    """
    monkeypatch.setattr(path_map, "own_surrogate", partial(surrogate.own_surrogate, tol=1e-10))
    own, u = small_map(network, count=8, dt=0.4)
    found = solve_paths(own, u, 1e-6, 100)
    assert found.ending.outcome is Outcome.CONVERGED
    assert found.iterations < 40
    assert found.residual < 1e-6
    unknowns = own.unknowns
    other, plain = small_map(network, count=8, dt=0.4)
    other.unknowns = unknowns
    for _ in range(200):
        plain = other(plain)
    m, S = unknowns.m, unknowns.response(plain)
    np.testing.assert_allclose(found.u[:m], plain[:m], atol=1e-5 * plain[0])
    assert found.u[unknowns.slope] == pytest.approx(plain[unknowns.slope], rel=1e-5)
    weight = unknowns.amplitude(plain)
    off = weight * np.abs(unknowns.response(found.u) - S)
    assert np.max(off) < 2e-4 * np.max(weight * np.abs(S))
    C_x = plain[unknowns.x]
    np.testing.assert_allclose(found.u[unknowns.x], C_x, atol=1e-4 * C_x[0])


def test_an_offset_moves_the_fixed_point():
    """u = G(u) + offset at its end."""
    own, u = small_map(PLASTIC, count=12)
    offset = np.zeros(len(u))
    offset[:own.unknowns.m] = 0.05 * u[:own.unknowns.m]
    without = solve_paths(own, u, 1e-6, 100).u
    found = solve_paths(own, without, 1e-6, 100, offset=offset)
    change = own(found.u) + offset - found.u
    assert size_of(own.unknowns, np.where(own.unknowns.driving, change, 0), found.u) < 3e-6
    assert found.u[0] - without[0] > offset[0]


class Longer:
    """A derivative by which the solution is so many changes of the map away."""

    def __init__(self, at, times):
        self.at, self.times, self.ok, self.steps = at, times, True, 0

    def step(self, change):
        self.steps += 1
        return self.times * change


def test_plain_steps_end_by_the_distance_that_is_left():
    """The change of the map alone is much smaller than that where a mode is slow."""
    own, u = small_map(PLASTIC, count=12)
    start = solve_paths(own, u, 1e-2, 100).u
    found = solve_paths(own, start, 1e-4, 200, derivative=Longer(start, 100.0),
                        preconditioned=False)
    assert found.ending.outcome is Outcome.CONVERGED
    change = np.where(own.unknowns.driving, own(found.u) - found.u, 0)
    assert size_of(own.unknowns, change, found.u) < 2e-6


def test_a_distance_that_never_becomes_small_ends_the_iteration():
    """Changes at the level of rounding fall now and then below all former ones: no progress."""
    own, u = small_map(PLASTIC, count=12)
    start = solve_paths(own, u, 1e-2, 100).u
    found = solve_paths(own, start, 1e-4, 3000, derivative=Longer(start, 1e14),
                        preconditioned=False)
    assert found.ending.outcome is Outcome.STALLED
    assert found.iterations < 600


def test_a_few_long_steps_are_left_out_of_the_mean():
    """Steps at the level of rounding, of which Anderson mixing makes two that lead far away."""
    progress, rng = Progress(), np.random.default_rng(0)
    for k in range(40):
        far = k in (25, 32)
        progress.add(k, np.full(2, 5.0) if far else 1 + 1e-4 * rng.standard_normal(2),
                     1.0 if far else 1e-4)
    mean, error = progress.mean(39)
    assert progress.averaged(39, lambda spread, mean: 1.0, 1e-5) is None  # not accurate yet
    assert progress.averaged(39, lambda spread, mean: 1e-4, 1e-5)[1] == 1e-4
    np.testing.assert_allclose(mean, 1.0, atol=2e-4)
    assert np.all(error < 1e-4)


def test_mixing_solves_a_linear_map_in_few_steps():
    """Three eigenvalues: after four evaluations the next move ends at the fixed point."""
    rng = np.random.default_rng(0)
    vectors = np.eye(3) + 0.3 * rng.normal(size=(3, 3))
    slopes = vectors @ np.diag([0.95, 0.5, -0.8]) @ np.linalg.inv(vectors)
    constant = np.array([1.0, -2.0, 0.3])
    exact = np.linalg.solve(np.eye(3) - slopes, constant)
    mixing, u, plain = AndersonMixing(np.ones(3), 5), np.zeros(3), np.zeros(3)
    for _ in range(4):
        u = u + mixing.next(u, slopes @ u + constant - u, np.asarray)
        plain = slopes @ plain + constant
    np.testing.assert_allclose(u, exact, atol=1e-8)
    assert np.max(np.abs(plain - exact)) > 0.5


def test_mixing_corrects_an_inexact_derivative():
    """Steps with the derivative of another map, which alone converge slowly or not at all."""
    slopes, constant = np.diag([0.95, 0.5, -0.8]), np.array([1.0, -2.0, 0.3])
    inverse = np.linalg.inv(np.eye(3) - np.diag([0.85, 0.7, -0.5]))
    mixing, u = AndersonMixing(np.ones(3), 5), np.zeros(3)
    for _ in range(5):
        u = u + mixing.next(u, slopes @ u + constant - u, lambda change: inverse @ change)
    np.testing.assert_allclose(u, constant / (1 - np.diag(slopes)), atol=1e-8)


def test_the_first_step_and_the_step_after_forgetting_are_plain():
    mixing, change = AndersonMixing(np.ones(3), 5), np.array([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(mixing.next(np.zeros(3), change, lambda one: 2 * one), 2 * change)
    mixing.next(change, 0.5 * change, np.asarray)
    mixing.forget()
    assert len(mixing.points) == len(mixing.changes) == 1


def test_mixing_keeps_few_steps():
    rng, mixing = np.random.default_rng(0), AndersonMixing(np.ones(8), 2)
    for _ in range(6):
        mixing.next(rng.normal(size=8), rng.normal(size=8), np.asarray)
    assert len(mixing.points) == len(mixing.changes) == 3


def test_activity_that_decays_is_reported():
    own, u = small_map(dmft.PlasticNetwork(0.5, -1.0, 2.5), count=12)
    found = solve_paths(own, u, 1e-4, 200)
    assert found.ending.outcome is Outcome.DECAYED
    assert found.u[0] < 3e-3 * u[0]


def test_growth_without_bound_is_reported():
    own, u = small_map(dmft.RandomNetwork(1.5, dmft.linear, reciprocity=0.3, noise=0.5), count=12)
    with np.errstate(over="ignore", invalid="ignore"):  # within one sweep
        found = solve_paths(own, u, 1e-4, 200)
    assert found.ending.outcome is Outcome.DIVERGED
    assert found.residual == np.inf


@pytest.mark.parametrize("most", [2, 4])
def test_too_few_iterations_are_reported(most):
    own, u = small_map(RECIPROCAL, count=12)
    found = solve_paths(own, u, 1e-9, most)
    assert found.ending.outcome is Outcome.MAX_ITER
    assert f"max_iter={most}" in found.ending.what
    assert found.iterations == most
    assert found.residual > 1e-9


def test_the_callback_sees_each_iteration():
    calls = []
    own, u = small_map(PLASTIC, count=12)
    found = solve_paths(own, u, 1e-5, 100, callback=lambda *call: calls.append(call))
    assert [one[0] for one in calls] == list(range(1, found.iterations + 1))
    assert calls[-1][1] == found.residual
    assert calls[-1][2].shape == (len(own.unknowns.lags),)


def test_the_size_of_a_change_is_relative():
    """A percent of C, or of S, is a percent; S counts where it drives the paths only."""
    for network, expected in ((RECIPROCAL, 0.03), (PLASTIC, 0.01)):
        own, u = small_map(network, count=2)
        change = 0.01 * u
        change[own.unknowns.weights] = 0.03 * u[own.unknowns.weights]
        change[own.unknowns.slope] = 0.03 * u[own.unknowns.slope]
        assert size_of(own.unknowns, change, u) == pytest.approx(expected, rel=1e-6)

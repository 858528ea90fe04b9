"""Halted plasticity: exact limits, refinement, and comparison with large networks."""

import numpy as np
import pytest

import dmft
from dmft.base.errors import ModelError
from dmft.plasticity import freezing, frozen_map
from dmft.sampled.redrawn_paths import over_paths
from tests.solvable import FROZEN

CHAOTIC = dmft.PlasticNetwork(1.5, 1.0, 2.5)


@pytest.fixture(scope="module")
def chaotic():
    return dmft.solve(CHAOTIC)


@pytest.fixture(scope="module")
def frozen(chaotic):
    return dmft.freeze(chaotic)


@pytest.mark.slow
def test_without_overlap_it_is_the_fixed_point_of_fixed_couplings():
    """x* = eta*, C* = <tanh(g sqrt(C*) z)^2>, q = g^2 <phi'^2> by quadrature; unstable."""
    found = dmft.freeze(dmft.solve(dmft.PlasticNetwork(1.5, 0.25, 2.5), tol=5e-3), tol=0.05)
    z = np.linspace(-9, 9, 4001)
    weight = np.exp(-z**2 / 2)
    weight /= weight.sum()
    C = 0.3
    for _ in range(500):
        C = weight @ np.tanh(1.5 * np.sqrt(C) * z) ** 2
    q = 2.25 * weight @ (1 - np.tanh(1.5 * np.sqrt(C) * z) ** 2) ** 2
    assert abs(float(found.overlap)) < 0.1
    assert float(found.C) == pytest.approx(C, abs=4 * float(found.C.stderr) + 2e-3)
    assert float(found.q) == pytest.approx(q, abs=4 * float(found.q.stderr) + 4e-3)
    assert not found.freezable
    assert found.decided
    assert "unstable" in found.convergence


def test_the_frozen_state_of_large_networks(frozen):
    """Six freezes at N=4000 gave overlap .925(13), C* .544(12), q .726(26); all converged."""
    assert frozen.freezable
    assert frozen.decided
    for name, known in FROZEN.items():
        found = getattr(frozen, name)
        assert 0 < float(found.stderr) < 0.02
        assert abs(float(found) - known.value) < 3 * np.hypot(known.stderr, float(found.stderr))
    assert float(frozen.C) < float(frozen.solution.C_phi[0])
    # means of other solves and seeds: .932, .546 and .720
    for name, known in (("overlap", 0.932), ("C", 0.546), ("q", 0.720)):
        found = getattr(frozen, name)
        assert float(found) == pytest.approx(known, abs=3.5 * float(found.stderr))


def test_estimates_are_adjusted_for_a_chance_excess():
    """y = 1 + 2 excess + noise: the error of the noise remains."""
    rng = np.random.default_rng(4)
    excess, noise = 0.05 * rng.standard_normal(1600), 0.01 * rng.standard_normal(1600)
    errors, off = [], []
    for r in range(100):
        rows = slice(16 * r, 16 * r + 16)
        groups = np.stack([1 + 2 * excess[rows] + noise[rows], excess[rows]], axis=1)
        found = freezing._adjusted(groups.mean(axis=0), groups)
        errors.append(float(found.stderr[0]))
        off.append(float(found.value[0]) - 1)
    assert np.std(off) == pytest.approx(0.01 / np.sqrt(16), rel=0.35)
    student = np.sqrt(15 / 13)  # standard deviation of Student's distribution
    assert np.sqrt(np.mean(np.square(errors))) == pytest.approx(
        student * 0.01 / np.sqrt(16), rel=0.15)


class Counted(frozen_map.FrozenMap):
    """A map that counts how often it is evaluated."""

    evaluations = 0

    def __call__(self, value):
        self.evaluations += 1
        return super().__call__(value)


def map_on_few_paths(solution, count=160):
    """The map on `count` paths of a solution."""
    made = []

    def of(sets):
        noise = np.random.default_rng(0).standard_normal(sets[0].x.shape, dtype=np.float32)
        made.append(Counted(solution, *freezing.freezable_ensembles(solution.network), sets[0],
                            noise))
        return np.zeros((1, 1))

    over_paths(solution, of, count, 1)
    return made[0]


@pytest.fixture(scope="module")
def few(chaotic):
    return map_on_few_paths(chaotic)


def test_the_frozen_value_is_its_own_image(few, chaotic):
    start = np.append(few.C, few.C[0])
    value, response = frozen_map.self_consistent(few, start, None, chaotic)
    assert few.evaluations < 80
    assert np.max(np.abs(few(value)[:-1] - value)) < 3e-5 * few.C[0]
    # linear response: a small change of the image moves the solution where it says
    change = 1e-3 * value[-1] * np.append(few.C / few.C[0], 1.0)
    moved = value + response.settled(change)
    assert np.max(np.abs(few(moved)[:-1] + change - moved)) < 0.1 * np.max(np.abs(change))
    q = few(value)[-1] + response.q @ (response.basis.T @ (moved - value))
    assert few(moved)[-1] == pytest.approx(q, abs=0.1 * abs(few(value)[-1] - q))


def test_without_overlap_no_chance_overlap_is_left(few):
    """The independent noise enters with both signs: c = 0 is a solution, on any paths."""
    value = np.append(0.0 * few.C, 0.4)
    assert np.max(np.abs(few(value)[:-2])) < 1e-6


@pytest.mark.slow
def test_errors_are_those_of_the_seed(chaotic, frozen):
    other = dmft.freeze(chaotic, rng=1)
    same = dmft.freeze(chaotic, rng=0)
    assert float(same.q) == float(frozen.q)
    assert float(other.q) != float(frozen.q)
    off = float(other.q) - float(frozen.q)
    assert abs(off) < 5 * np.hypot(float(other.q.stderr), float(frozen.q.stderr))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["REGRESSION_RIDGE", "PAST_DURATION"])
def test_results_do_not_depend_on_ridge_and_window(monkeypatch, chaotic, frozen, name):
    monkeypatch.setattr(frozen_map, name, {"REGRESSION_RIDGE": 1e-3, "PAST_DURATION": 10.0}[name])
    again = dmft.freeze(chaotic)
    assert float(again.q) == pytest.approx(float(frozen.q), abs=3e-3)
    assert float(again.overlap) == pytest.approx(float(frozen.overlap), abs=3e-3)


def test_solutions_that_cannot_be_frozen_are_rejected(chaotic):
    quiescent = dmft.solve(dmft.PlasticNetwork(0.5, 1.0, 2.5))
    driven = dmft.solve(dmft.PlasticNetwork(1.5, -1.0, 2.5, noise=0.3), tol=2e-2)
    for solution, reason in ((quiescent, "quiescent"), (driven, "noise"), (None, "not a Solution"),
                             (dmft.solve(dmft.RandomNetwork(1.5)), "no plasticity")):
        with pytest.raises(ModelError, match=reason):
            dmft.freeze(solution)
    for bad in (0.0, -1.0, np.nan, "x"):
        with pytest.raises(ModelError, match="tol"):
            dmft.freeze(chaotic, tol=bad)


@pytest.mark.slow
def test_a_finer_step_changes_nothing():
    coarse = dmft.freeze(dmft.solve(CHAOTIC), tol=0.003)
    fine = dmft.freeze(dmft.solve(CHAOTIC, lags=dmft.Lags(230.0, 0.1)), tol=0.003, rng=3)
    for name in ("overlap", "C", "q"):
        one, two = getattr(coarse, name), getattr(fine, name)
        assert abs(float(one) - float(two)) < 4 * np.hypot(float(one.stderr), float(two.stderr))

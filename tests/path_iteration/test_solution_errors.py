"""The response of a solution to errors of its map, compared with solutions of a changed map."""

from types import SimpleNamespace

import numpy as np
import pytest

from dmft.path_iteration.newton_iteration import solve_paths
from dmft.path_iteration.path_features import Features, regressed
from dmft.path_iteration.solution_errors import LinearResponse, linear_response, slowest_mode
from dmft.path_iteration.surrogate import SurrogateDerivative
from tests.path_iteration.small_maps import PLASTIC, RECIPROCAL, small_map

TIME = 4.0


def solution(network, count):
    """A map at its fixed point, the response to errors, and what each path adds to them."""
    own, u = small_map(network, count=count)
    u = solve_paths(own, u, 1e-6, 100).u
    u = solve_paths(own, own.rebase(u), 1e-6, 100).u
    derivative = SurrogateDerivative(network, own.unknowns, u)
    residuals = regressed(*own.each(u, Features(TIME)))[1]
    return own, u, linear_response(own, u, derivative, residuals), residuals


def test_it_predicts_how_an_offset_moves_the_solution():
    """Offsets like sampling errors, the means of random quarters of the paths.

    The derivative of the surrogate alone is off by twice as much.
    """
    own, u, response, residuals = solution(PLASTIC, 256)
    m, count, off, off_alone = own.unknowns.m, residuals.shape[1], [], []
    for seed in range(4):
        quarter = np.random.default_rng(seed).permutation(count)[:count // 4]
        offset = residuals[:, quarter].mean(axis=1)
        two = [solve_paths(own, u, 1e-6, 100, offset=sign * offset,
                           derivative=response.derivative) for sign in (1, -1)]
        assert all(one.ending.converged for one in two)
        moved = (two[0].u - two[1].u)[:m] / 2
        assert np.max(np.abs(moved - offset[:m])) > 0.3 * np.max(np.abs(moved))
        for errors, solve in ((off, response.solve), (off_alone, response.derivative.solve)):
            errors.append(np.max(np.abs(solve(offset)[:m] - moved)) / np.max(np.abs(moved)))
    assert np.mean(off) < 0.1
    assert np.mean(off) < 0.6 * np.mean(off_alone)


class KnownDerivative:
    """Stands for that of the surrogate: G' = J."""

    def __init__(self, J):
        self.J = J

    def times(self, vectors):
        return self.J @ vectors

    def solve(self, vectors):
        return np.linalg.solve(np.eye(len(self.J)) - self.J, vectors)


def probed(full, J, Q, scale):
    derivative, directions = KnownDerivative(J), scale[:, None] * Q
    images = derivative.solve(full @ directions - derivative.times(directions))
    return LinearResponse(derivative, Q, images / scale[:, None], scale)


def test_the_correction_is_exact_in_the_directions_that_were_probed():
    """(1 - G')^-1 of a matrix that differs from J in a plane only, which the probes span."""
    rng = np.random.default_rng(0)
    J = 0.1 * rng.normal(size=(8, 8))
    Q = np.linalg.qr(rng.normal(size=(8, 2)))[0]
    scale = rng.uniform(0.1, 10, size=8)
    full = J + 0.3 * rng.normal(size=(8, 2)) @ (Q.T / scale)
    vectors = rng.normal(size=(8, 4))
    found = probed(full, J, Q, scale).solve(vectors)
    np.testing.assert_allclose(found, np.linalg.solve(np.eye(8) - full, vectors), atol=1e-12)


def test_the_largest_eigenvalue_is_that_of_the_map():
    rng = np.random.default_rng(0)
    vectors = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    full = vectors @ np.diag([0.9, 0.4, 0.1, 0.0, -0.2, -0.7]) @ vectors.T
    found = probed(full, 0.8 * full, vectors[:, :2], np.ones(6))
    assert found.largest_eigenvalue == pytest.approx(0.9, abs=1e-12)


@pytest.mark.parametrize("network", [PLASTIC, RECIPROCAL], ids=repr)
def test_probing_leaves_the_map_and_its_paths_unchanged(network):
    own, u, response, residuals = solution(network, 32)
    before = own.paths.phi.copy(), *(part.copy() for part in own.paths.state)
    slope, unknowns = own.slope, own.unknowns
    linear_response(own, u, response.derivative, residuals)
    slowest_mode(own, u, response.derivative)
    for old, now in zip(before, (own.paths.phi, *own.paths.state), strict=True):
        np.testing.assert_array_equal(old, now)
    assert own.slope == slope
    assert own.control is None
    assert own.unknowns is unknowns
    Q = response.Q
    np.testing.assert_allclose(Q.T @ Q, np.eye(Q.shape[1]), atol=1e-8)
    assert not np.any(np.abs(Q[~unknowns.driving]) > 1e-12)


def test_the_slowest_mode_is_that_of_plain_sweeps():
    """A small change along it is multiplied by its eigenvalue in one sweep."""
    own, u, response, _ = solution(PLASTIC, 64)
    value, mode = slowest_mode(own, u, response.derivative)
    assert 0.8 < value < 1
    assert mode[0] > 0
    assert np.max(np.abs(mode)) == pytest.approx(u[0])
    own.control = own.last_control
    start, driving = own.paths.copy(), own.unknowns.driving
    images = []
    for move in (0.01, -0.01):
        own.paths = start.copy()
        images.append(own(u + move * mode, sweeps=2))
    change = np.where(driving, (images[0] - images[1]) / 0.02, 0)
    assert np.linalg.norm(change - value * mode) < 0.05 * np.linalg.norm(mode)


class LinearMap:
    """u -> level + G (u - level) for a given matrix G, with the interface that probes need."""

    def __init__(self, G):
        self.G, self.level = G, np.ones(len(G))
        self.driving, self.unknowns = np.ones(len(G), dtype=bool), SimpleNamespace(static=-1)

    def scale(self, u):
        return np.ones(len(u))

    def trial(self):
        return self

    def __call__(self, u, sweeps=1):
        return self.level + self.G @ (u - self.level)


def test_an_unstable_mode_is_found_among_others_that_are_almost_as_slow():
    """A few power steps from a start with little of the mode would give less than one."""
    basis = np.random.default_rng(2).standard_normal((6, 6))
    values = np.array([1.24, 0.95, 0.9, 0.8, 0.2, 0.0])
    own = LinearMap(basis @ np.diag(values) @ np.linalg.inv(basis))
    start = basis @ np.array([0.05, 1.0, 1.0, 1.0, 1.0, 0.0])  # all of it in five modes
    derivative = SimpleNamespace(slowest_mode=lambda: start)
    value, mode = slowest_mode(own, own.level, derivative)
    assert value == pytest.approx(1.24, abs=1e-6)
    assert abs(mode @ basis[:, 0]) == pytest.approx(
        np.linalg.norm(mode) * np.linalg.norm(basis[:, 0]), rel=1e-6)
    power = start
    for _ in range(5):
        before, power = power, own.G @ power
    assert before @ power < before @ before

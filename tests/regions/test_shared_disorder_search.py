"""Fixed points of three regions that share disorder: currents and correlations solved together."""

import numpy as np
import pytest

import dmft
from dmft.network.regional_mean_field import mean_field
from dmft.regions.coupled_search import coupled_candidate

C = np.array([[1.4, 2.3, 1.7], [2.3, 1.6, 2.0], [1.7, 2.0, 1.3]])
NETWORK = dmft.MultiregionNetwork.symmetric([1.8, 1.5, 0.9], C,
                                            cross_g=0.4 * (np.ones((3, 3)) - np.eye(3)))


@pytest.fixture(scope="module")
def states():
    return dmft.fixed_points(NETWORK, rng=0)


def test_fixed_points_are_found_with_their_images(states):
    assert len(states) >= 5
    assert all(one.residual < 1e-9 for one in states)
    kinds = {one.branch for one in states}
    assert ("chaotic",) * 3 in kinds
    for one in states:
        assert any(np.allclose(one.z, -other.z, atol=1e-6) for other in states)


def test_a_stable_state_stays_in_time(states):
    state = min(states, key=lambda one: one.growth_rate.real)
    assert state.stable
    solution = dmft.solve(NETWORK, times=dmft.Times(30.0, 0.1), currents=1.02 * state.z, tol=1e-3,
                          strict=False, variance=np.maximum(state.variance - state.drive, 0.0))
    np.testing.assert_allclose(solution.z[-1], state.z, atol=0.02)
    np.testing.assert_allclose(solution.variance[-1], state.variance, rtol=0.02)


def test_candidates_are_near_fixed_points(states):
    """The coarse grid of lags shifts currents by less than the distance that tells states apart."""
    field = mean_field(NETWORK)
    chaotic = [one for one in states if "chaotic" in one.branch]
    for state in chaotic[:3]:
        start = state.z.ravel() + 0.01
        near = coupled_candidate(field, np.zeros(0), start)
        assert near is not None
        distance = min(np.max(np.abs(near - one.z.ravel())) for one in states)
        assert distance < 3e-3 * max(1.0, np.max(np.abs(near)))

"""The derivative of the surrogate's statistics, compared with differences of its own map."""

import numpy as np
import pytest

import dmft
from dmft.path_iteration.surrogate import (
    SurrogateDerivative,
    away_from_zero,
    own_surrogate,
    surrogate_moments,
)
from dmft.path_iteration.tuning import MOST_NODES, SLOWEST_MODE
from dmft.paths.noise_and_memory import Drive, drive
from tests.path_iteration.small_maps import BIASED, PLASTIC, RECIPROCAL, SUSTAINED, small_map

NETWORKS = [PLASTIC, SUSTAINED, RECIPROCAL, BIASED]


def surrogate_map(own, u):
    """The vector of the surrogate that the statistics u drive."""
    now = drive(own.network, own.unknowns.statistics(u))
    linear, _ = own_surrogate(now, own.slope, own.network.phi, 1e-12)
    return own.unknowns.vector(surrogate_moments(now, linear), np.sqrt(now.V))


def directions(unknowns):
    """Smooth changes of C, and one of each other unknown that drives the paths."""
    tau, out = unknowns.lags.tau[:unknowns.m], []
    for change in (np.exp(-tau / 2), tau * np.exp(-tau)):
        out.append(np.zeros(len(unknowns)))
        out[-1][:unknowns.m] = unknowns.window[:unknowns.m] * change
    others = (unknowns.static, unknowns.slope, unknowns.square, unknowns.weights.start + 3)
    out += [np.eye(len(unknowns))[k] for k in others if unknowns.driving[k]]
    return out


def parts(unknowns, change):
    """What a change of the vector means: the response itself, in place of its weights."""
    at = {"C": slice(0, unknowns.m), "static": unknowns.static, "slope": unknowns.slope,
          "square": unknowns.square, "C_x": unknowns.x, "x_static": unknowns.x_static}
    return {name: change[where] for name, where in at.items()} | {"S": unknowns.response(change)}


@pytest.mark.parametrize("span", [20.0, 40.0], ids=["all lags are nodes", "few nodes"])
@pytest.mark.parametrize("network", NETWORKS, ids=repr)
def test_it_is_the_difference_of_the_surrogates_map(network, span):
    """At statistics whose spectrum is positive everywhere, so that nothing is clipped."""
    own, u = small_map(network, count=2, span=span, dt=0.2)
    assert (own.unknowns.m > MOST_NODES) == (span == 40.0)
    derivative = SurrogateDerivative(network, own.unknowns, u)
    step = 1e-4 * (u[0] + u[own.unknowns.static])
    found = directions(own.unknowns)
    assert len(found) == 2 + np.count_nonzero(
        own.unknowns.driving[[own.unknowns.static, own.unknowns.slope, own.unknowns.square,
                              own.unknowns.weights.start + 3]])
    for direction in found:
        two = [surrogate_map(own, u + sign * step * direction) for sign in (1, -1)]
        expected = parts(own.unknowns, (two[0] - two[1]) / (2 * step))
        calculated = parts(own.unknowns, derivative.times(direction))
        largest = float(np.max(np.abs(expected["C"]))) + abs(float(expected["static"]))
        assert largest > 0
        for name, value in expected.items():
            scale = max(float(np.max(np.abs(value))), largest)
            np.testing.assert_allclose(calculated[name], value, atol=2e-4 * scale, err_msg=name)


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
def test_what_does_not_drive_the_paths_has_no_effect(network):
    own, u = small_map(network, count=2)
    derivative = SurrogateDerivative(network, own.unknowns, u)
    idle = np.eye(len(u))[:, ~own.unknowns.driving]
    assert idle.shape[1] > own.unknowns.m  # C_x at least
    assert not np.any(derivative.times(idle))


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
def test_solve_is_the_inverse_of_one_minus_times(network):
    own, u = small_map(network, count=2, span=40.0, dt=0.2)
    derivative = SurrogateDerivative(network, own.unknowns, u)
    assert derivative.ok
    vectors = np.random.default_rng(0).normal(size=(len(u), 3))
    solved = derivative.solve(vectors)
    np.testing.assert_allclose(solved - derivative.times(solved), vectors, atol=1e-10)
    np.testing.assert_allclose(derivative.solve(vectors[:, 1]), solved[:, 1], atol=1e-12)


def test_the_slowest_mode_is_an_eigenvector():
    own, u = small_map(PLASTIC, count=2)
    derivative = SurrogateDerivative(PLASTIC, own.unknowns, u)
    mode = derivative.slowest_mode()
    image = derivative.times(mode)
    value = float(mode @ image) / float(mode @ mode)
    np.testing.assert_allclose(image, value * mode, atol=1e-8 * np.max(np.abs(mode)))
    values = np.linalg.eigvals(derivative.columns[derivative.places])
    assert value == pytest.approx(np.max(values[values.imag == 0].real), abs=1e-8)


def test_only_small_eigenvalues_are_raised():
    """Negative ones, as of unstable branches, are mirrored; small ones are set to the bound."""
    rng = np.random.default_rng(1)
    vectors = rng.normal(size=(5, 5))
    values = np.array([1.3, 0.4, 2 * SLOWEST_MODE, 0.1 * SLOWEST_MODE, -0.5])
    matrix = vectors @ np.diag(values) @ np.linalg.inv(vectors)
    raised = away_from_zero(matrix)
    expected = np.array([1.3, 0.4, 2 * SLOWEST_MODE, SLOWEST_MODE, 0.5])
    np.testing.assert_allclose(raised @ vectors, vectors * expected, atol=1e-10)


def test_a_complex_pair_stays_a_real_matrix():
    turn = np.array([[-0.3, 0.4], [-0.4, -0.3]])  # eigenvalues -.3 +- .4i, of modulus .5
    raised = away_from_zero(turn)
    assert raised.dtype == float
    np.testing.assert_allclose(raised, 0.5 * np.eye(2), atol=1e-12)


def test_a_matrix_without_small_eigenvalues_is_unchanged():
    matrix = np.array([[0.3, 0.2], [-0.2, 0.3]])
    assert away_from_zero(matrix) is matrix


def test_the_surrogate_has_its_own_slope():
    """<phi'> of x_L, which was driven with this slope, is the slope."""
    own, u = small_map(SUSTAINED, count=2)
    now = drive(SUSTAINED, own.unknowns.statistics(u))
    for guess in (0.0, 0.3, 1.0):
        linear, slope = own_surrogate(now, guess, dmft.erf, 1e-12)
        assert linear.slope == pytest.approx(slope, rel=1e-11)


def test_the_surrogate_is_never_unstable():
    """Weak noise and the memory 3: its own slope, near one, would make it unstable."""
    lags = dmft.Lags(20.0, 0.25)
    now = Drive(lags, 1e-3 / (1 + lags.omega**2), np.full(len(lags), 3.0 + 0j),
                1 / (1 + 1j * lags.omega))
    linear, slope = own_surrogate(now, 1.0, dmft.tanh)
    assert 0.85 / 3.0 < slope < 0.97 / 3.0
    assert np.all(np.isfinite(linear.C_phi))

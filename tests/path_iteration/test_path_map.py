"""One map of paths: their equation of motion, and what it must not depend on."""

import numpy as np
import pytest

import dmft
from dmft.path_iteration.path_features import Features
from dmft.paths import gaussian_paths, memory_filters, stepped_paths
from tests.path_iteration.small_maps import BIASED, PLASTIC, RECIPROCAL, SUSTAINED, small_map

NETWORKS = [PLASTIC, SUSTAINED, RECIPROCAL, BIASED]
ROUNDING = 3e-6  # of sums of float32 values, relative to the largest


def swept(network, sweeps=30, **settings):
    """The map after its sweeps, all at the statistics of the start, and its vector."""
    own, u = small_map(network, **settings)
    return own, own(u, sweeps=sweeps)


def assert_same(one, two, unknowns):
    """Equal vectors to rounding; of the response, S is compared and not its weights."""
    for part in (slice(0, unknowns.weights.start), slice(unknowns.weights.stop, None)):
        np.testing.assert_allclose(one[part], two[part], atol=ROUNDING * np.max(np.abs(one[part])))
    S = unknowns.response(one)
    np.testing.assert_allclose(unknowns.response(two), S, atol=1e-3 * np.max(np.abs(S)))


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
def test_paths_obey_their_equation_of_motion(network):
    """x = v + H K phi(x) frequency by frequency, although the steps know a part of K only."""
    own, u = small_map(network)
    at = own.prepared(u)
    assert np.max(np.abs(at.sweep.rest)) > 1e-3 * np.max(np.abs(at.now.feedback))
    for _ in range(30):
        x = at.sweep(own.paths, slice(0, len(own.paths)))
    assert not np.any(np.isnan(x))
    spectrum, phi = np.fft.rfft(x, axis=0), np.fft.rfft(network.phi(x.astype(float)), axis=0)
    root = gaussian_paths.amplitude(own.paths.lags) * np.sqrt(at.now.V)
    v = root[:, None] * own.paths.z
    off = spectrum - v - at.now.feedback[:, None] * phi
    assert np.max(np.abs(off[:-1])) < 2e-6 * np.max(np.abs(spectrum))
    assert np.max(np.abs(off[-1].real)) < 2e-6 * np.max(np.abs(spectrum))


def test_noise_and_memory_are_those_of_the_statistics():
    """Of a random network: V = H H* g^2 C + white noise, and K = r g^2 S."""
    own, u = small_map(RECIPROCAL)
    at, statistics = own.prepared(u), own.unknowns.statistics(u)
    np.testing.assert_allclose(at.now.K, 0.3 * 1.5**2 * statistics.S, atol=1e-12)
    omega, low = own.paths.lags.omega, slice(0, 20)
    noise = at.now.V - 1.5**2 * own.paths.lags.spectrum(statistics.C) / (1 + omega**2)
    expected = 2 * 0.5**2 / (1 + omega**2)  # without its aliases
    np.testing.assert_allclose(noise[low], expected[low], rtol=0.05)


@pytest.mark.parametrize("filters", [3, 8])
@pytest.mark.parametrize("network", NETWORKS, ids=repr)
def test_the_number_of_filters_does_not_matter(network, filters, monkeypatch):
    own, expected = swept(network, sweeps=60)
    monkeypatch.setattr(memory_filters, "FILTERS", filters)
    other, found = swept(network, sweeps=60)
    assert other.paths.state[0].shape[0] == filters != own.paths.state[0].shape[0]
    assert_same(expected, found, own.unknowns)


def test_one_sweep_alone_depends_on_the_filters(monkeypatch):
    """So that the test above is one of the sweeps."""
    own, expected = swept(SUSTAINED, sweeps=1)
    monkeypatch.setattr(memory_filters, "FILTERS", 1)
    _, found = swept(SUSTAINED, sweeps=1)
    off = np.abs(found - expected)[:own.unknowns.m]
    assert np.max(off) > 30 * ROUNDING * expected[0]


def test_the_same_seed_gives_the_same_result():
    (_, first), (_, again), (own, other) = (
        swept(RECIPROCAL, sweeps=3, seed=seed) for seed in (5, 5, 6))
    np.testing.assert_array_equal(first, again)
    assert np.max(np.abs(first - other)[:own.unknowns.m]) > 1e-4


@pytest.mark.parametrize("chunk", [1, 7, 32])
def test_the_size_of_chunks_does_not_matter(chunk, monkeypatch):
    own, expected = swept(RECIPROCAL, sweeps=3)
    monkeypatch.setattr(stepped_paths, "PATHS_AT_ONCE", chunk)
    other, found = swept(RECIPROCAL, sweeps=3)
    assert len(other.paths.chunks()) == -(-32 // chunk)
    np.testing.assert_allclose(other.paths.phi, own.paths.phi,
                               atol=1e-5 * np.max(np.abs(own.paths.phi)))
    assert_same(expected, found, own.unknowns)


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
def test_the_mean_of_the_paths_is_the_map(network):
    """`each` path by itself, with the same coefficient of the control variate."""
    own, u = small_map(network)
    own(u, sweeps=30)  # so that a further sweep changes nothing
    expected = own.unknowns.vector(own.moments(own.prepared(u)), np.sqrt(own.prepared(u).now.V))
    values, _ = own.each(u, Features(3.0))
    assert values.shape == (len(u), 32)
    assert_same(expected, values.mean(axis=1), own.unknowns)


def test_without_memory_the_control_variate_leaves_no_sampling_error():
    """The surrogate of a network without memory is the unit itself: four paths are exact."""
    network = dmft.RandomNetwork(1.5, dmft.erf, noise=0.5)
    own, u = small_map(network, count=4)
    at = own.prepared(u)
    own.control = 1.0
    expected = own.unknowns.vector(at.exact, np.sqrt(at.now.V))
    assert_same(expected, own(u), own.unknowns)


def test_copies_leave_the_paths_unchanged():
    own, u = small_map(RECIPROCAL)
    own(u)
    before = own.paths.phi.copy(), own.paths.state[0].copy(), own.paths.state[1].copy()
    trial = own.trial(slice(0, 8))
    trial(1.1 * u, sweeps=2)
    assert len(trial.paths) == 8
    for old, now in zip(before, (own.paths.phi, *own.paths.state), strict=True):
        np.testing.assert_array_equal(old, now)


def test_the_correlation_of_x_is_that_of_the_vector():
    """C_x of the map, times the lag window, and with an error of the order of its scatter."""
    own, u = small_map(PLASTIC, count=64)
    v = own(u, sweeps=5)
    C, error = own.correlation_of_x(u)
    m, window = own.unknowns.m, own.unknowns.window
    np.testing.assert_allclose((window * C)[:m], v[own.unknowns.x], atol=1e-5 * C[0])
    assert 0 < error[0] < 0.1 * C[0]

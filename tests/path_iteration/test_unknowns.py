"""The vector of statistics: there and back, its static part, and a change of its basis."""

import numpy as np
import pytest

import dmft
from dmft.path_iteration.unknowns import Moments
from tests.path_iteration.small_maps import BIASED, PLASTIC, RECIPROCAL, SUSTAINED, small_map

NETWORKS = [PLASTIC, SUSTAINED, RECIPROCAL, BIASED]


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
def test_from_the_vector_to_statistics_and_back(network):
    own, u = small_map(network)
    unknowns = own.unknowns
    u = own(u)
    again = unknowns.from_statistics(unknowns.statistics(u))
    flat = np.flatnonzero(unknowns.window == 1)  # the window is applied again
    np.testing.assert_allclose(again[flat], u[flat], atol=1e-14)
    others = [unknowns.static, unknowns.slope, unknowns.square]
    np.testing.assert_allclose(again[others], u[others], atol=1e-14)
    S = unknowns.response(u)
    np.testing.assert_allclose(unknowns.response(again), S, atol=1e-5 * np.max(np.abs(S)))
    assert not np.any(again[unknowns.x])


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
def test_from_statistics_to_the_vector_and_back(network):
    own, u = small_map(network)
    known = own.unknowns.statistics(own(u))
    again = own.unknowns.statistics(own.unknowns.from_statistics(known))
    flat = own.unknowns.window == 1
    np.testing.assert_allclose(again.C[flat], known.C[flat], atol=1e-14)
    np.testing.assert_allclose(again.S, known.S, atol=1e-5 * np.max(np.abs(known.S)))
    assert again.static == pytest.approx(known.static, abs=1e-14)
    assert again.slope == known.slope
    assert again.square_slope == known.square_slope
    assert again.mean == known.mean


def moments(unknowns, C, C_x):
    """Moments with these correlations, and the response of a unit without memory."""
    return Moments(unknowns.lags.spectrum(C), unknowns.lags.spectrum(C_x),
                   np.full(len(C), 0.5 + 0j), np.asarray(0.5), np.asarray(0.3),
                   np.asarray(0.1))


@pytest.mark.parametrize("network", [PLASTIC, BIASED], ids=repr)
def test_the_static_part_is_taken_where_there_may_be_one(network):
    unknowns = small_map(network)[0].unknowns
    decay, C_x = np.exp(-unknowns.lags.tau**2 / 4), 2 * np.exp(-unknowns.lags.tau**2 / 9)
    u = unknowns.vector(moments(unknowns, decay + 0.2, C_x + 0.7), np.ones(len(decay)))
    statistics = unknowns.statistics(u)
    static = 0.2 if unknowns.may_be_static else 0.0
    assert unknowns.may_be_static == (network is BIASED)
    assert statistics.static == pytest.approx(static, abs=2e-4)
    assert u[unknowns.x_static] == pytest.approx(0.7 if static else 0.0, abs=3e-3)
    expected = static + unknowns.window * (decay + 0.2 - static)
    np.testing.assert_allclose(statistics.C, expected, atol=1e-3)
    assert unknowns.driving[unknowns.static] == unknowns.may_be_static


def test_a_static_part_is_never_negative_where_it_is_clipped():
    """Sampling errors of the spectrum at zero frequency have either sign."""
    unknowns = small_map(BIASED)[0].unknowns
    decay = np.exp(-unknowns.lags.tau**2 / 4)
    known = moments(unknowns, decay - 0.01, decay)
    assert unknowns.vector(known, np.ones(len(decay)))[unknowns.static] == pytest.approx(
        -0.01, abs=2e-4)
    clipped = unknowns.vector(known, np.ones(len(decay)), clip=True)
    assert clipped[unknowns.static] == 0
    assert clipped[0] == pytest.approx(0.99)


def test_vectors_of_many_paths_are_those_of_each():
    unknowns = small_map(BIASED)[0].unknowns
    rng, n = np.random.default_rng(0), len(unknowns.lags)
    root = rng.uniform(1, 2, n)
    each = Moments(rng.uniform(1, 2, (n, 5)), rng.uniform(1, 2, (n, 5)),
                   rng.normal(size=(n, 5)) + 1j * rng.normal(size=(n, 5)),
                   rng.uniform(0, 1, 5), rng.uniform(0, 1, 5), rng.uniform(0, 1, 5))
    together = unknowns.vector(each, root)
    assert together.shape == (len(unknowns), 5)
    one = Moments(each.phi[:, 3], each.x[:, 3], each.cross[:, 3], each.slope[3], each.square[3],
                  each.mean[3])
    np.testing.assert_allclose(together[:, 3], unknowns.vector(one, root), rtol=1e-9, atol=1e-9)


def test_the_amplitude_is_the_root_of_the_spectrum_of_phi():
    unknowns = small_map(BIASED)[0].unknowns
    u = np.zeros(len(unknowns))
    C = unknowns.window * np.exp(-unknowns.lags.tau / 2)
    u[:unknowns.m], u[unknowns.static] = C[:unknowns.m], 0.2
    expected = unknowns.lags.spectrum(C + 0.2)
    np.testing.assert_allclose(unknowns.amplitude(u) ** 2, expected, atol=1e-10)


@pytest.mark.parametrize(("network", "response", "noise", "static"), [
    (PLASTIC, False, False, False), (RECIPROCAL, True, True, False), (BIASED, True, False, True),
    (dmft.RandomNetwork(2.0, dmft.erf), False, False, False)], ids=repr)
def test_what_drives_the_paths(network, response, noise, static):
    unknowns = small_map(network, count=2)[0].unknowns
    driving = unknowns.driving
    assert np.all(driving[:unknowns.m])
    assert not np.any(driving[unknowns.x.start:])
    assert np.all(driving[unknowns.weights] == response)
    assert driving[unknowns.slope] == response
    assert driving[unknowns.square] == noise
    assert driving[unknowns.static] == static
    assert not driving[unknowns.mean]


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
def test_a_new_basis_keeps_the_response(network):
    """Far from the surrogate around which the first basis is."""
    own, u = small_map(network)
    for _ in range(4):
        u = own(u)
    old = own.unknowns
    again = own.rebase(u)
    assert own.unknowns is not old
    assert np.max(np.abs(own.unknowns.basis.base - old.basis.base)) > 1e-3
    S, power = old.response(u), old.amplitude(u)
    off = power * np.abs(own.unknowns.response(again) - S)
    assert np.max(off) < 2e-3 * np.max(power * np.abs(S))
    rest = np.ones(len(u), dtype=bool)
    rest[old.weights] = False
    np.testing.assert_array_equal(again[rest], u[rest])
    assert np.any(again[old.weights] != u[old.weights])

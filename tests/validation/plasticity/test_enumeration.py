"""Fixed points of small networks, counted: none missed, none twice, each a root."""

import numpy as np
import pytest

import dmft
from dmft import Hebbian, PlasticNetwork, validation
from dmft.base.errors import ModelError
from dmft.validation.couplings.draw import draw_sum
from dmft.validation.plasticity import fixed_point_roots
from dmft.validation.plasticity.fixed_point_roots import (
    find_fixed_points,
    newton_roots,
    relax,
    sign_patterns,
)
from dmft.validation.plasticity.joint_jacobian import joint_matrix


def couplings(N, g=1.5, seed=0):
    return np.random.default_rng(seed).standard_normal((N, N)) * g / np.sqrt(N)


def full_jacobian(W, x, k, p):
    """(N + N^2) square, entry by entry from the equations of x and A."""
    N, phi, gain = len(x), np.tanh(x), slope(x)
    matrix = np.diag(np.append(-np.ones(N), np.full(N * N, -1 / p)))
    for i in range(N):
        for j in range(N):
            synapse = N + N * i + j
            matrix[i, j] += W[i, j] * gain[j]
            matrix[i, synapse] = phi[j]
            matrix[synapse, i] += k / (N * p) * gain[i] * phi[j]
            matrix[synapse, j] += k / (N * p) * phi[i] * gain[j]
    return matrix


def slope(x):
    return 1 - np.tanh(x)**2


def is_stable(J, x, plastic):
    phi = np.tanh(x)
    W = J + plastic.k / len(x) * np.outer(phi, phi)
    return np.linalg.eigvals(joint_matrix(W, phi, 1 - phi**2, plastic)).real.max() < 0


@pytest.mark.parametrize("k", [3.0, 2.0, -3.0])
def test_what_is_found_is_a_root_and_found_once(k):
    N = 7
    J = couplings(N)
    found = find_fixed_points(J, k, np.tanh, slope)
    assert len(found) > (3 if k > 0 else -1)
    for x in found:
        phi = np.tanh(x)
        np.testing.assert_allclose(x, J @ phi + k * np.mean(phi**2) * phi, atol=1e-9)
    both = np.concatenate([found, -found])
    apart = np.abs(both[:, None] - both).max(axis=2) + 10 * np.eye(len(both))
    assert apart.min(initial=10.0) > 1e-5


def test_without_couplings_every_pattern_is_a_state():
    """x = k tanh(x)^3 has its outer root whatever the signs: 2^N states, all stable."""
    found = validation.enumerate_fixed_points(PlasticNetwork(0.0, 3.0, 2.5), (4, 5), 2, rng=1)
    np.testing.assert_array_equal(found.stable, [[16, 16], [32, 32]])
    np.testing.assert_allclose(found.growth.value, np.log(2))
    np.testing.assert_allclose(found.growth.stderr, 0)
    root = 3.0
    for _ in range(100):
        root = 3 * np.tanh(root)**3
    np.testing.assert_allclose(found.C, np.tanh(root)**2, rtol=1e-8)


def test_no_stable_point_is_missed():
    """The joint dynamics of units and synapses, from random states, ends in what was counted."""
    N, plastic = 6, Hebbian(3.0, 2.5)
    J, rng = couplings(N, seed=3), np.random.default_rng(1)
    found = find_fixed_points(J, plastic.k, np.tanh, slope)
    stable = [x for x in found if is_stable(J, x, plastic)]
    x, A = 4 * rng.standard_normal((300, N)), np.zeros((300, N, N))
    for _ in range(3000):
        phi = np.tanh(x)
        drive = phi @ J.T + np.einsum("mij,mj->mi", A, phi)
        A += 0.05 / plastic.p * (plastic.k / N * phi[:, :, None] * phi[:, None, :] - A)
        x += 0.05 * (drive - x)
    ends = newton_roots(J, plastic.k, np.tanh, slope, x)
    ends = ends[[np.abs(one).max() > 1e-3 and is_stable(J, one, plastic) for one in ends]]
    assert len(ends) > 250
    both = np.concatenate([stable, np.negative(stable)])
    distances = np.abs(ends[:, None] - both).max(axis=2)
    assert distances.min(axis=1).max() < 1e-6
    assert len(set(distances.argmin(axis=1))) > 0.7 * len(both)


def test_newton_starts_from_the_relaxed_patterns_too():
    """These lead to points that are not found from the sign patterns."""
    J = couplings(8, seed=0)
    ends = relax(J, 3.0, np.tanh, 3.0 * sign_patterns(8))
    phi = np.tanh(ends)
    rest = phi @ J.T + 3.0 * np.mean(phi**2, axis=1)[:, None] * phi
    assert np.mean(np.abs(rest - ends).max(axis=1) < 1e-6) > 0.8
    found = find_fixed_points(J, 3.0, np.tanh, slope)
    roots = newton_roots(J, 3.0, np.tanh, slope, ends)
    apart = np.abs(roots[:, None] - np.concatenate([found, -found])).max(axis=2)
    assert apart.min(axis=1).max() < 1e-6
    assert len(found) > 17


def test_newton_is_quadratic_close_to_a_root(monkeypatch):
    J = couplings(8, seed=0)
    root = find_fixed_points(J, 3.0, np.tanh, slope)[:3]
    monkeypatch.setattr(fixed_point_roots, "NEWTON_STEPS", 3)
    near = root + 1e-3 * np.random.default_rng(1).standard_normal(root.shape)
    np.testing.assert_allclose(newton_roots(J, 3.0, np.tanh, slope, near), root, atol=1e-11)


def test_stable_and_unstable_are_distinguished():
    """By the whole Jacobian of N units and N^2 synapses, entry by entry."""
    network, N = PlasticNetwork(1.5, 2.5, 0.8), 5
    found = validation.enumerate_fixed_points(network, N, 6, rng=2)
    stable, unstable = np.zeros(6, dtype=int), np.zeros(6, dtype=int)
    for index in range(6):
        seed = np.random.SeedSequence(2, spawn_key=(N, index)).spawn(1)[0]
        J = draw_sum((dmft.IID(1.5),), N, seed, float).matrix
        for x in find_fixed_points(J, 2.5, np.tanh, slope):
            phi = np.tanh(x)
            full = full_jacobian(J + 2.5 / N * np.outer(phi, phi), x, 2.5, 0.8)
            # the copies of -1/p are defective, and rounded to some 1e-6
            if np.linalg.eigvals(full).real.max() < 0:
                stable[index] += 2
            else:
                unstable[index] += 2
    np.testing.assert_array_equal(found.stable[0], stable)
    np.testing.assert_array_equal(found.unstable[0], unstable)
    assert stable.sum() > 0
    assert unstable.sum() > 0


def test_stability_is_that_of_units_and_synapses():
    """Rest is a root that is left out; g > 1 makes it unstable, and no point near it is counted."""
    found = validation.enumerate_fixed_points(PlasticNetwork(0.5, 0.5, 2.5), 6, 3, rng=1)
    np.testing.assert_array_equal(found.stable, 0)
    np.testing.assert_array_equal(found.unstable, 0)
    assert np.all(np.isnan(found.C))
    assert np.all(np.isneginf(found.growth.value))


def test_patterns_are_half_of_all():
    found = sign_patterns(4)
    assert found.shape == (8, 4)
    assert len(np.unique(found, axis=0)) == 8
    assert set(np.unique(found)) == {-1.0, 1.0}
    np.testing.assert_array_equal(found[:, 0], 1)


@pytest.mark.parametrize(("arguments", "problem"), [
    ((dmft.RandomNetwork(2.0), 4), "no plastic"),
    ((PlasticNetwork(1.5, 3.0, 2.5, noise=0.1), 4), "noise"),
    ((PlasticNetwork(1.5, 3.0, 2.5), 30), "starts"), ((PlasticNetwork(1.5, 3.0, 2.5), 4, 1),
                                                      "networks")])
def test_bad_input_is_named(arguments, problem):
    with pytest.raises(ModelError, match=problem):
        validation.enumerate_fixed_points(*arguments, rng=1)


@pytest.mark.slow
@pytest.mark.parametrize(("k", "known"), [(3.0, {6: 0.467, 8: 0.460}),
                                          (2.0, {6: 0.238, 8: 0.215})])
def test_growth_of_the_number_of_stable_points(k, known):
    """Rates of an independent enumeration, which approach the annealed .469 and .2165."""
    found = validation.enumerate_fixed_points(PlasticNetwork(1.5, k, 2.5), tuple(known), 60, rng=5)
    errors = np.maximum(found.growth.stderr, 0.008)  # those of the other were about as large
    assert np.all(np.abs(found.growth.value - list(known.values())) < 3.5 * errors * np.sqrt(2))
    assert np.all(found.growth.stderr < 0.025)

"""Coupling ensembles at finite N have the moments of their definition."""

import dataclasses

import numpy as np
import pytest

import dmft
from dmft import IID
from dmft.base.errors import ModelError
from dmft.validation.couplings import draw, independent

N = 700  # more than one tile


def matrix(ensemble, seed=0, neurons=N):
    return draw.draw(ensemble, neurons, np.random.default_rng(seed)).matrix.astype(float)


@pytest.mark.parametrize("reciprocity", [-1.0, -0.6, 0.0, 0.4, 1.0])
def test_iid_moments(reciprocity):
    g = 1.7
    J = matrix(IID(g, reciprocity))
    off = ~np.eye(N, dtype=bool)
    scatter = g**2 / N * np.sqrt(2 / off.sum()) * 2  # pairs (i, j), (j, i) are not independent
    assert np.mean(J[off] ** 2) == pytest.approx(g**2 / N, abs=5 * scatter)
    assert np.mean((J * J.T)[off]) == pytest.approx(reciprocity * g**2 / N, abs=5 * scatter)
    # <J_ii^2> = (1 + r) g^2/N, what the second cumulant says for i = j
    expected = (1 + reciprocity) * g**2 / N
    assert np.mean(np.diag(J) ** 2) == pytest.approx(expected, abs=5 * expected * np.sqrt(2 / N))


def test_extremes_of_reciprocity_are_exact():
    symmetric, antisymmetric = matrix(IID(1.0, 1.0)), matrix(IID(1.0, -1.0))
    np.testing.assert_array_equal(symmetric, symmetric.T)
    np.testing.assert_array_equal(antisymmetric, -antisymmetric.T)


def test_spectrum_fills_its_ellipse():
    eigenvalues = np.linalg.eigvals(matrix(IID(1.5, 0.3), neurons=400))
    assert eigenvalues.real.max() == pytest.approx(1.5 * 1.3, rel=0.06)
    assert eigenvalues.imag.max() == pytest.approx(1.5 * 0.7, rel=0.06)


@pytest.mark.parametrize("size", [1, 511, 700, 1100])
def test_mixing_with_the_transpose_in_place(size):
    A = np.random.default_rng(1).standard_normal((size, size))
    mixed = A.copy()
    independent._mix_with_transpose(mixed, 0.8, -0.3)
    np.testing.assert_allclose(mixed, 0.8 * A - 0.3 * A.T, atol=1e-15)


def test_fixed_matrices_add_into_one():
    ensembles = (IID(1.0), IID(0.5, 0.2))
    seeds = np.random.SeedSequence(3).spawn(2)
    parts = [draw.draw(one, 50, np.random.default_rng(seed)).matrix
             for one, seed in zip(ensembles, seeds, strict=True)]
    total = draw.draw_sum(ensembles, 50, np.random.SeedSequence(3), np.float32)
    assert isinstance(total, draw.Dense)
    np.testing.assert_array_equal(total.matrix, parts[0] + parts[1])


def test_operators_of_other_kinds_add_their_currents():
    rank_one = draw.Dense(np.ones((4, 4), dtype=np.float32))
    diagonal = draw.Dense(np.eye(4, dtype=np.float32))
    phi = np.arange(8, dtype=np.float32).reshape(4, 2)
    total = draw.Sum((rank_one, diagonal))
    assert total.memoryless
    np.testing.assert_array_equal(total.apply(phi), phi.sum(axis=0) + phi)


@dataclasses.dataclass(frozen=True)
class Unheard:
    noise_gain = None
    has_memory = False

    def noise(self, order): ...
    def memory(self, order): ...


def test_an_ensemble_without_a_draw_is_named():
    with pytest.raises(ModelError, match="ensembles=Unheard"):
        dmft.validation.simulate(dmft.Network((Unheard(),)), 10, 2, rng=0)

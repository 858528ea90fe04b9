"""Low rank and disorder of one block: the shrinkage of singular values, and its errors."""

import numpy as np
import pytest
from scipy import stats

from dmft.multiregion.measured.rest_tests import rest_of, rest_tests
from dmft.multiregion.measured.spike_errors import spike_errors
from dmft.multiregion.measured.spiked_block import SpikedBlock, overlaps, strength


def block(p, q, y, g, seed, entries=None):
    """B = y u v^T + X, with u and v."""
    rng = np.random.default_rng(seed)
    u, v = rng.standard_normal(p), rng.standard_normal(q)
    u, v = u / np.linalg.norm(u), v / np.linalg.norm(v)
    X = rng.standard_normal((p, q)) if entries is None else entries(rng, (p, q))
    return y * np.outer(u, v) + g * X / np.sqrt(q), u, v


@pytest.mark.parametrize("beta", [0.3, 1.0, 2.5])
def test_the_shrinkage_inverts_the_growth_of_singular_values(beta):
    y, g = np.array([5.0, 2.0, 1.5]), 0.9
    s = np.sqrt((y**2 + g**2) * (y**2 + beta * g**2)) / y
    np.testing.assert_allclose(strength(s, g, beta), y, rtol=1e-12)
    # at the threshold the singular value is at the edge of the bulk, and vectors are lost
    least = beta**0.25 * g
    np.testing.assert_allclose(np.sqrt((least**2 + g**2) * (least**2 + beta * g**2)) / least,
                               g * (1 + np.sqrt(beta)))
    np.testing.assert_allclose(overlaps(np.array([least]), g, beta), 0.0, atol=1e-6)
    np.testing.assert_allclose(overlaps(np.array([1e4]), g, beta), 1.0, atol=1e-6)


@pytest.mark.parametrize(("p", "q", "y"), [(150, 150, 2.0), (80, 240, 1.6), (240, 80, 3.0)])
def test_strength_overlaps_and_their_errors(p, q, y):
    """Their ratios to the truth, over blocks, are within the bootstrap's errors, which are right.
    """
    g, ratios = 0.8, []
    for seed in range(40):
        B, u, v = block(p, q, y * g, g, seed)
        found = SpikedBlock.of(B)
        assert len(found.strength) == 1
        ratios.append([found.strength[0] / (y * g), abs(u @ found.left[0]) / found.left_overlap[0],
                       abs(v @ found.right[0]) / found.right_overlap[0], found.g / g])
    ratios = np.array(ratios)
    draws = spike_errors(found, 0, np.random.default_rng(1))
    for measured, errors in zip(ratios.T, (draws.strength, draws.left, draws.right), strict=False):
        assert abs(measured.mean() - 1) < 4 * errors.std() / np.sqrt(40) + 0.01
        # scatter of 40 blocks against that of one block's bootstrap, which varies by its y
        assert 0.6 < measured.std(ddof=1) / errors.std() < 1.6
    assert abs(ratios[:, 3].mean() - 1) < 4 / np.sqrt(40 * 2 * p * q)
    uncorrected = [SpikedBlock.of(block(p, q, y * g, g, seed)[0]).singular[0] for seed in range(5)]
    assert np.mean(uncorrected) > 1.08 * y * g


def test_nothing_is_found_in_disorder_alone():
    counts = [len(SpikedBlock.of(block(60, 90, 0.0, 1.0, seed)[0]).strength)
              for seed in range(300)]
    assert stats.binomtest(sum(counts), 300, 1e-3).pvalue > 1e-3


def test_a_weak_structure_is_not_found():
    """Below the threshold, beta^(1/4) g, the largest singular value is that of the disorder."""
    counts = [len(SpikedBlock.of(block(200, 200, 0.6, 1.0, seed)[0]).strength)
              for seed in range(20)]
    assert sum(counts) <= 1


def test_a_block_without_disorder():
    B, u, _ = block(30, 50, 2.0, 0.0, 0)
    found = SpikedBlock.of(B)
    assert found.g == 0
    assert found.strength == pytest.approx([2.0])
    assert abs(u @ found.left[0]) == pytest.approx(1)
    np.testing.assert_allclose(spike_errors(found, 0, np.random.default_rng(0)).strength, 1.0)


def sparse(rng, shape):
    return np.where(rng.random(shape) < 0.1, rng.standard_normal(shape), 0.0) / np.sqrt(0.1)


@pytest.mark.parametrize("entries", [None, sparse], ids=["Gaussian", "sparse"])
def test_independent_entries_pass(entries):
    """p values of true hypotheses are not too small; those of sparse entries come from permuting.
    """
    p_values = []
    for seed in range(40):
        B, _, _ = block(90, 120, 3.0, 1.0, seed, entries)
        found = SpikedBlock.of(B)
        reverse = np.random.default_rng(seed + 1000).standard_normal((120, 90))
        test = rest_tests(found, rest_of(found, B), reverse, False)
        p_values.append([test.rows, test.columns, test.spectrum, test.reciprocity])
    for name, column in zip(("rows", "columns", "spectrum", "reciprocity"), np.array(p_values).T,
                            strict=True):
        assert stats.kstest(column, "uniform", alternative="greater").pvalue > 1e-3, name


@pytest.mark.parametrize(("change", "name"), [
    (lambda X, rng: X * np.linspace(0.7, 1.3, len(X))[:, None], "rows"),
    (lambda X, rng: X * np.linspace(0.7, 1.3, len(X)), "columns"),
    (lambda X, rng: X @ (np.eye(len(X)) + 0.4 * np.eye(len(X), k=1)), "spectrum"),
    (lambda X, rng: (X + 0.3 * X.T), "reciprocity"),
])
def test_other_entries_do_not(change, name):
    rng = np.random.default_rng(3)
    X = change(rng.standard_normal((120, 120)), rng) / 11
    found = SpikedBlock.of(X)
    rest = rest_of(found, X)
    assert getattr(rest_tests(found, rest, rest, True), name) < 1e-6

"""Couplings between regions at finite N: correlated blocks, and plastic ones."""

import numpy as np
import pytest

from dmft import RegionalHebbian, RegionalIID
from dmft.validation.couplings.draw import draw
from dmft.validation.couplings.operators import halt, matrix_of, release

SIZES = (300, 500)


def test_blocks_have_the_correlations_of_opposite_couplings():
    g, r = np.array([[1.5, 0.4], [0.6, 1.8]]), np.array([[0.3, -0.6], [-0.6, 0.0]])
    blocks = draw(RegionalIID(g, r), SIZES, np.random.default_rng(0)).blocks
    for (mu, nu), block in blocks.items():
        scale = g[mu, nu] / np.sqrt(SIZES[nu])
        assert np.std(block) == pytest.approx(scale, rel=0.01)
        found = np.mean(block * blocks[nu, mu].T) / (
            scale * g[nu, mu] / np.sqrt(SIZES[mu]))
        assert found == pytest.approx(r[mu, nu], abs=0.02)


def test_without_correlations_the_draws_are_those_of_before():
    g = np.array([[1.5, 0.4], [0.0, 1.8]])
    blocks = draw(RegionalIID(g), SIZES, np.random.default_rng(3)).blocks
    rng = np.random.default_rng(3)
    for mu, nu in ((0, 0), (0, 1), (1, 1)):
        drawn = rng.standard_normal((SIZES[mu], SIZES[nu]), dtype=np.float32)
        np.testing.assert_allclose(blocks[mu, nu], drawn * g[mu, nu] / np.sqrt(SIZES[nu]),
                                   rtol=1e-6)


def test_plastic_couplings_follow_their_equation():
    """Against A stepped as a matrix, with the same weights; held while plasticity is halted."""
    k, p, dt, sizes = np.array([[0.5, -1.0], [0.3, 0.8]]), 1.5, 0.1, (3, 4)
    operator = draw(RegionalHebbian(k, p), sizes, np.random.default_rng(0))
    rng = np.random.default_rng(1)
    states = rng.standard_normal((12, 7, 2))
    strength = np.repeat(np.repeat(k / np.array(sizes), sizes, axis=0), sizes, axis=1)
    h = dt / p
    decay, end = np.exp(-h), 1 - (1 - np.exp(-h)) / h
    start = (1 - np.exp(-h)) / h - np.exp(-h)
    A = np.zeros((7, 7))
    for step, phi in enumerate(states):
        np.testing.assert_allclose(operator.apply(phi)[:, 0], A @ phi[:, 0], atol=1e-12)
        np.testing.assert_allclose(matrix_of(operator, phi, 0), A, atol=1e-12)
        if step == 5:
            halt(operator, phi)
        if step == 9:
            release(operator)
        operator.advance(phi, dt)
        if step + 1 < len(states) and not operator.halted:
            first, last = phi[:, 0], states[step + 1][:, 0]
            A = decay * A + strength * (start * np.outer(first, first)
                                        + end * np.outer(last, last))

"""Loadings and blocks at finite N have the statistics of their definition."""

import numpy as np
import pytest

import dmft
from dmft import LowRank, MultiregionNetwork, RegionalIID
from dmft.validation.couplings import draw
from dmft.validation.couplings.operators import Sum

N = 4000
RNG = np.random.default_rng(11)
T = RNG.normal(size=(2, 2, 2))
SINGULAR = np.array([[1.0, 0.6], [0.6, 0.36]])  # the second direction is 0.6 of the first
INPUT = dmft.Input([1.0, 0.0], V=[[0.8, 0.3], [0.0, -0.5]], W=[[0.2, 0.0], [0.4, 0.1]])


def along_the_first(T):
    """T that vanishes where SINGULAR does, in region 1."""
    out = T.copy()
    out[:, 1, 1] = 0.6 * out[:, 1, 0]
    return out


STRUCTURES = {
    "multiregion": MultiregionNetwork(1.0, T)._structure,
    "with overlaps": MultiregionNetwork(1.0, T, U=[[[1.0, 0.5], [0.5, 2.0]], np.eye(2)])._structure,
    "singular": MultiregionNetwork(1.0, along_the_first(T), U=[np.eye(2), SINGULAR])._structure,
    "with inputs": MultiregionNetwork(1.0, T, input=INPUT)._structure,
    "no currents from one region": LowRank([0, 0], [0, 0, 1], [[1.0, 0.5, 0.0], [0.2, 2.0, 0.0]],
                                           np.diag([1.0, 0.5, 0.0]), 3),
}


def directions(ensemble, seed=0, neurons=N):
    """All m, inputs behind, and n, in float64."""
    one = draw.draw(ensemble, neurons, np.random.default_rng(seed))
    return np.vstack([one.m, one.inputs]).astype(float), one.n.astype(float)


@pytest.mark.parametrize("name", STRUCTURES)
def test_loadings_have_the_given_overlaps(name):
    """<m m'> = covariance and <n m> = overlaps within five standard errors, in every region."""
    ensemble = STRUCTURES[name]
    m, n = directions(ensemble)
    same = ensemble.target[:, None] == ensemble.target
    passed = ensemble.source[:, None] == ensemble.target
    for left, asked, on_one_region in ((m, ensemble.covariance, same),
                                       (n, ensemble.overlaps, passed)):
        product = left[:, None] * m  # over units
        stderr = product.std(axis=2) / np.sqrt(N)
        off = np.abs(product.mean(axis=2) - asked)
        assert np.all((off <= 5 * stderr + 1e-7)[on_one_region]), name
        assert not np.any(asked[~on_one_region])


def test_overlaps_are_distinguished_from_their_transpose():
    """Five standard errors are much less than what a swapped index would change."""
    ensemble = STRUCTURES["multiregion"]
    m, n = directions(ensemble)
    measured = np.einsum("pi,qi->pq", n, m) / N
    on_one_region = ensemble.source[:, None] == ensemble.target
    assert np.abs((measured - ensemble.overlaps)[on_one_region]).max() < 0.2
    swapped = MultiregionNetwork(1.0, T.transpose(2, 1, 0))._structure.overlaps
    assert np.abs((measured - swapped)[on_one_region]).max() > 0.5


def test_a_direction_that_is_a_multiple_of_another_is_so_exactly():
    m, _ = directions(STRUCTURES["singular"])
    own = np.flatnonzero(STRUCTURES["singular"].target == 1)
    np.testing.assert_allclose(m[own[1]], 0.6 * m[own[0]], atol=1e-6)


@pytest.mark.parametrize("name", STRUCTURES)
def test_loadings_act_as_their_matrix(name):
    """J = sum of m n^T / N, in blocks."""
    ensemble, neurons = STRUCTURES[name], 30
    one = draw.draw(ensemble, neurons, np.random.default_rng(3)).astype(float)
    J = np.zeros((ensemble.kinds, neurons, ensemble.kinds, neurons))
    for m, n, source, target in zip(one.m, one.n, one.source, one.target, strict=True):
        J[target, :, source] += np.outer(m, n) / neurons
    phi = RNG.standard_normal((ensemble.kinds * neurons, 4))
    np.testing.assert_allclose(one.apply(phi), J.reshape(len(phi), -1) @ phi, atol=1e-12)
    assert one.memoryless


def test_blocks_have_their_strengths_and_only_those_are_kept():
    g = np.array([[1.5, 0.0, 0.4], [0.0, 0.0, 0.0], [0.7, 2.0, 0.0]])
    neurons = 300
    one = draw.draw(RegionalIID(g), neurons, np.random.default_rng(0))
    assert set(one.blocks) == {(0, 0), (0, 2), (2, 0), (2, 1)}
    for (mu, nu), block in one.blocks.items():
        exact = g[mu, nu] ** 2
        assert neurons * np.mean(block.astype(float) ** 2) == pytest.approx(
            exact, abs=5 * exact * np.sqrt(2) / neurons)
    J = np.zeros((3, neurons, 3, neurons))
    for (mu, nu), block in one.blocks.items():
        J[mu, :, nu] = block
    phi = RNG.standard_normal((3 * neurons, 2))
    np.testing.assert_allclose(one.astype(float).apply(phi), J.reshape(900, 900) @ phi, rtol=1e-10,
                               atol=1e-10)
    assert draw.footprint(RegionalIID(g), neurons) == 4 * neurons**2


def test_loadings_of_several_ensembles_stand_together_in_order():
    ensembles = (STRUCTURES["multiregion"], RegionalIID([1.0, 0.5]), STRUCTURES["with inputs"])
    total = draw.draw_sum(ensembles, 50, np.random.SeedSequence(2), np.float64)
    assert isinstance(total, Sum)
    together = draw.loadings_of(total)
    assert together.m.shape == (8, 50)
    assert together.inputs.shape == (2, 50)
    assert together.m.dtype == np.float64
    seed = np.random.SeedSequence(2).spawn(3)[2]
    alone = draw.draw(ensembles[2], 50, np.random.default_rng(seed))
    np.testing.assert_array_equal(together.n[4:], alone.n)


@pytest.mark.parametrize("ensemble", [STRUCTURES["with inputs"], RegionalIID([[1.0, 0.5], [0, 2]])],
                         ids=["loadings", "blocks"])
def test_the_draw_does_not_depend_on_the_dtype(ensemble):
    single, double = (draw.draw_sum((ensemble,), 40, np.random.SeedSequence(1), dtype)
                      for dtype in (np.float32, np.float64))
    phi = RNG.standard_normal((80, 3))
    out = single.apply(phi.astype(np.float32))
    assert out.dtype == np.float32
    np.testing.assert_allclose(out, double.apply(phi), atol=1e-5)

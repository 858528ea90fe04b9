"""Connectivity matrices as random modes: estimates and significance."""

import warnings
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

import dmft
from dmft.base.errors import ModelError
from dmft.ensembles.modes import Modes
from dmft.random_modes.connectivity_gains import balancing_gains
from dmft.validation.couplings.draw import draw
from tests.solvable import BY_NAME

DATA = Path(__file__).parents[1] / "data" / "drosophila_mushroom_body_left.csv"


def drawn(ensemble, neurons, seed=0):
    operator = draw(ensemble, neurons, np.random.default_rng(seed))
    return operator.apply(np.eye(neurons, dtype=np.float32)).astype(float)


def dimension(network):
    return float(dmft.dimension(dmft.solve(network)))


def test_independent_couplings_have_no_modes():
    """Their uncorrected singular values suggest an effective rank of 1/2, and a third of PR."""
    J = drawn(dmft.IID(2.0), 600)
    found = dmft.measure_connectivity(J)
    assert found.raw_rank == pytest.approx(0.5, abs=0.01)
    assert found.effective_rank > 50
    network = dmft.RandomModeNetwork.from_connectivity(found, dmft.erf, g=2.0, overlaps=False)
    known = BY_NAME["erf 2"].value("PR_phi")
    assert dimension(network) == pytest.approx(known, rel=5e-3)
    raw = dmft.RandomModeNetwork(found.singular_values * 2 / found.g_eff, phi=dmft.erf)
    assert dimension(raw) < 0.5 * known  # negative control: without the correction


@pytest.mark.parametrize(("spectrum", "tolerance"), [
    (dmft.Spectrum.flat(2.0, 0.5), 0.03), (dmft.Spectrum.exponential(2.0, 10.0), 0.06)])
def test_random_modes_are_recovered(spectrum, tolerance):
    network = dmft.RandomModeNetwork.from_connectivity(drawn(Modes(spectrum), 600), dmft.erf,
                                                       overlaps=False)
    assert network.g_eff == pytest.approx(2.0, rel=0.03)
    assert network.effective_rank == pytest.approx(spectrum.effective_rank, rel=tolerance)
    exact = dimension(dmft.RandomModeNetwork(spectrum, phi=dmft.erf))
    found = dmft.RandomModeNetwork.from_connectivity(drawn(Modes(spectrum), 600), dmft.erf, g=2.0,
                                                     overlaps=False)
    assert dimension(found) == pytest.approx(exact, rel=tolerance)


def test_overlaps_are_measured_with_their_significance():
    spectrum = dmft.Spectrum.exponential(2.0, 20.0, 0.2)
    with_overlaps = dmft.measure_connectivity(drawn(Modes(spectrum, 0.6), 400), rng=1)
    without = dmft.measure_connectivity(drawn(Modes(spectrum), 400), rng=1)
    assert with_overlaps.p_value == pytest.approx(1 / 1001)  # never reached: not zero
    assert without.p_value > 0.01
    strongest = with_overlaps.strengths > np.max(with_overlaps.strengths) / 3
    assert np.mean(with_overlaps.overlaps[strongest]) == pytest.approx(0.6, abs=0.15)
    with pytest.warns(dmft.ResolutionWarning, match="rotated"):
        network = dmft.RandomModeNetwork.from_connectivity(with_overlaps, dmft.erf)
    assert network.ensembles[0].mean_diagonal == pytest.approx(
        np.mean(np.diag(with_overlaps.matrix)), rel=0.3)


@pytest.mark.parametrize(("ensemble", "warned"), [
    (dmft.IID(1.4), False), (dmft.IID(1.4, 0.3), True),
    (Modes(dmft.Spectrum.flat(1.3, 0.5), 0.5), True), (Modes(dmft.Spectrum.flat(1.3, 0.02)), False)
], ids=repr)
def test_overlaps_beyond_those_of_single_modes_give_a_warning(ensemble, warned):
    """Identical modes have overlaps in all pairs, and reciprocity belongs to no single mode."""
    J = drawn(ensemble, 400)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        network = dmft.RandomModeNetwork.from_connectivity(J, dmft.erf)
        dmft.RandomModeNetwork.from_connectivity(J, dmft.erf, overlaps=False)
    assert [one.category for one in caught] == [dmft.ResolutionWarning] * warned
    assert isinstance(network, dmft.RandomModeNetwork)


def test_a_sparse_matrix_and_its_mean():
    rng = np.random.default_rng(3)
    J = sparse.csr_array(rng.random((200, 200)) * (rng.random((200, 200)) < 0.1))
    dense = dmft.measure_connectivity(J.toarray(), shuffles=0)
    found = dmft.measure_connectivity(J, shuffles=0)
    np.testing.assert_array_equal(found.singular_values, dense.singular_values)
    assert found.mean == pytest.approx(J.mean())
    kept = dmft.measure_connectivity(J, remove_mean=False, shuffles=0)
    assert kept.singular_values[0] > 2 * found.singular_values[0]  # the uniform mode
    assert "200 neurons" in str(found)


def test_the_rotated_matrix_gives_back_its_ensemble():
    """Noise and memory from resolvents of one matrix: independent couplings with reciprocity.

    test_four_point compares the four-point function with drawn matrices of every ensemble.
    """
    given = dmft.Matrix(drawn(dmft.IID(1.5, 0.4), 300))
    exact = dmft.IID(1.5, 0.4)
    omega = np.linspace(0, 8, 300)
    order = dmft.grids.order_parameters.Frequencies(
        omega, 1 / (1 + omega**2), 0.4 / (1 + 1j * omega)
    )
    np.testing.assert_allclose(given.memory(order), exact.memory(order), atol=0.03)
    np.testing.assert_allclose(given.noise(order)[0], exact.noise(order)[0], rtol=0.04)
    coarse = dmft.grids.order_parameters.Frequencies(
        omega[::5], order.C_spectrum[::5], order.S[::5]
    )
    np.testing.assert_allclose(given.noise(coarse)[0], given.noise(order)[0][::5], rtol=1e-5)
    J, N = given.matrix, 300
    silent = dmft.grids.order_parameters.Frequencies(
        np.zeros(1), np.ones(1), np.zeros(1, dtype=complex)
    )
    diagonal = np.trace(J) / N  # without response, only the couplings themselves contribute
    assert given.memory(silent)[0].real == pytest.approx(diagonal, abs=1e-3)
    assert given.noise(silent)[0][0] == pytest.approx(np.sum(J**2) / N - diagonal**2, rel=1e-3)
    with pytest.raises(ModelError, match="1500"):
        dmft.rotated_network(np.eye(1501) - 0.1)


def test_gains_are_found():
    rng = np.random.default_rng(2)
    u, v = np.exp(0.5 * rng.standard_normal((2, 400)))
    J = u[:, None] * drawn(dmft.IID(1.0), 400) * v
    found_u, found_v = balancing_gains(J)
    assert np.corrcoef(np.log(found_u), np.log(u))[0, 1] > 0.98
    assert np.corrcoef(np.log(found_v), np.log(v))[0, 1] > 0.98
    bare = J / np.outer(found_u, found_v)
    for axis in (0, 1):
        sums = np.sum(bare**2, axis=axis)
        np.testing.assert_allclose(sums, np.mean(sums), rtol=1e-6)
    network = dmft.HeterogeneousNetwork.from_connectivity(J, dmft.erf, g=3.0)
    known = [dmft.Gains.from_values(gain / np.sqrt(np.mean(gain**2))) for gain in (u, v)]
    exact = dmft.HeterogeneousNetwork(3.0, *known, dmft.erf)
    assert dimension(network) == pytest.approx(dimension(exact), rel=0.05)
    assert dimension(network) < 0.6 * BY_NAME["erf 3"].value("PR_phi")  # that of homogeneous gains
    chain = np.triu(np.ones((6, 6)), 1)  # which no gains can balance
    with pytest.warns(dmft.ResolutionWarning, match="no gains balance"):
        balancing_gains(chain)
    isolated = J.copy()
    isolated[5] = 0.0
    assert balancing_gains(isolated)[0][5] == 0.0


def test_the_mushroom_body():
    J = dmft.load_connectivity(DATA, rows="presynaptic")
    found = dmft.measure_connectivity(J)
    assert found.raw_rank == pytest.approx(0.020, abs=5e-4)
    assert found.overlap_rms == pytest.approx(0.125, abs=1e-3)  # of the 150 modes with strength
    assert found.shuffled_rms == pytest.approx(0.071, abs=1e-3)
    assert found.p_value < 0.05

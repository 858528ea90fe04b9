"""Several currents between two regions (rank K), and regions of unequal size."""

import numpy as np
import pytest
from scipy import stats

import dmft
from dmft import validation
from dmft.base.errors import ModelError
from dmft.network.structure import region_sizes
from dmft.validation.figures.multiregion.examples import couplings

R, K = 2, 3
RNG = np.random.default_rng(7)
T = 0.7 * RNG.normal(size=(R, R, K, R, K))
Z0 = RNG.normal(size=(R, R, K))
TIMES = dmft.Times(4.0, 0.1)
START = {"currents": Z0, "variance": [0.8, 0.3]}


def test_rank_one_in_either_form():
    """An axis of length 1 for the rank, and currents that are never used, change nothing."""
    flat = 1.5 * RNG.normal(size=(R, R, R))
    cross = [[0.0, 0.4], [0.3, 0.0]]
    plain = dmft.MultiregionNetwork([1.2, 0.5], flat, cross_g=cross)
    one = dmft.MultiregionNetwork([1.2, 0.5], flat[:, :, None, :, None], cross_g=cross)
    more = np.zeros((R, R, 2, R, 2))
    more[:, :, 0, :, 0] = flat
    two = dmft.MultiregionNetwork([1.2, 0.5], more, cross_g=cross)
    z0 = Z0[..., 0]
    reference = dmft.solve(plain, times=TIMES, currents=z0)
    same = dmft.solve(one, times=TIMES, currents=z0[..., None])
    np.testing.assert_array_equal(same.z[..., 0], reference.z)
    padded = dmft.solve(two, times=TIMES, currents=np.stack([z0, 0 * z0], axis=-1))
    np.testing.assert_allclose(padded.z[..., 0], reference.z, atol=1e-12)
    assert not np.any(padded.z[..., 1])
    assert (plain.rank, one.rank, two.rank) == (1, 1, 2)
    assert (plain.current_shape, two.current_shape) == ((2, 2), (2, 2, 2))


def test_the_directions_of_a_block_may_be_rotated():
    """m n^T summed over the rank is the same for rotated m and n; the currents rotate with them."""
    Q = np.array([[stats.ortho_group.rvs(K, random_state=10 * mu + nu) for nu in range(R)]
                  for mu in range(R)])
    turned = np.einsum("abij,bckl,abjcl->abick", Q, Q, T)
    one = dmft.solve(dmft.MultiregionNetwork([1.0, 0.6], T), times=TIMES, **START)
    two = dmft.solve(dmft.MultiregionNetwork([1.0, 0.6], turned), times=TIMES, variance=[0.8, 0.3],
                     currents=np.einsum("abij,abj->abi", Q, Z0))
    np.testing.assert_allclose(two.variance, one.variance, rtol=1e-8)
    np.testing.assert_allclose(two.z, np.einsum("abij,tabj->tabi", Q, one.z), atol=1e-8)


def test_stationary_states_of_rank_two():
    """One region, T = diag(2, 1.5): the stronger current wins, z^2 = (2/pi)(T^2 - 1)."""
    network = dmft.MultiregionNetwork(0.0, np.diag([2.0, 1.5]).reshape(1, 1, 2, 1, 2))
    found = dmft.solve(network)
    assert len(found) == 5
    assert len(found.stable) == 2
    for state in found.stable:
        np.testing.assert_allclose(np.abs(state.z[0, 0]), [np.sqrt(6 / np.pi), 0.0], atol=1e-9)
    unstable = [one for one in found if not one.stable and np.any(one.z)]
    np.testing.assert_allclose(np.abs(unstable[0].z[0, 0]), [0.0, np.sqrt(2.5 / np.pi)], atol=1e-9)
    # a perturbation along the other current grows at 2 psi - 1 with psi = 1 / 1.5
    assert unstable[0].growth_rate.real == pytest.approx(2 / 1.5 - 1, abs=1e-8)


def test_loadings_of_rank_k():
    N = 40
    m, n = RNG.normal(size=(R, R, K, N)), RNG.normal(size=(R, R, K, N))
    network = dmft.MultiregionNetwork.from_loadings(0.5, m, n)
    assert network.T[1, 0, 2, 1, 0] == pytest.approx(n[1, 0, 2] @ m[0, 1, 0] / N)
    assert network.U[1, 0, 2, 1, 0] == pytest.approx(m[1, 0, 2] @ m[1, 1, 0] / N)


def test_simulated_networks_of_rank_k_and_unequal_regions_agree():
    network = dmft.MultiregionNetwork([1.2, 0.6], T, cross_g=[[0.0, 0.8], [0.5, 0.0]],
                                      share=[1.0, 3.0])
    runs = validation.simulate(network, neurons=(100, 400), networks=40, times=TIMES, at=[1, 2, 4],
                               trials=1, dt=0.1, rng=2, **START)
    solution = dmft.solve(network, times=TIMES, **START)
    verdict = validation.compare(solution, runs)
    assert verdict.p_value > 1e-3
    assert verdict.resolution < 0.3
    assert runs.samples("z").shape[2:] == (R, R, K)
    without = T.copy()
    without[:, :, 2] = 0.0
    wrong = validation.compare(dmft.solve(dmft.MultiregionNetwork(
        network.g, without, cross_g=network.cross_g), times=TIMES, **START), runs)
    assert wrong.p_value < 1e-6


def test_a_stationary_state_of_unequal_regions_agrees():
    network = dmft.MultiregionNetwork([2.0, 2.5], np.zeros((2, 2, 2)), share=[3, 1])
    state = dmft.fixed_points(network, starts=np.zeros((1, 2, 2)))[0]
    runs = validation.simulate(network, neurons=(120, 360), networks=30, duration=20.0, trials=2,
                               burn_in=15.0, lags=[0.0, 1.0, 3.0], rng=1)
    verdict = validation.compare(state, runs, quantity=("C_x", "C_phi"))
    assert verdict.p_value > 1e-3
    assert verdict.resolution < 0.15
    swapped = dmft.fixed_points(dmft.MultiregionNetwork([2.5, 2.0], network.T),
                                starts=np.zeros((1, 2, 2)))[0]
    assert validation.compare(swapped, runs, quantity="C_phi").p_value < 1e-6
    # the mean over units weighs each region by its size
    each = runs.samples("C_x_regions").mean(axis=0)
    np.testing.assert_allclose(runs.samples("C_x").mean(axis=0), (3 * each[0] + each[1]) / 4)


def test_couplings_are_normalised_by_the_sending_region():
    """The variance of a coupling is g^2/N of the sending region, whichever region receives."""
    network = dmft.MultiregionNetwork([1.0, 2.0], np.zeros((2, 2, 2)), share=[1, 4],
                                      cross_g=[[0.0, 0.5], [1.5, 0.0]])
    sizes = region_sizes(network, 250)
    assert sizes == (100, 400)
    J = couplings(network, 250, seed=0)
    assert J.shape == (500, 500)
    edges = np.cumsum((0, *sizes))
    for mu in range(2):
        for nu in range(2):
            block = J[edges[mu]:edges[mu + 1], edges[nu]:edges[nu + 1]]
            expected = network.disorder[mu, nu] ** 2 / sizes[nu]
            assert np.mean(block**2) / expected == pytest.approx(1, abs=5 * np.sqrt(
                2 / block.size))


def test_outliers_of_rank_k():
    network = dmft.MultiregionNetwork(0.3, T, share=[1, 2])
    spectrum = dmft.jacobian_spectrum(network)
    effective = np.zeros((R, R, K, R, R, K))
    for nu in range(R):
        effective[:, nu, :, nu] = T[:, nu]
    expected = np.linalg.eigvals(effective.reshape(R * R * K, -1))
    expected = expected[np.abs(expected) > 0.3]
    np.testing.assert_allclose(np.sort_complex(spectrum.outliers), np.sort_complex(expected))


@pytest.mark.parametrize(("fields", "named"), [
    ({"share": [1.0]}, "share"), ({"share": [1.0, 0.0]}, "share"), ({"share": [1.0, -2.0]},
                                                                   "share"),
    ({"share": [1.0, np.nan]}, "share"), ({"share": 2.0}, "share"),
    ({"T": np.zeros((2, 2, 3, 2, 2))}, "T"), ({"T": np.zeros((2, 2, 2, 2))}, "T"),
    ({"T": T, "U": np.zeros((2, 2, 2))}, "U"),
    ({"T": T, "input": dmft.Input([1.0, 0.0], np.eye(2))}, "input"),
])
def test_a_bad_field_is_named(fields, named):
    with pytest.raises(ModelError, match=named):
        dmft.MultiregionNetwork(**{"g": 1.0, "T": np.zeros((2, 2, 2)), **fields})


def test_energy_and_manifold_are_of_rank_one():
    network = dmft.MultiregionNetwork(0.0, np.zeros((2, 2, 2, 2, 2)))
    for function in (lambda: dmft.energy(network, np.zeros((2, 2))),
                     lambda: dmft.attractor_manifold(network)):
        with pytest.raises(ModelError, match="rank"):
            function()


def test_it_can_be_saved(tmp_path):
    network = dmft.MultiregionNetwork([1.0, 0.5], T, share=[1, 2])
    assert dmft.load(dmft.save(network, tmp_path / "network")) == network

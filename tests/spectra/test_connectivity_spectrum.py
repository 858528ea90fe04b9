"""Bulk and outliers compared with eigenvalues of matrices that are drawn from the definition."""

import numpy as np
import pytest

import dmft
from dmft.base.errors import ModelError

N = 500  # units of a region


def draw(network, rng, units=N):
    """The matrix J of a multiregion network, (R units, R units)."""
    R = network.regions
    J = rng.standard_normal((R, units, R, units)) * network.disorder[:, None, :, None]
    J /= np.sqrt(units)
    m, n = np.empty((R, R, units)), np.empty((R, R, units))
    for nu in range(R):
        m[nu] = np.linalg.cholesky(network.U[nu]) @ rng.standard_normal((R, units))
        passed = network.T[:, nu] @ np.linalg.inv(network.U[nu])
        n[:, nu] = passed @ m[nu] + 0.5 * rng.standard_normal((R, units))
    for mu in range(R):
        for nu in range(R):
            J[mu, :, nu] += np.outer(m[mu, nu], n[mu, nu]) / units
    return J.reshape(R * units, R * units)


def nearest(values, points):
    """Distance of each point to the nearest of the values."""
    return np.min(np.abs(np.asarray(points)[:, None] - values), axis=1)


def assert_described(values, spectrum, bulk=0.08, outlier=0.2):
    """Every outlier is an eigenvalue of the matrix, and the others lie in the bulk and fill it."""
    assert np.all(nearest(values, spectrum.outliers) < outlier)
    others = np.setdiff1d(np.arange(len(values)),
                          [np.argmin(np.abs(values - one)) for one in spectrum.outliers])
    assert np.max(np.abs(values[others])) == pytest.approx(spectrum.radius, rel=bulk)


NETWORKS = [
    dmft.MultiregionNetwork([0.8, 0.5], np.array([[[0.0, 0.0], [1.6, 0.0]],
                                                  [[0.0, -1.7], [0.0, 0.0]]])),
    dmft.MultiregionNetwork([1.0, 0.6, 0.3], 1.3 * np.random.default_rng(5).standard_normal(
        (3, 3, 3))),
    dmft.MultiregionNetwork([0.5, 0.4], np.full((2, 2, 2), 0.9), cross_g=[[0.0, 1.0], [0.6, 0.0]]),
    dmft.MultiregionNetwork.symmetric(0.4, [[1.5, -1.0], [-1.0, 0.2]],
                                      U=[[[1.0, 0.5], [0.5, 1.0]], [[1.0, -0.3], [-0.3, 0.8]]]),
]


@pytest.mark.parametrize("index", range(len(NETWORKS)))
def test_regions_agree_with_drawn_matrices(index):
    network = NETWORKS[index]
    spectrum = dmft.jacobian_spectrum(network)
    assert len(spectrum.outliers) >= 1
    assert len(spectrum.outliers) + len(spectrum.hidden) == network.regions**2
    values = np.linalg.eigvals(draw(network, np.random.default_rng(index)))
    assert_described(values, spectrum)
    edge = max(np.max(values.real), spectrum.radius)
    assert spectrum.abscissa == pytest.approx(edge, abs=0.2)


def test_the_error_of_an_outlier_falls_with_size():
    """Over independent draws its spread is of order 1/sqrt(N), and its mean is the theory's."""
    network = dmft.MultiregionNetwork(0.5, [[[1.5]]])
    (outlier,) = dmft.jacobian_spectrum(network).outliers
    rng, spread = np.random.default_rng(0), []
    for units in (100, 400):
        found = np.array([np.max(np.linalg.eigvals(draw(network, rng, units)).real)
                          for _ in range(16)])
        spread.append(np.std(found))
        assert abs(np.mean(found) - outlier.real) < 4 * np.std(found) / 4
    assert spread[1] < 0.75 * spread[0]


def test_mutually_connected_regions_share_one_disc():
    """sqrt of the spectral radius of g_{mu nu}^2; regions coupled one way keep their own discs."""
    both = dmft.jacobian_spectrum(NETWORKS[2])
    a, d, bc = 0.25, 0.16, 1.0 * 0.36
    assert both.radius**2 == pytest.approx((a + d) / 2 + np.sqrt((a - d) ** 2 / 4 + bc))
    np.testing.assert_allclose(both.radii, both.radius)
    one_way = dmft.jacobian_spectrum(dmft.MultiregionNetwork(
        [0.5, 1.2], np.zeros((2, 2, 2)), cross_g=[[0.0, 3.0], [0.0, 0.0]]))
    np.testing.assert_allclose(one_way.radii, [0.5, 1.2])
    assert one_way.radius == pytest.approx(1.2)
    values = np.linalg.eigvals(draw(dmft.MultiregionNetwork(
        [0.5, 1.2], np.zeros((2, 2, 2)), cross_g=[[0.0, 3.0], [0.0, 0.0]]),
        np.random.default_rng(4), 300))
    # the outer disc alone beyond the smaller radius: half of the eigenvalues, 1 - (0.5/1.2)^2
    beyond = np.mean(np.abs(values) > 0.5)
    assert beyond == pytest.approx(0.5 * (1 - (0.5 / 1.2) ** 2), abs=0.05)


def elliptic(g, r, rng, units):
    """A matrix with <J_ij^2> = g^2/N and <J_ij J_ji> = r g^2/N."""
    A, B = rng.standard_normal((2, units, units))
    S, D = (A + A.T) / np.sqrt(2), (B - B.T) / np.sqrt(2)
    return g * (np.sqrt((1 + r) / 2) * S + np.sqrt((1 - r) / 2) * D) / np.sqrt(units)


@pytest.mark.parametrize("r", [-0.6, 0.0, 0.5])
def test_reciprocity_gives_an_ellipse(r):
    spectrum = dmft.jacobian_spectrum(dmft.RandomNetwork(2.0, reciprocity=r))
    values = np.linalg.eigvals(elliptic(2.0, r, np.random.default_rng(1), 800))
    assert spectrum.abscissa == pytest.approx(2 * (1 + r))
    assert np.max(values.real) == pytest.approx(2 * (1 + r), rel=0.05)
    assert np.max(values.imag) == pytest.approx(2 * (1 - r), rel=0.05)
    assert np.mean(spectrum.contains(values)) > 0.97
    # uniform density: the ellipse of half the size holds a quarter
    assert np.mean(spectrum.contains(2 * values)) == pytest.approx(0.25, abs=0.03)


def test_an_outlier_of_reciprocal_couplings_is_displaced():
    network = dmft.Network((dmft.IID(1.2, 0.8), dmft.LowRank([0], [0], [[1.6]], [[1.0]], 1)))
    spectrum = dmft.jacobian_spectrum(network)
    assert spectrum.outliers[0] == pytest.approx(1.6 + 0.8 * 1.44 / 1.6)
    rng, found = np.random.default_rng(3), []
    for _ in range(6):
        m, w = rng.standard_normal((2, 500))
        J = elliptic(1.2, 0.8, rng, 500) + np.outer(m, 1.6 * m + w) / 500
        found.append(np.max(np.linalg.eigvals(J).real))
    assert np.mean(found) == pytest.approx(2.32, abs=4 * max(np.std(found), 0.03) / np.sqrt(6))
    # for |s| < g there is no outlier, although s + r g^2/s lies outside the ellipse for small s
    weak = dmft.Network((dmft.IID(1.0, 0.8), dmft.LowRank([0], [0], [[0.4]], [[1.0]], 1)))
    spectrum = dmft.jacobian_spectrum(weak)
    assert len(spectrum.outliers) == 0
    assert spectrum.hidden[0] == pytest.approx(0.4)


def test_independent_couplings_add():
    two = dmft.Network((dmft.IID(3.0, 0.5), dmft.IID(4.0, -0.1)))
    spectrum = dmft.jacobian_spectrum(two)
    assert spectrum.radius == pytest.approx(5.0)
    assert spectrum.reciprocity == pytest.approx((0.5 * 9 - 0.1 * 16) / 25)


def test_gains_scale_the_columns():
    """Gains that vary within a region: their mean sets the outliers, their square the bulk."""
    network, rng = NETWORKS[2], np.random.default_rng(9)
    f = np.stack([rng.uniform(0.0, 1.8, 800), rng.choice([0.1, 2.0], 800)])
    spectrum = dmft.jacobian_spectrum(network, f.mean(1), (f**2).mean(1))
    assert spectrum.radius != pytest.approx(dmft.jacobian_spectrum(network).radius, rel=0.05)
    values = np.linalg.eigvals(draw(network, rng, 800) * f.reshape(-1))
    assert_described(values, spectrum)
    identical = dmft.jacobian_spectrum(network, 0.5, 0.25)
    whole = dmft.jacobian_spectrum(network)
    assert identical.radius == pytest.approx(whole.radius / 2)
    np.testing.assert_allclose(identical.outliers, whole.outliers / 2, rtol=1e-12)


def test_contains_boundary_and_abscissa_agree():
    for r in (-1.0, -0.4, 0.0, 0.7, 1.0):
        spectrum = dmft.jacobian_spectrum(dmft.RandomNetwork(1.7, reciprocity=r))
        edge = spectrum.boundary(64)
        assert edge.shape == (64,)
        assert np.all(spectrum.contains(edge))
        assert np.all(spectrum.contains(0.999 * edge))
        tips = 1.001 * edge[[0, 16, 32, 48]]
        assert not np.any(spectrum.contains(tips[np.abs(tips) > 1e-9]))
        if abs(r) < 1:
            assert not np.any(spectrum.contains(1.001 * edge))
        assert np.max(edge.real) == pytest.approx(spectrum.abscissa)
    assert not dmft.jacobian_spectrum(NETWORKS[1]).contains(
        dmft.jacobian_spectrum(NETWORKS[1]).outliers).any()


def test_without_disorder_only_outliers_remain():
    network = dmft.MultiregionNetwork.symmetric(0.0, [[2.0, 0.0], [0.0, 0.0]])
    spectrum = dmft.jacobian_spectrum(network)
    assert spectrum.radius == 0
    np.testing.assert_allclose(spectrum.outliers, [2.0])
    assert spectrum.abscissa == 2.0
    defective = dmft.jacobian_spectrum(dmft.MultiregionNetwork(0.0, 1.3 * np.ones((2, 2, 2))))
    np.testing.assert_allclose(defective.outliers, [2.6])


def test_external_inputs_do_not_contribute():
    network = dmft.MultiregionNetwork(0.5, 1.3 * np.ones((2, 2, 2)),
                                      input=dmft.Input([1.0, 0.0], np.ones((2, 2))))
    np.testing.assert_allclose(dmft.jacobian_spectrum(network).outliers, [2.6])


def test_growth_rate_at_quiescence():
    """-1 + phi'(0) J: the transition of the iid network is at g phi'(0) = 1."""
    assert dmft.jacobian_spectrum(dmft.RandomNetwork(0.7)).growth_rate(dmft.tanh) == \
        pytest.approx(float(dmft.lyapunov_exponent(dmft.solve(dmft.RandomNetwork(0.7)))))
    falling = dmft.Nonlinearity(lambda x: -np.tanh(x), lambda x: -1 / np.cosh(x) ** 2, "falling")
    network = dmft.MultiregionNetwork(0.1, [[[2.0]]])
    assert dmft.jacobian_spectrum(network).growth_rate(dmft.erf) == pytest.approx(1.0)
    assert dmft.jacobian_spectrum(network).growth_rate(falling) == pytest.approx(-0.9)


def test_refusals():
    with pytest.raises(ModelError, match="reciprocity"):
        dmft.jacobian_spectrum(dmft.RandomNetwork(1.0, reciprocity=0.5), 1.0, 1.0)
    with pytest.raises(ModelError, match="mean_square_gain"):
        dmft.jacobian_spectrum(dmft.RandomNetwork(1.0), gain=0.5)
    with pytest.raises(ModelError, match="below the square"):
        dmft.jacobian_spectrum(dmft.RandomNetwork(1.0), 0.5, 0.2)
    with pytest.raises(ModelError, match="gain"):
        dmft.jacobian_spectrum(NETWORKS[0], [1.0, 1.0, 1.0], 1.0)


def test_it_is_saved_and_loaded(tmp_path):
    spectrum = dmft.jacobian_spectrum(NETWORKS[1])
    dmft.save(spectrum, tmp_path / "x.npz")
    assert dmft.load(tmp_path / "x.npz") == spectrum
